"""What a person has got and done so far. Every function takes the person and returns only what is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session

from storage.loaded import all_loaded, first_loaded
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.answers import Answer, AnswerKind
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person
from storage.tables.programmes import CohortState, Role

_answer = metadata.tables["answer"]
_reflection = metadata.tables["reflection"]
_delivery = metadata.tables["delivery"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]

_TAKEN_ON = (AnswerKind.DOING, AnswerKind.CHOICE)
REAL_ACTIONS = (
    AnswerKind.DOING,
    AnswerKind.CHOICE,
    AnswerKind.DONE,
    AnswerKind.TRIED,
    AnswerKind.MOMENT_CAME,
)
MOST_OF_A_DAY = 12


def latest_answer(session: Session, person: Person) -> Answer | None:
    return first_loaded(session, Answer, _LATEST_ANSWER, person_id=person.id)


def latest_sent(session: Session, person: Person, *, since: date) -> Sequence[Delivery]:
    """Return what was sent to the person on the newest day since then, nudges first; empty when nothing was.

    What is on its way or in doubt may have been: they answer it before we know that it arrived. What was given up as
    unknown counts only when there is nothing else.
    """
    found = all_loaded(session, Delivery, _LATEST_SENT, person_id=person.id, since=since)
    rows = [row for row in found if row.state is not State.EXPLAINED] or found
    newest = [row for row in rows if row.day == rows[0].day]
    return sorted(newest, key=lambda row: row.kind is not Kind.NUDGE)


def promised(session: Session, person: Person, *, since: date, until: date) -> list[Delivery]:
    """Return everything promised to the person on those days, both included."""
    return all_loaded(session, Delivery, _PROMISED, person_id=person.id, since=since, until=until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """A programme the person goes through, as it was confirmed."""

    enrolment_id: int
    starts_on: date
    ends_on: date | None
    digest: str
    role: Role
    calendar: dict[str, Any]


def programmes(session: Session, person: Person) -> list[Going]:
    """Return the programmes the person goes or went through, the newest first."""
    rows = _PROGRAMMES.rows(session, person_id=person.id)
    return [
        Going(
            enrolment_id=row.id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            digest=row.digest,
            role=row.role,
            calendar=dict(row.calendar),
        )
        for row in rows
    ]


def calendar_of(session: Session, person: Person, delivery_id: int | None) -> dict[str, Any] | None:
    """Return the calendar of the cohort that something was sent in, or None when there is none."""
    sent_in = {"person_id": person.id, "delivery_id": delivery_id}
    row = _CALENDAR.first(session, **sent_in) if delivery_id is not None else None
    return dict(row.calendar) if row else None


def calendar_kept(session: Session, person: Person, *, today: date) -> dict[str, Any] | None:
    """Return the calendar that holds for what comes from no cohort: that of the newest the person is in, one that runs
    before one that is paused (as the planner says too, `storage.cadence_days`)."""
    calendar: dict[str, Any] | None = _CALENDAR_KEPT.scalar(session, person_id=person.id, today=today)
    return calendar


def is_over(session: Session, person: Person, delivery_id: int | None, *, today: date) -> bool:
    """Whether something was sent in an enrolment or a cohort that is over: nobody asks about it any more."""
    sent_in = {"person_id": person.id, "delivery_id": delivery_id, "today": today}
    return delivery_id is not None and _OVER.first(session, **sent_in) is not None


def role_in(session: Session, person_id: int, enrolment_id: int) -> Role | None:
    """Return the role the person has in that enrolment of theirs."""
    found = _ROLE.first(session, person_id=person_id, enrolment_id=enrolment_id)
    return found.role if found is not None else None


def lessons_taken(session: Session, person: Person) -> set[str]:
    """Return the lessons the person has taken on or answered, ever."""
    return {row.lesson_id for row in _LESSONS_TAKEN.rows(session, person_id=person.id)}


def has_taken_since(session: Session, person_id: int, lesson_id: str, since: datetime) -> bool:
    """Whether the person has taken on that lesson since a moment, wherever it came from."""
    wanted = {"person_id": person_id, "lesson_id": lesson_id, "since": since}
    return _TAKEN.first(session, **wanted) is not None


def taken_from_library(session: Session, person: Person, *, since: datetime) -> list[str]:
    """Return the ids of the lessons the person has taken from the library since a moment, newest first."""
    taken = _FROM_LIBRARY.rows(session, person_id=person.id, since=since)
    return list(dict.fromkeys(row.lesson_id for row in taken))


def lessons_sent(session: Session, person: Person) -> tuple[set[str], list[str]]:
    """Return the lessons that were sent to the person, and those promised but explained away, oldest first."""
    rows = _LESSONS_SENT.rows(session, person_id=person.id)
    sent = {lesson_id for lesson_id, state in rows if lesson_id and state is State.SENT}
    explained = [lesson_id for lesson_id, state in rows if lesson_id and state is State.EXPLAINED]
    return sent, [lesson_id for lesson_id in dict.fromkeys(explained) if lesson_id not in sent]


def action_moments(session: Session, person: Person, *, since: datetime) -> list[datetime]:
    """Return when the person did something real since then: took on, answered, tried, or wrote."""
    wanted = {"person_id": person.id, "since": since}
    return [moment for did in (_ACTED, _WROTE) for (moment,) in did.rows(session, **wanted)]


# States and kinds of the partial indexes are written out: for one that is bound, SQLite plans anew at every run.
_MY_ANSWERS = select(*_answer.c).where(_answer.c.person_id == bindparam("person_id"))
_LATEST_ANSWER = Prepared(_MY_ANSWERS.order_by(_answer.c.given_at.desc(), _answer.c.id.desc()).limit(1))
_LATEST_SENT = Prepared(
    select(*_delivery.c)
    .where(_delivery.c.person_id == bindparam("person_id"), _delivery.c.day >= bindparam("since"))
    .where(
        or_(
            _delivery.c.state.in_([said(state) for state in (State.SENT, State.SENDING, State.UNKNOWN)]),
            _delivery.c.reason == said(Reason.OUTCOME_UNKNOWN),
        )
    )
    .where(_delivery.c.kind.in_([said(kind) for kind in (Kind.NUDGE, Kind.FOLLOW_UP, Kind.PLAN)]))
    .order_by(_delivery.c.day.desc(), _delivery.c.id)
    .limit(MOST_OF_A_DAY)
)
_PROMISED = Prepared(
    select(*_delivery.c)
    .where(_delivery.c.person_id == bindparam("person_id"))
    .where(_delivery.c.day >= bindparam("since"), _delivery.c.day <= bindparam("until"))
    .order_by(_delivery.c.day, _delivery.c.id)
)
_PROGRAMMES = Prepared(
    select(
        _enrolment.c.id,
        _enrolment.c.starts_on,
        _enrolment.c.ends_on,
        _enrolment.c.role,
        _document.c.digest,
        _cohort.c.calendar,
    )
    .join_from(_enrolment, _cohort, _cohort.c.id == _enrolment.c.cohort_id)
    .join(_document, _document.c.id == _cohort.c.document_id)
    .where(_enrolment.c.person_id == bindparam("person_id"))
    .order_by(_enrolment.c.starts_on.desc(), _enrolment.c.id.desc())
)
_ROLE = Prepared(
    select(_enrolment.c.role).where(
        _enrolment.c.id == bindparam("enrolment_id"), _enrolment.c.person_id == bindparam("person_id")
    )
)
_CALENDAR = Prepared(
    select(_cohort.c.calendar)
    .join_from(_cohort, _delivery, _delivery.c.cohort_id == _cohort.c.id)
    .where(_delivery.c.id == bindparam("delivery_id"), _delivery.c.person_id == bindparam("person_id"))
)
_OVER = Prepared(
    select(_delivery.c.id)
    .outerjoin(_enrolment, _enrolment.c.id == _delivery.c.enrolment_id)
    .outerjoin(_cohort, _cohort.c.id == _delivery.c.cohort_id)
    .where(
        _delivery.c.id == bindparam("delivery_id"),
        _delivery.c.person_id == bindparam("person_id"),
        or_(_enrolment.c.ends_on <= bindparam("today"), _cohort.c.state == CohortState.ENDED),
    )
)
_CALENDAR_KEPT = Prepared(
    select(_cohort.c.calendar)
    .join_from(_cohort, _enrolment, _enrolment.c.cohort_id == _cohort.c.id)
    .where(
        _enrolment.c.person_id == bindparam("person_id"),
        or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > bindparam("today")),
        _cohort.c.state != CohortState.ENDED,
    )
    .order_by(_cohort.c.state != CohortState.RUNNING, _cohort.c.starts_on.desc(), _cohort.c.id.desc())
    .limit(1)
)
_LESSONS_TAKEN = Prepared(
    select(_answer.c.lesson_id)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.kind.in_([said(kind) for kind in _TAKEN_ON]))
    .distinct()
)
_TAKEN = Prepared(
    select(_answer.c.id)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.given_at >= bindparam("since"))
    .where(_answer.c.lesson_id == bindparam("lesson_id"), _answer.c.kind.in_([said(kind) for kind in _TAKEN_ON]))
    .limit(1)
)
_FROM_LIBRARY = Prepared(
    select(_answer.c.lesson_id)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.given_at >= bindparam("since"))
    .where(_answer.c.kind == AnswerKind.ANOTHER, _answer.c.delivery_id.is_(None))
    .order_by(_answer.c.id.desc())
)
_LESSONS_SENT = Prepared(
    select(_delivery.c.lesson_id, _delivery.c.state)
    .where(_delivery.c.person_id == bindparam("person_id"), _delivery.c.kind == said(Kind.NUDGE))
    .where(_delivery.c.lesson_id.is_not(None))
    .order_by(_delivery.c.day, _delivery.c.id)
)
_ACTED = Prepared(
    select(_answer.c.given_at)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.given_at >= bindparam("since"))
    .where(_answer.c.kind.in_([said(kind) for kind in REAL_ACTIONS]))
)
_WROTE = Prepared(
    select(_reflection.c.written_at).where(
        _reflection.c.person_id == bindparam("person_id"), _reflection.c.written_at >= bindparam("since")
    )
)
