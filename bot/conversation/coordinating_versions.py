"""A running cohort and a newer version of its programme: that there is one, the difference, and the change.

From a coming Monday on the cohort goes by the new version. What has been promised by then stays as it was, so nothing
is sent twice.
"""

from datetime import date, timedelta
from itertools import count, takewhile

from bot.conversation.cards import (
    ChoiceInput,
    Divider,
    Form,
    Heading,
    Note,
    Option,
    Paragraph,
)
from bot.conversation.cohort_choices import Fault, choices_of
from bot.conversation.coordinating import back_to_cohort, cohort_form, number, today_at_home
from bot.conversation.coordinating_changes import cut_short, difference
from bot.conversation.coordinating_setup import refuse, schedule_of
from bot.conversation.documents import document_of
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Show
from bot.conversation.version_meetings import asking, meeting_lines, meetings_anew, survey_lines
from bot.conversation.version_parts import difference_lines, newer_version
from bot.conversation.visiting import Visit
from lessons.models import ProgrammeDocument
from lessons.programme_versions import first_step, joined
from scheduler import surveys
from scheduler.calendar import Calendar
from scheduler.sessions_anew import Anew
from scheduler.weeks import mondays
from storage import cohort_versions, cohorts, sessions
from storage.tables.programmes import Cohort

DRAFT = "version"
MOST_MONDAYS = 8
EVERYWHERE = timedelta(days=2)
"""Before the Monday begins anywhere, so that nothing of that week has been promised."""


