"""The first meeting."""

from bot.conversation.cards import Card
from bot.conversation.composing import delivery_card
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.gathering import welcome_of
from bot.conversation.letters import Letter, Opening
from bot.conversation.rhythm import choose_language
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.texts import LANGUAGES, Words
from bot.conversation.visiting import Routes, Visit
from storage import people


def welcome_card(visit: Visit, words: Words, *, started: bool) -> Card:
    """Return the welcome as it stands. The slot is the person's own."""
    rhythm = people.rhythm_of(visit.session, visit.person)
    welcome = welcome_of(visit.house, slot=rhythm.slot, zone=rhythm.zone, started=started)
    return delivery_card(Letter(opening=Opening.WELCOME, welcome=welcome), words)


def first_words(visit: Visit) -> list[Show]:
    """Welcome somebody who wrote to us before we wrote to them. The planner then sends no other welcome."""
    visit.person.welcomed_at = visit.now
    return [Say(welcome_card(visit, visit.words, started=False))]


def start(visit: Visit, event: Pressed) -> list[Show]:
    """Begin with the rhythm as it is."""
    people.start_again(visit.person)
    return _shown(event.message, welcome_card(visit, visit.words, started=True))


def other_language(visit: Visit, event: Pressed) -> list[Show]:
    """Change to the language that the button names: the person's may be it already, told by this very event."""
    if event.value in LANGUAGES:
        choose_language(visit, event.value)
    return _shown(event.message, welcome_card(visit, Words(visit.person.language), started=False))


def _shown(at: MessageRef | None, card: Card) -> list[Show]:
    return [Replace(at, card) if at else Say(card)]


ROUTES = Routes(presses={"welcome.start": start, "welcome.language": other_language}, forms={}, commands={})
