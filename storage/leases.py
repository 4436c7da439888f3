"""Who sends for a workspace. A lease is only pacing: that nothing goes out twice is in each delivery's own mark."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import Session

from storage.inserting import insert
from storage.tables import metadata

_lane = metadata.tables["lane"]


def acquire(session: Session, workspace_id: int, holder: str, *, now: datetime, seconds: float) -> bool:
    """Take the workspace's lane, unless somebody else holds it. Holding it already renews it."""
    connection = session.connection()
    connection.execute(insert(session, _lane).values(workspace_id=workspace_id).on_conflict_do_nothing())
    taken = connection.execute(
        update(_lane)
        .where(
            _lane.c.workspace_id == workspace_id,
            or_(_lane.c.holder.is_(None), _lane.c.holder == holder, _lane.c.leased_until < now),
        )
        .values(holder=holder, leased_until=now + timedelta(seconds=seconds))
    )
    return taken.rowcount == 1


def renew(session: Session, workspace_id: int, holder: str, *, now: datetime, seconds: float) -> bool:
    """Hold the lane for longer. False when somebody else has taken it."""
    renewed = session.connection().execute(
        update(_lane)
        .where(_lane.c.workspace_id == workspace_id, _lane.c.holder == holder)
        .values(leased_until=now + timedelta(seconds=seconds))
    )
    return renewed.rowcount == 1


def release(session: Session, workspace_id: int, holder: str) -> None:
    session.connection().execute(
        update(_lane)
        .where(_lane.c.workspace_id == workspace_id, _lane.c.holder == holder)
        .values(holder=None, leased_until=None)
    )
