"""Whether a plan's moment came: answered once, or given a new day."""

from datetime import date

from bot.conversation.answering import answer_question, inquiry_of, shown_again, whole_message_shown
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.letters import Asked
from bot.conversation.references import number
from bot.conversation.shows import Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from storage import answers
from storage.plans import find_plan
from storage.tables.answers import AnswerKind, FollowUp, FollowUpState, Plan


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


def answered_by_new_day(visit: Visit, question: FollowUp, cue_on: date) -> None:
    """Close the old question: the moment did not come, and there is a new day for it."""
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


def where_shown(visit: Visit, plan: Plan, question: FollowUp | None) -> list[Show]:
    """Return the messages the plan is seen in: the exercise it was made for, and the question about it."""
    asked_in = answers.follow_up_message(visit.session, visit.person, question) if question else None
    return [*shown_again(visit, plan.delivery_id), *(shown_again(visit, asked_in.id) if asked_in else [])]


ROUTES = Routes(presses={"plan.came": came, "plan.did_not_come": did_not_come}, forms={}, commands={})
