"""What a person answered, wrote and planned. Theirs alone: every query here takes the person."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import stored


class AnswerKind(StrEnum):
    DOING = "doing"
    ANOTHER = "another"
    NOT_TODAY = "not_today"
    CHOICE = "choice"
    """A quiz answer; `value` is the index of the choice."""
    DONE = "done"
    TRIED = "tried"
    NOT_YET = "not_yet"
    LET_GO = "let_go"
    MOMENT_CAME = "moment_came"
    MOMENT_DID_NOT_COME = "moment_did_not_come"
    RECALL = "recall"
    """The answer to a case that came back: `lesson_id` is the card, `value` the index of the choice."""


class Prompt(StrEnum):
    """What a piece of free text answers."""

    REPLY = "reply"
    EXPECTED = "expected"
    HAPPENED = "happened"
    CHANGE = "change"


class FollowUpState(StrEnum):
    OPEN = "open"
    """Waiting for its day."""
    ASKED = "asked"
    """In a message, waiting for an answer."""
    ANSWERED = "answered"
    LET_GO = "let_go"


class Answer(SQLModel, table=True):
    """A button or a choice."""

    __table_args__ = (
        Index("ix_answer_person_id_given_at", "person_id", "given_at"),
        Index(
            "ix_answer_follow_up_id",
            "follow_up_id",
            sqlite_where=text("follow_up_id IS NOT NULL"),
            postgresql_where=text("follow_up_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    follow_up_id: int | None = Field(default=None, foreign_key="follow_up.id")
    lesson_id: str
    kind: AnswerKind = Field(sa_type=stored(AnswerKind))
    value: str | None = None
    given_at: datetime


class Reflection(SQLModel, table=True):
    """Free text, saved for its author."""

    __table_args__ = (
        Index("ix_reflection_person_id_written_at", "person_id", "written_at"),
        Index("ix_reflection_conversation_id_message_id", "conversation_id", "message_id"),
        # Whoever takes a promise back or disposes of it looks for what points at it: here, and in the tables below.
        Index(
            "ix_reflection_delivery_id",
            "delivery_id",
            sqlite_where=text("delivery_id IS NOT NULL"),
            postgresql_where=text("delivery_id IS NOT NULL"),
        ),
        Index(
            "ix_reflection_follow_up_id",
            "follow_up_id",
            sqlite_where=text("follow_up_id IS NOT NULL"),
            postgresql_where=text("follow_up_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id")
    follow_up_id: int | None = Field(default=None, foreign_key="follow_up.id")
    lesson_id: str | None = None
    prompt: Prompt = Field(sa_type=stored(Prompt))
    body: str = Field(sa_column=Column(Text, nullable=False))
    conversation_id: str | None = None
    message_id: str | None = None
    """The person's own chat message it came from: edited or deleted there, edited or deleted here."""
    written_on_page: bool = False
    """Its words as they are now were written on our own page, and are shown nowhere else."""
    can_be_undone: bool = True
    """No longer, once a later text has been undone: "undo" twice takes one text."""
    written_at: datetime
    edited_at: datetime | None = None


class MessageState(StrEnum):
    HEARD = "heard"
    """It has come in, and what it led to is recorded."""
    EDITED = "edited"
    """Edited before it came in."""
    DELETED = "deleted"
    """Whether it came in or not."""


class ChatMessage(SQLModel, table=True):
    """A message of somebody's own in their chat with us: whether it has come, and what has been done to it. Kept
    until it is two days old and the next night has come."""

    __tablename__ = "chat_message"
    __table_args__ = (UniqueConstraint("person_id", "conversation_id", "message_id"),)

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    conversation_id: str
    message_id: str
    state: MessageState = Field(sa_type=stored(MessageState))
    body: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """What an edited one says now, until it comes in; none when that may not be saved."""
    as_of: datetime
    """When what we know of it was done, by the platform's own clock: anything older is dropped."""
    noted_at: datetime


