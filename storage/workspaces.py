"""The workspaces of this installation: connected at start, disconnected when the platform says so."""

from datetime import datetime

from sqlmodel import Session, select

from storage.people import workspace_met
from storage.tables.people import Platform, Workspace


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
    workspace = session.exec(
        select(Workspace).where(Workspace.platform == Platform(platform), Workspace.external_id == external_id)
    ).first()
    if workspace is not None and workspace.disconnected_at is None:
        workspace.disconnected_at = now
        workspace.disconnected_reason = reason
        session.add(workspace)
        session.flush()


def every(session: Session) -> list[Workspace]:
    return list(session.exec(select(Workspace).order_by(Workspace.id)).all())  # type: ignore[arg-type]
