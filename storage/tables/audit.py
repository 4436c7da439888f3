"""What coordinators and operators did. Never what anybody answered."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.tables.columns import Json


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    at: datetime
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    action: str
    cohort_id: int | None = Field(default=None, foreign_key="cohort.id")
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
