"""A step of a challenge: what is said, handed in and voted on."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from lessons.models import ChoiceText, Content, Text

LONGEST_TITLE = 60
"""Characters, of a challenge or a step: the heading of a card, on one line of a phone turned sideways."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
TitleWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE)]


class TitleText(Text):
    sv: TitleWords
    en: TitleWords


class Audience(StrEnum):
    """To whom a private prompt goes."""

    MEMBERS = "members"
    MANDATE = "mandate"
    FACILITATOR = "facilitator"


class By(StrEnum):
    """Who hands in. `team` is anybody, once for all of them: what was written last counts."""

    EACH = "each"
    TEAM = "team"
    MANDATE = "mandate"
    FACILITATOR = "facilitator"


class InputKind(StrEnum):
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DATE = "date"
    ROLE = "role"


class VoteKind(StrEnum):
    ONE = "one"
    SCORES = "scores"


class Outcome(StrEnum):
    """What a wrap-up line can take from a step, beside what was written in it."""

    WINNER = "winner"
    COUNT = "count"


class Option(Content):
    key: Key
    label: ChoiceText


class Input(Content):
    """One thing to write or choose in what is handed in."""

    key: Key
    label: ChoiceText = Field(description="What is asked. It stands before the answer where that is read.")
    hint: Text | None = Field(default=None, description="How to fill it in. It stands in the form and nowhere else.")
    kind: InputKind = Field(default=InputKind.TEXT, description="`role` is a text that names a role, never a person.")
    words: int = Field(default=50, strict=True, ge=1, le=300, description="At most so many words in a text.")
    options: tuple[Option, ...] = Field(default=(), max_length=10, description="Of a choice: at least two.")
    shown: bool = Field(default=True, strict=True, description="`false`: only who wrote it ever sees it.")
    required: bool = Field(
        default=False,
        strict=True,
        exclude_if=lambda required: not required,
        description="`true`: the others say nothing without it. An input alone and a choice are required anyway.",
    )


class HandIn(Content):
    by: By
    anonymous: bool = Field(default=False, strict=True, description="No author anywhere, not even in the database.")
    most_each: int = Field(default=1, strict=True, ge=1, le=10, description="How many one person may hand in.")
    opens: Clock | None = Field(
        default=None, description='Hidden until this time on the step\'s last day, such as "15:00". `each` needs one.'
    )
    opens_with: int | None = Field(
        default=None, strict=True, ge=2, le=50, description="And only when so many have come. For anonymous ones."
    )
    inputs: tuple[Input, ...] = Field(min_length=1, max_length=6)
    about: Key | None = Field(default=None, description="The earlier step each of these answers one of.")

    def input(self, key: str) -> Input | None:
        return next((one for one in self.inputs if one.key == key), None)


class Vote(Content):
    on: Key = Field(description="The earlier step whose contributions are chosen among.")
    kind: VoteKind = Field(description="`one`: each picks one. `scores`: each gives 1 to 3 on every criterion.")
    criteria: tuple[ChoiceText, ...] = Field(default=(), max_length=5)
    closes: Clock = Field(description='When the vote closes on the step\'s last day, such as "15:00".')


class Step(Content):
    """One thing the team does, on one day or several. `until` is what the author wrote; ask `last_day`."""

    key: Key
    day: int = Field(strict=True, ge=1, description="The working day of the challenge, from 1, on which it begins.")
    until: int | None = Field(default=None, strict=True, ge=1, description="The last day of a step of several.")
    daily: bool = Field(default=False, strict=True, description="The same prompt on each of its days.")
    minutes: int = Field(default=10, strict=True, ge=5, le=90, description="How long the team sits together for it.")
    title: TitleText
    prompt: Text = Field(description="Said in the channel in the morning, in at most 60 words.")
    private: Text | None = Field(default=None, description="Said to each alone first; the channel hears it has begun.")
    only: Audience | None = Field(default=None, description="To whom `private` goes. Default: members.")
    facilitator: Text = Field(description="How to hold it, in at most 90 words.")
    hand_in: HandIn | None = None
    vote: Vote | None = None
    least: int = Field(
        default=1,
        strict=True,
        ge=0,
        description="How many must hand in or vote for it to count. A vote needs 3. 0: who wants to, never reminded.",
    )
    must: bool = Field(default=False, strict=True, description="The round does not go on until `least` have handed in.")

    @property
    def last_day(self) -> int:
        return self.day if self.until is None else self.until

    @property
    def days(self) -> range:
        return range(self.day, self.last_day + 1)

    @property
    def looks_back_on(self) -> str | None:
        """The key of the earlier step that this one is about, or votes on."""
        if self.vote is not None:
            return self.vote.on
        return self.hand_in.about if self.hand_in is not None else None

    @property
    def is_voluntary(self) -> bool:
        """Nobody is reminded, it is always enough, and nobody is told how many."""
        return self.least == 0

    @property
    def audience(self) -> Audience:
        return self.only or Audience.MEMBERS
