"""The case that comes back in a day's exercise: which one it is, and how it stands."""

from collections.abc import Mapping

from sqlmodel import Session

from bot.conversation.documents import document
from bot.conversation.letters import Letter, Recall
from lessons.models import Case, ProgrammeDocument
from lessons.models import Kind as LessonKind
from lessons.recall import Memory
from lessons.recall_order import begins_on, next_case
from storage import recalls
from storage.message_rows import Message, Records
from storage.recalls import Remembered
from storage.silence import WEEKLY
from storage.tables.answers import AnswerKind
from storage.tables.deliveries import Kind


def recall_in(session: Session, message: Message, records: Records) -> Recall | None:
    """Return the case that a message asks, as it stands; None when it asks none.

    An answer is shown for as long as the message is; a case that was left alone, until it is asked again.
    """
    confirmed = _document(session, message)
    if confirmed is None:
        return None
    carrier = message.carrier
    answer = next(
        (one for one in records.answers if one.kind is AnswerKind.RECALL and one.delivery_id == carrier.id), None
    )
    if answer is not None:
        return _recall(confirmed, answer.lesson_id, message, chosen=int(answer.value or 0))
    asked = recalls.asked_in(session, person_id=message.reader.person_id, delivery_id=carrier.id)
    return _recall(confirmed, asked.card_id, message) if asked else None


def put_on(session: Session, message: Message, letter: Letter) -> Recall | None:
    """Put on a message that is about to go out the case that is due, and return it; None when none is.

    It comes with one exercise: not with a week's, not with a quiz (a letter that is typed answers one question), not
    with a survey, and not when the message asks somebody silent whether the pace suits. It never makes a message of its
    own.
    """
    carrier, person_id = message.carrier, message.reader.person_id
    confirmed = _document(session, message)
    if confirmed is None or carrier.enrolment_id is None or not _has_room(message, letter):
        return None
    begun = recalls.begun(session, person_id=person_id, enrolment_id=carrier.enrolment_id)
    if begun is None or carrier.day < begins_on(begun.starts_on):
        return None
    whose = {"person_id": person_id, "enrolment_id": carrier.enrolment_id}
    met = recalls.lessons_met(session, **whose, before=carrier.day)
    card_id = next_case(
        confirmed.programme.recall,
        memories={one.card_id: memory for one in begun.asked if (memory := memory_of(one))},
        shown_on={one.card_id: one.shown_on for one in begun.asked},
        can_begin={one for one in confirmed.programme.recall if one in met or one not in confirmed.lessons},
        on=carrier.day,
    )
    if card_id is None:
        return None
    recalls.ask(session, **whose, card_id=card_id, delivery_id=carrier.id, day=carrier.day)
    return _recall(confirmed, card_id, message)


def memory_of(asked: Remembered) -> Memory | None:
    """None for a case that has not been answered yet."""
    if asked.stability is None or asked.difficulty is None or asked.due_on is None or asked.last_on is None:
        return None
    return Memory(stability=asked.stability, difficulty=asked.difficulty, due_on=asked.due_on, last_on=asked.last_on)


def _has_room(message: Message, letter: Letter) -> bool:
    return (
        len(letter.exercises) == 1
        and letter.exercises[0].lesson.kind is not LessonKind.QUIZ
        and not letter.surveys
        and message.reader.unanswered < WEEKLY
    )


def _document(session: Session, message: Message) -> ProgrammeDocument | None:
    """Return the programme that a nudge belongs to if anything comes back in it."""
    cohort = message.cohort(message.carrier.cohort_id)
    if message.carrier.kind is not Kind.NUDGE or cohort is None:
        return None
    confirmed = document(session, cohort.digest)
    return confirmed if confirmed is not None and confirmed.cases else None


def _recall(
    confirmed: ProgrammeDocument, card_id: str, message: Message, *, chosen: int | None = None
) -> Recall | None:
    cases: Mapping[str, Case] = confirmed.cases
    if card_id not in cases:
        return None
    return Recall(
        delivery_id=message.carrier.id, case=cases[card_id], was_met=card_id in confirmed.lessons, chosen=chosen
    )
