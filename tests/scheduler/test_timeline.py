"""When everything in a round happens, on the team's own days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.challenges import Challenge
from lessons.library import load_library
from scheduler.calendar import Calendar
from scheduler.timeline import CannotStart, ClockBeforeSlot, StepMoments, TeamDays, lay_out, new_round
from storage.tables.deliveries import Reason
from storage.tables.rounds import Asks
from tests.scheduler.challenges import by, challenge, each, step, vote
from tests.scheduler.world import STOCKHOLM, at

BEFORE = datetime(2025, 12, 1, tzinfo=UTC)
ZONE = ZoneInfo(STOCKHOLM)
TEN = TeamDays(calendar=Calendar(), slot=time(10, 0), zone=STOCKHOLM)
DAY_ENDS = time(16, 30)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, 2) + timedelta(days=days) for days in range(5))

calendars = st.builds(
    Calendar,
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=40),
    eves=st.booleans(),
    half_eves=st.booleans(),
    squeeze_days=st.booleans(),
    christmas_week=st.booleans(),
)
slots = st.sampled_from([time(7, 30), time(8, 15), time(9, 0), time(9, 45)])
team_days = st.builds(TeamDays, calendar=calendars, slot=slots, zone=st.just(STOCKHOLM))
starts = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@cache
def ours() -> dict[str, Challenge]:
    return dict(load_library().challenges)


def working_days(days: TeamDays, starts_on: date, count: int) -> list[date]:
    """By the calendar alone, one day after the other."""
    found: list[date] = []
    day = starts_on
    while len(found) < count:
        if days.calendar.why_closed(day, DAY_ENDS) is None:
            found.append(day)
        day += timedelta(days=1)
    return found


def wall(moment: datetime) -> tuple[date, time]:
    local = moment.astimezone(ZONE)
    return local.date(), local.time()


@given(days=team_days, starts_on=starts, data=st.data())
def test_every_challenge_waits_for_the_days_that_do_not_count_and_is_never_out_of_order(
    days: TeamDays, starts_on: date, data: st.DataObject
) -> None:
    chosen = ours()[data.draw(st.sampled_from(sorted(ours())))]
    starts_on = working_days(days, starts_on, 1)[0]
    counted = working_days(days, starts_on, chosen.length)
    timeline = lay_out(chosen, starts_on, days, BEFORE)
    assert timeline.ends_on == counted[-1]
    assert wall(timeline.ends_at) == (counted[-1], DAY_ENDS)
    rows = iter(timeline.steps)
    for content in chosen.steps:
        for first, last in [(day, day) for day in content.days] if content.daily else [(content.day, content.last_day)]:
            row = next(rows)
            assert (row.key, row.day, row.last_day) == (content.key, counted[first - 1], counted[last - 1])
            assert wall(row.prompt_at) == (row.day, days.slot)
            if content.hand_in and content.hand_in.opens:
                assert row.opens_at is not None
                assert wall(row.opens_at) == (row.last_day, time.fromisoformat(content.hand_in.opens))
            if content.vote:
                assert row.closes_at is not None
                assert wall(row.closes_at) == (row.last_day, time.fromisoformat(content.vote.closes))
            for later in (row.opens_at, row.closes_at, row.remind_at):
                assert later is None or row.prompt_at < later <= timeline.ends_at
            if row.remind_at is not None:
                reminded_on, clock = wall(row.remind_at)
                assert clock == days.slot
                assert reminded_on in counted
                assert reminded_on > row.day
                assert not content.daily
    assert next(rows, None) is None
    prompts = [row.prompt_at for row in timeline.steps]
    assert prompts == sorted(prompts)
    assert len({wall(moment)[0] for moment in prompts}) == len(prompts)


@given(days=team_days, starts_on=starts)
def test_nothing_begins_on_a_day_that_is_closed_and_the_next_open_one_is_named(days: TeamDays, starts_on: date) -> None:
    trial = challenge(each("need", 1))
    reason = days.calendar.why_closed(starts_on, DAY_ENDS)
    if reason is None:
        assert lay_out(trial, starts_on, days, BEFORE).starts_on == starts_on
        return
    with pytest.raises(CannotStart) as refused:
        lay_out(trial, starts_on, days, BEFORE)
    assert refused.value.reason is reason
    assert refused.value.next_open == working_days(days, starts_on, 1)[0]


def test_a_round_does_not_begin_when_the_hour_has_passed() -> None:
    trial = challenge(each("need", 1))
    for now in (at("2026-03-02 10:00"), at("2026-03-02 14:00")):
        with pytest.raises(CannotStart) as refused:
            lay_out(trial, MONDAY, TEN, now)
        assert (refused.value.reason, refused.value.next_open) == (None, TUESDAY)
    with pytest.raises(CannotStart) as refused:
        lay_out(trial, date(2026, 2, 20), TEN, at("2026-03-02 10:00"))
    assert refused.value.next_open == TUESDAY
    assert lay_out(trial, MONDAY, TEN, at("2026-03-02 09:59")).starts_on == MONDAY


@pytest.mark.parametrize(
    ("starts_on", "prompts"),
    [
        (date(2026, 3, 27), ["2026-03-27 09:00", "2026-03-30 08:00", "2026-03-31 08:00"]),
        (date(2026, 10, 23), ["2026-10-23 08:00", "2026-10-26 09:00", "2026-10-27 09:00"]),
    ],
    ids=["clocks go forward", "clocks go back"],
)
def test_the_team_hears_of_each_step_at_ten_by_its_own_clock(starts_on: date, prompts: list[str]) -> None:
    timeline = lay_out(challenge(step("a", 1), step("b", 2), step("c", 3)), starts_on, TEN, BEFORE)
    assert [f"{row.prompt_at:%Y-%m-%d %H:%M}" for row in timeline.steps] == prompts


def test_a_round_over_easter_waits_for_the_half_day_before_it_too() -> None:
    timeline = lay_out(challenge(step("a", 1), step("b", 2), step("c", 3)), date(2026, 3, 31), TEN, BEFORE)
    assert [row.day for row in timeline.steps] == [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 7)]
    assert TEN.why_closed(date(2026, 4, 2)) is Reason.EVE


def test_a_step_that_comes_every_day_opens_on_each_and_reminds_of_nothing() -> None:
    daily = each("seen", 1, until=3, daily=True)
    rows = lay_out(challenge(daily, length=5), THURSDAY, TEN, BEFORE).steps
    assert [(row.day, row.last_day) for row in rows] == [(day, day) for day in (THURSDAY, FRIDAY, date(2026, 3, 9))]
    assert [row.opens_at for row in rows] == [at(f"{row.day} 15:00") for row in rows]
    assert [row.remind_at for row in rows] == [None] * 3


@pytest.mark.parametrize(
    ("content", "reminded"),
    [
        (each("a", 1), TUESDAY),
        (each("a", 1, until=2), TUESDAY),
        (each("a", 1, until=4), THURSDAY),
        (by("team", "a", 1), TUESDAY),
        (by("mandate", "a", 1, until=3), WEDNESDAY),
        (each("a", 1, until=2, hand_in={"anonymous": True}), TUESDAY),
        (each("a", 1, hand_in={"anonymous": True}), None),
        (each("a", 5), None),
        (each("a", 1, least=0), None),
        (step("a", 1), None),
    ],
    ids=[
        "the next day", "the last of two days", "the last of several days", "what the team writes",
        "what the mandate holder writes", "anonymous, before it opens", "anonymous, after it has opened",
        "after the round", "who may leave it", "where nothing is asked for",
    ],
)  # fmt: skip
def test_one_reminder_comes_while_there_is_something_to_hand_in(content: dict[str, Any], reminded: date | None) -> None:
    before = [] if content["day"] == 1 else [step("before", 1)]
    row = lay_out(challenge(*before, content, length=5), MONDAY, TEN, BEFORE).steps[-1]
    assert row.remind_at == (None if reminded is None else at(f"{reminded} 10:00"))


def test_a_vote_that_has_closed_is_no_longer_asked_for() -> None:
    trial = challenge(each("need", 1), vote("short", 2, "need"), vote("long", 3, "need", until=4), length=5)
    need, short, long = lay_out(trial, MONDAY, TEN, BEFORE).steps
    assert short.closes_at == at("2026-03-03 15:00")
    assert (need.remind_at, short.remind_at, long.remind_at) == (
        at("2026-03-03 10:00"), None, at("2026-03-05 10:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [[each("a", 1, "12:00")], [each("need", 1, "15:30"), vote("a", 2, "need", "12:00")]],
    ids=["opens", "closes"],
)
def test_nothing_opens_or_closes_before_the_team_has_heard_of_it(content: list[dict[str, Any]]) -> None:
    noon = TeamDays(calendar=Calendar(), slot=time(12, 0), zone=STOCKHOLM)
    with pytest.raises(ClockBeforeSlot) as refused:
        lay_out(challenge(*content), MONDAY, noon, BEFORE)
    assert (refused.value.key, refused.value.clock, refused.value.slot) == ("a", time(12, 0), time(12, 0))
    eleven = TeamDays(calendar=Calendar(), slot=time(11, 0), zone=STOCKHOLM)
    assert lay_out(challenge(*content), MONDAY, eleven, BEFORE).starts_on == MONDAY


def test_what_is_kept_of_a_round_is_what_its_challenge_asks_for() -> None:
    trial = challenge(
        each("need", 1, least=3, hand_in={"most_each": 3}),
        each("rule", 2, until=3, least=2, hand_in={"anonymous": True, "opens_with": 4}),
        vote("choose", 4, "need", least=3),
        by("mandate", "answer", 5),
        by("facilitator", "note", 6),
        by("team", "test", 7),
        step("rest", 8),
    )
    timeline = lay_out(trial, MONDAY, TEN, BEFORE)
    kept = new_round(trial, timeline, team_id=7, body="the document")
    assert (kept.team_id, kept.challenge_id, kept.body) == (7, "trial", "the document")
    assert (kept.starts_on, kept.ends_at) == (MONDAY, timeline.ends_at)
    assert [one.asks for one in kept.steps] == [
        Asks.EACH, Asks.ANONYMOUS, Asks.VOTE, Asks.MANDATE, Asks.FACILITATOR, Asks.TEAM, Asks.NOTHING,
    ]  # fmt: skip
    assert [(one.most_each, one.least, one.opens_with) for one in kept.steps[:3]] == [(3, 3, 0), (1, 2, 4), (1, 3, 0)]
    moments = [
        StepMoments(
            key=one.key, day=one.day, last_day=one.last_day, prompt_at=one.prompt_at, opens_at=one.opens_at,
            closes_at=one.closes_at, remind_at=one.remind_at,
        )
        for one in kept.steps
    ]  # fmt: skip
    assert tuple(moments) == timeline.steps
