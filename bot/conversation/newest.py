"""What typed words are about: what was answered last or sent last, whichever is newer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.conversation import days
from bot.conversation.answering import (
    Inquiry,
    Task,
    inquiry_of,
    task_of,
)
from bot.conversation.references import Reference
from bot.conversation.visiting import CannotAnswer, Visit
from storage import answers, looking_back, people
from storage.tables.answers import AnswerKind, FollowUp
from storage.tables.deliveries import Delivery, Kind

STILL_NEW = timedelta(days=21)
"""How long a message is what a typed answer is about. Later, we do not guess."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Newest:
    """What a typed answer is about: an exercise, or a follow-up."""

    task: Task | None = None
    follow_up: FollowUp | None = None


def newest(visit: Visit) -> Newest:
    """Return what was answered last or sent last, whichever is newer. In one message, the exercise goes first."""
    latest = looking_back.latest_answer(visit.session, visit.person)
    sent = looking_back.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
    newest_sent = max((moment for row in sent if (moment := row.sent_at or row.started_at)), default=None)
    if (
        latest is not None
        and (newest_sent is None or latest.given_at >= newest_sent)
        and _is_new(visit, latest.given_at)
    ):
        if latest.follow_up_id is not None and latest.kind is not AnswerKind.DOING:
            return Newest(follow_up=answers.find_follow_up(visit.session, visit.person, latest.follow_up_id))
        ref = (
            Reference(delivery_id=latest.delivery_id)
            if latest.delivery_id is not None
            else Reference(lesson_id=latest.lesson_id, taken_on=_local_day(visit, latest.given_at))
        )
        return Newest(task=_task(visit, ref))
    for row in sent:
        if row.kind is Kind.NUDGE:
            return Newest(task=_task(visit, Reference(delivery_id=row.id)))
        if row.kind is Kind.FOLLOW_UP and row.subject_id is not None:
            return Newest(follow_up=answers.find_follow_up(visit.session, visit.person, row.subject_id))
    return Newest()


def newest_task(visit: Visit) -> Task:
    task = newest(visit).task or next(
        (
            found
            for row in looking_back.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
            if row.kind is Kind.NUDGE and (found := _task(visit, Reference(delivery_id=row.id)))
        ),
        None,
    )
    if task is None:
        raise CannotAnswer("typed.no_exercise")
    return task


def newest_inquiry(visit: Visit, *, plan: bool = False) -> Inquiry:
    """Return the newest follow-up that has been asked. Raises CannotAnswer when there is none."""
    inquiry = find_inquiry(visit, plan=plan)
    if inquiry is None:
        raise CannotAnswer("typed.no_question")
    return inquiry


def find_inquiry(visit: Visit, *, plan: bool) -> Inquiry | None:
    asked = [row for row in answers.open_follow_ups(visit.session, visit.person) if (row.plan_id is not None) is plan]
    messages = [answers.follow_up_message(visit.session, visit.person, row) for row in asked]
    sent = [message for message in messages if message is not None and message.sent_at is not None]
    if not sent:
        return None
    latest = max(sent, key=_when_sent)
    return inquiry_of(visit, latest.id or 0)


def gathered_week(visit: Visit) -> list[Delivery]:
    sent = looking_back.latest_sent(visit.session, visit.person, since=days.today(visit) - STILL_NEW)
    return [row for row in sent if row.kind is Kind.NUDGE]


def _task(visit: Visit, ref: Reference) -> Task | None:
    try:
        return task_of(visit, ref)
    except CannotAnswer:
        return None


def _is_new(visit: Visit, moment: datetime) -> bool:
    return visit.now - moment <= STILL_NEW


def _local_day(visit: Visit, moment: datetime) -> date:
    return people.local_day(visit.session, visit.person, moment)


def _when_sent(delivery: Delivery) -> datetime:
    return delivery.sent_at or delivery.due_at
