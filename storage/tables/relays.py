"""Teams that hand a baton to each other: the relay, its legs, what was handed over, and what comes of it afterwards.

A baton leaves the team, and perhaps the organisation: no row of it says who wrote it.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import one_of, stored


class RelayState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    CLOSING = "closing"
    """Every leg is over: what is left is the closing day, and how it went afterwards."""
    ENDED = "ended"


class RelayEnding(StrEnum):
    FINISHED = "finished"
    ENDED_EARLY = "ended_early"
    """By whoever coordinates it."""


class LegState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    """The team has the baton, or the relay's question."""
    HANDED_OVER = "handed_over"
    """With words of its own, or with those it had received."""
    SKIPPED = "skipped"


class Afterwards(StrEnum):
    """How it goes with what a team promised, some weeks later."""

    DONE = "done"
    UNDER_WAY = "under_way"
    NOT_NOW = "not_now"


class Relay(SQLModel, table=True):
    """A question that goes from team to team."""

    __table_args__ = (
        CheckConstraint(one_of("state", RelayState), name="state"),
        CheckConstraint(f"ending IS NULL OR {one_of('ending', RelayEnding)}", name="ending"),
        CheckConstraint("(state = 'ended') = (ending IS NOT NULL AND ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("state <> 'closing' OR closing_on IS NOT NULL", name="closing"),
        Index("ix_relay_organisation_id", "organisation_id"),
        Index(
            "ix_relay_made_by",
            "made_by",
            sqlite_where=text("made_by IS NOT NULL"),
            postgresql_where=text("made_by IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    made_by: int | None = Field(default=None, foreign_key="person.id")
    """Who coordinates it. None: they have deleted their data since."""
    name: str
    question: str = Field(sa_column=Column(Text, nullable=False))
    document_id: int = Field(foreign_key="challenge_document.id")
    """The challenge as it was confirmed: every leg is a round of it."""
    starts_on: date
    closing_on: date | None = None
    """The day of the closing meeting; none while nobody has chosen one and the last leg is not over."""
    state: RelayState = Field(default=RelayState.PLANNED, sa_type=stored(RelayState))
    ending: RelayEnding | None = Field(default=None, sa_type=stored(RelayEnding))
    made_at: datetime
    ended_at: datetime | None = None


class RelayLeg(SQLModel, table=True):
    """One team's part of a relay. Its words are in the baton, its days in the round."""

    __tablename__ = "relay_leg"
    __table_args__ = (
        CheckConstraint(one_of("state", LegState), name="state"),
        CheckConstraint("(state = 'handed_over' OR state = 'skipped') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("state = 'waiting' OR state = 'skipped' OR begun_at IS NOT NULL", name="begun"),
        CheckConstraint("round_id IS NULL OR begun_at IS NOT NULL", name="round"),
        CheckConstraint("(stalled_at IS NOT NULL) = (passes_on_at IS NOT NULL)", name="stalled"),
        UniqueConstraint("relay_id", "position"),
        Index("ix_relay_leg_team_id", "team_id"),
        Index(
            "ix_relay_leg_round_id",
            "round_id",
            unique=True,
            sqlite_where=text("round_id IS NOT NULL"),
            postgresql_where=text("round_id IS NOT NULL"),
        ),
        Index(
            "ix_relay_leg_running",
            "passes_on_at",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    relay_id: int = Field(foreign_key="relay.id")
    position: int
    """From 1."""
    team_id: int = Field(foreign_key="team.id")
    organisation: str
    """The name that stands on the baton."""
    round_id: int | None = Field(default=None, foreign_key="round.id")
    """None also while the team has the baton and another round of its own is under way: it can do one at a time."""
    planned_on: date
    """It does not begin before that day, and later where those before it take longer."""
    deadline: date
    """Its last day as it was planned. Once it has a round, that one says when it begins and ends."""
    state: LegState = Field(default=LegState.WAITING, sa_type=stored(LegState))
    begun_at: datetime | None = None
    """When the baton, or the relay's question, came to the team."""
    acknowledged_at: datetime | None = None
    """When somebody of the team said that it has come."""
    remind_at: datetime | None = None
    """When the team is asked once more whether it has come. None: nobody handed anything to it."""
    reminded_at: datetime | None = None
    stalled_at: datetime | None = None
    """When its round had ended and nothing was handed over."""
    passes_on_at: datetime | None = None
    """When it then goes on by itself."""
    ended_at: datetime | None = None
    """When it was handed over or skipped."""


class RelayBaton(SQLModel, table=True):
    """What a team hands to the next: words of its own, or the baton it passed on as it was."""

    __tablename__ = "baton"
    __table_args__ = (
        UniqueConstraint("leg_id"),
        CheckConstraint(
            "(passed_on_from IS NULL AND learning IS NOT NULL AND sign_of_value IS NOT NULL AND question IS NOT NULL"
            " AND invitation IS NOT NULL AND written_at IS NOT NULL)"
            " OR (passed_on_from IS NOT NULL AND learning IS NULL AND sign_of_value IS NULL AND question IS NULL"
            " AND invitation IS NULL AND tested IS NULL AND written_at IS NULL AND approved_at IS NULL)",
            name="words",
        ),
        Index(
            "ix_baton_passed_on_from",
            "passed_on_from",
            sqlite_where=text("passed_on_from IS NOT NULL"),
            postgresql_where=text("passed_on_from IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    leg_id: int = Field(foreign_key="relay_leg.id")
    learning: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    sign_of_value: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    question: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    invitation: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    tested: bool | None = None
    """Whether the team tried what it had chosen; None where it does not say."""
    written_at: datetime | None = None
    approved_at: datetime | None = None
    passed_on_from: int | None = Field(default=None, foreign_key="baton.id")
    """The baton with words that went on unchanged."""


class BatonApproval(SQLModel, table=True):
    """Somebody approves of their team's baton as it is written now. Gone when enough have, or when it is changed."""

    __tablename__ = "baton_approval"
    __table_args__ = (Index("ix_baton_approval_person_id", "person_id"),)

    leg_id: int = Field(foreign_key="relay_leg.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class RelayCommitment(SQLModel, table=True):
    """What a leg's organisation goes on with after the relay. A role owns it, nobody by name."""

    __tablename__ = "relay_commitment"

    leg_id: int = Field(foreign_key="relay_leg.id", primary_key=True)
    words: str = Field(sa_column=Column(Text, nullable=False))
    owner_role: str
    due_on: date
    written_at: datetime


class RelayQuestion(SQLModel, table=True):
    """What a leg's team is asked when all legs are over: after no weeks for a commitment, then how it goes with it."""

    __tablename__ = "relay_question"
    __table_args__ = (
        CheckConstraint("weeks >= 0", name="weeks"),
        CheckConstraint(f"said IS NULL OR {one_of('said', Afterwards)}", name="said"),
        CheckConstraint("(said IS NULL) = (said_at IS NULL)", name="said_at"),
        Index(
            "ix_relay_question_due_at",
            "due_at",
            sqlite_where=text("asked_at IS NULL"),
            postgresql_where=text("asked_at IS NULL"),
        ),
    )

    leg_id: int = Field(foreign_key="relay_leg.id", primary_key=True)
    weeks: int = Field(primary_key=True)
    """After the closing day."""
    due_at: datetime
    asked_at: datetime | None = None
    said: Afterwards | None = Field(default=None, sa_type=stored(Afterwards))
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    said_at: datetime | None = None