def ask_when(visit: Visit, event: Pressed) -> list[Show]:
    """Say what the newer version is, and ask from which Monday on."""
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.value))
    words = visit.words
    new = newer_version(visit, cohort)
    weeks = _coming(visit, cohort, new) if new is not None else {}
    if new is None or not weeks:
        return [OpenForm(cohort_form(visit, cohort, saying=words("coordinating.version_none")))]
    options = tuple(
        Option(monday.isoformat(), words("coordinating.version_from", week=week, day=words.day(monday)))
        for monday, week in weeks.items()
    )
    form = Form(
        name="cohort.version",
        about=str(cohort.id),
        title=words("coordinating.version_title"),
        submit=words("coordinating.edit_submit"),
        close=words("coordinating.cancel"),
        body=(
            Heading(words.of(new.programme.title)),
            Paragraph(words.of(new.programme.about)),
            ChoiceInput(
                name="monday",
                label=words("coordinating.version_label"),
                options=options,
                initial=(options[0].value,),
            ),
            Note(words("coordinating.version_note")),
        ),
    )
    return [OpenForm(form)]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say which weeks would be different, and for whom. Nothing is changed yet."""
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.about))
    new = newer_version(visit, cohort)
    if new is None:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.version_none")))]
    week = {day.isoformat(): week for day, week in _coming(visit, cohort, new).items()}.get(event.text("monday"))
    if week is None:
        return [refuse(visit.words, [Fault("monday", "coordinating.choose_one")])]
    old, monday = document_of(visit, cohort), date.fromisoformat(event.text("monday"))
    rows = sessions.of_cohort(visit.session, cohort)
    anew = meetings_anew(cohort, rows, old, new, week=week, monday=monday)
    after = joined(old, new, week=week, sessions=anew.sessions)
    lines = _lines(visit, cohort, old, new, after, week=week)
    meetings = meeting_lines(visit.words, rows, old.programme, after.programme, anew)
    waves = survey_lines(visit, cohort, old.programme, after.programme, today=today_at_home(visit))
    shown = {"week": week, "monday": monday.isoformat(), "before": old.digest(), "new": new.digest()}
    shown["meetings"] = _as_shown(anew)
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now, cohort)
    return [OpenForm(_difference_form(visit, cohort, monday, lines, meetings, waves, draft=draft))]


def move(visit: Visit, event: Submitted) -> list[Show]:
    """Go over as the difference said. If anything is another by now, say so and change nothing."""
    shown, cohort_id = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    cohort = cohorts.open_cohort(visit.session, visit.person, cohort_id or 0)
    rows, monday = sessions.hold(visit.session, cohort), date.fromisoformat(shown["monday"])
    old, new, week = document_of(visit, cohort), newer_version(visit, cohort), int(shown["week"])
    as_shown = new is not None and (old.digest(), new.digest()) == (shown["before"], shown["new"])
    if new is None or not as_shown or _coming(visit, cohort, new).get(monday) != week:
        return _outdated(visit, cohort)
    anew = meetings_anew(cohort, rows, old, new, week=week, monday=monday)
    if _as_shown(anew) != shown["meetings"]:
        return _outdated(visit, cohort)
    after = joined(old, new, week=week, sessions=anew.sessions)
    document_id = cohorts.stored_document(
        visit.session,
        cohort.organisation_id,
        programme_id=after.programme.id,
        digest=after.digest(),
        body=after.to_json(),
        now=visit.now,
    )
    first = first_step(after.programme, week)
    if not cohort_versions.move_to_document(visit.session, cohort, document_id, first_step=first):
        return _outdated(visit, cohort)
    sessions.go_over(visit.session, cohort, laid=anew.laid, gone=anew.gone, now=visit.now)
    asked = asking(visit, old.programme)
    surveys.lay_out(visit.session, cohort, after.programme, asked, today=today_at_home(visit), now=visit.now)
    detail = {"version": new.programme.version, "before": old.digest(), "digest": after.digest(), "week": week}
    cohorts.write_down(visit.session, visit.person, "cohort_version_changed", cohort, visit.now, **detail)
    day = visit.words.day(monday)
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.version_now", day=day)))]


def _outdated(visit: Visit, cohort: Cohort) -> list[Show]:
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.version_outdated")))]


def _coming(visit: Visit, cohort: Cohort, new: ProgrammeDocument) -> dict[date, int]:
    """Return the next Mondays from which the cohort can go over, and which week of the programme begins on each."""
    has = len(document_of(visit, cohort).programme.weeks)
    weeks = has + (len(new.programme.weeks) > has)  # right after its last one it may still go on
    calendar = Calendar.from_choices(cohort.calendar)
    all_weeks = zip(mondays(cohort.starts_on, calendar), count(1), strict=False)
    in_time = today_at_home(visit) + EVERYWHERE
    coming = {monday: week for monday, week in takewhile(lambda one: one[1] <= weeks, all_weeks) if monday >= in_time}
    return dict(list(coming.items())[:MOST_MONDAYS])


def _lines(
    visit: Visit,
    cohort: Cohort,
    old: ProgrammeDocument,
    new: ProgrammeDocument,
    after: ProgrammeDocument,
    *,
    week: int,
) -> list[str]:
    today = today_at_home(visit)
    people = cohorts.number_of_people(visit.session, cohort, today)
    choices = choices_of(cohort, old.programme.id)
    now, then = (schedule_of(visit, choices, one.programme, people=people, cohort=cohort) for one in (old, after))
    return [
        *difference(visit.words, choices, choices, now, then, today=today),
        *difference_lines(visit.words, old, new, after, week=week),
    ]


def _as_shown(anew: Anew) -> list[object]:
    """Return when the meetings would be and which would go, as a draft keeps it."""
    return [*([one.number, one.day.isoformat(), one.begins] for one in anew.laid), *anew.gone]


def _difference_form(
    visit: Visit,
    cohort: Cohort,
    monday: date,
    lines: list[str],
    meetings: list[str],
    waves: list[str],
    *,
    draft: str,
) -> Form:
    words = visit.words
    changes = [part for some in (lines, meetings, waves) for part in cut_short(words, some)]
    return Form(
        name="cohort.version_confirm",
        about=draft,
        title=words("coordinating.diff_title"),
        submit=words("coordinating.diff_submit"),
        close=words("coordinating.cancel"),
        body=(
            Note(words("coordinating.diff_intro")),
            Paragraph(words("coordinating.version_diff", day=words.day(monday))),
            *map(Paragraph, changes or [words("coordinating.version_same")]),
            *([Note(words("sessions.diff_note"))] if meetings else []),
            Note(words("coordinating.version_note")),
            Divider(),
            back_to_cohort(visit, cohort),
        ),
    )
