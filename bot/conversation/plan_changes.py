"""A plan changed: another day, other words, or let go."""

from datetime import date

from bot.conversation import days
from bot.conversation.answering import about, was_about
from bot.conversation.cards import Form
from bot.conversation.composing import note_card
from bot.conversation.documents import find_lesson
from bot.conversation.events import Pressed, Submitted
from bot.conversation.gathering import if_then
from bot.conversation.health import AGAIN, asked_again
from bot.conversation.pausing import if_nothing_comes
from bot.conversation.plan_forms import checked, day_form, day_sent, plan_form, should_ask
from bot.conversation.plan_moments import answered_by_new_day, where_shown
from bot.conversation.plan_parts import kept_plan_card
from bot.conversation.plan_words import fault_in_day, without_lead
from bot.conversation.references import number
from bot.conversation.shows import OpenForm, Refuse, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.models import Lesson
from storage import answers, looking_back, messages
from storage.plans import close_plan, find_plan, follow_up_of_plan, forget_words, make_plan
from storage.tables.answers import FollowUpState, Plan


def change(visit: Visit, event: Pressed) -> list[Show]:
    """Open the form again with the plan in it: for another day, or other words where they may be shown."""
    plan, lesson = _open_plan(visit, number(event.value))
    words, ref = visit.words, about(plan.id, event.message)
    if not plan.cue or (plan.written_on_page and not event.on_page):
        why = "on_page" if plan.cue else "not_kept"
        ahead = days.cue_days(visit, calendar_of(visit, plan))
        return [OpenForm(day_form(ahead, words, about=ref, why=why))]
    return [OpenForm(_changed_form(visit, plan, lesson, ref))]


def changed(visit: Visit, event: Submitted) -> list[Show]:
    """Keep a new plan in place of the old one. Its morning and its question are new promises."""
    old, lesson = _plan_sent(visit, event)
    if refused := checked(visit, event, calendar_of(visit, old)):
        return refused
    if should_ask(event) and (event.text("cue"), event.text("action")) != (old.cue, old.action):
        form = _changed_form(visit, old, lesson, event.about)
        return [OpenForm(asked_again(form, event, visit.words, is_edit=True))]
    keeps_words = event.text("save") != "no"
    if not keeps_words:
        forget_words(visit.session, visit.person, old)
    return replan(
        visit,
        old,
        cue=without_lead(event.text("cue"), "cue") if keeps_words else "",
        action=without_lead(event.text("action"), "action") if keeps_words else "",
        cue_on=date.fromisoformat(event.text("cue_on")),
        on_page=event.on_page and keeps_words,
    )


def day_changed(visit: Visit, event: Submitted) -> list[Show]:
    """Give the plan another day. Its words, if there are any, stay as they are and where they are."""
    old, _ = _plan_sent(visit, event)
    cue_on = day_sent(event)
    if faults := fault_in_day(visit, cue_on, calendar_of(visit, old)):
        return [Refuse(faults)]
    if cue_on is None:
        return []
    return replan(visit, old, cue=old.cue, action=old.action, cue_on=cue_on, on_page=old.written_on_page)


def replan(
    visit: Visit, old: Plan, *, cue: str, action: str, cue_on: date, on_page: bool, is_typed: bool = False
) -> list[Show]:
    plan = make_plan(
        visit.session,
        visit.person,
        lesson_id=old.lesson_id,
        cue=cue,
        action=action,
        cue_on=cue_on,
        written_on_page=on_page,
        delivery_id=old.delivery_id,
        conversation_id=None if on_page else old.conversation_id,
        message_id=None if on_page else old.message_id,
        can_be_undone=False,
        now=visit.now,
    )
    old.closed_at = visit.now
    source = answers.find_delivery(visit.session, visit.person, old.delivery_id)
    due_on = days.asking_day(visit, 1, calendar_of(visit, old), after=cue_on)
    question = follow_up_of_plan(visit.session, visit.person, old)
    if question is not None and question.state is FollowUpState.OPEN:
        question.plan_id, question.due_on = plan.id, due_on
    else:
        if question is not None:
            answered_by_new_day(visit, question, cue_on)
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
    kept = kept_plan_card(if_then(plan), visit.words, is_typed=is_typed)
    return [*where_shown(visit, old, question), Say(kept), *if_nothing_comes(visit, old.delivery_id)]


def let_go(visit: Visit, event: Pressed) -> list[Show]:
    plan, _ = _open_plan(visit, number(event.value))
    close_plan(visit.session, visit.person, plan, visit.now)
    question = follow_up_of_plan(visit.session, visit.person, plan)
    return [*where_shown(visit, plan, question), Say(note_card(visit.words("plans.let_go_said")))]


def calendar_of(visit: Visit, plan: Plan) -> days.CalendarChoices:
    """Return the calendar that a plan's days go by."""
    return looking_back.calendar_of(visit.session, visit.person, plan.delivery_id)


def _changed_form(visit: Visit, plan: Plan, lesson: Lesson, ref: str) -> Form:
    return plan_form(
        lesson,
        days.cue_days(visit, calendar_of(visit, plan)),
        visit.words,
        name="plan_changed",
        about=ref,
        saves_text=True,  # they are saved already
        cue=plan.cue,
        action=plan.action,
    )


def _plan_sent(visit: Visit, event: Submitted) -> tuple[Plan, Lesson]:
    value, _ = was_about(event.about)
    return _open_plan(visit, number(value))


def _open_plan(visit: Visit, plan_id: int) -> tuple[Plan, Lesson]:
    plan = find_plan(visit.session, visit.person, plan_id)
    if plan is None or plan.closed_at is not None:
        raise CannotAnswer("plans.closed")
    source = answers.find_delivery(visit.session, visit.person, plan.delivery_id)
    digest = messages.digest_of(visit.session, source.cohort_id if source else None)
    lesson = find_lesson(visit.session, visit.house, plan.lesson_id, digest, reader=visit.person.id)
    if lesson is None:
        raise CannotAnswer("typed.gone")
    return plan, lesson


ROUTES = Routes(
    presses={"plan.change": change, "plan.let_go": let_go},
    forms={"plan_changed": changed, f"plan_changed{AGAIN}": changed, "plan_day": day_changed},
    commands={},
)
