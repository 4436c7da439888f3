"""A rehearsal is asked too: every wave, once, on top of nobody's one message a day."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.rehearsal.rehearsing import rehearse
from bot.rehearsal.showing import shown
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
