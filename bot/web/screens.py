"""The pages somebody reads, each made from what is stored now. Only ever the reader's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from starlette.responses import Response

from bot.conversation import days
from bot.conversation.answering import Task, exercise_now, inquiry_of, task_of
from bot.conversation.cards import Button, Buttons, Facts, Form, Heading, Paragraph, Part
from bot.conversation.exercise_parts import exercise_parts
from bot.conversation.focus_parts import onwards_parts, practising_at_home
from bot.conversation.focus_view import onwards_of, practising_now
from bot.conversation.home import thought_parts
from bot.conversation.home_view import case_now, exercises_now, plans_of, thoughts_of
from bot.conversation.letters import IfThen
from bot.conversation.my_data import entries_of
from bot.conversation.plan_parts import open_plan_parts
from bot.conversation.question_parts import question_parts
from bot.conversation.reasons import lately
from bot.conversation.recall_due import recall_in
from bot.conversation.recall_parts import recall_parts
from bot.conversation.references import Reference, parse
from bot.conversation.reflections import reply_form
from bot.conversation.rhythm import facts, rhythm_of
from bot.conversation.sessions_coming import CALENDAR, coming
from bot.conversation.sessions_words import coming_parts
from bot.conversation.survey_answers import own_page_parts
from bot.conversation.titles import KnownLessons
from bot.conversation.visiting import CannotAnswer, Visit
from bot.web.page_parts import PagePart, on_page
from bot.web.rendering import page
from bot.web.visits import Reader, Visits
from lessons.models import Kind
from storage import answers, looking_back, my_data, outcomes, written
from storage.moments import slot_moment
from storage.tables.answers import FollowUpState, Prompt, Reflection

MOST_THOUGHTS = 20
ANSWER = "/my/answer/"
DATA = "/my/data"


@dataclass(frozen=True, kw_only=True, slots=True)
class HomePage:
    case: tuple[PagePart, ...]
    """The one that comes back today, on the first screen."""
    exercises: tuple[tuple[str, str], ...]
    """Where each is answered, and its title."""
    questions: tuple[tuple[str, str], ...]
    plans: tuple[PagePart, ...]
    sessions: tuple[PagePart, ...]
    surveys: tuple[PagePart, ...]
    practising: tuple[PagePart, ...]
    """What is practised most, or kept up, and what may come after the programme."""
    calendar: str
    """Where the file for a calendar is."""
    results: tuple[tuple[str, str], ...]
    """Where the results of each cohort are that has any, and what it is called."""
    thoughts: tuple[PagePart, ...]
    more: tuple[PagePart, ...]
    lately: Facts
    """What came and what did not, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPage:
    """What the page of one exercise, or of one question how it went, shows."""

    title: str
    parts: tuple[PagePart, ...]
    written: tuple[str, ...]
    reply: Form | None = None
    reply_to: str = ""
    asked_at: str | None = None
    """Where it is said how the exercise went, once that has been asked."""


