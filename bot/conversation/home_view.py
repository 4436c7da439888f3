"""What is the person's own, gathered from what is stored, before Home or our own page puts it in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from bot.conversation import days
from bot.conversation.answering import exercise_now, task_of
from bot.conversation.focus_view import Onwards, onwards_of, practising_now, programmes_now
from bot.conversation.gathering import if_then
from bot.conversation.letters import Exercise, IfThen, Peer, Practising, Recall
from bot.conversation.peer_view import own_peer
from bot.conversation.recall_due import standing
from bot.conversation.references import Reference
from bot.conversation.rhythm import Rhythm, rhythm_of
from bot.conversation.sessions_coming import coming
from bot.conversation.sessions_words import Coming
from bot.conversation.survey_view import SurveyView, open_views
from bot.conversation.titles import KnownLessons
from bot.conversation.visiting import CannotAnswer, Visit
from lessons import models as lessons
from scheduler.calendar import Calendar
from scheduler.weeks import first_monday, week_number
from storage import answers, looking_back, outcomes, people, written
from storage.looking_back import Going
from storage.outcomes import CohortWithResults
from storage.plans import open_plans
from storage.tables.answers import FollowUp, FollowUpState, Prompt, Reflection
from storage.tables.people import Pace

LATEST_THOUGHTS = 9
"""Texts on Home."""
LATEST_GROUPS = 3
"""Exercises and days they are grouped by."""
MOST_LISTED = 5
MOST_ASKED = 3
"""Questions that wait for an answer, on Home."""
_PROMPTS = tuple(Prompt)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeksDone:
    """How many of a programme's weeks have at least one real action, of so many."""

    programme: lessons.Text
    done: int
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPlan:
    """An open plan, and the title of the exercise it was made for."""

    title: str
    plan: IfThen
    has_passed: bool = False
    """Its day has been."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A follow-up that is open. `asked_in` is the delivery that asked, when it can be answered now."""

    title: str
    on: date
    asked_in: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Thought:
    """A text of the person's own. `question` is what it answers, where that is known."""

    reflection_id: int
    title: str
    body: str
    """Empty for what was written on our own page, when it is to be shown elsewhere."""
    written_on: date
    prompt: Prompt = Prompt.REPLY
    question: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeView:
    """What Home shows, before it is put in words."""

    rhythm: Rhythm
    case: Recall | None = None
    """The one that comes back today."""
    exercises: tuple[Exercise, ...] = ()
    weeks: WeeksDone | None = None
    plans: tuple[OwnPlan, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    has_older: bool = False
    """Whether earlier questions wait than those that are shown."""
    thoughts: tuple[Thought, ...] = ()
    next_session: Coming | None = None
    has_page: bool = False
    practising: Practising | None = None
    onwards: Onwards | None = None
    peer: Peer | None = None
    surveys: tuple[SurveyView, ...] = ()
    """What can be answered now."""
    results: CohortWithResults | None = None
    """Of the newest programme that has any."""
    paused_until: date | None = None
    stopped: bool = False
    is_coordinator: bool = False


def view_of(visit: Visit) -> HomeView:
    """Return what Home shows in the chat: no words that were written on our own page."""
    known, today = KnownLessons(visit), days.today(visit)
    thoughts = grouped(thoughts_of(visit, limit=LATEST_THOUGHTS))[:LATEST_GROUPS]
    waiting, has_older = waiting_of(visit, known)
    return HomeView(
        rhythm=rhythm_of(visit),
        case=case_now(visit),
        exercises=exercises_now(visit),
        weeks=weeks_with_action(visit),
        plans=plans_of(visit, known)[:MOST_LISTED],
        waiting=waiting,
        has_older=has_older,
        thoughts=tuple(thought for group in thoughts for thought in group),
        next_session=next(iter(coming(visit)), None),
        has_page=visit.house.page_address is not None,
        practising=practising_now(visit),
        onwards=onwards_of(visit),
        peer=own_peer(visit),
        surveys=tuple(open_views(visit.session, person_id=visit.person.id, on=today)),
        results=next(iter(outcomes.cohorts_of(visit.session, person_id=visit.person.id)), None),
        paused_until=visit.person.paused_until if people.is_paused(visit.person, today) else None,
        stopped=visit.person.stopped_at is not None,
        is_coordinator=visit.is_by_coordinator,
    )


def case_now(visit: Visit) -> Recall | None:
    """Return the case that comes back today, answered or not; None when there is none."""
    stands = standing(visit)
    return stands.recall if stands else None


def exercises_now(visit: Visit) -> tuple[Exercise, ...]:
    """Return today's exercise, or the week's when they are gathered."""
    rhythm = people.rhythm_of(visit.session, visit.person)
    today = days.today(visit)
    since = today - timedelta(days=today.weekday()) if rhythm.pace is Pace.MONDAYS else today
    found = []
    for delivery in looking_back.latest_sent(visit.session, visit.person, since=since):
        try:
            found.append(exercise_now(visit, task_of(visit, Reference(delivery_id=delivery.id))))
        except CannotAnswer:  # a follow-up or plan, or a lesson that is gone
            continue
    return tuple(found)


def weeks_with_action(visit: Visit) -> WeeksDone | None:
    """Return the weeks with at least one real action of the newest programme that has any, of those that have something
    for the person's role. None where there is no such week yet: nobody is told what they have not done."""
    done = (_weeks_done(visit, going, programme) for going, programme in programmes_now(visit))
    return next((one for one in done if one.done), None)


def _weeks_done(visit: Visit, going: Going, programme: lessons.Programme) -> WeeksDone:
    calendar, role = Calendar.from_choices(going.calendar), lessons.Role(going.role)
    own = {number for number, week in enumerate(programme.weeks, start=1) if week.lessons_for(role)}
    since = datetime.combine(first_monday(going.starts_on), time(), tzinfo=UTC) - timedelta(days=1)
    days_of_action = {
        people.local_day(visit.session, visit.person, moment)
        for moment in looking_back.action_moments(visit.session, visit.person, since=since)
    }
    numbers = {week_number(day, starts_on=going.starts_on, calendar=calendar) for day in days_of_action}
    return WeeksDone(programme=programme.title, done=len(numbers & own), of=len(own))


def plans_of(visit: Visit, known: KnownLessons) -> tuple[OwnPlan, ...]:
    """Return the open plans: the next one first, and after those to come the ones whose day has been, newest first."""
    rows, today = open_plans(visit.session, visit.person), days.today(visit)
    coming, passed = [row for row in rows if row.cue_on >= today], [row for row in rows if row.cue_on < today]
    return tuple(
        OwnPlan(title=known.title(row.lesson_id), plan=if_then(row), has_passed=row.cue_on < today)
        for row in (*coming, *reversed(passed))
    )


def waiting_of(visit: Visit, known: KnownLessons) -> tuple[tuple[Waiting, ...], bool]:
    """Return what will be asked, and the latest questions that have been; and whether there are older ones. Whether a
    plan's moment came is not among what has been asked: the plan itself is listed."""
    rows, today = answers.open_follow_ups(visit.session, visit.person), days.today(visit)
    coming = [row for row in rows if row.state is FollowUpState.OPEN and row.due_on >= today]
    asked = [row for row in reversed(rows) if row.state is FollowUpState.ASKED and row.plan_id is None]
    waiting = [
        *(
            Waiting(title=known.title(row.lesson_id), on=days.asked_on(visit, row), asked_in=None)
            for row in coming[:MOST_LISTED]
        ),
        *filter(None, (_asked(visit, row, known) for row in asked[:MOST_ASKED])),
    ]
    return tuple(waiting), len(asked) > MOST_ASKED


def _asked(visit: Visit, follow_up: FollowUp, known: KnownLessons) -> Waiting | None:
    message = answers.follow_up_message(visit.session, visit.person, follow_up)
    if message is None:
        return None
    return Waiting(title=known.title(follow_up.lesson_id), on=follow_up.due_on, asked_in=message.id)


def thoughts_of(visit: Visit, *, limit: int, skip: int = 0, on_page: bool = False) -> tuple[Thought, ...]:
    """Return the person's own texts, newest first. What was written on our own page has its words only there."""
    known = KnownLessons(visit)
    return tuple(
        Thought(
            reflection_id=row.id or 0,
            title=known.title(row.lesson_id),
            body="" if row.written_on_page and not on_page else row.body,
            written_on=people.local_day(visit.session, visit.person, row.written_at),
            prompt=row.prompt,
            question=_question(visit, row, known),
        )
        for row in written.latest(visit.session, visit.person, limit=limit, skip=skip)
    )


def grouped(thoughts: Sequence[Thought]) -> list[list[Thought]]:
    """Return what was written to one exercise on one day together, in the order it was asked; the newest group
    first."""
    groups = groupby(thoughts, key=lambda thought: (thought.title, thought.written_on))
    return [sorted(group, key=lambda one: (_PROMPTS.index(one.prompt), one.reflection_id)) for _, group in groups]


def _question(visit: Visit, text: Reflection, known: KnownLessons) -> str:
    """Return what a text answers; empty when its lesson is no longer known."""
    if text.prompt is not Prompt.REPLY:
        return visit.words(f"reflections.{text.prompt}")
    lesson = known.lesson(text.lesson_id)
    return visit.words.of(lesson.question) if lesson else ""
