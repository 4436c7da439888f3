"""What we promised and how it went. The delivery table is the queue, the schedule and the account."""

from datetime import date, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import one_of, stored


class Kind(StrEnum):
    """What a message we start is about."""

    WELCOME = "welcome"
    NUDGE = "nudge"
    FOLLOW_UP = "follow_up"
    PLAN = "plan"
    """An if-then plan shown again on the morning of its cue."""
    FAREWELL = "farewell"
    """After twenty nudges without an answer: you find me when you want to."""
    ROUND = "round"
    """A step of a team's challenge: to the team's channel, or to one member alone."""
    ROUND_REMINDER = "round_reminder"
    ROUND_FOLLOW_UP = "round_follow_up"
    """To the channel, weeks after a round has ended: what came of it."""
    RELAY = "relay"
    """To the channel of one of its teams: what happens in a relay."""
    RELAY_FOLLOW_UP = "relay_follow_up"
    """To the channel, weeks after a relay: how it goes with what the team promised."""
    SURVEY = "survey"
    """What a wave of the programme's surveys asks this person."""


ROUND_KINDS = (Kind.ROUND, Kind.ROUND_REMINDER)
"""What a round says while it goes on."""
OF_A_STEP = (*ROUND_KINDS, Kind.ROUND_FOLLOW_UP)
"""What says which step it is about."""
RELAY_KINDS = (Kind.RELAY, Kind.RELAY_FOLLOW_UP)
"""What says which leg of a relay it is about."""


class State(StrEnum):
    PLANNED = "planned"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    EXPLAINED = "explained"


class Reason(StrEnum):
    """Why a promise was not sent: the closed enumeration of the account."""

    PAUSED = "paused"
    RED_DAY = "red_day"
    EVE = "eve"
    CLOSED_DAY = "closed_day"
    OWN_DAY_OFF = "own_day_off"
    PACE = "pace"
    BACKED_OFF = "backed_off"
    STOPPED = "stopped"
    LEFT = "left"
    REMOVED = "removed"
    COHORT_PAUSED = "cohort_paused"
    COHORT_ENDED = "cohort_ended"
    BEFORE_START = "before_start"
    ONE_MESSAGE = "one_message"
    REPLACED_BY_ROUND = "replaced_by_round"
    ALREADY_ANSWERED = "already_answered"
    MOVED = "moved"
    """Carried by a later message instead, as a new occurrence."""
    KNUFF_WAS_DOWN = "knuff_was_down"
    TOO_LATE = "too_late"
    NOT_REACHABLE = "not_reachable"
    WORKSPACE_DISCONNECTED = "workspace_disconnected"
    REFUSED = "refused"
    """The platform refused the message itself: a fault of ours that an operator must look at."""
    OUTCOME_UNKNOWN = "outcome_unknown"
    ROUND_ENDED = "round_ended"
    """The team's challenge is over, or there is no such team any more."""
    LEFT_TEAM = "left_team"


class Priority(IntEnum):
    """What a lane sends first of what is due. A promise that rides on another has its own, should it be left alone."""

    TODAY = 0
    """Today's exercise, and the welcome."""
    CATCH_UP = 1
    """What comes later than it should: a moved step, and what was planned when it was too late to be on time."""
    COMES_BACK = 2
    """A follow-up, a plan, the farewell."""


_OF_A_ROUND = " OR ".join(f"kind = '{kind.value}'" for kind in OF_A_STEP)
_OF_A_RELAY = " OR ".join(f"kind = '{kind.value}'" for kind in RELAY_KINDS)


