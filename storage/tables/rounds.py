"""A team doing a challenge: its days, what was handed in, and the votes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Json, JsonOrNothing, one_of, stored


class RoundState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"


class Ending(StrEnum):
    """How a round ended. None of them is a failure."""

    FINISHED = "finished"
    NOT_MADE = "not_made"
    """Too few handed in for what it was about: what was learned counts."""
    STOPPED_HERE = "stopped_here"
    """By the team, before its last step."""
    ENDED_EARLY = "ended_early"
    """By whoever coordinates it."""
    TEAM_TOO_SMALL = "team_too_small"
    CHANNEL_GONE = "channel_gone"


class Asks(StrEnum):
    """What a step asks for, and of whom."""

    NOTHING = "nothing"
    EACH = "each"
    ANONYMOUS = "anonymous"
    """Of each, and nobody is to know who."""
    TEAM = "team"
    """Anybody, once for all of them: what was written last counts."""
    MANDATE = "mandate"
    FACILITATOR = "facilitator"
    VOTE = "vote"


class AloneTo(StrEnum):
    """To whom a step's prompt is said alone, beside the channel."""

    MEMBERS = "members"
    MANDATE = "mandate"
    FACILITATOR = "facilitator"


class Afterwards(StrEnum):
    """What a team says, weeks later, of what it tried."""

    STILL = "still"
    PARTLY = "partly"
    NOT_ANY_MORE = "not_any_more"


