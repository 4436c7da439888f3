"""What the judge is given: files of JSON lines, and nothing of ours. Standard library only.

run.json        the script: who was enrolled, the days that were played with the step each of them brings, the hours
                in which people may be written to, the seconds within which a call comes to its end
received.jsonl  the workplace's own log: every call that posts a message, with what it answered
delivery.jsonl  the promises, as plain SQL reads them
attempt.jsonl   the calls the bot says it made
inbox.jsonl     the events the bot says it kept
kept.jsonl      the answers and texts that are recorded
did.jsonl       what people did, and whether it was acknowledged
faults.jsonl    what was done to the machines, and when, by the workplace's clock
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message that the platform accepted, whatever it told the bot."""

    platform: str
    person: str
    delivery_id: int
    at: datetime

    def local(self, zone: ZoneInfo) -> datetime:
        return self.at.astimezone(zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A row of the delivery table."""

    id: int
    platform: str
    person: str
    kind: str
    step: int | None
    day: date
    state: str
    reason: str | None
    rides_on: int | None
    started_at: datetime | None
    sent_at: datetime | None

    @property
    def carrier(self) -> int:
        """The promise whose message this comes with; once explained, its own."""
        return self.rides_on or self.id

    def __str__(self) -> str:
        what = f"step {self.step}" if self.step is not None else self.kind
        return f"{self.platform} delivery {self.id} ({what} of {self.day}, {self.state} {self.reason or ''})".strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something that was done to the machines. `takes_lanes`: after it, a process that lives may have lost its lane."""

    n: int
    kind: str
    what: str
    began: datetime
    ended: datetime
    takes_lanes: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    delivery_id: int
    platform: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something a person did. `leaves`: what has to be recorded of it, by kind and words, if anything."""

    platform: str
    person: str
    day: date
    acknowledged: bool
    leaves: tuple[str, str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    script: Json
    received: list[Received]
    misbehaved: dict[int, list[str]]
    """By delivery: the faults that struck its calls."""
    struck: int
    """Calls whose answer was wrong, late or missing."""
    promises: list[Promise]
    attempts: list[Attempt]
    inbox: list[Json]
    kept: Counter[tuple[str, str, str, str]]
    """How often something is recorded: platform, person, kind, words."""
    acts: list[Act]
    faults: list[Fault]
    by_id: dict[int, Promise] = field(default_factory=dict)
    promises_of: dict[tuple[str, str], list[Promise]] = field(default_factory=lambda: defaultdict(list))
    acts_of: dict[tuple[str, str], list[Act]] = field(default_factory=lambda: defaultdict(list))
    """By platform and person, as the promises are too."""

    def __post_init__(self) -> None:
        for promise in self.promises:
            self.by_id[promise.id] = promise
            self.promises_of[promise.platform, promise.person].append(promise)
        for act in self.acts:
            self.acts_of[act.platform, act.person].append(act)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.script["zone"])

    @property
    def hours(self) -> tuple[time, time]:
        begin, end = self.script["hours"]
        return time.fromisoformat(begin), time.fromisoformat(end)

    @property
    def call_seconds(self) -> timedelta:
        return timedelta(seconds=self.script["call_seconds"])


def read(folder: Path) -> Evidence:
    posts = list(_lines(folder / "received.jsonl"))
    misbehaved: dict[int, list[str]] = defaultdict(list)
    for line in posts:
        if line["fault"] and (struck := _delivery_id(line)) is not None:
            misbehaved[struck].append(line["fault"])
    return Evidence(
        script=json.loads((folder / "run.json").read_text("utf-8")),
        received=[found for line in posts if (found := _received(line)) is not None],
        misbehaved=misbehaved,
        struck=sum(line["fault"] is not None for line in posts),
        promises=[_promise(line) for line in _lines(folder / "delivery.jsonl")],
        attempts=[_attempt(line) for line in _lines(folder / "attempt.jsonl")],
        inbox=list(_lines(folder / "inbox.jsonl")),
        kept=Counter(
            (line["platform"], line["person"], line["kind"], line["words"]) for line in _lines(folder / "kept.jsonl")
        ),
        acts=[_act(line) for line in _lines(folder / "did.jsonl")],
        faults=[_fault(line) for line in _lines(folder / "faults.jsonl")],
    )


def _lines(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _received(line: Json) -> Received | None:
    """Return what the line says was accepted; None for what was refused and for what is no message of the bot's own."""
    delivery_id = _delivery_id(line)
    if not line["ok"] or not line["person"] or delivery_id is None:
        return None
    at = datetime.fromisoformat(line["at"])
    return Received(platform=line["platform"], person=line["person"], delivery_id=delivery_id, at=at)


def _delivery_id(line: Json) -> int | None:
    payload = line if "delivery_id" in line else (line["metadata"] or {}).get("event_payload") or {}
    found = payload.get("delivery_id")
    return None if found is None else int(found)


def _promise(line: Json) -> Promise:
    moments = {name: _moment(line[name]) for name in ("started_at", "sent_at")}
    return Promise(**(line | moments | {"day": date.fromisoformat(line["day"])}))


def _attempt(line: Json) -> Attempt:
    return Attempt(**(line | {name: datetime.fromisoformat(line[name]) for name in ("started_at", "ended_at")}))


def _act(line: Json) -> Act:
    leaves = line["leaves"]
    return Act(**(line | {"day": date.fromisoformat(line["day"]), "leaves": tuple(leaves) if leaves else None}))


def _fault(line: Json) -> Fault:
    return Fault(**(line | {name: datetime.fromisoformat(line[name]) for name in ("began", "ended")}))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
