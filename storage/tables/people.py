"""Who: the organisation, its workspaces, the people in them and the cadence each of them keeps."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import stored


class Platform(StrEnum):
    SLACK = "slack"
    TEAMS = "teams"
    PAPER = "paper"


class Pace(StrEnum):
    DAILY = "daily"
    THREE = "three"
    MONDAYS = "mondays"


class Shift(StrEnum):
    """When somebody works: in the daytime, or on a shift that begins at 07:00, 13:30 or 21:30."""

    DAY = "day"
    MORNING = "morning"
    EVENING = "evening"
    NIGHT = "night"


class Organisation(SQLModel, table=True):
    """The data controller. Every query is scoped to one."""

    id: int = Field(default=None, primary_key=True)
    name: str
    created_at: datetime


class Workspace(SQLModel, table=True):
    """A Slack workspace or Teams tenant of an organisation."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    platform: Platform = Field(sa_type=stored(Platform))
    external_id: str
    service_url: str | None = None
    """Where calls about this workspace go, on a platform that tells it with what it sends us."""
    disconnected_at: datetime | None = None
    disconnected_reason: str | None = None
    created_at: datetime


class Cadence(SQLModel, table=True):
    """A rhythm that people share: same zone, slot, weekdays, pace and shift. The planner works per cadence, so its
    work grows with how many cadences are due, not with how many people there are.

    A row's rhythm never changes; a person who changes rhythm points at another row.
    """

    __table_args__ = (
        UniqueConstraint("organisation_id", "zone", "slot", "days", "pace", "shift"),
        Index("ix_cadence_next_at", "next_at"),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    zone: str
    """IANA name."""
    slot: str
    """Local time of day, "HH:MM"."""
    days: int
    """Weekdays as bits: Monday 1, Tuesday 2, Wednesday 4, Thursday 8, Friday 16."""
    pace: Pace = Field(sa_type=stored(Pace))
    shift: Shift = Field(default=Shift.DAY, sa_type=stored(Shift), sa_column_kwargs={"server_default": text("'day'")})
    """Whose hours hold (`storage.humane`): nothing is sent to them at any other hour."""
    planned_through: date
    """The last local day that has been planned: the watermark from which downtime is seen."""
    next_at: datetime
    """When the planner must look at this cadence again."""


class Person(SQLModel, table=True):
    """Somebody in a workspace. No name, no address: the platform knows those."""

    __table_args__ = (UniqueConstraint("workspace_id", "external_id"), Index("ix_person_cadence_id", "cadence_id"))

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    workspace_id: int = Field(foreign_key="workspace.id")
    external_id: str
    conversation_id: str | None = None
    """The personal chat with us, once known."""
    cadence_id: int = Field(foreign_key="cadence.id")
    language: str = "sv"
    language_chosen: bool = False
    zone_chosen: bool = False
    rhythm_chosen: bool = False
    """Slot, days or pace are this person's own choice: a cohort's new default no longer moves them."""
    saves_text: bool = True
    """Whether "save" is preset on forms; the organisation decides the first value."""
    is_coordinator: bool = False
    welcomed_at: datetime | None = None
    paused_from: date | None = None
    paused_until: date | None = None
    """The last paused day, inclusive."""
    stopped_at: datetime | None = None
    left_at: datetime | None = None
    """Deactivated or gone from the workspace."""
    unreachable_at: datetime | None = None
    unreachable_reason: str | None = None
    unanswered: int = 0
    """Nudges sent in a row since this person last did anything. Drives the back-off; any sign of life makes it 0."""
    last_sent_on: date | None = None
    last_seen_at: datetime | None = None
    created_at: datetime
