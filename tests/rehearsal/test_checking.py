"""The checker goes red when a promise is broken: forged logs, each with one fault planted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot.rehearsal.checking import Findings, check

Line = dict[str, Any]


def a_message(step: int = 1, at: str = "2026-03-02T07:15:00+00:00", **other: Any) -> Line:
    return {
        "person": "p0001",
        "platform": "slack",
        "zone": "Europe/Stockholm",
        "at": at,
        "kind": "nudge",
        "step": step,
        "lesson": f"L{step:02}",
        "occurrence": 1,
        "started_by": "knuff",
    } | other


def an_explained_step(step: int, reason: str = "red_day", **other: Any) -> Line:
    return {"person": "p0001", "day": "2026-04-03", "reason": reason, "kind": "nudge", "step": step} | other


def checked(*lines: Line, weeks: Sequence[int] = (1,), closed: frozenset[date] = frozenset()) -> Findings:
    return check(lines, people=["p0001"], weeks=weeks, closed=closed)


def test_a_kept_promise_is_not_found_fault_with() -> None:
    findings = checked(a_message(1), a_message(2, "2026-03-03T07:15:00+00:00"), an_explained_step(3), weeks=[3])
    assert findings == Findings(duplicates=(), outside_hours=(), lost=(), several_a_day=())


def test_a_message_received_twice_is_found() -> None:
    again = a_message(at="2026-03-03T07:15:00+00:00")
    assert checked(a_message(), again).duplicates == ("p0001 nudge 1 1: 2 times",)


def test_what_rode_on_one_message_and_came_again_is_found() -> None:
    rider = {"kind": "follow_up", "step": 1, "lesson": "L01", "occurrence": 1, "subject": 12}
    first, second = a_message(1, riders=[rider]), a_message(2, "2026-03-03T07:15:00+00:00", riders=[rider])
    assert checked(first, second, weeks=[2]).duplicates == ("p0001 follow_up 12 1: 2 times",)


def test_the_second_time_a_follow_up_asks_is_another_occurrence() -> None:
    asks: Line = {"kind": "follow_up", "subject": 12}
    first = a_message(**asks)
    second = a_message(at="2026-03-05T07:15:00+00:00", **asks | {"occurrence": 2})
    assert checked(first, second).duplicates == ()


def test_an_answer_to_what_somebody_did_may_come_at_any_hour() -> None:
    reply = a_message(at="2026-03-07T22:00:00+00:00", kind="reply", started_by="person")
    assert checked(a_message(), reply, reply).outside_hours == ()


@pytest.mark.parametrize(
    ("at", "zone", "why"),
    [
        pytest.param(
            "2026-03-02T06:29:59+00:00", "Europe/Stockholm", "outside 07:30–16:30", id="before half past seven"
        ),
        pytest.param("2026-03-02T15:30:01+00:00", "Europe/Stockholm", "outside 07:30–16:30", id="after half past four"),
        pytest.param("2026-03-02T07:15:00+00:00", "America/New_York", "outside 07:30–16:30", id="night over there"),
        pytest.param(
            "2026-03-30T05:15:00+00:00", "Europe/Stockholm", "outside 07:30–16:30", id="summer time forgotten"
        ),
        pytest.param("2026-03-07T07:15:00+00:00", "Europe/Stockholm", "on a weekend", id="a Saturday"),
        pytest.param("2026-03-01T23:15:00+00:00", "Asia/Tokyo", None, id="a Sunday in Stockholm is Monday in Tokyo"),
        pytest.param("2026-04-03T06:15:00+00:00", "Europe/Stockholm", "on Good Friday", id="a red day"),
        pytest.param("2026-04-02T06:15:00+00:00", "Europe/Stockholm", None, id="the morning of a half eve"),
        pytest.param(
            "2026-04-02T11:15:00+00:00",
            "Europe/Stockholm",
            "after noon on Maundy Thursday (from 2pm)",
            id="its afternoon",
        ),
        pytest.param("2026-06-19T06:15:00+00:00", "Europe/Stockholm", "on Midsummer Eve", id="a whole eve"),
        pytest.param(
            "2026-12-28T07:15:00+00:00", "Europe/Stockholm", "on a day of Christmas week", id="Christmas week"
        ),
        pytest.param("2026-03-20T07:15:00+00:00", "Europe/Stockholm", "on a closed day", id="a day of our own"),
    ],
)
def test_a_message_at_the_wrong_time_is_found(at: str, zone: str, why: str | None) -> None:
    found = checked(a_message(at=at, zone=zone), closed=frozenset({date(2026, 3, 20)})).outside_hours
    assert found == (() if why is None else (f"p0001 nudge {at} ({zone}): {why}",))


@pytest.mark.parametrize(
    ("circumstances", "why"),
    [
        ({"paused_until": "2026-03-02"}, "in a pause"),
        ({"paused_until": "2026-03-01"}, None),
        ({"stopped": True}, "after a stop"),
        ({"days": [2, 3, 4]}, "on the person's own day off"),
        ({"days": [1, 2]}, None),
        ({"shift": "evening"}, "outside 13:30–21:00"),
        ({"shift": "night"}, "outside 21:30–23:30"),
        ({"shift": "morning"}, None),
        ({"shift": "evening", "at": "2026-03-02T20:00:00+00:00"}, None),
        ({"shift": "evening", "at": "2026-03-02T20:00:01+00:00"}, "outside 13:30–21:00"),
        ({"cohort_paused": True}, "in a pause of the cohort"),
        ({"removed": True}, "after being removed"),
    ],
)
def test_a_message_to_somebody_who_wants_none_is_found(circumstances: Line, why: str | None) -> None:
    found = checked(a_message(**circumstances)).outside_hours
    assert [one.rpartition(": ")[2] for one in found] == ([why] if why else [])


def test_a_promise_that_is_neither_received_nor_explained_is_lost() -> None:
    assert checked(a_message(1), an_explained_step(3), weeks=[4]).lost == ("p0001 step 2", "p0001 step 4")


def test_somebody_who_got_nothing_at_all_has_lost_everything() -> None:
    assert check([], people=["p0002"], weeks=[2]).lost == ("p0002 step 1", "p0002 step 2")


def test_whoever_was_removed_is_promised_nothing_more_after_that_week() -> None:
    removed = a_message(kind="removed", started_by="person")
    assert checked(a_message(1), an_explained_step(3), removed, weeks=[2, 2, 2]).lost == ("p0001 step 2",)
    assert checked(a_message(1), an_explained_step(3), weeks=[2, 2]).lost == ("p0001 step 2", "p0001 step 4")


def test_whoever_was_added_is_promised_everything_after_that_week() -> None:
    added = a_message(kind="added", started_by="person")
    assert checked(added, an_explained_step(4), a_message(6), weeks=[2, 2, 2]).lost == ("p0001 step 5",)


def test_two_messages_on_one_local_day_are_found() -> None:
    evening_before = a_message(1, "2026-03-02T23:00:00+00:00", zone="Asia/Tokyo")
    same_day_there = a_message(2, "2026-03-03T05:00:00+00:00", zone="Asia/Tokyo")
    found = checked(evening_before, same_day_there, weeks=[1, 1]).several_a_day
    assert found == ("p0001 2026-03-03: 2 messages",)


def test_a_message_in_a_month_of_rest_is_found() -> None:
    asks = a_message(at="2026-07-31T07:15:00+00:00", kind="follow_up", subject=12)
    found = check([asks], people=[], weeks=[], resting=frozenset({7})).in_rest
    assert found == ("p0001 follow_up 2026-07-31",)


def test_an_exercise_in_a_week_that_reaches_into_a_month_of_rest_is_found_and_a_follow_up_is_not() -> None:
    """29 June 2026 is a Monday, and 1 July the Wednesday after it."""
    exercise = a_message(at="2026-06-29T07:15:00+00:00")
    asks = a_message(at="2026-06-30T07:15:00+00:00", kind="follow_up", subject=12)
    found = check([exercise, asks], people=[], weeks=[], resting=frozenset({7})).in_rest
    assert found == ("p0001 nudge 2026-06-29",)


def test_a_step_of_another_role_is_found_and_an_own_one_that_did_not_come_is_lost() -> None:
    own = {"p0001": [[1], [], [4]], "p0002": [[2], [3], []]}
    lines = [a_message(1), an_explained_step(3), a_message(2, person="p0002"), an_explained_step(3, person="p0002")]
    found = check(lines, people=own, weeks=[], own=own)
    assert (found.of_others, found.lost) == (("p0001 step 3",), ("p0001 step 4",))


def test_whoever_was_removed_has_had_the_weeks_of_their_role_up_to_then() -> None:
    removed = a_message(kind="removed", started_by="person")
    own = {"p0001": [[1], [], [4, 5], [7]]}
    assert check([a_message(1), a_message(4), removed], people=own, weeks=[], own=own).lost == ()
    assert check([a_message(4), removed], people=own, weeks=[], own=own).lost == ("p0001 step 1",)
