"""Where there is work: for each workspace, when a lane has something to do next, and who has taken it on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, TextClause, bindparam, literal_column, select, text
from sqlmodel import Session

from storage.prepared import Prepared
from storage.promise_rows import written
from storage.tables import metadata
from storage.tables.deliveries import Priority

_delivery = metadata.tables["delivery"]
_workspace = metadata.tables["workspace"]
_lane = metadata.tables["lane"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What there is to do for one workspace."""

    workspace_id: int
    platform: str
    next_at: datetime
    """When something is to be sent or asked about. What a holder of the lane left behind is overdue."""
    holder: str | None
    leased_until: datetime | None


def everywhere(session: Session) -> list[Work]:
    """Return the workspaces that have something to do, now or later."""
    return [
        Work(workspace_id=id, platform=platform, next_at=min(moments), holder=holder, leased_until=leased_until)
        for id, platform, holder, leased_until, *waiting in _EVERYWHERE.rows(session)
        if (moments := [moment for moment in waiting if moment is not None])
    ]


def due(session: Session, now: datetime) -> list[Work]:
    """Return the workspaces with something to do now, whoever has taken it on."""
    return [work for work in everywhere(session) if work.next_at <= now]


def next_in(session: Session, workspace_id: int) -> datetime | None:
    """Return when a workspace's next message is to be sent, or None when none waits."""
    waiting = _NEXT_IN.first(session, workspace=workspace_id)
    return min((moment for moment in waiting if moment is not None), default=None)


# Conditions are written out for the indexes of what is undone. Ordered and limited, each is one step in its index: in
# one for all priorities, everything that is planned for later today would be read every time.
_UNSETTLED = text("delivery.state IN ('sending', 'unknown')")


def _earliest(workspace: ColumnElement[int], *which: ColumnElement[bool] | TextClause) -> ScalarSelect[Any]:
    mine = select(_delivery.c.try_at).where(_delivery.c.workspace_id == workspace, *which)
    return mine.order_by(_delivery.c.try_at).limit(literal_column("1")).scalar_subquery()


def _to_send(workspace: ColumnElement[int]) -> list[ScalarSelect[Any]]:
    planned = text("delivery.state = 'planned' AND delivery.rides_on IS NULL")
    return [_earliest(workspace, planned, _delivery.c.priority == written(priority)) for priority in Priority]


_EVERYWHERE = Prepared(
    select(
        _workspace.c.id,
        _workspace.c.platform,
        _lane.c.holder,
        _lane.c.leased_until,
        *_to_send(_workspace.c.id),
        _earliest(_workspace.c.id, _UNSETTLED),
    )
    .outerjoin(_lane, _lane.c.workspace_id == _workspace.c.id)
    .order_by(_workspace.c.id)
)
_NEXT_IN = Prepared(select(*_to_send(bindparam("workspace", type_=Integer))))
