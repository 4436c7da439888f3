"""If-then plans: made by the person, shown again on the morning of the cue, asked about the working day after."""

import re
from datetime import date

from bot.conversation import days
from bot.conversation.answering import (
    Task,
    about,
    answer_question,
    inquiry_of,
    pressed_task,
    record,
    shown_again,
    submitted_task,
    task_shown,
    was_about,
    whole_message_shown,
)
from bot.conversation.cards import Card, ChoiceInput, Form, Note, Option, Paragraph, TextInput
from bot.conversation.composing import note_card
from bot.conversation.documents import find_lesson
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.exercise_parts import in_one_sentence
from bot.conversation.gathering import if_then
from bot.conversation.letters import Asked
from bot.conversation.references import number
from bot.conversation.saving import fault_in
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Kind, Lesson
from storage import answers, messages
from storage.answers import close_plan, find_plan
from storage.message_rows import Planned
from storage.tables.answers import AnswerKind, FollowUp, FollowUpState, Plan
from storage.tables.deliveries import Delivery
from storage.tables.programmes import Cohort

MOST_WORDS = 25
"""In the cue and in the action: a plan is remembered as one sentence."""
# Occasions that never come, because they could come at any time.
_VAGUE = {
    "sv": ("det passar", "jag hinner", "jag har tid", "någon gång", "vid tillfälle", "snart", "alltid", "ofta"),
    "en": ("it suits", "i have time", "i get time", "some time", "sometime", "someday", "soon", "always"),
}


def open_form(visit: Visit, event: Pressed) -> list[Show]:
    task, _ = pressed_task(visit, event)
    if task.exercise.lesson.kind is not Kind.IF_THEN:
        raise CannotAnswer("typed.gone")
    if task.exercise.plan is not None:
        return task_shown(visit, task, event.message)
    ahead = days.cue_days(visit, task.calendar)
    form = plan_form(task.exercise.lesson, ahead, visit.words, about=about(task.exercise.ref, event.message))
    return [OpenForm(form)]


def plan_form(
    lesson: Lesson,
    ahead: list[date],
    words: Words,
    *,
    about: str,
    name: str = "plan",
    cue: str = "",
    action: str | None = None,
) -> Form:
    suggested = words.of(lesson.action) if lesson.action else ""
    hint = words("plans.cue_hint", example=words.of(lesson.cue)) if lesson.cue else None
    return Form(
        name=name,
        title=words("plans.form_title"),
        submit=words("plans.submit"),
        close=words("typed.close"),
        about=about,
        body=(
            Paragraph(words.of(lesson.do)),
            TextInput(name="cue", label=words("plans.cue_label"), hint=hint, initial=cue, most=300),
            ChoiceInput(
                name="cue_on",
                label=words("plans.day_label"),
                hint=words("plans.day_hint"),
                options=tuple(Option(day.isoformat(), words.day(day)) for day in ahead),
                initial=(ahead[0].isoformat(),),
            ),
            TextInput(
                name="action",
                label=words("plans.action_label"),
                hint=words("plans.action_hint"),
                initial=suggested if action is None else action,
                most=300,
            ),
            Note(words("plans.privacy")),
        ),
    )


def made(visit: Visit, event: Submitted) -> list[Show]:
    task, at = submitted_task(visit, event)
    if task.exercise.plan is not None:  # the same form twice
        return task_shown(visit, task, at)
    return _checked(visit, event) or make(
        visit,
        task,
        cue=event.text("cue"),
        action=event.text("action"),
        cue_on=date.fromisoformat(event.text("cue_on")),
        at=at,
    )


def make(visit: Visit, task: Task, *, cue: str, action: str, cue_on: date, at: MessageRef | None) -> list[Show]:
    """Keep the plan and promise to ask, the working day after its cue, whether the moment came."""
    cue, action = without_lead(cue, "cue"), without_lead(action, "action")
    lesson_id = task.exercise.lesson.id
    plan = answers.make_plan(
        visit.session,
        visit.person,
        lesson_id=lesson_id,
        cue=cue,
        action=action,
        cue_on=cue_on,
        delivery_id=task.delivery_id,
        now=visit.now,
    )
    follow_up = answers.promise_to_ask(
        visit.session,
        visit.person,
        lesson_id=lesson_id,
        due_on=days.working_day(visit, 1, task.calendar, after=cue_on, keeps=task.keeps),
        source=task.promise,
        plan_id=plan.id,
        now=visit.now,
    )
    record(visit, task, AnswerKind.DOING, follow_up=follow_up, plan=plan)
    return [*task_shown(visit, task, at), Say(_rehearsal(visit, plan))]


