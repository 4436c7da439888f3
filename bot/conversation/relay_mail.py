"""A message of a relay, from what is stored to the card; and what a relay adds to the messages of a leg's round."""

from dataclasses import replace

from sqlmodel import Session

from bot.conversation.cards import Buttons, Card, Part
from bot.conversation.events import MessageRef
from bot.conversation.relay_again import stalled_no_more
from bot.conversation.relay_cards import buttons_of_step, follow_up_card, news_card, parts_of_step, told_of_baton
from bot.conversation.round_view import StepNow
from bot.conversation.shows import Replace
from bot.conversation.texts import Words
from scheduler.confirmed import challenge_kept
from storage import relay_reading
from storage.batons import STEP
from storage.relay_messages import RelayMessage
from storage.relay_news import News, sent_message
from storage.tables.deliveries import Kind


def relay_card(session: Session, message: RelayMessage) -> Card:
    """Return what the channel of one of a relay's teams hears, in that team's language."""
    chain = relay_reading.chain(session, message.organisation_id, message.relay_id)
    leg, words = chain.leg(message.leg_id), Words(message.language)
    if message.kind is Kind.RELAY_FOLLOW_UP:
        return follow_up_card(chain, leg, message.occurrence, words)
    challenge = challenge_kept(session, chain.document_id)
    has_heard_last = sent_message(session, leg.id, News.LAST) is not None
    return news_card(chain, leg, message.occurrence, words, challenge, has_heard_last=has_heard_last)


def untrue_by_then(session: Session, at: MessageRef, *, message: RelayMessage) -> Replace | None:
    """Return what is shown anew once the team's channel has got this, wherever that stands: a leg may have come to its
    end by itself, or by somebody in another workspace."""
    chain = relay_reading.chain(session, message.organisation_id, message.relay_id)
    return stalled_no_more(session, chain, chain.leg(message.leg_id), Words(message.language))


def with_relay(session: Session, at: StepNow, card: Card, words: Words, *, is_last: bool) -> Card:
    """Return a step's card with what the team has received, and what leads to the baton; as it is in no relay."""
    found = relay_reading.of_round(session, at.round.id)
    if found is None:
        return card
    chain, leg = found
    buttons = buttons_of_step(chain, leg, at.step, words, is_last=is_last)
    rows: tuple[Part, ...] = (Buttons(buttons),) if buttons else ()
    where = next((number for number, part in enumerate(card.parts) if isinstance(part, Buttons)), len(card.parts))
    before, after = card.parts[:where], card.parts[where:]
    told = parts_of_step(chain, leg, at.step, words, is_last=is_last)
    return replace(card, parts=(*before, *told, *after[:1], *rows, *after[1:]))


def with_baton(session: Session, at: StepNow, card: Card, words: Words) -> Card:
    """Return the card that tells what was handed in; with where it is, and what leads to it, where it is a baton."""
    found = relay_reading.of_round(session, at.round.id) if at.row.key == STEP else None
    return card if found is None else replace(card, parts=(*card.parts, *told_of_baton(*found, words)))