class ChallengeDocument(SQLModel, table=True):
    """A challenge as it was when a round was confirmed. Never changed, only added."""

    __tablename__ = "challenge_document"
    __table_args__ = (UniqueConstraint("organisation_id", "digest"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    challenge_id: str
    digest: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    stored_at: datetime


class Round(SQLModel, table=True):
    """A team doing a challenge, from a day on."""

    __table_args__ = (
        CheckConstraint(one_of("state", RoundState), name="state"),
        CheckConstraint(f"ending IS NULL OR {one_of('ending', Ending)}", name="ending"),
        CheckConstraint("(state = 'ended') = (ending IS NOT NULL AND ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("shared_at IS NULL OR approved_at IS NOT NULL", name="shared"),
        CheckConstraint(f"afterwards IS NULL OR {one_of('afterwards', Afterwards)}", name="afterwards"),
        Index("ix_round_organisation_id", "organisation_id"),
        Index("ix_round_team_id", "team_id"),
        Index(
            "uq_round_under_way",
            "team_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
        Index(
            "ix_round_begun_by",
            "begun_by",
            sqlite_where=text("begun_by IS NOT NULL"),
            postgresql_where=text("begun_by IS NOT NULL"),
        ),
        Index(
            "ix_round_ends_at",
            "ends_at",
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    workspace_id: int = Field(foreign_key="workspace.id")
    team_id: int = Field(foreign_key="team.id")
    document_id: int = Field(foreign_key="challenge_document.id")
    starts_on: date
    ends_at: datetime
    """When its last day is over, and it gets its ending."""
    state: RoundState = Field(default=RoundState.PLANNED, sa_type=stored(RoundState))
    ending: Ending | None = Field(default=None, sa_type=stored(Ending))
    begun_by: int | None = Field(default=None, foreign_key="person.id")
    """Who began it, to be told when it ends without anybody having chosen that. None: a relay, or somebody who has
    deleted their data since."""
    confirmed_at: datetime
    ended_at: datetime | None = None
    wrap_up: dict[str, Any] | None = Field(default=None, sa_type=JsonOrNothing)
    """The team's own summary, by the key of its lines."""
    approved_at: datetime | None = None
    shared_at: datetime | None = None
    pairs_across_units: bool | None = None
    """Whether people of different units are put together before others. None: nobody is put together in this round."""
    times_changed: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """How often its days have been changed: a calendar that holds its meetings must know which is the newest."""
    afterwards: Afterwards | None = Field(default=None, sa_type=stored(Afterwards))
    """The team's own answer when it was asked weeks later: whoever answered last, for all of them."""


class RoundStep(SQLModel, table=True):
    """One step on its day. What it asks for is repeated from the document, for statements that cannot read that.

    A moment that has come is marked in the unit of work that does what is due then: so each is done once, and the
    indexes hold only what is to come. Whatever ends a step sets `closed_at`; then nothing more of it is due.
    """

    __tablename__ = "round_step"
    __table_args__ = (
        CheckConstraint(one_of("asks", Asks), name="asks"),
        CheckConstraint(f"alone_to IS NULL OR {one_of('alone_to', AloneTo)}", name="alone_to"),
        # What each writes is never to be seen before the others have had their time.
        CheckConstraint("(asks <> 'each' AND asks <> 'anonymous') OR opens_at IS NOT NULL", name="opens"),
        CheckConstraint("asks <> 'vote' OR closes_at IS NOT NULL", name="closes"),
        UniqueConstraint("round_id", "key", "day"),
        Index(
            "ix_round_step_prompt_at",
            "prompt_at",
            sqlite_where=text("closed_at IS NULL AND prompted_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND prompted_at IS NULL"),
        ),
        Index(
            "ix_round_step_remind_at",
            "remind_at",
            sqlite_where=text("closed_at IS NULL AND remind_at IS NOT NULL AND reminded_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND remind_at IS NOT NULL AND reminded_at IS NULL"),
        ),
        Index(
            "ix_round_step_opens_at",
            "opens_at",
            sqlite_where=text("closed_at IS NULL AND opens_at IS NOT NULL AND opened_at IS NULL"),
            postgresql_where=text("closed_at IS NULL AND opens_at IS NOT NULL AND opened_at IS NULL"),
        ),
        Index(
            "ix_round_step_closes_at",
            "closes_at",
            sqlite_where=text("closed_at IS NULL AND closes_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NULL AND closes_at IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="round.id")
    key: str
    """The step's in the document."""
    day: date
    last_day: date
    given_back_from: date | None = None
    """The day it was to come on, if nobody could be told of it then because Knuff was down."""
    asks: Asks = Field(default=Asks.NOTHING, sa_type=stored(Asks))
    alone_to: AloneTo | None = Field(default=None, sa_type=stored(AloneTo))
    """None: nobody has a message of their own of it, but a reminder."""
    most_each: int = 1
    """How much one person may hand in."""
    least: int = 1
    """How many must have handed in or voted for the step to count."""
    opens_with: int = 0
    """What is hidden is opened only when so much of it has come."""
    prompt_at: datetime
    prompted_at: datetime | None = None
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    opens_at: datetime | None = None
    """Until then what is handed in is its author's alone. None: it is shown when it is handed in."""
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: dict[str, Any] | None = Field(default=None, sa_type=JsonOrNothing)
    """Numbers: how many votes for what, how much was handed in. Never persons."""


class Contribution(SQLModel, table=True):
    """What somebody handed in under their own name. Without one: they have deleted their data since."""

    __table_args__ = (
        CheckConstraint("about_id IS NULL OR about_proposal_id IS NULL", name="about"),
        Index("ix_contribution_round_step_id", "round_step_id"),
        Index("ix_contribution_person_id", "person_id"),
        Index(
            "ix_contribution_about_id",
            "about_id",
            sqlite_where=text("about_id IS NOT NULL"),
            postgresql_where=text("about_id IS NOT NULL"),
        ),
        Index(
            "ix_contribution_about_proposal_id",
            "about_proposal_id",
            sqlite_where=text("about_proposal_id IS NOT NULL"),
            postgresql_where=text("about_proposal_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    round_step_id: int = Field(foreign_key="round_step.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    about_id: int | None = Field(default=None, foreign_key="contribution.id")
    about_proposal_id: str | None = Field(default=None, foreign_key="proposal.id")
    inputs: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    """What was written and chosen, by the key of each input."""
    is_named: bool = False
    """The author chose to be named."""
    written_at: datetime


class Proposal(SQLModel, table=True):
    """What somebody handed in and nobody is to know who. No person and no moment; the id is drawn, so that it has no
    order, and on SQLite the rows have no hidden number of their own either."""

    __table_args__ = (Index("ix_proposal_round_step_id", "round_step_id"), {"sqlite_with_rowid": False})

    id: str = Field(primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    round_step_id: int = Field(foreign_key="round_step.id")
    inputs: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    day: date


class FormToken(SQLModel, table=True):
    """A form that has been handed in, so that it is not taken twice. Whose it was is written nowhere."""

    __tablename__ = "form_token"
    __table_args__ = ({"sqlite_with_rowid": False},)

    round_step_id: int = Field(foreign_key="round_step.id", primary_key=True)
    digest: str = Field(primary_key=True)


class TokenGiven(SQLModel, table=True):
    """That somebody was given a form, so that they are not given two. Whether they used it is not known."""

    __tablename__ = "token_given"
    __table_args__ = (Index("ix_token_given_person_id", "person_id"), {"sqlite_with_rowid": False})

    round_step_id: int = Field(foreign_key="round_step.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class Vote(SQLModel, table=True):
    """One each, by the key. Gone when the vote closes: only the numbers stay."""

    __table_args__ = (
        CheckConstraint(
            "(contribution_id IS NOT NULL AND proposal_id IS NULL AND scores IS NULL)"
            " OR (contribution_id IS NULL AND proposal_id IS NOT NULL AND scores IS NULL)"
            " OR (contribution_id IS NULL AND proposal_id IS NULL AND scores IS NOT NULL)",
            name="one",
        ),
        Index("ix_vote_person_id", "person_id"),
        Index(
            "ix_vote_contribution_id",
            "contribution_id",
            sqlite_where=text("contribution_id IS NOT NULL"),
            postgresql_where=text("contribution_id IS NOT NULL"),
        ),
        Index(
            "ix_vote_proposal_id",
            "proposal_id",
            sqlite_where=text("proposal_id IS NOT NULL"),
            postgresql_where=text("proposal_id IS NOT NULL"),
        ),
    )

    round_step_id: int = Field(foreign_key="round_step.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    contribution_id: int | None = Field(default=None, foreign_key="contribution.id")
    proposal_id: str | None = Field(default=None, foreign_key="proposal.id")
    scores: dict[str, Any] | None = Field(default=None, sa_type=JsonOrNothing)
    """Instead of one choice: for each candidate's id, 1 to 3 on each criterion, in their order."""
    cast_at: datetime


class WrapUpApproval(SQLModel, table=True):
    """Somebody approves of the team's wrap-up as it is written now. Gone when enough have, or when it is changed."""

    __tablename__ = "wrap_up_approval"
    __table_args__ = (Index("ix_wrap_up_approval_person_id", "person_id"),)

    round_id: int = Field(foreign_key="round.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
