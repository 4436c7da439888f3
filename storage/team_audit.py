"""The audit of teams: who did what to which, in numbers."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.tables.audit import AuditEntry
from storage.tables.people import Person


def write_down(session: Session, coordinator: Person, action: str, now: datetime, **detail: Any) -> None:
    session.add(
        AuditEntry(
            organisation_id=coordinator.organisation_id, at=now, actor_id=coordinator.id, action=action, detail=detail
        )
    )
