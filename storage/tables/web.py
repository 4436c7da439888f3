"""Our own page: a single-use link from chat, then a session. Only hashes are stored."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class WebLink(SQLModel, table=True):
    __tablename__ = "web_link"

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    leads_to: str
    """Path on our own page, for example "/my/data" or "/my/answer/12"."""
    expires_at: datetime
    used_at: datetime | None = None


class WebSession(SQLModel, table=True):
    __tablename__ = "web_session"

    token_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    form_token: str
    """Expected in every form that is sent (against forged requests)."""
    expires_at: datetime
