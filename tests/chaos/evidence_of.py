"""A small soak in which nothing went wrong, as the judge is given it, to be doctored."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
SLACK, TEAMS = "UP000001", "0c000001-0000-4000-8000-000000000001"
DAYS = ("2026-03-02", "2026-03-03", "2026-03-04")
PEOPLE = (("slack", SLACK), ("teams", TEAMS))


@dataclass
class Soak:
    """Two people, three days. The welcome carries the first step; everybody writes a word every day."""

    script: Json = field(default_factory=dict)
    received: list[Json] = field(default_factory=list)
    delivery: list[Json] = field(default_factory=list)
    attempt: list[Json] = field(default_factory=list)
    inbox: list[Json] = field(default_factory=list)
    kept: list[Json] = field(default_factory=list)
    did: list[Json] = field(default_factory=list)
    faults: list[Json] = field(default_factory=list)

    def row(self, person: str, step: int | None) -> Json:
        """The promise of a step, or of the welcome."""
        return next(row for row in self.delivery if (row["person"], row["step"]) == (person, step))

    def message(self, person: str, number: int) -> Json:
        """What somebody received on the day of that number, from 0 on."""
        return [line for line in self.received if line["person"] == person][number]

    def write(self, folder: Path) -> Path:
        (folder / "run.json").write_text(json.dumps(self.script), "utf-8")
        for name in ("received", "delivery", "attempt", "inbox", "kept", "did", "faults"):
            lines = "".join(json.dumps(line) + "\n" for line in getattr(self, name))
            (folder / f"{name}.jsonl").write_text(lines, "utf-8")
        return folder


def a_soak() -> Soak:
    soak = Soak()
    soak.script = {
        "seed": 1, "zone": "Europe/Stockholm", "hours": ["07:30", "16:30"], "call_seconds": 10,
        "in_flight": {"slack": 4, "teams": 4},
        "days": [{"day": day, "step": step} for step, day in enumerate(DAYS, start=1)],
        "people": [{"platform": platform, "person": person} for platform, person in PEOPLE],
    }  # fmt: skip
    for platform, person in PEOPLE:
        for step, day in enumerate(DAYS, start=1):
            _promise_and_receive(soak, platform, person, step, day)
            words = f"Anteckning {person} {day}"
            act = {"platform": platform, "person": person, "day": day, "acknowledged": True, "leaves": ["text", words]}
            soak.did.append(act)
            soak.kept.append({"platform": platform, "person": person, "kind": "text", "words": words})
            soak.inbox.append(
                {
                    "id": len(soak.inbox) + 1, "platform": platform, "person": person,
                    "handled_at": f"{day}T07:16:00+00:00", "set_aside_at": None, "set_aside_reason": None,
                }
            )  # fmt: skip
    return soak


def a_fault(kind: str = "kill", *, at: str = "2026-03-03T07:15:02+00:00", takes_lanes: bool = False) -> Json:
    return {"n": 1, "kind": kind, "what": "worker-1", "began": at, "ended": at, "takes_lanes": takes_lanes}


def again(line: Json, **changes: Any) -> Json:
    return deepcopy(line) | changes


def _promise_and_receive(soak: Soak, platform: str, person: str, step: int, day: str) -> None:
    at = f"{day}T07:15:01+00:00"
    carrier = None
    if step == 1:
        carrier = _promise(soak, platform, person, day, at, kind="welcome", step=None)
    row = _promise(soak, platform, person, day, at, kind="nudge", step=step, rides_on=carrier)
    number = carrier or row
    line: Json = {
        "n": len(soak.received) + 1,
        "at": at,
        "platform": platform,
        "person": person,
        "ok": True,
        "fault": None,
    }
    in_slack = {"metadata": {"event_payload": {"delivery_id": number}}}
    soak.received.append(line | (in_slack if platform == "slack" else {"delivery_id": str(number)}))
    call = {"delivery_id": number, "platform": platform, "started_at": at, "ended_at": at}
    soak.attempt.append(call | {"outcome": "sent", "error": None})


def _promise(soak: Soak, platform: str, person: str, day: str, at: str, **fields: Any) -> int:
    row: Json = {
        "id": len(soak.delivery) + 1, "platform": platform, "person": person, "day": day, "state": "sent",
        "reason": None, "rides_on": None, "started_at": at, "sent_at": at,
    }  # fmt: skip
    soak.delivery.append(row | fields)
    return int(row["id"])
