"""The programme's meetings on a cohort's calendar. Who came to one is nowhere: only how many."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class CohortSession(SQLModel, table=True):
    """One meeting. What it is about, and for whom, stands in the cohort's programme document."""

    __tablename__ = "cohort_session"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    cohort_id: int = Field(foreign_key="cohort.id")
    number: int
    """Its place among the programme's sessions, from 1 on."""
    day: date
    begins: str
    """Local time at the organisation, "13:00"."""
    minutes: int
    place: str = ""
    attended: int | None = None
    """How many came, as the coordinator counted them."""
    times_changed: int = 0
    """A calendar that has the meeting knows by it which of two is the newer."""
    moved_at: datetime | None = None
    """When a coordinator chose another day or time: from then on it stays where it was put."""
    called_off_at: datetime | None = None
    """When the cohort went over to a version of its programme without it."""
