"""What must hold inside a programme file, and between programmes, said in the words of whoever writes one."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from lessons.models import Programme, Role, Week
from lessons.spelling import nearest
from lessons.yaml_lines import Place

T = TypeVar("T")
Misfit = tuple[Place, str]
"""Where, and what is wrong and what to do."""

MOST_IN_A_WEEK = 5
"""One on each working day."""
MONTHS = 12


def misfits_of(programme: Programme) -> list[Misfit]:
    """Return what does not hold in the programme by itself, in the order of the file."""
    return [
        *_twice("roles", programme.roles),
        *_without_lessons(programme),
        *_rests(programme),
        *(misfit for number, week in enumerate(programme.weeks) for misfit in _week(programme, number, week)),
        *_twice("recall", programme.recall),
        *_sessions(programme),
        *_waves(programme),
    ]


def repeated_lessons(programme: Programme) -> Iterator[Misfit]:
    """Yield each place where a role would get a lesson that it has had in an earlier place; each place once."""
    told = set[Place]()
    for role in programme.roles:
        first_week: dict[str, int] = {}
        for number, week in enumerate(programme.weeks):
            key: Place = ("by_role", role.value) if role in week.by_role else ("lessons",)
            for position, lesson_id in enumerate(week.lessons_for(role)):
                place: Place = ("weeks", number, *key, position)
                if lesson_id in first_week and place not in told:
                    told.add(place)
                    yield place, f'"{lesson_id}" is already in week {first_week[lesson_id]}. Choose another lesson.'
                first_week.setdefault(lesson_id, number + 1)


def lesson_places(programme: Programme) -> Iterator[tuple[Place, str]]:
    """Yield every lesson that the programme names, with its place in the file."""
    for number, week in enumerate(programme.weeks):
        lists: dict[Place, tuple[str, ...]] = {("lessons",): week.lessons}
        lists |= {("by_role", role.value): week.by_role[role] for role in week.by_role}
        for key, named in lists.items():
            for position, lesson_id in enumerate(named):
                yield ("weeks", number, *key, position), lesson_id


def unknown_names(programme: Programme, *, lessons: Collection[str], cases: Collection[str]) -> Iterator[Misfit]:
    """Yield each lesson that is not there, and each name under `recall` that is neither a recall card nor a quiz."""
    for place, lesson_id in lesson_places(programme):
        if lesson_id not in lessons:
            hint = nearest(lesson_id, lessons)
            yield place, f'there is no lesson "{lesson_id}".{hint} Write lessons/{lesson_id}.md or take it out.'
    for position, card in enumerate(programme.recall):
        if card not in cases:
            message = f'there is no recall card or quiz "{card}".{nearest(card, cases)} Choose one there is.'
            yield ("recall", position), message


def unknown_following(programme: Programme, following: Mapping[str, str | None]) -> Iterator[Misfit]:
    """Yield what is wrong with `then`. `following` is what each programme is followed by."""
    if programme.then is None:
        return
    if programme.then not in following:
        hint = nearest(programme.then, following)
        message = (
            f'there is no programme "{programme.then}".{hint} Write programmes/{programme.then}.yaml or take it out.'
        )
        yield ("then",), message
    elif programme.id in (way := _way_from(programme.then, following)):
        around = " → ".join([programme.id, *way[: way.index(programme.id) + 1]])
        yield ("then",), f"`then` leads back to where it began: {around}. Take `then` out of one of them."


def _way_from(first: str, following: Mapping[str, str | None]) -> list[str]:
    """Return the programmes that follow each other, up to the first that comes again."""
    way: list[str] = []
    name: str | None = first
    while name is not None and name not in way:
        way.append(name)
        name = following.get(name)
    return way


def _week(programme: Programme, number: int, week: Week) -> Iterator[Misfit]:
    place: Place = ("weeks", number)
    if week.quiet and (week.lessons or week.by_role):
        yield (*place, "quiet"), "a quiet week has no lessons. Take out the lessons, or `quiet`."
    if not (week.quiet or week.lessons or week.by_role):
        yield (*place, "lessons"), "`lessons` is empty. Write at least one, or `quiet: true` if nothing is to be sent."
    if week.lessons and set(programme.roles) <= week.by_role.keys():
        message = "nobody gets these `lessons`: every role has some of its own. Take out the lessons or a role."
        yield (*place, "lessons"), message
    if len(week.lessons) > MOST_IN_A_WEEK:
        yield (*place, "lessons"), _too_many(len(week.lessons), "")
    for role, lessons in week.by_role.items():
        if role not in programme.roles:
            yield (*place, "by_role", role.value), _nobody(role)
        if len(lessons) > MOST_IN_A_WEEK:
            yield (*place, "by_role", role.value), _too_many(len(lessons), f" for {role}")


def _sessions(programme: Programme) -> Iterator[Misfit]:
    for number, session in enumerate(programme.sessions):
        if session.week > len(programme.weeks):
            message = f"there is no week {session.week}: the programme has {len(programme.weeks)}. Choose one of them."
            yield ("sessions", number, "week"), message
        if "roles" in session.model_fields_set:
            for position, role in enumerate(session.roles):
                if role not in programme.roles:
                    yield ("sessions", number, "roles", position), _nobody(role)


def _waves(programme: Programme) -> Iterator[Misfit]:
    earlier: tuple[str, int] | None = None
    for name in ("t0", "week-3", "t1", "t2"):
        week = (programme.waves or {}).get(name)
        if week is None:
            continue
        if earlier is not None and week <= earlier[1]:
            message = f"{name} comes after {earlier[0]}, so it must be in a later week than {earlier[1]}. Choose one."
            yield ("waves", name), message
        if name != "t2" and week > len(programme.weeks):
            message = f"{name} is asked within the programme: there is no week {week}. Choose one of its weeks."
            yield ("waves", name), message
        earlier = (name, week)


def _without_lessons(programme: Programme) -> Iterator[Misfit]:
    """Yield the roles that never get anything; a week without lessons is said where it is."""
    if any(not (week.lessons or week.by_role) for week in programme.weeks if not week.quiet):
        return
    for role in dict.fromkeys(programme.roles):
        if not any(week.lessons_for(role) for week in programme.weeks):
            yield ("roles",), f"the role {role} gets no lesson in any week. Take it out of `roles`, or give it some."


def _rests(programme: Programme) -> Iterator[Misfit]:
    yield from _twice("rests", programme.rests)
    if len(set(programme.rests)) == MONTHS:
        yield ("rests",), "every month rests, so nothing would ever be sent. Leave out a month at least."


def _twice(key: str, values: Iterable[T]) -> Iterator[Misfit]:
    seen = set[T]()
    for position, value in enumerate(values):
        if value in seen:
            yield (key, position), f"`{key}` has {value} twice. Keep one."
        seen.add(value)


def _too_many(count: int, whose: str) -> str:
    return (
        f"{count} lessons{whose} in one week would put two on one day; {MOST_IN_A_WEEK} is the most. "
        "Move some to another week."
    )


def _nobody(role: Role) -> str:
    return f"nobody in this programme has the role {role}. Add it to `roles`, or take it out here."
