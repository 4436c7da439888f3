"""A change to a running cohort: the form, the difference before anything is changed, and the change.

What has been sent stays sent: a step is unique for each person, so nothing goes out twice whatever is changed.
"""

from datetime import date

from bot.conversation.cards import Divider, Form, Note, Paragraph, Part
from bot.conversation.cohort_choices import CohortChoices, changed_choices, choices_of
from bot.conversation.coordinating import back_to_cohort, cohort_form, number, today_at_home
from bot.conversation.coordinating_forms import edit_cohort, window_text
from bot.conversation.coordinating_setup import late_parts, refuse, schedule_of, too_slow, why_skipped
from bot.conversation.documents import document_of
from bot.conversation.events import Pressed, Submitted
from bot.conversation.sessions_words import moved_lines
from bot.conversation.shows import OpenForm, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler import sessions, surveys
from scheduler.preview import SchedulePreview
from storage import cohorts, enrolments
from storage.tables.programmes import Cohort

DRAFT = "change"
MOST_CHANGES_SHOWN = 20


def ask_for_changes(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.value))
    choices = choices_of(cohort, document_of(visit, cohort).programme.id)
    started = cohort.starts_on <= today_at_home(visit)
    return [OpenForm(edit_cohort(visit.words, choices, cohort_id=cohort.id, has_started=started))]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say what would be different, day by day. Nothing is changed yet."""
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.about))
    programme = document_of(visit, cohort).programme
    before = choices_of(cohort, programme.id)
    after, faults = changed_choices(event, before, today=today_at_home(visit))
    if after is None:
        return [refuse(visit.words, faults)]
    number_of_people = cohorts.number_of_people(visit.session, cohort, today_at_home(visit))
    then = schedule_of(visit, after, programme, people=number_of_people, cohort=cohort)
    if not then.fits_window:
        return [refuse(visit.words, [too_slow(visit, then)])]
    now = schedule_of(visit, before, programme, people=number_of_people, cohort=cohort)
    lines = difference(visit.words, before, after, now, then, today=today_at_home(visit))
    moves = sessions.moved(
        visit.session, cohort, programme,
        starts_on=after.starts_on, calendar=after.calendar, today=today_at_home(visit),
    )  # fmt: skip
    lines += moved_lines(visit.words, programme, moves)
    if not lines:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.diff_none")))]
    shown = {"before": before.model_dump(mode="json"), "after": after.model_dump(mode="json")}
    draft = cohorts.keep_draft(visit.session, visit.person, DRAFT, shown, visit.now, cohort)
    return [OpenForm(_difference_form(visit, cohort, lines, late_parts(visit.words, then), draft=draft))]


def change(visit: Visit, event: Submitted) -> list[Show]:
    """Change the cohort as the difference said. If it is another by now, say so and change nothing."""
    shown, cohort_id = cohorts.take_draft(visit.session, visit.person, event.about, DRAFT)
    cohort = cohorts.open_cohort(visit.session, visit.person, cohort_id or 0)
    before, after = (CohortChoices.model_validate(shown[which]) for which in ("before", "after"))
    moves_start = before.starts_on != after.starts_on
    too_late = moves_start and min(before.starts_on, after.starts_on) <= today_at_home(visit)
    if too_late or choices_of(cohort, before.programme_id) != before:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.diff_outdated")))]
    if moves_start:
        enrolments.move_start(visit.session, cohort, after.starts_on, visit.now)
    if before.calendar != after.calendar:
        enrolments.sort_out(visit.session, cohort, visit.now)
    if before.slot != after.slot:
        enrolments.move_to_slot(visit.session, enrolments.enrolled_in(visit.session, cohort), after.slot, visit.now)
    cohort.name = after.name
    cohort.default_slot = after.slot
    cohort.window_minutes = after.window_minutes
    cohort.late_hours = after.late_hours
    cohort.catch_up = after.catch_up
    cohort.late_joiners = after.late_joiners
    cohort.calendar = after.calendar.to_choices()
    visit.session.add(cohort)
    if moves_start or before.calendar != after.calendar:
        programme = document_of(visit, cohort).programme
        sessions.lay_again(visit.session, cohort, programme, today=today_at_home(visit))
        surveys.lay_out(visit.session, cohort, programme, None, today=today_at_home(visit), now=visit.now)
    cohorts.write_down(visit.session, visit.person, "cohort_changed", cohort, visit.now)
    return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.changed_now")))]


def difference(
    words: Words,
    before: CohortChoices,
    after: CohortChoices,
    now: SchedulePreview,
    then: SchedulePreview,
    *,
    today: date,
) -> list[str]:
    """Return one line for everything that would be different from today on. Empty when nothing would."""
    plain = {
        "name": (before.name, after.name),
        "slot": (words.slot(before.slot), words.slot(after.slot)),
        "window": (window_text(words, before.window_minutes), window_text(words, after.window_minutes)),
        "late": (before.late_hours, after.late_hours),
        "catch_up": tuple(words(f"coordinating.catch_up_{choices.catch_up}").lower() for choices in (before, after)),
        "late_joiners": tuple(
            words(f"coordinating.late_joiners_{choices.late_joiners}").lower() for choices in (before, after)
        ),
        "start": (words.day(before.starts_on), words.day(after.starts_on)),
        "last": tuple(words.day(schedule.last_day) if schedule.last_day else "–" for schedule in (now, then)),
        "count": tuple(sum(day > today for day in schedule.sent_days) for schedule in (now, then)),
    }
    lines = [
        words(f"coordinating.diff_{what}", before=old, after=new) for what, (old, new) in plain.items() if old != new
    ]
    reasons = {skipped.day: why_skipped(words, after, skipped) for skipped in then.skipped}
    lines += [
        words("coordinating.diff_falls_away", day=words.day(day), reason=reasons[day])
        for day in sorted(set(now.sent_days) - set(then.sent_days))
        if day > today and day in reasons
    ]
    lines += [
        words("coordinating.diff_comes_back", day=words.day(day))
        for day in sorted(set(then.sent_days) & {skipped.day for skipped in now.skipped})
        if day > today
    ]
    if before.calendar != after.calendar and not lines:
        lines.append(words("coordinating.diff_calendar"))
    return lines


def cut_short(words: Words, lines: list[str]) -> list[str]:
    """Return the first lines of a difference, and how many more there are."""
    shown = lines[:MOST_CHANGES_SHOWN]
    if (more := len(lines) - len(shown)) > 0:
        shown.append(words("coordinating.diff_more", number=more))
    return shown


def _difference_form(visit: Visit, cohort: Cohort, lines: list[str], late: list[str], *, draft: str) -> Form:
    words = visit.words
    shown = cut_short(words, lines)
    body: list[Part] = [Note(words("coordinating.diff_intro")), *map(Paragraph, [*shown, *late]), Divider()]
    return Form(
        name="cohort.change",
        about=draft,
        title=words("coordinating.diff_title"),
        submit=words("coordinating.diff_submit"),
        close=words("coordinating.cancel"),
        body=(*body, back_to_cohort(visit, cohort)),
    )
