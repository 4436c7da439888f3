"""If-then plans. Every function takes the person and touches only what is theirs."""

from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session, col

from storage.answers import OPEN_STATES
from storage.loaded import all_loaded, first_loaded
from storage.message_rows import Planned
from storage.own_rows import insert_own
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Plan
from storage.tables.people import Person

_plan = metadata.tables["plan"]
_follow_up = metadata.tables["follow_up"]
_MINE = select(*_plan.c).where(_plan.c.person_id == bindparam("person_id"))
_ONE = Prepared(_MINE.where(_plan.c.id == bindparam("plan_id")))
_OPEN = Prepared(_MINE.where(_plan.c.closed_at.is_(None)).order_by(_plan.c.cue_on, _plan.c.id))
_NEWEST_FIRST = _MINE.order_by(_plan.c.id.desc()).limit(1)
_NEWEST = Prepared(_NEWEST_FIRST)
_FROM_MESSAGE = Prepared(
    _NEWEST_FIRST.where(
        _plan.c.conversation_id == bindparam("conversation_id"), _plan.c.message_id == bindparam("message_id")
    )
)
_FOLLOW_UP = Prepared(
    select(*_follow_up.c)
    .where(_follow_up.c.person_id == bindparam("person_id"), _follow_up.c.plan_id == bindparam("plan_id"))
    .order_by(_follow_up.c.id.desc())
    .limit(1)
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
    written_on_page: bool = False,
    delivery_id: int | None = None,
    conversation_id: str | None = None,
    message_id: str | None = None,
    can_be_undone: bool = True,
) -> Planned:
    """Keep a plan. Without words (both empty), only its day comes back."""
    words = {"lesson_id": lesson_id, "cue": cue, "action": action, "cue_on": cue_on, "written_on_page": written_on_page}
    plan_id = insert_own(
        session,
        _plan,
        person,
        **words,
        delivery_id=delivery_id,
        conversation_id=conversation_id,
        message_id=message_id,
        can_be_undone=can_be_undone,
        made_at=now,
    )
    return Planned(
        id=plan_id,
        lesson_id=lesson_id,
        cue=cue,
        action=action,
        cue_on=cue_on,
        closed=False,
        written_on_page=written_on_page,
    )


def find_plan(session: Session, person: Person, plan_id: int) -> Plan | None:
    return first_loaded(session, Plan, _ONE, plan_id=plan_id, person_id=person.id)


def newest_plan(session: Session, person: Person) -> Plan | None:
    """Return the plan made last, open or not."""
    return first_loaded(session, Plan, _NEWEST, person_id=person.id)


def plan_from_message(session: Session, person: Person, *, conversation_id: str, message_id: str) -> Plan | None:
    """Return the plan made of one of the person's own chat messages, as it was changed last."""
    where = {"person_id": person.id, "conversation_id": conversation_id, "message_id": message_id}
    return first_loaded(session, Plan, _FROM_MESSAGE, **where)


def is_replaced(session: Session, person: Person, plan: Plan) -> bool:
    """Return whether another plan has taken the place of this one."""
    return any(_replaces(newer, plan) for newer in _of_same_exercise(session, person, plan))


def open_plans(session: Session, person: Person) -> list[Plan]:
    """Return the person's open plans, the next one first."""
    return all_loaded(session, Plan, _OPEN, person_id=person.id)


def follow_up_of_plan(session: Session, person: Person, plan: Plan) -> FollowUp | None:
    """Return the question whether the plan's moment came."""
    return first_loaded(session, FollowUp, _FOLLOW_UP, person_id=person.id, plan_id=plan.id)


def close_plan(session: Session, person: Person, plan: Plan, now: datetime) -> None:
    """Close a plan, and the question whether its moment came, if that is still open."""
    plan.closed_at = plan.closed_at or now
    follow_up = follow_up_of_plan(session, person, plan)
    if follow_up is not None and follow_up.state in OPEN_STATES:
        follow_up.state = FollowUpState.LET_GO
        follow_up.closed_at = now
    session.flush()


def take_back_plan(session: Session, person: Person, plan: Plan, now: datetime) -> None:
    """Close a plan as if it had not been made: its words go, and if it was open its exercise is open again."""
    question = follow_up_of_plan(session, person, plan)
    if plan.closed_at is None and question is not None:
        session.execute(
            delete(Answer).where(
                col(Answer.person_id) == person.id,
                col(Answer.follow_up_id) == question.id,
                col(Answer.kind) == AnswerKind.DOING,
            )
        )
    close_plan(session, person, plan, now)
    forget_words(session, person, plan)


def forget_words(session: Session, person: Person, plan: Plan) -> None:
    """Empty the words of a plan, and of those it took the place of."""
    _empty(plan)
    for older in _of_same_exercise(session, person, plan):
        if _replaces(plan, older):
            _empty(older)
            plan = older
    session.flush()


def _of_same_exercise(session: Session, person: Person, plan: Plan) -> list[Plan]:
    """Return what the person has planned for the exercise a plan is of, that plan too, the newest first."""
    same = (
        select(Plan)
        .where(col(Plan.person_id) == person.id, col(Plan.lesson_id) == plan.lesson_id)
        .where(col(Plan.delivery_id).is_not_distinct_from(plan.delivery_id))
        .order_by(col(Plan.id).desc())
    )
    return list(session.scalars(same).all())


def _replaces(newer: Plan, older: Plan) -> bool:
    """Return whether one took the place of the other: a plan is closed at the moment another does."""
    return newer.id > older.id and newer.made_at == older.closed_at


def _empty(plan: Plan) -> None:
    plan.cue = plan.action = ""
    plan.written_on_page = False  # there is nothing to read there any more
