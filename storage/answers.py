"""What a person answers, and what we promise to ask. Every function takes the person and touches only theirs."""

from datetime import date, datetime
from typing import Protocol

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage.loaded import all_loaded, first_loaded
from storage.message_rows import AskedLater, Given
from storage.own_rows import insert_own
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person

_answer = metadata.tables["answer"]
_follow_up = metadata.tables["follow_up"]
_delivery = metadata.tables["delivery"]

OPEN_STATES = (FollowUpState.OPEN, FollowUpState.ASKED)


class Source(Protocol):
    """The nudge that something comes from."""

    @property
    def id(self) -> int | None: ...
    @property
    def enrolment_id(self) -> int | None: ...
    @property
    def cohort_id(self) -> int | None: ...


def give(
    session: Session,
    person: Person,
    kind: AnswerKind,
    *,
    lesson_id: str,
    now: datetime,
    delivery_id: int | None = None,
    follow_up_id: int | None = None,
    value: str | None = None,
) -> Given:
    """Record a button or a choice."""
    answer_id = insert_own(
        session,
        _answer,
        person,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        follow_up_id=follow_up_id,
        kind=kind,
        value=value,
        given_at=now,
    )
    return Given(
        id=answer_id,
        kind=kind,
        value=value,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        follow_up_id=follow_up_id,
    )


def give_value(session: Session, person: Person, answer: Given, value: str) -> None:
    """Add to an answer what became of it."""
    answer.value = value
    _GIVE_VALUE.run(session, answer_id=answer.id, whose=person.id, became=value)


def promise_to_ask(
    session: Session,
    person: Person,
    *,
    lesson_id: str,
    due_on: date,
    now: datetime,
    source: Source | None = None,
    plan_id: int | None = None,
) -> AskedLater:
    """Keep a follow-up: on its day, the planner asks how it went."""
    cohort_id = source.cohort_id if source else None
    follow_up_id = insert_own(
        session,
        _follow_up,
        person,
        enrolment_id=source.enrolment_id if source else None,
        cohort_id=cohort_id,
        source_delivery_id=source.id if source else None,
        plan_id=plan_id,
        lesson_id=lesson_id,
        due_on=due_on,
        asked=0,
        postponed=0,
        smaller=False,
        state=FollowUpState.OPEN,
        made_at=now,
    )
    return AskedLater(
        id=follow_up_id,
        lesson_id=lesson_id,
        plan_id=plan_id,
        cohort_id=cohort_id,
        due_on=due_on,
        state=FollowUpState.OPEN,
        smaller=False,
        postponed=0,
    )


def close_follow_up(
    session: Session, person: Person, follow_up: AskedLater, state: FollowUpState, now: datetime
) -> None:
    """Ask no more: it is answered, or let go."""
    follow_up.state = state
    _CLOSE_FOLLOW_UP.run(session, follow_up_id=follow_up.id, whose=person.id, now_state=state, now=now)


def ask_again(
    session: Session, person: Person, follow_up: AskedLater, *, due_on: date, smaller: bool, counts: bool
) -> None:
    """Ask again on a day. `counts` says that this is a new postponement, not another day for the latest one."""
    follow_up.due_on, follow_up.state, follow_up.smaller = due_on, FollowUpState.OPEN, smaller
    follow_up.postponed += int(counts)
    changed = {"day": due_on, "is_smaller": smaller, "times": follow_up.postponed}
    _ASK_AGAIN.run(session, follow_up_id=follow_up.id, whose=person.id, **changed)


def find_follow_up(session: Session, person: Person, follow_up_id: int) -> FollowUp | None:
    return first_loaded(session, FollowUp, _FOLLOW_UP, follow_up_id=follow_up_id, person_id=person.id)


def latest_answer_to(session: Session, person: Person, follow_up: FollowUp) -> Answer | None:
    about = {"person_id": person.id, "follow_up_id": follow_up.id}
    return first_loaded(session, Answer, _LATEST_ANSWER_TO, **about)


