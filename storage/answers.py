"""What a person answers, writes and plans. Every function takes the person and touches only what is theirs."""

from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Table, delete, insert, update
from sqlmodel import Session, col, select

from storage.message_rows import AskedLater, Given, Planned
from storage.tables import metadata
from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Plan, Prompt, Reflection
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Person

_answer = metadata.tables["answer"]
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_reflection = metadata.tables["reflection"]
_INSERTS = {table.name: insert(table) for table in (_answer, _follow_up, _plan, _reflection)}

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
    answer_id = _insert(
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
    mine = (_answer.c.id == answer.id, _answer.c.person_id == person.id)
    session.connection().execute(update(_answer).where(*mine).values(value=value))


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
    follow_up_id = _insert(
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
    _change_follow_up(session, person, follow_up, state=state, closed_at=now)


def ask_again(
    session: Session, person: Person, follow_up: AskedLater, *, due_on: date, smaller: bool, counts: bool
) -> None:
    """Ask again on a day. `counts` says that this is a new postponement, not another day for the latest one."""
    follow_up.due_on, follow_up.state, follow_up.smaller = due_on, FollowUpState.OPEN, smaller
    follow_up.postponed += int(counts)
    _change_follow_up(
        session,
        person,
        follow_up,
        due_on=due_on,
        state=FollowUpState.OPEN,
        smaller=smaller,
        postponed=follow_up.postponed,
    )


def make_plan(
    session: Session,
    person: Person,
    *,
    lesson_id: str,
    cue: str,
    action: str,
    cue_on: date,
    now: datetime,
    delivery_id: int | None = None,
) -> Planned:
    words = {"lesson_id": lesson_id, "cue": cue, "action": action, "cue_on": cue_on}
    plan_id = _insert(session, _plan, person, **words, delivery_id=delivery_id, made_at=now)
    return Planned(id=plan_id, lesson_id=lesson_id, cue=cue, action=action, cue_on=cue_on, closed=False)


def write(
    session: Session,
    person: Person,
    body: str,
    *,
    prompt: Prompt,
    now: datetime,
    lesson_id: str | None = None,
    delivery_id: int | None = None,
    follow_up_id: int | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
) -> int:
    """Save free text for its author. Return the reflection's id."""
    return _insert(
        session,
        _reflection,
        person,
        body=body,
        prompt=prompt,
        lesson_id=lesson_id,
        delivery_id=delivery_id,
        follow_up_id=follow_up_id,
        conversation_id=conversation_id,
        message_id=message_id,
        written_at=now,
    )


def find_follow_up(session: Session, person: Person, follow_up_id: int) -> FollowUp | None:
    follow_up = session.get(FollowUp, follow_up_id)
    return follow_up if follow_up is not None and follow_up.person_id == person.id else None


def follow_up_of_plan(session: Session, person: Person, plan: Plan) -> FollowUp | None:
    """Return the question whether the plan's moment came."""
    return session.exec(
        select(FollowUp)
        .where(FollowUp.person_id == person.id, FollowUp.plan_id == plan.id)
        .order_by(col(FollowUp.id).desc())
        .limit(1)
    ).first()


def latest_answer_to(session: Session, person: Person, follow_up: FollowUp) -> Answer | None:
    return session.exec(
        select(Answer)
        .where(Answer.person_id == person.id, Answer.follow_up_id == follow_up.id)
        .where(col(Answer.kind) != AnswerKind.DOING)
        .order_by(col(Answer.id).desc())
        .limit(1)
    ).first()


def find_delivery(session: Session, person: Person, delivery_id: int | None) -> Delivery | None:
    delivery = session.get(Delivery, delivery_id) if delivery_id is not None else None
    return delivery if delivery is not None and delivery.person_id == person.id else None


def open_follow_ups(session: Session, person: Person) -> list[FollowUp]:
    statement = (
        select(FollowUp)
        .where(FollowUp.person_id == person.id, col(FollowUp.state).in_(OPEN_STATES))
        .order_by(col(FollowUp.due_on), col(FollowUp.id))
    )
    return list(session.exec(statement).all())


def follow_up_message(session: Session, person: Person, follow_up: FollowUp) -> Delivery | None:
    """Return the newest message that asked about a follow-up, or None when it has not been asked."""
    return session.exec(
        select(Delivery)
        .where(Delivery.person_id == person.id, Delivery.kind == Kind.FOLLOW_UP, Delivery.state == State.SENT)
        .where(Delivery.subject_id == follow_up.id)
        .order_by(col(Delivery.occurrence).desc())
        .limit(1)
    ).first()


def find_plan(session: Session, person: Person, plan_id: int) -> Plan | None:
    plan = session.get(Plan, plan_id)
    return plan if plan is not None and plan.person_id == person.id else None


def open_plans(session: Session, person: Person) -> list[Plan]:
    statement = (
        select(Plan)
        .where(Plan.person_id == person.id, col(Plan.closed_at).is_(None))
        .order_by(col(Plan.cue_on), col(Plan.id))
    )
    return list(session.exec(statement).all())


def close_plan(session: Session, person: Person, plan: Plan, now: datetime) -> None:
    """Close a plan, and the question whether its moment came, if that is still open."""
    plan.closed_at = plan.closed_at or now
    follow_up = follow_up_of_plan(session, person, plan)
    if follow_up is not None and follow_up.state in OPEN_STATES:
        follow_up.state = FollowUpState.LET_GO
        follow_up.closed_at = now
    session.flush()


def find_reflection(session: Session, person: Person, reflection_id: int) -> Reflection | None:
    reflection = session.get(Reflection, reflection_id)
    return reflection if reflection is not None and reflection.person_id == person.id else None


def reflection_from(session: Session, person: Person, *, conversation_id: str, message_id: str) -> Reflection | None:
    """Return what was saved from one of the person's own chat messages."""
    return session.exec(
        select(Reflection)
        .where(Reflection.conversation_id == conversation_id, Reflection.message_id == message_id)
        .where(Reflection.person_id == person.id)
    ).first()


def delete_reflection(session: Session, person: Person, reflection: Reflection) -> None:
    session.execute(
        delete(Reflection).where(col(Reflection.id) == reflection.id, col(Reflection.person_id) == person.id)
    )
    session.expunge(reflection)


def latest_reply(session: Session, person: Person, *, lesson_id: str, delivery_id: int | None) -> Reflection | None:
    """Return the newest reply the person wrote to that exercise."""
    return session.exec(
        select(Reflection)
        .where(Reflection.person_id == person.id, Reflection.lesson_id == lesson_id)
        .where(Reflection.delivery_id == delivery_id if delivery_id else col(Reflection.delivery_id).is_(None))
        .where(Reflection.prompt == Prompt.REPLY, col(Reflection.follow_up_id).is_(None))
        .order_by(col(Reflection.id).desc())
        .limit(1)
    ).first()


def thought(session: Session, person: Person, follow_up: FollowUp, prompt: Prompt) -> Reflection | None:
    """Return what the person wrote in a form to one prompt after a follow-up."""
    return session.exec(
        select(Reflection)
        .where(Reflection.person_id == person.id, Reflection.follow_up_id == follow_up.id)
        .where(Reflection.prompt == prompt, col(Reflection.message_id).is_(None))
        .limit(1)
    ).first()


def _insert(session: Session, table: Table, person: Person, **values: Any) -> int:
    """Insert a row of the person's own and return its id."""
    row = {"organisation_id": person.organisation_id, "person_id": person.id, **values}
    inserted = session.connection().execute(_INSERTS[table.name], row).inserted_primary_key
    if inserted is None:
        raise LookupError(f"no id for a new row of {table.name}")
    return int(inserted[0])


def _change_follow_up(session: Session, person: Person, follow_up: AskedLater, **values: Any) -> None:
    mine = (_follow_up.c.id == follow_up.id, _follow_up.c.person_id == person.id)
    session.connection().execute(update(_follow_up).where(*mine).values(values))
