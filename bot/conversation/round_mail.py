"""A message of a team's challenge, from what is stored to the card: for the channel in the team's language, for a
member in their own."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation.cards import Card, Divider, Paragraph, Part
from bot.conversation.composing import delivery_card
from bot.conversation.letters import Letter
from bot.conversation.round_cards import (
    Morning,
    ending_card,
    morning_card,
    opened_card,
    private_parts,
    reminder_parts,
    round_summary,
    tally_card,
)
from bot.conversation.round_results import chosen_before, result_of
from bot.conversation.round_view import StepNow, candidates, step_of_message
from bot.conversation.team_choices import can_be_done
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from storage import round_reading
from storage.round_news import News
from storage.round_reading import RoundMessage
from storage.tables.deliveries import Kind


def channel_card(session: Session, house: House, message: RoundMessage, now: datetime) -> Card | None:
    """Return what the team's channel hears; None when there is nothing to say yet."""
    at = step_of_message(session, message.round_step_id)
    words = Words(at.team.language)
    if message.kind is Kind.ROUND_REMINDER:
        parts = tuple(reminder_parts(at, words))
        return Card(summary=round_summary(at, words), parts=parts, language=words.language)
    match message.occurrence:
        case News.ENDING:
            return _ending(house, at, words)
        case News.OPENED:
            return _opened(session, at, words, now)
        case _:
            return _morning(session, at, words, now)


def member_card(at: StepNow, kind: Kind, letter: Letter, words: Words, *, introduced_by: str | None = None) -> Card:
    """Return what a member is asked alone, and what else is due to them after it. `introduced_by`: the organisation,
    for somebody who has had no message of ours before."""
    parts: list[Part] = reminder_parts(at, words) if kind is Kind.ROUND_REMINDER else private_parts(at, words)
    if introduced_by is not None:
        parts.insert(0, Paragraph(words("rounds.first_message", organisation=introduced_by, team=at.team.name)))
    card = Card(summary=round_summary(at, words), parts=tuple(parts), language=words.language)
    if letter.is_empty:
        return card
    return replace(card, parts=(*card.parts, Divider(), *delivery_card(letter, words).parts))


def _morning(session: Session, at: StepNow, words: Words, now: datetime) -> Card:
    earlier = at.looks_back_on
    chosen = chosen_before(session, at, words, now)
    morning = Morning(
        at=at,
        looks_back_on=tuple(candidates(session, at, earlier, words, now)) if earlier is not None else (),
        chosen=chosen.headline if chosen is not None else None,
        is_first=at.row.day == at.round.starts_on,
        is_last=at.row.id == round_reading.steps(session, at.round.id)[-1].id,
    )
    return morning_card(morning, words)


def _opened(session: Session, at: StepNow, words: Words, now: datetime) -> Card | None:
    if at.step.vote is not None:
        result = result_of(session, at, words, now)
        return tally_card(at, result, words) if result is not None else None
    if at.is_hidden:
        return None
    return opened_card(at, candidates(session, at, at.row.key, words, now), words)


def _ending(house: House, at: StepNow, words: Words) -> Card | None:
    if at.round.ending is None:
        return None
    follows = house.library.challenges.get(at.challenge.next) if at.challenge.next is not None else None
    if follows is not None and not can_be_done(follows):
        follows = None
    return ending_card(at, at.round.ending, words, follows=words.of(follows.title) if follows is not None else None)
