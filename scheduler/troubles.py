"""What is stuck and why: each trouble either mends itself, and we know when, or somebody must do something.

Decided here from `storage.stuck`, by name and values; what it is called and what to do about it is said elsewhere.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from scheduler.metronome import LONGEST_WAIT, NIGHTLY
from storage import chores, schema, stuck, work
from storage.database import Store
from storage.moments import local_day
from storage.stuck import Sending
from storage.tables.deliveries import Reason, State
from storage.tables.people import Platform

log = structlog.get_logger()

WAITS_LONG = timedelta(minutes=2)
"""Longer than anything that goes well takes to begin: a tick, a takeover, a notification that was missed."""
SETTLED_WITHIN = timedelta(hours=1)
"""Long enough after its last moment for what is too late to be explained, and for what is unknown to be asked about."""
PATIENCE_SECONDS = 3.0
"""For a database that does not answer."""
FAULTS_SHOWN = timedelta(days=7)

Value = str | int | datetime | date
Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One thing that does not go as it should."""

    name: str
    mends: bool
    """Whether it goes on by itself."""
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    troubles: tuple[Trouble, ...]
    """Those that need somebody first."""
    sending: tuple[Sending, ...]
    """How it stands in every workspace; empty when that could not be read."""


async def look_around(store: Store, now: datetime, *, zone: str, lease_seconds: float) -> Outlook:
    """Look at everything, a few seconds at most. What cannot be read is a trouble of its own, and the rest is looked at
    all the same. `lease_seconds`: how long those who send keep a lane."""
    if await _is_anothers(store):
        return Outlook(troubles=(Trouble(name="another_schema", mends=False),), sending=())
    troubles: list[Trouble] = []
    unread: dict[str, list[str]] = {}
    lanes: tuple[Sending, ...] = ()

    def sending(session: Session) -> list[Trouble]:
        nonlocal lanes
        lanes = tuple(stuck.sending(session, now, lease_seconds=lease_seconds))
        return [trouble for lane in lanes for trouble in _lane(lane, now)]

    parts: dict[str, Callable[[Session], Iterable[Trouble]]] = {
        "sending": sending,
        "spoilt": _spoilt,
        "unsettled": lambda session: _unsettled(
            session, {lane.workspace_id for lane in lanes if lane.held_until is not None}, now
        ),
        "account": partial(_unbalanced, late_before=now - SETTLED_WITHIN),
        "faults": partial(_faults, since=now.date() - FAULTS_SHOWN),
        "pauses": partial(_pauses, now=now),
        "events": partial(_events, now=now),
        "planning": partial(_planning, now=now),
        "night": lambda session: _night(session, lanes, now=now, today=local_day(now, zone)),
    }
    for name, part in parts.items():
        if TimeoutError.__name__ in unread:
            unread[TimeoutError.__name__].append(name)  # it would not answer this one either
            continue
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                troubles += await store.read(lambda session, part=part: list(part(session)))  # type: ignore[misc]
        except Exception as error:  # one part: this is asked when things are broken
            log.warning("trouble_unreadable", part=name, error=type(error).__name__)
            unread.setdefault(type(error).__name__, []).append(name)
    for error_class, names in unread.items():
        values: dict[str, Value] = {"part": ", ".join(names), "error": error_class}
        troubles.append(Trouble(name="unreadable", mends=False, values=values))
    return Outlook(troubles=tuple(sorted(troubles, key=lambda trouble: trouble.mends)), sending=lanes)


