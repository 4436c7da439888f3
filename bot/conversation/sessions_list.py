"""A cohort's meetings as its coordinator sees them: the list, and the way to one of them."""

from datetime import time

from bot.conversation.cards import Button, Buttons, Divider, Form, Heading, Note, Paragraph, Part
from bot.conversation.coordinating import back_to_cohort, number
from bot.conversation.documents import document_of
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.events import Pressed
from bot.conversation.sessions_words import MOST_LISTED, for_whom, length_text, when_text
from bot.conversation.shows import OpenForm, Show
from bot.conversation.visiting import Visit
from lessons import models as lessons
from scheduler.calendar import Calendar
from scheduler.sessions import starts_at
from storage import cohorts, sessions
from storage.cohorts import CohortNotFound
from storage.sessions import SessionNotFound
from storage.tables.programmes import Cohort, CohortState
from storage.tables.sessions import CohortSession

Own = tuple[CohortSession, Cohort, lessons.Programme]


def show_sessions(visit: Visit, event: Pressed) -> list[Show]:
    return [OpenForm(list_form(visit, cohorts.own_cohort(visit.session, visit.person, number(event.value))))]


def list_form(visit: Visit, cohort: Cohort, *, saying: str | None = None) -> Form:
    words, programme = visit.words, document_of(visit, cohort).programme
    said: tuple[Part, ...] = (Paragraph(f"**{saying}**"), Divider()) if saying else ()
    parts: list[Part] = []
    for row in sessions.of_cohort(visit.session, cohort)[:MOST_LISTED]:
        parts += _one(visit, cohort, programme, row)
    return Form(
        name="session.list",
        about=str(cohort.id),
        title=words("sessions.title"),
        submit=None,
        close=words("coordinating.close"),
        body=(
            *said,
            Heading(cohort.name),
            *parts,
            Note(words("sessions.list_note")),
            back_to_cohort(visit, cohort),
        ),
    )


def own_session(visit: Visit, value: str, *, to_change: bool = False) -> Own:
    """Return a meeting of one of the coordinator's own cohorts. Raises CohortNotFound, and CohortHasEnded when it is to
    be changed and that is too late."""
    try:
        row = sessions.find(visit.session, visit.person.organisation_id, number(value))
    except SessionNotFound:
        raise CohortNotFound(value) from None
    get = cohorts.open_cohort if to_change else cohorts.own_cohort
    cohort = get(visit.session, visit.person, row.cohort_id)
    return row, cohort, document_of(visit, cohort).programme


def has_begun(row: CohortSession, visit: Visit) -> bool:
    return starts_at(row.day, row.begins, HOME_ZONE.key) <= visit.now


def _one(visit: Visit, cohort: Cohort, programme: lessons.Programme, row: CohortSession) -> list[Part]:
    words, one = visit.words, programme.sessions[row.number - 1]
    when = f"{when_text(words, row.day, row.begins, beside=cohort.starts_on)}, {length_text(words, row.minutes)}"
    facts = [for_whom(words, one.roles, programme), row.place or words("sessions.no_place")]
    title, is_over = words.of(one.title), has_begun(row, visit)
    can_be_changed = is_over or cohort.state is not CohortState.ENDED
    if row.attended is not None:
        facts.append(words.count("sessions.attended", row.attended))
    elif can_be_changed and not is_over and not _fits(cohort, row):
        facts.append(words("sessions.day_is_out"))
    action = "count" if is_over else "move"
    text = words("sessions.count_again" if is_over and row.attended is not None else f"sessions.{action}")
    button = Button(
        text=text,
        action=f"session.{action}",
        value=str(row.id),
        opens_form=True,
        spoken=f"{text}: {title}"[:75],
    )
    buttons: list[Part] = [Buttons((button,))] if can_be_changed else []
    return [Paragraph(f"**{title}**\n{when}"), Note(" · ".join(facts)), *buttons]


def _fits(cohort: Cohort, row: CohortSession) -> bool:
    """Whether the day can still be: the cohort may have got another start or closed days after it was chosen."""
    closed = Calendar.from_choices(cohort.calendar).why_closed(row.day, time.fromisoformat(row.begins))
    return row.day >= cohort.starts_on and closed is None
