"""What a team makes of a round beside what it hands in: a tie settled by its facilitator."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.round_steps import NotTaken, held_step
from storage.tables import metadata
from storage.tables.people import Person

_step = metadata.tables["round_step"]

SETTLED = "settled"
"""In a vote's outcome: which of the tied was chosen."""


def settle_tie(session: Session, facilitator: Person, round_step_id: int, candidate: str) -> NotTaken | None:
    """Keep which of the tied is taken further; once said, it stays. Return why not, or None when it is done.

    Which are tied, the caller says: what the numbers mean is the challenge's.
    """
    step = held_step(session, facilitator, round_step_id)
    if step is None:
        return NotTaken.NO_SUCH_STEP
    if step.facilitator_id != facilitator.id:
        return NotTaken.NOT_YOURS
    outcome: dict[str, Any] | None = _OUTCOME.scalar(session, step=step.id)
    if step.closed_at is None or outcome is None:
        return NotTaken.NOT_YET
    if SETTLED in outcome:
        return NotTaken.CLOSED
    _KEEP.run(
        session, step=step.id, outcome=outcome | {SETTLED: candidate}
    )  # the step is held: nobody writes meanwhile
    return None


_OUTCOME = Prepared(select(_step.c.outcome).where(_step.c.id == bindparam("step")))
_KEEP = Prepared(
    update(_step)
    .where(_step.c.id == bindparam("step"))
    .values(outcome=bindparam("outcome", type_=_step.c.outcome.type))
)
