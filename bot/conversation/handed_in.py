"""What one hand-in says for the whole team: told in its channel as soon as it comes, and changed there when it is."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.cards import Card, Divider, Paragraph, Part
from bot.conversation.events import MessageRef
from bot.conversation.relay_mail import with_baton
from bot.conversation.round_cards import handed_in_card
from bot.conversation.round_lists import MOST_CHARACTERS
from bot.conversation.round_results import result_of, vote_before
from bot.conversation.round_view import Candidate, StepNow, answers_to, candidates, step_called
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler import round_news
from storage import round_reading
from storage.round_news import News, sent_message
from storage.tables.rounds import Asks

MOST_READ_FIRST = 40
"""Paragraphs before a form."""


def tell_team(visit: Visit, at: StepNow) -> list[Show]:
    """Have the channel told, the first time; afterwards show what has been said there as it is now."""
    if round_news.tell_handed_in(visit.session, at.row.id, visit.now):
        return []
    return told_again(visit, at)


def told_again(visit: Visit, at: StepNow) -> list[Show]:
    """Show somebody of the team what its channel has heard of a hand-in as it is now. Nothing while that is on its way:
    it is put in words when it goes, and shown anew when it has come."""
    sent = sent_message(visit.session, at.row.id, News.OPENED) if at.is_once_for_all else None
    if sent is None:
        return []
    conversation, message = sent
    card = told_card(visit.session, at, Words(at.team.language), visit.now)
    return [Replace(MessageRef(conversation=conversation, message=message), card)] if card is not None else []


def told_card(session: Session, at: StepNow, words: Words, now: datetime) -> Card | None:
    """Return what the channel hears; None while nothing has been handed in."""
    about = at.step.looks_back_on
    if about is None:
        told = candidates(session, at, at.row.key, words, now)
    else:
        answers = answers_to(session, at, words, now)
        found = candidates(session, at, about, words, now)
        told = [_with(one, answers[one.id]) for one in found if one.id in answers]
    return with_baton(session, at, handed_in_card(at, told, words), words) if told else None


def unanswered(session: Session, at: StepNow, words: Words, now: datetime) -> int:
    """Return how much of what the team was to answer together has no answer; none of a step that answers nothing, and
    of one that somebody else answers: it would tell what that person has not done."""
    about = at.step.looks_back_on
    if about is None or at.row.asks is not Asks.TEAM:
        return 0
    every = {one.id for one in candidates(session, at, about, words, now)}
    return len(every - answers_to(session, at, words, now).keys())


def so_far(visit: Visit, at: StepNow, *, with_words: bool) -> list[Part]:
    """Return what the team has chosen and, `with_words`, written in the steps before, for whoever answers for all of
    it: they may not be in the channel. The newest first, as much as there is room for."""
    vote = vote_before(visit.session, at)
    result = result_of(visit.session, vote, visit.words, visit.now) if vote is not None else None
    chosen = result.winner if result is not None else None
    parts: list[Part] = []
    if chosen is not None:
        parts.append(Paragraph(visit.words("rounds.chosen", text=chosen.headline)))
    if with_words:
        parts += _written_before(visit, at)
    return [*parts, Divider()] if parts else []


def _written_before(visit: Visit, at: StepNow) -> list[Part]:
    words, room = visit.words, MOST_CHARACTERS
    parts: list[Part] = []
    for key in reversed(_steps_before(visit.session, at)):
        shown = candidates(visit.session, at, key, words, visit.now)
        room -= sum(len(one.text) for one in shown)
        if room < 0 or len(parts) + len(shown) > MOST_READ_FIRST:
            break
        if shown:
            parts.append(Paragraph(f"**{words.of(step_called(at.challenge, key).title)}**"))
            mark = "• " if len(shown) > 1 else ""
            parts += [Paragraph(f"{mark}{one.text}") for one in shown]
    return parts


def _steps_before(session: Session, at: StepNow) -> list[str]:
    before = (row.key for row in round_reading.steps(session, at.round.id) if row.day < at.row.day)
    return [key for key in dict.fromkeys(before) if step_called(at.challenge, key).looks_back_on is None]


def _with(one: Candidate, answer: str) -> Candidate:
    lines = (part.replace("**", "").strip() for part in one.headline.splitlines())  # marks in it would end ours
    headline = "\n".join(f"**{line}**" if line else "" for line in lines)
    return Candidate(id=one.id, text=f"{headline}\n{answer}", headline=one.headline)
