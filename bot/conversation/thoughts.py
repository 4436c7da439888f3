"""My reflections: reading all of them, changing one, taking one away. Only ever the person's own."""

from bot.conversation import own_page, pages
from bot.conversation.cards import Buttons, Form, Input, Note, Part, TextInput
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.health import AGAIN, asked_again, mentions_health, was_asked
from bot.conversation.home import thought_parts
from bot.conversation.home_view import thoughts_of
from bot.conversation.references import number
from bot.conversation.reflections import take_back
from bot.conversation.saving import LONGEST, fault_in
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.titles import title_of
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import written
from storage.tables.answers import Reflection

PAGE = 10
"""Texts on a leaf: with their questions and buttons they take at most 40 of a message's 50 parts."""


def read(visit: Visit, event: Pressed | Typed) -> list[Show]:
    skip = pages.skipped(event)
    on_page = isinstance(event, Pressed) and event.on_page
    found = thoughts_of(visit, limit=PAGE + 1, skip=skip, on_page=on_page)
    parts: list[Part | Input] = [*thought_parts(found[:PAGE], visit.words, whole=on_page)]
    if len(found) > PAGE:
        older = pages.older(event, visit.words, action="home.thoughts", count=PAGE)
        parts.append(Buttons((older,)))
    title = visit.words("home.thoughts")
    return pages.shown(visit, event, name="thoughts", title=title, parts=parts, in_place=skip > 0)


def edit(visit: Visit, event: Pressed) -> list[Show]:
    reflection = _own(visit, event.value)
    if reflection.written_on_page and not event.on_page:
        return own_page.read(visit, event)
    title = title_of(visit, reflection.lesson_id)
    return [OpenForm(thought_form(reflection.id or 0, title, reflection.body, visit.words))]


def thought_form(reflection_id: int, title: str, body: str, words: Words) -> Form:
    return Form(
        name="thought",
        title=words("home.edit_title"),
        submit=words("reflections.submit"),
        close=words("typed.close"),
        about=str(reflection_id),
        body=(
            TextInput(name="body", label=title, initial=body, multiline=True, most=LONGEST),
            Note(words("saving.warning")),
        ),
    )


def edited(visit: Visit, event: Submitted) -> list[Show]:
    reflection = _own(visit, event.about)
    body = event.text("body").strip()
    if not body:
        return [Refuse({"body": visit.words("reflections.empty_edit")})]
    if fault := fault_in(body, visit.words):
        return [Refuse({"body": fault})]
    if body != reflection.body and mentions_health(body) and not was_asked(event):
        form = thought_form(reflection.id or 0, title_of(visit, reflection.lesson_id), body, visit.words)
        return [OpenForm(asked_again(form, event, visit.words, is_edit=True))]
    written.rewrite(reflection, body, on_page=event.on_page, now=visit.now)
    return [Say(note_card(visit.words("reflections.edited")))]


def remove(visit: Visit, event: Pressed) -> list[Show]:
    reflection = written.find(visit.session, visit.person, number(event.value))
    again = take_back(visit, reflection) if reflection is not None else []
    return [*again, Say(note_card(visit.words("reflections.undone")))]


def _own(visit: Visit, value: str) -> Reflection:
    reflection = written.find(visit.session, visit.person, number(value))
    if reflection is None:
        raise CannotAnswer("reflections.gone")
    return reflection


ROUTES = Routes(
    presses={"home.thoughts": read, "home.edit": edit, "home.remove": remove},
    forms={"thought": edited, f"thought{AGAIN}": edited},
    commands={"thoughts": read},
)
