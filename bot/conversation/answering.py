"""Finding what an answer is about, and showing how it stands afterwards.

A card is always made again from what is stored, so pressing twice, or in an old copy of a message, ends in the same
place.
"""

from dataclasses import dataclass
from datetime import date, time

from bot.conversation import days
from bot.conversation.composing import delivery_card, exercise_card
from bot.conversation.days import CalendarChoices
from bot.conversation.documents import find_lesson
from bot.conversation.events import MessageRef, Pressed, Submitted
from bot.conversation.gathering import exercise_from_library, exercise_of, letter_of, question_of, with_opinion
from bot.conversation.letters import Exercise, Question
from bot.conversation.references import Reference, number, parse
from bot.conversation.shows import Replace, Show
from bot.conversation.visiting import CannotAnswer, Visit
from storage import answers, messages, people
from storage.message_rows import AskedLater, Message, Planned, Promise, Reader, Records
from storage.moments import slot_moment
from storage.tables.answers import AnswerKind
from storage.tables.deliveries import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An exercise being answered. `message` and `promise` are None for one taken from the library."""

    exercise: Exercise
    records: Records
    message: Message | None = None
    promise: Promise | None = None

    @property
    def calendar(self) -> CalendarChoices:
        cohort = self.message.cohort(self.promise.cohort_id) if self.message and self.promise else None
        return cohort.calendar if cohort else None

    @property
    def keeps(self) -> Reader | None:
        return self.message.reader if self.message else None

    @property
    def delivery_id(self) -> int | None:
        return self.promise.id if self.promise else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inquiry:
    """A follow-up being answered."""

    question: Question
    follow_up: AskedLater
    records: Records
    message: Message
    promise: Promise

    @property
    def calendar(self) -> CalendarChoices:
        cohort = self.message.cohort(self.follow_up.cohort_id)
        return cohort.calendar if cohort else None


def task_of(visit: Visit, ref: Reference) -> Task:
    """Return the exercise a reference is about. Raises CannotAnswer when it is gone or somebody else's."""
    if ref.delivery_id is None:
        return _library_task(visit, ref)
    message, promise = _message(visit, ref.delivery_id)
    records = messages.records_of(visit.session, message)
    exercise = exercise_of(visit.session, visit.house, message, records, promise)
    if promise.kind is not Kind.NUDGE or exercise is None:
        raise CannotAnswer("typed.gone")
    return Task(exercise=exercise, records=records, message=message, promise=promise)


def inquiry_of(visit: Visit, delivery_id: int) -> Inquiry:
    """Return the follow-up a delivery asks about. Raises CannotAnswer when it is gone or somebody else's."""
    message, promise = _message(visit, delivery_id)
    records = messages.records_of(visit.session, message)
    question = question_of(visit.session, visit.house, message, records, promise)
    follow_up = records.follow_ups.get(promise.subject_id or 0)
    if promise.kind is not Kind.FOLLOW_UP or question is None or follow_up is None:
        raise CannotAnswer("typed.gone")
    return Inquiry(question=question, follow_up=follow_up, records=records, message=message, promise=promise)


def exercise_now(visit: Visit, task: Task) -> Exercise:
    """Return the exercise as it stands after what has been recorded."""
    if task.message is None or task.promise is None:
        exercise = exercise_from_library(task.exercise, task.records)
        return with_opinion(visit.session, visit.person.id, exercise)
    return exercise_of(visit.session, visit.house, task.message, task.records, task.promise) or task.exercise


def task_shown(visit: Visit, task: Task, at: MessageRef | None) -> list[Show]:
    """Return the exercise's cards as they stand now: where it was answered, and in the message it came with."""
    if task.message is None:
        return [Replace(at, exercise_card(exercise_now(visit, task), visit.words))] if at else []
    whole = whole_message_shown(visit, task.message, task.records, at)
    if at is None or sent_at(task.message) in (None, at):
        return whole
    return [Replace(at, exercise_card(exercise_now(visit, task), visit.words)), *whole]


def whole_message_shown(
    visit: Visit, message: Message, records: Records, at: MessageRef | None = None, *, started: bool | None = None
) -> list[Show]:
    """Return the message as it stands now. `at` is used while we do not know yet where it arrived."""
    where = sent_at(message) or at
    if where is None:
        return []
    letter = letter_of(visit.session, visit.house, message, records, started=started)
    return [Replace(where, delivery_card(letter, visit.words))]


