"""What a person practises most, what they keep up, and whom they tell. Theirs alone, as their answers are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

MOST_FOCUS = 3


class EnrolmentFocus(SQLModel, table=True):
    """One of the behaviours that somebody has chosen to practise most in a programme."""

    __tablename__ = "enrolment_focus"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "place"),
        UniqueConstraint("enrolment_id", "behaviour"),
        CheckConstraint(f"place BETWEEN 1 AND {MOST_FOCUS}", name="place"),
        Index("ix_enrolment_focus_person_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    enrolment_id: int = Field(foreign_key="enrolment.id")
    place: int
    """From 1, in the order they were chosen."""
    behaviour: str
    """A key of the taxonomy."""
    chosen_at: datetime


class KeptBehaviour(SQLModel, table=True):
    """The one behaviour that somebody keeps up after a programme: one at a time, whatever programme it came from."""

    __tablename__ = "kept_behaviour"
    __table_args__ = (UniqueConstraint("person_id"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    behaviour: str
    chosen_at: datetime


class Peer(SQLModel, table=True):
    """Whom somebody tells how it went. Knuff never writes to them, and they are told of nothing."""

    __tablename__ = "peer"
    __table_args__ = (UniqueConstraint("person_id"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    external_id: str | None = None
    """The platform's own id, when they were picked from a list; else none."""
    name: str | None = None
    """As the person typed it."""
    chosen_at: datetime
