"""Home: everything that is the person's own, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from bot.conversation import days
from bot.conversation.answering import exercise_now, task_of
from bot.conversation.cards import Button, Buttons, Card, Confirm, Divider, Facts, Heading, Note, Paragraph, Part, Style
from bot.conversation.documents import document, find_lesson
from bot.conversation.events import Pressed
from bot.conversation.exercise_parts import exercise_parts, in_one_sentence, week_parts
from bot.conversation.gathering import if_then
from bot.conversation.letters import Exercise, IfThen
from bot.conversation.pausing import stop_button
from bot.conversation.references import Reference
from bot.conversation.rhythm import Rhythm, facts, rhythm_of
from bot.conversation.shows import Say, Show, ShowHome
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Typed, Visit
from storage import answers, looking_back, people
from storage.tables.answers import FollowUp, FollowUpState, Prompt, Reflection
from storage.tables.people import Pace

LATEST_THOUGHTS = 9
"""Texts on Home."""
LATEST_GROUPS = 3
"""Exercises and days they are grouped by."""
MOST_LISTED = 5
LONGEST_QUOTE = 300


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
    written_on: date
    prompt: Prompt = Prompt.REPLY
    question: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeView:
    """What Home shows, before it is put in words."""

    rhythm: Rhythm
    exercises: tuple[Exercise, ...] = ()
    weeks: tuple[int, int] | None = None
    """Weeks with at least one real action, of the programme's weeks so far known."""
    plans: tuple[IfThen, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    thoughts: tuple[Thought, ...] = ()
    paused_until: date | None = None
    stopped: bool = False
    is_coordinator: bool = False
    has_page: bool = False


def home_card(view: HomeView, words: Words) -> Card:
    parts: list[Part] = [Heading(words("home.today")), *_today(view, words)]
    if view.weeks is not None:
        done, total = view.weeks
        parts += [Divider(), Heading(words("home.weeks")), Paragraph(words("home.weeks_count", done=done, total=total))]
    if view.plans or view.waiting:
        parts += [Divider(), Heading(words("home.open")), *_open(view, words)]
    parts += [Divider(), Heading(words("home.thoughts")), *thought_parts(view.thoughts, words)]
    parts += [Divider(), Heading(words("rhythm.title")), *_rhythm(view, words)]
    parts += [Divider(), Heading(words("my_data.title")), Paragraph(words("home.data")), _data_buttons(words)]
    if view.is_coordinator:
        entry = Button(text=words("home.cohorts"), action="cohort.home", opens_form=True)
        parts += [Divider(), Heading(words("home.coordinating")), Buttons((entry,))]
    return Card(summary=words("home.summary"), parts=tuple(parts))


def thought_parts(thoughts: tuple[Thought, ...], words: Words) -> list[Part]:
    if not thoughts:
        return [Paragraph(words("home.no_thoughts"))]
    parts: list[Part] = []
    for group in grouped(thoughts):
        parts.append(Note(words("home.thought", title=group[0].title, day=words.day(group[0].written_on))))
        for thought in group:
            parts += _thought(thought, words)
    return parts


def grouped(thoughts: Sequence[Thought]) -> list[list[Thought]]:
    """Return what was written to one exercise on one day together, in the order it was asked; the newest group
    first."""
    groups = groupby(thoughts, key=lambda thought: (thought.title, thought.written_on))
    return [sorted(group, key=lambda one: (_PROMPTS.index(one.prompt), one.reflection_id)) for _, group in groups]


_PROMPTS = tuple(Prompt)


def _thought(thought: Thought, words: Words) -> list[Part]:
    body = thought.body if len(thought.body) <= LONGEST_QUOTE else thought.body[:LONGEST_QUOTE].rstrip() + "…"
    value = str(thought.reflection_id)
    sure = Confirm(
        title=words("home.remove_title"),
        text=words("home.remove_text"),
        yes=words("home.remove_yes"),
        no=words("home.remove_no"),
    )
    edit = Button(text=words("home.edit"), action="home.edit", value=value, opens_form=True)
    remove = Button(text=words("home.remove"), action="home.remove", value=value, confirm=sure)
    asked: list[Part] = [Note(thought.question)] if thought.question else []
    return [*asked, Paragraph(body), Buttons((edit, remove))]


def view_of(visit: Visit) -> HomeView:
    session, person = visit.session, visit.person
    today = days.today(visit)
    return HomeView(
        rhythm=rhythm_of(visit),
        exercises=exercises_now(visit),
        weeks=weeks_with_action(visit),
        plans=tuple(kept for plan in answers.open_plans(session, person)[:MOST_LISTED] if (kept := if_then(plan))),
        waiting=waiting_of(visit),
        thoughts=tuple(
            thought for group in grouped(thoughts_of(visit, limit=LATEST_THOUGHTS))[:LATEST_GROUPS] for thought in group
        ),
        paused_until=person.paused_until if people.is_paused(person, today) else None,
        stopped=person.stopped_at is not None,
        is_coordinator=visit.is_by_coordinator,
        has_page=visit.house.page_address is not None,
    )


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


def weeks_with_action(visit: Visit) -> tuple[int, int] | None:
    """Return how many weeks of the person's programme have at least one real action, and how many weeks it has."""
    newest = looking_back.newest_programme(visit.session, visit.person)
    programme = document(visit.session, newest.digest) if newest else None
    if newest is None or programme is None:
        return None
    first = newest.starts_on - timedelta(days=newest.starts_on.weekday())
    total = len(programme.programme.weeks)
    since = datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=1)
    numbers = {
        (people.local_day(visit.session, visit.person, moment) - first).days // 7
        for moment in looking_back.action_moments(visit.session, visit.person, since=since)
    }
    return len(numbers & set(range(total))), total


