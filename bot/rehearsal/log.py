"""The log of a rehearsal: a line for every message received and every promise explained, for anyone to check."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlmodel import Session

from bot.rehearsal.paper import Received
from storage.tables import metadata
from storage.tables.deliveries import Kind, State

Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """How things were with the person when a message came: in which zone, and what they had asked of us."""

    zone: str
    days: tuple[int, ...]
    """Own working days, 0 is Monday."""
    paused_until: date | None
    stopped: bool


class LogExists(Exception):
    """The log must be a new file; `args[0]` is its path."""


def new_file(path: Path) -> None:
    """Make the file, empty. Raises LogExists, and OSError where it can't be made."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError as error:
        raise LogExists(str(path)) from error


def write(lines: Iterable[Line], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def lines_of(session: Session, received: Sequence[tuple[Received, Circumstances]], *, platform: str) -> list[Line]:
    """Return the whole log: messages in the order they came, then what was explained, by day and person."""
    deliveries = [_delivery(row) for row in session.connection().execute(_EVERY_DELIVERY)]
    riders: dict[int, list[Line]] = {}
    for row in deliveries:
        if row["rides_on"] is not None and row["state"] is State.SENT:
            riders.setdefault(row["rides_on"], []).append(row)
    by_id = {row["id"]: row for row in deliveries}
    messages = [
        _message(one, how, by_id.get(one.delivery_id or 0), riders.get(one.delivery_id or 0, []), platform)
        for one, how in received
    ]
    explained = sorted(
        (row for row in deliveries if row["state"] is State.EXPLAINED), key=lambda row: (row["day"], row["id"])
    )
    return messages + [_explained(row) for row in explained]


_delivery_table = metadata.tables["delivery"]
_source = metadata.tables["delivery"].alias("source")
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_person = metadata.tables["person"]
_EVERY_DELIVERY = (
    select(
        *(
            _delivery_table.c[name]
            for name in ("id", "kind", "lesson_id", "subject_id", "occurrence", "day", "state", "reason", "rides_on")
        ),
        _person.c.external_id.label("person"),
        # A follow-up or plan has no step of its own: it is about the nudge it came from.
        func.coalesce(_delivery_table.c.step, _source.c.step).label("step"),
        func.coalesce(_delivery_table.c.lesson_id, _follow_up.c.lesson_id, _plan.c.lesson_id).label("lesson"),
    )
    .join_from(_delivery_table, _person, _person.c.id == _delivery_table.c.person_id)
    .outerjoin(
        _follow_up, (_delivery_table.c.kind == Kind.FOLLOW_UP) & (_follow_up.c.id == _delivery_table.c.subject_id)
    )
    .outerjoin(_plan, (_delivery_table.c.kind == Kind.PLAN) & (_plan.c.id == _delivery_table.c.subject_id))
    .outerjoin(
        _source,
        _source.c.id
        == case((_delivery_table.c.kind == Kind.FOLLOW_UP, _follow_up.c.source_delivery_id), else_=_plan.c.delivery_id),
    )
    .order_by(_delivery_table.c.id)
)


def _delivery(row: Row[*tuple[Any, ...]]) -> Line:
    return dict(row._mapping)


def _message(one: Received, how: Circumstances, carrier: Line | None, riders: Sequence[Line], platform: str) -> Line:
    parts = [_part(row) for row in riders]
    line: Line = {
        "person": one.person,
        "platform": platform,
        "zone": how.zone,
        "at": one.at.isoformat(),
        **(_part(carrier) if carrier else {"kind": "reply", "step": None, "lesson": None, "occurrence": None}),
        "started_by": "knuff" if carrier else "person",
        "days": [day + 1 for day in how.days],
        "paused_until": how.paused_until.isoformat() if how.paused_until else None,
        "stopped": how.stopped,
    }
    if parts:
        line["riders"] = parts
        gathered = [part["lesson"] for part in parts if part["kind"] == Kind.NUDGE]
        if gathered and line["kind"] == Kind.NUDGE:
            line["lesson"] = [line["lesson"], *gathered]
    return line


def _part(row: Line) -> Line:
    return {
        "kind": row["kind"].value,
        "step": row["step"],
        "lesson": row["lesson"],
        "occurrence": row["occurrence"],
        "subject": row["subject_id"],
    }


def _explained(row: Line) -> Line:
    return {"person": row["person"], "day": row["day"].isoformat(), "reason": row["reason"].value, **_part(row)}
