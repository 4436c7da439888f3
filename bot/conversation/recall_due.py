"""The case that comes back: which one it is on a day, and how it stands in a message and on the person's own page."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.conversation import days
from bot.conversation.documents import document
from bot.conversation.focus_view import programmes_now
from bot.conversation.letters import Letter, Recall
from bot.conversation.references import Reference
from bot.conversation.visiting import Visit
from lessons.models import Case, ProgrammeDocument, Role
from lessons.models import Kind as LessonKind
from lessons.recall import Memory
from lessons.recall_order import begins_on, next_case
from storage import people, recalls
from storage.message_rows import Message, Records
from storage.recalls import Begun, Remembered
from storage.silence import WEEKLY
from storage.tables.answers import AnswerKind
from storage.tables.deliveries import Kind

MOST_BESIDE = 7
"""Exercises that a case has room beside: a whole week and two of another programme. Slack takes fifty blocks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfDay:
    """The one case of a person's day. `remembered` is None for one that is asked for the first time."""

    case: Case
    enrolment_id: int
    """In which it is remembered."""
    was_met: bool
    remembered: Remembered | None = None

    def is_asked(self, on: date) -> bool:
        """Whether it has been asked on this day, in a message that is still there or on the page."""
        asked = self.remembered
        return asked is not None and asked.shown_on == on and (asked.delivery_id is not None or asked.is_answered)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """The case of today, as it stands on the person's own page."""

    of_day: OfDay
    recall: Recall


def recall_in(session: Session, message: Message, records: Records) -> Recall | None:
    """Return the case that a message asks, as it stands; None when it asks none.

    An answer is shown for as long as the message is; a case that was left alone, until it is asked again.
    """
    carrier, person_id = message.carrier, message.reader.person_id
    if carrier.kind is not Kind.NUDGE:
        return None
    answer = next(
        (one for one in records.answers if one.kind is AnswerKind.RECALL and one.delivery_id == carrier.id), None
    )
    if answer is not None:
        asked, chosen = recalls.asked_of(session, person_id=person_id, card_id=answer.lesson_id), int(answer.value or 0)
    else:
        unanswered = recalls.asked_in(session, person_id=person_id, delivery_id=carrier.id)
        asked, chosen = [unanswered] if unanswered else [], None
    known = next((found for one in reversed(asked) if (found := _of_day(session, one))), None)
    if known is None:
        return None
    return Recall(ref=Reference(delivery_id=carrier.id), case=known.case, was_met=known.was_met, chosen=chosen)


def put_on(session: Session, message: Message, letter: Letter) -> Recall | None:
    """Put on a message that is about to go out the case of its day, and return it; None when there is none.

    It comes with an exercise or a whole week's: not with a quiz alone (a letter that is typed answers one question),
    not with a survey, and not when the message asks somebody silent whether the pace suits. It never makes a message of
    its own, and one that has been asked today is not asked once more.
    """
    carrier, person_id = message.carrier, message.reader.person_id
    cohort = message.cohort(carrier.cohort_id)
    if carrier.kind is not Kind.NUDGE or carrier.enrolment_id is None or cohort is None:
        return None
    if not _has_room(message, letter):
        return None
    of_day = case_of_day(
        session, person_id=person_id, enrolment_id=carrier.enrolment_id, digest=cohort.digest, day=carrier.day
    )
    if of_day is None or of_day.is_asked(carrier.day):
        return None
    is_asked = recalls.ask(
        session,
        person_id=person_id,
        enrolment_id=of_day.enrolment_id,
        card_id=of_day.case.id,
        delivery_id=carrier.id,
        day=carrier.day,
    )
    if not is_asked:
        return None
    return Recall(ref=Reference(delivery_id=carrier.id), case=of_day.case, was_met=of_day.was_met)


