"""One step of a round: whether it takes anything now, and whether what came is to be seen. Each said in one place."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.rounds import Asks, RoundState

_step = metadata.tables["round_step"]
_round = metadata.tables["round"]
_team = metadata.tables["team"]
_member = metadata.tables["team_member"]


class NotTaken(StrEnum):
    """Why something is not taken, or not changed."""

    NO_SUCH_STEP = "no_such_step"
    """There is none, or it asks for something else."""
    NOT_YOURS = "not_yours"
    """It is not asked of this person, or not theirs to change."""
    NOT_YET = "not_yet"
    OPENED = "opened"
    """It is there for all to see: what was handed in stays as it is."""
    CLOSED = "closed"
    ENOUGH = "enough"
    """As much as one may hand in has been handed in, or the form was used."""
    NO_SUCH_CHOICE = "no_such_choice"
    """What it is about, or for, is not to be seen in this round."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldStep:
    """A step as it stands, and as it stays until the unit of work is over."""

    id: int
    organisation_id: int
    round_id: int
    team_id: int
    facilitator_id: int
    mandate_id: int | None
    asks: Asks
    most_each: int
    prompt_at: datetime
    opens_at: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    round_state: RoundState
    followed_at: datetime | None
    """When the next step begins; None for the last."""

    @property
    def is_hidden(self) -> bool:
        """Whether what is handed in is still its author's alone."""
        return self.opens_at is not None and self.opened_at is None

    def is_followed(self, now: datetime) -> bool:
        """Whether the next step has begun: what was handed in once for all stays as it is, what is missing may come."""
        return self.followed_at is not None and self.followed_at <= now

    def why_not_now(self, now: datetime) -> NotTaken | None:
        if self.closed_at is not None or self.round_state is RoundState.ENDED:
            return NotTaken.CLOSED
        if self.closes_at is not None and self.closes_at <= now:
            return NotTaken.CLOSED
        return NotTaken.NOT_YET if now < self.prompt_at else None


def held_step(session: Session, person: Person, round_step_id: int) -> HeldStep | None:
    """Return a step in the person's organisation, and let nobody open it, close it or hand in to it meanwhile."""
    row = _HELD.first(session, step=round_step_id, organisation=person.organisation_id)
    return None if row is None else _held(row)


def held_by_all(session: Session, round_step_id: int) -> HeldStep | None:
    """As `held_step`, for what is done in nobody's name."""
    row = _HELD_BY_ID.first(session, step=round_step_id)
    return None if row is None else _held(row)


def is_member(session: Session, person: Person, team_id: int) -> bool:
    return _IS_MEMBER.first(session, team=team_id, person=person.id) is not None


def is_shown() -> ColumnElement[bool]:
    """Whether what was handed in to a step is there for others at :now. Part of every statement that reads it for them.

    What nobody is to know the author of is shown only once it has been opened, with the others."""
    now = bindparam("now", type_=UTCDateTime())
    return or_(
        and_(_step.c.opens_at.is_(None), _step.c.prompt_at <= now),
        and_(_step.c.opens_at <= now, _step.c.opened_at.is_not(None), _step.c.opened_at <= now),
    )


def is_hidden() -> ColumnElement[bool]:
    return and_(_step.c.opens_at.is_not(None), _step.c.opened_at.is_(None))


def _held(row: Any) -> HeldStep:
    return HeldStep(**{name: getattr(row, name) for name in HeldStep.__dataclass_fields__})


_OF_STEP = [
    _step.c[name]
    for name in (
        "id", "round_id", "asks", "most_each", "prompt_at", "opens_at", "opened_at", "closes_at", "closed_at",
    )
]  # fmt: skip
_next = _step.alias("next")
_FOLLOWED_AT = (
    select(func.min(_next.c.prompt_at))
    .where(_next.c.round_id == _step.c.round_id, _next.c.prompt_at > _step.c.prompt_at)
    .correlate(_step)
    .scalar_subquery()
)
_ALL_HELD = (
    select(
        *_OF_STEP,
        _FOLLOWED_AT.label("followed_at"),
        _round.c.organisation_id,
        _round.c.team_id,
        _round.c.state.label("round_state"),
        _team.c.facilitator_id,
        _team.c.mandate_id,
    )
    .join(_round, _round.c.id == _step.c.round_id)
    .join(_team, _team.c.id == _round.c.team_id)
    .where(_step.c.id == bindparam("step"))
    .with_for_update(of=_step)
)
_HELD_BY_ID = Prepared(_ALL_HELD)
_HELD = Prepared(_ALL_HELD.where(_round.c.organisation_id == bindparam("organisation")))
_IS_MEMBER = Prepared(
    select(_member.c.person_id).where(
        _member.c.team_id == bindparam("team"), _member.c.person_id == bindparam("person"), _member.c.left_at.is_(None)
    )
)
