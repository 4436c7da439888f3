"""Somebody we talk to: met once, seen often, with a rhythm of their own."""

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any, TypeGuard
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, select

from storage import advisory, moments, planning
from storage.advisory import Lock
from storage.humane import HOURS, WORKING_WEEK
from storage.loaded import loaded
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Cadence, Organisation, Pace, Person, Platform, Shift, Workspace

DEFAULT_ZONE = "Europe/Stockholm"
DEFAULT_LANGUAGE = "sv"
DEFAULT_SLOT = "08:15"


_workspace, _person, _cadence = (metadata.tables[name].c for name in ("workspace", "person", "cadence"))
_FIND = Prepared(
    sa.select(*_workspace, *_person)
    .join_from(_workspace.id.table, _person.id.table, _person.workspace_id == _workspace.id)
    .where(_workspace.platform == bindparam("platform"), _workspace.external_id == bindparam("workspace"))
    .where(_person.external_id == bindparam("person"))
)
_RHYTHM = Prepared(
    sa.select(*(_cadence[name] for name in ("zone", "slot", "days", "pace", "shift"))).where(
        _cadence.id == bindparam("cadence_id")
    )
)
_SEEN = Prepared(
    update(metadata.tables["person"])
    .where(metadata.tables["person"].c.id == bindparam("person"))
    .values(
        last_seen_at=bindparam("last_seen_at"),
        unanswered=0,
        unreachable_at=None,
        unreachable_reason=None,
        left_at=bindparam("left_at"),
    )
)


def find(session: Session, *, platform: str, workspace: str, person: str) -> tuple[Workspace, Person] | None:
    """Return who that is, by the platform's own ids, or None when we have not met."""
    found = _FIND.first(session, platform=Platform(platform), workspace=workspace, person=person)
    if found is None:
        return None
    first, rest = found[: len(_workspace)], found[len(_workspace) :]
    return (
        loaded(session, Workspace, dict(zip(_workspace.keys(), first, strict=True))),
        loaded(session, Person, dict(zip(_person.keys(), rest, strict=True))),
    )


def find_workspace(session: Session, *, platform: str, workspace: str) -> Workspace | None:
    return session.exec(
        select(Workspace).where(Workspace.platform == Platform(platform), Workspace.external_id == workspace)
    ).first()


def forget_conversations(session: Session, organisation_id: int) -> None:
    """Know no personal chat any more, nor what was sent in it: the next message to somebody opens one, and nothing in
    the old is changed."""
    everybody = update(metadata.tables["person"]).where(_person.organisation_id == organisation_id)
    session.execute(everybody.values(conversation_id=None))
    delivery = metadata.tables["delivery"]
    sent = update(delivery).where(delivery.c.organisation_id == organisation_id, delivery.c.person_id.is_not(None))
    session.execute(sent.values(conversation_id=None, message_id=None))


def is_foreign(session: Session, *, platform: str, workspace: str) -> bool:
    """Whether it is none of ours, though we have one on that platform: an app of a whole enterprise, or a channel
    shared with others, brings us events of theirs."""
    ours = session.exec(select(Workspace.external_id).where(Workspace.platform == Platform(platform))).all()
    return bool(ours) and workspace not in ours


def workspace_met(
    session: Session, *, platform: str, workspace: str, organisation_name: str, now: datetime
) -> Workspace:
    """Return the workspace, kept from now on if it is new. A new one belongs to this installation's organisation."""
    if known := find_workspace(session, platform=platform, workspace=workspace):
        return known
    advisory.wait_for(session, Lock.WORKSPACES)  # two that are new at once belong to one organisation
    if known := find_workspace(session, platform=platform, workspace=workspace):
        return known
    organisation = session.exec(select(Organisation).order_by(Organisation.id).limit(1)).first()  # type: ignore[arg-type]
    if organisation is None:
        organisation = Organisation(name=organisation_name, created_at=now)
        session.add(organisation)
        session.flush()
    assert organisation.id is not None  # noqa: S101 - for the type checker: a flushed row has an id
    new = Workspace(organisation_id=organisation.id, platform=Platform(platform), external_id=workspace, created_at=now)
    session.add(new)
    session.flush()
    return new


