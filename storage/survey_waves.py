"""The waves of a cohort: laid out when it is confirmed, closed when their last day is over, never opened again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, bindparam, delete, or_, select, update
from sqlmodel import Session

from storage import documents
from storage.inserting import insert
from storage.prepared import Prepared
from storage.surveys import DAY, Response
from storage.tables import metadata
from storage.tables.programmes import Role

_wave = metadata.tables["survey_wave"]
_document = metadata.tables["survey_document"]
_response = metadata.tables["survey_response"]
_enrolment = metadata.tables["enrolment"]
_person = metadata.tables["person"]
_delivery = metadata.tables["delivery"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Laid:
    """A wave as it is to be: for whom, and its first and last day."""

    wave: str
    roles: tuple[str, ...]
    opens_on: date
    closes_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A wave that has just been closed: all that is needed to say what others may see of it."""

    wave_id: int
    wave: str
    digest: str
    body: str
    """Of the document with its questions."""
    asked: dict[int, Role]
    """Everybody who was to be asked and is still there, by enrolment, whether it reached them or not."""
    responses: tuple[Response, ...]
    """Also of those who are there no more, and do not count."""
    at_first: tuple[Response, ...]
    """What the cohort's first wave has now; nothing when this is the first."""


def stored_document(session: Session, organisation_id: int, *, name: str, digest: str, body: str, now: datetime) -> int:
    """Return the id of the document with this digest, storing it the first time."""
    return documents.stored(session, _document, organisation_id, survey_id=name, digest=digest, body=body, now=now)


def document_of(session: Session, cohort_id: int) -> tuple[int, str] | None:
    """Return the document that a cohort was confirmed with, and its text; None when nothing is asked in it."""
    found = (
        select(_document.c.id, _document.c.body)
        .join(_wave, _wave.c.document_id == _document.c.id)
        .where(_wave.c.cohort_id == cohort_id)
        .limit(1)
    )
    row = session.connection().execute(found).first()
    return None if row is None else (row.id, row.body)


def lay(
    session: Session, *, organisation_id: int, cohort_id: int, document_id: int, waves: Collection[Laid], today: date
) -> None:
    """Lay out the waves of a cohort in place of those that have not opened yet. One that has opened stays as it is, and
    so does one that would have opened before today: else it would never be asked.

    What is asked about today's meeting goes with it when it is put off: if somebody has answered already, where it is
    tomorrow, nobody else is asked, unless it is put back today.
    """
    session.flush()
    too_late = [laid.wave for laid in waves if laid.wave != DAY and laid.opens_on < today]
    call_off(session, cohort_id=cohort_id, today=today, but=too_late)
    meeting = next((laid for laid in waves if laid.wave == DAY and laid.opens_on == today), None)
    of_today = (_wave.c.cohort_id == cohort_id, _wave.c.wave == DAY, _wave.c.opens_on == today)
    closes_on = today if meeting is None else meeting.closes_on
    session.connection().execute(
        update(_wave).where(*of_today, _wave.c.closed_at.is_(None)).values(closes_on=closes_on)
    )
    there = select(_wave.c.wave, _wave.c.opens_on).where(_wave.c.cohort_id == cohort_id)
    opened = {(row.wave, row.opens_on) for row in session.connection().execute(there)}
    once = {wave for wave, _ in opened if wave != DAY}
    for laid in waves:
        if laid.wave in once or (laid.wave, laid.opens_on) in opened or laid.opens_on < today:
            continue
        values: dict[str, Any] = {"organisation_id": organisation_id, "cohort_id": cohort_id}
        values |= {"document_id": document_id}
        values |= {"wave": laid.wave, "roles": list(laid.roles)}
        values |= {"opens_on": laid.opens_on, "closes_on": laid.closes_on}
        session.connection().execute(insert(session, _wave).values(values).on_conflict_do_nothing())


