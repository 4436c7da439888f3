"""What people think of the exercises, what they want changed in them, and the exercises they have led themselves."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import stored


class Useful(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Feedback(SQLModel, table=True):
    """Whether an exercise was of use to somebody: one answer each, theirs alone."""

    __table_args__ = (
        UniqueConstraint("person_id", "lesson_id"),
        Index(
            "ix_feedback_uncounted",
            "organisation_id", "lesson_id",
            sqlite_where=text("counted_on IS NULL"),
            postgresql_where=text("counted_on IS NULL"),
        ),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    lesson_id: str
    useful: Useful = Field(sa_type=stored(Useful))
    given_at: datetime
    counted_on: date | None = None
    """The night it became part of a figure. A figure holds what was said then: what is said anew changes none."""


class FeedbackFigure(SQLModel, table=True):
    """What all of those said together whose answers have been counted. It holds nobody, and it never goes down."""

    __tablename__ = "feedback_figure"

    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    lesson_id: str = Field(primary_key=True)
    answers: int
    halves: int
    """What these said: two for each yes, one for each partly."""
    nearly_all: int
    """Others, of whom all but at most one said yes: how many there were, and no more."""
    nearly_none: int
    """Others, of whom all but at most one said no."""
    counted_on: date
    """The latest night on which something was added."""


class Suggestion(SQLModel, table=True):
    """A change somebody wants and did not sign. No person, no moment and no day; the id is drawn, so that it has no
    order, and on SQLite the rows have no hidden number of their own either."""

    __table_args__ = (Index("ix_suggestion_organisation_id", "organisation_id"), {"sqlite_with_rowid": False})

    id: str = Field(primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    lesson_id: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    month: date
    """Its first day. The day itself could tell: of those few who had just answered that exercise."""


class SignedSuggestion(SQLModel, table=True):
    """A change somebody wants and signed: whoever owns the content may know who."""

    __tablename__ = "signed_suggestion"
    __table_args__ = (Index("ix_signed_suggestion_person_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    lesson_id: str
    name: str
    """As they wrote it themselves."""
    body: str = Field(sa_column=Column(Text, nullable=False))
    written_on_page: bool = False
    """Written on our own page, and shown to its author nowhere else."""
    sent_at: datetime


class Facilitation(SQLModel, table=True):
    """A group exercise somebody has led: their own note of it."""

    __table_args__ = (
        Index("ix_facilitation_person_id_led_on", "person_id", "led_on"),
        Index(
            "ix_facilitation_cohort_id",
            "cohort_id",
            sqlite_where=text("cohort_id IS NOT NULL"),
            postgresql_where=text("cohort_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    cohort_id: int | None = Field(default=None, foreign_key="cohort.id")
    """The programme they were in on that day; none when they were in none."""
    led_on: date
    method_id: str | None = None
    """A method card's; none for an exercise of another kind."""
    name: str | None = None
    """What they called it, where it was no method card's and they wanted the words saved."""
    people: int | None = None
    """How many took part, if they said."""
    learned: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    written_on_page: bool = False
    """Its words were written on our own page, and are shown nowhere else."""
    made_at: datetime