class Plan(SQLModel, table=True):
    """If this happens, then I do that: written by the person, shown again on the morning of its cue."""

    __table_args__ = (
        Index("ix_plan_person_id_cue_on", "person_id", "cue_on"),
        Index(
            "ix_plan_delivery_id",
            "delivery_id",
            sqlite_where=text("delivery_id IS NOT NULL"),
            postgresql_where=text("delivery_id IS NOT NULL"),
        ),
        Index(
            "ix_plan_conversation_id_message_id",
            "conversation_id", "message_id",
            sqlite_where=text("message_id IS NOT NULL"),
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_plan_open",
            "organisation_id", "cue_on",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id")
    lesson_id: str
    cue: str = Field(sa_column=Column(Text, nullable=False))
    """Empty, as the action is, when the person did not want the words saved: then only the day comes back."""
    action: str = Field(sa_column=Column(Text, nullable=False))
    conversation_id: str | None = None
    message_id: str | None = None
    """The person's own chat message it came from: edited or deleted there, changed or closed here."""
    can_be_undone: bool = True
    """As for a text: "undo" takes only what was made last."""
    written_on_page: bool = False
    """Its words were written on our own page, and are shown nowhere else."""
    cue_on: date
    made_at: datetime
    closed_at: datetime | None = None


class FollowUp(SQLModel, table=True):
    """A promise to ask how it went: one for each exercise a person took on. Local day, not a moment: the planner turns
    it into a delivery when its day comes."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_person_id", "person_id"),
        Index(
            "ix_follow_up_source_delivery_id",
            "source_delivery_id",
            sqlite_where=text("source_delivery_id IS NOT NULL"),
            postgresql_where=text("source_delivery_id IS NOT NULL"),
        ),
        Index(
            "ix_follow_up_plan_id",
            "plan_id",
            sqlite_where=text("plan_id IS NOT NULL"),
            postgresql_where=text("plan_id IS NOT NULL"),
        ),
        Index(
            "ix_follow_up_open",
            "person_id", "due_on",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_follow_up_open_organisation_id",
            "organisation_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    enrolment_id: int | None = Field(default=None, foreign_key="enrolment.id")
    cohort_id: int | None = Field(default=None, foreign_key="cohort.id")
    source_delivery_id: int | None = Field(default=None, foreign_key="delivery.id")
    """The nudge it came from; none when taken from the library."""
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    lesson_id: str
    due_on: date
    asked: int = 0
    """How many times it has been asked: the occurrence of its latest delivery."""
    postponed: int = 0
    smaller: bool = False
    """The person chose the smaller step."""
    state: FollowUpState = Field(default=FollowUpState.OPEN, sa_type=stored(FollowUpState))
    made_at: datetime
    closed_at: datetime | None = None


class RecallMemory(SQLModel, table=True):
    """What a person remembers of a case that comes back, as FSRS counts it; and the message it was last asked in."""

    __tablename__ = "recall_memory"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "card_id"),
        Index("ix_recall_memory_person_id", "person_id"),
        Index(
            "ix_recall_memory_delivery_id",
            "delivery_id",
            sqlite_where=text("delivery_id IS NOT NULL"),
            postgresql_where=text("delivery_id IS NOT NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    enrolment_id: int = Field(foreign_key="enrolment.id")
    card_id: str
    """A recall card, or a quiz."""
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", ondelete="SET NULL")
    """The nudge it was last asked in; none once that is disposed of, taken back before it went out, or when it was
    asked on the person's own page."""
    shown_on: date
    """The day it was last asked: that nudge's, or when it was answered on the person's own page."""
    reviews: int = 0
    """How many times it has been answered."""
    was_right: bool | None = None
    """The latest answer; none until there is one, as with all that follows."""
    stability: float | None = None
    difficulty: float | None = None
    last_on: date | None = None
    """The person's own day of the latest answer."""
    due_on: date | None = None
    """One of the person's working days."""
