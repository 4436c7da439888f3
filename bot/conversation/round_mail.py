"""A message of a team's challenge, from what is stored to the card: for the channel in the team's language, for a
member in their own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.conversation import facilitators, mandates
from bot.conversation.afterwards import follow_up_card
from bot.conversation.cards import Button, Card, Divider, Paragraph, Part
from bot.conversation.composing import delivery_card
from bot.conversation.handed_in import told_card, unanswered
from bot.conversation.letters import Letter
from bot.conversation.pairing_cards import Meeting, meeting_card
from bot.conversation.pairing_view import meeting_of
from bot.conversation.proposing import form_button
from bot.conversation.relay_mail import with_relay
from bot.conversation.round_cards import (
    Morning,
    morning_card,
    opened_card,
    private_parts,
    reminder_card,
    reminder_parts,
    round_summary,
)
from bot.conversation.round_endings import ending_card, wrap_up_card
from bot.conversation.round_note_cards import given_back_parts, note_card
from bot.conversation.round_results import result_of, vote_before
from bot.conversation.round_view import StepNow, candidates, step_of_message
from bot.conversation.team_choices import can_be_done
from bot.conversation.texts import Words
from bot.conversation.visiting import House
from bot.conversation.vote_cards import tally_card
from scheduler.round_changes import days_of
from storage import proposals, round_notes, round_reading
from storage.message_rows import Message
from storage.moments import local_day
from storage.round_news import News
from storage.round_notes import NOTES
from storage.round_reading import RoundMessage
from storage.tables.deliveries import Kind
from storage.tables.rounds import Asks


def channel_card(session: Session, house: House, message: RoundMessage, now: datetime) -> Card | None:
    """Return what the team's channel hears; None when there is nothing to say yet."""
    at = step_of_message(session, message.round_step_id)
    words = Words(at.team.language)
    if message.kind is Kind.ROUND:
        return news_card(session, house, at, News(message.occurrence), words, now)
    if message.kind is Kind.ROUND_FOLLOW_UP:
        return follow_up_card(at, words)
    return reminder_card(at, words)


def tells_what_grows(session: Session, message: RoundMessage) -> bool:
    """Whether what it tells is handed in once for all of the team: more of it may come at any moment."""
    if message.kind is not Kind.ROUND or message.occurrence != News.OPENED:
        return False
    return step_of_message(session, message.round_step_id).is_once_for_all


def news_card(session: Session, house: House, at: StepNow, news: News, words: Words, now: datetime) -> Card | None:
    """Return which of the messages of a step it is, as the channel hears it or is shown it anew."""
    match news:
        case News.ENDING:
            return _ending(session, house, at, words, now)
        case News.WRAP_UP:
            return wrap_up_card(at, words)
        case News.OPENED:
            return _opened(session, at, words, now)
        case _:
            return _morning(session, at, words, now)


def card_to_member(
    session: Session, house: House, message: Message, of_a_round: RoundMessage, letter: Letter, now: datetime
) -> Card:
    """Return what one member is asked alone in a message, now or when it came."""
    at = step_of_message(session, of_a_round.round_step_id)
    first = house.organisation_name if message.is_first and not of_a_round.has_been_asked_before else None
    words = Words(message.reader.language)
    if of_a_round.occurrence in NOTES:
        card = note_card(at, round_notes.Note(of_a_round.occurrence), words, introduced_by=first)
        return with_letter(_with_other_notes(session, card, message, words), letter, words)
    meeting = meeting_of(session, at, message.reader.person_id, message.reader.zone, now)
    form = own_form(session, house, at, of_a_round, words)
    told: list[Part] = []
    if of_a_round.kind is Kind.ROUND:
        told = facilitators.own_parts(session, at, message.reader.person_id, words)
    return member_card(at, of_a_round.kind, letter, words, form=form, introduced_by=first, meeting=meeting, told=told)


def _with_other_notes(session: Session, card: Card, message: Message, words: Words) -> Card:
    """Return the card with the notes that go out in the same message."""
    riding = (round_reading.message(session, one.id) for one in message.riders if one.kind is Kind.ROUND)
    for one in riding:
        if one is not None:
            other = note_card(step_of_message(session, one.round_step_id), round_notes.Note(one.occurrence), words)
            card = replace(card, parts=(*card.parts, Divider(), *other.parts))
    return card


