"""The coordinator's forms: pure functions of what is known, in the coordinator's language."""

from collections.abc import Sequence
from datetime import date

from bot.conversation.calendar_inputs import calendar_inputs
from bot.conversation.cards import (
    Audience,
    ChoiceInput,
    DateInput,
    Form,
    Input,
    Option,
    Paragraph,
    PeopleInput,
    TextInput,
    TimeInput,
)
from bot.conversation.cohort_choices import LATE_HOURS, LONGEST_NAME, WINDOWS, CohortChoices
from bot.conversation.texts import Words
from storage.tables.programmes import CatchUp, LateJoiners, Role


def edit_cohort(words: Words, choices: CohortChoices, *, cohort_id: int, has_started: bool) -> Form:
    """The same form for a cohort that exists. What has begun keeps its start."""
    start: tuple[Input, ...] = (
        DateInput(name="starts_on", label=words("coordinating.starts_on_label"), initial=choices.starts_on.isoformat()),
    )
    return Form(
        name="cohort.edit",
        about=str(cohort_id),
        title=words("coordinating.edit_title"),
        submit=words("coordinating.edit_submit"),
        close=words("coordinating.cancel"),
        body=(
            name_input(words, choices.name),
            *(() if has_started else start),
            *schedule_inputs(
                words,
                slot=choices.slot,
                window=choices.window_minutes,
                late=choices.late_hours,
                closed=choices.closed,
                flags=choices.flags,
            ),
            *policy_inputs(words, catch_up=choices.catch_up, late_joiners=choices.late_joiners),
        ),
    )


def add_people(words: Words, *, cohort_id: int, extra_audiences: bool, roles: Sequence[Role] = tuple(Role)) -> Form:
    return Form(
        name="cohort.add",
        about=str(cohort_id),
        title=words("coordinating.add_title"),
        submit=words("coordinating.add_submit"),
        close=words("coordinating.cancel"),
        body=(*people_inputs(words, extra_audiences=extra_audiences), role_input(words, roles)),
    )


def pick_people(words: Words, *, cohort_id: int, subject: str) -> Form:
    """Pick people for something: `subject` is "remove" or "colleague"."""
    return Form(
        name=f"cohort.{subject}",
        about=str(cohort_id),
        title=words(f"coordinating.{subject}_title"),
        submit=words(f"coordinating.{subject}_submit"),
        close=words("coordinating.cancel"),
        body=(_people(words, f"{subject}_label", f"{subject}_hint"),),
    )


def pick_lesson(words: Words, *, cohort_id: int, lessons: Sequence[Option]) -> Form:
    return Form(
        name="cohort.test",
        about=str(cohort_id),
        title=words("coordinating.test_title"),
        submit=words("coordinating.test_submit"),
        close=words("coordinating.cancel"),
        body=(
            ChoiceInput(
                name="lesson",
                label=words("coordinating.test_label"),
                hint=words("coordinating.test_hint"),
                options=tuple(lessons),
                initial=(lessons[0].value,),
            ),
        ),
    )


def message(words: Words, *, title: str, text: str) -> Form:
    """A page that only says something."""
    return Form(
        name="cohort.message", title=title, submit=None, close=words("coordinating.close"), body=(Paragraph(text),)
    )


def window_text(words: Words, minutes: int) -> str:
    """Return a length of time as people say it: "30 minuter", "2 timmar"."""
    if minutes >= 60 and minutes % 60 == 0:
        return words.count("coordinating.window_hours", minutes // 60)
    return words("coordinating.window_minutes", number=minutes)


def name_input(words: Words, initial: str) -> TextInput:
    return TextInput(
        name="name",
        label=words("coordinating.name_label"),
        hint=words("coordinating.name_hint"),
        initial=initial,
        most=LONGEST_NAME,
    )


def people_inputs(words: Words, *, extra_audiences: bool) -> tuple[Input, ...]:
    """Pick people one by one, and where the installation allows it a channel's or group's members as well."""
    if not extra_audiences:
        return (_people(words, "people_label", "people_hint"),)
    return (_people(words, "people_label", "people_or_hint", optional=True), *audience_inputs(words))


def audience_inputs(words: Words) -> tuple[Input, ...]:
    return (
        PeopleInput(
            name="audience",
            label=words("coordinating.audience_label"),
            hint=words("coordinating.audience_hint"),
            audience=Audience.CHANNEL,
            optional=True,
        ),
        PeopleInput(
            name="group",
            label=words("coordinating.group_label"),
            hint=words("coordinating.group_hint"),
            audience=Audience.GROUP,
            optional=True,
        ),
    )


def role_input(words: Words, roles: Sequence[Role], *, label: str | None = None) -> ChoiceInput:
    return ChoiceInput(
        name="role",
        label=label or words("coordinating.role_label"),
        options=tuple(Option(role.value, words(f"coordinating.role_{role.value}")) for role in roles),
        initial=(roles[0].value,),
    )


def _people(words: Words, label: str, hint: str, *, optional: bool = False) -> PeopleInput:
    return PeopleInput(
        name="people", label=words(f"coordinating.{label}"), hint=words(f"coordinating.{hint}"), optional=optional
    )


def schedule_inputs(
    words: Words, *, slot: str, window: int, late: int, closed: Sequence[date], flags: Sequence[str]
) -> tuple[Input, ...]:
    return (
        TimeInput(
            name="slot", label=words("coordinating.slot_label"), hint=words("coordinating.slot_hint"), initial=slot
        ),
        ChoiceInput(
            name="window",
            label=words("coordinating.window_label"),
            options=tuple(Option(str(minutes), window_text(words, minutes)) for minutes in WINDOWS),
            initial=(str(window),),
        ),
        *calendar_inputs(
            words,
            closed_label=words("coordinating.closed_label"),
            closed=closed,
            flags_label=words("coordinating.flags_label"),
            flags=flags,
        ),
        ChoiceInput(
            name="late_hours",
            label=words("coordinating.late_label"),
            options=tuple(Option(str(hours), words.count("coordinating.late_hours", hours)) for hours in LATE_HOURS),
            initial=(str(late),),
        ),
    )


def policy_inputs(words: Words, *, catch_up: CatchUp, late_joiners: LateJoiners) -> tuple[Input, ...]:
    return (
        ChoiceInput(
            name="catch_up",
            label=words("coordinating.catch_up_label"),
            options=tuple(Option(policy.value, words(f"coordinating.catch_up_{policy.value}")) for policy in CatchUp),
            initial=(catch_up.value,),
        ),
        ChoiceInput(
            name="late_joiners",
            label=words("coordinating.late_joiners_label"),
            options=tuple(
                Option(policy.value, words(f"coordinating.late_joiners_{policy.value}")) for policy in LateJoiners
            ),
            initial=(late_joiners.value,),
        ),
    )
