"""What people go through: the confirmed programme document, the cohort, its coordinators and enrolments."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Json, stored


class CohortState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class CatchUp(StrEnum):
    """What becomes of steps whose slot passed while Knuff was down."""

    SKIP = "skip"
    LATEST_ONLY = "latest_only"
    PACED = "paced"


class LateJoiners(StrEnum):
    DAY_ONE = "day_one"
    JOIN_COHORT = "join_cohort"


class Role(StrEnum):
    MANAGER = "manager"
    INNOVATION_LEADER = "innovation-leader"
    TEAM_MEMBER = "team-member"
    POLITICIAN = "politician"


class ProgrammeDocument(SQLModel, table=True):
    """A programme with all its lessons as it was when a cohort was confirmed. Never changed, only added."""

    __tablename__ = "programme_document"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    programme_id: str
    digest: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    stored_at: datetime


class Cohort(SQLModel, table=True):
    """People going through a programme from a start date, with coordinators and policies."""

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    document_id: int = Field(foreign_key="programme_document.id")
    name: str
    starts_on: date
    state: CohortState = Field(default=CohortState.RUNNING, sa_type=stored(CohortState))
    paused_from: date | None = None
    ended_on: date | None = None
    """The first day without promises."""
    default_slot: str = "08:15"
    window_minutes: int = 60
    """How long today's messages may take to reach everybody; the preview refuses a window that can't be met."""
    late_hours: int = 4
    catch_up: CatchUp = Field(default=CatchUp.LATEST_ONLY, sa_type=stored(CatchUp))
    late_joiners: LateJoiners = Field(default=LateJoiners.JOIN_COHORT, sa_type=stored(LateJoiners))
    calendar: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """`closed` (ISO dates), and `eves`, `half_eves`, `squeeze_days`, `christmas_week` (booleans)."""
    led_told: int | None = None
    """That at least so many of them have led a group exercise: what has been told, which never goes down."""
    created_at: datetime


class CohortCoordinator(SQLModel, table=True):
    __tablename__ = "cohort_coordinator"

    cohort_id: int = Field(foreign_key="cohort.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class Enrolment(SQLModel, table=True):
    """A person in a cohort. `cadence_id` repeats the person's, so that planning reads one index."""

    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        Index("ix_enrolment_cadence_id_cohort_id_starts_on", "cadence_id", "cohort_id", "starts_on"),
        Index("ix_enrolment_person_id", "person_id"),
        Index(
            "ix_enrolment_moved_at",
            "moved_at",
            sqlite_where=text("moved_at IS NOT NULL"),
            postgresql_where=text("moved_at IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    cohort_id: int = Field(foreign_key="cohort.id")
    person_id: int = Field(foreign_key="person.id")
    cadence_id: int = Field(foreign_key="cadence.id")
    role: Role = Field(default=Role.MANAGER, sa_type=stored(Role))
    starts_on: date
    """Day one of this person's programme; steps are counted from its week."""
    first_day: date
    """The first day anything is promised to this person."""
    ends_on: date | None = None
    """The first day nothing more is promised (removed, left, cohort ended)."""
    moved_at: datetime | None = None
    """Set when somebody joins or changes rhythm: at its next tick the planner sorts out their week, and clears it."""
    created_at: datetime


class CohortDraft(SQLModel, table=True):
    """What a coordinator has filled in and been shown, not yet confirmed. Thrown away on confirming."""

    __tablename__ = "cohort_draft"

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    coordinator_id: int = Field(foreign_key="person.id")
    cohort_id: int | None = Field(default=None, foreign_key="cohort.id")
    """The running cohort it would change; none for a new one."""
    body: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    made_at: datetime
