"""Answering a case that comes back: the first answer counts, and the reason is shown at once, wherever it stands."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversation import days
from bot.conversation.answering import whole_message_shown
from bot.conversation.composing import note_card
from bot.conversation.events import MessageRef, Pressed
from bot.conversation.home import home_card
from bot.conversation.home_view import view_of
from bot.conversation.letters import Recall
from bot.conversation.recall_due import Standing, memory_of, recall_in, standing
from bot.conversation.recall_parts import recall_card
from bot.conversation.references import parse
from bot.conversation.shows import Replace, Say, Show
from bot.conversation.visiting import CannotAnswer, Routes, Visit
from lessons.recall import review
from storage import answers, messages, recalls
from storage.message_rows import Given, Message, Records
from storage.recalls import Remembered
from storage.tables.answers import AnswerKind


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedAgain:
    """A case being answered, in its message."""

    recall: Recall
    message: Message
    records: Records


def choice(visit: Visit, event: Pressed) -> list[Show]:
    ref, index = parse(event.value)
    if ref.delivery_id is None:
        return _pressed_on_page(visit, ref.lesson_id, index, event.message)
    asked = find(visit, ref.delivery_id)
    if asked is None:
        raise CannotAnswer("typed.gone")
    return _answered(visit, asked, index, event.message)


def typed(visit: Visit, asked: AskedAgain | Standing, index: int) -> list[Show]:
    """Take a letter or a number as the answer, and say how it went where it was typed."""
    if isinstance(asked, AskedAgain):
        shown = _answered(visit, asked, str(index), None)
    else:
        shown = _answered_on_page(visit, asked, str(index))
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
    remembered = recalls.asked_in(visit.session, person_id=visit.person.id, delivery_id=asked.message.carrier.id)
    if _is_new(asked.recall, index):
        asked.records.answers.append(_keep(visit, asked.recall, remembered, int(index), asked.message))
    return whole_message_shown(visit, asked.message, asked.records, at)


def _pressed_on_page(visit: Visit, card_id: str, index: str, at: MessageRef | None) -> list[Show]:
    """Answer the case that stands on the person's own page. `at`: that page as a card in the chat, shown anew."""
    stands = standing(visit)
    if stands is not None and stands.recall.case.id == card_id:
        shown = _answered_on_page(visit, stands, index)
    else:  # said, not raised: what stands there now is shown too
        shown = [Say(note_card(visit.words("typed.gone")))]
    return [*shown, Replace(at, home_card(view_of(visit), visit.words))] if at else shown


def _answered_on_page(visit: Visit, stands: Standing, index: str) -> list[Show]:
    """Return the message that asks it too, where one does, with the answer in it."""
    of_day, whose = stands.of_day, visit.person.id
    asked = of_day.remembered
    message_id = asked.delivery_id if asked and (not asked.is_answered or stands.recall.chosen is not None) else None
    message = messages.find_message(visit.session, message_id, person_id=whose) if message_id else None
    if _is_new(stands.recall, index):
        is_asked = recalls.ask(
            visit.session,
            person_id=whose,
            enrolment_id=of_day.enrolment_id,
            card_id=of_day.case.id,
            delivery_id=message_id,
            day=days.today(visit),
        )
        if not is_asked:
            raise CannotAnswer("recall.kept")
        every = recalls.asked_of(visit.session, person_id=whose, card_id=of_day.case.id)
        asked = next((one for one in every if one.enrolment_id == of_day.enrolment_id), None)
        _keep(visit, stands.recall, asked, int(index), message)
    return whole_message_shown(visit, message, messages.records_of(visit.session, message)) if message else []


def _is_new(recall: Recall, index: str) -> bool:
    """Whether the answer is to be kept: False for the one that was kept before. Raises CannotAnswer for another one,
    and for one there is not."""
    if not (index.isascii() and index.isdecimal() and int(index) < len(recall.case.choices)):
        raise CannotAnswer("typed.unknown_button")
    if recall.chosen not in (None, int(index)):
        raise CannotAnswer("recall.kept")
    return recall.chosen is None


def _keep(visit: Visit, recall: Recall, asked: Remembered | None, index: int, message: Message | None) -> Given:
    """Keep the answer, given in that message or on the page."""
    if asked is None:
        raise CannotAnswer("typed.gone")
    case = recall.case
    right = case.choices[index].right
    memory = review(memory_of(asked), right=right, on=days.today(visit))
    cohort = message.cohort(message.carrier.cohort_id) if message else None
    due_on = days.working_day(
        visit,
        1,
        cohort.calendar if cohort else None,
        after=memory.due_on - timedelta(days=1),
        keeps=message.reader if message else None,
    )
    kept = recalls.keep(
        visit.session,
        asked,
        person_id=visit.person.id,
        was_right=right,
        stability=memory.stability,
        difficulty=memory.difficulty,
        on=memory.last_on,
        due_on=due_on,
    )
    if not kept:
        raise CannotAnswer("recall.kept")
    return answers.give(
        visit.session,
        visit.person,
        AnswerKind.RECALL,
        lesson_id=case.id,
        delivery_id=message.carrier.id if message else None,
        value=str(index),
        now=visit.now,
    )


ROUTES = Routes(presses={"recall.choice": choice}, forms={}, commands={})
