"""What a team's channel was told of its baton, said again in its place when it is so no more."""

from bot.conversation.events import MessageRef
from bot.conversation.relay_cards import news_card
from bot.conversation.shows import Replace, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler.confirmed import challenge_kept
from storage import relay_news, relay_reading, teams
from storage.relay_news import News
from storage.tables.relays import LegState


def stalled_again(visit: Visit, leg_id: int) -> list[Show]:
    """Say of a leg that is over what became of it, where its channel was told that the baton is still there. Nothing of
    a team elsewhere: what is shown goes where the event came from. Raises LegNotFound."""
    chain, leg = relay_reading.leg(visit.session, visit.person.organisation_id, leg_id)
    sent = relay_news.sent_message(visit.session, leg.id, News.STALLED)
    team = teams.find(visit.session, chain.organisation_id, leg.team_id)
    if leg.state is LegState.RUNNING or sent is None or team.workspace_id != visit.workspace.id:
        return []
    conversation, message = sent
    card = news_card(chain, leg, News.STALLED, Words(team.language), challenge_kept(visit.session, chain.document_id))
    return [Replace(MessageRef(conversation=conversation, message=message), card)]