def fault_in_plan(visit: Visit, *, cue: str, action: str, cue_on: date | None) -> dict[str, str]:
    """Return what must change, by input; empty when the plan can be kept."""
    words = visit.words
    faults: dict[str, str] = {}
    for name, text in (("cue", cue), ("action", action)):
        if not without_lead(text, name):
            faults[name] = words(f"plans.{name}_missing")
        elif len(text.split()) > MOST_WORDS:
            faults[name] = words("plans.too_many_words", most=MOST_WORDS)
        elif fault := fault_in(text, words):
            faults[name] = fault
    if "cue" not in faults and is_vague(cue):
        faults["cue"] = words("plans.vague")
    if cue_on is None:
        faults["cue_on"] = words("plans.day_missing")
    elif cue_on <= days.today(visit):
        faults["cue_on"] = words("plans.day_past")
    return faults


def is_vague(cue: str) -> bool:
    """Whether the cue is an occasion nobody can recognise when it comes: one word, or "when I have time"."""
    text = without_lead(cue, "cue").casefold().rstrip(".")
    return len(text.split()) < 2 or any(text in (vague, f"{vague}.") or text.startswith(vague) for vague in _vague())


def without_lead(text: str, name: str) -> str:
    """Return the text without the "om", "då" and full stop that our sentence adds itself."""
    lead = r"(?:om|if|när|when)" if name == "cue" else r"(?:då|så|then)"
    return re.sub(rf"^{lead}\s+", "", " ".join(text.split()), flags=re.IGNORECASE).strip(" .,")