def person_met(
    session: Session,
    *,
    workspace: Workspace,
    external_id: str,
    zone: str | None,
    language: str | None,
    now: datetime,
    slot: str = DEFAULT_SLOT,
    saves_text: bool = True,
) -> Person:
    """Return the person, kept from now on if new: at their profile's zone and language, daily, Monday to Friday."""
    known = session.exec(
        select(Person).where(Person.workspace_id == workspace.id, Person.external_id == external_id)
    ).first()
    if known is not None:
        return known
    cadence = planning.cadence_for(
        session,
        organisation_id=workspace.organisation_id,
        zone=zone if is_zone(zone) else DEFAULT_ZONE,
        slot=slot,
        days=WORKING_WEEK,
        pace=Pace.DAILY,
        now=now,
    )
    person = Person(
        organisation_id=workspace.organisation_id,
        workspace_id=workspace.id or 0,
        external_id=external_id,
        cadence_id=cadence,
        language=language or DEFAULT_LANGUAGE,
        saves_text=saves_text,
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def seen(session: Session, person: Person, *, at: datetime, now: datetime) -> None:
    """A sign of life: whoever could not be reached can be again, and silence is over."""
    changes: dict[str, Any] = {
        "last_seen_at": now,
        "unanswered": 0,
        "unreachable_at": None,
        "unreachable_reason": None,
        "left_at": None if person.left_at is not None and at > person.left_at else person.left_at,
    }
    _SEEN.run(session, person=person.id, last_seen_at=now, left_at=changes["left_at"])
    # It is written already: the session need not write it again.
    for name, value in changes.items():
        set_committed_value(person, name, value)


def profile_changed(
    session: Session, person: Person, *, zone: str | None, language: str | None, is_gone: bool, now: datetime
) -> None:
    """Follow the profile's zone and language, except where the person chose their own; note who has gone."""
    if is_gone:
        person.left_at = person.left_at or now
        return
    person.left_at = None
    if language and not person.language_chosen:
        person.language = language
    cadence = cadence_of(session, person)
    if is_zone(zone) and zone != cadence.zone and not person.zone_chosen:
        set_rhythm(session, person, zone=zone, now=now)


def cadence_of(session: Session, person: Person) -> Cadence:
    cadence = session.get(Cadence, person.cadence_id)
    if cadence is None:
        raise LookupError(f"person {person.id} has no cadence")
    return cadence


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """When somebody gets their exercises. `slot` is local, "HH:MM", within the hours of the shift; `days` are bits,
    Monday 1 to Friday 16."""

    zone: str
    slot: str
    days: int
    pace: Pace
    shift: Shift


def rhythm_of(session: Session, person: Person) -> Rhythm:
    row = _RHYTHM.first(session, cadence_id=person.cadence_id)
    return Rhythm(zone=row.zone, slot=row.slot, days=row.days, pace=row.pace, shift=row.shift)


def today(session: Session, person: Person, now: datetime) -> date:
    """Return the day it is where the person is."""
    return local_day(session, person, now)


def local_day(session: Session, person: Person, moment: datetime) -> date:
    """Return the day a moment falls on where the person is."""
    return moments.local_day(moment, rhythm_of(session, person).zone)


def set_rhythm(
    session: Session,
    person: Person,
    *,
    zone: str | None = None,
    slot: str | None = None,
    days: int | None = None,
    pace: Pace | None = None,
    shift: Shift | None = None,
    now: datetime,
) -> None:
    """Point the person at the cadence with these, keeping what is not given.

    A slot outside the hours of the shift gives way to the shift's own; who works nights has the week gathered.
    """
    current = cadence_of(session, person)
    shift = shift or current.shift
    hours, slot = HOURS[shift], slot or current.slot
    if not hours.has_slot(time.fromisoformat(slot)):
        slot = f"{hours.usual_slot:%H:%M}"
    if shift is Shift.NIGHT:
        pace = Pace.MONDAYS
    wanted = planning.cadence_for(
        session,
        organisation_id=person.organisation_id,
        zone=zone or current.zone,
        slot=slot,
        days=days or current.days,
        pace=pace or current.pace,
        shift=shift,
        now=now,
    )
    if wanted != person.cadence_id:
        planning.move_person(session, person=person, cadence_id=wanted, now=now)


def pause(person: Person, *, first: date, last: date) -> None:
    """Send nothing from `first` to `last`, both included."""
    person.paused_from = first
    person.paused_until = last


def stop(person: Person, now: datetime) -> None:
    person.stopped_at = person.stopped_at or now


def start_again(person: Person) -> None:
    """End a pause or a stop at once."""
    person.paused_from = None
    person.paused_until = None
    person.stopped_at = None
    person.unanswered = 0


def is_paused(person: Person, day: date) -> bool:
    if person.paused_from is None or person.paused_until is None:
        return False
    return person.paused_from <= day <= person.paused_until


def is_zone(zone: str | None) -> TypeGuard[str]:
    """Whether it is the name of a place's zone. "Factory" and "localtime" are in the database too, and are none."""
    return zone is not None and ("/" in zone or zone == "UTC") and zone in _zones()


@cache
def _zones() -> set[str]:
    return available_timezones()
