"""The first meeting."""

from bot.conversation.composing import note_card
from bot.conversation.events import Pressed
from bot.conversation.focus_view import programmes_now
from bot.conversation.rhythm import choose_language
from bot.conversation.shows import Say, Show
from bot.conversation.texts import LANGUAGES
from bot.conversation.visiting import Routes, Visit
from bot.conversation.welcoming import welcome_card, welcome_shown
from storage import people


def first_words(visit: Visit) -> list[Show]:
    """Welcome somebody who wrote to us before we wrote to them. The planner then sends no other welcome. Nothing comes
    to whoever goes through no programme: they are told so, and are welcomed when they begin one."""
    if next(programmes_now(visit), None) is None:
        return [Say(note_card(visit.words("welcome.no_programme", contact=visit.house.contact)))]
    visit.person.welcomed_at = visit.now
    return [Say(welcome_card(visit, started=False))]


def start(visit: Visit, event: Pressed) -> list[Show]:
    """Begin with the rhythm as it is."""
    people.start_again(visit.person)
    return welcome_shown(visit, event.message, started=True)


def other_language(visit: Visit, event: Pressed) -> list[Show]:
    """Change to the language that the button names: the person's may be it already, told by this very event."""
    if event.value in LANGUAGES:
        choose_language(visit, event.value)
    return welcome_shown(visit, event.message, started=False)


ROUTES = Routes(presses={"welcome.start": start, "welcome.language": other_language}, forms={}, commands={})