def change(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form again with the plan in it: for another day, or other words."""
    plan, lesson = _open_plan(visit, number(event.value))
    ahead = days.cue_days(visit, None)
    form = plan_form(
        lesson,
        ahead,
        visit.words,
        name="plan_changed",
        about=about(plan.id, event.message),
        cue=plan.cue,
        action=plan.action,
    )
    return [OpenForm(form)]


def changed(visit: Visit, event: Submitted) -> list[Show]:
    """Keep a new plan in place of the old one. Its morning and its question are new promises."""
    value, _ = was_about(event.about)
    old, _ = _open_plan(visit, number(value))
    if refused := _checked(visit, event):
        return refused
    return replan(
        visit,
        old,
        cue=without_lead(event.text("cue"), "cue"),
        action=without_lead(event.text("action"), "action"),
        cue_on=date.fromisoformat(event.text("cue_on")),
    )


def replan(visit: Visit, old: Plan, *, cue: str, action: str, cue_on: date) -> list[Show]:
    plan = answers.make_plan(
        visit.session,
        visit.person,
        lesson_id=old.lesson_id,
        cue=cue,
        action=action,
        cue_on=cue_on,
        delivery_id=old.delivery_id,
        now=visit.now,
    )
    old.closed_at = visit.now
    source = answers.find_delivery(visit.session, visit.person, old.delivery_id)
    due_on = days.working_day(visit, 1, _calendar(visit, source), after=cue_on)
    question = answers.follow_up_of_plan(visit.session, visit.person, old)
    if question is not None and question.state is FollowUpState.OPEN:
        question.plan_id, question.due_on = plan.id, due_on
    else:
        if question is not None:
            _answered_by_new_day(visit, question, cue_on)
        answers.promise_to_ask(
            visit.session,
            visit.person,
            lesson_id=old.lesson_id,
            due_on=due_on,
            source=source,
            plan_id=plan.id,
            now=visit.now,
        )
    visit.session.flush()
    return [*_where_shown(visit, old, question), Say(_rehearsal(visit, plan))]


def let_go(visit: Visit, event: Pressed) -> list[Show]:
    plan, _ = _open_plan(visit, number(event.value))
    close_plan(visit.session, visit.person, plan, visit.now)
    question = answers.follow_up_of_plan(visit.session, visit.person, plan)
    return [*_where_shown(visit, plan, question), Say(note_card(visit.words("plans.let_go_said")))]


def came(visit: Visit, event: Pressed) -> list[Show]:
    return answer_moment(visit, delivery_id=number(event.value), came=True, at=event.message)


def did_not_come(visit: Visit, event: Pressed) -> list[Show]:
    return answer_moment(visit, delivery_id=number(event.value), came=False, at=event.message)


def answer_moment(visit: Visit, *, delivery_id: int, came: bool, at: MessageRef | None) -> list[Show]:
    inquiry = inquiry_of(visit, delivery_id)
    if inquiry.question.plan is None:
        raise CannotAnswer("typed.gone")
    if inquiry.question.asked is Asked.OPEN:
        answer_question(visit, inquiry, AnswerKind.MOMENT_CAME if came else AnswerKind.MOMENT_DID_NOT_COME)
        answers.close_follow_up(visit.session, visit.person, inquiry.follow_up, FollowUpState.ANSWERED, visit.now)
        if came:
            kept = find_plan(visit.session, visit.person, inquiry.question.plan.plan_id)
            if kept is not None:
                kept.closed_at = visit.now
    elif (inquiry.question.asked is Asked.CAME) is not came:
        raise CannotAnswer("follow_ups.already_answered")
    return whole_message_shown(visit, inquiry.message, inquiry.records, at)


def _checked(visit: Visit, event: Submitted) -> list[Show]:
    try:
        cue_on: date | None = date.fromisoformat(event.text("cue_on"))
    except ValueError:
        cue_on = None
    faults = fault_in_plan(visit, cue=event.text("cue"), action=event.text("action"), cue_on=cue_on)
    return [Refuse(faults)] if faults else []


def _answered_by_new_day(visit: Visit, question: FollowUp, cue_on: date) -> None:
    """The old question is answered: the moment did not come, and there is a new day for it."""
    day = cue_on.isoformat()
    answer = answers.latest_answer_to(visit.session, visit.person, question)
    if answer is not None:
        answer.value = day
    else:
        asked_in = answers.follow_up_message(visit.session, visit.person, question)
        answers.give(
            visit.session,
            visit.person,
            AnswerKind.MOMENT_DID_NOT_COME,
            lesson_id=question.lesson_id,
            delivery_id=asked_in.id if asked_in else None,
            follow_up_id=question.id,
            value=day,
            now=visit.now,
        )
    question.state = FollowUpState.ANSWERED
    question.closed_at = question.closed_at or visit.now


def _where_shown(visit: Visit, plan: Plan, question: FollowUp | None) -> list[Show]:
    """Return the messages the plan is seen in: the exercise it was made for, and the question about it."""
    asked_in = answers.follow_up_message(visit.session, visit.person, question) if question else None
    return [*shown_again(visit, plan.delivery_id), *(shown_again(visit, asked_in.id) if asked_in else [])]


def _open_plan(visit: Visit, plan_id: int) -> tuple[Plan, Lesson]:
    plan = find_plan(visit.session, visit.person, plan_id)
    if plan is None or plan.closed_at is not None:
        raise CannotAnswer("plans.closed")
    source = answers.find_delivery(visit.session, visit.person, plan.delivery_id)
    digest = messages.digest_of(visit.session, source.cohort_id if source else None)
    lesson = find_lesson(visit.session, visit.house, plan.lesson_id, digest)
    if lesson is None:
        raise CannotAnswer("typed.gone")
    return plan, lesson


def _calendar(visit: Visit, delivery: Delivery | None) -> days.CalendarChoices:
    cohort = visit.session.get(Cohort, delivery.cohort_id) if delivery and delivery.cohort_id else None
    return cohort.calendar if cohort else None


def _rehearsal(visit: Visit, plan: Planned) -> Card:
    kept = if_then(plan)
    if kept is None:
        raise CannotAnswer("typed.gone")
    words = visit.words
    text = words("plans.kept", plan=in_one_sentence(kept, words), day=words.day(plan.cue_on))
    return note_card(text, small=words("plans.rehearse"))


def _vague() -> set[str]:
    return {vague for vagues in _VAGUE.values() for vague in vagues}


ROUTES = Routes(
    presses={
        "nudge.plan": open_form,
        "plan.change": change,
        "plan.let_go": let_go,
        "plan.came": came,
        "plan.did_not_come": did_not_come,
    },
    forms={"plan": made, "plan_changed": changed},
    commands={},
)