async def screen(
    visits: Visits,
    reader: Reader,
    here: str,
    *,
    said: Sequence[Part] = (),
    status: str | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """Return the page at an address, with what was just said above it. Raises CannotAnswer when it is gone."""
    shown: dict[str, Any] = {
        "here": here, "form_token": reader.form_token, "status": status, "errors": errors or {},
        "said": on_page(said, reader.words), "organisation": reader.organisation,
    }  # fmt: skip
    words = reader.words
    if here.startswith(ANSWER):
        answer = await visits.look(reader, lambda visit: answer_page(visit, here.removeprefix(ANSWER)))
        return page("answer", words, title=answer.title, of=answer, **shown)
    if here == DATA:
        rhythm, numbers, entries = await visits.look(reader, _data)
        title = words("pages.data_title")
        return page("data", words, title=title, rhythm=rhythm, numbers=numbers, entries=entries, is_data=True, **shown)
    home = await visits.look(reader, _home)
    return page("home", words, title=words("pages.home_title"), of=home, is_home=True, **shown)


def answer_page(visit: Visit, value: str) -> AnswerPage:
    """Return the page of an exercise or a question. Raises CannotAnswer when it is gone or somebody else's."""
    ref, _ = parse(value)
    try:
        task = task_of(visit, ref)
    except CannotAnswer:
        if ref.delivery_id is None:
            raise
        return _question(visit, ref.delivery_id)
    return _exercise(visit, task)


def _exercise(visit: Visit, task: Task) -> AnswerPage:
    words, exercise = visit.words, exercise_now(visit, task)
    exercise = replace(exercise, plan=_readable(exercise.plan))
    lesson, ref = exercise.lesson, str(exercise.ref)
    form = None
    if lesson.kind is not Kind.IF_THEN and (lesson.kind is not Kind.QUIZ or exercise.chosen is not None):
        form = reply_form(lesson, words, about=ref, saves_text=visit.person.saves_text)
        # The exercise stands above the form already.
        form = replace(form, body=tuple(item for item in form.body if not isinstance(item, Paragraph)))
    without = frozenset({"reply.open"} if form else ())
    asked_at = None
    if task.delivery_id is not None:
        texts = written.to_delivery(visit.session, visit.person, task.delivery_id)
        follow_up = answers.asked_follow_up(visit.session, visit.person, task.delivery_id)
        asked = answers.follow_up_message(visit.session, visit.person, follow_up) if follow_up else None
        asked_at = f"{ANSWER}{asked.id}" if asked else None
    else:
        since = slot_moment(exercise.ref.taken_on or days.today(visit), time(), rhythm_of(visit).zone)
        texts = written.from_library(visit.session, visit.person, lesson.id, since=since)
    # The title stands above, and the question at the form.
    elsewhere = [Paragraph(words("nudges.question", question=words.of(lesson.question)))] if form else []
    parts = [
        part for part in exercise_parts(exercise, words) if not isinstance(part, Heading) and part not in elsewhere
    ]
    return AnswerPage(
        title=words.of(lesson.title),
        parts=tuple(on_page([*parts, *_case(visit, task)], words, without=without)),
        written=_in_words(visit, texts),
        reply=form,
        reply_to=ref,
        asked_at=asked_at,
    )


def _case(visit: Visit, task: Task) -> list[Part]:
    """Return the case that the exercise's message asks besides, where it asks one."""
    asked = recall_in(visit.session, task.message, task.records) if task.message else None
    return recall_parts(asked, visit.words) if asked else []


def _question(visit: Visit, delivery_id: int) -> AnswerPage:
    inquiry = inquiry_of(visit, delivery_id)
    texts = written.to_follow_up(visit.session, visit.person, inquiry.follow_up.id)
    question = replace(inquiry.question, plan=_readable(inquiry.question.plan))
    return AnswerPage(
        title=visit.words("follow_ups.summary", title=visit.words.of(inquiry.question.lesson.title)),
        parts=tuple(on_page(question_parts(question, visit.words)[1:], visit.words)),
        written=_in_words(visit, texts),
    )


def _readable(plan: IfThen | None) -> IfThen | None:
    """Return the plan with its words: this is the page they were written on."""
    return replace(plan, written_on_page=False) if plan else None


def _in_words(visit: Visit, texts: Sequence[Reflection]) -> tuple[str, ...]:
    return tuple(
        row.body if row.prompt is Prompt.REPLY else f"{visit.words(f'reflections.{row.prompt}')}\n{row.body}"
        for row in texts
    )


def _home(visit: Visit) -> HomePage:
    words, known = visit.words, KnownLessons(visit)
    plans: list[Part] = []
    for own in plans_of(visit, known):
        plan = replace(own.plan, written_on_page=False)
        plans += open_plan_parts(own.title, plan, words, has_passed=own.has_passed)
    library = Button(text=words("library.title"), action="library.open", opens_form=True)
    methods = Button(text=words("methods.title"), action="method.open", opens_form=True)
    led = Button(text=words("facilitation.title"), action="led.open", opens_form=True)
    thoughts = thoughts_of(visit, limit=MOST_THOUGHTS, on_page=True)
    every = Buttons((Button(text=words("home.all_thoughts"), action="home.thoughts", opens_form=True),))
    case = case_now(visit)
    return HomePage(
        case=tuple(on_page(recall_parts(case, words), words)) if case else (),
        exercises=_exercises(visit, known),
        questions=_questions(visit, known),
        plans=tuple(on_page(plans, words)),
        sessions=tuple(on_page([part for one in coming(visit) for part in coming_parts(one, words)], words)),
        surveys=tuple(on_page(own_page_parts(visit), words)),
        practising=tuple(on_page(_practising(visit), words)),
        calendar=CALENDAR,
        results=tuple(
            (f"/my/outcomes/{one.id}", one.name)
            for one in outcomes.cohorts_of(visit.session, person_id=visit.person.id)
        ),
        thoughts=tuple(on_page([*thought_parts(thoughts, words, whole=True), every], words)) if thoughts else (),
        more=(Buttons((library, methods, led)),),
        lately=lately(visit),
    )


def _practising(visit: Visit) -> list[Part]:
    now, onwards = practising_now(visit), onwards_of(visit)
    return [
        *(practising_at_home(now, visit.words) if now else []),
        *(onwards_parts(onwards, visit.words) if onwards else []),
    ]


def _exercises(visit: Visit, known: KnownLessons) -> tuple[tuple[str, str], ...]:
    """Return today's exercises, or the week's, and those taken from the library today."""
    today = days.today(visit)
    sent = [(str(exercise.ref), visit.words.of(exercise.lesson.title)) for exercise in exercises_now(visit)]
    since = slot_moment(today, time(), rhythm_of(visit).zone)
    taken = [
        (str(Reference(lesson_id=lesson_id, taken_on=today)), known.title(lesson_id))
        for lesson_id in looking_back.taken_from_library(visit.session, visit.person, since=since)
    ]
    return tuple((f"{ANSWER}{ref}", title) for ref, title in (*sent, *taken))


def _questions(visit: Visit, known: KnownLessons) -> tuple[tuple[str, str], ...]:
    """Return what has been asked and waits for an answer."""
    waiting = []
    for follow_up in answers.open_follow_ups(visit.session, visit.person):
        asked = answers.follow_up_message(visit.session, visit.person, follow_up)
        if asked is not None and follow_up.state is FollowUpState.ASKED:
            waiting.append((f"{ANSWER}{asked.id}", known.title(follow_up.lesson_id)))
    return tuple(waiting)


def _data(visit: Visit) -> tuple[tuple[PagePart, ...], Facts, list[str]]:
    collected = my_data.collect(visit.session, visit.person)
    numbers = [
        (visit.words(f"my_data.{name}"), str(len(collected[name]))) for name in ("answers", "reflections", "plans")
    ]
    change = Button(text=visit.words("rhythm.change"), action="rhythm.open", opens_form=True)
    rhythm = (Facts(tuple(facts(rhythm_of(visit), visit.words))), Buttons((change,)))
    return rhythm, Facts(tuple(numbers)), entries_of(visit, collected, on_page=True)
