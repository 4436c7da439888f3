"""A challenge, as the rest of Knuff reads it: what a team does together, day by day. Both languages always."""

from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, StringConstraints, model_validator

from lessons.challenge_rules import Misfits, misfits_of
from lessons.challenge_steps import Key, Step, TitleText
from lessons.models import ChoiceText, Content, Document, Text

WRITTEN = "written"
"""What a wrap-up line comes from when the team writes it at the end."""

ChallengeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^(written|[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)$")]


class Form(StrEnum):
    TEAM = "team"
    PAIRS = "pairs"
    RELAY = "relay"


class TeamSize(Content):
    least: int = Field(strict=True, ge=2, description="The fewest people the challenge works with.")
    most: int = Field(strict=True, ge=2, le=10_000, description="The most people the challenge works with.")
    who: Text = Field(description="Who should be in the team.")


class Ending(Content):
    finished: Text
    not_made: Text


class Source(NamedTuple):
    """A step, and what of it: an Outcome's value, or the key of an input."""

    step: str
    part: str


class WrapUpLine(Content):
    """A line of the card the team approves. `origin` is `from` in the file."""

    key: Key
    label: ChoiceText
    hint: Text | None = Field(default=None, description="How to write it. It stands in the form and nowhere else.")
    origin: Origin = Field(alias="from", description="STEP.winner, STEP.count, STEP.INPUT, or `written`.")
    words: int = Field(default=50, strict=True, ge=1, le=100, description="At most so many, when it is written.")

    @property
    def source(self) -> Source | None:
        """Return where the line comes from; None when the team writes it at the end."""
        return None if self.origin == WRITTEN else Source(*self.origin.split(".", 1))


class Challenge(Content):
    """The challenge file."""

    id: ChallengeId = Field(description="The name of the challenge, the same as the file's name without .yaml.")
    title: TitleText
    about: Text = Field(description="What the team gets out of it, in at most 60 words.")
    principles: tuple[str, ...] = Field(min_length=1, description="Keys under `principles` in taxonomy.yaml.")
    behaviours: tuple[str, ...] = Field(min_length=1, description="Keys under `behaviours` in taxonomy.yaml.")
    form: Form = Field(description="Whether a team, pairs or several teams in a relay do it.")
    team: TeamSize
    mandate: Text | None = Field(default=None, description="Who says yes, no or try, and what is asked of them.")
    length: int = Field(strict=True, ge=1, le=30, description="Working days of the team's calendar.")
    debrief: Text | None = Field(default=None, description="The ten minutes at the end, when they need own words.")
    safeguards: tuple[Text, ...] = Field(min_length=1, max_length=8, description="Said before the start.")
    consent: Text | None = Field(default=None, description="What the facilitator must say yes to before day one.")
    steps: tuple[Step, ...] = Field(min_length=1, description="In the order they are done.")
    ending: Ending
    wrap_up: tuple[WrapUpLine, ...] = Field(min_length=1, max_length=10)
    next: ChallengeId | None = Field(default=None, description="The challenge offered when this one is finished.")
    follow_up_days: int = Field(
        default=20, strict=True, ge=1, le=60, description="Working days from the end to the question to the team."
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if misfits := misfits_of(self):
            raise Misfits(misfits)
        return self

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def vote_about(self, key: str) -> Step | None:
        """Return the step that is a vote, or in which what this step handed in is voted on; None without a vote."""
        return next(
            (step for step in self.steps if step.vote is not None and key in (step.key, step.vote.on)),
            None,
        )


class ChallengeDocument(Document):
    """A challenge as a round keeps it: later edits to the file do not reach it."""

    challenge: Challenge
