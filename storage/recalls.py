"""What a person remembers of the cases that come back. Every function takes the person and touches only theirs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, literal_column, select, union, update
from sqlalchemy.sql.expression import insert
from sqlmodel import Session

from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.answers import AnswerKind

_memory = metadata.tables["recall_memory"]
_enrolment = metadata.tables["enrolment"]
_delivery = metadata.tables["delivery"]
_answer = metadata.tables["answer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """One case as it stands. The last four are None until it has been answered."""

    id: int
    card_id: str
    shown_on: date
    reviews: int
    stability: float | None
    difficulty: float | None
    last_on: date | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A person in a programme: since when, and every case they have been asked."""

    starts_on: date
    asked: tuple[Remembered, ...]


def begun(session: Session, *, person_id: int, enrolment_id: int) -> Begun | None:
    """None when there is no such person in it."""
    rows = _BEGUN.rows(session, person_id=person_id, enrolment_id=enrolment_id)
    if not rows:
        return None
    return Begun(starts_on=rows[0].starts_on, asked=tuple(_remembered(row) for row in rows if row.id is not None))


def lessons_met(session: Session, *, person_id: int, enrolment_id: int, before: date) -> set[str]:
    """Return the lessons that were sent to the person in that programme before a day, and the quizzes they have
    answered wherever those came from."""
    whose = {"person_id": person_id, "enrolment_id": enrolment_id}
    return {row.lesson_id for row in _MET.rows(session, **whose, before=before)}


def asked_in(session: Session, *, person_id: int, delivery_id: int) -> Remembered | None:
    """Return the case that a message asks; None when it asks none, or when that has been asked again since."""
    row = _ASKED_IN.first(session, person_id=person_id, delivery_id=delivery_id)
    return None if row is None else _remembered(row)


def ask(session: Session, *, person_id: int, enrolment_id: int, card_id: str, delivery_id: int, day: date) -> None:
    """Note that a message asks this case."""
    where = {"whose": person_id, "of": enrolment_id, "card": card_id, "message": delivery_id, "shown": day}
    if not _ASK_AGAIN.run(session, **where):
        _ASK.run(session, **where)


def keep(
    session: Session,
    remembered: Remembered,
    *,
    person_id: int,
    was_right: bool,
    stability: float,
    difficulty: float,
    on: date,
    due_on: date,
) -> bool:
    """Keep what is known after an answer. False when it has been answered since it was read."""
    known = {"memory_id": remembered.id, "whose": person_id, "seen": remembered.reviews}
    new = {"is_right": was_right, "lasts": stability, "hard": difficulty, "answered_on": on, "again_on": due_on}
    return _KEEP.run(session, **known, **new) == 1


def _remembered(row: object) -> Remembered:
    return Remembered(**{name: getattr(row, name) for name in _COLUMNS})


_COLUMNS = ("id", "card_id", "shown_on", "reviews", "stability", "difficulty", "last_on", "due_on")
_OF_MEMORY = [_memory.c[name] for name in _COLUMNS]
_BEGUN = Prepared(
    select(_enrolment.c.starts_on, *_OF_MEMORY)
    .outerjoin_from(_enrolment, _memory, _memory.c.enrolment_id == _enrolment.c.id)
    .where(_enrolment.c.id == bindparam("enrolment_id"), _enrolment.c.person_id == bindparam("person_id"))
    .order_by(_memory.c.id)
)
# States and kinds of the partial indexes are written out: for one that is bound, SQLite plans anew at every run.
_MET = Prepared(
    union(
        select(_delivery.c.lesson_id)
        .where(_delivery.c.enrolment_id == bindparam("enrolment_id"), _delivery.c.kind == literal_column("'nudge'"))
        .where(_delivery.c.person_id == bindparam("person_id"), _delivery.c.day < bindparam("before"))
        .where(_delivery.c.state == literal_column("'sent'"), _delivery.c.lesson_id.is_not(None)),
        select(_answer.c.lesson_id).where(
            _answer.c.person_id == bindparam("person_id"), _answer.c.kind == said(AnswerKind.CHOICE)
        ),
    )
)
_ASKED_IN = Prepared(
    select(*_OF_MEMORY).where(
        _memory.c.delivery_id == bindparam("delivery_id"), _memory.c.person_id == bindparam("person_id")
    )
)
_ASK_AGAIN = Prepared(
    update(_memory)
    .where(_memory.c.enrolment_id == bindparam("of"), _memory.c.card_id == bindparam("card"))
    .where(_memory.c.person_id == bindparam("whose"))
    .values(delivery_id=bindparam("message"), shown_on=bindparam("shown"))
)
_ASK = Prepared(
    insert(_memory).from_select(
        [
            "organisation_id", "person_id", "enrolment_id", "card_id", "delivery_id", "shown_on", "reviews",
        ],
        select(
            _enrolment.c.organisation_id,
            _enrolment.c.person_id,
            _enrolment.c.id,
            bindparam("card", type_=_memory.c.card_id.type),
            bindparam("message", type_=_memory.c.delivery_id.type),
            bindparam("shown", type_=_memory.c.shown_on.type),
            literal_column("0"),
        ).where(_enrolment.c.id == bindparam("of"), _enrolment.c.person_id == bindparam("whose")),
        include_defaults=False,
    )
)  # fmt: skip
_KEEP = Prepared(
    update(_memory)
    .where(_memory.c.id == bindparam("memory_id"), _memory.c.person_id == bindparam("whose"))
    .where(_memory.c.reviews == bindparam("seen"))
    .values(
        reviews=_memory.c.reviews + 1,
        was_right=bindparam("is_right"),
        stability=bindparam("lasts"),
        difficulty=bindparam("hard"),
        last_on=bindparam("answered_on"),
        due_on=bindparam("again_on"),
    )
)
