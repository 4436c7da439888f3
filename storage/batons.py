"""A team's baton while it is the team's own: written, approved by so many of it, and then ready to be handed over.

Whose hand wrote it is not kept here. Others see it in `storage.relay_reading`, once it has been handed over.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Executable, Integer, bindparam, delete, null, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import contributions, teams
from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.relay_legs import HeldLeg, held_leg
from storage.relay_reading import Words
from storage.relays import NotDone
from storage.round_steps import NotTaken, is_member
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.relays import LegState

_leg = metadata.tables["relay_leg"]
_baton = metadata.tables["baton"]
_approval = metadata.tables["baton_approval"]
_team = metadata.tables["team"]
_step = metadata.tables["round_step"]
_contribution = metadata.tables["contribution"]

STEP = "baton"
"""The key of the step whose hand-in it is, in the challenge."""
LEAST = 3
"""So many approve of it; all of them, in a smaller team."""
YES_NO = {True: "yes", False: "no", None: None}
"""As a form answers a question of yes or no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """A team's words as they stand, for that team."""

    words: Words
    written_at: datetime
    approved_at: datetime | None


def write(session: Session, person: Person, leg_id: int, words: Words, now: datetime) -> NotDone | None:
    """Keep what somebody writes for their team, until it is approved; who approved of other words has to be asked
    again. Return why not, or None when it is done.

    It is what the round's step asks for too, so it is handed in there. When the round is over it may still come, as
    long as nothing has gone on.
    """
    leg = held_leg(session, leg_id)
    if leg is None:
        return NotDone.NO_SUCH_LEG
    if leg.organisation_id != person.organisation_id or not is_member(session, person, leg.team_id):
        return NotDone.NOT_YOURS
    if leg.state is not LegState.RUNNING:
        return NotDone.NOT_YET if leg.state is LegState.WAITING else NotDone.DONE
    if leg.approved_at is not None:
        return NotDone.APPROVED
    if leg.waits_for_its_team or _hand_in(session, person, leg, words, now) is NotTaken.NOT_YET:
        return NotDone.NOT_YET
    _WRITE.run(session, leg=leg_id, now=now, **asdict(words))
    _FORGET_APPROVALS.run(session, leg=leg_id)
    return None


def own(session: Session, person: Person, leg_id: int) -> Own | None:
    """Return the words of the person's own team; None when there are none, or it is not theirs."""
    row = _OWN.first(session, leg=leg_id, organisation=person.organisation_id)
    if row is None or not (row.facilitator_id == person.id or is_member(session, person, row.team_id)):
        return None
    words = Words(**{name: getattr(row, name) for name in Words.__dataclass_fields__})
    return Own(words=words, written_at=row.written_at, approved_at=row.approved_at)


def approve(session: Session, person: Person, leg_id: int, seen: Words, now: datetime) -> NotDone | None:
    """Approve of the words that were seen. When enough have, they stay as they are, and who approved is forgotten.
    Return why not, or None when it is done."""
    leg = held_leg(session, leg_id)
    if leg is None:
        return NotDone.NO_SUCH_LEG
    if leg.organisation_id != person.organisation_id or not is_member(session, person, leg.team_id):
        return NotDone.NOT_YOURS
    if leg.state is not LegState.RUNNING or leg.approved_at is not None:
        return NotDone.DONE
    standing = own(session, person, leg_id)
    if standing is None or standing.words != seen:
        return NotDone.OTHER_WORDS
    _APPROVE.run(session, leg=leg_id, person=person.id)
    settled(session, leg, now)
    return None


def settled(session: Session, leg: HeldLeg, now: datetime) -> HeldLeg:
    """Return a running leg as it stands once its words are approved, where enough of those still in its team have. When
    somebody leaves nobody presses anything, so whoever is to decide about a leg asks this first."""
    if leg.state is not LegState.RUNNING or leg.approved_at is not None:
        return leg
    there = set(teams.members(session, leg.team_id, now))  # somebody who has left approves of nothing
    approve = there & {row.person_id for row in _APPROVERS.rows(session, leg=leg.id)}
    if len(approve) < max(1, min(LEAST, len(there))) or _APPROVED.run(session, leg=leg.id, now=now) != 1:
        return leg
    _FORGET_APPROVALS.run(session, leg=leg.id)
    return replace(leg, approved_at=now)


def has_approved(session: Session, person: Person, leg_id: int) -> bool:
    """Whether the person has approved of the words as they stand, for themselves."""
    return _MINE.first(session, leg=leg_id, person=person.id) is not None


def received(session: Session, leg: HeldLeg) -> int | None:
    """Return the baton a leg has received: the latest words that were handed over before it. None: there are none."""
    found = _RECEIVED.scalar(session, relay=leg.relay_id, position=leg.position)
    return None if found is None else int(found)


