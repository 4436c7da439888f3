"""What a message is made of, as it is stored: plain rows, all of one person."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from storage.tables.answers import AnswerKind, FollowUpState
from storage.tables.deliveries import Kind, State
from storage.tables.people import Pace


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """One promise inside a message."""

    id: int
    kind: Kind
    lesson_id: str | None
    subject_id: int | None
    cohort_id: int | None
    enrolment_id: int | None
    rides_on: int | None
    day: date
    state: State
    due_at: datetime
    started_at: datetime | None
    conversation_id: str | None
    message_id: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Whom the message is for, and in what rhythm. `workspace` and `external_id` are the platform's own ids."""

    person_id: int
    platform: str
    workspace: str
    external_id: str
    conversation_id: str | None
    language: str
    zone: str
    slot: str
    days: int
    pace: Pace
    saves_text: bool
    unanswered: int
    last_seen_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortFacts:
    """What a message must know about a cohort. `digest` names its programme document."""

    digest: str
    calendar: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A carrier and what rides on it, oldest first. What was explained away is not in it."""

    carrier: Promise
    riders: tuple[Promise, ...]
    reader: Reader
    cohorts: dict[int, CohortFacts]
    sent_before_on: date | None
    """The day of the message before this one."""
    is_first: bool
    """Nobody had welcomed them before this message: a welcome of its own may never have arrived."""

    @property
    def promises(self) -> tuple[Promise, ...]:
        return (self.carrier, *self.riders)

    def promise(self, delivery_id: int) -> Promise | None:
        return next((promise for promise in self.promises if promise.id == delivery_id), None)

    def cohort(self, cohort_id: int | None) -> CohortFacts | None:
        return self.cohorts.get(cohort_id) if cohort_id is not None else None


@dataclass(kw_only=True, slots=True)
class Given:
    """An answer given."""

    id: int
    kind: AnswerKind
    value: str | None
    lesson_id: str
    delivery_id: int | None
    follow_up_id: int | None


@dataclass(kw_only=True, slots=True)
class AskedLater:
    """A follow-up as it stands."""

    id: int
    lesson_id: str
    plan_id: int | None
    cohort_id: int | None
    due_on: date
    state: FollowUpState
    smaller: bool
    postponed: int


@dataclass(kw_only=True, slots=True)
class Planned:
    """An if-then plan as it stands."""

    id: int
    lesson_id: str
    cue: str
    action: str
    cue_on: date
    closed: bool
    written_on_page: bool = False


@dataclass(kw_only=True, slots=True)
class Records:
    """What a message's person has answered to it so far; a handler adds what it records."""

    answers: list[Given] = field(default_factory=list)
    follow_ups: dict[int, AskedLater] = field(default_factory=dict)
    plans: dict[int, Planned] = field(default_factory=dict)
    replied: set[int | None] = field(default_factory=set)
    """Deliveries that have free text; None stands for an exercise from the library."""
    reflected: set[int] = field(default_factory=set)
    """Follow-ups that have free text."""
