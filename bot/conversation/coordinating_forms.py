"""The coordinator's forms: pure functions of what is known, in the coordinator's language."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.conversation.cards import (
    Audience,
    ChoiceInput,
    DateInput,
    Form,
    Input,
    Note,
    Option,
    Paragraph,
    Part,
    PeopleInput,
    TextInput,
    TimeInput,
)
from bot.conversation.cohort_choices import LATE_HOURS, LONGEST_NAME, WINDOWS, CohortChoices, role_list
from bot.conversation.texts import Words
from scheduler.calendar import CALENDAR_FLAGS
from storage.tables.programmes import CatchUp, LateJoiners, Role


def new_cohort(
    words: Words, *, programmes: Sequence[Option], first_possible: date, extra_audiences: bool, by_role: bool = False
) -> Form:
    """Everything a coordinator decides, with defaults that suit most. `by_role`: there is a programme in which roles
    differ, so people can be picked for each."""
    return Form(
        name="cohort.new",
        title=words("coordinating.new_title"),
        submit=words("coordinating.new_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("coordinating.new_intro")),
            _name(words, ""),
            ChoiceInput(
                name="programme",
                label=words("coordinating.programme_label"),
                options=tuple(programmes),
                initial=(programmes[0].value,),
            ),
            *_takes_part(words, extra_audiences=extra_audiences, by_role=by_role),
            *(_role_lists(words) if by_role else ()),
            _role(words),
            DateInput(
                name="starts_on", label=words("coordinating.starts_on_label"), initial=first_possible.isoformat()
            ),
            *_schedule(
                words, slot="08:15", window=60, late=4, closed=(), flags=("eves", "half_eves", "christmas_week")
            ),
            *_policies(words, catch_up=CatchUp.LATEST_ONLY, late_joiners=LateJoiners.JOIN_COHORT),
        ),
    )


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
            _name(words, choices.name),
            *(() if has_started else start),
            *_schedule(
                words,
                slot=choices.slot,
                window=choices.window_minutes,
                late=choices.late_hours,
                closed=choices.closed,
                flags=choices.flags,
            ),
            *_policies(words, catch_up=choices.catch_up, late_joiners=choices.late_joiners),
        ),
    )


def add_people(words: Words, *, cohort_id: int, extra_audiences: bool, roles: Sequence[Role] = tuple(Role)) -> Form:
    return Form(
        name="cohort.add",
        about=str(cohort_id),
        title=words("coordinating.add_title"),
        submit=words("coordinating.add_submit"),
        close=words("coordinating.cancel"),
        body=(*_takes_part(words, extra_audiences=extra_audiences), _role(words, roles)),
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


def closed_as_text(days: Sequence[date]) -> str:
    """Return closed days as people write them: one span a line."""
    return "\n".join(str(first) if first == last else f"{first} – {last}" for first, last in spans_of(days))


def spans_of(days: Collection[date]) -> list[tuple[date, date]]:
    """Return days as spans without a gap: the first and the last of each."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans


def window_text(words: Words, minutes: int) -> str:
    """Return a length of time as people say it: "30 minuter", "2 timmar"."""
    if minutes >= 60 and minutes % 60 == 0:
        return words.count("coordinating.window_hours", minutes // 60)
    return words("coordinating.window_minutes", number=minutes)


def _name(words: Words, initial: str) -> TextInput:
    return TextInput(
        name="name",
        label=words("coordinating.name_label"),
        hint=words("coordinating.name_hint"),
        initial=initial,
        most=LONGEST_NAME,
    )


def _takes_part(words: Words, *, extra_audiences: bool, by_role: bool = False) -> tuple[Input, ...]:
    """Pick people one by one, and where the installation allows it a channel's or group's members as well."""
    if not extra_audiences:
        return (_people(words, "people_label", "people_hint", optional=by_role),)
    return (
        _people(words, "people_label", "people_or_hint", optional=True),
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


def _people(words: Words, label: str, hint: str, *, optional: bool = False) -> PeopleInput:
    return PeopleInput(
        name="people", label=words(f"coordinating.{label}"), hint=words(f"coordinating.{hint}"), optional=optional
    )


def _role_lists(words: Words) -> tuple[Part | Input, ...]:
    """A list of people for each role, for programmes in which roles differ."""
    lists = (
        PeopleInput(name=role_list(role), label=words(f"coordinating.role_many_{role.value}"), optional=True)
        for role in Role
    )
    return (Note(words("coordinating.roles_intro")), *lists)


def _role(words: Words, roles: Sequence[Role] = tuple(Role)) -> ChoiceInput:
    return ChoiceInput(
        name="role",
        label=words("coordinating.role_label"),
        options=tuple(Option(role.value, words(f"coordinating.role_{role.value}")) for role in roles),
        initial=(roles[0].value,),
    )


def _schedule(
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
        TextInput(
            name="closed",
            label=words("coordinating.closed_label"),
            hint=words("coordinating.closed_hint"),
            initial=closed_as_text(closed),
            multiline=True,
            optional=True,
        ),
        ChoiceInput(
            name="flags",
            label=words("coordinating.flags_label"),
            options=tuple(Option(flag, words(f"coordinating.flag_{flag}")) for flag in CALENDAR_FLAGS),
            initial=tuple(flags),
            many=True,
            optional=True,
        ),
        ChoiceInput(
            name="late_hours",
            label=words("coordinating.late_label"),
            options=tuple(Option(str(hours), words.count("coordinating.late_hours", hours)) for hours in LATE_HOURS),
            initial=(str(late),),
        ),
    )


def _policies(words: Words, *, catch_up: CatchUp, late_joiners: LateJoiners) -> tuple[Input, ...]:
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