def standing(visit: Visit) -> Standing | None:
    """Return the case of today for the person's own page, answered or not: the same that today's message asks, where
    it asks one, else of the newest programme that is past its first week. None in a pause, for somebody who has stopped
    or has not been welcomed, and when there is none."""
    person, today = visit.person, days.today(visit)
    if person.welcomed_at is None or person.stopped_at is not None or people.is_paused(person, today):
        return None
    going = next((one for one, _ in programmes_now(visit) if begins_on(one.starts_on) <= today), None)
    if going is None:
        return None
    of_day = case_of_day(
        visit.session, person_id=person.id, enrolment_id=going.enrolment_id, digest=going.digest, day=today
    )
    if of_day is None:
        return None
    ref, chosen = Reference(lesson_id=of_day.case.id, taken_on=today), None
    if of_day.remembered is not None and of_day.remembered.is_answered and of_day.is_asked(today):
        chosen = recalls.latest_choice(visit.session, person_id=person.id, card_id=of_day.case.id)
    recall = Recall(ref=ref, case=of_day.case, was_met=of_day.was_met, chosen=chosen)
    return Standing(of_day=of_day, recall=recall)


def case_of_day(session: Session, *, person_id: int, enrolment_id: int, digest: str, day: date) -> OfDay | None:
    """Return the one case of a day in a programme: what has been asked on it, in whichever programme, else what is to
    be asked. A programme without cases of its own asks again those that the person's other programmes have asked."""
    confirmed = document(session, digest)
    begun = recalls.begun(session, person_id=person_id, enrolment_id=enrolment_id)
    if confirmed is None or begun is None or day < begins_on(begun.starts_on):
        return None
    asked = next((one for one in begun.asked if one.shown_on == day), None)
    if asked is not None:
        return _of_day(session, asked)
    if not confirmed.cases:
        return _from_before(session, begun, day)
    own = {one.card_id: one for one in begun.asked if one.enrolment_id == enrolment_id}
    order = confirmed.programme.recall
    met = recalls.lessons_met(session, person_id=person_id, enrolment_id=enrolment_id, before=day)
    role = Role(begun.role)
    can_begin = {one for one in order if one in met or _suits_unmet(confirmed, one, role)}
    card_id = _next_case(order, own, can_begin, day)
    if card_id is None:
        return None
    return OfDay(
        case=confirmed.cases[card_id],
        enrolment_id=enrolment_id,
        was_met=card_id in confirmed.lessons,
        remembered=own.get(card_id),
    )


def memory_of(asked: Remembered) -> Memory | None:
    """None for a case that has not been answered yet."""
    if asked.stability is None or asked.difficulty is None or asked.due_on is None or asked.last_on is None:
        return None
    return Memory(stability=asked.stability, difficulty=asked.difficulty, due_on=asked.due_on, last_on=asked.last_on)


def _suits_unmet(confirmed: ProgrammeDocument, card_id: str, role: Role) -> bool:
    """Whether somebody with this role may be asked it without having met it: no exercise of the programme brings it."""
    return card_id not in confirmed.lessons and role in confirmed.cases[card_id].roles


def _from_before(session: Session, begun: Begun, day: date) -> OfDay | None:
    by_last_answer = sorted(begun.asked, key=lambda one: one.last_on or date.min)
    asked = {one.card_id: one for one in by_last_answer if _still_asks(document(session, one.digest), one.card_id)}
    card_id = _next_case(tuple(asked), asked, set(), day)
    return None if card_id is None else _of_day(session, asked[card_id])


def _still_asks(confirmed: ProgrammeDocument | None, card_id: str) -> bool:
    return confirmed is not None and card_id in confirmed.programme.recall


def _next_case(order: tuple[str, ...], asked: dict[str, Remembered], can_begin: set[str], day: date) -> str | None:
    return next_case(
        order,
        memories={one: memory for one, row in asked.items() if (memory := memory_of(row))},
        shown_on={one: row.shown_on for one, row in asked.items()},
        can_begin=can_begin,
        on=day,
    )


def _of_day(session: Session, asked: Remembered) -> OfDay | None:
    """Return a case that has been asked, as the programme that asked it has it."""
    confirmed = document(session, asked.digest)
    if confirmed is None or asked.card_id not in confirmed.cases:
        return None
    return OfDay(
        case=confirmed.cases[asked.card_id],
        enrolment_id=asked.enrolment_id,
        was_met=asked.card_id in confirmed.lessons,
        remembered=asked,
    )


def _has_room(message: Message, letter: Letter) -> bool:
    lessons = [exercise.lesson for exercise in letter.exercises]
    return (
        1 <= len(lessons) <= MOST_BESIDE
        and (len(lessons) > 1 or lessons[0].kind is not LessonKind.QUIZ)
        and not letter.surveys
        and message.reader.unanswered < WEEKLY
    )
