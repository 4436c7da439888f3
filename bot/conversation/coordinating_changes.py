"""A change to a running cohort: the form, the difference before anything is changed, and the change.

What has been sent stays sent: a step is unique for each person, so nothing goes out twice whatever is changed.
"""

from datetime import date

from sqlmodel import col, select

from bot.conversation.cards import Divider, Form, Note, Paragraph, Part
from bot.conversation.cohort_choices import CohortChoices, changed_choices, choices_of
from bot.conversation.coordinating import back_to_cohort, cohort_form, number, today_at_home
from bot.conversation.coordinating_forms import edit_cohort, window_text
from bot.conversation.coordinating_setup import refuse, schedule_of, too_slow
from bot.conversation.coordinating_states import document_of
from bot.conversation.events import Pressed, Submitted
from bot.conversation.shows import OpenForm, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from scheduler.preview import SchedulePreview
from storage import cohorts, people, planning
from storage.tables.people import Person
from storage.tables.programmes import Cohort, CohortState, Enrolment

MOST_CHANGES_SHOWN = 20


def ask_for_changes(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.value))
    choices = choices_of(cohort, document_of(visit, cohort).programme.id)
    started = cohort.starts_on <= today_at_home(visit)
    return [OpenForm(edit_cohort(visit.words, choices, cohort_id=cohort.id, has_started=started))]


def show_difference(visit: Visit, event: Submitted) -> list[Show]:
    """Say what would be different, day by day. Nothing is changed yet."""
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    if cohort.state is CohortState.ENDED:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.unchanged")))]
    programme = document_of(visit, cohort).programme
    before = choices_of(cohort, programme.id)
    after, faults = changed_choices(event, before, today=today_at_home(visit))
    if after is None:
        return [refuse(visit.words, faults)]
    number_of_people = cohorts.number_of_people(visit.session, cohort, today_at_home(visit))
    then = schedule_of(visit, after, programme, people=number_of_people)
    if not then.fits_window:
        return [refuse(visit.words, [too_slow(visit, then)])]
    now = schedule_of(visit, before, programme, people=number_of_people)
    lines = difference(visit.words, before, after, now, then, today=today_at_home(visit))
    if not lines:
        return [OpenForm(cohort_form(visit, cohort, saying=visit.words("coordinating.diff_none")))]
    draft = cohorts.keep_draft(
        visit.session, visit.person, after.model_dump(mode="json"), visit.now, cohort_id=cohort.id
    )
    return [OpenForm(_difference_form(visit, cohort, lines, draft=draft))]


def change(visit: Visit, event: Submitted) -> list[Show]:
    draft = cohorts.draft_of(visit.session, visit.person, number(event.about))
    cohort = cohorts.own_cohort(visit.session, visit.person, draft.cohort_id or 0)
    after = CohortChoices.model_validate(draft.body)
    if after.starts_on != cohort.starts_on and min(after.starts_on, cohort.starts_on) > today_at_home(visit):
        _move_start(visit, cohort, after.starts_on)
    cohort.name = after.name
    cohort.window_minutes = after.window_minutes
    cohort.late_hours = after.late_hours
    cohort.catch_up = after.catch_up
    cohort.late_joiners = after.late_joiners
    cohort.calendar = after.calendar.to_choices()
    if after.slot != cohort.default_slot:
        cohort.default_slot = after.slot
        _move_slot(visit, cohort, after.slot)
    visit.session.add(cohort)
    visit.session.delete(draft)
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
        "slot": (before.slot, after.slot),
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
    reasons = {skipped.day: skipped.reason for skipped in then.skipped}
    lines += [
        words("coordinating.diff_falls_away", day=words.day(day), reason=words(f"coordinating.reason_{reasons[day]}"))
        for day in sorted(set(now.sent_days) - set(then.sent_days))
        if day > today and day in reasons
    ]
    lines += [
        words("coordinating.diff_comes_back", day=words.day(day))
        for day in sorted(set(then.sent_days) & {skipped.day for skipped in now.skipped})
        if day > today
    ]
    return lines


def _difference_form(visit: Visit, cohort: Cohort, lines: list[str], *, draft: int) -> Form:
    words = visit.words
    shown = lines[:MOST_CHANGES_SHOWN]
    if (more := len(lines) - len(shown)) > 0:
        shown.append(words("coordinating.diff_more", number=more))
    body: list[Part] = [Note(words("coordinating.diff_intro")), *map(Paragraph, shown), Divider()]
    return Form(
        name="cohort.change",
        about=str(draft),
        title=words("coordinating.diff_title"),
        submit=words("coordinating.diff_submit"),
        close=words("coordinating.cancel"),
        body=(*body, back_to_cohort(visit, cohort)),
    )


def _move_start(visit: Visit, cohort: Cohort, starts_on: date) -> None:
    """Nothing has been sent yet: everybody's first day moves along."""
    enrolments = visit.session.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id)).all()
    for enrolment in enrolments:
        enrolment.starts_on = starts_on
        enrolment.first_day = starts_on
        visit.session.add(enrolment)
        planning.plan_welcome(visit.session, enrolment=enrolment, now=visit.now)
    cohort.starts_on = starts_on


def _move_slot(visit: Visit, cohort: Cohort, slot: str) -> None:
    """Whoever keeps a time of their own keeps it."""
    without_own = visit.session.exec(
        select(Person)
        .join(Enrolment, col(Enrolment.person_id) == Person.id)
        .where(Enrolment.cohort_id == cohort.id, col(Enrolment.ends_on).is_(None), col(Person.rhythm_chosen).is_(False))
        .order_by(col(Person.id))
    ).all()
    for person in without_own:
        people.set_rhythm(visit.session, person, slot=slot, now=visit.now)
