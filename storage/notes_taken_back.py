"""Notes that are taken back before they go out: nobody need be told any more, or has been told otherwise. Their day is
free again for what else is due. See `storage.round_notes`."""

from sqlalchemy import ColumnElement, Integer, and_, bindparam, delete, literal_column, or_, select
from sqlmodel import Session

from storage.prepared import Prepared
from storage.promise_rows import said
from storage.round_notes import NOTES, Note, is_one_of
from storage.tables import metadata
from storage.tables.deliveries import Kind
from storage.tables.rounds import Asks

_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


def take_back(session: Session, round_id: int, person_id: int, note: Note) -> None:
    """Take back what has not gone out to somebody of a part that they have lost."""
    _TAKE_BACK.run(session, round=round_id, person=person_id, note=int(note))


def take_back_parts(session: Session, round_id: int) -> None:
    """As above, to anybody of any part: the round has ended."""
    _TAKE_BACK_PARTS.run(session, round=round_id)


def take_back_said(session: Session, delivery_id: int) -> None:
    """As above, of what somebody has been told with this message: a question that has arrived."""
    _TAKE_BACK_SAID.run(session, question=delivery_id)


def is_planned_note(*notes: Note) -> ColumnElement[bool]:
    """Whether a delivery is one of these notes and can be taken back: nobody has tried to send it, and nothing but
    notes rides on it."""
    rider = _delivery.alias("rider")
    carries_more = (
        select(literal_column("1"))
        .where(rider.c.rides_on == _delivery.c.id, or_(rider.c.kind != said(Kind.ROUND), ~is_one_of(rider, NOTES)))
        .exists()
    )
    return and_(
        _delivery.c.kind == said(Kind.ROUND),
        is_one_of(_delivery, notes),
        _delivery.c.state == said("planned"),
        _delivery.c.attempts == literal_column("0"),
        ~carries_more,
    )


def _take_back(*of: ColumnElement[bool]) -> Prepared:
    steps = select(_step.c.id).where(_step.c.round_id == bindparam("round", type_=Integer))
    of_the_round = _delivery.c.round_step_id.in_(steps)
    return Prepared(delete(_delivery).where(of_the_round, is_planned_note(*_PARTS), *of))


def _take_back_said() -> Prepared:
    """Of the round's facilitator and whoever has its mandate, whom no statement has to look for."""
    question, asking, told = _delivery.alias("question"), _step.alias("asking"), _delivery.alias("told")
    leads = and_(
        is_one_of(told, [Note.FACILITATES]),
        told.c.person_id == _team.c.facilitator_id,
        _team.c.facilitator_since < asking.c.prompt_at,
    )
    decides = and_(
        is_one_of(told, [Note.HAS_MANDATE]),
        told.c.person_id == _team.c.mandate_id,
        _team.c.mandate_since < asking.c.prompt_at,
        asking.c.asks == said(Asks.MANDATE),
    )
    notes = (
        select(told.c.id)
        .select_from(question)
        .join(asking, asking.c.id == question.c.round_step_id)
        .join(_round, _round.c.id == asking.c.round_id)
        .join(_team, _team.c.id == _round.c.team_id)
        .join(_step, _step.c.round_id == asking.c.round_id)
        .join(told, and_(told.c.round_step_id == _step.c.id, told.c.kind == said(Kind.ROUND), or_(leads, decides)))
        .where(
            question.c.id == bindparam("question", type_=Integer),
            question.c.kind == said(Kind.ROUND),
            question.c.occurrence == literal_column("1"),
            question.c.person_id == told.c.person_id,
            # Next to no team has got another since its round was confirmed: those are not looked at any more.
            or_(_team.c.facilitator_since > _round.c.confirmed_at, _team.c.mandate_since > _round.c.confirmed_at),
        )
    )
    return Prepared(delete(_delivery).where(_delivery.c.id.in_(notes), is_planned_note(*_PARTS)))


_PARTS = (Note.FACILITATES, Note.HAS_MANDATE)
_TAKE_BACK = _take_back(
    _delivery.c.person_id == bindparam("person", type_=Integer),
    _delivery.c.occurrence == bindparam("note", type_=Integer),
)
_TAKE_BACK_PARTS = _take_back()
_TAKE_BACK_SAID = _take_back_said()
