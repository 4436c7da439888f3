"""The meetings somebody is invited to: the next one, all of them, and a file for their calendar."""

import hashlib
from collections.abc import Sequence
from datetime import date

from bot.conversation import own_page
from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Note, Paragraph, Part, Style
from bot.conversation.documents import document
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.events import Pressed
from bot.conversation.pages import page_form
from bot.conversation.sessions_told import coming_to
from bot.conversation.sessions_words import Coming, coming_parts
from bot.conversation.shows import OpenForm, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from lessons import models as lessons
from scheduler.calendar_file import Meeting, calendar_file
from scheduler.sessions import starts_at
from storage import people, sessions
from storage.moments import local_day
from storage.sessions import Invitation

CALENDAR = "/my/sessions.ics"
MOST_SAID = 12
"""Meetings in one message."""


def coming(visit: Visit) -> list[Coming]:
    """Return the meetings the person is invited to that are not over yet, the next one first."""
    zone = people.rhythm_of(visit.session, visit.person).zone
    today = local_day(visit.now, HOME_ZONE.key)
    return [
        coming_to(what, when, zone=zone)
        for what, when in _invited(visit, since=today)
        if not when.is_off and not _has_begun(when, visit)
    ]


def next_parts(next_one: Coming, words: Words, *, has_page: bool) -> list[Part]:
    """Return the next meeting as Home shows it, with the way to a calendar where there is a page for it."""
    parts: list[Part] = [Heading(words("sessions.next")), *coming_parts(next_one, words)]
    return [*parts, Buttons((_calendar_button(words),))] if has_page else parts


def sessions_file(visit: Visit) -> str:
    """Return the person's own meetings for a calendar: those to come, and those that were called off."""
    since = local_day(visit.now, HOME_ZONE.key)
    meetings = [_meeting(visit, what, when) for what, when in _invited(visit, since=since)]
    return calendar_file(meetings, now=visit.now)


def show_calendar(visit: Visit, event: Pressed) -> list[Show]:
    """Offer the file on our own page: no chat carries files on both platforms."""
    address = own_page.link(visit, CALENDAR)
    if address is None:
        raise CannotAnswer("own_page.none")
    return [OpenForm(calendar_form(address, visit.words))]


def calendar_form(address: str, words: Words) -> Form:
    opens = Button(text=words("sessions.calendar_open"), action="own_page.open", url=address, style=Style.PRIMARY)
    parts = Paragraph(words("sessions.calendar_text")), Buttons((opens,)), Note(words("round_changes.link_good"))
    return page_form(name="sessions.calendar", title=words("sessions.title"), parts=[*parts], words=words)


def say_sessions(visit: Visit, typed: Typed) -> list[Show]:
    return [Say(say_card(coming(visit), visit.words, has_page=visit.house.page_address is not None))]


def say_card(found: Sequence[Coming], words: Words, *, has_page: bool) -> Card:
    """Return the meetings in a message, the next one first."""
    parts: list[Part] = [part for one in found[:MOST_SAID] for part in coming_parts(one, words)]
    if not found:
        parts = [Paragraph(words("sessions.none"))]
    elif has_page:
        parts.append(Buttons((_calendar_button(words),)))
    title = words("sessions.title")
    return Card(summary=title, parts=(Heading(title), *parts))


def _invited(visit: Visit, *, since: date) -> list[tuple[lessons.Session, Invitation]]:
    """Return the meetings to which the person's role is invited."""
    found = []
    today = local_day(visit.now, HOME_ZONE.key)
    for one in sessions.of_person(visit.session, visit.person, since=since, today=today):
        confirmed = document(visit.session, one.digest)
        every = confirmed.programme.sessions if confirmed else ()
        if one.number <= len(every) and lessons.Role(one.role) in every[one.number - 1].roles:
            found.append((every[one.number - 1], one))
    return found


def _meeting(visit: Visit, what: lessons.Session, when: Invitation) -> Meeting:
    # The same meeting whatever its day, and nobody else's: not even another Knuff's.
    home = visit.workspace
    whose = f"{home.platform.value}:{home.external_id}:{when.cohort_id}:session:{when.id}"
    return Meeting(
        uid=f"{hashlib.sha256(whose.encode()).hexdigest()[:32]}@knuff",
        times_changed=when.times_changed + when.is_off,
        starts_at=starts_at(when.day, when.begins, HOME_ZONE.key),
        minutes=when.minutes,
        title=visit.words.of(what.title),
        text=visit.words.of(what.about),
        place=when.place,
        is_cancelled=when.is_off,
    )


def _calendar_button(words: Words) -> Button:
    return Button(text=words("sessions.calendar"), action="sessions.calendar", opens_form=True)


def _has_begun(one: Invitation, visit: Visit) -> bool:
    return starts_at(one.day, one.begins, HOME_ZONE.key) <= visit.now


ROUTES = Routes(presses={"sessions.calendar": show_calendar}, forms={}, commands={"sessions": say_sessions})
