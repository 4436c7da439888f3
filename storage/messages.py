"""What belongs to one message: its deliveries, whose it is, and what has been answered. Always one person's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlalchemy import select as sqlalchemy_select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables.answers import Answer, FollowUp, Plan, Reflection
from storage.tables.deliveries import Delivery, Kind, State
from storage.tables.people import Cadence, Person, Workspace
from storage.tables.programmes import Cohort, ProgrammeDocument

_itself = aliased(Delivery)
_before = aliased(Delivery)
_root = (
    select(func.coalesce(col(_itself.rides_on), col(_itself.id)))
    .where(col(_itself.id) == bindparam("delivery_id"))
    .scalar_subquery()
)
_sent_before = (
    select(col(_before.day))
    .where(col(_before.person_id) == Delivery.person_id, col(_before.day) < Delivery.day)
    .where(col(_before.state) == State.SENT, col(_before.rides_on).is_(None))
    .order_by(col(_before.day).desc())
    .limit(1)
    .scalar_subquery()
)
# Made once: putting a statement of this size together takes longer than running it.
_MESSAGE = (
    sqlalchemy_select(Delivery, Person, Workspace, Cadence, Cohort, col(ProgrammeDocument.digest), _sent_before)
    .join(Person, col(Person.id) == Delivery.person_id)
    .join(Workspace, col(Workspace.id) == Delivery.workspace_id)
    .join(Cadence, col(Cadence.id) == Person.cadence_id)
    .outerjoin(Cohort, col(Cohort.id) == Delivery.cohort_id)
    .outerjoin(ProgrammeDocument, col(ProgrammeDocument.id) == Cohort.document_id)
    .where(or_(col(Delivery.id) == _root, col(Delivery.rides_on) == _root))
    .order_by(col(Delivery.id))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A carrier and what rides on it, oldest first. What was explained away is not in it."""

    carrier: Delivery
    riders: tuple[Delivery, ...]
    person: Person
    workspace: Workspace
    cadence: Cadence
    cohorts: dict[int, Cohort]
    digests: dict[int, str]
    """For each cohort in it: the digest of its programme document."""
    sent_before_on: date | None
    """The day of the message before this one."""

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        return (self.carrier, *self.riders)

    def delivery(self, delivery_id: int) -> Delivery | None:
        return next((delivery for delivery in self.deliveries if delivery.id == delivery_id), None)


@dataclass(kw_only=True, slots=True)
class Records:
    """What a message's person has answered to it so far; a handler adds what it records."""

    answers: list[Answer] = field(default_factory=list)
    follow_ups: dict[int, FollowUp] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    replied: set[int | None] = field(default_factory=set)
    """Deliveries that have free text; None stands for an exercise from the library."""
    reflected: set[int] = field(default_factory=set)
    """Follow-ups that have free text."""


def find_message(session: Session, delivery_id: int, *, person_id: int | None = None) -> Message | None:
    """Return the message a delivery is in, whether it carries or rides, in one read.

    None when there is none, or when it is not that person's.
    """
    rows = session.execute(_MESSAGE, {"delivery_id": delivery_id}).all()
    if person_id is not None and any(row[0].person_id != person_id for row in rows):
        return None
    carrier = next((row for row in rows if row[0].rides_on is None), None)
    if carrier is None:
        return None
    cohorts = [(row[4], row[5]) for row in rows if row[4] is not None]
    return Message(
        carrier=carrier[0],
        riders=tuple(row[0] for row in rows if row is not carrier and row[0].state != State.EXPLAINED),
        person=carrier[1],
        workspace=carrier[2],
        cadence=carrier[3],
        cohorts={cohort.id: cohort for cohort, _ in cohorts},
        digests={cohort.id: digest for cohort, digest in cohorts},
        sent_before_on=carrier[6],
    )


def document_body(session: Session, digest: str) -> str | None:
    return session.exec(select(ProgrammeDocument.body).where(ProgrammeDocument.digest == digest).limit(1)).first()


def digest_of(session: Session, document_id: int) -> str | None:
    return session.exec(select(ProgrammeDocument.digest).where(ProgrammeDocument.id == document_id)).first()


def records_to_send(session: Session, message: Message) -> Records:
    """Return what a message that has not been sent yet needs: the follow-ups and plans it is about."""
    records = Records()
    _add_subjects(session, message, records)
    return records


def records_of(session: Session, message: Message) -> Records:
    """Return everything answered to a message."""
    ids = [delivery.id for delivery in message.deliveries]
    records = Records(answers=_answers(session, col(Answer.delivery_id).in_(ids)))
    _add_subjects(session, message, records)
    about = or_(
        col(Reflection.delivery_id).in_(ids),
        col(Reflection.follow_up_id).in_(_subjects(message, Kind.FOLLOW_UP)),
    )
    _add_texts(session, message.person, records, about)
    return records


def records_from_library(session: Session, person: Person, lesson_id: str, *, since: date) -> Records:
    """Return what the person has answered, since a day, to an exercise taken from the library."""
    taken = (col(Answer.person_id) == person.id, col(Answer.delivery_id).is_(None), col(Answer.lesson_id) == lesson_id)
    records = Records(answers=_answers(session, *taken, func.date(Answer.given_at) >= since.isoformat()))
    _add_follow_ups(session, records, [])
    return records


def _answers(session: Session, *about: ColumnElement[bool]) -> list[Answer]:
    return list(session.exec(select(Answer).where(*about).order_by(col(Answer.id))).all())


def _subjects(message: Message, kind: Kind) -> list[int]:
    return [delivery.subject_id for delivery in message.deliveries if delivery.kind is kind and delivery.subject_id]


def _add_subjects(session: Session, message: Message, records: Records) -> None:
    _add_follow_ups(session, records, _subjects(message, Kind.FOLLOW_UP))
    _add_plans(session, records, _subjects(message, Kind.PLAN))


def _add_follow_ups(session: Session, records: Records, ids: Sequence[int]) -> None:
    wanted = {*ids, *(answer.follow_up_id for answer in records.answers if answer.follow_up_id)}
    if not wanted:
        return
    for follow_up in session.exec(select(FollowUp).where(col(FollowUp.id).in_(wanted))).all():
        records.follow_ups[follow_up.id or 0] = follow_up
    _add_plans(session, records, [follow_up.plan_id for follow_up in records.follow_ups.values() if follow_up.plan_id])


def _add_plans(session: Session, records: Records, ids: Sequence[int]) -> None:
    if wanted := set(ids) - records.plans.keys():
        for plan in session.exec(select(Plan).where(col(Plan.id).in_(wanted))).all():
            records.plans[plan.id or 0] = plan


def _add_texts(session: Session, person: Person, records: Records, about: ColumnElement[bool]) -> None:
    texts = session.exec(
        select(Reflection.delivery_id, Reflection.follow_up_id).where(Reflection.person_id == person.id, about)
    ).all()
    for delivery_id, follow_up_id in texts:
        if follow_up_id is not None:
            records.reflected.add(follow_up_id)
        elif delivery_id is not None:
            records.replied.add(delivery_id)
