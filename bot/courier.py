"""One delivery: compose it with all that rides on it, send it, say how it went."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.conversation.cards import Card
from bot.conversation.composing import delivery_card
from bot.conversation.events import MessageRef
from bot.conversation.gathering import letter_of
from bot.conversation.letters import Letter
from bot.conversation.recall_due import put_on
from bot.conversation.relay_mail import relay_card, untrue_by_then
from bot.conversation.round_mail import card_to_member, channel_card, tells_what_grows
from bot.conversation.shows import Replace
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from bot.logs import where
from bot.ports import Address, Channel, ChatPlatform
from scheduler.ports import Call, DeliveryError, Found, NotNeeded, NotSent, Refused, Sent
from storage import looking_back, messages, relay_messages, round_reading
from storage.database import Store
from storage.message_rows import Message
from storage.relay_messages import RelayMessage
from storage.round_reading import RoundMessage
from storage.tables.deliveries import ROUND_KINDS, Kind, Reason

AGAIN_WITHIN_SECONDS = 10.0
"""The lane waits for it."""
log = structlog.get_logger()


Anew = Callable[[Session, MessageRef], Replace | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """A card ready to go, and to whom."""

    platform: str
    to: Address | Channel
    card: Card
    anew: Anew | None = None
    """What is shown anew once this has arrived, where it stands: itself or an earlier message, as it is by then."""


class ChatCourier:
    """The scheduler's `Courier`: every chat platform by its name ("slack")."""

    def __init__(self, *, store: Store, house: House, platforms: Mapping[str, ChatPlatform]) -> None:
        self._store = store
        self._house = house
        self._platforms = platforms

    def compose(self, session: Session, delivery_id: int, now: datetime) -> Call:
        """Put the message in its envelope now; the call sends it, or says why not."""
        try:
            composed: Envelope | NotNeeded | DeliveryError = compose(
                session, house=self._house, delivery_id=delivery_id, now=now
            )
        except SQLAlchemyError:
            raise
        except DeliveryError as error:
            composed = error
        except Exception as error:  # nothing was called: it is ours to mend, and there is nothing to find out
            log.error("message_not_composed", delivery_id=delivery_id, error=where(error))
            composed = Refused(type(error).__name__)
            composed.__cause__ = error
        return partial(self._send, composed, delivery_id)

    async def _send(self, composed: Envelope | NotNeeded | DeliveryError, delivery_id: int) -> Sent | NotNeeded:
        if isinstance(composed, DeliveryError):
            raise composed
        if isinstance(composed, NotNeeded):
            return composed
        platform = self._platform(composed.platform)
        message = await platform.send(composed.to, composed.card, delivery_id=delivery_id)
        anew = composed.anew
        afterwards = None if anew is None else partial(self._show_anew, platform, message, composed, anew)
        return Sent(conversation_id=message.conversation, message_id=message.message, afterwards=afterwards)

    async def _show_anew(self, platform: ChatPlatform, at: MessageRef, sent: Envelope, anew: Anew) -> None:
        """Show what has come or ended while the message was on its way: whoever did so found nothing to show it in.
        Where that fails, it is shown anew to whoever presses its button."""
        shown = Replace(at, sent.card)
        try:
            async with asyncio.timeout(AGAIN_WITHIN_SECONDS):
                while (again := await self._store.read(lambda session: anew(session, at))) not in (None, shown):
                    await platform.update(sent.to.workspace, again.message, again.card)
                    shown = again
        except Exception as error:  # the boundary of one show: the message itself has arrived and is settled
            log.warning("not_shown_again", error=where(error))

    async def find(self, delivery_id: int, now: datetime) -> Found:
        """Ask the platform, from the moment of the latest attempt on, whether the delivery arrived."""
        sent = await self._store.read(partial(_sent_to, delivery_id=delivery_id))
        search = await self._platform(sent.platform).find(sent.to, delivery_id=delivery_id, since=sent.since)
        if search.found is None:
            return Found(at=None, complete=search.complete, can_be_asked=search.can_be_asked)
        at = Sent(conversation_id=search.found.conversation, message_id=search.found.message)
        return Found(at=at, complete=search.complete)

    def _platform(self, name: str) -> ChatPlatform:
        if name not in self._platforms:
            raise NotSent("no_such_platform")  # its settings may be back before it is too late
        return self._platforms[name]


