"""Keep-going, rehearsed small: eight exercises in eight weeks, one a week, and everything accounted for."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.rehearsal import rehearse

START = date(2026, 3, 2)


def test_keep_going_is_one_exercise_a_week_and_every_promise_is_kept_or_explained(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    result = rehearse("keep-going", 6, START, 1, log)
    assert result.is_kept
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    received = [line for line in lines if line["kind"] == "nudge" and line.get("reason") is None]
    weeks = Counter((one["person"], (_day(one) - START).days // 7) for one in received)
    assert max(weeks.values()) == 1
    assert {one["lesson"] for one in lines if one["kind"] == "nudge"} == {f"K0{number}" for number in range(1, 9)}


def _day(received: dict[str, Any]) -> date:
    """The day it was where they are."""
    return datetime.fromisoformat(received["at"]).astimezone(ZoneInfo(received["zone"])).date()
