"""Our own page, for whoever will not write in the chat: a link for one use, good for fifteen minutes."""

from bot.conversation.answering import pressed_task
from bot.conversation.cards import Button, Card
from bot.conversation.composing import note_card
from bot.conversation.events import Pressed
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import pages


def link(visit: Visit, leads_to: str) -> str | None:
    """Return an address that opens `leads_to` for this person, once; None when there is no page of our own."""
    if visit.house.page_address is None or visit.person.id is None:
        return None
    token = pages.make_link(visit.session, visit.person.id, leads_to, visit.now)
    return f"{visit.house.page_address.rstrip('/')}/open/{token}"


def link_card(address: str, text: str, words: Words) -> Card:
    return note_card(words("own_page.link"), Button(text=text, action="own_page.open", url=address))


def offered(visit: Visit, leads_to: str = pages.HOME) -> list[Show]:
    address = link(visit, leads_to)
    if address is None:
        raise CannotAnswer("own_page.none")
    return [Say(link_card(address, visit.words("own_page.button"), visit.words))]


def answer(visit: Visit, event: Pressed) -> list[Show]:
    """Offer to answer an exercise on our own page."""
    task, _ = pressed_task(visit, event)
    return offered(visit, f"/my/answer/{task.exercise.ref}")


def read(visit: Visit, event: Pressed) -> list[Show]:
    """Offer to read there what was written there."""
    if visit.house.page_address is None:
        raise CannotAnswer("own_page.closed", contact=visit.house.contact)
    return offered(visit)


def written_there(visit: Visit) -> str:
    """Return what stands in the chat for words written on our own page: where they are, or who can get them."""
    if visit.house.page_address is None:
        return visit.words("own_page.closed", contact=visit.house.contact)
    return visit.words("own_page.written_there")


def typed_page(visit: Visit, typed: Typed) -> list[Show]:
    return offered(visit)


ROUTES = Routes(
    presses={"own_page.answer": answer, "own_page.read": read, "own_page.open": lambda _visit, _event: []},
    forms={},
    commands={"own_page": typed_page},
)
