"""Who the facilitator is: the team is told, and whoever is it, with what it asks of them."""

from sqlmodel import Session

from bot.conversation.cards import Note, Paragraph, Part, People
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from storage.tables.people import Person
from storage.tables.rounds import AloneTo
from storage.tables.teams import Team


def morning_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """What the channel is told with a round's first step. Never their name on a day on which they hear of us alone: it
    would notify them twice."""
    if at.row.day != at.round.starts_on:
        return []
    if at.row.alone_to in (AloneTo.MEMBERS, AloneTo.FACILITATOR):
        return [Note(words("rounds.facilitator_does"))]
    return about_parts(session, at, words)


def about_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """Who it is and what they do, for the team."""
    does = Note(words("rounds.facilitator_does"))
    return [*named(session, at.team, words("rounds.facilitator_is")), does]


def own_parts(at: StepNow, person_id: int, words: Words) -> list[Part]:
    """What whoever is asked alone first is told of it, when it is they."""
    if person_id != at.team.facilitator_id or at.row.day != at.round.starts_on:
        return []
    return [Paragraph(words("rounds.you_facilitate"))]


def named(session: Session, team: Team, label: str) -> list[Part]:
    """Who it is; nothing when they are not there any more."""
    found = session.get(Person, team.facilitator_id)
    if found is None or found.left_at is not None:
        return []
    return [People(label, (found.external_id,), found_in=team.channel_id)]
