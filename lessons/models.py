"""A lesson and a programme, as the rest of Knuff reads them. Both languages always, side by side."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LONGEST_CHOICE = 75
"""Characters. Slack refuses a longer text on a choice."""

LONGEST_TEXT = 1_000
"""Characters. Well inside what one part of a chat message holds; the word limits of `checking` are far tighter."""

CHOICES_IN_A_QUIZ = 3

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT)]
ChoiceWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_CHOICE)]
LessonId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
ProgrammeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Month = Annotated[int, Field(strict=True, ge=1, le=12)]
WaveWeek = Annotated[int, Field(strict=True, ge=1, le=200)]


class Language(StrEnum):
    SV = "sv"
    EN = "en"


class Kind(StrEnum):
    TRY_IT = "try-it"
    REFLECT = "reflect"
    QUIZ = "quiz"
    IF_THEN = "if-then"
    CONVERSATION = "conversation"
    OBSERVE = "observe"


class Role(StrEnum):
    MANAGER = "manager"
    INNOVATION_LEADER = "innovation-leader"
    TEAM_MEMBER = "team-member"
    POLITICIAN = "politician"


EVERYBODY = tuple(Role)


class Content(BaseModel):
    """What an author hands us: checked when read, never changed after."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Content):
    sv: Words
    en: Words

    def in_(self, language: Language) -> str:
        return self.sv if language == Language.SV else self.en


class ChoiceText(Text):
    sv: ChoiceWords
    en: ChoiceWords


class Choice(Content):
    text: ChoiceText
    right: bool


class Case(Content):
    """What can be asked again, whether it was written as a recall card or as a quiz: all the rest of Knuff sees."""

    id: LessonId
    title: Text
    case: Text
    choices: tuple[Choice, ...]
    reason: Text
    behaviour: str
    roles: tuple[Role, ...] = Field(default=EVERYBODY, exclude_if=lambda roles: roles == EVERYBODY)
    """Whom it suits who has not met it as an exercise."""


class LessonHead(Content):
    """The YAML head of a lesson file."""

    id: LessonId = Field(description="The name of the lesson, the same as the file's name without .md.")
    kind: Kind = Field(description="What the person does: a quiz has choices and a reason, an if-then a cue.")
    minutes: int = Field(strict=True, ge=1, le=5, description="Minutes in the chat, the answer included.")
    roles: tuple[Role, ...] = Field(min_length=1, description="Who the lesson suits.")
    principle: str = Field(description="A key under `principles` in taxonomy.yaml.")
    behaviour: str = Field(description="A key under `behaviours` in taxonomy.yaml.")
    element: str = Field(description="A key under `elements` in taxonomy.yaml.")
    follow_up_days: int = Field(strict=True, ge=1, le=20, description="Working days from the yes to the follow-up.")
    source: Words = Field(description="Where the claim in `why` comes from: author, year, title, DOI or publisher.")


class Lesson(LessonHead):
    """One exercise. `choices` and `reason` belong to a quiz, `cue` and `action` to an if-then plan."""

    title: Text
    why: Text
    do: Text
    example: Text | None = None
    question: Text
    reflection: Text
    follow_up: Text
    smaller_step: Text
    choices: tuple[Choice, ...] = ()
    reason: Text | None = None
    cue: Text | None = None
    action: Text | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        parts = Counter("right choice" if choice.right else "choice" for choice in self.choices)
        parts.update(name for name in ("reason", "cue", "action") if getattr(self, name) is not None)
        if misfits := misfits_of_kind(self.kind, parts):
            raise ValueError(" ".join(misfits.values()))
        return self


class Week(Content):
    principle: str = Field(description="A key under `principles` in taxonomy.yaml.")
    title: Text
    lessons: tuple[LessonId, ...] = Field(
        default=(), description="The lessons in the order they are sent, at most one a working day."
    )
    by_role: dict[Role, tuple[LessonId, ...]] = Field(
        default_factory=dict,
        exclude_if=lambda by_role: not by_role,
        description="What a role gets instead of `lessons`. An empty list is a week without messages for that role.",
    )
    quiet: bool = Field(
        default=False,
        strict=True,
        exclude_if=lambda quiet: not quiet,
        description="A week that is meant to be without messages, for everybody.",
    )

    def lessons_for(self, role: Role) -> tuple[LessonId, ...]:
        return self.by_role.get(role, self.lessons)


class Session(Content):
    """A meeting that is part of the programme."""

    week: int = Field(strict=True, ge=1, description="The week it is in; weeks count from 1.")
    title: Text
    about: Text = Field(description="What is done there, for who is invited.")
    roles: tuple[Role, ...] = Field(default=EVERYBODY, min_length=1, description="Who is invited.")
    minutes: int = Field(strict=True, ge=15, le=480, description="How long it is.")
    wave: Literal["day"] | None = Field(
        default=None, description="`day`: whoever is invited is asked about it on the next working day."
    )

    @property
    def measured(self) -> bool:
        """Whether whoever is invited is asked about it."""
        return self.wave == "day"


class Step(NamedTuple):
    """A place in a programme; weeks and positions count from 1, and so do steps."""

    week: int
    position: int
    lesson_id: str
    roles: tuple[Role, ...] = EVERYBODY
    """For whom it is."""


