"""Rehearsals by each platform's nature: Teams cannot be asked, and tells where people are when they do something."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.commands.rehearse import PLATFORMS
from bot.rehearsal import Result, rehearse, shown
from bot.rehearsal.characters import Character, draw
from bot.rehearsal.characters import Kind as Nature
from bot.rehearsal.checking import why_outside
from tests.rehearsal.test_rehearsing import assert_kept, read

START = date(2026, 3, 2)
PEOPLE = 32
NEW_YORK = "America/New_York"
Line = dict[str, Any]


# Whoever asks for the same stands together: a worker that steals one of these tests from another rehearses anew.
@cache
def eight_weeks(where: str, people: int = PEOPLE, **more: Any) -> tuple[Result, list[Line]]:
    given: dict[str, Any] = {"comings_and_goings": True} | more
    with TemporaryDirectory(prefix="knuff-rehearsal-") as folder:
        log = Path(folder) / "log.jsonl"
        result = rehearse("eight-weeks", people, START, 1, log, platforms=PLATFORMS[where], **given)
        return result, read(log)


def in_doubt(where: str) -> tuple[Result, list[Line]]:
    """Where one call in ten ends in an error, whether it arrived or not."""
    return eight_weeks(where, people=20, faults=0.1, comings_and_goings=False)


def messages(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.get("started_by") == "knuff"]


def test_every_promise_of_eight_weeks_is_kept_or_explained_in_both_at_once() -> None:
    result, _ = eight_weeks("both")
    assert_kept(result)
    assert result.platforms == PLATFORMS["both"]
    assert result.delivered > PEOPLE * 20
    assert result.answered > PEOPLE * 5


def test_half_of_the_people_are_in_each_workspace_of_one_organisation() -> None:
    result, lines = eight_weeks("both")
    where = {line["person"]: line["platform"] for line in lines if "platform" in line}
    assert Counter(where.values()) == {"slack": PEOPLE / 2, "teams": PEOPLE / 2}
    assert all(where[line["person"]] == line["platform"] for line in lines if "platform" in line)
    assert Counter(line["reason"] for line in lines if "reason" in line) == result.explained, "one account for both"
    assert {where[line["person"]] for line in lines if line.get("reason") == "cohort_paused"} == {"slack", "teams"}


def test_whoever_takes_the_app_out_gets_nothing_until_it_is_back() -> None:
    _, lines = eight_weeks("both")
    taken_out = {one.person for one in characters() if one.kind is Nature.COMES_BACK and one.platform == "teams"}
    away = [
        (line["person"], line["day"])
        for line in lines
        if line.get("reason") == "not_reachable" and line["person"] in taken_out
    ]
    received = [(line["person"], line["at"][:10]) for line in messages(lines)]
    assert away, "Easter is not all there is"
    assert set(away).isdisjoint(received)
    for person, day in away:
        assert any(one == person and later > day for one, later in received), "it comes again when the app is back"


def test_whoever_works_shifts_gets_everything_within_their_own() -> None:
    _, lines = eight_weeks("both")
    on_shifts = [line for line in messages(lines) if line.get("shift", "day") != "day"]
    assert on_shifts
    assert not [line for line in on_shifts if why_outside(line, frozenset())]
    assert [line for line in on_shifts if why_outside(line | {"shift": "day"}, frozenset())], "and not by day alone"


def test_the_hours_kept_in_teams_are_those_of_the_zone_that_was_told() -> None:
    result, lines = eight_weeks("both")
    abroad = {one.person for one in characters() if one.zone == NEW_YORK and one.platform == "teams"}
    untold = [line for line in messages(lines) if line["person"] in abroad and line["zone"] == "Europe/Stockholm"]
    told = [line for line in messages(lines) if line["person"] in abroad and line["zone"] == NEW_YORK]
    assert untold
    assert told
    for line in (line for line in untold + told if line["shift"] == "day"):
        local = datetime.fromisoformat(line["at"]).astimezone(ZoneInfo(line["zone"]))
        assert timedelta(hours=7, minutes=30) <= local - local.replace(hour=0, minute=0) <= timedelta(hours=16.5)
    assert len(untold) <= result.zone_untold


def test_the_screen_says_where_people_are_and_what_went_out_before_that_was_known() -> None:
    result, _ = eight_weeks("both")
    screen = StringIO()
    Console(width=120, file=screen).print(shown(result))
    assert f"{PEOPLE} people on Slack and Teams" in screen.getvalue()
    assert "Sent before we knew where somebody was" in screen.getvalue()


def characters() -> list[Character]:
    """Who is in the eight weeks on both."""
    both = PLATFORMS["both"]
    return draw(PEOPLE, start=START, lots=Random("1 people"), platforms=both, comings_and_goings=True)


def test_who_people_are_does_not_depend_on_where_they_are() -> None:
    def people(*platforms: str) -> list[tuple[str, str, Nature]]:
        drawn = draw(20, start=START, lots=Random("1 people"), platforms=platforms)
        return [(one.person, one.zone, one.kind) for one in drawn]

    assert people("slack") == people("teams") == people("slack", "teams")


def test_what_is_in_doubt_in_teams_is_explained_and_never_sent_again() -> None:
    result, lines = in_doubt("teams")
    assert_kept(result)
    in_doubt_on = {(line["person"], line["day"]) for line in lines if line.get("reason") == "outcome_unknown"}
    calls = result.messages + len(in_doubt_on)  # what rides on a message is in doubt with it
    assert 0.06 * calls < len(in_doubt_on) < 0.14 * calls
    explained = {
        (line["person"], line["step"])
        for line in lines
        if line.get("reason") == "outcome_unknown" and line["kind"] == "nudge"
    }
    arrived = Counter(
        (line["person"], part["step"])
        for line in messages(lines)
        for part in (line, *line.get("riders", ()))
        if part["kind"] == "nudge"
    )
    assert max(arrived.values()) == 1
    assert 0.2 < sum(one in arrived for one in explained) / len(explained) < 0.8, "half of what is in doubt arrived"
    assert result.zone_untold > 0, "Teams learns where somebody is"


def test_what_is_in_doubt_in_slack_is_found_out() -> None:
    result, _ = in_doubt("slack")
    assert_kept(result)
    assert result.explained.get("outcome_unknown", 0) < 0.02 * result.messages
    assert result.zone_untold == 0, "Slack knows where everybody is"