def call_off(session: Session, *, cohort_id: int, today: date, but: Collection[str] = ()) -> None:
    """Take back the waves of a cohort that have not opened by today, `but` some, and of which nothing was promised or
    answered. Nobody is asked about a meeting on its own day: that one is taken back on that day too."""
    promised = select(_delivery.c.id).where(_delivery.c.survey_wave_id == _wave.c.id).exists()
    answered = select(_response.c.id).where(_response.c.wave_id == _wave.c.id).exists()
    is_ahead = or_(_wave.c.opens_on > today, and_(_wave.c.wave == DAY, _wave.c.opens_on == today))
    ahead = (_wave.c.cohort_id == cohort_id, is_ahead, _wave.c.closed_at.is_(None), _wave.c.wave.not_in(but))
    session.connection().execute(delete(_wave).where(*ahead, ~promised, ~answered))


def end(session: Session, *, cohort_id: int, on: date) -> None:
    """Let a day be the last of every wave of a cohort: nobody is asked any more, and what was answered is released in
    the night after it."""
    call_off(session, cohort_id=cohort_id, today=on)
    still_open = (_wave.c.cohort_id == cohort_id, _wave.c.closes_on > on, _wave.c.closed_at.is_(None))
    session.connection().execute(update(_wave).where(*still_open).values(closes_on=on))


def over_by(session: Session, *, today: date) -> list[int]:
    """Return the waves whose last day is over and that are still open, the oldest first."""
    return [row.id for row in _OVER.rows(session, today=today)]


def close(session: Session, wave_id: int, now: datetime, release: Callable[[Closing], dict[str, Any] | None]) -> bool:
    """Close a wave and fix what others may see of it. False when it was closed already: then nothing changes."""
    mark = update(_wave).where(_wave.c.id == wave_id, _wave.c.closed_at.is_(None)).values(closed_at=now)
    if session.connection().execute(mark).rowcount == 0:
        return False
    wave = session.connection().execute(select(_wave).where(_wave.c.id == wave_id)).one()
    document = session.connection().execute(select(_document).where(_document.c.id == wave.document_id)).one()
    asked = asked_in(session, cohort_id=wave.cohort_id, roles=wave.roles, on=wave.closes_on)
    earlier = select(_wave.c.id).where(_wave.c.cohort_id == wave.cohort_id, _wave.c.wave == FIRST)
    first = session.connection().execute(earlier).scalar() if wave.wave != FIRST else None
    closing = Closing(
        wave_id=wave_id,
        wave=wave.wave,
        digest=document.digest,
        body=document.body,
        asked=asked,
        responses=tuple(answers_for_release(session, wave_id)),
        at_first=tuple(answers_for_release(session, first)) if first is not None else (),
    )
    fixed = update(_wave).where(_wave.c.id == wave_id).values(asked=len(asked), released=release(closing))
    session.connection().execute(fixed)
    return True


def asked_in(session: Session, *, cohort_id: int, roles: Sequence[str], on: date) -> dict[int, Role]:
    """Return who was to be asked: everybody enrolled by then in one of the roles, whether it reached them or not. Who
    has left the workplace is not counted."""
    found = (
        select(_enrolment.c.id, _enrolment.c.role)
        .join(_person, _person.c.id == _enrolment.c.person_id)
        .where(
            _enrolment.c.cohort_id == cohort_id,
            _enrolment.c.first_day <= on,
            or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > on),
            _person.c.left_at.is_(None),
        )
        .order_by(_enrolment.c.id)
    )
    return {row.id: Role(row.role) for row in session.connection().execute(found) if row.role in roles}


def answers_for_release(session: Session, wave_id: int) -> list[Response]:
    """Return everybody's answers in a wave. For closing it alone: what comes of them has passed the rules of small
    groups before anybody sees it."""
    found = (
        select(_response.c.enrolment_id, _response.c.item_id, _response.c.about, _response.c.value)
        .where(_response.c.wave_id == wave_id)
        .order_by(_response.c.id)
    )
    return [
        Response(person=row.enrolment_id, item_id=row.item_id, about=row.about, value=row.value)
        for row in session.connection().execute(found)
    ]


FIRST = "t0"
_OVER = Prepared(
    select(_wave.c.id)
    .where(_wave.c.closed_at.is_(None), _wave.c.closes_on < bindparam("today", type_=Date))
    .order_by(_wave.c.closes_on, _wave.c.id)
)
