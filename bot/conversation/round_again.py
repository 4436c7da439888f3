"""What was said of a step, said again in its place: the line until when it is taken, where it is open longer now; what
was chosen, where a tie is settled; and that the wrap-up waits for nobody any more."""

from collections.abc import Sequence

from bot.conversation.cards import Card
from bot.conversation.events import MessageRef
from bot.conversation.gathering import letter_of
from bot.conversation.round_mail import card_to_member, channel_card, news_card
from bot.conversation.round_results import vote_before
from bot.conversation.round_view import StepNow, step_of_message
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from storage import messages, round_changes, round_news, round_reading
from storage.round_changes import SentMessage
from storage.round_news import News, sent_message
from storage.tables.rounds import RoundStep
from storage.tables.teams import Team

MOST = 60
"""Messages that are shown anew, the channels' first: each is a call to the platform. In what is left, the form that it
opens says until when."""


def said_again(visit: Visit, team: Team, steps: Sequence[RoundStep]) -> list[Show]:
    """Nothing of a team elsewhere, such as in a relay: what is shown goes where the event came from."""
    if team.workspace_id != visit.workspace.id:
        return []
    shows: list[Show] = []
    for sent in round_changes.sent_about(visit.session, [step.id for step in steps], MOST):
        card = _card(visit, sent)
        if card is not None:
            at = MessageRef(conversation=sent.conversation_id, message=sent.message_id)
            shows.append(Replace(at, card))
    return shows


def settled_again(visit: Visit, vote: StepNow) -> list[Show]:
    """Say anew to the channel what it has heard of this vote, in its tally, the mornings after it and the ending."""
    shows: list[Show] = []
    for row in round_reading.steps(visit.session, vote.round.id):
        at = step_of_message(visit.session, row.id)
        of_vote = at if row.id == vote.row.id else vote_before(visit.session, at)
        if of_vote is None or of_vote.row.id != vote.row.id:
            continue
        first = News.OPENED if row.id == vote.row.id else News.MORNING
        shows += [*_news_again(visit, at, first), *_news_again(visit, at, News.ENDING)]
    return shows


def approved_again(visit: Visit, at: StepNow) -> list[Show]:
    """Say anew to the channel what it has heard of its wrap-up, now that the team has approved it: nothing while it has
    not."""
    last = round_news.last_step(visit.session, at.round.id)
    if at.round.approved_at is None or last is None:
        return []
    told_with = step_of_message(visit.session, last)
    return [*_news_again(visit, told_with, News.WRAP_UP), *_news_again(visit, told_with, News.ENDING)]


def _news_again(visit: Visit, at: StepNow, news: News) -> list[Show]:
    sent = sent_message(visit.session, at.row.id, news)
    if sent is None:
        return []
    card = news_card(visit.session, visit.house, at, news, Words(at.team.language), visit.now)
    conversation, message = sent
    return [Replace(MessageRef(conversation=conversation, message=message), card)] if card is not None else []


def _card(visit: Visit, sent: SentMessage) -> Card | None:
    of_a_round = round_reading.message(visit.session, sent.delivery_id)
    if of_a_round is None:
        return None
    if sent.person_id is None:
        return channel_card(visit.session, visit.house, of_a_round, visit.now)
    message = messages.find_message(visit.session, sent.delivery_id)
    if message is None or step_of_message(visit.session, of_a_round.round_step_id).is_anonymous:
        return None  # it holds a form that may be handed in once: made anew, it would be a second one
    letter = letter_of(visit.session, visit.house, message, messages.records_of(visit.session, message))
    return card_to_member(visit.session, visit.house, message, of_a_round, letter, visit.now)