def pass_on(session: Session, leg_id: int, baton_id: int) -> None:
    """Let a leg's baton be the one it has received. What was not approved is not kept."""
    _PASS_ON.run(session, leg=leg_id, baton=baton_id)
    _FORGET_APPROVALS.run(session, leg=leg_id)


def forget_unapproved(session: Session, leg_id: int) -> None:
    """Let go of words that were not approved, when their leg is over without them."""
    _FORGET_APPROVALS.run(session, leg=leg_id)
    _FORGET.run(session, leg=leg_id)


def _hand_in(session: Session, person: Person, leg: HeldLeg, words: Words, now: datetime) -> NotTaken | int | None:
    """Hand the words in to the round. What was handed in before says the same as the baton, whenever that is."""
    step_id = _STEP_OF.scalar(session, round=leg.round_id)
    if step_id is None:
        return None
    inputs: contributions.Inputs = asdict(words) | {"tested": YES_NO[words.tested]}
    inputs = {name: value for name, value in inputs.items() if value is not None}
    taken = contributions.hand_in(session, person, step_id, inputs, now)
    if taken is NotTaken.CLOSED:
        _SAY_THE_SAME.run(session, step=step_id, person=person.id, inputs=inputs, now=now)
    return taken


def _write(dialect: str) -> Executable:
    new = {name: bindparam(name, type_=_baton.c[name].type) for name in Words.__dataclass_fields__}
    new["written_at"] = bindparam("now", type_=UTCDateTime())
    row = insert_for(dialect, _baton).values(leg_id=bindparam("leg", type_=Integer), **new)
    return row.on_conflict_do_update(index_elements=["leg_id"], set_=new, where=_baton.c.approved_at.is_(None))


def _pass_on(dialect: str) -> Executable:
    none_of_its_own = {name: null() for name in (*Words.__dataclass_fields__, "written_at")}
    passed_on = bindparam("baton", type_=Integer)
    row = insert_for(dialect, _baton).values(leg_id=bindparam("leg", type_=Integer), passed_on_from=passed_on)
    return row.on_conflict_do_update(
        index_elements=["leg_id"],
        set_=none_of_its_own | {"passed_on_from": passed_on},
        where=_baton.c.approved_at.is_(None),
    )


def _approve(dialect: str) -> Executable:
    new = insert_for(dialect, _approval).values(leg_id=bindparam("leg"), person_id=bindparam("person"))
    return new.on_conflict_do_nothing()


_NOW = bindparam("now", type_=UTCDateTime())
_OF_LEG = _baton.c.leg_id == bindparam("leg", type_=Integer)
_APPROVALS = _approval.c.leg_id == bindparam("leg", type_=Integer)
_IS_UNAPPROVED = (_baton.c.passed_on_from.is_(None), _baton.c.approved_at.is_(None))
_WRITE = Prepared(_write)
_OWN = Prepared(
    select(
        *(_baton.c[name] for name in (*Words.__dataclass_fields__, "written_at", "approved_at")),
        _leg.c.team_id,
        _team.c.facilitator_id,
    )
    .select_from(_baton)
    .join(_leg, _leg.c.id == _baton.c.leg_id)
    .join(_team, _team.c.id == _leg.c.team_id)
    .where(
        _OF_LEG, _team.c.organisation_id == bindparam("organisation", type_=Integer), _baton.c.passed_on_from.is_(None)
    )
)
_APPROVE = Prepared(_approve)
_APPROVERS = Prepared(select(_approval.c.person_id).where(_APPROVALS))
_APPROVED = Prepared(update(_baton).where(_OF_LEG, *_IS_UNAPPROVED).values(approved_at=_NOW))
_MINE = Prepared(
    select(_approval.c.person_id).where(_APPROVALS, _approval.c.person_id == bindparam("person", type_=Integer))
)
_FORGET_APPROVALS = Prepared(delete(_approval).where(_APPROVALS))
_FORGET = Prepared(delete(_baton).where(_OF_LEG, *_IS_UNAPPROVED))
_RECEIVED = Prepared(
    select(_baton.c.id)
    .join(_leg, _leg.c.id == _baton.c.leg_id)
    .where(
        _leg.c.relay_id == bindparam("relay", type_=Integer),
        _leg.c.position < bindparam("position", type_=Integer),
        _leg.c.state == said(LegState.HANDED_OVER),
        _baton.c.passed_on_from.is_(None),
        _baton.c.approved_at.is_not(None),
    )
    .order_by(_leg.c.position.desc())
)
_PASS_ON = Prepared(_pass_on)
_STEP_OF = Prepared(
    select(_step.c.id).where(_step.c.round_id == bindparam("round", type_=Integer), _step.c.key == said(STEP))
)
_SAY_THE_SAME = Prepared(
    update(_contribution)
    .where(_contribution.c.round_step_id == bindparam("step", type_=Integer))
    .values(
        person_id=bindparam("person", type_=Integer),
        inputs=bindparam("inputs", type_=_contribution.c.inputs.type),
        written_at=_NOW,
    )
)
