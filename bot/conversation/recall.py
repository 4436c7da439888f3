"""Answering a case that comes back: the first answer counts, and the reason is shown at once."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversation import days
from bot.conversation.answering import whole_message_shown
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.letters import Recall
from bot.conversation.recall_due import memory_of, recall_in
from bot.conversation.recall_parts import recall_card
from bot.conversation.references import parse
from bot.conversation.shows import Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.recall import review
from storage import answers, messages, recalls
from storage.message_rows import Message, Records
from storage.tables.answers import AnswerKind


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedAgain:
    """A case being answered, in its message."""

    recall: Recall
    message: Message
    records: Records


def choice(visit: Visit, event: Pressed) -> list[Show]:
    ref, index = parse(event.value)
    asked = find(visit, ref.delivery_id)
    if asked is None:
        raise CannotAnswer("typed.gone")
    return _answered(visit, asked, index, event.message)


def typed(visit: Visit, asked: AskedAgain, index: int) -> list[Show]:
    """Take a letter or a number as the answer, and say how it went where it was typed."""
    shown = _answered(visit, asked, str(index), None)
    return [*shown, Say(recall_card(replace(asked.recall, chosen=index), visit.words))]


def find(visit: Visit, delivery_id: int | None) -> AskedAgain | None:
    """Return the case that one of the person's messages asks, or None."""
    message = messages.find_message(visit.session, delivery_id, person_id=visit.person.id) if delivery_id else None
    if message is None:
        return None
    records = messages.records_of(visit.session, message)
    recall = recall_in(visit.session, message, records)
    return AskedAgain(recall=recall, message=message, records=records) if recall else None


def _answered(visit: Visit, asked: AskedAgain, index: str, at: MessageRef | None) -> list[Show]:
    recall = asked.recall
    if not (index.isascii() and index.isdecimal() and int(index) < len(recall.case.choices)):
        raise CannotAnswer("typed.unknown_button")
    if recall.chosen is None:
        _keep(visit, asked, int(index))
    elif recall.chosen != int(index):
        raise CannotAnswer("recall.kept")
    return whole_message_shown(visit, asked.message, asked.records, at)


def _keep(visit: Visit, asked: AskedAgain, index: int) -> None:
    message, case = asked.message, asked.recall.case
    remembered = recalls.asked_in(visit.session, person_id=visit.person.id, delivery_id=message.carrier.id)
    if remembered is None:
        raise CannotAnswer("typed.gone")
    right = case.choices[index].right
    memory = review(memory_of(remembered), right=right, on=days.today(visit))
    cohort = message.cohort(message.carrier.cohort_id)
    due_on = days.working_day(
        visit, 1, cohort.calendar if cohort else None, after=memory.due_on - timedelta(days=1), keeps=message.reader
    )
    kept = recalls.keep(
        visit.session,
        remembered,
        person_id=visit.person.id,
        was_right=right,
        stability=memory.stability,
        difficulty=memory.difficulty,
        on=memory.last_on,
        due_on=due_on,
    )
    if not kept:
        raise CannotAnswer("recall.kept")
    answer = answers.give(
        visit.session,
        visit.person,
        AnswerKind.RECALL,
        lesson_id=case.id,
        delivery_id=message.carrier.id,
        value=str(index),
        now=visit.now,
    )
    asked.records.answers.append(answer)


ROUTES = Routes(presses={"recall.choice": choice}, forms={}, commands={})