def shown_again(visit: Visit, delivery_id: int | None, *, started: bool | None = None) -> list[Show]:
    """Return the message a delivery is in, as it stands now; nothing when it cannot be shown."""
    message = messages.find_message(visit.session, delivery_id, person_id=visit.person.id) if delivery_id else None
    if message is None or sent_at(message) is None:
        return []
    return whole_message_shown(visit, message, messages.records_of(visit.session, message), started=started)


def sent_at(message: Message) -> MessageRef | None:
    carrier = message.carrier
    if carrier.conversation_id is None or carrier.message_id is None:
        return None
    return MessageRef(conversation=carrier.conversation_id, message=carrier.message_id)


def record(
    visit: Visit,
    task: Task,
    kind: AnswerKind,
    *,
    value: str | None = None,
    follow_up: AskedLater | None = None,
    plan: Planned | None = None,
) -> None:
    """Record an answer to an exercise, in the database and in the task."""
    answer = answers.give(
        visit.session,
        visit.person,
        kind,
        lesson_id=task.exercise.lesson.id,
        delivery_id=task.delivery_id,
        follow_up_id=follow_up.id if follow_up else None,
        value=value,
        now=visit.now,
    )
    task.records.answers.append(answer)
    if follow_up is not None:
        task.records.follow_ups[follow_up.id] = follow_up
    if plan is not None:
        task.records.plans[plan.id] = plan


def record_taken(visit: Visit, lesson_id: str) -> None:
    """Note that the person opened an exercise by themselves: what they write next is about that one."""
    kind = AnswerKind.ANOTHER
    answers.give(visit.session, visit.person, kind, lesson_id=lesson_id, value=lesson_id, now=visit.now)


def answer_question(visit: Visit, inquiry: Inquiry, kind: AnswerKind) -> None:
    """Record an answer to a follow-up, in the database and in the inquiry."""
    inquiry.records.answers.append(
        answers.give(
            visit.session,
            visit.person,
            kind,
            lesson_id=inquiry.question.lesson.id,
            delivery_id=inquiry.promise.id,
            follow_up_id=inquiry.follow_up.id,
            now=visit.now,
        )
    )


def about(ref: object, at: MessageRef | None) -> str:
    """Return what a form is about, with the message it was opened from, to be kept through the round trip."""
    return f"{ref} {at.conversation} {at.message}" if at else str(ref)


def was_about(text: str) -> tuple[str, MessageRef | None]:
    """Return what `about` was given."""
    value, *where = text.split(" ")
    return value, MessageRef(conversation=where[0], message=where[1]) if len(where) == 2 else None


def pressed_task(visit: Visit, event: Pressed) -> tuple[Task, str]:
    """Return the exercise a button is about and what else its value says."""
    ref, extra = parse(event.value)
    return task_of(visit, ref), extra


def submitted_task(visit: Visit, event: Submitted) -> tuple[Task, MessageRef | None]:
    value, at = was_about(event.about)
    return task_of(visit, parse(value)[0]), at


def pressed_inquiry(visit: Visit, event: Pressed) -> Inquiry:
    return inquiry_of(visit, number(event.value))


def _library_task(visit: Visit, ref: Reference) -> Task:
    lesson = find_lesson(visit.session, visit.house, ref.lesson_id, reader=visit.person.id)
    if lesson is None:
        raise CannotAnswer("typed.gone")
    taken_on: date = ref.taken_on or days.today(visit)
    rhythm = people.rhythm_of(visit.session, visit.person)
    midnight = slot_moment(taken_on, time(), rhythm.zone)
    records = messages.records_from_library(visit.session, visit.person, lesson.id, since=midnight)
    blank = Exercise(
        ref=Reference(lesson_id=lesson.id, taken_on=taken_on),
        lesson=lesson,
        saves_text=visit.person.saves_text,
        replied=None in records.replied,
        has_page=visit.house.page_address is not None,
        methods=tuple(visit.house.library.methods_about(lesson=lesson.id)),
    )
    return Task(exercise=exercise_from_library(blank, records), records=records)


def _message(visit: Visit, delivery_id: int) -> tuple[Message, Promise]:
    message = messages.find_message(visit.session, delivery_id, person_id=visit.person.id)
    promise = message.promise(delivery_id) if message else None
    if message is None or promise is None:
        raise CannotAnswer("typed.gone")
    return message, promise
