"""What has been released of a wave: all that anybody but the author of an answer ever sees of it. One plain document.

Whoever shows an outcome reads it from here, also what another organisation sent: a document that tells of too few
people, or of people who all said the same, cannot be read.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from lessons.models import Content, Role, Text
from lessons.outcomes.intervals import LEVEL, Interval, YesNoPairs, mcnemar_mid_p, paired_change, sign_test
from lessons.outcomes.suppression import FEWEST
from lessons.surveys import Wave

SCHEMA: Literal["knuff.outcomes.wave/1"] = "knuff.outcomes.wave/1"
"""A field is added under the same number, and taken away or changed under the next."""
FEWEST_FOR_CHANGE = 10
"""People who answered both times, for a table of who changed which way."""
FEWEST_EACH_WAY = 2
"""Of none, or one, it is not told that they are so few: it would tell what nearly each of the others did."""
Limit = Literal[20, 80]
AT_MOST: Literal[20] = 20
AT_LEAST: Literal[80] = 80
"""Per cent."""
_ALIKE = "that nearly everybody, or hardly anybody, changed one way tells something of each of them."


def _of_none_or_enough(people: int) -> int:
    if 0 < people < FEWEST:
        raise ValueError("a count of one to four people tells of them.")
    return people


Number = Annotated[int, Field(strict=True, ge=0)]
People = Annotated[Number, AfterValidator(_of_none_or_enough)]


class Counted(Content):
    """How many answered, and how many of them said yes: neither nearly nobody nor nearly everybody."""

    kind: Literal["counted"] = "counted"
    answers: int = Field(strict=True, ge=FEWEST)
    yes: int = Field(strict=True, ge=FEWEST_EACH_WAY)

    @model_validator(mode="after")
    def _are_not_alike(self) -> Self:
        if self.answers - self.yes < FEWEST_EACH_WAY:
            raise ValueError("nearly everybody said the same: that tells what each of them said.")
        return self


class Limited(Content):
    """Where all, or all but one, said the same: that at least, or at most, so many per cent said yes."""

    kind: Literal["limited"] = "limited"
    answers: int = Field(strict=True, ge=FEWEST)
    percent: Limit
    is_lower: bool


class ScaleChange(Content):
    """How many of the same people chose a higher, the same and a lower place on the scale than before; and from fifteen
    people on the mean change with its interval.

    Where hardly anybody did one of these, that would tell something of each: then it is told as of any share how many
    went higher, and nothing more. Told of one way or the other, whichever had enough, it would tell of the rest that
    hardly any of them went the other way.
    """

    kind: Literal["scale"] = "scale"
    people: int = Field(strict=True, ge=FEWEST_FOR_CHANGE)
    higher: int | None = Field(default=None, strict=True, ge=FEWEST_EACH_WAY)
    same: int | None = Field(default=None, strict=True, ge=FEWEST_EACH_WAY)
    lower: int | None = Field(default=None, strict=True, ge=FEWEST_EACH_WAY)
    limit: Limit | None = None
    """Where all, or all but one, went higher, or did not: that at most, or at least, so many per cent did."""
    mean: float | None = None
    """Only where five or more went each way: of fewer it tells how far each of them went."""
    interval: tuple[float, float] | None = None
    standardised: float | None = None
    """d_z with Hedges' correction."""

    @property
    def sign_p(self) -> float | None:
        return sign_test(self.higher, self.lower) if self.higher and self.lower else None

    @property
    def can_be_told(self) -> bool:
        """Whether anything changed, as far as anybody can tell: by the interval of the mean, and where no mean is told
        by the sign test."""
        if self.interval is None:
            return self.sign_p is not None and self.sign_p < 1 - LEVEL
        return not Interval(low=self.interval[0], high=self.interval[1]).holds_zero

    @model_validator(mode="after")
    def _tells_nobody(self) -> Self:
        higher, same, lower = self.higher, self.same, self.lower
        has_mean = any(one is not None for one in (self.mean, self.interval, self.standardised))
        if higher is not None and same is not None and lower is not None:
            tells_nobody = higher + same + lower == self.people and self.limit is None
            tells_nobody = tells_nobody and (not has_mean or min(higher, lower) >= FEWEST)
        else:
            tells_nobody = (same, lower) == (None, None) and (higher is None) != (self.limit is None) and not has_mean
            tells_nobody = tells_nobody and (higher is None or self.people - higher >= FEWEST_EACH_WAY)
        if not tells_nobody:
            raise ValueError(_ALIKE)
        return self


