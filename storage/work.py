"""Where there is work: for each workspace, when a lane has something to do next, and who has taken it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, TextClause, bindparam, literal_column, null, select, text
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """Where there is something to do, now or later."""

    work: list[Work]
    unreadable: list[int]
    """Workspaces of which we cannot tell: SQLite takes whatever a hand writes where a moment belongs."""


def overview(session: Session) -> Overview:
    try:
        return Overview(work=_work(_EVERYWHERE.rows(session)), unreadable=[])
    except NONSENSE:  # in one row: it must not stop all the others
        return _one_by_one(session)


def everywhere(session: Session) -> list[Work]:
    """Return the workspaces that have something to do, now or later."""
    return overview(session).work


def due(session: Session, now: datetime) -> list[Work]:
    """Return the workspaces with something to do now, whoever has taken it on."""
    return [work for work in everywhere(session) if work.next_at <= now]


def next_in(session: Session, workspace_id: int) -> datetime | None:
    """Return when a workspace's next message is to be sent, or None when none waits."""
    waiting = _NEXT_IN.first(session, workspace=workspace_id)
    return min((moment for moment in waiting if moment is not None), default=None)


def _one_by_one(session: Session) -> Overview:
    found = Overview(work=[], unreadable=[])
    for (id,) in _WORKSPACES.rows(session):
        try:
            found.work.extend(_of_one(session, id))
        except NONSENSE:
            found.unreadable.append(id)
    return found


def _of_one(session: Session, workspace_id: int) -> list[Work]:
    try:
        return _work(_ONE.rows(session, workspace=workspace_id))
    except NONSENSE:  # a spoilt lease holds nobody off: whoever takes the lane writes a new one
        return _work(_ONE_AS_IF_FREE.rows(session, workspace=workspace_id))


def _work(rows: Sequence[Any]) -> list[Work]:
    return [
        Work(workspace_id=id, platform=platform, next_at=min(moments), holder=holder, leased_until=leased_until)
        for id, platform, holder, leased_until, *waiting in rows
        if (moments := [moment for moment in waiting if moment is not None])
    ]


NONSENSE = (ValueError, TypeError)
"""What reading a moment raises that is none."""


# Conditions are written out for the indexes of what is undone. Ordered and limited, each is one step in its index: in
# one for all priorities, everything that is planned for later today would be read every time.
_UNSETTLED = text("delivery.state IN ('sending', 'unknown')")


def _earliest(workspace: ColumnElement[int], *which: ColumnElement[bool] | TextClause) -> ScalarSelect[Any]:
    mine = select(_delivery.c.try_at).where(_delivery.c.workspace_id == workspace, *which)
    return mine.order_by(_delivery.c.try_at).limit(literal_column("1")).scalar_subquery()


def _to_send(workspace: ColumnElement[int]) -> list[ScalarSelect[Any]]:
    planned = text("delivery.state = 'planned' AND delivery.rides_on IS NULL")
    return [_earliest(workspace, planned, _delivery.c.priority == written(priority)) for priority in Priority]


_WAITING = (*_to_send(_workspace.c.id), _earliest(_workspace.c.id, _UNSETTLED))
_ALL = (
    select(_workspace.c.id, _workspace.c.platform, _lane.c.holder, _lane.c.leased_until, *_WAITING)
    .outerjoin(_lane, _lane.c.workspace_id == _workspace.c.id)
    .order_by(_workspace.c.id)
)
_IS_THIS = _workspace.c.id == bindparam("workspace", type_=Integer)
_EVERYWHERE = Prepared(_ALL)
_ONE = Prepared(_ALL.where(_IS_THIS))
_ONE_AS_IF_FREE = Prepared(
    select(
        _workspace.c.id, _workspace.c.platform, null().label("holder"), null().label("leased_until"), *_WAITING
    ).where(_IS_THIS)
)
_WORKSPACES = Prepared(select(_workspace.c.id).order_by(_workspace.c.id))
_NEXT_IN = Prepared(select(*_to_send(bindparam("workspace", type_=Integer))))
