"""What waits longer than it should, and why: numbers, moments and error classes, for operators. Of people nothing.

Promises and events are read through the small indexes of what is undone, so that it can be asked at any size.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text, union_all
from sqlmodel import Session

from storage import leases
from storage.pacing import IN_CHANNEL, LONGEST, PAUSED
from storage.tables import metadata
from storage.tables.deliveries import Reason, State
from storage.tables.inbox import WAITS
from storage.tables.people import Platform

_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]
_lane = metadata.tables["lane"]
_bucket = metadata.tables["bucket"]
_cadence = metadata.tables["cadence"]
_enrolment = metadata.tables["enrolment"]
_inbox = metadata.tables["inbox_event"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sending:
    """How it stands with the sending of one workspace."""

    workspace_id: int
    platform: Platform
    disconnected_at: datetime | None
    disconnected_reason: str | None
    held_until: datetime | None
    """When the lease of whoever has the lane ends, if it is not renewed. None: nobody has it."""
    silent_since: datetime | None
    """When the lease of its last holder ran out. None: somebody has it, or it was given back."""
    due: int
    """Messages that could go out now."""
    due_since: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsettled:
    """Messages of one workspace that are on their way or may have arrived."""

    workspace_id: int
    platform: Platform
    state: State
    """Sending or unknown."""
    messages: int
    since: datetime
    """When the oldest was begun."""
    ask_at: datetime
    """When the first is asked about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unbalanced:
    """A day with promises that are neither sent nor explained although it is too late for them."""

    day: date
    promises: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Messages of one workspace that a platform refused, or of which nobody ever found out what became of them."""

    workspace_id: int
    reason: Reason
    error: str | None
    messages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """What a platform asked us to wait with. `chats`: in how many single ones, until the last is free; 0: in all."""

    workspace_id: int
    method: str
    until: datetime
    chats: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """What people did: how much of it waits, since when, and how much was set aside, by the class of its error."""

    waiting: int
    waiting_since: datetime | None
    set_aside: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSortedOut:
    """People who joined or changed rhythm, and for whom the rest of their week has not been planned."""

    people: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Unplanned:
    """Rhythms whose moment has come and that nobody has planned."""

    cadences: int
    since: datetime


def sending(session: Session, now: datetime, *, lease_seconds: float) -> list[Sending]:
    """Return every workspace."""
    waiting = (
        select(
            _delivery.c.workspace_id,
            func.count().label("due"),
            func.min(_delivery.c.try_at).label("due_since"),
        )
        .where(text("delivery.state = 'planned' AND delivery.rides_on IS NULL"), _delivery.c.try_at <= now)
        .group_by(_delivery.c.workspace_id)
        .subquery("waiting")
    )
    columns: list[Any] = [_workspace.c[name] for name in ("id", "platform", "disconnected_at", "disconnected_reason")]
    columns += [waiting.c[name] for name in ("due", "due_since")]
    wanted = (
        select(*columns, _lane.c.holder, _lane.c.leased_until)
        .select_from(_workspace)
        .outerjoin(_lane, _lane.c.workspace_id == _workspace.c.id)
        .outerjoin(waiting, waiting.c.workspace_id == _workspace.c.id)
        .order_by(_workspace.c.id)
    )
    return [
        Sending(
            workspace_id=row.id,
            platform=row.platform,
            disconnected_at=row.disconnected_at,
            disconnected_reason=row.disconnected_reason,
            held_until=leases.held_until(row.holder, row.leased_until, by=None, now=now, seconds=lease_seconds),
            silent_since=row.leased_until if row.holder and row.leased_until and row.leased_until < now else None,
            due=row.due or 0,
            due_since=row.due_since,
        )
        for row in session.connection().execute(wanted)
    ]


def unsettled(session: Session) -> list[Unsettled]:
    columns = (_delivery.c.workspace_id, _workspace.c.platform, _delivery.c.state)
    wanted = (
        select(
            *columns,
            func.count().label("messages"),
            func.min(_delivery.c.started_at).label("since"),
            func.min(_delivery.c.try_at).label("ask_at"),
        )
        .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
        .where(text("delivery.state IN ('sending', 'unknown')"), _delivery.c.rides_on.is_(None))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [Unsettled(**_named(row)) for row in _rows(session, wanted)]


def unbalanced(session: Session, *, late_before: datetime) -> list[Unbalanced]:
    """Return the days of what was too late by then. A promise that rides on another is not counted beside it."""
    undone = (
        text("delivery.state = 'planned' AND delivery.rides_on IS NULL"),
        text("delivery.state IN ('sending', 'unknown') AND delivery.rides_on IS NULL"),
    )
    late = union_all(
        *(select(_delivery.c.day).where(condition, _delivery.c.late_after <= late_before) for condition in undone)
    ).subquery("late")
    wanted = select(late.c.day, func.count().label("promises")).group_by(late.c.day).order_by(late.c.day)
    return [Unbalanced(**_named(row)) for row in _rows(session, wanted)]


def faults(session: Session, *, since: date) -> list[Fault]:
    """Return what was promised for a day since then and had such an end."""
    columns = (_delivery.c.workspace_id, _delivery.c.reason, _delivery.c.error)
    wanted = (
        select(*columns, func.count().label("messages"))
        .where(
            text("delivery.reason IN ('refused', 'outcome_unknown')"),
            _delivery.c.day >= since,
        )
        .group_by(*columns)
        .order_by(*columns)
    )
    return [Fault(**_named(row)) for row in _rows(session, wanted)]


def pauses(session: Session, now: datetime) -> list[Pause]:
    """Return the pauses that platforms asked for: those of single chats together, and without saying which."""
    wanted = (
        select(_bucket.c.workspace_id, _bucket.c.name, _bucket.c.free_at)
        .where(_bucket.c.name.endswith(PAUSED), _bucket.c.free_at > now, _bucket.c.free_at <= now + LONGEST)
        .order_by(_bucket.c.workspace_id, _bucket.c.name)
    )
    found: dict[tuple[int, str, bool], list[datetime]] = {}
    for row in _rows(session, wanted):
        method, in_channel, _chat = row.name.removesuffix(PAUSED).partition(IN_CHANNEL)
        found.setdefault((row.workspace_id, method, bool(in_channel)), []).append(row.free_at)
    return [
        Pause(workspace_id=workspace, method=method, until=max(moments), chats=len(moments) if is_of_chats else 0)
        for (workspace, method, is_of_chats), moments in found.items()
    ]


def events(session: Session) -> Events:
    waits = select(func.count().label("number"), func.min(_inbox.c.received_at).label("since")).where(text(WAITS))
    [waiting] = _rows(session, waits)
    aside = (
        select(_inbox.c.set_aside_reason, func.count().label("number"))
        .where(text("set_aside_at IS NOT NULL"))
        .group_by(_inbox.c.set_aside_reason)
        .order_by(_inbox.c.set_aside_reason)
    )
    return Events(
        waiting=waiting.number,
        waiting_since=waiting.since,
        set_aside=tuple((row.set_aside_reason or "", row.number) for row in _rows(session, aside)),
    )


def unplanned(session: Session, *, due_before: datetime) -> Unplanned | None:
    """Return the rhythms that should have been planned by then, or None when there are none."""
    wanted = select(func.count().label("cadences"), func.min(_cadence.c.next_at).label("since"))
    [row] = _rows(session, wanted.where(_cadence.c.next_at < due_before))
    return Unplanned(**_named(row)) if row.cadences else None


def not_sorted_out(session: Session, *, moved_before: datetime) -> NotSortedOut | None:
    """Return those who should have been sorted out by then, or None when there are none."""
    people = func.count(func.distinct(_enrolment.c.person_id)).label("people")
    wanted = select(people, func.min(_enrolment.c.moved_at).label("since"))
    [row] = _rows(session, wanted.where(_enrolment.c.moved_at.is_not(None), _enrolment.c.moved_at < moved_before))
    return NotSortedOut(**_named(row)) if row.people else None


def _rows(session: Session, wanted: Any) -> list[Any]:
    return list(session.connection().execute(wanted).all())


def _named(row: Any) -> dict[str, Any]:
    return dict(row._mapping)
