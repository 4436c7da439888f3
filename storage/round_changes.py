"""A round whose days are changed: its rows as they are to be, all of them in one unit of work, or none.

Nothing is promised before its moment has come, so there is nothing to take back: what has been promised stays as it
was, and what is to come is found at its new moment.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, update
from sqlmodel import Session, col, select

from storage.rounds import NewStep
from storage.tables import metadata
from storage.tables.deliveries import ROUND_KINDS, Delivery, State
from storage.tables.rounds import Round, RoundState, RoundStep

_round = metadata.tables["round"]
_step = metadata.tables["round_step"]

MARKS = ("prompted_at", "reminded_at", "opened_at", "closed_at")
"""What has happened to a step already."""


class RoundHasChanged(Exception):
    """Something happened to the round since it was looked at: look again. Whatever was written is undone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepTimes:
    """When a step is to happen."""

    day: date
    last_day: date
    prompt_at: datetime
    remind_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMessage:
    """A message about a step that has arrived."""

    delivery_id: int
    person_id: int | None
    conversation_id: str
    message_id: str


def write(
    session: Session,
    round_: Round,
    *,
    starts_on: date,
    ends_at: datetime,
    steps: Sequence[tuple[RoundStep, StepTimes]],
    added: Collection[NewStep] = (),
) -> None:
    """Write the new times of a round that was just read, and the days that have come to it. Raises RoundHasChanged when
    the round has been changed meanwhile, or something has happened to one of these steps."""
    if _run(session, _round_as_seen(round_, starts_on=starts_on, ends_at=ends_at)) != 1:
        raise RoundHasChanged(round_.id)
    for step, times in _without_collision(steps):
        if _run(session, _step_as_seen(step, times)) != 1:
            raise RoundHasChanged(round_.id)
    if added:
        session.connection().execute(insert(_step), [asdict(step) | {"round_id": round_.id} for step in added])


def sent_about(session: Session, steps: Collection[int], limit: int) -> list[SentMessage]:
    """Return the messages that ask for these steps and have arrived, those to channels first."""
    wanted = (
        select(Delivery)
        .where(
            col(Delivery.round_step_id).in_(steps),
            col(Delivery.kind).in_(ROUND_KINDS),
            Delivery.occurrence == 1,
            Delivery.state == State.SENT,
            col(Delivery.message_id).is_not(None),
        )
        .order_by(col(Delivery.person_id).is_not(None), col(Delivery.id))
        .limit(limit)
    )
    return [
        SentMessage(
            delivery_id=row.id,
            person_id=row.person_id,
            conversation_id=row.conversation_id or "",
            message_id=row.message_id or "",
        )
        for row in session.exec(wanted)
    ]


def _run(session: Session, statement: Any) -> int:
    return int(session.connection().execute(statement).rowcount)


def _round_as_seen(round_: Round, **values: Any) -> Any:
    is_as_seen = (_round.c.state != RoundState.ENDED, _round.c.times_changed == round_.times_changed)
    changed = values | {"times_changed": _round.c.times_changed + 1}
    return update(_round).where(_round.c.id == round_.id, *is_as_seen).values(**changed)


def _step_as_seen(step: RoundStep, times: StepTimes) -> Any:
    is_as_seen = [_is_marked(mark, getattr(step, mark)) for mark in MARKS]
    return update(_step).where(_step.c.id == step.id, *is_as_seen).values(**asdict(times))


def _is_marked(mark: str, at: datetime | None) -> ColumnElement[bool]:
    return _step.c[mark].is_(None) if at is None else _step.c[mark].is_not(None)


def _without_collision(steps: Sequence[tuple[RoundStep, StepTimes]]) -> list[tuple[RoundStep, StepTimes]]:
    """Return the steps in an order in which none comes to a day that another of its kind has not left yet: each keeps
    its place among them."""
    earlier = sorted((one for one in steps if one[1].day <= one[0].day), key=lambda one: one[0].day)
    later = sorted((one for one in steps if one[1].day > one[0].day), key=lambda one: one[0].day, reverse=True)
    return [*earlier, *later]
