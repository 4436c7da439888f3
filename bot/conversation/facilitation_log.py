"""The exercises somebody has led for a group, as they note them: theirs alone."""

from bot.conversation import days, own_page, pages
from bot.conversation.cards import Button, Buttons, Confirm, Form, Input, Note, Paragraph, Part
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.facilitation_forms import OTHER, Noted, log_form, noted_in
from bot.conversation.health import AGAIN, asked_again, mentions_health, was_asked
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import facilitation
from storage.facilitation import Led

PAGE = 10


def read(visit: Visit, event: Pressed | Typed) -> list[Show]:
    """Show what somebody has noted, newest first."""
    words, skip = visit.words, pages.skipped(event)
    on_page = isinstance(event, Pressed) and event.on_page
    found = facilitation.latest(visit.session, visit.person, limit=PAGE + 1, skip=skip)
    parts: list[Part | Input] = [Note(words("facilitation.about"))]
    if not found and not skip:
        parts.append(Paragraph(words("facilitation.none")))
    for one in found[:PAGE]:
        parts += _led(one, visit, on_page=on_page)
    new = Button(text=words("facilitation.new"), action="led.new", opens_form=True)
    older = pages.older(event, words, action="led.open", count=PAGE)
    parts.append(Buttons((new, older) if len(found) > PAGE else (new,)))
    return pages.shown(visit, event, name="led", title=words("facilitation.title"), parts=parts, in_place=skip > 0)


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    """`event.value` is the method whose card it was opened from, if any."""
    return [OpenForm(_form(visit, chosen=event.value))]


def noted(visit: Visit, event: Submitted) -> list[Show]:
    sent = noted_in(event, visit.words, today=days.today(visit), methods=visit.house.library.methods)
    if not isinstance(sent, Noted):
        return [Refuse(sent)]
    if mentions_health(sent.name or "", sent.learned or "") and not was_asked(event):
        return [OpenForm(asked_again(_form(visit, chosen=""), event, visit.words))]
    facilitation.note(
        visit.session,
        visit.person,
        led_on=sent.led_on,
        method_id=sent.method_id,
        name=sent.name,
        people=sent.people,
        learned=sent.learned,
        on_page=event.on_page,
        now=visit.now,
    )
    what = title_of_led(visit, sent.method_id, sent.name if not event.on_page else None)
    said = visit.words("facilitation.kept", what=what, day=visit.words.day(sent.led_on))
    more = Button(text=visit.words("facilitation.title"), action="led.open")
    return [Say(note_card(said, more))]


def remove(visit: Visit, event: Pressed) -> list[Show]:
    if not facilitation.remove(visit.session, visit.person, number(event.value)):
        raise CannotAnswer("typed.unknown_button")
    return [Say(note_card(visit.words("facilitation.removed")))]


def title_of_led(visit: Visit, method_id: str | None, name: str | None) -> str:
    """Return what the exercise is called: by its card, as they wrote it, or in our word for what is not known."""
    method = visit.house.library.methods.get(method_id or "")
    return visit.words.of(method.title) if method is not None else name or visit.words("facilitation.other")


def led_in_words(visit: Visit, one: Led, *, on_page: bool) -> str:
    """Return one of them in a line or two. Words written on our own page are left there."""
    words, hidden = visit.words, one.written_on_page and not on_page
    what = title_of_led(visit, one.method_id, None if hidden else one.name)
    day = words.day(one.led_on)
    line = words("facilitation.line", what=what, day=day)
    if one.people is not None:
        line = words.count("facilitation.line_people", one.people, what=what, day=day)
    if hidden and (one.name or one.learned):
        return f"{line}\n{own_page.written_there(visit)}"
    return f"{line}\n{one.learned}" if one.learned else line


def _led(one: Led, visit: Visit, *, on_page: bool) -> list[Part]:
    words = visit.words
    button = Button(text=words("home.remove"), action="led.remove", value=str(one.id), confirm=_sure(words))
    return [Paragraph(led_in_words(visit, one, on_page=on_page)), Buttons((button,))]


def _form(visit: Visit, *, chosen: str) -> Form:
    methods = visit.house.library.methods
    return log_form(
        methods.values(),
        visit.words,
        chosen=chosen if chosen in methods else OTHER,
        today=days.today(visit),
        saves_text=visit.person.saves_text,
    )


def _sure(words: Words) -> Confirm:
    return Confirm(
        title=words("facilitation.remove_title"),
        text=words("facilitation.remove_text"),
        yes=words("home.remove_yes"),
        no=words("home.remove_no"),
    )


ROUTES = Routes(
    presses={"led.open": read, "led.new": open_form, "led.remove": remove},
    forms={"led": noted, f"led{AGAIN}": noted},
    commands={"led": read},
)
