"""Every message, form and Home a leader can be shown, with sample data: what `knuff preview` prints."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.conversation.cards import Card, Form, Heading, Input, Part
from bot.conversation.composing import delivery_card, exercise_card, note_card
from bot.conversation.exercise_parts import in_one_sentence
from bot.conversation.follow_ups import new_date_form
from bot.conversation.home import HomeView, Thought, Waiting, home_card
from bot.conversation.letters import (
    Asked,
    Exercise,
    IfThen,
    Letter,
    Opening,
    PlanToday,
    Question,
    Stage,
    Welcome,
)
from bot.conversation.library import lesson_parts, search_form, theme_parts
from bot.conversation.my_data import delete_card
from bot.conversation.own_page import link_card
from bot.conversation.pages import page_form
from bot.conversation.pausing import pause_form, paused_card, stopped_card
from bot.conversation.plans import plan_form
from bot.conversation.reasons import week_in_words
from bot.conversation.references import Reference
from bot.conversation.reflections import reflection_form, reply_form
from bot.conversation.rhythm import Rhythm, rhythm_card, rhythm_form
from bot.conversation.texts import Words
from bot.conversation.thoughts import thought_form
from bot.conversation.typed import help_card
from bot.conversation.typed_answers import saved_card
from bot.conversation.visiting import House
from lessons.models import Kind, Lesson
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.deliveries import Kind as DeliveryKind
from storage.tables.people import Pace

Sample = tuple[str, str, Card | Form]
MESSAGE, MODAL, HOME = "message", "modal", "home"
MONDAY = date(2026, 3, 2)


def samples(language: str, house: House) -> list[Sample]:
    """Return (surface, name, what is shown) for everything, in one language. Names are unique."""
    words = Words(language)
    return [
        *_every_lesson(words, house),
        *_nudges(words, house),
        *_follow_ups(words, house),
        *_openings(words, house),
        *_short_answers(words, house),
        *_forms(words, house),
        *_pages(words, house),
        *_homes(words, house),
    ]


def _every_lesson(words: Words, house: House) -> Iterator[Sample]:
    for lesson in house.library.lessons.values():
        yield MESSAGE, f"nudge_{lesson.id}", delivery_card(Letter(exercises=(_exercise(lesson),)), words)


def _nudges(words: Words, house: House) -> Iterator[Sample]:
    task, quiz, if_then = (_lesson(house, kind) for kind in (Kind.TRY_IT, Kind.QUIZ, Kind.IF_THEN))
    right = next(index for index, choice in enumerate(quiz.choices) if choice.right)
    wrong = (right + 1) % len(quiz.choices)
    asks_on = MONDAY + timedelta(days=2)
    stages = {
        "doing": replace(_exercise(task), stage=Stage.DOING, asks_on=asks_on),
        "doing_replied": replace(_exercise(task), stage=Stage.DOING, asks_on=asks_on, replied=True),
        "doing_not_saving": replace(_exercise(task), stage=Stage.DOING, asks_on=asks_on, saves_text=False),
        "doing_with_page": replace(_exercise(task), stage=Stage.DOING, asks_on=asks_on, has_page=True),
        "not_today": replace(_exercise(task), stage=Stage.NOT_TODAY),
        "quiz_right": replace(_exercise(quiz), chosen=right),
        "quiz_other": replace(_exercise(quiz), chosen=wrong),
        "quiz_doing": replace(_exercise(quiz), chosen=wrong, stage=Stage.DOING, asks_on=asks_on),
        "planned": replace(_exercise(if_then), stage=Stage.PLANNED, plan=_plan(if_then, words)),
    }
    for name, exercise in stages.items():
        yield MESSAGE, f"nudge_{name}", delivery_card(Letter(exercises=(exercise,)), words)
    yield MESSAGE, "nudge_from_library", exercise_card(_exercise(task), words)
    yield MESSAGE, "week_gathered", delivery_card(Letter(exercises=_week(house)), words)
    first, *others = _week(house)
    begun = (replace(first, stage=Stage.DOING, asks_on=asks_on), replace(others[0], replied=True), *others[1:])
    yield MESSAGE, "week_gathered_begun", delivery_card(Letter(exercises=begun), words)


def _follow_ups(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = _lesson(house, Kind.TRY_IT), _lesson(house, Kind.IF_THEN)
    open_question = Question(ref=Reference(delivery_id=2), follow_up_id=1, lesson=task)
    plan = _plan(if_then, words)
    of_plan = replace(open_question, lesson=if_then, plan=plan)
    questions = {
        "open": open_question,
        "smaller": replace(open_question, smaller=True),
        "not_yet": replace(open_question, asked=Asked.NOT_YET),
        "not_yet_again": replace(open_question, asked=Asked.NOT_YET, smaller=True),
        "not_yet_thrice": replace(open_question, asked=Asked.NOT_YET, can_postpone=False),
        "postponed": replace(open_question, asked=Asked.POSTPONED, again_on=MONDAY + timedelta(days=4)),
        "done": replace(open_question, asked=Asked.DONE),
        "tried": replace(open_question, asked=Asked.TRIED),
        "reflected": replace(open_question, asked=Asked.DONE, reflected=True),
        "let_go": replace(open_question, asked=Asked.LET_GO),
        "plan_asked": of_plan,
        "plan_came": replace(of_plan, asked=Asked.CAME),
        "plan_did_not_come": replace(of_plan, asked=Asked.DID_NOT_COME),
    }
    for name, question in questions.items():
        yield MESSAGE, f"follow_up_{name}", delivery_card(Letter(questions=(question,)), words)
    today = PlanToday(lesson=if_then, plan=plan)
    yield MESSAGE, "plan_today", delivery_card(Letter(plans=(today,)), words)
    everything = Letter(exercises=(_exercise(task),), plans=(today,), questions=(open_question,))
    yield MESSAGE, "nudge_with_riders", delivery_card(everything, words)


def _openings(words: Words, house: House) -> Iterator[Sample]:
    welcome = Welcome(organisation=house.organisation_name, contact=house.contact, slot="08:15")
    nudge = (_exercise(_lesson(house, Kind.TRY_IT)),)
    letters = {
        "welcome": Letter(opening=Opening.WELCOME, welcome=welcome),
        "welcome_started": Letter(opening=Opening.WELCOME, welcome=replace(welcome, started=True)),
        "welcome_back": Letter(opening=Opening.WELCOME_BACK, exercises=nudge),
        "asks_pace": Letter(asks_pace=True, exercises=nudge),
        "farewell": Letter(opening=Opening.FAREWELL),
    }
    for name, letter in letters.items():
        yield MESSAGE, name, delivery_card(letter, words)


def _short_answers(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = _lesson(house, Kind.TRY_IT), _lesson(house, Kind.IF_THEN)
    title = words.of(task.title)
    plan = in_one_sentence(_plan(if_then, words), words)
    friday, monday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)
    yield MESSAGE, "help", help_card(words, contact=house.contact)
    yield MESSAGE, "saved", saved_card(1, title, words)
    yield MESSAGE, "undone", note_card(words("reflections.undone_from", title=title))
    yield MESSAGE, "plan_kept", note_card(words("plans.kept", plan=plan, day=words.day(friday)))
    yield MESSAGE, "paused", paused_card(friday, monday, words)
    yield MESSAGE, "stopped", stopped_card(words)
    yield MESSAGE, "started_again", note_card(words("pausing.started"))
    yield MESSAGE, "rhythm_changed", rhythm_card(_RHYTHM, words, heading="changed")
    yield MESSAGE, "delete_asked", delete_card(words)
    yield MESSAGE, "own_page_link", link_card("https://knuff.example.se/open/x", words("own_page.button"), words)
    yield MESSAGE, "my_data_too_much", note_card(words("my_data.too_much", contact=house.contact))
    for key in (
        "intake.set_aside",
        "intake.try_again",
        "rhythm.which_pace",
        "typed.unknown_button",
        "typed.gone",
        "typed.nothing_open",
        "typed.no_question",
        "typed.not_saved",
        "nudges.already_answered",
        "nudges.choice_kept",
        "nudges.no_other",
        "follow_ups.already_answered",
        "follow_ups.postponed_twice",
        "plans.closed",
        "plans.needs_words",
        "plans.none",
        "pausing.which_day",
        "rhythm.slot_outside",
        "rhythm.no_days",
        "saving.personal_number",
        "saving.phone_number",
        "library.no_such",
    ):
        yield MESSAGE, key.replace(".", "_"), note_card(words(key))


def _forms(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = _lesson(house, Kind.TRY_IT), _lesson(house, Kind.IF_THEN)
    ahead = [MONDAY + timedelta(days=days) for days in (1, 2, 3, 4, 7)]
    yield MODAL, "plan_form", plan_form(if_then, ahead, words, about="1")
    yield MODAL, "reply_form", reply_form(task, words, about="1", saves_text=True)
    yield MODAL, "reply_form_not_saving", reply_form(task, words, about="1", saves_text=False)
    yield MODAL, "reflection_form", reflection_form(task, words, about="1", saves_text=True)
    yield MODAL, "new_date_form", new_date_form(MONDAY + timedelta(days=3), words, about="1")
    yield MODAL, "rhythm_form", rhythm_form(_RHYTHM, words)
    yield MODAL, "pause_form", pause_form(MONDAY + timedelta(days=6), words)
    yield MODAL, "thought_form", thought_form(1, words.of(task.title), words.of(task.do), words)
    yield MODAL, "library_search", search_form(words)


def _pages(words: Words, house: House) -> Iterator[Sample]:
    library, title = house.library, words("library.title")
    in_chat = [part for part in theme_parts(library, words, in_chat=True) if isinstance(part, Part)]
    yield MESSAGE, "library", _card(title, in_chat)
    yield MODAL, "library_page", _page("library", title, theme_parts(library, words, in_chat=False), words)
    for key, theme in library.taxonomy.principles.items():
        lessons = [lesson for lesson in library.lessons.values() if lesson.principle == key]
        if lessons:
            yield MODAL, f"theme_{key}", _page("theme", words.of(theme.label), lesson_parts(lessons, words), words)
    reasons = week_in_words(_a_week_of_reasons(), MONDAY + timedelta(days=4), "Europe/Stockholm", words)
    yield MESSAGE, "why", _card(words("reasons.title"), [part for part in reasons if isinstance(part, Part)])
    yield MODAL, "why_page", _page("why", words("reasons.title"), reasons, words)


def _homes(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = _lesson(house, Kind.TRY_IT), _lesson(house, Kind.IF_THEN)
    full = HomeView(
        rhythm=_RHYTHM,
        exercises=(_exercise(task),),
        weeks=(3, 8),
        plans=(_plan(if_then, words),),
        waiting=(
            Waiting(title=words.of(task.title), on=MONDAY + timedelta(days=2), asked_in=None),
            Waiting(title=words.of(if_then.title), on=MONDAY, asked_in=2),
        ),
        thoughts=(Thought(reflection_id=1, title=words.of(task.title), body=words.of(task.do), written_on=MONDAY),),
    )
    views = {
        "home": full,
        "home_coordinator": replace(full, is_coordinator=True),
        "home_week": replace(full, exercises=_week(house)),
        "home_new": HomeView(rhythm=_RHYTHM),
        "home_paused": replace(full, paused_until=MONDAY + timedelta(days=4)),
        "home_stopped": replace(full, stopped=True),
    }
    for name, view in views.items():
        yield HOME, name, home_card(view, words)


_RHYTHM = Rhythm(
    zone="Europe/Stockholm",
    zone_chosen=False,
    slot="08:15",
    days=0b11111,
    pace=Pace.DAILY,
    language="sv",
    saves_text=True,
)


def _lesson(house: House, kind: Kind) -> Lesson:
    lessons = house.library.lessons.values()
    return next((lesson for lesson in lessons if lesson.kind is kind), next(iter(lessons)))


def _exercise(lesson: Lesson) -> Exercise:
    return Exercise(ref=Reference(delivery_id=1), lesson=lesson)


def _week(house: House) -> tuple[Exercise, ...]:
    lessons = list(house.library.lessons.values())[:5]
    return tuple(
        replace(_exercise(lesson), ref=Reference(delivery_id=number)) for number, lesson in enumerate(lessons, start=1)
    )


def _plan(lesson: Lesson, words: Words) -> IfThen:
    cue = words.of(lesson.cue) if lesson.cue else words.of(lesson.title)
    action = words.of(lesson.action) if lesson.action else words.of(lesson.smaller_step)
    return IfThen(plan_id=1, cue=cue, action=action, cue_on=MONDAY + timedelta(days=3))


def _a_week_of_reasons() -> list[Delivery]:
    """One day sent, the others with a reason each."""
    reasons = (None, Reason.PAUSED, Reason.BACKED_OFF, Reason.PACE, Reason.KNUFF_WAS_DOWN)
    return [
        Delivery(
            organisation_id=1,
            workspace_id=1,
            person_id=1,
            kind=DeliveryKind.NUDGE,
            day=day,
            due_at=at,
            late_after=at,
            try_at=at,
            state=State.EXPLAINED if reason else State.SENT,
            reason=reason,
            sent_at=None if reason else at,
        )
        for number, reason in enumerate(reasons)
        for day in [MONDAY + timedelta(days=number)]
        for at in [datetime.combine(day, time(7, 15), tzinfo=UTC)]
    ]


def _card(title: str, parts: list[Part]) -> Card:
    return Card(summary=title, parts=(Heading(title), *parts))


def _page(name: str, title: str, parts: list[Part] | list[Part | Input], words: Words) -> Form:
    return page_form(name=name, title=title, parts=list(parts), words=words)
