"""A new cohort's two forms: which programme, then what it needs. Pure, in the coordinator's language."""

import re
from collections.abc import Sequence
from datetime import timedelta

from bot.conversation.cards import (
    Button,
    Buttons,
    Card,
    ChoiceInput,
    DateInput,
    Divider,
    Facts,
    Form,
    Heading,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleInput,
)
from bot.conversation.cohort_choices import role_list
from bot.conversation.cohort_outline import Outline
from bot.conversation.cohort_roles import roles_of, roles_with_lists
from bot.conversation.coordinating_forms import (
    audience_inputs,
    name_input,
    people_inputs,
    policy_inputs,
    role_input,
    schedule_inputs,
)
from bot.conversation.texts import Words
from lessons.models import Programme
from scheduler.calendar import Calendar
from scheduler.weeks import monday_of_week
from storage.tables.programmes import CatchUp, LateJoiners, Role

MOST_DESCRIBED = 20
"""Programmes that are told about one by one: a form takes a hundred parts."""
TO_FRIDAY = timedelta(days=4)


def choose_programme(
    words: Words, *, programmes: Sequence[Programme], chosen: Outline, first: Sequence[Part] = ()
) -> Form:
    """The first step. `chosen` is what it says when it opens, and `first` what must be said before anything else."""
    described = [Paragraph(line_of(words, programme)) for programme in programmes[:MOST_DESCRIBED]]
    return Form(
        name="cohort.new",
        title=words("coordinating.new_title"),
        submit=words("coordinating.new_next"),
        close=words("coordinating.cancel"),
        body=(
            *first,
            Note(words("coordinating.new_intro")),
            *described,
            ChoiceInput(
                name="programme",
                label=words("coordinating.programme_label"),
                options=tuple(Option(programme.id, _option(words, programme)) for programme in programmes),
                initial=(chosen.programme_id,),
            ),
            DateInput(
                name="starts_on",
                label=words("coordinating.starts_on_label"),
                hint=words("coordinating.starts_on_hint"),
                initial=chosen.starts_on.isoformat(),
            ),
            name_input(words, chosen.name),
        ),
    )


def plan_cohort(words: Words, outline: Outline, programme: Programme, *, extra_audiences: bool) -> Form:
    """The second step: what the chosen programme needs, and nothing of the others; defaults that suit most."""
    again = Button(text=words("coordinating.new_again"), action="cohort.new", value=outline.as_text(), opens_form=True)
    return Form(
        name="cohort.plan",
        about=outline.as_text(),
        title=words("coordinating.plan_title"),
        submit=words("coordinating.new_submit"),
        close=words("coordinating.cancel"),
        body=(
            Heading(words.of(programme.title)),
            Paragraph(words.of(programme.about)),
            Facts(_facts(words, outline, programme)),
            *_rests(words, programme),
            Buttons((again,)),
            Divider(),
            *_takes_part(words, programme, extra_audiences=extra_audiences),
            *schedule_inputs(
                words, slot="08:15", window=60, late=4, closed=(), flags=("eves", "half_eves", "christmas_week")
            ),
            *policy_inputs(words, catch_up=CatchUp.LATEST_ONLY, late_joiners=LateJoiners.JOIN_COHORT),
        ),
    )


def line_of(words: Words, programme: Programme) -> str:
    """Return what it is called, how long it takes, for whom, and the first sentence about it."""
    return words(
        "coordinating.programme_line",
        title=words.of(programme.title),
        weeks=_weeks(words, programme),
        whom=_whom(words, programme),
        about=re.split(r"(?<=[.!?])\s", words.of(programme.about), maxsplit=1)[0],
    )


def _option(words: Words, programme: Programme) -> str:
    weeks = _weeks(words, programme)
    return f"{words.of(programme.title)[: 72 - len(weeks)]} ({weeks})"


def _facts(words: Words, outline: Outline, programme: Programme) -> tuple[tuple[str, str], ...]:
    return (
        (words("coordinating.new_name"), outline.name),
        (words("coordinating.manage_start"), words.long_day(outline.starts_on)),
        (words("coordinating.new_length"), _length(words, outline, programme)),
        (words("coordinating.new_whom"), _whom(words, programme)),
    )


def _length(words: Words, outline: Outline, programme: Programme) -> str:
    calendar = Calendar(resting=frozenset(programme.rests))
    last = monday_of_week(len(programme.weeks), starts_on=outline.starts_on, calendar=calendar) + TO_FRIDAY
    return words("coordinating.new_length_value", weeks=_weeks(words, programme), day=words.long_day(last))


def _rests(words: Words, programme: Programme) -> tuple[Part, ...]:
    """When it rests, in a sentence."""
    if not programme.rests:
        return ()
    months = words.listed([words.month(month) for month in programme.rests])
    return (Paragraph(words("coordinating.new_rests", months=months)),)


def _weeks(words: Words, programme: Programme) -> str:
    return words.count("coordinating.weeks", len(programme.weeks))


def _whom(words: Words, programme: Programme) -> str:
    roles = roles_of(programme)
    if set(roles) == set(Role):
        return words("coordinating.whom_all")
    return words.listed([words(f"coordinating.role_many_{role.value}").lower() for role in roles])


def _takes_part(words: Words, programme: Programme, *, extra_audiences: bool) -> tuple[Part | Input, ...]:
    """Pick people: of each role where the roles get different exercises, else all together and one role for all."""
    roles, lists = roles_of(programme), roles_with_lists(programme)
    if not lists:
        role = (role_input(words, roles),) if len(roles) > 1 else ()
        return (*people_inputs(words, extra_audiences=extra_audiences), *role)
    picked = tuple(
        PeopleInput(name=role_list(role), label=words(f"coordinating.role_many_{role.value}"), optional=True)
        for role in lists
    )
    intro = Note(words("coordinating.roles_intro"))
    if not extra_audiences:
        return (intro, *picked)
    rest = role_input(words, roles, label=words("coordinating.role_rest_label"))
    return (intro, *picked, *audience_inputs(words), rest)


def programmes_card(words: Words, programmes: Sequence[Programme]) -> Card:
    """The programmes as a message, each with the way to the first form, where it is chosen already."""
    parts: list[Part] = [Heading(words("coordinating.new_title")), Note(words("coordinating.new_intro"))]
    for programme in programmes[:MOST_DESCRIBED]:
        text = words("coordinating.programme_choose")
        spoken = f"{text}: {words.of(programme.title)}"[:75]
        choose = Button(text=text, spoken=spoken, action="cohort.new", value=programme.id, opens_form=True)
        parts += [Paragraph(line_of(words, programme)), Buttons((choose,))]
    return Card(summary=words("coordinating.programmes_summary"), parts=tuple(parts))
