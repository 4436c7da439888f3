"""The workspaces of this installation: connected at start, disconnected when the platform says so; who is in them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.people import find_workspace, workspace_met
from storage.tables.inbox import InboxEvent
from storage.tables.people import Person, Platform, Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How we stand with a workspace."""

    disconnected_at: datetime | None
    reason: str | None
    heard_of_at: datetime | None
    """When the latest event came from there."""


def connected(session: Session, *, platform: str, external_id: str, organisation_name: str, now: datetime) -> Workspace:
    """Return the workspace, kept from now on if it is new, and sending again if it had been disconnected."""
    workspace = workspace_met(
        session, platform=platform, workspace=external_id, organisation_name=organisation_name, now=now
    )
    workspace.disconnected_at = None
    workspace.disconnected_reason = None
    session.add(workspace)
    session.flush()
    return workspace


def disconnected(session: Session, *, platform: str, external_id: str, reason: str, now: datetime) -> None:
    """Send nothing more to a workspace until it is connected again."""
    workspace = find_workspace(session, platform=platform, workspace=external_id)
    if workspace is not None and workspace.disconnected_at is None:
        workspace.disconnected_at = now
        workspace.disconnected_reason = reason
        session.add(workspace)
        session.flush()


def service_url(session: Session, *, platform: str, external_id: str) -> str | None:
    """Return where calls about the workspace go; None when it has not been told, or we have not met it."""
    workspace = find_workspace(session, platform=platform, workspace=external_id)
    return workspace.service_url if workspace else None


def serve_from(session: Session, *, platform: str, external_id: str, url: str) -> None:
    """Note where calls about the workspace go from now on."""
    workspace = find_workspace(session, platform=platform, workspace=external_id)
    if workspace is not None:
        workspace.service_url = url
        session.add(workspace)


def standing(session: Session, *, platform: str, external_id: str) -> Standing | None:
    """Return how we stand with the workspace, or None when we have not met it."""
    workspace = find_workspace(session, platform=platform, workspace=external_id)
    if workspace is None:
        return None
    latest = select(InboxEvent.received_at).where(InboxEvent.platform == platform, InboxEvent.workspace == external_id)
    return Standing(
        disconnected_at=workspace.disconnected_at,
        reason=workspace.disconnected_reason,
        heard_of_at=session.exec(latest.order_by(col(InboxEvent.id).desc()).limit(1)).first(),
    )


def are_known(session: Session) -> bool:
    """Whether we have ever been let into one."""
    return session.exec(select(Workspace.id).limit(1)).first() is not None


def connected_on(session: Session, platform: str) -> list[tuple[int, str]]:
    """Return id and external id of every connected workspace of a platform."""
    rows = session.exec(
        select(Workspace.id, Workspace.external_id).where(
            Workspace.platform == Platform(platform), col(Workspace.disconnected_at).is_(None)
        )
    )
    return [(workspace_id, external_id) for workspace_id, external_id in rows]


def everybody_in(session: Session, workspace_id: int) -> list[str]:
    """Return the external ids of everybody who has not left."""
    return list(
        session.exec(
            select(Person.external_id)
            .where(Person.workspace_id == workspace_id, col(Person.left_at).is_(None))
            .order_by(col(Person.id))
        )
    )


def people_by_id(session: Session, workspace_id: int, external_ids: Collection[str]) -> list[Person]:
    """Return those of the ids whom we have met."""
    return list(
        session.exec(
            select(Person).where(Person.workspace_id == workspace_id, col(Person.external_id).in_(external_ids))
        )
    )