def own_form(session: Session, house: House, at: StepNow, message: RoundMessage, words: Words) -> Button | None:
    """Return what opens a form that knows nobody, for a message to somebody who has had none; None where nothing is
    anonymous. Made anew for a message that has been sent it would be a second form: such a message stays as it is."""
    if not at.is_anonymous or message.person_id is None:
        return None
    if message.kind is Kind.ROUND_REMINDER and proposals.has_form(session, message.person_id, at.row.id):
        return None
    return form_button(house, at, words)


def member_card(
    at: StepNow,
    kind: Kind,
    letter: Letter,
    words: Words,
    *,
    form: Button | None = None,
    introduced_by: str | None = None,
    meeting: Meeting | None = None,
    told: Sequence[Part] = (),
) -> Card:
    """Return what a member is asked alone, and what else is due to them after it. `form`: see `own_form`.
    `introduced_by`: the organisation, for somebody who has had no message of ours before. `meeting`: whom they meet,
    where that is what it is about. `told`: what they are told of themselves after what they are asked."""
    if meeting is not None:
        card = meeting_card(at, meeting, words)
    else:
        asked = reminder_parts(at, words, form) if kind is Kind.ROUND_REMINDER else private_parts(at, words, form)
        card = Card(summary=round_summary(at, words), parts=tuple(asked), language=words.language)
    card = replace(card, parts=(*card.parts, *told))
    if introduced_by is not None:
        key = "rounds.first_message_mandate" if at.row.asks is Asks.MANDATE else "rounds.first_message"
        first = Paragraph(words(key, organisation=introduced_by, team=at.team.name))
        card = replace(card, parts=(first, *card.parts))
    return with_letter(card, letter, words)


def with_letter(card: Card, letter: Letter, words: Words) -> Card:
    """Return the card with what else is due to the person after it."""
    if letter.is_empty:
        return card
    return replace(card, parts=(*card.parts, Divider(), *delivery_card(letter, words).parts))


def _morning(session: Session, at: StepNow, words: Words, now: datetime) -> Card:
    earlier, vote = at.reads, vote_before(session, at)
    result = result_of(session, vote, words, now) if vote is not None else None
    chosen = result.winner if result is not None else None
    number, days = _which_day(session, at)
    morning = Morning(
        at=at,
        number=number,
        days=days,
        read=tuple(candidates(session, at, earlier, words, now)) if earlier is not None else (),
        chosen=chosen.headline if chosen is not None else None,
        is_to_choose=vote is not None and vote.row.closed_at is not None,
        tied=vote if result is not None and result.tied else None,
        is_first=at.row.day == at.round.starts_on,
        is_last=at.row.id == round_reading.steps(session, at.round.id)[-1].id,
        roles=(
            *given_back_parts(at, words),
            *facilitators.morning_parts(session, at, words),
            *mandates.morning_parts(session, at, words),
        ),
    )
    return with_relay(session, at, morning_card(morning, words), words, is_last=morning.is_last)


def _which_day(session: Session, at: StepNow) -> tuple[int, int]:
    """Return which of the round's working days this is, and how many they are. What it waited while Knuff was away is
    none of them: a round that has waited is counted as its challenge is."""
    rows = round_reading.steps(session, at.round.id)
    if any(row.given_back_from is not None for row in rows):
        before = sum(row.key == at.row.key and row.day < at.row.day for row in rows)
        return at.step.day + before, at.challenge.length
    days, ends_on = days_of(at.team), local_day(at.round.ends_at, at.team.zone)
    return 1 + days.between(at.round.starts_on, at.row.day), 1 + days.between(at.round.starts_on, ends_on)


def _opened(session: Session, at: StepNow, words: Words, now: datetime) -> Card | None:
    if at.step.vote is not None:
        result = result_of(session, at, words, now)
        return tally_card(at, result, words) if result is not None else None
    if at.is_hidden:
        return None
    if at.is_once_for_all:
        return told_card(session, at, words, now)
    return opened_card(at, candidates(session, at, at.row.key, words, now), words)


def _ending(session: Session, house: House, at: StepNow, words: Words, now: datetime) -> Card | None:
    if at.round.ending is None:
        return None
    vote = vote_before(session, at, or_now=True)
    result = result_of(session, vote, words, now) if vote is not None else None
    follows = house.library.challenges.get(at.challenge.next) if at.challenge.next is not None else None
    if follows is not None and not can_be_done(follows):
        follows = None
    return ending_card(
        at,
        at.round.ending,
        words,
        follows=words.of(follows.title) if follows is not None else None,
        tied=vote if result is not None and result.tied else None,
        unanswered=unanswered(session, at, words, now),
    )
