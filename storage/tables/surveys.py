"""What people are asked about a programme, and what they answered. A response is its person's own: others see what has
been released when the wave closed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Json, JsonOrNothing


class SurveyDocument(SQLModel, table=True):
    """The surveys as they were when a cohort was confirmed. Never changed, only added."""

    __tablename__ = "survey_document"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    survey_id: str
    """The ids of the surveys in it, with "+" between them."""
    digest: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    stored_at: datetime


class SurveyWave(SQLModel, table=True):
    """When a cohort is asked. Once closed it is never opened again."""

    __tablename__ = "survey_wave"
    __table_args__ = (
        UniqueConstraint("cohort_id", "wave", "opens_on"),
        Index(
            "ix_survey_wave_open",
            "cohort_id", "opens_on",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    cohort_id: int = Field(foreign_key="cohort.id")
    wave: str
    """One of `lessons.surveys.Wave`."""
    document_id: int = Field(foreign_key="survey_document.id")
    roles: list[str] = Field(default_factory=list, sa_type=Json)
    """Who is asked: those who then have something to answer."""
    opens_on: date
    closes_on: date
    """The last day it can be answered."""
    closed_at: datetime | None = None
    asked: int | None = None
    """How many there were to ask, counted when it closed."""
    released: dict[str, Any] | None = Field(default=None, sa_type=JsonOrNothing)
    """What others may see of it, fixed when it closed."""


class SurveyResponse(SQLModel, table=True):
    """What one person answered to one question. Changed until the wave closes."""

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("wave_id", "enrolment_id", "item_id", "about"),
        Index("ix_survey_response_person_id", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    wave_id: int = Field(foreign_key="survey_wave.id")
    enrolment_id: int = Field(foreign_key="enrolment.id")
    person_id: int = Field(foreign_key="person.id")
    item_id: str
    about: str = ""
    """The behaviour a question is about; empty for a question that is about none."""
    value: str | None = None
    """The key of an option; none for a question the person declined."""
    answered_at: datetime
