"""The log of a rehearsal: a line for every message received and every promise explained, for anyone to check."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.rehearsal.paper import Received
from storage.all_promises import Promise
from storage.tables.deliveries import Kind, Reason, State

Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """How things were with the person when a message came: what they had asked of us."""

    days: tuple[int, ...]
    """Own working days, 0 is Monday."""
    shift: str
    """Which shift they work, or "day"."""
    paused_until: date | None
    stopped: bool
    removed: bool
    cohort_paused: bool


NOBODY = Circumstances(days=(), shift="day", paused_until=None, stopped=False, removed=False, cohort_paused=False)
"""A channel asks nothing of us."""


class LogExists(Exception):
    """The log must be a new file; `args[0]` is its path."""


class LogNotWritten(Exception):
    """The log can't be made or written; `args[0]` says why, as the system does."""


def new_file(path: Path) -> None:
    """Make the file, empty. Raises LogExists and LogNotWritten."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError as error:
        raise LogExists(str(path)) from error
    except OSError as error:
        raise LogNotWritten(error.strerror) from error


def write(lines: Iterable[Line], path: Path) -> None:
    """Raises LogNotWritten."""
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    except OSError as error:
        raise LogNotWritten(error.strerror) from error


def lines_of(
    promises: Sequence[Promise],
    received: Sequence[tuple[Received, Circumstances]],
    *,
    before_deletion: Mapping[int, Promise],
) -> list[Line]:
    """Return the whole log: messages in the order they came, then what was explained, by day and person.

    What a deleted promise was about is taken from `before_deletion`: it is gone with us, but it was received.
    """
    promises = _numbered(_as_it_was(promise, before_deletion) for promise in promises)
    riders: dict[int, list[Promise]] = {}
    for promise in promises:
        if promise.rides_on is not None and (promise.state is State.SENT or promise.reason is Reason.OUTCOME_UNKNOWN):
            riders.setdefault(promise.rides_on, []).append(promise)
    by_id = {promise.id: promise for promise in promises}
    messages = [
        _message(one, how, by_id.get(one.delivery_id or 0), riders.get(one.delivery_id or 0, []))
        for one, how in received
    ]
    explained = sorted(
        (promise for promise in promises if promise.state is State.EXPLAINED),
        key=lambda promise: (promise.day, promise.id),
    )
    return messages + [_explained(promise) for promise in explained]


def line_of_change(person: str, kind: str, *, platform: str, zone: str, at: datetime) -> Line:
    """Return a line that says since when somebody takes part ("added") or no longer does ("removed")."""
    line = {"person": person, "platform": platform, "zone": zone, "at": at.isoformat(), "kind": kind}
    return line | {"step": None, "lesson": None, "occurrence": None, "started_by": "person"}


def _as_it_was(promise: Promise, before_deletion: Mapping[int, Promise]) -> Promise:
    before = before_deletion.get(promise.id)
    return replace(promise, step=before.step, lesson=before.lesson) if before else promise


def _numbered(promises: Iterable[Promise]) -> list[Promise]:
    """Count how often the same exercise is promised to somebody in the same way: who plans it anew is asked anew.

    A second message about one promise keeps its number, so that it is seen.
    """
    times = Counter[tuple[object, ...]]()
    numbered = []
    for promise in promises:
        what = (promise.person or promise.channel, promise.kind, promise.step, promise.lesson)
        times[what] += 1
        numbered.append(replace(promise, occurrence=times[what]))
    return numbered


def _message(one: Received, how: Circumstances, carrier: Promise | None, riders: Sequence[Promise]) -> Line:
    if carrier is not None:
        # An exercise that came in a message about something else leads its line: nobody must look for it among riders.
        carrier, *riders = sorted((carrier, *riders), key=lambda promise: promise.kind is not Kind.NUDGE)
    parts = [_part(promise) for promise in riders]
    line: Line = {
        "person": one.person,
        **({"channel": one.channel} if one.channel is not None else {}),
        "platform": one.platform,
        "zone": one.zone,
        "at": one.at.isoformat(),
        **(_part(carrier) if carrier else {"kind": "reply", "step": None, "lesson": None, "occurrence": None}),
        "started_by": "knuff" if carrier else "person",
        "days": [day + 1 for day in how.days],
        "shift": how.shift,
        "paused_until": how.paused_until.isoformat() if how.paused_until else None,
        "stopped": how.stopped,
        "removed": how.removed,
        "cohort_paused": how.cohort_paused,
    }
    if parts:
        line["riders"] = parts
        gathered = [part["lesson"] for part in parts if part["kind"] == Kind.NUDGE]
        if gathered and line["kind"] == Kind.NUDGE:
            line["lesson"] = [line["lesson"], *gathered]
    return line


def _part(promise: Promise) -> Line:
    return {
        "kind": promise.kind.value,
        "step": promise.step,
        "lesson": promise.lesson,
        "occurrence": promise.occurrence,
        "subject": promise.subject,
    }


def _explained(promise: Promise) -> Line:
    reason = promise.reason.value if promise.reason else ""
    where = {"channel": promise.channel} if promise.person is None else {}
    return {"person": promise.person, **where, "day": promise.day.isoformat(), "reason": reason, **_part(promise)}
