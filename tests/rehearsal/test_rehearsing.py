"""Small rehearsals through the real planner, lanes and conversation: every promise is kept or explained."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache, partial
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import URL

from bot.commands.faults import CANNOT
from bot.commands.rehearse import rehearse as command
from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.rehearsal import CannotRehearse, LogExists, LogNotWritten, Result, rehearse, shown
from bot.rehearsal.characters import Kind as Character
from bot.rehearsal.characters import draw
from bot.rehearsal.checking import check
from bot.rehearsal.log import Circumstances, lines_of
from bot.rehearsal.paper import Received
from lessons.library import Library, ProgrammeNotFound, load_library
from storage.all_promises import Promise
from storage.tables.deliveries import Kind, State
from tests import postgres

STARTS = {
    "2026-10-05": "clocks go back, All Saints",
    "2026-12-07": "Christmas",
    "2027-06-14": "Midsummer and summer holidays",
}
PEOPLE = 17
SEED = 1
Seen = tuple[Result, list[dict[str, Any]]]
"""What a rehearsal showed, and its log."""


@cache
def one_week() -> Library:
    """Our library with the eight weeks cut to one."""
    library = load_library()
    eight = library.programme("eight-weeks")
    short = eight.model_copy(update={"id": "one-week", "weeks": eight.weeks[:1]})
    return replace(library, programmes={"one-week": short})


@cache
def twenty_weeks() -> Library:
    """Our library with the eight weeks gone through again and again: twenty silences take long."""
    library = load_library()
    eight = library.programme("eight-weeks")
    long = eight.model_copy(update={"id": "twenty-weeks", "weeks": (*eight.weeks, *eight.weeks, *eight.weeks[:4])})
    return replace(library, programmes={"twenty-weeks": long})


def rehearsed(start: str = "2026-03-23", *, people: int = 12, seed: int = SEED, **more: Any) -> Result:
    return rehearse("one-week", people, date.fromisoformat(start), seed, library=one_week(), **more)


def assert_kept(result: Result) -> None:
    assert result.promised == result.delivered + sum(result.explained.values())
    assert result.findings.duplicates == ()
    assert result.findings.outside_hours == ()
    assert result.findings.several_a_day == ()
    assert result.findings.lost == ()
    assert (result.unsettled, result.never_arrived) == (0, 0)
    assert result.is_kept


@pytest.mark.parametrize("start", [pytest.param(start, id=why) for start, why in STARTS.items()])
def test_every_promise_of_eight_weeks_is_kept_or_explained(start: str) -> None:
    result = rehearse("eight-weeks", PEOPLE, date.fromisoformat(start), SEED, comings_and_goings=True)
    assert_eight_weeks(result)


def assert_eight_weeks(result: Result) -> None:
    assert_kept(result)
    assert result.delivered > result.people * 20
    assert result.answered > result.people * 5
    assert len(result.zones) == 5
    recall = result.recall
    assert result.people * 5 < recall.shown < result.people * 30
    assert recall.shown * 0.3 < recall.answered < recall.shown
    assert recall.answered * 0.7 < recall.right < recall.answered
    assert recall.backlog_mean is not None
    assert 0 < recall.backlog_mean < 3, "nobody is behind by more than a few"


def test_a_plain_rehearsal_promises_everybody_every_step(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    result = rehearse("eight-weeks", PEOPLE, date(2026, 3, 2), 2, log)
    assert_kept(result)
    assert len(result.outages) == 2
    assert {"closed_day", "cohort_paused"} <= set(result.explained), "the coordinator changed the schedule all the same"
    lines = read(log)
    assert {"added", "removed"}.isdisjoint(line["kind"] for line in lines)
    steps: dict[str, set[int]] = {}
    for line in lines:
        for part in (line, *line.get("riders", ())):
            if part["kind"] == "nudge":
                steps.setdefault(line["person"], set()).add(part["step"])
    assert len(steps) == PEOPLE
    assert {person for person, some in steps.items() if some != set(range(1, 41))} == set()


def test_an_exercise_that_came_in_a_message_about_something_else_leads_its_line() -> None:
    by_hand = partial(
        Promise, person="p0001", occurrence=1, day=date(2026, 3, 23), state=State.SENT, reason=None, lesson=None
    )
    welcome = by_hand(id=1, kind=Kind.WELCOME, step=None, subject=7, rides_on=None)
    follow_up = by_hand(id=2, kind=Kind.FOLLOW_UP, step=9, subject=8, rides_on=1)
    first, second = (
        replace(by_hand(id=id, kind=Kind.NUDGE, step=id, subject=None, rides_on=1), lesson=f"L{id}") for id in (16, 17)
    )
    received = Received(
        platform="slack",
        person="p0001",
        at=datetime(2026, 3, 23, 8, tzinfo=UTC),
        zone="Europe/Helsinki",
        message=MessageRef(conversation="D-p0001", message="m1"),
        delivery_id=1,
        card=Card(summary="", parts=()),
    )
    how = Circumstances(days=(0,), shift="day", paused_until=None, stopped=False, removed=False, cohort_paused=False)

    def line(*promises: Promise) -> dict[str, Any]:
        (one,) = lines_of(promises, [(received, how)], before_deletion={})
        return one

    one = line(welcome, follow_up, first)
    assert (one["kind"], one["step"], one["lesson"], one["occurrence"]) == ("nudge", 16, "L16", 1)
    assert [(part["kind"], part["step"]) for part in one["riders"]] == [("welcome", None), ("follow_up", 9)]
    assert line(welcome, first, second)["lesson"] == ["L16", "L17"]
    assert line(welcome)["kind"] == "welcome"


@pytest.fixture(scope="module")
def spring(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Eight weeks in which clocks go forward, with Easter and 1 May; some come and go. Whoever asks for it stands
    below: a worker that steals one of these tests from another goes through the weeks anew."""
    log = tmp_path_factory.mktemp("spring") / "log.jsonl"
    return rehearse("eight-weeks", SPRING, date(2026, 3, 2), 2, log, comings_and_goings=True), read(log)


