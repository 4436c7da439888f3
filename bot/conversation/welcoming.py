"""The welcome as it stands: alone, or with the first exercise whose message bears it."""

from dataclasses import replace

from bot.conversation.answering import shown_again
from bot.conversation.cards import Card
from bot.conversation.composing import delivery_card
from bot.conversation.events import MessageRef
from bot.conversation.gathering import welcome_of
from bot.conversation.letters import Letter, Opening
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from storage import messages, people


def welcome_shown(visit: Visit, at: MessageRef | None, *, started: bool) -> list[Show]:
    """Return the message the welcome is in, after something in the welcome was chosen and in the language chosen: with
    all else that is in it."""
    visit = replace(visit, words=Words(visit.person.language))
    if at is None:
        return [Say(welcome_card(visit, started=started))]
    visit.session.flush()  # what was chosen: the message is read anew
    where = {"conversation_id": at.conversation, "message_id": at.message}
    carrier_id = messages.carrier_at(visit.session, visit.person, **where)
    return shown_again(visit, carrier_id, started=started) or [Replace(at, welcome_card(visit, started=started))]


def welcome_card(visit: Visit, *, started: bool) -> Card:
    """Return the welcome alone. The slot is the person's own."""
    rhythm = people.rhythm_of(visit.session, visit.person)
    welcome = welcome_of(visit.house, slot=rhythm.slot, zone=rhythm.zone, started=started)
    return delivery_card(Letter(opening=Opening.WELCOME, welcome=welcome), visit.words)
