"""How many came to a meeting: a number the coordinator counts. Who it was is kept nowhere."""

from bot.conversation.cards import Form, Heading, Note, Paragraph, TextInput
from bot.conversation.events import Pressed, Submitted
from bot.conversation.sessions_list import has_begun, list_form, own_session
from bot.conversation.sessions_words import for_whom, when_text
from bot.conversation.shows import OpenForm, Refuse, Show
from bot.conversation.visiting import Visit
from lessons import models as lessons
from scheduler.sessions import roles_of
from storage import cohorts, sessions
from storage.tables.sessions import CohortSession

MOST_OF_INVITED = 3
"""How many times as many as were invited may have come: guests are welcome, a slip of the finger is not."""
_LONGEST_NUMBER = 6


def ask_how_many(visit: Visit, event: Pressed) -> list[Show]:
    row, cohort, programme = own_session(visit, event.value)
    words = visit.words
    if not has_begun(row, visit):
        return [OpenForm(list_form(visit, cohort, saying=words("sessions.not_yet")))]
    one = programme.sessions[row.number - 1]
    when = when_text(words, row.day, row.begins, beside=cohort.starts_on)
    form = Form(
        name="session.count",
        about=str(row.id),
        title=words("sessions.count_title"),
        submit=words("sessions.count_submit"),
        close=words("coordinating.cancel"),
        body=(
            Heading(words.of(one.title)),
            Paragraph(f"{when}. {for_whom(words, one.roles, programme)}"),
            TextInput(
                name="attended",
                label=words("sessions.count_label"),
                hint=words("sessions.count_hint", invited=_invited(visit, row, one)),
                initial="" if row.attended is None else str(row.attended),
                most=_LONGEST_NUMBER,
                optional=True,
            ),
            Note(words("sessions.count_note")),
        ),
    )
    return [OpenForm(form)]


def keep_count(visit: Visit, event: Submitted) -> list[Show]:
    row, cohort, programme = own_session(visit, event.about)
    words, text = visit.words, event.text("attended").strip()
    if not has_begun(row, visit):
        return [OpenForm(list_form(visit, cohort, saying=words("sessions.not_yet")))]
    most = MOST_OF_INVITED * max(1, _invited(visit, row, programme.sessions[row.number - 1]))
    if text and not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        return [Refuse({"attended": words("sessions.count_no_number")})]
    attended = int(text) if text else None
    if attended is not None and attended > most:
        return [Refuse({"attended": words("sessions.count_too_many", most=most)})]
    sessions.count(visit.session, row, attended)
    cohorts.write_down(visit.session, visit.person, "session_counted", cohort, visit.now, number=row.number)
    return [OpenForm(list_form(visit, cohort, saying=words("sessions.counted_now")))]


def _invited(visit: Visit, row: CohortSession, one: lessons.Session) -> int:
    return sessions.invited(visit.session, row.cohort_id, roles_of(one), row.day)