SPRING = 24
"""One of each at least."""


def test_everything_that_can_happen_to_people_happens_in_a_rehearsal(spring: Seen) -> None:
    result, lines = spring
    assert_eight_weeks(result)
    assert {"paused", "stopped", "left", "own_day_off", "pace", "backed_off", "red_day"} <= set(result.explained)
    assert {"closed_day", "cohort_paused"} <= set(result.explained), "the coordinator changed the schedule"
    messages = [line for line in lines if "reason" not in line]
    kinds = Counter(line["kind"] for line in messages)
    assert {"welcome", "nudge", "follow_up", "plan", "reply", "added", "removed"} <= set(kinds)
    assert any(isinstance(line["lesson"], list) for line in messages), "a week gathered on Monday"
    zones_of = {line["person"]: set[str]() for line in messages}
    for line in messages:
        zones_of[line["person"]].add(line["zone"])
    assert any(len(zones) > 1 for zones in zones_of.values()), "somebody travelled"


def test_what_somebody_deletes_was_received_all_the_same_and_nothing_more_comes(spring: Seen) -> None:
    _, lines = spring
    characters = draw(SPRING, start=date(2026, 3, 2), lots=Random("2 people"), comings_and_goings=True)
    deletes = [one.person for one in characters if one.kind is Character.DELETES]
    assert deletes
    for person in deletes:
        theirs = [line for line in lines if line["person"] == person]
        received = [line for line in theirs if line.get("started_by") == "knuff" and line["kind"] != "welcome"]
        assert received
        parts = [part for line in received for part in (line, *line.get("riders", ()))]
        assert all(part["lesson"] for part in parts if part["kind"] != "survey")
        deleted_on = max(line["at"][:10] for line in theirs if line.get("kind") == "reply")
        assert received[-1]["at"][:10] <= deleted_on
        assert {line["reason"] for line in theirs if line.get("day", "") > deleted_on} <= QUIET_REASONS


QUIET_REASONS = {"stopped", "red_day", "closed_day", "own_day_off", "eve"}
"""A day off goes before whatever the person wants."""


def test_nothing_goes_out_while_knuff_is_down(spring: Seen) -> None:
    result, lines = spring
    sent = [datetime.fromisoformat(line["at"]) for line in lines if "at" in line]
    assert len(result.outages) == 2
    for since, until in result.outages:
        assert [moment for moment in sent if since <= moment < until] == []


