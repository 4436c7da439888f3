"""Every message, form and Home a leader can be shown, with sample data: what `knuff preview` prints."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.conversation.cards import Card, Form, Heading, Input, Note, Part
from bot.conversation.composing import delivery_card, exercise_card, note_card
from bot.conversation.follow_ups import new_date_form
from bot.conversation.health import asked_again
from bot.conversation.home import home_card
from bot.conversation.home_view import HomeView, OwnPlan, Thought, Waiting, WeeksDone
from bot.conversation.letters import (
    Asked,
    Letter,
    Opening,
    PlanToday,
    Question,
    Recall,
    Stage,
    Welcome,
)
from bot.conversation.library import lesson_parts, search_form, theme_parts
from bot.conversation.my_data import delete_card
from bot.conversation.own_page import link_card
from bot.conversation.pages import page_form
from bot.conversation.pausing import (
    pause_form,
    paused_card,
    programme_over_card,
    still_stopped_card,
    stopped_card,
)
from bot.conversation.plan_forms import day_form, plan_form
from bot.conversation.plan_parts import kept_plan_card
from bot.conversation.reasons import days_in_words
from bot.conversation.references import Reference
from bot.conversation.reflections import reflection_form, reply_form
from bot.conversation.rhythm import receipt_card, rhythm_card, rhythm_form, slot_outside
from bot.conversation.sample_data import (
    AT_NIGHT,
    MONDAY,
    RHYTHM,
    a_lesson,
    a_plan,
    a_week,
    a_week_of_reasons,
    an_exercise,
    on_page,
    sent_reply,
    without_words,
)
from bot.conversation.texts import Words
from bot.conversation.thoughts import thought_form
from bot.conversation.typed import help_card
from bot.conversation.typed_answers import saved_card
from bot.conversation.visiting import House
from lessons.keeping import filled
from lessons.models import Kind
from storage.outcomes import CohortWithResults
from storage.tables.people import Pace, Shift

Sample = tuple[str, str, Card | Form]
MESSAGE, MODAL, HOME = "message", "modal", "home"


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
    chosen = next(iter(house.library.taxonomy.behaviours.values()))
    for lesson in house.library.lessons.values():
        methods = tuple(house.library.methods_about(lesson=lesson.id))
        exercise = replace(an_exercise(filled(lesson, chosen)), methods=methods)
        yield MESSAGE, f"nudge_{lesson.id}", delivery_card(Letter(exercises=(exercise,)), words)


def _nudges(words: Words, house: House) -> Iterator[Sample]:
    task, quiz, if_then = (a_lesson(house, kind) for kind in (Kind.TRY_IT, Kind.QUIZ, Kind.IF_THEN))
    right = next(index for index, choice in enumerate(quiz.choices) if choice.right)
    wrong = (right + 1) % len(quiz.choices)
    asks_on = MONDAY + timedelta(days=2)
    stages = {
        "doing": replace(an_exercise(task), stage=Stage.DOING, asks_on=asks_on),
        "doing_replied": replace(an_exercise(task), stage=Stage.DOING, asks_on=asks_on, replied=True),
        "doing_not_saving": replace(an_exercise(task), stage=Stage.DOING, asks_on=asks_on, saves_text=False),
        "doing_with_page": replace(an_exercise(task), stage=Stage.DOING, asks_on=asks_on, has_page=True),
        "not_today": replace(an_exercise(task), stage=Stage.NOT_TODAY),
        "quiz_right": replace(an_exercise(quiz), chosen=right),
        "quiz_other": replace(an_exercise(quiz), chosen=wrong),
        "quiz_doing": replace(an_exercise(quiz), chosen=wrong, stage=Stage.DOING, asks_on=asks_on),
        "planned": replace(an_exercise(if_then), stage=Stage.PLANNED, plan=a_plan(if_then, words)),
        "planned_on_page": replace(an_exercise(if_then), stage=Stage.PLANNED, plan=on_page(a_plan(if_then, words))),
    }
    for name, recall in _cases_that_come_back(house):
        letter = Letter(exercises=(an_exercise(task),), recall=recall)
        yield MESSAGE, f"nudge_with_{name}", delivery_card(letter, words)
    for name, exercise in stages.items():
        yield MESSAGE, f"nudge_{name}", delivery_card(Letter(exercises=(exercise,)), words)
    yield MESSAGE, "nudge_from_library", exercise_card(an_exercise(task), words)
    yield MESSAGE, "week_gathered", delivery_card(Letter(exercises=a_week(house)), words)
    first, *others = a_week(house)
    begun = (replace(first, stage=Stage.DOING, asks_on=asks_on), replace(others[0], replied=True), *others[1:])
    yield MESSAGE, "week_gathered_begun", delivery_card(Letter(exercises=begun), words)
    for name, recall in _stages_of_a_case(house):
        yield MESSAGE, f"week_gathered_with_{name}", delivery_card(Letter(exercises=begun, recall=recall), words)


def _cases_that_come_back(house: House) -> Iterator[tuple[str, Recall]]:
    """Every recall card, and a quiz that comes back: asked, and answered in both ways."""
    library = house.library
    for card_id in library.recall_cards:
        yield f"case_{card_id}", Recall(ref=Reference(delivery_id=1), case=library.case(card_id), was_met=False)
    yield from _stages_of_a_case(house)


def _stages_of_a_case(house: House) -> Iterator[tuple[str, Recall]]:
    asked = Recall(ref=Reference(delivery_id=1), case=house.library.case(a_lesson(house, Kind.QUIZ).id))
    yield "case_again", asked
    right = next(index for index, choice in enumerate(asked.case.choices) if choice.right)
    yield "case_right", replace(asked, chosen=right)
    yield "case_other", replace(asked, chosen=(right + 1) % len(asked.case.choices))


def _follow_ups(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = a_lesson(house, Kind.TRY_IT), a_lesson(house, Kind.IF_THEN)
    open_question = Question(ref=Reference(delivery_id=2), follow_up_id=1, lesson=task)
    plan = a_plan(if_then, words)
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
        "plan_asked_on_page": replace(of_plan, plan=on_page(plan)),
        "plan_asked_without_words": replace(of_plan, plan=without_words(plan)),
        "plan_came": replace(of_plan, asked=Asked.CAME),
        "plan_did_not_come": replace(of_plan, asked=Asked.DID_NOT_COME),
    }
    for name, question in questions.items():
        yield MESSAGE, f"follow_up_{name}", delivery_card(Letter(questions=(question,)), words)
    today = PlanToday(lesson=if_then, plan=plan)
    yield MESSAGE, "plan_today", delivery_card(Letter(plans=(today,)), words)
    for name, hidden in (("on_page", on_page(plan)), ("without_words", without_words(plan))):
        letter = Letter(plans=(PlanToday(lesson=if_then, plan=hidden),))
        yield MESSAGE, f"plan_today_{name}", delivery_card(letter, words)
    everything = Letter(exercises=(an_exercise(task),), plans=(today,), questions=(open_question,))
    yield MESSAGE, "nudge_with_riders", delivery_card(everything, words)


def _openings(words: Words, house: House) -> Iterator[Sample]:
    welcome = Welcome(
        organisation=house.organisation_name, contact=house.contact, slot="08:15", zone="Europe/Stockholm"
    )
    nudge = (an_exercise(a_lesson(house, Kind.TRY_IT)),)
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
    task, if_then = a_lesson(house, Kind.TRY_IT), a_lesson(house, Kind.IF_THEN)
    title = words.of(task.title)
    plan = a_plan(if_then, words)
    friday, monday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=7)
    yield MESSAGE, "help", help_card(words, contact=house.contact)
    yield MESSAGE, "saved", saved_card(1, title, words)
    yield MESSAGE, "undone", note_card(words("reflections.undone_from", title=title))
    yield MESSAGE, "saved_asks", saved_card(1, title, words, asks=True)
    yield MESSAGE, "plan_kept", kept_plan_card(plan, words)
    yield MESSAGE, "plan_kept_on_page", kept_plan_card(on_page(plan), words)
    yield MESSAGE, "plan_kept_without_words", kept_plan_card(without_words(plan), words)
    yield MESSAGE, "paused", paused_card(friday, monday, words)
    yield MESSAGE, "stopped", stopped_card(words)
    yield MESSAGE, "still_stopped", still_stopped_card(words)
    yield MESSAGE, "programme_over", programme_over_card(words)
    yield MESSAGE, "started_again", note_card(words("pausing.started"))
    yield MESSAGE, "rhythm_changed", rhythm_card(RHYTHM, words, heading="changed")
    yield MESSAGE, "rhythm_at_night", receipt_card(RHYTHM, AT_NIGHT, words)
    yield MESSAGE, "rhythm_after_nights", receipt_card(AT_NIGHT, replace(RHYTHM, pace=Pace.MONDAYS), words)
    yield MESSAGE, "rhythm_slot_outside", note_card(slot_outside(Shift.EVENING, words))
    yield MESSAGE, "delete_asked", delete_card(words)
    yield MESSAGE, "own_page_link", link_card("https://knuff.example.se/open/x", words("own_page.button"), words)
    yield MESSAGE, "own_page_closed", note_card(words("own_page.closed", contact=house.contact))
    yield MESSAGE, "my_data_too_much", note_card(words("my_data.too_much", contact=house.contact))
    for key in (
        "intake.set_aside",
        "intake.try_again",
        "rhythm.which_pace",
        "typed.unknown_button",
        "typed.mentioned",
        "typed.gone",
        "typed.nothing_open",
        "typed.nothing_open_in_team",
        "typed.no_question",
        "typed.not_saved",
        "nudges.already_answered",
        "nudges.choice_kept",
        "nudges.choices_new",
        "nudges.no_other",
        "recall.kept",
        "recall.which",
        "follow_ups.already_answered",
        "follow_ups.postponed_twice",
        "plans.closed",
        "plans.needs_words",
        "plans.none",
        "pausing.which_day",
        "rhythm.night_is_weekly",
        "rhythm.no_days",
        "saving.personal_number",
        "saving.phone_number",
        "library.no_such",
    ):
        yield MESSAGE, key.replace(".", "_"), note_card(words(key))


def _forms(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = a_lesson(house, Kind.TRY_IT), a_lesson(house, Kind.IF_THEN)
    ahead = [MONDAY + timedelta(days=days) for days in (1, 2, 3, 4, 7)]
    plan = plan_form(if_then, ahead, words, about="1", saves_text=True)
    reply = reply_form(task, words, about="1", saves_text=True)
    reflection = reflection_form(task, words, about="1", saves_text=True)
    thought = thought_form(1, words.of(task.title), words.of(task.do), words)
    for name, form in {"plan": plan, "reply": reply, "reflection": reflection, "thought": thought}.items():
        yield MODAL, f"{name}_form", form
        asked = asked_again(form, sent_reply(words.of(task.do)), words, is_edit=form is thought)
        yield MODAL, f"{name}_form_asks", asked
    changed = plan_form(if_then, ahead, words, about="1", saves_text=True, name="plan_changed")
    yield MODAL, "plan_changed_form_asks", asked_again(changed, sent_reply(""), words, is_edit=True)
    yield MODAL, "reply_form_not_saving", reply_form(task, words, about="1", saves_text=False)
    for why in ("on_page", "not_kept"):
        yield MODAL, f"plan_day_form_{why}", day_form(ahead, words, about="1", why=why)
    yield MODAL, "new_date_form", new_date_form(MONDAY + timedelta(days=3), words, about="1")
    yield MODAL, "rhythm_form", rhythm_form(RHYTHM, words)
    yield MODAL, "rhythm_form_at_night", rhythm_form(AT_NIGHT, words)
    yield MODAL, "pause_form", pause_form(MONDAY + timedelta(days=6), words)
    yield MODAL, "library_search", search_form(words)


def _pages(words: Words, house: House) -> Iterator[Sample]:
    library, title = house.library, words("library.title")
    in_chat = [part for part in theme_parts(library, words, in_chat=True) if isinstance(part, Part)]
    yield MESSAGE, "library", _card(title, in_chat)
    yield MODAL, "library_page", _page("library", title, theme_parts(library, words, in_chat=False), words)
    for key, theme in library.taxonomy.principles.items():
        lessons = [filled(lesson, None) for lesson in library.lessons.values() if lesson.principle == key]
        if lessons:
            yield MODAL, f"theme_{key}", _page("theme", words.of(theme.label), lesson_parts(lessons, words), words)
    said = days_in_words(a_week_of_reasons(), MONDAY + timedelta(days=4), "Europe/Stockholm", words)
    reasons: list[Part] = [said, Note(words("reasons.note"))]
    yield MESSAGE, "why", _card(words("reasons.title"), reasons)
    yield MODAL, "why_page", _page("why", words("reasons.title"), [*reasons], words)


def _homes(words: Words, house: House) -> Iterator[Sample]:
    task, if_then = a_lesson(house, Kind.TRY_IT), a_lesson(house, Kind.IF_THEN)
    full = HomeView(
        rhythm=RHYTHM,
        exercises=(an_exercise(task),),
        weeks=WeeksDone(programme=next(iter(house.library.programmes.values())).title, done=3, of=8),
        plans=(OwnPlan(title=words.of(if_then.title), plan=a_plan(if_then, words)),),
        waiting=(
            Waiting(title=words.of(task.title), on=MONDAY + timedelta(days=2), asked_in=None),
            Waiting(title=words.of(if_then.title), on=MONDAY, asked_in=2),
        ),
        thoughts=(Thought(reflection_id=1, title=words.of(task.title), body=words.of(task.do), written_on=MONDAY),),
    )
    hidden = (on_page(a_plan(if_then, words)), without_words(a_plan(if_then, words)))
    from_page = replace(
        full,
        plans=tuple(OwnPlan(title=words.of(if_then.title), plan=plan) for plan in hidden),
        thoughts=(replace(full.thoughts[0], body=""),),
    )
    views = {
        "home": full,
        "home_from_page": from_page,
        "home_coordinator": replace(full, is_coordinator=True),
        "home_later": replace(full, plans=(replace(full.plans[0], has_passed=True),), has_older=True),
        "home_week": replace(full, exercises=a_week(house)),
        "home_new": HomeView(rhythm=RHYTHM),
        "home_results": HomeView(rhythm=RHYTHM, results=CohortWithResults(id=1, name="Alvsunda")),
        "home_paused": replace(full, paused_until=MONDAY + timedelta(days=4)),
        "home_stopped": replace(full, stopped=True),
    }
    for name, recall in _stages_of_a_case(house):
        ref = Reference(lesson_id=recall.case.id, taken_on=MONDAY)
        views[f"home_with_{name}"] = replace(full, case=replace(recall, ref=ref))
    for name, view in views.items():
        yield HOME, name, home_card(view, words)


def _card(title: str, parts: list[Part]) -> Card:
    return Card(summary=title, parts=(Heading(title), *parts))


def _page(name: str, title: str, parts: list[Part] | list[Part | Input], words: Words) -> Form:
    return page_form(name=name, title=title, parts=list(parts), words=words)
