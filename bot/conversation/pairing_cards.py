"""What each is told alone in an innovationsfika: whom they meet, and when they could. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Card, Heading, Note, Paragraph, Part, People
from bot.conversation.round_view import StepNow
from bot.conversation.texts import Words
from storage.moments import local_day


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """Whom somebody meets. Nobody: there is nobody for them this time, and why is not said."""

    others: tuple[str, ...] = ()
    """By the platform's own ids."""
    times: tuple[datetime, ...] = ()
    """What is suggested, of that what is still to come."""
    zone: str = "Europe/Stockholm"
    """Their own."""
    is_elsewhere: bool = False
    """One of the others is in another zone."""
    channel: str | None = None
    """Where the others can be found by the platform."""
    is_first: bool = True
    """They hear of it for the first time."""


def meeting_card(at: StepNow, meeting: Meeting, words: Words) -> Card:
    title, step = words.of(at.challenge.title), at.step
    team = Note(words("rounds.your_team", title=title, team=at.team.name))
    if not meeting.others:
        said = words("pairs.nobody")
        parts: tuple[Part, ...] = (Heading(words("pairs.nobody_title")), team, Paragraph(said))
        return Card(summary=words("pairs.nobody_summary", title=title), parts=parts, language=words.language)
    label = words("pairs.you_meet" if len(meeting.others) == 1 else "pairs.you_meet_two")
    parts = (
        Heading(words.of(step.title)),
        team,
        Paragraph(words.of(step.private or step.prompt)),
        People(label, meeting.others, found_in=meeting.channel),
        *(() if meeting.is_first else (Note(words("pairs.as_it_stands")),)),
        *_times(meeting, words),
        Note(words("pairs.nobody_else")),
    )
    summary = words("rounds.summary", title=title, step=words.of(step.title))
    return Card(summary=summary, parts=parts, language=words.language)


def _times(meeting: Meeting, words: Words) -> list[Part]:
    if not meeting.times:
        return [Paragraph(words("pairs.no_times"))]
    lines = [
        words("pairs.time", day=words.day(local_day(one, meeting.zone)), clock=words.clock(one, meeting.zone))
        for one in meeting.times
    ]
    where: list[Part] = [Note(words("pairs.zone", city=words.city(meeting.zone)))] if meeting.is_elsewhere else []
    return [Paragraph("\n".join([words("pairs.times"), *lines])), *where, Note(words("pairs.another_time"))]