class Programme(Content):
    """The programme file. What a version of the format added and a file does not use leaves no trace in its digest."""

    id: ProgrammeId = Field(description="The name of the programme, the same as the file's name without .yaml.")
    version: int = Field(
        default=1,
        strict=True,
        ge=1,
        exclude_if=lambda version: version == 1,
        description="Counts up when the programme is changed. A cohort that runs stays on the one it was started with.",
    )
    title: Text
    about: Text = Field(description="What a person gets out of it, in at most 60 words.")
    roles: tuple[Role, ...] = Field(
        default=EVERYBODY,
        min_length=1,
        exclude_if=lambda roles: roles == EVERYBODY,
        description="Who the programme is for.",
    )
    rests: tuple[Month, ...] = Field(
        default=(),
        exclude_if=lambda rests: not rests,
        description="Months without messages, 1 to 12. A week that has a working day in one does not count.",
    )
    weeks: tuple[Week, ...] = Field(min_length=1)
    recall: tuple[LessonId, ...] = Field(
        default=(),
        exclude_if=lambda recall: not recall,
        description="Recall cards and quizzes that come back, in the order they are first asked.",
    )
    sessions: tuple[Session, ...] = Field(
        default=(), exclude_if=lambda sessions: not sessions, description="Meetings that are part of the programme."
    )
    waves: dict[Literal["t0", "week-3", "t1", "t2"], WaveWeek] | None = Field(
        default=None,
        description="In which week each survey is asked, weeks after the last counted on; one left out is not asked. "
        "Without it: t0 in the first week, week-3 in the third, t1 in the last, t2 twelve weeks later.",
    )
    keeps: bool = Field(
        default=False,
        strict=True,
        exclude_if=lambda keeps: not keeps,
        description="The programme is about one behaviour that each person has chosen: its lessons may say "
        "{infinitive}, {behaviour} and {seen}.",
    )
    then: ProgrammeId | None = Field(default=None, description="The programme that may follow this one.")

    def steps(self) -> tuple[Step, ...]:
        """Every step; its number is its place here, from 1 on. In a week, those for everybody come first, then those of
        each role."""
        return tuple(
            Step(week=number, position=position, lesson_id=lesson_id, roles=roles)
            for number, week in enumerate(self.weeks, start=1)
            for roles, lessons in _lists_of(week)
            for position, lesson_id in enumerate(lessons, start=1)
        )

    @property
    def differs_by_role(self) -> bool:
        """Whether it matters which role somebody has."""
        return any(week.by_role for week in self.weeks)


def _lists_of(week: Week) -> Iterator[tuple[tuple[Role, ...], tuple[LessonId, ...]]]:
    yield tuple(role for role in Role if role not in week.by_role), week.lessons
    yield from (((role,), week.by_role[role]) for role in Role if role in week.by_role)


class Document(Content):
    """What runs stays as it was confirmed: content with a text of its own, and a digest of it."""

    def to_json(self) -> str:
        """Canonical: the same content always gives the same characters."""
        content = self.model_dump(mode="json", exclude_none=True, by_alias=True)
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises pydantic's ValidationError if the text is not such a document."""
        return cls.model_validate_json(text)

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


class ProgrammeDocument(Document):
    """A programme with all its lessons, and what comes back of them, as a cohort keeps it: later edits to the files do
    not reach it. A case that is not in the programme's `recall` is asked no more; where it was asked, it can be
    answered."""

    programme: Programme
    lessons: dict[str, Lesson]
    cases: dict[str, Case] = Field(default_factory=dict, exclude_if=lambda cases: not cases)

    @model_validator(mode="after")
    def _holds_its_lessons(self) -> Self:
        wanted = {step.lesson_id for step in self.programme.steps()}
        if wanted != set(self.lessons):
            raise ValueError(f"the lessons differ from the programme's: {sorted(wanted ^ set(self.lessons))}")
        if not set(self.programme.recall) <= set(self.cases):
            raise ValueError(f"the cases differ from the programme's: {sorted(self.cases)}")
        return self


def misfits_of_kind(kind: Kind, parts: Mapping[str, int]) -> dict[str, str]:
    """What the kind lacks or cannot have, as part → sentence; `parts` says how many there are of each."""
    owners = {
        "choice": Kind.QUIZ,
        "right choice": Kind.QUIZ,
        "reason": Kind.QUIZ,
        "cue": Kind.IF_THEN,
        "action": Kind.IF_THEN,
    }
    misfits = {
        part: f'"## {part}" belongs to the kind {owner}, and this lesson is {kind}. Remove it or change the kind.'
        for part, owner in owners.items()
        if owner is not kind and parts.get(part)
    }
    for part in ("reason", "cue", "action"):
        if owners[part] is kind and not parts.get(part):
            misfits[part] = f'the kind {kind} needs "## {part}". Write it in both languages.'
    if kind is Kind.QUIZ:
        misfits |= misfits_of_choices(kind, parts)
    return misfits


def misfits_of_choices(what: str, parts: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with the choices of a quiz or recall card, as part → sentence."""
    misfits = {}
    right, wrong = parts.get("right choice", 0), parts.get("choice", 0)
    if right != 1:
        misfits["right choice"] = f'a {what} has exactly one "## right choice", and here are {right}. Mark one.'
    if right + wrong != CHOICES_IN_A_QUIZ:
        misfits["choice"] = (
            f"a {what} has {CHOICES_IN_A_QUIZ} choices, and here are {right + wrong}. "
            f'Write {CHOICES_IN_A_QUIZ - 1} "## choice" and one "## right choice".'
        )
    return misfits
