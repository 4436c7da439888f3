"""What platforms told us, kept before it is acknowledged."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

WAITS = "handled_at IS NULL AND set_aside_at IS NULL"


class InboxEvent(SQLModel, table=True):
    """One event, keyed by the platform's own id: seen before means acknowledged and nothing done twice.

    `body` is erased in the transaction that handles it; the key stays for 30 days. What is set aside keeps its body, to
    be replayed, for as long as its key.
    """

    __tablename__ = "inbox_event"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "key"),
        Index("ix_inbox_event_unhandled", "id", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        # Whether somebody did something earlier that waits: asked for every event.
        Index(
            "ix_inbox_event_whose", "platform", "workspace", "person", "id",
            sqlite_where=text(WAITS), postgresql_where=text(WAITS),
        ),
        Index(
            "ix_inbox_event_set_aside", "id",
            sqlite_where=text("set_aside_at IS NOT NULL"), postgresql_where=text("set_aside_at IS NOT NULL"),
        ),
        # SQLite would give the id of the latest anew when it is taken back, and whoever still has that id in hand
        # would then settle somebody else's event.
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    """The platform's id of the workspace."""
    key: str
    person: str
    """The platform's id of the person: events of one person are handled in order."""
    kind: str | None = None
    """What happened, in one word, for operators: they never read the body."""
    body: str | None = Field(default=None, sa_column=Column(Text))
    received_at: datetime
    handled_at: datetime | None = None
    tries: int = 0
    set_aside_at: datetime | None = None
    set_aside_reason: str | None = None
    """Class of the error, never its text."""
