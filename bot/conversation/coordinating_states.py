"""Pause, resume and end a cohort; send one step to oneself as a test."""

from bot.conversation.cards import Card, Note, Option, Paragraph, Part
from bot.conversation.coordinating import cohort_form, number, today_at_home
from bot.conversation.coordinating_forms import message, pick_lesson
from bot.conversation.documents import document_of
from bot.conversation.events import Pressed, Submitted
from bot.conversation.exercise_parts import lettered, the_exercise
from bot.conversation.keeping import as_read
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from lessons.models import Lesson
from scheduler.calendar import Calendar
from scheduler.weeks import weeks_over
from storage import cohorts
from storage.tables.programmes import CohortState

MOST_OFFERED = 100
"""Slack takes no more in a list."""


def pause(visit: Visit, event: Pressed) -> list[Show]:
    return _change(visit, event, CohortState.PAUSED, "paused")


def resume(visit: Visit, event: Pressed) -> list[Show]:
    return _change(visit, event, CohortState.RUNNING, "resumed")


def end(visit: Visit, event: Pressed) -> list[Show]:
    return _change(visit, event, CohortState.ENDED, "ended")


def ask_which_lesson(visit: Visit, event: Pressed) -> list[Show]:
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.value))
    confirmed = document_of(visit, cohort)
    # A lesson that several roles get is offered once; of a long programme, what a list can hold from this week on.
    weeks: dict[str, int] = {}
    for step in confirmed.programme.steps():
        weeks.setdefault(step.lesson_id, step.week)
    calendar = Calendar.from_choices(cohort.calendar)
    over = weeks_over(today_at_home(visit), starts_on=cohort.starts_on, calendar=calendar)
    first = min(sum(week <= over for week in weeks.values()), max(len(weeks) - MOST_OFFERED, 0))
    options = [
        Option(lesson_id, _option_text(visit, weeks[lesson_id], visit.words.of(confirmed.lessons[lesson_id].title)))
        for lesson_id in list(weeks)[first : first + MOST_OFFERED]
    ]
    return [OpenForm(pick_lesson(visit.words, cohort_id=cohort.id, lessons=options))]


def send_test(visit: Visit, event: Submitted) -> list[Show]:
    """Show a step to the coordinator alone: it is an answer to their own press and has no way to anybody else."""
    cohort = cohorts.own_cohort(visit.session, visit.person, number(event.about))
    lesson = document_of(visit, cohort).lessons.get(event.text("lesson"))
    if lesson is None:
        return [Refuse({"lesson": visit.words("coordinating.choose_one")})]
    lesson = as_read(visit.session, visit.house, lesson, None)  # what somebody has chosen is no part of a test
    note = visit.words("coordinating.test_note")
    card = Card(
        summary=f"{note} {visit.words.of(lesson.title)}",
        parts=(Note(note), *the_exercise(lesson, visit.words), *_choices(lesson, visit.words)),
    )
    sent = visit.words("coordinating.test_sent")
    return [
        Say(card),
        OpenForm(message(visit.words, title=visit.words("coordinating.test_title"), text=sent)),
    ]


def _change(visit: Visit, event: Pressed, state: CohortState, what: str) -> list[Show]:
    cohort = cohorts.open_cohort(visit.session, visit.person, number(event.value))
    changed = cohorts.set_state(visit.session, cohort, state, today_at_home(visit), visit.now)
    if changed:
        cohorts.write_down(visit.session, visit.person, f"cohort_{what}", cohort, visit.now)
    text = visit.words(f"coordinating.{what}_now" if changed else "coordinating.unchanged")
    return [OpenForm(cohort_form(visit, cohort, saying=text))]


def _option_text(visit: Visit, week: int, title: str) -> str:
    return f"{visit.words('coordinating.week', number=week)}: {title}"[:75]


def _choices(lesson: Lesson, words: Words) -> list[Part]:
    """A quiz in a test shows its choices to read; there is nothing to press, so there is nothing to record."""
    return [Paragraph(lettered(index, choice, words)) for index, choice in enumerate(lesson.choices)]
