"""The group exercises people have led. Every function takes the person and touches only theirs, but for the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, delete, func, select, update
from sqlmodel import Session

from storage.own_rows import insert_own
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person

STEP = 5
_facilitation = metadata.tables["facilitation"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Led:
    """One exercise that somebody has led."""

    id: int
    led_on: date
    method_id: str | None
    name: str | None
    people: int | None
    learned: str | None
    written_on_page: bool


def note(
    session: Session,
    person: Person,
    *,
    led_on: date,
    method_id: str | None,
    name: str | None,
    people: int | None,
    learned: str | None,
    on_page: bool,
    now: datetime,
) -> None:
    """Note an exercise that somebody has led, in the programme they were in on that day, if in any. The same note twice
    is kept once."""
    said = {"led_on": led_on, "method_id": method_id, "name": name, "people": people, "learned": learned}
    if any(all(getattr(one, key) == value for key, value in said.items()) for one in latest(session, person)):
        return
    cohort_id = _PROGRAMME.scalar(session, person_id=person.id, day=led_on)
    insert_own(session, _facilitation, person, **said, cohort_id=cohort_id, written_on_page=on_page, made_at=now)


def latest(session: Session, person: Person, *, limit: int = 50, skip: int = 0) -> Sequence[Led]:
    """Return what somebody has led, newest first."""
    rows = _LATEST.rows(session, person_id=person.id, most=limit, skip=skip)
    return [Led(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]


def remove(session: Session, person: Person, facilitation_id: int) -> bool:
    """Take a note away. False when it is not there, or somebody else's."""
    return _REMOVE.run(session, person_id=person.id, facilitation_id=facilitation_id) == 1


def count(session: Session, *, organisation_id: int, cohort_id: int) -> int | None:
    """Return that at least so many people of a cohort have led an exercise, as it was last told; None for nothing."""
    told = _TOLD.scalar(session, organisation_id=organisation_id, cohort_id=cohort_id)
    return None if told is None else int(told)


def tell(session: Session, organisation_id: int, *, before: datetime) -> None:
    """Raise what is told of the organisation's cohorts: 5, 10, 15 …

    `before` is when the current month began: notes made since then wait, so that nothing is told on the day of a note.
    What has been told never goes down: else somebody could note and remove their own to see how many others there are.
    And it never becomes as many as are in the cohort, for then everybody has. Whoever has been removed still counts:
    taking somebody out tells nothing of them.
    """
    for cohort_id, led in _LED.rows(session, organisation_id=organisation_id, before=before):
        there = int(_THERE.scalar(session, organisation_id=organisation_id, cohort_id=cohort_id))
        at_least = min(led, there - 1) // STEP * STEP
        if at_least >= STEP:
            _RAISE.run(session, cohort=cohort_id, at_least=at_least)


_COLUMNS = ("id", "led_on", "method_id", "name", "people", "learned", "written_on_page")
_LATEST = Prepared(
    select(*(_facilitation.c[name] for name in _COLUMNS))
    .where(_facilitation.c.person_id == bindparam("person_id"))
    .order_by(_facilitation.c.led_on.desc(), _facilitation.c.id.desc())
    .offset(bindparam("skip", type_=Integer))
    .limit(bindparam("most", type_=Integer))
)
_REMOVE = Prepared(
    delete(_facilitation).where(
        _facilitation.c.id == bindparam("facilitation_id"), _facilitation.c.person_id == bindparam("person_id")
    )
)
_PROGRAMME = Prepared(
    select(_enrolment.c.cohort_id)
    .where(_enrolment.c.person_id == bindparam("person_id"), _enrolment.c.starts_on <= bindparam("day"))
    .where(_enrolment.c.ends_on.is_(None) | (_enrolment.c.ends_on > bindparam("day")))
    .order_by(_enrolment.c.starts_on.desc(), _enrolment.c.id.desc())
    .limit(1)
)
_TOLD = Prepared(
    select(_cohort.c.led_told).where(
        _cohort.c.id == bindparam("cohort_id"), _cohort.c.organisation_id == bindparam("organisation_id")
    )
)
_LED = Prepared(
    select(_facilitation.c.cohort_id, func.count(_facilitation.c.person_id.distinct()).label("led"))
    .where(_facilitation.c.organisation_id == bindparam("organisation_id"))
    .where(_facilitation.c.cohort_id.is_not(None), _facilitation.c.made_at < bindparam("before"))
    .group_by(_facilitation.c.cohort_id)
)
_RAISE = Prepared(
    update(_cohort)
    .where(_cohort.c.id == bindparam("cohort"))
    .where(_cohort.c.led_told.is_(None) | (_cohort.c.led_told < bindparam("at_least")))
    .values(led_told=bindparam("at_least"))
)
_THERE = Prepared(
    select(func.count(_enrolment.c.person_id.distinct())).where(
        _cohort.c.id == bindparam("cohort_id"),
        _cohort.c.organisation_id == bindparam("organisation_id"),
        _enrolment.c.cohort_id == _cohort.c.id,
        _enrolment.c.ends_on.is_(None) | (_enrolment.c.ends_on == _cohort.c.ended_on),
    )
)
