"""What a team's channel was told of its baton, said again in its place when it is so no more."""

from sqlmodel import Session

from bot.conversation.events import MessageRef
from bot.conversation.relay_cards import news_card
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler.confirmed import challenge_kept
from storage import relay_news, relay_reading, teams
from storage.relay_news import News
from storage.relay_reading import Chain, Leg
from storage.tables.relays import LegState


def stalled_again(visit: Visit, leg_id: int) -> list[Show]:
    """Say of a leg that is over what became of it, where its channel was told that the baton is still there. Nothing of
    a team elsewhere: what is shown goes where the event came from. Raises LegNotFound."""
    chain, leg = relay_reading.leg(visit.session, visit.person.organisation_id, leg_id)
    team = teams.find(visit.session, chain.organisation_id, leg.team_id)
    again = stalled_no_more(visit.session, chain, leg, Words(team.language))
    return [] if again is None or team.workspace_id != visit.workspace.id else [again]


def stalled_no_more(session: Session, chain: Chain, leg: Leg, words: Words) -> Replace | None:
    """Return what stands where a leg's team was told that the baton is still there: that it is approved or has gone on.
    None while it is neither, and where nobody has said so."""
    sent = relay_news.sent_message(session, leg.id, News.STALLED)
    is_still_so = leg.state is LegState.RUNNING and not leg.is_approved
    if is_still_so or sent is None:
        return None
    conversation, message = sent
    card = news_card(chain, leg, News.STALLED, words, challenge_kept(session, chain.document_id))
    return Replace(MessageRef(conversation=conversation, message=message), card)
