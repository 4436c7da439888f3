"""A small rehearsal of a challenge through the real planner, lanes and conversation, and what it shows when those
break."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import StringIO
from random import Random
from typing import Any

import pytest
from rich.console import Console

from bot.commands.faults import CANNOT
from bot.commands.rehearse import rehearse as command
from bot.courier import ChatCourier, Envelope
from bot.ports import Address
from bot.rehearsal import RoundsResult, rehearse_challenge, shown_rounds
from bot.rehearsal.rounds.casting import Course, cast
from lessons.challenges import Form
from lessons.library import Library, load_library
from scheduler import timeline

MONDAY = date(2026, 3, 2)


@cache
def one_week() -> Library:
    """Our library with the eight weeks cut to one."""
    library = load_library()
    eight = library.programme("eight-weeks")
    short = eight.model_copy(update={"id": "one-week", "weeks": eight.weeks[:1]})
    return replace(library, programmes={"one-week": short})


def rehearsed(teams: int = 3, seed: int = 1, **more: Any) -> RoundsResult:
    given: dict[str, Any] = {"library": one_week(), "programme_id": "one-week"} | more
    return rehearse_challenge("idea-sprint", teams, MONDAY, seed, **given)


@pytest.fixture(scope="module")
def sprint(tmp_path_factory: pytest.TempPathFactory) -> tuple[RoundsResult, list[dict[str, Any]]]:
    """Three teams in an idea sprint, with the log."""
    log = tmp_path_factory.mktemp("sprint") / "log.jsonl"
    return rehearsed(log=log), [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_every_round_ends_in_a_named_way_and_everything_promised_is_kept_or_explained(
    sprint: tuple[RoundsResult, list[dict[str, Any]]],
) -> None:
    result, lines = sprint
    assert result.wrong == {}
    assert (result.lost, result.unbalanced_nights) == (0, 0)
    assert result.is_kept
    assert result.rounds == 3
    assert "finished" in result.endings
    assert "none" not in result.endings
    assert {"replaced_by_round"} <= set(result.explained), "some of them get an exercise a day beside it"
    assert result.handed_in > 10
    in_channels = [line for line in lines if line.get("channel") and "reason" not in line]
    assert len(in_channels) == result.in_channels > 20
    assert all(line["person"] is None for line in in_channels)
    said = result.as_json()
    assert (said["prompts_over_one_a_day"], said["opened_early"], said["duplicates"], said["lost"]) == (0, 0, 0, 0)


def an_hour_early(monkeypatch: pytest.MonkeyPatch) -> None:
    on_last_day = timeline._on_last_day
    monkeypatch.setattr(
        timeline, "_on_last_day", lambda *given: (moment := on_last_day(*given)) and moment - timedelta(hours=1)
    )


def said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    send = ChatCourier._send

    async def twice(courier: ChatCourier, composed: Any, delivery_id: int) -> Any:
        if isinstance(composed, Envelope) and isinstance(composed.to, Address):
            await send(courier, composed, delivery_id)
        return await send(courier, composed, delivery_id)

    monkeypatch.setattr(ChatCourier, "_send", twice)


def test_an_engine_that_breaks_its_promises_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    an_hour_early(monkeypatch)
    said_twice(monkeypatch)
    result = rehearsed(1)
    assert {"opened_early", "prompts_over_one_a_day", "duplicates"} <= result.wrong.keys()
    assert not result.is_kept


def test_teams_are_of_the_challenges_own_size_and_nobody_is_a_member_of_two() -> None:
    for id, challenge in load_library().challenges.items():
        people = {name: [f"{name}{number}" for number in range(200)] for name in ("slack", "teams")}
        drawn = cast(
            challenge, teams=8, people=people, days=[MONDAY, MONDAY + timedelta(days=1)], closed=frozenset(),
            lots=Random(1),
        )  # fmt: skip
        members = [person for team in drawn.teams for person in team.members]
        assert len(members) == len(set(members)), id
        assert all(challenge.team.least <= len(team.members) <= challenge.team.most for team in drawn.teams), id
        assert drawn.teams[0].course is Course.DOES_ITS_PART
        courses = [team.course for team in drawn.teams]
        if challenge.form is Form.RELAY:
            assert courses[::2] == [Course.DOES_ITS_PART] * 4, "there is something to hand on"
        else:
            assert set(courses) == set(Course)
        assert {team.mandate is None for team in drawn.teams} == {challenge.mandate is None}


def test_the_screen_shows_how_the_rounds_ended(sprint: tuple[RoundsResult, list[dict[str, Any]]]) -> None:
    result, _ = sprint
    screen = StringIO()
    Console(width=120, file=screen).print(shown_rounds(result))
    text = screen.getvalue()
    assert "idea-sprint: 3 teams" in text
    assert "finished" in text
    assert "Every round ended in a named way" in text


@pytest.mark.parametrize(
    ("what", "options", "said"),
    [
        ("idea-sprint", {"people": 5}, "--teams"),
        ("idea-sprint", {"teams": 99}, "at most 20"),
        ("eight-weeks", {"teams": 5}, "--people"),
        ("relay", {"teams": 2}, "at least 3 teams"),
    ],
)
def test_what_does_not_fit_is_said(
    what: str, options: dict[str, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(what=what, start="2026-03-02", seed=1, closed=(), as_json=True, log=None, **options) == CANNOT
    assert said in capsys.readouterr().err
