"""What a message is made of, before it is put in words: frozen data, so that a card is a pure function of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.conversation.references import Reference
from lessons.models import Case, Lesson


class Stage(StrEnum):
    """How far the person has come with an exercise."""

    OPEN = "open"
    DOING = "doing"
    PLANNED = "planned"
    NOT_TODAY = "not_today"


class Asked(StrEnum):
    """How far the person has come with a question about how it went."""

    OPEN = "open"
    NOT_YET = "not_yet"
    POSTPONED = "postponed"
    DONE = "done"
    TRIED = "tried"
    LET_GO = "let_go"
    CAME = "came"
    DID_NOT_COME = "did_not_come"


@dataclass(frozen=True, kw_only=True, slots=True)
class IfThen:
    plan_id: int
    cue: str
    """Empty, as the action is, when the words were not to be saved."""
    action: str
    cue_on: date
    closed: bool = False
    written_on_page: bool = False
    """Its words are shown on our own page, and nowhere else."""

    @property
    def has_words(self) -> bool:
        """Whether there are words to show here."""
        return bool(self.cue) and not self.written_on_page


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    ref: Reference
    lesson: Lesson
    stage: Stage = Stage.OPEN
    chosen: int | None = None
    """Index of the quiz answer given."""
    asks_on: date | None = None
    plan: IfThen | None = None
    replied: bool = False
    saves_text: bool = True
    has_page: bool = False
    """Whether answering on our own page can be offered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A follow-up being asked: about an exercise, or about a plan's moment."""

    ref: Reference
    follow_up_id: int
    lesson: Lesson
    asked: Asked = Asked.OPEN
    smaller: bool = False
    plan: IfThen | None = None
    again_on: date | None = None
    can_postpone: bool = True
    reflected: bool = False
    saves_text: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanToday:
    lesson: Lesson
    plan: IfThen


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """A case that comes back inside a day's exercise."""

    delivery_id: int
    case: Case
    was_met: bool = True
    """It was a lesson of the programme, so there is something to remember."""
    chosen: int | None = None
    """Index of the answer given."""


class Opening(StrEnum):
    """What is said before everything else."""

    NONE = "none"
    WELCOME = "welcome"
    WELCOME_BACK = "welcome_back"
    FAREWELL = "farewell"


@dataclass(frozen=True, kw_only=True, slots=True)
class Welcome:
    """What the first message must say besides our own words."""

    organisation: str
    contact: str
    slot: str
    zone: str
    """IANA name."""
    started: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One message."""

    opening: Opening = Opening.NONE
    welcome: Welcome | None = None
    asks_pace: bool = False
    exercises: tuple[Exercise, ...] = ()
    questions: tuple[Question, ...] = ()
    plans: tuple[PlanToday, ...] = ()
    recall: Recall | None = None
    """Never alone: it comes with an exercise."""

    @property
    def is_empty(self) -> bool:
        return self.opening in (Opening.NONE, Opening.WELCOME_BACK) and not (
            self.exercises or self.questions or self.plans
        )
