"""The programme's meetings in words: when they are, how long, where and for whom."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.cards import Button, Buttons, Heading, Note, Paragraph, Part
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.models import EVERYBODY, Programme, Role, Text
from scheduler.calendar import Calendar
from scheduler.sessions import placed
from storage import sessions
from storage.tables.programmes import Cohort

AN_HOUR, HALF_AN_HOUR = 60, 30
MOST_LISTED = 30
"""Meetings on a page: each takes up to three of the hundred parts a platform shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """A meeting somebody is invited to."""

    title: Text
    about: Text
    day: date
    begins: str
    minutes: int
    place: str
    is_elsewhere: bool = False
    """Their clock is another than the organisation's then."""
    is_tomorrow: bool = False
    """Seen from the day of the message that tells of it."""


def told_text(told: Coming, words: Words) -> str:
    """Return the line in an exercise: "Träff i morgon, onsdag 18 februari, 13.00, …". It can be read on a later day
    too."""
    day = words.day(told.day)
    if told.is_tomorrow:
        day = words("sessions.tomorrow", day=day)
    facts = ", ".join(_how_long_and_where(told.minutes, told.place, words))
    return words("sessions.told", day=day, clock=_clock(told, words), facts=facts, title=words.of(told.title))


def coming_parts(coming: Coming, words: Words) -> list[Part]:
    """Return a meeting as whoever is invited reads it."""
    when = words("sessions.when", day=words.day(coming.day), clock=_clock(coming, words))
    facts = ", ".join([when, *_how_long_and_where(coming.minutes, coming.place, words)])
    return [Paragraph(f"**{words.of(coming.title)}**\n{facts}"), Note(words.of(coming.about))]


def entry(visit: Visit, cohort: Cohort) -> tuple[Part, ...]:
    """Return the way to a cohort's meetings; nothing where its programme has none."""
    if not sessions.days_of(visit.session, cohort.id):
        return ()
    return (Buttons((list_button(visit, cohort, "entry"),)),)


def list_button(visit: Visit, cohort: Cohort, text: str) -> Button:
    return Button(text=visit.words(f"sessions.{text}"), action="session.list", value=str(cohort.id), opens_form=True)


def preview_parts(words: Words, programme: Programme, *, starts_on: date, calendar: Calendar) -> list[Part]:
    """Return when the meetings of a programme would be, before a cohort is confirmed; nothing where it has none."""
    found = placed(programme, starts_on=starts_on, calendar=calendar)
    if not found:
        return []
    lines = []
    for one in found[:MOST_LISTED]:
        when, title = when_text(words, one.day, one.begins, beside=starts_on), programme.sessions[one.number - 1].title
        lines.append(f"{when}: {words.of(title)}")
    heading, note = words("sessions.preview_title"), words("sessions.preview_note")
    return [Heading(heading), Paragraph("\n".join(lines)), Note(note)]


def moved_lines(words: Words, programme: Programme, moves: Mapping[int, tuple[date, date]]) -> list[str]:
    """Return a line for each meeting that moves: from and to, by number."""
    return [
        words(
            "sessions.diff_moves",
            title=words.of(programme.sessions[number - 1].title),
            before=words.day(before),
            after=words.day(after),
        )
        for number, (before, after) in moves.items()
    ]


def when_text(words: Words, day: date, begins: str, *, beside: date | None = None) -> str:
    """Return day and time; with the year where it is another than that of the start, where one is given."""
    return words("sessions.when", day=words.day_beside(day, beside or day), clock=words.slot(begins))


def length_text(words: Words, minutes: int) -> str:
    """Return how long it is as people say it: "3½ timmar", "45 minuter"."""
    hours, rest = divmod(minutes, AN_HOUR)
    if hours and rest == HALF_AN_HOUR:
        return words("sessions.hours_and_a_half_one" if hours == 1 else "sessions.hours_and_a_half_many", number=hours)
    if hours and not rest:
        return words.count("sessions.hours", hours)
    return words("sessions.minutes", number=minutes)


def for_whom(words: Words, invited: Collection[Role], programme: Programme) -> str:
    """Return who is invited: "alla", "chefer och innovationsledare"."""
    if set(programme.roles or EVERYBODY) <= set(invited):
        return words("sessions.for_all")
    of = [words(f"coordinating.role_many_{role.value}").lower() for role in Role if role in invited]
    return words("sessions.for_some", roles=words.listed(of))


def _how_long_and_where(minutes: int, place: str, words: Words) -> list[str]:
    return [length_text(words, minutes), *([place] if place else [])]


def _clock(coming: Coming, words: Words) -> str:
    clock = words.slot(coming.begins)
    return words("sessions.swedish_time", clock=clock) if coming.is_elsewhere else clock
