"""Small rehearsals through the real planner, lanes and conversation: every promise is kept or explained."""

import json
from collections import Counter
from datetime import date, datetime
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import URL

from bot.rehearsal import CannotRehearse, LogExists, Result, rehearse, shown
from bot.rehearsal.checking import check
from lessons.library import Library, ProgrammeNotFound, load_library
from tests import postgres

STARTS = {
    "2026-03-02": "clocks go forward, Easter, 1 May",
    "2026-10-05": "clocks go back, All Saints",
    "2026-12-07": "Christmas",
    "2027-06-14": "Midsummer and summer holidays",
}
PEOPLE = 17
SEED = 1


@cache
def one_week() -> Library:
    """Our library with the eight weeks cut to one."""
    library = load_library()
    eight = library.programme("eight-weeks")
    short = eight.model_copy(update={"id": "one-week", "weeks": eight.weeks[:1]})
    return Library(lessons=library.lessons, programmes={"one-week": short}, taxonomy=library.taxonomy)


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
    result = rehearse("eight-weeks", PEOPLE, date.fromisoformat(start), SEED)
    assert_kept(result)
    assert result.delivered > PEOPLE * 20
    assert result.answered > PEOPLE * 5
    assert len(result.zones) == 5


def test_everything_that_can_happen_to_people_happens_in_a_rehearsal(tmp_path: Path) -> None:
    result = rehearse("eight-weeks", 24, date(2026, 3, 2), 2, tmp_path / "log.jsonl")
    assert_kept(result)
    assert {"paused", "stopped", "left", "own_day_off", "pace", "backed_off", "red_day"} <= set(result.explained)
    lines = read(tmp_path / "log.jsonl")
    messages = [line for line in lines if "reason" not in line]
    kinds = Counter(line["kind"] for line in messages)
    assert {"welcome", "nudge", "follow_up", "plan", "reply"} <= set(kinds)
    assert any(isinstance(line["lesson"], list) for line in messages), "a week gathered on Monday"
    zones_of = {line["person"]: set[str]() for line in messages}
    for line in messages:
        zones_of[line["person"]].add(line["zone"])
    assert any(len(zones) > 1 for zones in zones_of.values()), "somebody travelled"


def test_the_log_alone_tells_that_every_promise_was_kept(tmp_path: Path) -> None:
    result = rehearsed(log=tmp_path / "log.jsonl")
    lines = read(tmp_path / "log.jsonl")
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
    assert check(lines, people=people, steps=5) == result.findings


def test_a_promise_dropped_from_the_log_is_seen(tmp_path: Path) -> None:
    rehearsed(log=tmp_path / "log.jsonl")
    lines = read(tmp_path / "log.jsonl")
    nudge = next(line for line in lines if line["kind"] == "nudge" and "reason" not in line and "riders" not in line)
    found = check([line for line in lines if line is not nudge], people={nudge["person"]}, steps=5)
    assert found.lost == (f"{nudge['person']} step {nudge['step']}",)


def test_the_same_seed_gives_the_same_rehearsal_and_another_seed_another(tmp_path: Path) -> None:
    logs = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for log, seed in zip(logs, (1, 1, 2), strict=True):
        rehearsed(people=6, seed=seed, log=log)
    first, again, other = (log.read_text(encoding="utf-8") for log in logs)
    assert first == again
    assert first != other


def test_messages_keep_within_the_platforms_limit_of_sixty_a_minute(tmp_path: Path) -> None:
    rehearsed(people=80, log=tmp_path / "log.jsonl")
    minutes = Counter(line["at"][:16] for line in read(tmp_path / "log.jsonl") if "reason" not in line)
    assert 30 < max(minutes.values()) <= 61  # the first of a burst and the sixtieth after it may share a minute


def test_nothing_goes_out_twice_when_one_call_in_ten_ends_in_an_error() -> None:
    assert_kept(rehearsed(people=20, faults=0.1))


def test_nothing_is_sent_on_the_organisations_own_closed_days(tmp_path: Path) -> None:
    closed = date(2026, 3, 25)
    result = rehearsed(closed=[closed], log=tmp_path / "log.jsonl")
    assert_kept(result)
    assert result.explained["closed_day"] > 0
    started = [line for line in read(tmp_path / "log.jsonl") if line.get("started_by") == "knuff"]
    assert closed not in {
        datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(line["zone"])).date() for line in started
    }


@pytest.mark.postgres
def test_a_rehearsal_on_postgresql_is_the_same_as_one_in_memory(
    postgres_server: URL, migrated_postgres: str, tmp_path: Path
) -> None:
    rehearsed(people=6, log=tmp_path / "memory.jsonl")
    with postgres.new_database(postgres_server, template=migrated_postgres) as url:
        result = rehearsed(people=6, log=tmp_path / "postgres.jsonl", database_url=postgres.as_text(url))
    assert_kept(result)
    in_memory, on_postgres = (read(tmp_path / f"{name}.jsonl") for name in ("memory", "postgres"))
    assert on_postgres == in_memory


def test_the_log_must_be_a_new_file(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("kept", encoding="utf-8")
    with pytest.raises(LogExists):
        rehearsed(log=log)
    assert log.read_text(encoding="utf-8") == "kept"


def test_a_programme_that_is_not_there_is_refused_before_anything_begins(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeNotFound):
        rehearse("no-such", 5, date(2026, 3, 2), 1, tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()


def test_a_start_on_a_red_day_is_refused_as_a_coordinator_would_be_and_leaves_no_log(tmp_path: Path) -> None:
    with pytest.raises(CannotRehearse, match="Tuesday 7 April"):
        rehearsed("2026-04-06", log=tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()


def test_the_screen_shows_the_calendar_and_the_account() -> None:
    result = rehearsed()
    screen = StringIO()
    Console(width=120, file=screen).print(shown(result))
    text = screen.getvalue()
    assert "23 Mar" in text
    assert f"{result.promised}" in text
    assert "Every promise was kept or explained" in text


def read(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
