"""What a person has got and done so far. Every function takes the person and returns only what is theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from storage.tables.answers import Answer, AnswerKind, Reflection
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument

# Made once: asked before every exercise that is sent.
_TAKEN = (
    select(col(Answer.id))
    .where(col(Answer.person_id) == bindparam("person_id"), col(Answer.given_at) >= bindparam("since"))
    .where(col(Answer.lesson_id) == bindparam("lesson_id"))
    .where(col(Answer.kind).in_((AnswerKind.DOING, AnswerKind.CHOICE)))
    .limit(1)
)
REAL_ACTIONS = (
    AnswerKind.DOING,
    AnswerKind.CHOICE,
    AnswerKind.DONE,
    AnswerKind.TRIED,
    AnswerKind.MOMENT_CAME,
)


def latest_answer(session: Session, person: Person) -> Answer | None:
    return session.exec(
        select(Answer)
        .where(Answer.person_id == person.id)
        .order_by(col(Answer.given_at).desc(), col(Answer.id).desc())
        .limit(1)
    ).first()


def latest_sent(session: Session, person: Person, *, since: date) -> Sequence[Delivery]:
    """Return what was sent to the person on the newest day since then, nudges first; empty when nothing was."""
    rows = session.exec(
        select(Delivery)
        .where(Delivery.person_id == person.id, Delivery.day >= since, Delivery.state == State.SENT)
        .where(col(Delivery.kind).in_((Kind.NUDGE, Kind.FOLLOW_UP, Kind.PLAN)))
        .order_by(col(Delivery.day).desc(), col(Delivery.id))
        .limit(12)
    ).all()
    newest = [row for row in rows if row.day == rows[0].day]
    return sorted(newest, key=lambda row: row.kind is not Kind.NUDGE)


def promised(session: Session, person: Person, *, since: date, until: date) -> list[Delivery]:
    """Return everything promised to the person on those days, both included."""
    return list(
        session.exec(
            select(Delivery)
            .where(Delivery.person_id == person.id, Delivery.day >= since, Delivery.day <= until)
            .order_by(col(Delivery.day), col(Delivery.id))
        ).all()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """A programme the person goes through."""

    starts_on: date
    digest: str


def newest_programme(session: Session, person: Person) -> Going | None:
    found = session.exec(
        select(col(Enrolment.starts_on), col(ProgrammeDocument.digest))
        .join(Cohort, col(Cohort.id) == Enrolment.cohort_id)
        .join(ProgrammeDocument, col(ProgrammeDocument.id) == Cohort.document_id)
        .where(Enrolment.person_id == person.id)
        .order_by(col(Enrolment.starts_on).desc(), col(Enrolment.id).desc())
        .limit(1)
    ).first()
    return Going(starts_on=found[0], digest=found[1]) if found else None


def lessons_taken(session: Session, person: Person) -> set[str]:
    """Return the lessons the person has taken on or answered, ever."""
    kinds = (AnswerKind.DOING, AnswerKind.CHOICE)
    statement = select(Answer.lesson_id).where(Answer.person_id == person.id, col(Answer.kind).in_(kinds)).distinct()
    return set(session.exec(statement).all())


def has_taken_since(session: Session, person_id: int, lesson_id: str, since: datetime) -> bool:
    """Whether the person has taken on that lesson since a moment, wherever it came from."""
    wanted = {"person_id": person_id, "lesson_id": lesson_id, "since": since}
    return session.connection().execute(_TAKEN, wanted).first() is not None


def lessons_sent(session: Session, person: Person) -> tuple[set[str], list[str]]:
    """Return the lessons that were sent to the person, and those promised but explained away, oldest first."""
    rows = session.exec(
        select(col(Delivery.lesson_id), col(Delivery.state))
        .where(Delivery.person_id == person.id, Delivery.kind == Kind.NUDGE, col(Delivery.lesson_id).is_not(None))
        .order_by(col(Delivery.day), col(Delivery.id))
    ).all()
    sent = {lesson_id for lesson_id, state in rows if lesson_id and state is State.SENT}
    explained = [lesson_id for lesson_id, state in rows if lesson_id and state is State.EXPLAINED]
    return sent, [lesson_id for lesson_id in dict.fromkeys(explained) if lesson_id not in sent]


def latest_reflections(session: Session, person: Person, *, limit: int, skip: int = 0) -> list[Reflection]:
    statement = (
        select(Reflection)
        .where(Reflection.person_id == person.id)
        .order_by(col(Reflection.written_at).desc(), col(Reflection.id).desc())
        .offset(skip)
        .limit(limit)
    )
    return list(session.exec(statement).all())


def action_moments(session: Session, person: Person, *, since: datetime) -> list[datetime]:
    """Return when the person did something real since then: took on, answered, tried, or wrote."""
    answered = session.exec(
        select(Answer.given_at)
        .where(Answer.person_id == person.id, Answer.given_at >= since)
        .where(col(Answer.kind).in_(REAL_ACTIONS))
    ).all()
    written = session.exec(
        select(Reflection.written_at).where(Reflection.person_id == person.id, Reflection.written_at >= since)
    ).all()
    return [*answered, *written]