def compose(session: Session, *, house: House, delivery_id: int, now: datetime) -> Envelope | NotNeeded:
    """Return the message in its envelope, or why it is not needed any more. Raises Refused when nothing can be said."""
    message = messages.find_message(session, delivery_id)
    if message is None:
        return _to_channel(session, house, delivery_id, now)
    if _has_been_taken(session, message):
        return NotNeeded(reason=Reason.ALREADY_ANSWERED)
    letter = letter_of(session, house, message, messages.records_to_send(session, message))
    if message.carrier.kind in ROUND_KINDS:
        card = _to_member(session, house, message, letter, now)
        return Envelope(platform=message.reader.platform, to=_address(message), card=card)
    letter = replace(letter, surveys=tuple(survey for survey in letter.surveys if survey.waits))
    if letter.is_empty:
        if message.carrier.kind is Kind.NUDGE:
            raise Refused("lesson_not_found")
        return NotNeeded(reason=Reason.ALREADY_ANSWERED)
    if letter.recall is None:
        letter = replace(letter, recall=put_on(session, message, letter))
    return Envelope(
        platform=message.reader.platform,
        to=_address(message),
        card=delivery_card(letter, Words(message.reader.language)),
    )


def _to_channel(session: Session, house: House, delivery_id: int, now: datetime) -> Envelope:
    of_a_relay = relay_messages.message(session, delivery_id)
    if of_a_relay is not None:
        return Envelope(
            platform=of_a_relay.platform,
            to=_channel(of_a_relay),
            card=relay_card(session, of_a_relay),
            anew=partial(untrue_by_then, message=of_a_relay),
        )
    message = _channel_message(session, delivery_id)
    card = channel_card(session, house, message, now)
    if card is None:
        raise Refused("nothing_to_say")
    anew = partial(_as_it_is, house=house, message=message, now=now) if tells_what_grows(session, message) else None
    return Envelope(platform=message.platform, to=_channel(message), card=card, anew=anew)


def _to_member(session: Session, house: House, message: Message, letter: Letter, now: datetime) -> Card:
    of_a_round = round_reading.message(session, message.carrier.id)
    if of_a_round is None:
        raise Refused("delivery_not_found")
    return card_to_member(session, house, message, of_a_round, letter, now)


def _has_been_taken(session: Session, message: Message) -> bool:
    """Whether the person has taken this exercise on already in this programme: from the library, or swapped in."""
    carrier = message.carrier
    cohort = message.cohort(carrier.cohort_id)
    if carrier.kind is not Kind.NUDGE or carrier.lesson_id is None or cohort is None:
        return False
    return looking_back.has_taken_since(session, message.reader.person_id, carrier.lesson_id, cohort.created_at)


def _as_it_is(
    session: Session, at: MessageRef, *, house: House, message: RoundMessage, now: datetime
) -> Replace | None:
    card = channel_card(session, house, message, now)
    return None if card is None else Replace(at, card)


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentTo:
    """Where a message was sent, and since when it may be there."""

    platform: str
    to: Address | Channel
    since: datetime


def _sent_to(session: Session, delivery_id: int) -> _SentTo:
    message = messages.find_message(session, delivery_id)
    if message is None:
        to_channel = relay_messages.message(session, delivery_id) or _channel_message(session, delivery_id)
        return _SentTo(platform=to_channel.platform, to=_channel(to_channel), since=to_channel.since)
    since = message.carrier.started_at or message.carrier.due_at
    return _SentTo(platform=message.reader.platform, to=_address(message), since=since)


def _channel_message(session: Session, delivery_id: int) -> RoundMessage:
    message = round_reading.message(session, delivery_id)
    if message is None or message.person_id is not None:
        raise Refused("delivery_not_found")
    return message


def _channel(message: RoundMessage | RelayMessage) -> Channel:
    if message.channel is None:
        raise Refused("no_channel")
    return Channel(workspace=message.workspace, conversation=message.channel)


def _address(message: Message) -> Address:
    return Address(
        workspace=message.reader.workspace,
        person=message.reader.external_id,
        conversation=message.reader.conversation_id,
    )
