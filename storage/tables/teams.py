"""Who does challenges together: a team, and who is in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Json


class Team(SQLModel, table=True):
    """People with a channel, a language and a calendar of their own."""

    __table_args__ = (
        Index("ix_team_organisation_id", "organisation_id"),
        Index(
            "ix_team_mandate_id",
            "mandate_id",
            sqlite_where=text("mandate_id IS NOT NULL"),
            postgresql_where=text("mandate_id IS NOT NULL"),
        ),
        Index(
            "uq_team_channel",
            "workspace_id",
            "channel_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND channel_id IS NOT NULL"),
            postgresql_where=text("ended_at IS NULL AND channel_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    workspace_id: int = Field(foreign_key="workspace.id")
    name: str
    channel_id: str | None = None
    """The platform's own id of the channel or group chat; none while nobody has picked one."""
    language: str = "sv"
    """Of what is said in the channel. What a member gets alone is in their own."""
    zone: str
    """IANA name."""
    slot: str = "10:00"
    """Local time of day, "HH:MM"."""
    calendar: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """As a cohort's."""
    facilitator_id: int = Field(foreign_key="person.id", index=True)
    mandate_id: int | None = Field(default=None, foreign_key="person.id")
    """Who says yes, no or try, where a challenge asks for somebody who can."""
    facilitator_since: datetime | None = None
    """When whoever facilitates took over from somebody else. None: they always have."""
    mandate_since: datetime | None = None
    """As above, of whoever says yes or no."""
    channel_lost_at: datetime | None = None
    """When we found out that we cannot write in the channel. None: we can, as far as we know. No later than `made_at`:
    we never could, in the channel it has now."""
    made_at: datetime
    taken_out_at: datetime | None = None
    """When a coordinator last took anybody out, whether they were in it or not."""
    ended_at: datetime | None = None


class TeamMember(SQLModel, table=True):
    """Somebody in a team. Whoever comes back gets their own row back."""

    __tablename__ = "team_member"
    __table_args__ = (Index("ix_team_member_person_id", "person_id"),)

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    joined_at: datetime
    left_at: datetime | None = None
    is_added: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """A coordinator has added them, and not taken them out since: so far as coordinators know, they are in it."""
    has_left: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """They have left by themselves: nobody but they can bring them back."""
