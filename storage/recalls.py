"""What a person remembers of the cases that come back. Every function takes the person and touches only theirs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, literal_column, or_, select, union, update
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.answers import AnswerKind
from storage.tables.programmes import Role

_memory = metadata.tables["recall_memory"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]
_delivery = metadata.tables["delivery"]
_answer = metadata.tables["answer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """One case as it stands. The last four are None until it has been answered."""

    id: int
    enrolment_id: int
    card_id: str
    delivery_id: int | None
    """The message it was last asked in, if it was a message and that is still there."""
    shown_on: date
    reviews: int
    stability: float | None
    difficulty: float | None
    last_on: date | None
    due_on: date | None
    digest: str
    """Names the programme it was asked in, as it was confirmed."""

    @property
    def is_answered(self) -> bool:
        """Whether it has been answered since it was last asked."""
        return self.last_on is not None and self.last_on >= self.shown_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A person in a programme: since when, as what, and every case they have been asked in this or any other."""

    starts_on: date
    role: Role
    asked: tuple[Remembered, ...]


def begun(session: Session, *, person_id: int, enrolment_id: int) -> Begun | None:
    """None when there is no such person in it."""
    rows = _BEGUN.rows(session, person_id=person_id, enrolment_id=enrolment_id)
    if not rows:
        return None
    asked = tuple(_remembered(row) for row in rows if row.id is not None)
    return Begun(starts_on=rows[0].starts_on, role=Role(rows[0].role), asked=asked)


def lessons_met(session: Session, *, person_id: int, enrolment_id: int, before: date) -> set[str]:
    """Return the lessons that were sent to the person in that programme before a day, and the quizzes they have
    answered wherever those came from."""
    whose = {"person_id": person_id, "enrolment_id": enrolment_id}
    return {row.lesson_id for row in _MET.rows(session, **whose, before=before)}


def asked_in(session: Session, *, person_id: int, delivery_id: int) -> Remembered | None:
    """Return the case that a message asks; None when it asks none, or when that has been asked again since."""
    row = _ASKED_IN.first(session, person_id=person_id, delivery_id=delivery_id)
    return None if row is None else _remembered(row)


def asked_of(session: Session, *, person_id: int, card_id: str) -> list[Remembered]:
    """Return a case in every programme of the person's that has asked it, the newest last."""
    return [_remembered(row) for row in _ASKED_OF.rows(session, person_id=person_id, card_id=card_id)]


def latest_choice(session: Session, *, person_id: int, card_id: str) -> int | None:
    """Return the index of the person's latest answer to a case that came back."""
    value = _LATEST_CHOICE.scalar(session, person_id=person_id, card_id=card_id)
    return None if value is None else int(value)


def ask(
    session: Session, *, person_id: int, enrolment_id: int, card_id: str, delivery_id: int | None, day: date
) -> bool:
    """Note that a message asks this case; None for the person's own page. False when it has been answered on that day
    already: since it was chosen, at the same moment elsewhere."""
    where = {"whose": person_id, "of": enrolment_id, "card": card_id, "message": delivery_id, "shown": day}
    return _ASK_AGAIN.run(session, **where) == 1 or _ASK.run(session, **where) == 1


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


_OF_MEMORY = [
    _memory.c[name]
    for name in (
        "id",
        "enrolment_id",
        "card_id",
        "delivery_id",
        "shown_on",
        "reviews",
        "stability",
        "difficulty",
        "last_on",
        "due_on",
    )
] + [_document.c.digest]
_COLUMNS = [column.name for column in _OF_MEMORY]
_asked_in = _enrolment.alias()
_in_programmes = (
    _memory.join(_asked_in, _asked_in.c.id == _memory.c.enrolment_id)
    .join(_cohort, _cohort.c.id == _asked_in.c.cohort_id)
    .join(_document, _document.c.id == _cohort.c.document_id)
)
_BEGUN = Prepared(
    select(_enrolment.c.starts_on, _enrolment.c.role, *_OF_MEMORY)
    .outerjoin_from(_enrolment, _in_programmes, _memory.c.person_id == _enrolment.c.person_id)
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
    select(*_OF_MEMORY)
    .select_from(_in_programmes)
    .where(_memory.c.delivery_id == bindparam("delivery_id"), _memory.c.person_id == bindparam("person_id"))
)
_ASKED_OF = Prepared(
    select(*_OF_MEMORY)
    .select_from(_in_programmes)
    .where(_memory.c.person_id == bindparam("person_id"), _memory.c.card_id == bindparam("card_id"))
    .order_by(_memory.c.id)
)
_LATEST_CHOICE = Prepared(
    select(_answer.c.value)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.lesson_id == bindparam("card_id"))
    .where(_answer.c.kind == said(AnswerKind.RECALL))
    .order_by(_answer.c.id.desc())
    .limit(1)
)
_ASK_AGAIN = Prepared(
    update(_memory)
    .where(_memory.c.enrolment_id == bindparam("of"), _memory.c.card_id == bindparam("card"))
    .where(_memory.c.person_id == bindparam("whose"))
    .where(or_(_memory.c.last_on.is_(None), _memory.c.last_on < bindparam("shown")))
    .values(delivery_id=bindparam("message"), shown_on=bindparam("shown"))
)
_ASK = Prepared(
    lambda dialect: insert_for(dialect, _memory).from_select(
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
    ).on_conflict_do_nothing()
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
