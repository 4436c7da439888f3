"""Group methods: by what they are for, by time, people and words; one card to read, in the chat or on paper."""

from collections.abc import Sequence

from bot.conversation import own_page, pages
from bot.conversation.cards import Button, Buttons, Card, Heading, Input, Note, Paragraph, Part, Style
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed, Submitted
from bot.conversation.method_parts import (
    OF_CHALLENGE,
    PEOPLE,
    below_card,
    listed,
    method_parts,
    purposes,
    search_form,
    with_title,
)
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from lessons.library import MethodNotFound
from lessons.method_page import method_page
from lessons.methods import Method
from lessons.models import Language


def browse(visit: Visit, event: Pressed | Typed) -> list[Show]:
    if isinstance(event, Typed) and event.rest:
        return _found_typed(visit, event)
    in_chat = pages.in_chat(event)
    parts: list[Part | Input] = [*purposes(_all(visit), visit.words, in_chat=in_chat)]
    return pages.shown(visit, event, name="methods", title=visit.words("methods.title"), parts=parts)


def of_purpose(visit: Visit, event: Pressed) -> list[Show]:
    found = [method for method in _all(visit) if method.purpose.value == event.value]
    if not found:
        raise CannotAnswer("typed.unknown_button")
    title = visit.words(f"methods.purpose_{found[0].purpose.name.lower()}")
    parts: list[Part | Input] = [*listed(found, visit.words, in_chat=pages.in_chat(event))]
    return pages.shown(visit, event, name="methods_for", title=title, parts=parts)


def of_what(visit: Visit, event: Pressed) -> list[Show]:
    """Show the methods that suit an exercise or a challenge, on a page."""
    kind, _, known = event.value.partition(":")
    library, words = visit.house.library, visit.words
    asked = library.challenges.get(known) if kind == OF_CHALLENGE else library.lessons.get(known)
    found = library.methods_about(challenge=known) if kind == OF_CHALLENGE else library.methods_about(lesson=known)
    if asked is None or not found:
        raise CannotAnswer("typed.unknown_button")
    of = Note(words("methods.of", title=words.of(asked.title)))
    return [_page(visit, "methods_of", words("methods.title"), [of, *listed(found, words, in_chat=False)])]


def open_search(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(search_form(visit.words))]


def searched(visit: Visit, event: Submitted) -> list[Show]:
    words = visit.words
    found = _matching(visit, event)
    parts = listed(found, words, in_chat=False) or [Paragraph(words("methods.none"))]
    return [_page(visit, "methods_found", words("methods.title"), parts)]


def read(visit: Visit, event: Pressed) -> list[Show]:
    """Show the card on a page over what it was asked for in."""
    method = _method(visit, event.value)
    below = below_card(method, visit.words, has_page=visit.house.page_address is not None, in_channel=event.in_channel)
    title = visit.words.of(method.title)
    return [_page(visit, "method", title, [*with_title(method, visit.words), below])]


def say(visit: Visit, event: Pressed) -> list[Show]:
    """Show the card in the chat, where it stays. Whoever had it on a page is told where it is."""
    said: Show = Say(method_card(visit, _method(visit, event.value)))
    if event.view is None:
        return [said]
    told = Paragraph(visit.words("methods.said"))
    return [_page(visit, "method_said", visit.words("methods.title"), [told]), said]


def method_card(visit: Visit, method: Method) -> Card:
    words = visit.words
    below = below_card(method, words, has_page=visit.house.page_address is not None, in_chat=True)
    title = words.of(method.title)
    return Card(summary=title, parts=(Heading(title), *method_parts(method, words), below))


def offer_print(visit: Visit, event: Pressed) -> list[Show]:
    """Offer the card as a page of our own, to print."""
    method, words = _method(visit, event.value), visit.words
    address = own_page.link(visit, f"/my/method/{method.id}")
    if address is None:
        raise CannotAnswer("own_page.none")
    opens = Button(text=words("methods.print_open"), action="own_page.open", url=address, style=Style.PRIMARY)
    link = Paragraph(words("methods.print_link"))
    parts: list[Part] = [link, Buttons((opens,)), Note(words("round_changes.link_good"))]
    return [_page(visit, "method_print", words.of(method.title), parts)]


def printed(visit: Visit, method_id: str) -> str:
    """Return the card as an HTML page of its own. Raises CannotAnswer when there is no such method."""
    return method_page(_method(visit, method_id), Language(visit.words.language))


def _found_typed(visit: Visit, event: Typed) -> list[Show]:
    words, wanted = visit.words, event.rest.casefold()
    called = [method for method in _all(visit) if wanted in (method.id, words.of(method.title).casefold())]
    found = called or _search(visit, wanted)
    if not found:
        return [Say(note_card(words("methods.none")))]
    if len(found) == 1:
        return [Say(method_card(visit, found[0]))]
    parts: list[Part | Input] = [*listed(found, words, in_chat=True)]
    return pages.shown(visit, event, name="methods_found", title=words("methods.title"), parts=parts)


def _matching(visit: Visit, event: Submitted) -> list[Method]:
    """Return the methods that suit everything that was asked for; all of them when nothing was."""
    wanted = event.text("words").strip()
    found = _search(visit, wanted) if wanted else _all(visit)
    if purpose := event.text("purpose"):
        found = [method for method in found if method.purpose.value == purpose]
    if (minutes := event.text("minutes")).isdecimal():
        found = [method for method in found if method.minutes[0] <= int(minutes)]
    people = next((span for span in PEOPLE if str(span[0]) == event.text("people")), None)
    if people is not None:
        least, most = people
        found = [one for one in found if least <= one.people[1] and (most is None or one.people[0] <= most)]
    return found


def _search(visit: Visit, wanted: str) -> list[Method]:
    every = _all(visit)
    return visit.house.library.search_methods(wanted, Language(visit.words.language), limit=len(every))


def _all(visit: Visit) -> list[Method]:
    return list(visit.house.library.methods.values())


def _method(visit: Visit, method_id: str) -> Method:
    try:
        return visit.house.library.method(method_id)
    except MethodNotFound:
        raise CannotAnswer("methods.no_such") from None


def _page(visit: Visit, name: str, title: str, parts: Sequence[Part]) -> OpenForm:
    return OpenForm(pages.page_form(name=name, title=title, parts=list(parts), words=visit.words))


ROUTES = Routes(
    presses={
        "method.open": browse,
        "method.purpose": of_purpose,
        "method.of": of_what,
        "method.search": open_search,
        "method.read": read,
        "method.say": say,
        "method.print": offer_print,
    },
    forms={"method_search": searched},
    commands={"methods": browse},
    # What is in them is nobody's own, and they open where the team's challenge is.
    in_channels=frozenset({"method.of", "method.read", "method.say", "method.print"}),
)
