"""What a team's channel hears of a step after its prompt: what has opened, how a vote went, and how the round ended."""

from datetime import date, datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import Date, Integer, bindparam, func, literal_column, null, select
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import COLUMNS, said
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority

_delivery = metadata.tables["delivery"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]
_step = metadata.tables["round_step"]


class News(IntEnum):
    """Which message of a step it is, by its `occurrence`."""

    MORNING = 1
    OPENED = 2
    """What was hidden, or how the vote went."""
    ENDING = 3


def promise(
    session: Session, round_step_id: int, news: News, *, day: date, due_at: datetime, late_after: datetime
) -> int:
    """Promise it to the step's channel, once. Return how many promises were new: none where there is no channel."""
    return _PROMISE.run(
        session,
        round_step=round_step_id,
        news=int(news),
        day=day,
        due_at=due_at,
        late_after=late_after,
        priority=int(Priority.TODAY),
    )


def last_step(session: Session, round_id: int) -> int | None:
    """Return the last step the team has heard of; None when the round ended before it began."""
    found = _LAST.scalar(session, round=round_id)
    return None if found is None else int(found)


def _promise_statement(dialect: str) -> Any:
    due_at = bindparam("due_at", type_=UTCDateTime())
    rows = (
        select(
            _round.c.organisation_id,
            _round.c.workspace_id,
            null(),
            null(),
            null(),
            said(Kind.ROUND),
            null(),
            null(),
            null(),
            bindparam("news", type_=Integer),
            bindparam("day", type_=Date),
            due_at,
            bindparam("late_after", type_=UTCDateTime()),
            due_at,
            bindparam("priority", type_=Integer),
            said("planned"),
            null(),
            null(),
            literal_column("0"),
            literal_column("0"),
            _step.c.id,
        )
        .select_from(_step)
        .join(_round, _round.c.id == _step.c.round_id)
        .join(_team, _team.c.id == _round.c.team_id)
        .where(_step.c.id == bindparam("round_step", type_=Integer), _team.c.channel_id.is_not(None))
    )
    new = insert_for(dialect, _delivery).from_select([*COLUMNS, "round_step_id"], rows, include_defaults=False)
    return new.on_conflict_do_nothing()


_PROMISE = Prepared(_promise_statement)
_LAST = Prepared(
    select(func.max(_step.c.id)).where(_step.c.round_id == bindparam("round"), _step.c.prompted_at.is_not(None))
)
