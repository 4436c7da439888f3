"""What people hand in under their own name. Until it opens it is its author's alone: that is in the statement.

Who wrote what is told to nobody but the author, unless they chose to be named.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, delete, exists, false, func, insert, null, select, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.round_steps import HeldStep, NotTaken, held_step, is_hidden, is_member, is_shown
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.rounds import Asks

_contribution = metadata.tables["contribution"]
_step = metadata.tables["round_step"]
_vote = metadata.tables["vote"]
_proposal = metadata.tables["proposal"]

ONCE_FOR_ALL = frozenset({Asks.TEAM, Asks.MANDATE, Asks.FACILITATOR})
EVER = datetime(9999, 1, 1, tzinfo=UTC)
Inputs = dict[str, Any]
"""What was written and chosen, by the key of each input."""


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """The earlier contribution or proposal that one is about; neither: it is about none."""

    contribution_id: int | None = None
    proposal_id: str | None = None


NOTHING = About()


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """Somebody's contribution, for themselves."""

    id: int
    inputs: Inputs
    about: About
    is_named: bool
    written_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A contribution that has opened, for everybody. Whose it is, only when they chose to be named."""

    id: int
    inputs: Inputs
    about: About
    person_id: int | None


def hand_in(
    session: Session,
    person: Person,
    round_step_id: int,
    inputs: Inputs,
    now: datetime,
    *,
    about: About = NOTHING,
    is_named: bool = False,
) -> int | NotTaken:
    """Keep what the person hands in and return its id, or why it is not taken.

    What is asked for once takes the place of what came before, whoever wrote that, until the next step begins.
    """
    step = held_step(session, person, round_step_id)
    if step is None or step.asks in (Asks.NOTHING, Asks.ANONYMOUS, Asks.VOTE):
        return NotTaken.NO_SUCH_STEP
    if (why_not := step.why_not_now(now)) is not None:
        return why_not
    if not _is_asked(session, person, step):
        return NotTaken.NOT_YOURS
    if about != NOTHING and not _is_to_be_seen(session, step, about, now):
        return NotTaken.NO_SUCH_CHOICE
    values = {"inputs": inputs, "is_named": is_named, "written": now}
    if step.asks in ONCE_FOR_ALL:
        said = {"step": step.id, "person": person.id, "about": about.contribution_id, "proposal": about.proposal_id}
        earlier = _ONCE_FOR_ALL.scalar(session, **{name: said[name] for name in ("step", "about", "proposal")})
        if earlier is not None and step.is_followed(now):
            return NotTaken.CLOSED
        if earlier is not None:
            _REPLACE.run(session, contribution=earlier, person=person.id, **values)
            return int(earlier)
    elif _HOW_MANY_OWN.scalar(session, step=step.id, person=person.id) >= step.most_each:
        return NotTaken.ENOUGH
    new = {"organisation": person.organisation_id, "step": step.id, "person": person.id}
    new_about = {"about": about.contribution_id, "proposal": about.proposal_id}
    return int(_INSERT.scalar(session, **new, **new_about, **values))


def change(
    session: Session, person: Person, contribution_id: int, inputs: Inputs, now: datetime, *, is_named: bool = False
) -> NotTaken | None:
    """Change the person's own words, until they open. Return why not, or None when it is done."""
    if (why_not := _why_not_changed(session, person, contribution_id, now)) is not None:
        return why_not
    values = {"inputs": inputs, "is_named": is_named, "written": now}
    changed = _CHANGE.run(session, contribution=contribution_id, person=person.id, **values)
    return None if changed else NotTaken.NOT_YOURS


def withdraw(session: Session, person: Person, contribution_id: int, now: datetime) -> NotTaken | None:
    """Take the person's own words back, until they open. Return why not, or None when it is done."""
    if (why_not := _why_not_changed(session, person, contribution_id, now)) is not None:
        return why_not
    return None if _WITHDRAW.run(session, contribution=contribution_id, person=person.id) else NotTaken.OPENED


def own(session: Session, person: Person, round_step_id: int) -> list[Own]:
    """Return what the person has handed in to a step, in the order it was written."""
    rows = _OWN.rows(session, step=round_step_id, person=person.id)
    return [
        Own(id=row.id, inputs=row.inputs, about=_about(row), is_named=row.is_named, written_at=row.written_at)
        for row in rows
    ]


def shown(
    session: Session, organisation_id: int, round_step_id: int, now: datetime, *, before: datetime = EVER
) -> list[Shown]:
    """Return what has been handed in to a step, for anybody in its team: nothing until it has opened. `before`: only
    what had come by then."""
    rows = _SHOWN.rows(session, organisation=organisation_id, step=round_step_id, now=now, before=before)
    return [Shown(id=row.id, inputs=row.inputs, about=_about(row), person_id=row.named_id) for row in rows]


def number_hidden(session: Session, person: Person) -> int:
    """Return how much of what the person has handed in nobody else has seen yet."""
    return int(_HOW_MANY_HIDDEN.scalar(session, person=person.id))


def forget_author(session: Session, person: Person) -> None:
    """Delete the words that have not opened, and whose all the others are. Votes that are not counted yet go too."""
    _FORGET_VOTES.run(session, person=person.id)
    _FORGET_HIDDEN.run(session, person=person.id)
    _FORGET_AUTHOR.run(session, person=person.id)


