"""A rehearsal is asked too: every wave, once, on top of nobody's one message a day."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.rehearsal.rehearsing import rehearse
from bot.rehearsal.showing import shown
from bot.rehearsal.surveying import likely
from lessons.library import Library, load_library

WAVES: Any = {"t0": 1, "week-3": 2, "t1": 3, "t2": 6}


def three_weeks() -> Library:
    """The first weeks of ours, and the last survey three weeks later."""
    library = load_library()
    whole = library.programme("eight-weeks")
    short = whole.model_copy(update={"weeks": whole.weeks[:3], "waves": WAVES, "recall": ()})
    return replace(library, programmes={short.id: short})


def test_every_wave_is_asked_once_and_closes(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    result = rehearse("eight-weeks", 12, date(2026, 3, 2), 3, log, library=three_weeks(), to_the_last_survey=True)
    assert result.is_kept
    surveys = {one["wave"]: one for one in result.as_json()["surveys"]}
    assert list(surveys) == ["t0", "week-3", "t1", "t2"]
    assert all(0 <= one["answered"] + one["declined"] <= one["asked"] <= 12 for one in surveys.values())
    assert sum(one["answered"] for one in surveys.values()) > 0
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    parts = [(line["person"], part) for line in lines for part in (line, *line.get("riders", ()))]
    asked = [(person, part["subject"]) for person, part in parts if part["kind"] == "survey" and "reason" not in part]
    assert len(asked) == len(set(asked)) > 12
    alone = [line for line in lines if line["kind"] == "survey" and "reason" not in line]
    assert {line["at"][:7] for line in alone} >= {"2026-04"}, "the last one comes when there are no exercises any more"
    screen = StringIO()
    Console(width=120, file=screen).print(shown(result))
    assert "Survey t2: asked, answered, declined" in screen.getvalue()


def test_some_say_what_they_think_suggest_a_change_or_note_what_they_have_led_and_nothing_of_it_is_refused() -> None:
    result = rehearse("eight-weeks", 30, date(2026, 3, 2), 3, library=three_weeks(), platforms=("slack", "teams"))
    said = result.as_json()
    assert 0 < said["led"] < 10
    assert 0 < said["suggestions"] < said["opinions"] < said["answered"]
    assert said["refused_forms"] == {}
    assert result.is_kept


@pytest.mark.parametrize("beside", [(), ("not-there",)], ids=["all on the scale", "one beside it"])
@pytest.mark.parametrize("places", range(2, 8))
def test_most_answers_are_a_good_way_up_a_scale_and_few_beside_it_however_long_it_is(
    places: int, beside: tuple[str, ...]
) -> None:
    upwards = [*map(str, range(places)), *beside]
    chances = dict(zip(upwards, likely(upwards), strict=True))
    whole = sum(chances.values())
    upper = [str(place) for place in range(places) if 2 * place >= places - 1]
    assert sum(chances[one] for one in upper) > 0.6 * whole
    assert all(0 < chances[one] < 0.2 * whole for one in ("0", *beside) if places > 2)
    downwards = upwards[::-1]
    assert dict(zip(downwards, likely(downwards), strict=True)) == chances, "whichever stands first"


def test_most_are_satisfied_with_a_day() -> None:
    very_dissatisfied, dissatisfied, neither, satisfied, very, was_not_there = likely(
        ["1", "2", "3", "4", "5", "not-there"]
    )
    share = (satisfied + very) / (very_dissatisfied + dissatisfied + neither + satisfied + very)
    assert 0.65 < share < 0.85
    assert was_not_there < very
