"""A lane is one workspace's sending; a bucket is one limit of a platform."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Lane(SQLModel, table=True):
    """Who sends for a workspace right now. The lease is only pacing; correctness is in each delivery's own mark."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    holder: str | None = None
    leased_until: datetime | None = None


class Bucket(SQLModel, table=True):
    """One limit, as the moment from which it is free again (generic cell rate algorithm)."""

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True)
    name: str = Field(primary_key=True)
    """A method ("chat.postMessage"), or a method and a channel ("chat.postMessage/D012")."""
    free_at: datetime
