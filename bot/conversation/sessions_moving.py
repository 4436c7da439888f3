"""A meeting is put on another day or in another place: the form, the difference, and the change."""

from datetime import date, datetime, time, timedelta

from bot.conversation.cards import (
    Buttons,
    DateInput,
    Form,
    Heading,
    Note,
    Paragraph,
    TextInput,
    TimeInput,
)
from bot.conversation.coordinating import today_at_home
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.events import Pressed, Submitted
from bot.conversation.sessions_list import has_begun, list_form, own_session
from bot.conversation.sessions_words import list_button
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from lessons import models as lessons
from scheduler import surveys
from scheduler.calendar import Calendar
from scheduler.sessions import starts_at
from scheduler.weeks import monday_of_week
from storage import cohorts, sessions
from storage.sessions import LONGEST_PLACE
from storage.tables.deliveries import Reason
from storage.tables.programmes import Cohort
from storage.tables.sessions import CohortSession

DRAFT = "session"
EARLIEST, LATEST = time(7), time(20)
"""When a meeting may begin."""
FRIDAY = timedelta(days=4)


def ask_where_to(visit: Visit, event: Pressed) -> list[Show]:
    row, cohort, programme = own_session(visit, event.value, to_change=True)
    words = visit.words
    if has_begun(row, visit):
        return [OpenForm(list_form(visit, cohort, saying=words("sessions.is_over")))]
    form = Form(
        name="session.move",
        about=str(row.id),
        title=words("sessions.move_title"),
        submit=words("sessions.move_next"),
        close=words("coordinating.cancel"),
        body=(
            Heading(words.of(programme.sessions[row.number - 1].title)),
            DateInput(name="day", label=words("sessions.day_label"), initial=row.day.isoformat()),
            TimeInput(name="begins", label=words("sessions.begins_label"), initial=row.begins),
            TextInput(
                name="place",
                label=words("sessions.place_label"),
                hint=words("sessions.place_hint"),
                initial=row.place,
                most=LONGEST_PLACE,
                optional=True,
            ),
        ),
    )
    return [OpenForm(form)]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say what would be different. Nothing is changed yet."""
    row, cohort, programme = own_session(visit, event.about, to_change=True)
    words = visit.words
    if has_begun(row, visit):
        return [OpenForm(list_form(visit, cohort, saying=words("sessions.is_over")))]
    place = " ".join(event.text("place").split())
    day, begins = _day(event.text("day")), _clock(event.text("begins"))
    errors = _faults(visit, row, cohort, programme, day=day, begins=begins, place=place)
    if errors or day is None or begins is None:
        return [Refuse(errors)]
    new = {"day": day.isoformat(), "begins": f"{begins:%H:%M}", "place": place}
    changes = {
        "day": (words.day(row.day), words.day(day)),
        "begins": (words.slot(row.begins), words.clock(begins)),
        "place": (row.place or words("sessions.no_place"), place or words("sessions.no_place")),
    }
    lines = [
        words(f"sessions.diff_{what}", before=before, after=after)
        for what, (before, after) in changes.items()
        if before != after
    ]
    if not lines:
        return [OpenForm(list_form(visit, cohort, saying=words("coordinating.diff_none")))]
    shown = {"session": row.id, "seen": row.times_changed} | new
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now, cohort)
    form = Form(
        name="session.change",
        about=draft,
        title=words("coordinating.diff_title"),
        submit=words("sessions.change_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("sessions.diff_intro")),
            Heading(words.of(programme.sessions[row.number - 1].title)),
            *map(Paragraph, lines),
            Note(words("sessions.diff_note")),
            Buttons((list_button(visit, cohort, "back"),)),
        ),
    )
    return [OpenForm(form)]


def change(visit: Visit, event: Submitted) -> list[Show]:
    """Move the meeting as the difference said. If it is another by now, say so and change nothing."""
    shown, cohort_id = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    row, cohort, programme = own_session(visit, str(shown["session"]), to_change=True)
    day, begins, place = date.fromisoformat(shown["day"]), time.fromisoformat(shown["begins"]), str(shown["place"])
    is_outdated = has_begun(row, visit) or cohort.id != cohort_id or row.times_changed != shown["seen"]
    # The cohort may have got other days meanwhile.
    if is_outdated or _faults(visit, row, cohort, programme, day=day, begins=begins, place=place):
        return [OpenForm(list_form(visit, cohort, saying=visit.words("sessions.diff_outdated")))]
    if not sessions.move(visit.session, row, day=day, begins=f"{begins:%H:%M}", place=place, now=visit.now):
        return [OpenForm(list_form(visit, cohort, saying=visit.words("sessions.diff_outdated")))]
    surveys.lay_out(visit.session, cohort, programme, None, today=today_at_home(visit), now=visit.now)
    cohorts.write_down(visit.session, visit.person, "session_moved", cohort, visit.now, number=row.number)
    return [OpenForm(list_form(visit, cohort, saying=visit.words("sessions.moved_now")))]


def _faults(
    visit: Visit,
    row: CohortSession,
    cohort: Cohort,
    programme: lessons.Programme,
    *,
    day: date | None,
    begins: time | None,
    place: str,
) -> dict[str, str]:
    words, errors = visit.words, {}
    if begins is None or not EARLIEST <= begins <= LATEST:
        limits = {"earliest": words.clock(EARLIEST), "latest": words.clock(LATEST)}
        errors["begins"] = words("sessions.begins_outside", **limits)
    if len(place) > LONGEST_PLACE or any(not letter.isprintable() for letter in place):
        errors["place"] = words("sessions.place_long", most=LONGEST_PLACE)
    calendar = Calendar.from_choices(cohort.calendar)
    last = max(row.day, _last_day(cohort, programme, calendar))
    if day is None:
        errors["day"] = words("sessions.day_missing")
    elif day < today_at_home(visit):
        errors["day"] = words("sessions.day_past")
    elif not cohort.starts_on <= day <= last:
        limits = {"first": words.day(cohort.starts_on), "last": words.long_day(last)}
        errors["day"] = words("sessions.day_outside", **limits)
    elif why := calendar.why_closed(day, begins or EARLIEST):
        errors["day"] = words("sessions.day_closed", day=words.day(day), name=_why(visit, day, why, calendar))
    elif begins is not None and "begins" not in errors and _moment(day, begins) <= visit.now:
        errors["begins"] = words("sessions.begins_past")
    return errors


def _why(visit: Visit, day: date, why: Reason, calendar: Calendar) -> str:
    """Return the day's own name ("Midsommarafton"), or else why it is closed."""
    words = visit.words
    if why is Reason.OWN_DAY_OFF:
        return words("sessions.weekend")
    if day.month in calendar.resting:
        return words("sessions.rest_month")
    return calendar.name_of(day, words.language) or words(f"coordinating.reason_{why}")


def _last_day(cohort: Cohort, programme: lessons.Programme, calendar: Calendar) -> date:
    return monday_of_week(len(programme.weeks), starts_on=cohort.starts_on, calendar=calendar) + FRIDAY


def _moment(day: date, begins: time) -> datetime:
    return starts_at(day, f"{begins:%H:%M}", HOME_ZONE.key)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if len(text) == len("13:00") else None
    except ValueError:
        return None