def waiting_of(visit: Visit) -> tuple[Waiting, ...]:
    waiting = []
    for follow_up in answers.open_follow_ups(visit.session, visit.person)[:MOST_LISTED]:
        asked = answers.follow_up_message(visit.session, visit.person, follow_up) if _is_asked(follow_up) else None
        waiting.append(
            Waiting(
                title=title_of(visit, follow_up.lesson_id),
                on=follow_up.due_on,
                asked_in=asked.id if asked and follow_up.plan_id is None else None,
            )
        )
    return tuple(waiting)


def thoughts_of(visit: Visit, *, limit: int, skip: int = 0) -> tuple[Thought, ...]:
    """Return the person's own texts, newest first."""
    return tuple(
        Thought(
            reflection_id=row.id or 0,
            title=title_of(visit, row.lesson_id),
            body=row.body,
            written_on=people.local_day(visit.session, visit.person, row.written_at),
            prompt=row.prompt,
            question=_question(visit, row),
        )
        for row in looking_back.latest_reflections(visit.session, visit.person, limit=limit, skip=skip)
    )


def _question(visit: Visit, text: Reflection) -> str:
    """Return what a text answers; empty when its lesson is no longer known."""
    if text.prompt is not Prompt.REPLY:
        return visit.words(f"reflections.{text.prompt}")
    lesson = find_lesson(visit.session, visit.house, text.lesson_id)
    return visit.words.of(lesson.question) if lesson else ""


def title_of(visit: Visit, lesson_id: str | None) -> str:
    """Return a lesson's title, or our word for one that is no longer known."""
    lesson = find_lesson(visit.session, visit.house, lesson_id)
    return visit.words.of(lesson.title) if lesson else visit.words("home.unknown_lesson")


def show(visit: Visit) -> list[Show]:
    return [ShowHome(home_card(view_of(visit), visit.words))]


def typed_home(visit: Visit, typed: Typed) -> list[Show]:
    """Show Home in the chat too, for whoever cannot or will not switch tab."""
    card = home_card(view_of(visit), visit.words)
    return [Say(card), ShowHome(card)]


def typed_today(visit: Visit, typed: Typed) -> list[Show]:
    view = view_of(visit)
    return [Say(Card(summary=visit.words("home.today"), parts=tuple(_today(view, visit.words))))]


def refresh(visit: Visit, event: Pressed) -> list[Show]:
    return show(visit)


def _is_asked(follow_up: FollowUp) -> bool:
    return follow_up.state is FollowUpState.ASKED


def _today(view: HomeView, words: Words) -> list[Part]:
    if view.stopped:
        again = Button(text=words("pausing.start_again"), action="start.again", style=Style.PRIMARY)
        return [Paragraph(words("home.stopped")), Buttons((again,))]
    if view.paused_until is not None:
        again = Button(text=words("pausing.start_again"), action="start.again")
        return [Paragraph(words("home.paused", day=words.day(view.paused_until))), Buttons((again,))]
    if len(view.exercises) > 1:
        return week_parts(view.exercises, words)
    if view.exercises:
        return exercise_parts(view.exercises[0], words)
    library = Button(text=words("library.title"), action="library.open", opens_form=True)
    why = Button(text=words("reasons.title"), action="home.why", opens_form=True)
    return [Paragraph(words("home.nothing_today")), Buttons((library, why))]


def _open(view: HomeView, words: Words) -> list[Part]:
    parts: list[Part] = []
    for plan in view.plans:
        sentence = in_one_sentence(plan, words)
        value = str(plan.plan_id)
        parts += [
            Paragraph(words("home.plan", plan=sentence, day=words.day(plan.cue_on))),
            Buttons(
                (
                    Button(text=words("plans.change"), action="plan.change", value=value, opens_form=True),
                    Button(text=words("plans.let_go"), action="plan.let_go", value=value),
                )
            ),
        ]
    for waiting in view.waiting:
        if waiting.asked_in is None:
            parts.append(Paragraph(words("home.asks_on", title=waiting.title, day=words.day(waiting.on))))
            continue
        parts.append(Paragraph(words("home.asked", title=waiting.title)))
        names = ("done", "tried", "not_yet", "let_go")
        parts.append(
            Buttons(
                tuple(
                    Button(text=words(f"follow_ups.{name}"), action=f"follow_up.{name}", value=str(waiting.asked_in))
                    for name in names
                )
            )
        )
    return parts


def _rhythm(view: HomeView, words: Words) -> list[Part]:
    change = Button(text=words("rhythm.change"), action="rhythm.open", opens_form=True)
    pause = Button(text=words("pausing.pause"), action="pause.open", opens_form=True)
    why = Button(text=words("reasons.title"), action="home.why", opens_form=True)
    return [Facts(facts(view.rhythm, words)), Buttons((change, pause, why, stop_button(words)))]


def _data_buttons(words: Words) -> Buttons:
    show = Button(text=words("my_data.show"), action="my_data.open", opens_form=True)
    library = Button(text=words("library.title"), action="library.open", opens_form=True)
    thoughts = Button(text=words("home.all_thoughts"), action="home.thoughts", opens_form=True)
    return Buttons((thoughts, show, library))


ROUTES = Routes(presses={"home.refresh": refresh}, forms={}, commands={"home": typed_home, "today": typed_today})
