"""Who says yes, no or try, where a challenge asks for somebody who can: the team is told who that is, and whoever
coordinates when they cannot be asked any more."""

from sqlmodel import Session

from bot.conversation.cards import Note, Paragraph, Part, People
from bot.conversation.facilitators import is_news, who_it_is
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.challenges import Challenge
from storage.tables.people import Person
from storage.tables.rounds import Asks, Round, RoundState
from storage.tables.teams import Team


def morning_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """Return what the channel is told of them: who it is, with a round's first step, and in the first morning after it
    is somebody else; and when they are to answer, that nobody is there. Never their name on a day on which they hear
    of us alone: it would notify them twice."""
    if at.challenge.mandate is None:
        return []
    holder = holder_of(session, at.team)
    if holder is None:
        return [Paragraph(words("rounds.mandate_gone"))] if at.row.asks is Asks.MANDATE else []
    if at.row.day != at.round.starts_on:
        return _news(session, at, holder, words)
    return [] if at.row.asks is Asks.MANDATE else [People(words("rounds.mandate_is"), (holder.external_id,))]


def about_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """What is asked of them, and who it is, for the team."""
    if at.challenge.mandate is None:
        return []
    holder = holder_of(session, at.team)
    who: Part = Note(words("rounds.mandate_gone"))
    if holder is not None:
        who = People(words("rounds.mandate_is"), (holder.external_id,))
    return [Paragraph(words.of(at.challenge.mandate)), who]


def _news(session: Session, at: StepNow, holder: Person, words: Words) -> list[Part]:
    since = at.team.mandate_since
    if since is None or not is_news(session, at, since):
        return []
    if at.row.asks is Asks.MANDATE:
        return [Paragraph(words("round_changes.mandate_is_new")), who_it_is(at, words)]
    return [People(words("round_changes.mandate_now"), (holder.external_id,))]


def missing_parts(visit: Visit, challenge: Challenge, round_: Round) -> list[Part]:
    """What a coordinator is told when nobody can answer for the team."""
    if challenge.mandate is None or round_.state is RoundState.ENDED:
        return []
    team = visit.session.get_one(Team, round_.team_id)
    holder = holder_of(visit.session, team)
    if holder is not None and holder.unreachable_at is None:
        return []
    return [Paragraph(f"**{visit.words('teams.mandate_unreached')}**")]


def holder_of(session: Session, team: Team) -> Person | None:
    """Return who holds the mandate; None where nobody does, or they are not there any more."""
    holder = session.get(Person, team.mandate_id) if team.mandate_id is not None else None
    return holder if holder is not None and holder.left_at is None else None