def find_delivery(session: Session, person: Person, delivery_id: int | None) -> Delivery | None:
    if delivery_id is None:
        return None
    return first_loaded(session, Delivery, _DELIVERY, delivery_id=delivery_id, person_id=person.id)


def open_follow_ups(session: Session, person: Person) -> list[FollowUp]:
    """Return what we have promised to ask and not heard about yet, the oldest day first."""
    return all_loaded(session, FollowUp, _OPEN_FOLLOW_UPS, person_id=person.id)


def follow_up_message(session: Session, person: Person, follow_up: FollowUp) -> Delivery | None:
    """Return the newest message that asked about a follow-up, or None when it has not been asked."""
    about = {"person_id": person.id, "follow_up_id": follow_up.id}
    return first_loaded(session, Delivery, _MESSAGE_OF_FOLLOW_UP, **about)


def asked_follow_up(session: Session, person: Person, delivery_id: int) -> FollowUp | None:
    """Return the person's follow-up of an exercise once it has been asked, or None."""
    return first_loaded(session, FollowUp, _ASKED_ABOUT, person_id=person.id, delivery_id=delivery_id)


_CHANGE_FOLLOW_UP = update(_follow_up).where(
    _follow_up.c.id == bindparam("follow_up_id"), _follow_up.c.person_id == bindparam("whose")
)
_CLOSE_FOLLOW_UP = Prepared(_CHANGE_FOLLOW_UP.values(state=bindparam("now_state"), closed_at=bindparam("now")))
_ASK_AGAIN = Prepared(
    _CHANGE_FOLLOW_UP.values(
        due_on=bindparam("day"), state=FollowUpState.OPEN, smaller=bindparam("is_smaller"), postponed=bindparam("times")
    )
)
_GIVE_VALUE = Prepared(
    update(_answer)
    .where(_answer.c.id == bindparam("answer_id"), _answer.c.person_id == bindparam("whose"))
    .values(value=bindparam("became"))
)
# States and kinds of the partial indexes are written out: for one that is bound, SQLite plans anew at every run.
_FOLLOW_UP = Prepared(
    select(*_follow_up.c).where(
        _follow_up.c.id == bindparam("follow_up_id"), _follow_up.c.person_id == bindparam("person_id")
    )
)
_DELIVERY = Prepared(
    select(*_delivery.c).where(
        _delivery.c.id == bindparam("delivery_id"), _delivery.c.person_id == bindparam("person_id")
    )
)
_LATEST_ANSWER_TO = Prepared(
    select(*_answer.c)
    .where(_answer.c.person_id == bindparam("person_id"), _answer.c.follow_up_id == bindparam("follow_up_id"))
    .where(_answer.c.kind != AnswerKind.DOING)
    .order_by(_answer.c.id.desc())
    .limit(1)
)
_OPEN_FOLLOW_UPS = Prepared(
    select(*_follow_up.c)
    .where(_follow_up.c.person_id == bindparam("person_id"))
    .where(_follow_up.c.state.in_([said(state) for state in OPEN_STATES]))
    .order_by(_follow_up.c.due_on, _follow_up.c.id)
)
_ASKED_ABOUT = Prepared(
    select(*_follow_up.c)
    .where(
        _follow_up.c.person_id == bindparam("person_id"), _follow_up.c.source_delivery_id == bindparam("delivery_id")
    )
    .where(_follow_up.c.state.in_([said(state) for state in (FollowUpState.ASKED, FollowUpState.ANSWERED)]))
    .order_by(_follow_up.c.id.desc())
    .limit(1)
)
_MESSAGE_OF_FOLLOW_UP = Prepared(
    select(*_delivery.c)
    .where(_delivery.c.person_id == bindparam("person_id"), _delivery.c.subject_id == bindparam("follow_up_id"))
    .where(_delivery.c.kind == said(Kind.FOLLOW_UP), _delivery.c.state == said(State.SENT))
    .order_by(_delivery.c.occurrence.desc())
    .limit(1)
)
