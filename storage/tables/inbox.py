"""What platforms told us, kept before it is acknowledged."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class InboxEvent(SQLModel, table=True):
    """One event, keyed by the platform's own id: seen before means acknowledged and nothing done twice.

    `body` is erased in the transaction that handles it; the key stays for 30 days.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "key"),
        Index(
            "ix_inbox_event_unhandled",
            "id",
            sqlite_where=text("handled_at IS NULL AND set_aside_at IS NULL"),
            postgresql_where=text("handled_at IS NULL AND set_aside_at IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    """The platform's id of the workspace."""
    key: str
    person: str
    """The platform's id of the person: events of one person are handled in order."""
    body: str | None = Field(default=None, sa_column=Column(Text))
    received_at: datetime
    handled_at: datetime | None = None
    tries: int = 0
    set_aside_at: datetime | None = None
    set_aside_reason: str | None = None
    """Class of the error, never its text."""
