"""A method card, as the rest of Knuff reads it: how one group method is run, by somebody who has not run it before."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from lessons.challenge_rules import Misfit, Misfits
from lessons.challenge_steps import TitleText
from lessons.challenges import ChallengeId
from lessons.models import Content, Language, LessonId, Text, Words

MOST_MINUTES = 480
"""A working day. What takes longer is a challenge."""

LONGEST_CARD = 4_000
"""Characters in each language: two sheets, and well inside what one message in a chat holds."""

MethodId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Minutes = Annotated[int, Field(strict=True, ge=1, le=MOST_MINUTES)]
People = Annotated[int, Field(strict=True, ge=1, le=1_000)]


class Purpose(StrEnum):
    """What a group wants when it reaches for the method."""

    UNDERSTAND = "understand"
    IMAGINE = "imagine"
    CHOOSE = "choose"
    TEST = "test"
    LEARN = "learn"
    MEET_USERS = "meet-users"


class Part(Content):
    """Who does what while it goes on."""

    role: Text
    does: Text


class MethodStep(Content):
    minutes: Minutes
    text: Text


class Source(Content):
    """Where a method comes from, to readers of each language. Names and titles stay in their own."""

    sv: Words
    en: Words

    def in_(self, language: Language) -> str:
        return self.sv if language == Language.SV else self.en


def _for_both(value: Any) -> Any:
    """What is written once, such as author, year, title and publisher, is for readers of both languages."""
    return {"sv": value, "en": value} if isinstance(value, str) else value


class Method(Content):
    """The method file."""

    id: MethodId = Field(description="The name of the method, the same as the file's name without .yaml.")
    title: TitleText
    about: Text = Field(description="What it is for, in at most 40 words.")
    when: Text = Field(description="When to reach for it, in at most 40 words.")
    minutes: tuple[Minutes, Minutes] = Field(description="How long it takes: the least and the most.")
    people: tuple[People, People] = Field(description="How many it works with: the fewest and the most.")
    purpose: Purpose = Field(description="What the group wants when it reaches for it.")
    roles: tuple[Part, ...] = Field(min_length=1, max_length=6, description="Who does what.")
    needs: Text = Field(description="What to have at hand, in at most 40 words.")
    steps: tuple[MethodStep, ...] = Field(min_length=2, max_length=12, description="In the order they are done.")
    checklist: tuple[Text, ...] = Field(
        default=(),
        max_length=12,
        description="What is gone through: there, on its way or missing, with owner and date.",
    )
    traps: tuple[Text, ...] = Field(min_length=1, max_length=6, description="What often goes wrong, and what helps.")
    users: Text = Field(description="How those whom it concerns are involved, in at most 60 words.")
    principles: tuple[str, ...] = Field(min_length=1, description="Keys under `principles` in taxonomy.yaml.")
    behaviours: tuple[str, ...] = Field(min_length=1, description="Keys under `behaviours` in taxonomy.yaml.")
    lessons: tuple[LessonId, ...] = Field(default=(), description="The lessons it is linked from.")
    challenges: tuple[ChallengeId, ...] = Field(default=(), description="The challenges it is linked from.")
    source: Annotated[Source, BeforeValidator(_for_both, json_schema_input_type=Words | Source)] = Field(
        description="Where the method or its evidence comes from: a reference for both, or a text in each language."
    )

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that is read on the card, but the source."""
        parts = (text for part in self.roles for text in (part.role, part.does))
        steps = (step.text for step in self.steps)
        return (
            self.title, self.about, self.when, *parts, self.needs, *steps, *self.checklist, *self.traps, self.users
        )  # fmt: skip

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if misfits := _misfits_of(self):
            raise Misfits(misfits)
        return self


def _misfits_of(method: Method) -> list[Misfit]:
    """Return what does not hold between the parts of the card, each with its place."""
    misfits: list[Misfit] = []
    for name in ("minutes", "people"):
        least, most = getattr(method, name)
        if least > most:
            misfits.append(((name,), f"`{name}` goes from {least} to {most}. Write the smaller number first."))
    total = sum(step.minutes for step in method.steps)
    least, most = method.minutes
    if not misfits and not least <= total <= most:
        sentence = f"the steps take {total} minutes together, and `minutes` says {least} to {most}. Let them agree."
        misfits.append((("steps",), sentence))
    longest = max(sum(len(text.in_(language)) for text in method.texts) for language in Language)
    if longest > LONGEST_CARD:
        misfits.append(
            ((), f"the card has {longest} characters; {LONGEST_CARD} is the most. Shorten it, or make it two.")
        )
    for name in ("principles", "behaviours", "lessons", "challenges"):
        names = getattr(method, name)
        for position, item in enumerate(names):
            if item in names[:position]:
                misfits.append(((name, position), f'"{item}" stands twice under `{name}`. Keep one.'))
    return misfits
