"""Every exercise there is: by theme, by word, and taken on the spot."""

from collections.abc import Sequence

from bot.conversation import days, pages
from bot.conversation.answering import exercise_now, record_taken, task_of
from bot.conversation.cards import Button, Buttons, Form, Input, Note, Paragraph, Part, TextInput
from bot.conversation.composing import exercise_card, note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.keeping import as_read
from bot.conversation.references import Reference
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from lessons.library import Library
from lessons.models import Language, Lesson

IN_A_ROW = 2
MOST_FOUND = 10


def browse(visit: Visit, event: Pressed | Typed) -> list[Show]:
    if isinstance(event, Typed) and event.rest:
        return _found(visit, event, event.rest)
    parts = theme_parts(visit.house.library, visit.words, in_chat=pages.in_chat(event))
    return pages.shown(visit, event, name="library", title=visit.words("library.title"), parts=parts)


def theme_parts(library: Library, words: Words, *, in_chat: bool) -> list[Part | Input]:
    """Return a button for every theme that has exercises."""
    used = {lesson.principle for lesson in library.lessons.values()}
    buttons = [
        Button(text=words.of(theme.label), action="library.theme", value=key, opens_form=not in_chat)
        for key, theme in library.taxonomy.principles.items()
        if key in used
    ]
    rows = [Buttons(tuple(buttons[at : at + IN_A_ROW])) for at in range(0, len(buttons), IN_A_ROW)]
    search = Button(text=words("library.search"), action="library.search", opens_form=True)
    methods = Button(text=words("library.methods"), action="method.open", opens_form=not in_chat)
    return [
        Paragraph(words.count("library.intro", len(library.lessons))),
        *rows,
        Buttons((search, methods)),
        Note(words("library.typed")),
    ]


def theme(visit: Visit, event: Pressed) -> list[Show]:
    principle = visit.house.library.taxonomy.principles.get(event.value)
    if principle is None:
        raise CannotAnswer("typed.unknown_button")
    lessons = [
        as_read(visit.session, visit.house, lesson, visit.person.id)
        for lesson in visit.house.library.lessons.values()
        if lesson.principle == event.value
    ]
    parts: list[Part | Input] = [Paragraph(visit.words.of(principle.about)), *lesson_parts(lessons, visit.words)]
    return pages.shown(visit, event, name="theme", title=visit.words.of(principle.label), parts=parts)


def lesson_parts(lessons: Sequence[Lesson], words: Words) -> list[Part]:
    """Return a few lines and a button for each exercise."""
    parts: list[Part] = []
    for lesson in lessons:
        minutes = words.count("nudges.minutes", lesson.minutes)
        kind = words(f"library.kind_{lesson.kind.name.lower()}")
        parts.append(Paragraph(words("library.line", do=words.of(lesson.do), id=lesson.id, kind=kind, minutes=minutes)))
        parts.append(Buttons((Button(text=words.of(lesson.title), action="library.take", value=lesson.id),)))
    return parts


def open_search(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(search_form(visit.words))]


def search_form(words: Words) -> Form:
    return Form(
        name="library_search",
        title=words("library.search"),
        submit=words("library.search"),
        close=words("typed.close"),
        body=(
            TextInput(name="words", label=words("library.search_label"), hint=words("library.search_hint"), most=100),
        ),
    )


def searched(visit: Visit, event: Submitted) -> list[Show]:
    wanted = event.text("words")
    lessons = _search(visit, wanted)
    found: list[Part | Input] = [*lesson_parts(lessons, visit.words)]
    nothing = Paragraph(visit.words("library.none", words=wanted))
    title = visit.words("library.title")
    page = pages.page_form(name="library_found", title=title, parts=found or [nothing], words=visit.words)
    return [OpenForm(page)]


def take(visit: Visit, event: Pressed) -> list[Show]:
    """Start the exercise in the chat; whoever took it over Home is told where it is."""
    shows = take_lesson(visit, event.value)
    if event.view is None:
        return shows
    title, where = visit.words("library.title"), Paragraph(visit.words("library.taken"))
    taken = pages.page_form(name="library_taken", title=title, parts=[where], words=visit.words)
    return [OpenForm(taken), *shows]


def typed_take(visit: Visit, typed: Typed) -> list[Show]:
    return take_lesson(visit, typed.rest)


def take_lesson(visit: Visit, lesson_id: str) -> list[Show]:
    """Start an exercise at once, as a message of its own."""
    wanted = lesson_id.strip().casefold()
    lesson = next((lesson for name, lesson in visit.house.library.lessons.items() if name.casefold() == wanted), None)
    if lesson is None:
        raise CannotAnswer("library.no_such")
    task = task_of(visit, Reference(lesson_id=lesson.id, taken_on=days.today(visit)))
    record_taken(visit, lesson.id)
    return [Say(exercise_card(exercise_now(visit, task), visit.words))]


def _found(visit: Visit, event: Typed, wanted: str) -> list[Show]:
    lessons = _search(visit, wanted)
    if not lessons:
        return [Say(note_card(visit.words("library.none", words=wanted)))]
    parts: list[Part | Input] = [*lesson_parts(lessons, visit.words), Note(visit.words("library.typed_take"))]
    return pages.shown(visit, event, name="library_found", title=visit.words("library.title"), parts=parts)


def _search(visit: Visit, wanted: str) -> list[Lesson]:
    found = visit.house.library.search(wanted, Language(visit.words.language), limit=MOST_FOUND)
    return [as_read(visit.session, visit.house, lesson, visit.person.id) for lesson in found]


ROUTES = Routes(
    presses={
        "library.open": browse,
        "library.theme": theme,
        "library.search": open_search,
        "library.take": take,
    },
    forms={"library_search": searched},
    commands={"library": browse, "take": typed_take},
)
