"""What a person is asked about their programme, and answers. Every function takes the person and touches only theirs;
what belongs to a cohort is in `survey_waves`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Executable, and_, bindparam, literal_column, or_, select
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.programmes import Role

_wave = metadata.tables["survey_wave"]
_document = metadata.tables["survey_document"]
_response = metadata.tables["survey_response"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_programme = metadata.tables["programme_document"]
_delivery = metadata.tables["delivery"]


class Question(NamedTuple):
    """Which question: of an item, and about which behaviour where it is about one."""

    item_id: str
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedOf:
    """A wave, as it is for one person who is asked in it."""

    wave_id: int
    wave: str
    digest: str
    """Of the document with its questions."""
    programme_digest: str
    enrolment_id: int
    role: Role
    opens_on: date
    closes_on: date
    is_closed: bool
    has_left: bool
    """Whether the person has been taken out of the cohort: nothing they answer counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What somebody answered; None is a question they declined."""

    person: int
    """The enrolment."""
    item_id: str
    about: str
    value: str | None


def open_waves(session: Session, *, person_id: int, on: date) -> list[AskedOf]:
    """Return the waves the person can answer now, the newest first."""
    return _asked_of(_OPEN.rows(session, whose=person_id, on_day=on))


def all_waves(session: Session, *, person_id: int, on: date) -> list[AskedOf]:
    """Return the waves that have opened for the person, closed ones too, the newest first."""
    return _asked_of(_ALL.rows(session, whose=person_id, on_day=on))


def wave_of(session: Session, *, person_id: int, wave_id: int, on: date) -> AskedOf | None:
    """Return one of those; None when there is none, or when it asks nothing of this person."""
    return next((asked for asked in all_waves(session, person_id=person_id, on=on) if asked.wave_id == wave_id), None)


def wave_in_message(session: Session, *, person_id: int, delivery_id: int) -> int | None:
    """Return the wave that a promise to this person is about."""
    found = _IN_MESSAGE.scalar(session, whose=person_id, message=delivery_id)
    return None if found is None else int(found)


def document_body(session: Session, digest: str) -> str | None:
    body = _BODY.scalar(session, digest=digest)
    return None if body is None else str(body)


def responses(session: Session, *, person_id: int, wave_id: int) -> dict[Question, str | None]:
    """Return what the person has answered in a wave."""
    rows = _MINE.rows(session, whose=person_id, wave=wave_id)
    return {Question(row.item_id, row.about): row.value for row in rows}


def answered_about(session: Session, *, person_id: int, enrolment_id: int) -> list[Question]:
    """Return the questions about a behaviour that the person has answered in a programme, the oldest answer first."""
    rows = _ABOUT.rows(session, whose=person_id, enrolment=enrolment_id)
    return [Question(row.item_id, row.about) for row in rows]


def latest_promise(session: Session, *, person_id: int, enrolment_id: int, wave_id: int) -> int | None:
    """Return the promise that asks the person about a wave, on its way or sent; None when there is none."""
    found = _PROMISE.scalar(session, whose=person_id, enrolment=enrolment_id, wave=wave_id)
    return None if found is None else int(found)


def respond(
    session: Session, asked: AskedOf, answers: Mapping[Question, str | None], *, person_id: int, now: datetime
) -> bool:
    """Keep the answers in place of earlier ones; None declines a question. False when the wave has closed, and then
    nothing is kept."""
    # Whoever closes it waits for us, and we for them: an answer is either counted or refused.
    if _HOLD_OPEN.first(session, wave=asked.wave_id) is None:
        return False
    for question, value in answers.items():
        _KEEP.run(
            session,
            wave=asked.wave_id,
            enrolment=asked.enrolment_id,
            whose=person_id,
            item=question.item_id,
            about=question.about,
            value=value,
            at=now,
        )
    return True


def _asked_of(rows: list[Any]) -> list[AskedOf]:
    return [
        AskedOf(
            wave_id=row.id,
            wave=row.wave,
            digest=row.digest,
            programme_digest=row.programme_digest,
            enrolment_id=row.enrolment_id,
            role=Role(row.role),
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            is_closed=row.closed_at is not None,
            has_left=not row.is_in,
        )
        for row in rows
        if row.role in row.roles
    ]


DAY = "day"
_on_day = bindparam("on_day", type_=Date)
# In the morning nobody knows how the day of a meeting was.
_has_opened = and_(
    _wave.c.opens_on <= _on_day, or_(_wave.c.opens_on < _on_day, _wave.c.wave != literal_column("'day'"))
)
_STILL_IN = or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > _on_day)
_ALL_WAVES = (
    select(
        _wave.c.id,
        _wave.c.wave,
        _wave.c.roles,
        _wave.c.opens_on,
        _wave.c.closes_on,
        _wave.c.closed_at,
        _document.c.digest,
        _programme.c.digest.label("programme_digest"),
        _enrolment.c.id.label("enrolment_id"),
        _enrolment.c.role,
        _STILL_IN.label("is_in"),
    )
    .join_from(_enrolment, _wave, _wave.c.cohort_id == _enrolment.c.cohort_id)
    .join(_document, _document.c.id == _wave.c.document_id)
    .join(_cohort, _cohort.c.id == _wave.c.cohort_id)
    .join(_programme, _programme.c.id == _cohort.c.document_id)
    .where(
        _enrolment.c.person_id == bindparam("whose"),
        _has_opened,
        _enrolment.c.first_day <= _wave.c.closes_on,
    )
    .order_by(_wave.c.opens_on.desc(), _wave.c.id.desc())
)
_ALL = Prepared(_ALL_WAVES)
_OPEN = Prepared(_ALL_WAVES.where(_wave.c.closed_at.is_(None), _enrolment.c.first_day <= _on_day, _STILL_IN))
_IN_MESSAGE = Prepared(
    select(_delivery.c.survey_wave_id).where(
        _delivery.c.id == bindparam("message"), _delivery.c.person_id == bindparam("whose")
    )
)
_BODY = Prepared(select(_document.c.body).where(_document.c.digest == bindparam("digest")).limit(1))
_MINE = Prepared(
    select(_response.c.item_id, _response.c.about, _response.c.value).where(
        _response.c.person_id == bindparam("whose"), _response.c.wave_id == bindparam("wave")
    )
)
_ABOUT = Prepared(
    select(_response.c.item_id, _response.c.about)
    .where(_response.c.person_id == bindparam("whose"), _response.c.enrolment_id == bindparam("enrolment"))
    .where(_response.c.about != literal_column("''"), _response.c.value.is_not(None))
    .order_by(_response.c.id)
)
_PROMISE = Prepared(
    select(_delivery.c.id)
    .where(_delivery.c.survey_wave_id == bindparam("wave"), _delivery.c.enrolment_id == bindparam("enrolment"))
    .where(_delivery.c.person_id == bindparam("whose"))
    .where(_delivery.c.state != literal_column("'explained'"))
    .order_by(_delivery.c.id.desc())
    .limit(1)
)


def _hold_open(dialect: str) -> Executable:
    still_open = select(_wave.c.id).where(_wave.c.id == bindparam("wave"), _wave.c.closed_at.is_(None))
    return still_open.with_for_update(read=True) if dialect == "postgresql" else still_open


def _keep(dialect: str) -> Executable:
    given = {name: bindparam(bound, type_=_response.c[name].type) for name, bound in _BOUND.items()}
    # From the enrolment, so that it is of this very person, whatever the caller says.
    new = insert_for(dialect, _response).from_select(
        ["organisation_id", "person_id", "enrolment_id", *given],
        select(_enrolment.c.organisation_id, _enrolment.c.person_id, _enrolment.c.id, *given.values()).where(
            _enrolment.c.id == bindparam("enrolment"), _enrolment.c.person_id == bindparam("whose")
        ),
        include_defaults=False,
    )
    return new.on_conflict_do_update(
        index_elements=["wave_id", "enrolment_id", "item_id", "about"],
        set_={"value": new.excluded.value, "answered_at": new.excluded.answered_at},
    )


_BOUND = {"wave_id": "wave", "item_id": "item", "about": "about", "value": "value", "answered_at": "at"}
_HOLD_OPEN = Prepared(_hold_open)
_KEEP = Prepared(_keep)
