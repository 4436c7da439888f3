"""A cohort that runs takes over a newer version of its programme: the old weeks up to one, and the new ones from it on.

What was promised stays: a step keeps its number and its lesson, a lesson that was due keeps its words.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lessons.models import Lesson, Programme, ProgrammeDocument, Role, Session, Week

Lists = dict[Role, tuple[str, ...]]
"""What each role gets in a week."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedWeek:
    """What is different in a week for some roles; what only comes in another order is in none of these."""

    number: int
    roles: tuple[Role, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    reworded: tuple[str, ...]


def joined(
    old: ProgrammeDocument, new: ProgrammeDocument, *, week: int, sessions: Sequence[Session] | None = None
) -> ProgrammeDocument:
    """Return the old document's weeks before `week` and the new one's from it on. Nobody gets a lesson again that their
    role has had in the old weeks; what a role that the new version is not for got, ends. `week` is the one after the
    old document's last at most.

    The months of rest stay as they lie in the calendar, and so do the meetings unless other `sessions` are given: each
    at the number it has.
    """
    kept = old.programme.weeks[: week - 1]
    roles = tuple(role for role in Role if role in {*old.programme.roles, *new.programme.roles})
    had = {role: {lesson_id for one in kept for lesson_id in one.lessons_for(role)} for role in roles}
    coming = [_without(one, had, new.programme.roles) for one in new.programme.weeks[week - 1 :]]
    programme = new.programme.model_copy(
        update={
            "roles": roles,
            "weeks": (*kept, *coming),
            "sessions": old.programme.sessions if sessions is None else tuple(sessions),
            "rests": old.programme.rests,
        }
    )
    old_words = {step.lesson_id for step in old.programme.steps() if step.week < week}
    lessons = {
        step.lesson_id: (old if step.lesson_id in old_words else new).lessons[step.lesson_id]
        for step in programme.steps()
    }
    # A case that the new version has not is asked no more. A message that has asked one is answered by its words as
    # they were. Whom it is for the new version says.
    cases = dict(new.cases)
    for name, case in old.cases.items() if kept else ():
        cases[name] = case.model_copy(update={"roles": cases[name].roles}) if name in cases else case
    return ProgrammeDocument(programme=programme, lessons=lessons, cases=cases)


def changed_weeks(old: ProgrammeDocument, after: ProgrammeDocument) -> list[ChangedWeek]:
    """Return what is different in which weeks and for whom, in order; roles with the same difference stand together."""
    found: list[ChangedWeek] = []
    for index in range(max(len(old.programme.weeks), len(after.programme.weeks))):
        before, then = _lists(old.programme, index), _lists(after.programme, index)
        together: dict[tuple[tuple[str, ...], ...], list[Role]] = {}
        for role in after.programme.roles:
            one = _difference(before.get(role, ()), then.get(role, ()), old.lessons, after.lessons)
            if any(one) or before.get(role, ()) != then.get(role, ()):
                together.setdefault(one, []).append(role)
        found += [
            ChangedWeek(number=index + 1, roles=tuple(some), added=one[0], gone=one[1], reworded=one[2])
            for one, some in together.items()
        ]
    return found


def missed(new: ProgrammeDocument, after: ProgrammeDocument, *, week: int) -> list[str]:
    """Return the lessons that somebody never gets, since the new version has them in a week that is over."""
    lost: dict[str, None] = {}
    for role in new.programme.roles:
        got = {step.lesson_id for step in after.programme.steps() if role in step.roles}
        for one in new.programme.weeks[: week - 1]:
            lost |= dict.fromkeys(lesson_id for lesson_id in one.lessons_for(role) if lesson_id not in got)
    return list(lost)


def same_sessions(old: Mapping[int, Session], new: Sequence[Session]) -> dict[int, int]:
    """Return which meeting of the new version each of the old one's is, by its number: its place among the new, from 0
    on. It has the same title in some language, in the same week first of all, or else is in the same week."""
    found: dict[int, int] = {}
    rules: tuple[Callable[[Session, Session], bool], ...] = (
        lambda one, other: one.week == other.week and _is_called_the_same(one, other),
        _is_called_the_same,
        lambda one, other: one.week == other.week,
    )
    for is_the_same in rules:
        for number, one in old.items():
            places = (place for place, other in enumerate(new) if is_the_same(one, other))
            place = next((place for place in places if place not in found.values()), None)
            if number not in found and place is not None:
                found[number] = place
    return found


def first_step(programme: Programme, week: int) -> int:
    """Return the number of the first step of `week`, or the one it would have."""
    return sum(step.week < week for step in programme.steps()) + 1


def _is_called_the_same(one: Session, other: Session) -> bool:
    return one.title.sv == other.title.sv or one.title.en == other.title.en


def _without(week: Week, had: Mapping[Role, set[str]], wanted: Sequence[Role]) -> Week:
    """Return a week without what each role has had, and without anything for roles it is not for."""
    lists: Lists = {
        role: tuple(one for one in week.lessons_for(role) if one not in had[role]) if role in wanted else ()
        for role in had
    }
    if all(some == week.lessons_for(role) for role, some in lists.items()):
        return week
    different = set(lists.values())
    if different == {()}:
        return week.model_copy(update={"lessons": (), "by_role": {}, "quiet": True})
    if len(different) == 1:
        return week.model_copy(update={"lessons": different.pop(), "by_role": {}})
    return week.model_copy(update={"lessons": (), "by_role": lists})


def _lists(programme: Programme, index: int) -> Lists:
    if index >= len(programme.weeks):
        return {}
    return {role: programme.weeks[index].lessons_for(role) for role in programme.roles}


def _difference(
    before: Sequence[str], then: Sequence[str], old: Mapping[str, Lesson], new: Mapping[str, Lesson]
) -> tuple[tuple[str, ...], ...]:
    return (
        tuple(one for one in then if one not in before),
        tuple(one for one in before if one not in then),
        tuple(one for one in then if one in before and old[one] != new[one]),
    )