def test_whoever_stays_silent_gets_one_farewell_and_nothing_after_it(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert_kept(rehearse("twenty-weeks", 6, date(2026, 8, 17), SEED, log, library=twenty_weeks()))
    lines = read(log)
    farewells = [line for line in lines if line["kind"] == "farewell"]
    assert farewells
    for farewell in farewells:
        before = [line for line in lines if line["person"] == farewell["person"] and "at" in line]
        nudges = [line for line in before if line["at"] < farewell["at"] and _carries_a_nudge(line)]
        assert len(nudges) == 20
        assert [line for line in before if line["at"] > farewell["at"] and line["started_by"] == "knuff"] == []


def _carries_a_nudge(line: dict[str, Any]) -> bool:
    return any(part["kind"] == "nudge" for part in (line, *line.get("riders", ())))


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A week with an own closed day in it. Whoever asks for it stands below, as with `spring`."""
    log = tmp_path_factory.mktemp("week") / "log.jsonl"
    return rehearsed(closed=[CLOSED], log=log), read(log)


CLOSED = date(2026, 3, 25)


def test_the_log_alone_tells_that_every_promise_was_kept(week: Seen) -> None:
    result, lines = week
    messages = [line for line in lines if "reason" not in line]
    for line in messages:
        assert {"person", "platform", "zone", "at", "kind", "step", "lesson", "occurrence", "started_by"} <= line.keys()
    explained = [line for line in lines if "reason" in line]
    assert all({"person", "day", "reason"} <= line.keys() for line in explained)
    started = [line for line in messages if line["started_by"] == "knuff"]
    assert len(started) == result.messages
    assert sum(1 + len(line.get("riders", ())) for line in started) == result.delivered
    assert Counter(line["reason"] for line in explained) == result.explained
    people = {line["person"] for line in lines}
    assert check(lines, people=people, weeks=[5], closed=frozenset({CLOSED})) == result.findings


def test_a_promise_dropped_from_the_log_is_seen(week: Seen) -> None:
    _, lines = week
    nudge = next(line for line in lines if line["kind"] == "nudge" and "reason" not in line and "riders" not in line)
    found = check([line for line in lines if line is not nudge], people={nudge["person"]}, weeks=[5])
    assert found.lost == (f"{nudge['person']} step {nudge['step']}",)


def test_nothing_is_sent_on_the_organisations_own_closed_days(week: Seen) -> None:
    result, lines = week
    assert_kept(result)
    assert result.explained["closed_day"] > 0
    started = [line for line in lines if line.get("started_by") == "knuff"]
    assert CLOSED not in {
        datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(line["zone"])).date() for line in started
    }


def test_the_screen_shows_the_calendar_the_account_closed_days_and_when_knuff_was_down(week: Seen) -> None:
    down = (datetime(2026, 3, 26, 7, 15, tzinfo=UTC), datetime(2026, 3, 26, 9, 0, tzinfo=UTC))
    result = replace(week[0], outages=(down,))
    screen = StringIO()
    Console(width=120, file=screen).print(shown(result))
    text = screen.getvalue()
    assert "23 Mar" in text
    assert f"{result.promised}" in text
    assert "Every promise was kept or explained" in text
    assert "Closed: Wed 25 Mar" in text
    assert "Knuff was down: Thu 26 Mar 07:15–09:00 (UTC)" in text


def test_the_same_seed_gives_the_same_rehearsal_and_another_seed_another(tmp_path: Path) -> None:
    logs = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for log, seed in zip(logs, (1, 1, 2), strict=True):
        rehearsed(people=4, seed=seed, log=log)
    first, again, other = (log.read_text(encoding="utf-8") for log in logs)
    assert first == again
    assert first != other


def test_messages_keep_within_the_platforms_limit_of_sixty_a_minute(tmp_path: Path) -> None:
    rehearsed(people=80, log=tmp_path / "log.jsonl")
    minutes = Counter(line["at"][:16] for line in read(tmp_path / "log.jsonl") if "reason" not in line)
    assert 30 < max(minutes.values()) <= 61  # the first of a burst and the sixtieth after it may share a minute


def test_nothing_goes_out_twice_when_one_call_in_ten_ends_in_an_error() -> None:
    assert_kept(rehearsed(people=20, faults=0.1))


@pytest.mark.postgres
def test_a_rehearsal_on_postgresql_is_the_same_as_one_in_memory(
    postgres_server: URL, migrated_postgres: str, tmp_path: Path
) -> None:
    rehearsed(people=4, log=tmp_path / "memory.jsonl")
    with postgres.new_database(postgres_server, template=migrated_postgres) as url:
        result = rehearsed(people=4, log=tmp_path / "postgres.jsonl", database_url=postgres.as_text(url))
    assert_kept(result)
    in_memory, on_postgres = (read(tmp_path / f"{name}.jsonl") for name in ("memory", "postgres"))
    assert on_postgres == in_memory


def test_somebody_who_would_come_after_the_last_exercise_is_refused_and_promised_nothing() -> None:
    last_days = [date(2026, 3, day) for day in (25, 26, 27)]
    result = rehearsed(people=20, closed=last_days, comings_and_goings=True)
    assert_kept(result)
    assert result.refused_forms["coordinator: Add"] == 1


def test_the_log_must_be_a_new_file(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("kept", encoding="utf-8")
    with pytest.raises(LogExists):
        rehearsed(log=log)
    assert log.read_text(encoding="utf-8") == "kept"


def test_a_log_that_cannot_be_written_is_told_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "nowhere" / "log.jsonl"
    with pytest.raises(LogNotWritten, match="No such file or directory"):
        rehearsed(log=log)
    arguments: dict[str, Any] = {"what": "eight-weeks", "people": 2, "start": "2026-03-02", "seed": SEED}
    assert command(**arguments, closed=(), as_json=True, log=log) == CANNOT
    assert f"--log cannot be written to {log} (No such file or directory)." in capsys.readouterr().err


def test_a_programme_that_is_not_there_is_refused_before_anything_begins(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeNotFound):
        rehearse("no-such", 5, date(2026, 3, 2), 1, tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()


def test_a_start_on_a_red_day_is_refused_as_a_coordinator_would_be_and_leaves_no_log(tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse, match="Tuesday 7 April"):
        rehearsed("2026-04-06", log=tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()


def test_closed_days_and_platforms_can_be_said_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    closed = ("2026-03-17", "2026-03-20")
    eight: dict[str, Any] = {"what": "eight-weeks", "people": 2, "start": "2026-03-02", "seed": SEED}
    assert command(**eight, closed=closed, as_json=True, log=None, platform="both") == 0
    said = json.loads(capsys.readouterr().out)
    assert set(closed) <= set(said["closed"])
    assert said["explained"]["closed_day"] >= 4
    assert said["platforms"] == ["slack", "teams"]
    assert set(said["recall"]) == {"shown", "answered", "right", "backlog_mean"}


def read(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