def _is_asked(session: Session, person: Person, step: HeldStep) -> bool:
    if step.asks is Asks.MANDATE:
        return step.mandate_id == person.id
    if step.asks is Asks.FACILITATOR:
        return step.facilitator_id == person.id
    return is_member(session, person, step.team_id)


def _is_to_be_seen(session: Session, step: HeldStep, about: About, now: datetime) -> bool:
    where = {"round": step.round_id, "now": now}
    if about.proposal_id is not None:
        return (
            about.contribution_id is None and _SEEN_PROPOSAL.first(session, id=about.proposal_id, **where) is not None
        )
    return _SEEN.first(session, id=about.contribution_id, **where) is not None


def _why_not_changed(session: Session, person: Person, contribution_id: int, now: datetime) -> NotTaken | None:
    where = _OWN_STEP.scalar(session, contribution=contribution_id, person=person.id)
    step = held_step(session, person, where) if where is not None else None
    if step is None:
        return NotTaken.NOT_YOURS
    if step.opened_at is not None:
        return NotTaken.OPENED
    if step.asks in ONCE_FOR_ALL and step.is_followed(now):
        return NotTaken.CLOSED
    return step.why_not_now(now)


def _about(row: Any) -> About:
    return About(contribution_id=row.about_id, proposal_id=row.about_proposal_id)


_THIS = _contribution.c.id == bindparam("contribution")
_MINE = _contribution.c.person_id == bindparam("person", type_=Integer)
_OF_STEP = _contribution.c.round_step_id == bindparam("step")
_SAID = {
    "inputs": bindparam("inputs", type_=_contribution.c.inputs.type),
    "is_named": bindparam("is_named"),
    "written_at": bindparam("written"),
}
_INSERT = Prepared(
    insert(_contribution)
    .values(
        organisation_id=bindparam("organisation"),
        round_step_id=bindparam("step"),
        person_id=bindparam("person"),
        about_id=bindparam("about"),
        about_proposal_id=bindparam("proposal"),
        **_SAID,
    )
    .returning(_contribution.c.id)
)
_ONCE_FOR_ALL = Prepared(
    select(_contribution.c.id).where(
        _OF_STEP,
        _contribution.c.about_id.is_not_distinct_from(bindparam("about", type_=Integer)),
        _contribution.c.about_proposal_id.is_not_distinct_from(
            bindparam("proposal", type_=_contribution.c.about_proposal_id.type)
        ),
    )
)
_REPLACE = Prepared(update(_contribution).where(_THIS).values(person_id=bindparam("person"), **_SAID))
_HOW_MANY_OWN = Prepared(select(func.count()).select_from(_contribution).where(_OF_STEP, _MINE))
_CHANGE = Prepared(update(_contribution).where(_THIS, _MINE).values(**_SAID))
_later = _contribution.alias("later")
_IS_IN_USE = exists().where(_later.c.about_id == _contribution.c.id) | exists().where(
    _vote.c.contribution_id == _contribution.c.id
)
_WITHDRAW = Prepared(delete(_contribution).where(_THIS, _MINE, ~_IS_IN_USE))
_OWN_STEP = Prepared(select(_contribution.c.round_step_id).where(_THIS, _MINE))
_OWN = Prepared(
    select(
        *(_contribution.c[name] for name in ("id", "inputs", "about_id", "about_proposal_id", "is_named", "written_at"))
    )
    .where(_OF_STEP, _MINE)
    .order_by(_contribution.c.id)
)
_SHOWN = Prepared(
    select(
        *(_contribution.c[name] for name in ("id", "inputs", "about_id", "about_proposal_id")),
        case((_contribution.c.is_named, _contribution.c.person_id), else_=null()).label("named_id"),
    )
    .join(_step, _step.c.id == _contribution.c.round_step_id)
    .where(
        _OF_STEP,
        _contribution.c.organisation_id == bindparam("organisation"),
        _contribution.c.written_at < bindparam("before", type_=_contribution.c.written_at.type),
        is_shown(),
    )
    .order_by(_contribution.c.id)
)
_SEEN = Prepared(
    select(_contribution.c.id)
    .join(_step, _step.c.id == _contribution.c.round_step_id)
    .where(_contribution.c.id == bindparam("id"), _step.c.round_id == bindparam("round"), is_shown())
)
_SEEN_PROPOSAL = Prepared(
    select(_proposal.c.id)
    .join(_step, _step.c.id == _proposal.c.round_step_id)
    .where(_proposal.c.id == bindparam("id"), _step.c.round_id == bindparam("round"), is_shown())
)
_FORGET_VOTES = Prepared(delete(_vote).where(_vote.c.person_id == bindparam("person")))
_MINE_HIDDEN = (_MINE, exists().where(and_(_step.c.id == _contribution.c.round_step_id, is_hidden())))
_HOW_MANY_HIDDEN = Prepared(select(func.count()).select_from(_contribution).where(*_MINE_HIDDEN))
_FORGET_HIDDEN = Prepared(delete(_contribution).where(*_MINE_HIDDEN))
_FORGET_AUTHOR = Prepared(update(_contribution).where(_MINE).values(person_id=null(), is_named=false()))
