"""Who sends for a workspace. A lease is only pacing: that nothing goes out twice is in each delivery's own mark."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, null, or_, update
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata

MOST_LEASES_AHEAD = 2
"""The clocks of two machines may differ by half a lease, without one taking the lane from the other: whoever holds it
renews it when a third has passed, and a lease that ends no later than this many from now is believed."""
_lane = metadata.tables["lane"]


def acquire(session: Session, workspace_id: int, holder: str, *, now: datetime, seconds: float) -> bool:
    """Take the workspace's lane, unless somebody else holds it. Holding it already renews it.

    A lease that ends later than any that is taken now was taken by a clock that was ahead, and holds nobody off.
    """
    until = now + timedelta(seconds=seconds)
    longest = now + timedelta(seconds=seconds * MOST_LEASES_AHEAD)
    taking = {"workspace": workspace_id, "who": holder, "now": now, "until": until, "longest": longest}
    if _TAKE.run(session, **taking):
        return True
    # Nobody has ever held it, or somebody else does.
    return bool(_NEW.run(session, workspace=workspace_id)) and _TAKE.run(session, **taking) == 1


def held_until(
    holder: str | None, leased_until: datetime | None, *, by: str | None, now: datetime, seconds: float
) -> datetime | None:
    """Return until when a lane is somebody else's than `by`, by what was read of it; None: `acquire` would take it.
    `by` None: whoever has it."""
    if holder is None or holder == by or leased_until is None:
        return None
    return leased_until if now <= leased_until <= now + timedelta(seconds=seconds * MOST_LEASES_AHEAD) else None


def renew(session: Session, workspace_id: int, holder: str, *, now: datetime, seconds: float) -> bool:
    """Hold the lane for longer. False when somebody else has taken it."""
    return _RENEW.run(session, workspace=workspace_id, who=holder, until=now + timedelta(seconds=seconds)) == 1


def release(session: Session, workspace_id: int, holder: str) -> None:
    _RELEASE.run(session, workspace=workspace_id, who=holder)


_MINE = (_lane.c.workspace_id == bindparam("workspace"), _lane.c.holder == bindparam("who"))
_RENEW = Prepared(update(_lane).where(*_MINE).values(leased_until=bindparam("until")))
_RELEASE = Prepared(update(_lane).where(*_MINE).values(holder=null(), leased_until=null()))
_TAKE = Prepared(
    update(_lane)
    .where(
        _lane.c.workspace_id == bindparam("workspace"),
        or_(
            _lane.c.holder.is_(None),
            _lane.c.holder == bindparam("who"),
            _lane.c.leased_until.is_(None),  # nobody writes that, but for a hand in the table
            _lane.c.leased_until < bindparam("now"),
            _lane.c.leased_until > bindparam("longest"),
        ),
    )
    .values(holder=bindparam("who"), leased_until=bindparam("until"))
)
_NEW = Prepared(
    lambda dialect: insert_for(dialect, _lane).values(workspace_id=bindparam("workspace")).on_conflict_do_nothing()
)
