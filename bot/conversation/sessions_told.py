"""The meetings that an exercise tells of: each in the last exercise before it, in small print."""

from datetime import date
from typing import Protocol

from sqlmodel import Session

from bot.conversation.documents import document
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.sessions_words import Coming
from lessons import models as lessons
from scheduler.calendar import Calendar
from scheduler.sessions import HOW_FAR_AHEAD, starts_at, told_on
from storage import sessions
from storage.message_rows import Message
from storage.tables.deliveries import Kind


class Held(Protocol):
    """When and where a meeting is."""

    @property
    def day(self) -> date: ...
    @property
    def begins(self) -> str: ...
    @property
    def minutes(self) -> int: ...
    @property
    def place(self) -> str: ...


def told_in(session: Session, message: Message) -> tuple[Coming, ...]:
    """Return the meetings that a person's message tells of; most have none."""
    # A welcome carries the first one.
    nudge = next((one for one in message.promises if one.kind is Kind.NUDGE), message.carrier)
    cohort = message.cohort(nudge.cohort_id)
    if nudge.kind is not Kind.NUDGE or cohort is None or nudge.enrolment_id is None:
        return ()
    confirmed = document(session, cohort.digest)
    if confirmed is None or not confirmed.programme.sessions:
        return ()
    ahead = sessions.ahead(
        session,
        person_id=message.reader.person_id,
        enrolment_id=nudge.enrolment_id,
        after=nudge.day,
        until=nudge.day + HOW_FAR_AHEAD,
    )
    told = told_on(nudge.day, ahead, confirmed.programme, calendar=Calendar.from_choices(cohort.calendar))
    return tuple(coming_to(what, when, zone=message.reader.zone, seen_on=nudge.day) for what, when in told)


def coming_to(what: lessons.Session, when: Held, *, zone: str, seen_on: date | None = None) -> Coming:
    """Return a meeting as somebody in that zone is told of it; `seen_on` is the day of the message that does."""
    begins_here, begins_at_home = (starts_at(when.day, when.begins, one) for one in (zone, HOME_ZONE.key))
    return Coming(
        title=what.title,
        about=what.about,
        day=when.day,
        begins=when.begins,
        minutes=when.minutes,
        place=when.place,
        is_elsewhere=begins_here != begins_at_home,
        is_tomorrow=seen_on is not None and (when.day - seen_on).days == 1,
    )
