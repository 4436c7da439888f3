"""What is done once a day, whoever does it."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Chore(SQLModel, table=True):
    """When something was last taken on, and last finished. Whoever takes it on does it."""

    name: str = Field(primary_key=True)
    taken_on: date
    """The local day that it was taken on for."""
    taken_at: datetime
    tries: int
    """How often it has been taken on for that day."""
    finished_on: date | None = None
    """The last day that it was finished for."""