class Delivery(SQLModel, table=True):
    """A promise to one person, or to a team in its channel: one planned step, follow-up or plan. `due_at` never moves,
    `try_at` does.

    A delivery with `rides_on` set goes out inside the message of another one and shares its fate.

    The checks make the account balance whoever writes: every row is in exactly one of its columns, an explained one
    says why, a sent one when, and what may have arrived which attempt it was, so that it can be settled.
    """

    __table_args__ = (
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(f"reason IS NULL OR {one_of('reason', Reason)}", name="reason"),
        CheckConstraint("(state = 'explained') = (reason IS NOT NULL)", name="explained"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        CheckConstraint("state = 'sent' OR message_id IS NULL", name="message"),
        CheckConstraint("started_at IS NOT NULL OR state NOT IN ('sending', 'unknown')", name="attempt"),
        CheckConstraint("rides_on IS NULL OR (rides_on <> id AND state <> 'explained')", name="rider"),
        CheckConstraint(
            "person_id IS NOT NULL OR round_step_id IS NOT NULL OR relay_leg_id IS NOT NULL", name="receiver"
        ),
        CheckConstraint(f"({_OF_A_ROUND}) = (round_step_id IS NOT NULL)", name="round"),
        CheckConstraint(f"({_OF_A_RELAY}) = (relay_leg_id IS NOT NULL)", name="relay"),
        CheckConstraint("(kind = 'survey') = (survey_wave_id IS NOT NULL)", name="survey"),
        Index(
            "uq_delivery_nudge",
            "enrolment_id", "step", "occurrence",
            unique=True,
            sqlite_where=text("kind = 'nudge'"),
            postgresql_where=text("kind = 'nudge'"),
        ),
        Index(
            "uq_delivery_subject",
            "kind", "subject_id", "occurrence",
            unique=True,
            sqlite_where=text("subject_id IS NOT NULL"),
            postgresql_where=text("subject_id IS NOT NULL"),
        ),
        # Of a member; and of the channel, that is nobody: none is not the same as none in an index.
        Index(
            "uq_delivery_round",
            "round_step_id", "kind", "occurrence", "person_id",
            unique=True,
            sqlite_where=text("round_step_id IS NOT NULL"),
            postgresql_where=text("round_step_id IS NOT NULL"),
        ),
        Index(
            "uq_delivery_round_channel",
            "round_step_id", "kind", "occurrence",
            unique=True,
            sqlite_where=text("round_step_id IS NOT NULL AND person_id IS NULL"),
            postgresql_where=text("round_step_id IS NOT NULL AND person_id IS NULL"),
        ),
        Index(
            "uq_delivery_relay",
            "relay_leg_id", "kind", "occurrence",
            unique=True,
            sqlite_where=text("relay_leg_id IS NOT NULL"),
            postgresql_where=text("relay_leg_id IS NOT NULL"),
        ),
        Index(
            "uq_delivery_survey",
            "survey_wave_id", "enrolment_id", "occurrence",
            unique=True,
            sqlite_where=text("survey_wave_id IS NOT NULL"),
            postgresql_where=text("survey_wave_id IS NOT NULL"),
        ),
        Index(
            "uq_delivery_one_message_a_day",
            "person_id", "day",
            unique=True,
            sqlite_where=text("rides_on IS NULL AND state <> 'explained'"),
            postgresql_where=text("rides_on IS NULL AND state <> 'explained'"),
        ),
        Index(
            "ix_delivery_due",
            "workspace_id", "priority", "try_at", "id",
            sqlite_where=text("state = 'planned' AND rides_on IS NULL"),
            postgresql_where=text("state = 'planned' AND rides_on IS NULL"),
        ),
        Index(
            "ix_delivery_unsettled",
            "workspace_id", "state",
            sqlite_where=text("state IN ('sending', 'unknown')"),
            postgresql_where=text("state IN ('sending', 'unknown')"),
        ),
        Index(
            "ix_delivery_moved",
            "enrolment_id",
            sqlite_where=text("reason = 'moved'"),
            postgresql_where=text("reason = 'moved'"),
        ),
        Index(
            "ix_delivery_fault",
            "day",
            sqlite_where=text("reason IN ('refused', 'outcome_unknown')"),
            postgresql_where=text("reason IN ('refused', 'outcome_unknown')"),
        ),
        Index("ix_delivery_person_id_day", "person_id", "day"),
        Index("ix_delivery_cohort_id_day", "cohort_id", "day"),
        Index("ix_delivery_organisation_id_day", "organisation_id", "day"),
        Index(
            "ix_delivery_rides_on",
            "rides_on",
            sqlite_where=text("rides_on IS NOT NULL"),
            postgresql_where=text("rides_on IS NOT NULL"),
        ),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    workspace_id: int = Field(foreign_key="workspace.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """None: it goes to the channel of the team whose step, or leg, it is."""
    round_step_id: int | None = Field(default=None, foreign_key="round_step.id")
    relay_leg_id: int | None = Field(default=None, foreign_key="relay_leg.id")
    survey_wave_id: int | None = Field(default=None, foreign_key="survey_wave.id")
    cohort_id: int | None = Field(default=None, foreign_key="cohort.id")
    enrolment_id: int | None = Field(default=None, foreign_key="enrolment.id")
    kind: Kind = Field(sa_type=stored(Kind))
    step: int | None = None
    """1-based place in the programme, for a nudge."""
    lesson_id: str | None = None
    subject_id: int | None = None
    """The follow-up, plan or person (welcome, farewell) this is about; none for a nudge."""
    occurrence: int = 1
    day: date
    """The local day it belongs to in the account: an attribute, not part of what makes it unique."""
    due_at: datetime
    late_after: datetime
    """After this moment it is too late to be kind."""
    try_at: datetime
    priority: int = Field(
        default=int(Priority.TODAY), sa_type=SmallInteger, sa_column_kwargs={"server_default": text("0")}
    )
    """One of Priority."""
    state: State = Field(default=State.PLANNED, sa_type=stored(State))
    reason: Reason | None = Field(default=None, sa_type=stored(Reason))
    rides_on: int | None = Field(default=None, foreign_key="delivery.id")
    attempts: int = 0
    started_at: datetime | None = None
    """When the latest attempt was marked, before the network call."""
    searches: int = 0
    """Complete searches of the platform that did not find an unknown one."""
    error: str | None = None
    """Class of the last error, never its text."""
    sent_at: datetime | None = None
    conversation_id: str | None = None
    message_id: str | None = None


class Attempt(SQLModel, table=True):
    """One call to a platform. Kept for 30 days."""

    id: int = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    started_at: datetime
    ended_at: datetime
    outcome: str
    """"sent", "not_sent" or "unknown"."""
    error: str | None = None