async def _is_anothers(store: Store) -> bool:
    """Whether the database has the schema of another Knuff, whose tables we cannot judge. False when it cannot be read:
    the parts tell of that."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return not await store.read(schema.is_ours)
    except Exception:  # as below
        return False


def _lane(lane: Sending, now: datetime) -> Iterator[Trouble]:
    about: dict[str, Value] = {"workspace": lane.workspace_id, "platform": lane.platform.value}
    if lane.disconnected_at is not None:
        values = about | {"since": lane.disconnected_at, "error": lane.disconnected_reason or "", "due": lane.due}
        yield Trouble(name="disconnected", mends=False, values=values)
        return
    if lane.due_since is None or now - lane.due_since < WAITS_LONG:
        return
    values = about | {"due": lane.due, "since": lane.due_since}
    if lane.held_until is not None:
        yield Trouble(name="lane_works", mends=True, values=values)
    elif lane.silent_since is not None and now - WAITS_LONG < lane.silent_since:
        yield Trouble(name="lane_left", mends=True, values=values | {"until": lane.silent_since})
    else:
        yield Trouble(name="lane_idle", mends=False, values=values)


def _spoilt(session: Session) -> Iterator[Trouble]:
    for workspace in work.overview(session).unreadable:
        yield Trouble(name="workspace_unreadable", mends=False, values={"workspace": workspace})


def _unsettled(session: Session, held: Set[int], now: datetime) -> Iterator[Trouble]:
    for one in stuck.unsettled(session):
        is_held = one.workspace_id in held
        values: dict[str, Value] = {"workspace": one.workspace_id, "number": one.messages, "since": one.since}
        if one.state is State.SENDING and (is_held or now - one.since < WAITS_LONG):
            continue  # which is how it should be
        if one.state is State.SENDING:
            yield Trouble(name="left_behind", mends=False, values=values)
        elif now - one.ask_at > WAITS_LONG and not is_held:
            yield Trouble(name="nobody_asks", mends=False, values=values | {"at": one.ask_at})
        else:
            name = "unknown_asked" if one.platform is Platform.SLACK else "unknown_explained"
            yield Trouble(name=name, mends=True, values=values | {"at": max(one.ask_at, now)})


def _unbalanced(session: Session, *, late_before: datetime) -> Iterator[Trouble]:
    for one in stuck.unbalanced(session, late_before=late_before):
        yield Trouble(name="unbalanced", mends=False, values={"day": one.day, "number": one.promises})


def _faults(session: Session, *, since: date) -> Iterator[Trouble]:
    for one in stuck.faults(session, since=since):
        values: dict[str, Value] = {"workspace": one.workspace_id, "number": one.messages, "error": one.error or ""}
        is_refused = one.reason is Reason.REFUSED
        yield Trouble(name="refused" if is_refused else "never_known", mends=not is_refused, values=values)


def _pauses(session: Session, *, now: datetime) -> Iterator[Trouble]:
    for one in stuck.pauses(session, now):
        values: dict[str, Value] = {"workspace": one.workspace_id, "method": one.method, "at": one.until}
        if one.chats:
            yield Trouble(name="paused_chats", mends=True, values=values | {"number": one.chats})
        else:
            yield Trouble(name="paused", mends=True, values=values)


def _events(session: Session, *, now: datetime) -> Iterator[Trouble]:
    events = stuck.events(session)
    for error, number in events.set_aside:
        yield Trouble(name="set_aside", mends=False, values={"number": number, "error": error})
    if events.waiting_since is not None and now - events.waiting_since > WAITS_LONG:
        values: dict[str, Value] = {"number": events.waiting, "since": events.waiting_since}
        yield Trouble(name="events_wait", mends=False, values=values)


def _planning(session: Session, *, now: datetime) -> Iterator[Trouble]:
    if (late := stuck.unplanned(session, due_before=now - WAITS_LONG)) is not None:
        yield Trouble(name="unplanned", mends=False, values={"number": late.cadences, "since": late.since})
    if (left := stuck.not_sorted_out(session, moved_before=now - WAITS_LONG)) is not None:
        yield Trouble(name="not_sorted_out", mends=False, values={"number": left.people, "since": left.since})


def _night(session: Session, lanes: Iterable[Sending], *, now: datetime, today: date) -> Iterator[Trouble]:
    """The look of today may come later in the day, when Knuff was down at three; that of yesterday came, or never. The
    first after days of downtime lets what is due go first."""
    night = chores.taken(session, NIGHTLY)
    if night is None:
        return
    if night.taken_on < today - timedelta(days=1):
        waits = any(lane.due_since is not None and now - lane.due_since < LONGEST_WAIT for lane in lanes)
        name = "night_waits" if waits else "no_night"
        yield Trouble(name=name, mends=waits, values={"day": night.taken_on})
    elif not night.is_finished and (night.tries > 1 or now - night.taken_at > chores.GIVEN_UP_AFTER):
        yield Trouble(name="night_failed", mends=False, values={"day": night.taken_on})
