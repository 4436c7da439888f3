"""How a round stands, for whoever coordinates it: what goes on and what is over; and of a team of five or more, once a
step is over, whether enough came and how many took part. Never who, and nothing that moves while people write."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from storage import round_numbers
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.rounds import Asks, Ending, Round

_step = metadata.tables["round_step"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How one step stands."""

    key: str
    day: date
    asks: Asks
    begun: bool
    closed: bool
    """Or opened: nothing need come any more."""
    was_cut_off: bool
    """Whether it was under way when its round was ended, or stopped."""
    reached: bool | None
    """Whether so many had handed in or voted, when it opened or closed, that the step counts. None until then, and
    where nothing may be told: see `storage.round_numbers`."""
    come: int | None
    """How many had, of those there when the round was confirmed. None where `reached` is, and where it is anonymous."""
    members: int | None
    """Of how many; None where `come` is."""


def standing(session: Session, round_: Round) -> list[Standing]:
    """Return how each step stands, in their order."""
    return [
        Standing(
            key=row.key,
            day=row.day,
            asks=row.asks,
            begun=row.prompted_at is not None,
            closed=row.closed_at is not None or row.opened_at is not None,
            was_cut_off=_was_cut_off(row, round_),
            **round_numbers.told(row.outcome),
        )
        for row in _STANDING.rows(session, round=round_.id)
    ]


def _was_cut_off(row: Any, round_: Round) -> bool:
    if row.opened_at is not None or row.closed_at is None or round_.ending in (Ending.FINISHED, Ending.NOT_MADE):
        return False
    return bool(row.closed_at == round_.ended_at)


_STANDING = Prepared(
    select(*(_step.c[name] for name in ("key", "day", "asks", "prompted_at", "opened_at", "closed_at", "outcome")))
    .where(_step.c.round_id == bindparam("round"))
    .order_by(_step.c.day, _step.c.id)
)
