"""Typed words: an exact command wins, any other text is an answer."""

from bot.conversation import days
from bot.conversation.cards import Button, Buttons, Card, Heading, Note, Paragraph, Part
from bot.conversation.command_words import command_in
from bot.conversation.composing import note_card
from bot.conversation.events import Commanded, Wrote
from bot.conversation.shows import Say, Show
from bot.conversation.texts import Words
from bot.conversation.typed_answers import answered
from bot.conversation.visiting import Handler, Typed, Visit
from bot.conversation.welcome import first_words

COORDINATORS_DESK = "cohorts"
HELP = ("exercise", "afterwards", "library", "rhythm", "pause", "own")


def wrote(visit: Visit, event: Wrote, commands: dict[str, Handler]) -> list[Show]:
    """Do what the words say, or keep them as an answer."""
    if not event.text.strip():
        return []
    found = command_in(event.text, days.today(visit))
    if found is None or (found.name not in commands and found.name != "help"):
        return answered(visit, event)
    if found.name == "help":
        return helped(visit)
    return commands[found.name](visit, Typed(rest=found.rest, event=event))


def commanded(visit: Visit, event: Commanded, commands: dict[str, Handler]) -> list[Show]:
    """Do what stands behind the slash command. Alone, it opens the coordinator's desk, or helps."""
    if not event.text.strip():
        if visit.is_by_coordinator and COORDINATORS_DESK in commands:
            return commands[COORDINATORS_DESK](visit, Typed(rest="", event=event))
        return first_words(visit) if visit.person.welcomed_at is None else helped(visit)
    found = command_in(event.text, days.today(visit))
    if found is None or found.name not in commands:
        return helped(visit)
    return commands[found.name](visit, Typed(rest=found.rest, event=event))


def helped(visit: Visit) -> list[Show]:
    return [Say(help_card(visit.words, contact=visit.house.contact))]


def help_card(words: Words, *, contact: str) -> Card:
    parts: list[Part] = [Heading(words("typed.help_title")), Paragraph(words("typed.help_intro"))]
    parts += [Paragraph(words(f"typed.help_{name}")) for name in HELP]
    settings = Button(text=words("rhythm.change"), action="rhythm.open", opens_form=True)
    library = Button(text=words("library.title"), action="library.open")
    data = Button(text=words("my_data.title"), action="my_data.open")
    parts += [Buttons((library, settings, data)), Note(words("typed.help_contact", contact=contact))]
    return Card(summary=words("typed.help_intro"), parts=tuple(parts))


def unknown(visit: Visit) -> list[Show]:
    return [Say(note_card(visit.words("typed.unknown_button")))]
