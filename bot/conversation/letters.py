"""What a message is made of, before it is put in words: frozen data, so that a card is a pure function of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.conversation.references import Reference
from bot.conversation.sessions_words import Coming
from bot.conversation.survey_view import SurveyView
from lessons.methods import Method
from lessons.models import Case, Lesson, Text
from storage.tables.feedback import Useful


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
class Opinion:
    """What somebody thinks of an exercise they have answered. None: they have not said."""

    useful: Useful | None = None


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
    opinion: Opinion | None = None
    """None: nothing is asked about the exercise itself yet."""
    methods: tuple[Method, ...] = ()
    """Group methods that suit it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """Whom somebody tells how it went: by the platform's own id, or by a name they wrote."""

    external_id: str | None = None
    name: str | None = None
    chat: str | None = None
    """An address that opens the chat with them, where there is one."""


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
    peer: Peer | None = None
    saves_text: bool = True
    opinion: Opinion | None = None
    """As of an exercise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanToday:
    lesson: Lesson
    plan: IfThen


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """A case that comes back: in a message of ours, or on the person's own page."""

    ref: Reference
    """The message that asks; on the page the case, and the day it stands there."""
    case: Case
    was_met: bool = True
    """It was a lesson of the programme, so there is something to remember."""
    chosen: int | None = None
    """Index of the answer given."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practising:
    """What somebody has chosen to practise most in a programme; in one that is about a single behaviour, that one."""

    enrolment_id: int
    is_kept: bool = False
    """The programme is about the one behaviour they keep up."""
    is_by_choice: bool = True
    """They have chosen that one; else it is the first of those they practised most."""
    behaviours: tuple[Text, ...] = ()


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
    surveys: tuple[SurveyView, ...] = ()
    recall: Recall | None = None
    """Never alone: it comes with an exercise."""
    practising: Practising | None = None
    """Nor is this: offered with the first exercise, or said of the one that is kept up."""
    sessions: tuple[Coming, ...] = ()
    """Meetings soon to come, told of in small print. Never alone either."""

    @property
    def is_empty(self) -> bool:
        return self.opening in (Opening.NONE, Opening.WELCOME_BACK) and not (
            self.exercises or self.questions or self.plans or self.surveys
        )
