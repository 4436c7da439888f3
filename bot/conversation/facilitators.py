"""Who the facilitator is: the team is told, and whoever is it, with what it asks of them."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.cards import Button, Buttons, Note, Paragraph, Part, People
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from storage import round_notes
from storage.round_notes import Note as Told
from storage.tables.people import Person
from storage.tables.rounds import AloneTo
from storage.tables.teams import Team


def morning_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """What the channel is told with a round's first step, and in the first morning after it is somebody else. Never
    their name on a day on which they hear of us alone: it would notify them twice."""
    if at.row.day != at.round.starts_on:
        return _news(session, at, words)
    if at.row.alone_to in _ALONE:
        return [_does(at, words)]
    return about_parts(session, at, words)


def about_parts(session: Session, at: StepNow, words: Words) -> list[Part]:
    """Who it is and what they do, for the team."""
    return [*named(session, at.team, words("rounds.facilitator_is")), _does(at, words)]


def own_parts(session: Session, at: StepNow, person_id: int, words: Words) -> list[Part]:
    """What whoever is asked alone is told of it, when it is they: first of all, and when they have taken over and had
    no note of it."""
    if person_id != at.team.facilitator_id:
        return []
    since, before = at.team.facilitator_since, at.row.prompt_at
    if at.row.day == at.round.starts_on:
        return [you_are(at, words)]
    if since is None or not at.round.confirmed_at < since <= before:
        return []
    was_told = round_notes.was_told(session, at.round.id, person_id, Told.FACILITATES, since=since, before=before)
    return [] if was_told else [you_are(at, words)]


def you_are(at: StepNow, words: Words) -> Part:
    return Paragraph(words("rounds.you_facilitate" if _votes(at) else "rounds.you_lead"))


def named(session: Session, team: Team, label: str) -> list[Part]:
    """Who it is; nothing when they are not there any more."""
    found = session.get(Person, team.facilitator_id)
    if found is None or found.left_at is not None:
        return []
    return [People(label, (found.external_id,), found_in=team.channel_id)]


def who_it_is(at: StepNow, words: Words) -> Buttons:
    """Where a name is not said: the page that has it."""
    return Buttons((Button(text=words("rounds.about"), action="round.about", value=str(at.row.id), opens_form=True),))


def _does(at: StepNow, words: Words) -> Part:
    return Note(words("rounds.facilitator_does" if _votes(at) else "rounds.facilitator_leads"))


def _votes(at: StepNow) -> bool:
    """Whether anything is voted on, so that there may be a tie to settle."""
    return any(step.vote is not None for step in at.challenge.steps)


def _news(session: Session, at: StepNow, words: Words) -> list[Part]:
    since = at.team.facilitator_since
    if since is None or not is_news(session, at, since):
        return []
    name = named(session, at.team, words("round_changes.facilitator_now")) if at.row.alone_to not in _ALONE else []
    return name or [Paragraph(words("round_changes.facilitator_is_new")), who_it_is(at, words)]


def is_news(session: Session, at: StepNow, since: datetime) -> bool:
    """Whether this is the first morning of the round that the channel hears from a moment on."""
    before = at.row.prompt_at
    return since <= before and not round_notes.channel_was_told(session, at.round.id, since=since, before=before)


_ALONE = (AloneTo.MEMBERS, AloneTo.FACILITATOR)
