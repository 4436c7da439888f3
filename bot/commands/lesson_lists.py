"""`knuff lessons list` and `knuff lessons show`: what there is to practise, ours and the organisation's own."""

import sys
from collections.abc import Collection, Iterator

import orjson

from bot.commands.faults import CANNOT, plainly, say
from bot.commands.shelves import all_known, languages, print_card, print_table
from bot.libraries import open_library
from bot.settings import read_settings
from lessons.library import LessonNotFound, Library
from lessons.models import Kind, Language, Lesson, Role
from lessons.spelling import nearest


@plainly
def list_lessons(
    *,
    behaviour: str | None = None,
    principle: str | None = None,
    element: str | None = None,
    kind: str | None = None,
    role: str | None = None,
    minutes: int | None = None,
    language: str = "sv",
    as_json: bool = False,
) -> int:
    """Show the lessons that suit every option; `minutes` is the most a lesson may take. Returns 0, also for none."""
    library = open_library(read_settings())
    asked = {"behaviour": behaviour, "principle": principle, "element": element, "kind": kind, "role": role}
    known: dict[str, Collection[str]] = {
        "behaviour": library.taxonomy.behaviours,
        "principle": library.taxonomy.principles,
        "element": library.taxonomy.elements,
        "kind": list(Kind),
        "role": list(Role),
        "language": languages(),
    }
    if not all_known({**asked, "language": language}, known):
        return CANNOT
    suiting = [
        lesson
        for lesson in library.lessons.values()
        if behaviour in (None, lesson.behaviour)
        and principle in (None, lesson.principle)
        and element in (None, lesson.element)
        and kind in (None, lesson.kind)
        and (role is None or role in lesson.roles)
        and (minutes is None or lesson.minutes <= minutes)
    ]
    if as_json:
        sys.stdout.write("".join(f"{_json(lesson)}\n" for lesson in suiting))
    else:
        _print(suiting, Language(language), of=len(library.lessons))
    return 0


@plainly
def show_lesson(lesson_id: str, *, language: str = "sv", as_json: bool = False) -> int:
    if not all_known({"language": language}, {"language": languages()}):
        return CANNOT
    library = open_library(read_settings())
    try:
        lesson = library.lesson(lesson_id)
    except LessonNotFound:
        say(f"There is no lesson {lesson_id!r}.{nearest(lesson_id, library.lessons)} `knuff lessons list` shows all.")
        return CANNOT
    if as_json:
        sys.stdout.write(f"{_json(lesson)}\n")
        return 0
    spoken = Language(language)
    print_card(f"{lesson.id} {lesson.title.in_(spoken)}", _head(lesson, library, spoken), _texts(lesson, spoken))
    return 0


def _json(lesson: Lesson) -> str:
    """Both languages, on one line."""
    return orjson.dumps(lesson.model_dump(mode="json", exclude_none=True)).decode()


def _print(lessons: list[Lesson], language: Language, *, of: int) -> None:
    rows = (
        (lesson.id, lesson.title.in_(language), lesson.kind.value, str(lesson.minutes), lesson.behaviour)
        for lesson in lessons
    )
    print_table(("Id", "Title", "Kind", "Min", "Behaviour"), rows, note=f"{len(lessons)} of {of} lessons")


def _head(lesson: Lesson, library: Library, language: Language) -> Iterator[tuple[str, str]]:
    taxonomy = library.taxonomy
    yield "kind", lesson.kind.value
    yield "minutes", str(lesson.minutes)
    yield "roles", ", ".join(lesson.roles)
    yield "principle", f"{lesson.principle}: {taxonomy.principles[lesson.principle].label.in_(language)}"
    yield "behaviour", f"{lesson.behaviour}: {taxonomy.behaviours[lesson.behaviour].label.in_(language)}"
    yield "element", f"{lesson.element}: {taxonomy.elements[lesson.element].label.in_(language)}"
    yield "follow-up", f"after {lesson.follow_up_days} working days"
    if methods := library.methods_about(lesson=lesson.id):
        yield "methods", ", ".join(method.id for method in methods)
    yield "source", lesson.source


def _texts(lesson: Lesson, language: Language) -> Iterator[tuple[str, str]]:
    """In the order a person meets them."""
    yield "why", lesson.why.in_(language)
    yield "do", lesson.do.in_(language)
    for choice in lesson.choices:
        yield ("right choice" if choice.right else "choice"), choice.text.in_(language)
    for name, text in (
        ("reason", lesson.reason),
        ("cue", lesson.cue),
        ("action", lesson.action),
        ("example", lesson.example),
        ("question", lesson.question),
        ("follow-up", lesson.follow_up),
        ("smaller step", lesson.smaller_step),
        ("reflection", lesson.reflection),
    ):
        if text is not None:
            yield name, text.in_(language)