class YesNoChange(Content):
    """How many of the same people said yes both times, then no, then yes, and neither time: some did each."""

    kind: Literal["yes-no"] = "yes-no"
    both: int = Field(strict=True, ge=FEWEST_EACH_WAY)
    lost: int = Field(strict=True, ge=FEWEST_EACH_WAY)
    gained: int = Field(strict=True, ge=FEWEST_EACH_WAY)
    neither: int = Field(strict=True, ge=FEWEST_EACH_WAY)

    @property
    def pairs(self) -> YesNoPairs:
        return YesNoPairs(both=self.both, lost=self.lost, gained=self.gained, neither=self.neither)

    @property
    def can_be_told(self) -> bool:
        """Whether anything changed, as far as anybody can tell: of few people the interval alone says so too soon."""
        return not paired_change(self.pairs).holds_zero and mcnemar_mid_p(self.pairs) < 1 - LEVEL

    @model_validator(mode="after")
    def _is_of_enough(self) -> Self:
        if self.pairs.people < FEWEST_FOR_CHANGE:
            raise ValueError("a change of so few tells what they said.")
        return self


class Question(Content):
    """What is told of one question. `share` and `change` are None where they may not be told, or not its to tell."""

    survey: str
    item: str
    text: Text
    yes_texts: tuple[Text, ...]
    """The answers that count as yes."""
    asked: int | None = Field(default=None, ge=0)
    """None: not everybody had it, and how many did is nobody's business."""
    tells_share: bool
    share: Counted | Limited | None = Field(default=None, discriminator="kind")
    by_role: dict[Role, Counted | None] = Field(default_factory=dict)
    """Empty: not told by role."""
    apart: People = 0
    """How many chose an answer that is kept apart from the scale; of one to four, none."""
    apart_texts: tuple[Text, ...] = ()
    """Those answers."""
    tells_change: bool
    change: ScaleChange | YesNoChange | None = Field(default=None, discriminator="kind")
    """Since the first wave."""

    @field_validator("change", mode="before")
    @classmethod
    def _told_no_more_than_now(cls, change: Any) -> Any:
        """Return what was released before these rules without what they hold back."""
        if not isinstance(change, dict) or change.get("kind") != "scale":
            return change
        if change.get("lower") is not None and change.get("higher") is None:
            return None
        went = [change.get(name) for name in ("higher", "lower")]
        if not all(isinstance(one, int) and one >= FEWEST for one in went):
            return {name: value for name, value in change.items() if name not in ("mean", "interval", "standardised")}
        return change


class ReleasedWave(Content):
    format: Literal["knuff.outcomes.wave/1"] = SCHEMA
    wave: Wave
    digest: str
    """Of the surveys as they were."""
    asked: int = Field(ge=0)
    answered: int | None = Field(ge=FEWEST)
    """How many answered anything that is told of. None: fewer than five."""
    roles_by_size: bool = False
    """Whether the roles that are told were chosen by how many answered alone. In what was released before that rule
    they were chosen by what was said too, from which it could be worked out: then no role is told."""
    questions: tuple[Question, ...]

    @field_validator("questions")
    @classmethod
    def _without_unsafe_roles(cls, questions: tuple[Question, ...], info: ValidationInfo) -> tuple[Question, ...]:
        if info.data.get("roles_by_size"):
            return questions
        return tuple(one.model_copy(update={"by_role": {}}) for one in questions)

    @model_validator(mode="after")
    def _is_of_those_who_were_asked(self) -> Self:
        told = [(self.answered or 0, self.asked)]
        for one in self.questions:
            # Of several behaviours, the same people were once counted in both.
            apart = one.apart if one.asked is not None else 0
            answers = one.share.answers + apart if one.share else 0
            asked = self.asked if one.asked is None else min(one.asked, self.asked)
            told.append((max(answers, _people(one.change)), asked))
        if any(answers > asked for answers, asked in told):
            raise ValueError("more have answered than were asked.")
        return self

    def question(self, item: str) -> Question | None:
        return next((one for one in self.questions if one.item == item), None)


def _people(change: ScaleChange | YesNoChange | None) -> int:
    if change is None:
        return 0
    return change.people if isinstance(change, ScaleChange) else change.pairs.people


def read_wave(document: dict[str, Any]) -> ReleasedWave:
    """Return a stored document. Raises pydantic's ValidationError for what is none."""
    return ReleasedWave.model_validate(document)
