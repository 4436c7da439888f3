"""Surveys: questions with their scales and when they are asked, as the rest of Knuff reads them. Both languages always.

Two of what is measured are no questions: how many took part, and how many changes are still in use, are counted.
"""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from lessons.models import ChoiceText, Content, Document, Programme, Role, Text

SurveyId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Apart = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,19}$")]
MOST_OPTIONS = 7
MOST_ITEMS = 30
"""All that is asked at once is in one form, together with our own."""
PLACEHOLDER = "{behaviour}"


class Wave(StrEnum):
    """When something is asked."""

    T0 = "t0"
    """Before the first exercise."""
    WEEK_3 = "week-3"
    T1 = "t1"
    """In the last week."""
    T2 = "t2"
    """Twelve weeks later."""
    DAY = "day"
    """About a session that is measured: asked on the next working day."""


class About(StrEnum):
    """What a question is asked once for each of."""

    FOCUS = "focus"
    """The behaviours the person has chosen to practise."""
    KEPT = "kept"
    """The one they have chosen to keep."""


class Option(Content):
    """A place on the scale, or an answer that is kept `apart` from it: there was no occasion, I do not know."""

    text: ChoiceText
    value: int | None = Field(default=None, strict=True)
    apart: Apart | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.value is None) == (self.apart is None):
            raise ValueError("an option has either a `value` or `apart`. Write one of them.")
        return self

    @property
    def key(self) -> str:
        """What is stored of an answer."""
        return str(self.value) if self.apart is None else self.apart


class Scale(Content):
    options: tuple[Option, ...] = Field(min_length=2, max_length=MOST_OPTIONS)

    @model_validator(mode="after")
    def _has_each_once(self) -> Self:
        keys = [option.key for option in self.options]
        if len(set(keys)) < len(keys):
            raise ValueError("two options have the same value. Give each a value of its own.")
        return self

    @property
    def values(self) -> tuple[int, ...]:
        """The places on it, lowest first, without what is kept apart."""
        return tuple(sorted(option.value for option in self.options if option.value is not None))


class Item(Content):
    """A question. `yes` are the answers that count as yes when a share is made of it."""

    id: ItemId
    text: Text
    scale: str
    yes: tuple[int, ...] = Field(min_length=1)
    waves: tuple[Wave, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = tuple(Role)
    about: About | None = None

    @model_validator(mode="after")
    def _names_what_it_is_about(self) -> Self:
        for text in (self.text.sv, self.text.en):
            if (PLACEHOLDER in text) != (self.about is not None):
                raise ValueError(
                    f"a question `about` a behaviour has {PLACEHOLDER} in both its texts, and no other question has. "
                    "Write it in, or take it out."
                )
        return self


class Survey(Content):
    """A survey file. `licence` says who may use it how; a scale that others hold also says who holds the licence."""

    id: SurveyId
    title: Text
    licence: str = Field(min_length=1)
    holder: str | None = Field(default=None, min_length=1, description="Who holds the licence for a scale of others.")
    scales: dict[str, Scale]
    items: tuple[Item, ...] = Field(min_length=1, max_length=MOST_ITEMS)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        ids = [item.id for item in self.items]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"the question {min(twice)} is there twice. Give one of them another id.")
        for item in self.items:
            if item.scale not in self.scales:
                raise ValueError(f'{item.id} has the scale "{item.scale}", which is not under `scales`.')
            if outside := set(item.yes) - set(self.scales[item.scale].values):
                raise ValueError(f"{item.id} counts {min(outside)} as yes, which is not on its scale.")
        if (name := licensed_name_in(self)) and self.holder is None:
            raise ValueError(
                f"{name} belongs to others, who say who may use it. If you hold a licence, write `holder:` with the "
                "name of your organisation and what the licence says under `licence:`; otherwise remove the file."
            )
        return self

    def asked(self, wave: Wave, role: Role) -> tuple[Item, ...]:
        """What somebody with this role is asked then, in order."""
        return tuple(item for item in self.items if wave in item.waves and role in item.roles)

    def scale_of(self, item: Item) -> Scale:
        return self.scales[item.scale]


class SurveyDocument(Document):
    """All surveys as they are when a cohort is confirmed, with what the behaviours they ask about are called: later
    edits to the files do not reach it."""

    surveys: tuple[Survey, ...] = Field(min_length=1)
    behaviours: dict[str, Text] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """The ids of the surveys in it."""
        return "+".join(survey.id for survey in self.surveys)

    def asked(self, wave: Wave, role: Role) -> tuple[tuple[Item, Scale], ...]:
        """What somebody with this role is asked then, each with its scale, in order."""
        return tuple((item, survey.scale_of(item)) for survey in self.surveys for item in survey.asked(wave, role))


WEEK_THREE = 3
T2_AFTER_WEEKS = 12
FEWEST_WEEKS = 3
"""A shorter programme is asked nothing unless its file says so: nobody has had time to change."""


def weeks_of_waves(programme: Programme) -> dict[Wave, int]:
    """Return in which week of the programme each wave is, counted on after the last. The day of a session has no week
    of its own."""
    if programme.waves is not None:
        return {Wave(name): week for name, week in programme.waves.items()}
    last = len(programme.weeks)
    if last < FEWEST_WEEKS:
        return {}
    usual = {Wave.T0: 1, Wave.WEEK_3: WEEK_THREE, Wave.T1: last, Wave.T2: last + T2_AFTER_WEEKS}
    return {wave: week for wave, week in usual.items() if wave is not Wave.WEEK_3 or week < last}


def roles_asked(document: SurveyDocument, programme: Programme, wave: Wave, *, week: int | None) -> tuple[Role, ...]:
    """Return the roles that have something to answer in a wave: those that get lessons in the programme. In the third
    week, which asks what the messages are like, only those that get some in that very week."""
    weeks = programme.weeks
    if wave is Wave.WEEK_3 and week is not None:
        weeks = weeks[week - 1 : week]
    with_lessons = [role for role in programme.roles if any(one.lessons_for(role) for one in weeks)]
    return tuple(role for role in with_lessons if document.asked(wave, role))


_LICENSED = {
    r"copsoq": "COPSOQ",
    r"qps\W?nordic": "QPSNordic",
    r"srbai|self-report behaviou?ral automaticity": "SRBAI",
    r"team psychological safety|edmondson": "Edmondson's scale of team psychological safety",
    r"innovative work behaviou?r|de jong": "the scale of innovative work behaviour",
    r"innovative behaviou?r inventory|innovation support inventory|lukes": "the inventory of innovative behaviour",
    r"opening and closing leader|zacher": "the scale of opening and closing leadership",
    r"copenhagen manual": "the Copenhagen Manual",
}


def licensed_name_in(survey: Survey) -> str | None:
    """The scale that a survey's id or title names, of those that we know need a licence or the author's permission
    (learning.md 6.1). Texts are not compared: we have none to compare with."""
    named = " ".join((survey.id.replace("-", " "), survey.title.sv, survey.title.en)).lower()
    return next((name for pattern, name in _LICENSED.items() if re.search(pattern, named)), None)
