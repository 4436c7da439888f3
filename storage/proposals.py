"""What people hand in and nobody is to know who: no person, no moment, no order, in any table.

A form bears a token that was drawn for it and lies in the button of a message, on the platform; here only that a member
was given one is known. Handing in asks for nobody's name and leaves the form's digest, so that it is not taken twice.
The digest is made with a secret that no database holds: who reads both the rows and the messages without it cannot tell
which form it was. Nothing here logs, and whoever calls it must not: who sends the form comes with the request, and has
to be left at the door.

Rows that are written together could be told by where they lie. So each time all of a step are written anew, in the
order of what was drawn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Table, and_, bindparam, delete, insert, or_, select
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.round_steps import HeldStep, NotTaken, held_by_all, held_step, is_member, is_shown
from storage.tables import metadata
from storage.tables.deliveries import Kind, State
from storage.tables.people import Person
from storage.tables.rounds import Asks

_proposal = metadata.tables["proposal"]
_used = metadata.tables["form_token"]
_given = metadata.tables["token_given"]
_step = metadata.tables["round_step"]
_delivery = metadata.tables["delivery"]

Inputs = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposed:
    id: str
    inputs: Inputs


def give_form(session: Session, person: Person, round_step_id: int, now: datetime) -> NotTaken | None:
    """Note that a member is given a form now, for the caller to make. Return why not: they have had theirs, for one, or
    it is on its way."""
    step = held_step(session, person, round_step_id)
    if (why_not := _why_not(step, now)) is not None or step is None:
        return why_not or NotTaken.NO_SUCH_STEP
    if not is_member(session, person, step.team_id):
        return NotTaken.NOT_YOURS
    if _REMINDED.first(session, step=step.id, person=person.id) or has_form(session, person.id, step.id):
        return NotTaken.ENOUGH
    return None if _GIVE.run(session, step=step.id, person=person.id) else NotTaken.ENOUGH


def has_form(session: Session, person_id: int, round_step_id: int) -> bool:
    """Whether somebody was given a form of the step, with its prompt or when they asked for one; or will be.

    A prompt that may not have arrived does not count: rather one form too many than none."""
    return _HAS.first(session, step=round_step_id, person=person_id) is not None


def is_used(session: Session, round_step_id: int, digest: str) -> bool:
    return _IS_USED.first(session, step=round_step_id, digest=digest) is not None


def hand_in(
    session: Session, round_step_id: int, digest: str, proposals: Sequence[Inputs], *, now: datetime, day: date
) -> NotTaken | None:
    """Keep what came on a form, and use the form up. Return why not, or None when it is done. `digest`: of a form
    that the caller has seen to be one of ours, for this step, by whoever has the secret.

    In a unit of work of its own: what is written with it would tell whose it is. `now` says whether it is taken, and is
    not kept; `day` is. All of a form come together, since afterwards nobody could say which were theirs.
    """
    step = held_by_all(session, round_step_id)
    if (why_not := _why_not(step, now)) is not None or step is None:
        return why_not or NotTaken.NO_SUCH_STEP
    if not proposals or len(proposals) > step.most_each or is_used(session, step.id, digest):
        return NotTaken.ENOUGH
    _write_anew(session, _used, step.id, [{"round_step_id": step.id, "digest": digest}])
    new = [
        {
            "id": secrets.token_hex(16),
            "organisation_id": step.organisation_id,
            "round_step_id": step.id,
            "inputs": one,
            "day": day,
        }
        for one in proposals
    ]
    _write_anew(session, _proposal, step.id, new)
    return None


def shown(session: Session, organisation_id: int, round_step_id: int, now: datetime) -> list[Proposed]:
    """Return what has been proposed, in an order that says nothing: nothing until it has opened."""
    rows = _SHOWN.rows(session, organisation=organisation_id, step=round_step_id, now=now)
    return [Proposed(id=row.id, inputs=row.inputs) for row in rows]


def forget_forms(session: Session, round_step_id: int) -> None:
    """Nothing more can be handed in: who was given a form is nobody's to know any longer."""
    _FORGET_USED.run(session, step=round_step_id)
    _FORGET_GIVEN.run(session, step=round_step_id)


def _why_not(step: HeldStep | None, now: datetime) -> NotTaken | None:
    """What comes after it has opened would be known by when it came."""
    if step is None or step.asks is not Asks.ANONYMOUS:
        return NotTaken.NO_SUCH_STEP
    return NotTaken.OPENED if step.opened_at is not None else step.why_not_now(now)


def _write_anew(session: Session, table: Table, round_step_id: int, new: list[dict[str, Any]]) -> None:
    """Write all rows of a step with the new ones among them. Nobody else does at the same time: the step is held."""
    connection = session.connection()
    of_step = table.c.round_step_id == round_step_id
    rows = [dict(row._mapping) for row in connection.execute(select(table).where(of_step))] + new
    connection.execute(delete(table).where(of_step))
    if rows:
        drawn = "id" if table is _proposal else "digest"
        connection.execute(insert(table), sorted(rows, key=lambda row: str(row[drawn])))


def _message(kind: Kind, *has_not_come: State) -> Any:
    """A message of the step to the person, in no state in which it has not come and will not."""
    return and_(
        _delivery.c.kind == said(kind),
        _delivery.c.round_step_id == bindparam("step", type_=Integer),
        _delivery.c.person_id == bindparam("person", type_=Integer),
        _delivery.c.state.not_in([said(state) for state in has_not_come]),
    )


_STEP = bindparam("step", type_=Integer)
_PERSON = bindparam("person", type_=Integer)
_GIVE = Prepared(
    lambda dialect: (
        insert_for(dialect, _given)
        .values(round_step_id=bindparam("step"), person_id=bindparam("person"))
        .on_conflict_do_nothing()
    )
)
_HAS = Prepared(
    select(_step.c.id).where(
        _step.c.id == _STEP,
        or_(
            select(_given.c.person_id).where(_given.c.round_step_id == _STEP, _given.c.person_id == _PERSON).exists(),
            select(_delivery.c.id).where(_message(Kind.ROUND, State.EXPLAINED, State.UNKNOWN)).exists(),
        ),
    )
)
_REMINDED = Prepared(select(_delivery.c.id).where(_message(Kind.ROUND_REMINDER, State.EXPLAINED)))
_IS_USED = Prepared(
    select(_used.c.digest).where(_used.c.round_step_id == bindparam("step"), _used.c.digest == bindparam("digest"))
)
_SHOWN = Prepared(
    select(_proposal.c.id, _proposal.c.inputs)
    .join(_step, _step.c.id == _proposal.c.round_step_id)
    .where(
        _proposal.c.round_step_id == bindparam("step"),
        _proposal.c.organisation_id == bindparam("organisation"),
        is_shown(),
    )
    .order_by(_proposal.c.id)
)
_FORGET_USED = Prepared(delete(_used).where(_used.c.round_step_id == bindparam("step")))
_FORGET_GIVEN = Prepared(delete(_given).where(_given.c.round_step_id == bindparam("step")))
