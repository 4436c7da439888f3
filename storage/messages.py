"""What belongs to one message: its promises, whose it is, and what has been answered. Always one person's.

Plain rows: this is read for every message sent and every button pressed, and the object mapper would take ten times as
long.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal_column, or_, select
from sqlmodel import Session

from storage.message_rows import AskedLater, CohortFacts, Given, Message, Planned, Promise, Reader, Records
from storage.prepared import Prepared, one_of
from storage.tables import metadata
from storage.tables.answers import AnswerKind
from storage.tables.deliveries import Kind, State
from storage.tables.people import Person

_delivery = metadata.tables["delivery"]
_person = metadata.tables["person"]
_workspace = metadata.tables["workspace"]
_cadence = metadata.tables["cadence"]
_cohort = metadata.tables["cohort"]
_document = metadata.tables["programme_document"]
_answer = metadata.tables["answer"]
_follow_up = metadata.tables["follow_up"]
_plan = metadata.tables["plan"]
_reflection = metadata.tables["reflection"]


def find_message(session: Session, delivery_id: int, *, person_id: int | None = None) -> Message | None:
    """Return the message a delivery is in, whether it carries or rides, in one read.

    None when there is none, or when it is not that person's.
    """
    rows = _MESSAGE.rows(session, delivery_id=delivery_id)
    carrier = next((row for row in rows if row.rides_on is None), None)
    if carrier is None or (person_id is not None and carrier.person_id != person_id):
        return None
    riders = [row for row in rows if row is not carrier and row.state != State.EXPLAINED]
    return Message(
        carrier=_promise(carrier),
        riders=tuple(_promise(row) for row in riders),
        reader=Reader(
            person_id=carrier.person_id,
            platform=carrier.platform.value,
            workspace=carrier.workspace,
            external_id=carrier.external_id,
            conversation_id=carrier.conversation,
            language=carrier.language,
            zone=carrier.zone,
            slot=carrier.slot,
            days=carrier.days,
            pace=carrier.pace,
            saves_text=carrier.saves_text,
            unanswered=carrier.unanswered,
            last_seen_at=carrier.last_seen_at,
        ),
        cohorts={
            row.cohort_id: CohortFacts(digest=row.digest, calendar=row.calendar, created_at=row.cohort_created_at)
            for row in (carrier, *riders)
            if row.digest is not None
        },
        sent_before_on=carrier.sent_before_on,
        is_first=bool(carrier.is_first),
    )


def carrier_at(session: Session, person: Person, *, conversation_id: str, message_id: str) -> int | None:
    """Return the delivery that a message in chat carries; None when it is none of ours that we know of."""
    where = {"person_id": person.id, "conversation_id": conversation_id, "message_id": message_id}
    found = _CARRIER_AT.scalar(session, **where)
    return None if found is None else int(found)


def document_body(session: Session, digest: str) -> str | None:
    body = _BODY.scalar(session, digest=digest)
    return None if body is None else str(body)


def digest_of(session: Session, cohort_id: int | None) -> str | None:
    """Return the digest of a cohort's programme document."""
    if cohort_id is None:
        return None
    digest = _DIGEST.scalar(session, cohort_id=cohort_id)
    return None if digest is None else str(digest)


def records_to_send(session: Session, message: Message) -> Records:
    """Return what a message that has not been sent yet needs: the follow-ups and plans it is about."""
    records = Records()
    _add_subjects(session, message, records)
    return records


def records_of(session: Session, message: Message) -> Records:
    """Return everything answered to a message."""
    records, ids = Records(), [promise.id for promise in message.promises]
    _add_answers(records, _ANSWERS.rows(session, ids=ids))
    _add_subjects(session, message, records)
    texts = {"person_id": message.reader.person_id, "ids": ids, "follow_up_ids": _subjects(message, Kind.FOLLOW_UP)}
    for row in _TEXTS.rows(session, **texts):
        if row.follow_up_id is not None:
            records.reflected.add(row.follow_up_id)
        else:
            records.replied.add(row.delivery_id)
    return records


def records_from_library(session: Session, person: Person, lesson_id: str, *, since: datetime) -> Records:
    """Return what the person has answered, since a moment, to an exercise taken from the library."""
    records = Records()
    wanted = {"person_id": person.id, "lesson_id": lesson_id, "since": since}
    _add_answers(records, _ANSWERS_FROM_LIBRARY.rows(session, **wanted))
    if _TEXT_FROM_LIBRARY.first(session, **wanted) is not None:
        records.replied.add(None)
    return records


def _promise(row: Any) -> Promise:
    return Promise(
        id=row.id,
        kind=row.kind,
        lesson_id=row.lesson_id,
        subject_id=row.subject_id,
        cohort_id=row.cohort_id,
        enrolment_id=row.enrolment_id,
        rides_on=row.rides_on,
        day=row.day,
        state=row.state,
        due_at=row.due_at,
        started_at=row.started_at,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
    )


def _subjects(message: Message, kind: Kind) -> list[int]:
    return [promise.subject_id for promise in message.promises if promise.kind is kind and promise.subject_id]


def _add_answers(records: Records, rows: Iterable[Any]) -> None:
    for row in rows:
        records.answers.append(
            Given(
                id=row.id,
                kind=row.kind,
                value=row.value,
                lesson_id=row.lesson_id,
                delivery_id=row.delivery_id,
                follow_up_id=row.follow_up_id,
            )
        )
        if row.follow_up_id is not None:
            _add_follow_up(records, row)


def _add_subjects(session: Session, message: Message, records: Records) -> None:
    if follow_ups := _missing(_subjects(message, Kind.FOLLOW_UP), records.follow_ups):
        for row in _FOLLOW_UPS.rows(session, ids=follow_ups):
            _add_follow_up(records, row)
    if plans := _missing(_subjects(message, Kind.PLAN), records.plans):
        for row in _PLANS.rows(session, ids=plans):
            _add_plan(records, row)


def _missing(ids: Sequence[int], known: dict[int, Any]) -> list[int]:
    return [one for one in ids if one not in known]


def _add_follow_up(records: Records, row: Any) -> None:
    records.follow_ups[row.follow_up_id] = AskedLater(
        id=row.follow_up_id,
        lesson_id=row.follow_up_lesson_id,
        plan_id=row.plan_id,
        cohort_id=row.follow_up_cohort_id,
        due_on=row.due_on,
        state=row.follow_up_state,
        smaller=row.smaller,
        postponed=row.postponed,
    )
    if row.plan_id is not None:
        _add_plan(records, row)


def _add_plan(records: Records, row: Any) -> None:
    records.plans[row.plan_id] = Planned(
        id=row.plan_id,
        lesson_id=row.plan_lesson_id,
        cue=row.cue,
        action=row.action,
        cue_on=row.cue_on,
        closed=row.plan_closed_at is not None,
        written_on_page=row.written_on_page,
    )


_itself = _delivery.alias()
_before = _delivery.alias()
_root = (
    select(func.coalesce(_itself.c.rides_on, _itself.c.id))
    .where(_itself.c.id == bindparam("delivery_id"))
    .scalar_subquery()
)
_sent_before = (
    select(_before.c.day)
    .where(_before.c.person_id == _delivery.c.person_id, _before.c.day < _delivery.c.day)
    .where(_before.c.state == literal_column("'sent'"), _before.c.rides_on.is_(None))
    .order_by(_before.c.day.desc())
    .limit(1)
    .scalar_subquery()
)
_MESSAGE = Prepared(
    select(
        *(
            _delivery.c[name]
            for name in (
                "id",
                "kind",
                "lesson_id",
                "subject_id",
                "person_id",
                "cohort_id",
                "enrolment_id",
                "rides_on",
                "day",
                "state",
                "due_at",
                "started_at",
                "conversation_id",
                "message_id",
            )
        ),
        _person.c.external_id,
        _person.c.conversation_id.label("conversation"),
        _person.c.language,
        _person.c.saves_text,
        _person.c.unanswered,
        _person.c.last_seen_at,
        _workspace.c.platform,
        _workspace.c.external_id.label("workspace"),
        _cadence.c.zone,
        _cadence.c.slot,
        _cadence.c.days,
        _cadence.c.pace,
        _cohort.c.calendar,
        _cohort.c.created_at.label("cohort_created_at"),
        _document.c.digest,
        _sent_before.label("sent_before_on"),
        or_(_person.c.welcomed_at.is_(None), _person.c.welcomed_at == _delivery.c.sent_at).label("is_first"),
    )
    .join(_person, _person.c.id == _delivery.c.person_id)
    .join(_workspace, _workspace.c.id == _delivery.c.workspace_id)
    .join(_cadence, _cadence.c.id == _person.c.cadence_id)
    .outerjoin(_cohort, _cohort.c.id == _delivery.c.cohort_id)
    .outerjoin(_document, _document.c.id == _cohort.c.document_id)
    .where(or_(_delivery.c.id == _root, _delivery.c.rides_on == _root))
    .order_by(_delivery.c.id)
)
_CARRIER_AT = Prepared(
    select(_delivery.c.id)
    .where(_delivery.c.person_id == bindparam("person_id"), _delivery.c.rides_on.is_(None))
    .where(
        _delivery.c.conversation_id == bindparam("conversation_id"), _delivery.c.message_id == bindparam("message_id")
    )
)
_BODY = Prepared(select(_document.c.body).where(_document.c.digest == bindparam("digest")).limit(1))
_DIGEST = Prepared(
    select(_document.c.digest)
    .join(_cohort, _cohort.c.document_id == _document.c.id)
    .where(_cohort.c.id == bindparam("cohort_id"))
)
_OF_PLAN: list[ColumnElement[Any]] = [
    _plan.c.id.label("plan_id"),
    _plan.c.lesson_id.label("plan_lesson_id"),
    _plan.c.cue,
    _plan.c.action,
    _plan.c.cue_on,
    _plan.c.closed_at.label("plan_closed_at"),
    _plan.c.written_on_page,
]
_OF_FOLLOW_UP: list[ColumnElement[Any]] = [
    _follow_up.c.id.label("follow_up_id"),
    _follow_up.c.lesson_id.label("follow_up_lesson_id"),
    _follow_up.c.cohort_id.label("follow_up_cohort_id"),
    _follow_up.c.due_on,
    _follow_up.c.state.label("follow_up_state"),
    _follow_up.c.smaller,
    _follow_up.c.postponed,
    *_OF_PLAN,
]
_ANSWERS_WITH_ALL = (
    select(_answer.c.id, _answer.c.kind, _answer.c.value, _answer.c.lesson_id, _answer.c.delivery_id, *_OF_FOLLOW_UP)
    .outerjoin(_follow_up, _follow_up.c.id == _answer.c.follow_up_id)
    .outerjoin(_plan, _plan.c.id == _follow_up.c.plan_id)
    .order_by(_answer.c.id)
)
_ANSWERS = Prepared(lambda dialect: _ANSWERS_WITH_ALL.where(one_of(dialect, _answer.c.delivery_id, "ids")))
_ANSWERS_FROM_LIBRARY = Prepared(
    _ANSWERS_WITH_ALL.where(
        _answer.c.person_id == bindparam("person_id"),
        _answer.c.given_at >= bindparam("since"),
        _answer.c.lesson_id == bindparam("lesson_id"),
        _answer.c.delivery_id.is_(None),
        # Done, tried and the like answer a question about it, not the exercise itself.
        or_(*(_answer.c.kind == kind for kind in (AnswerKind.DOING, AnswerKind.NOT_TODAY, AnswerKind.CHOICE))),
    )
)
_FOLLOW_UPS = Prepared(
    lambda dialect: (
        select(*_OF_FOLLOW_UP)
        .outerjoin(_plan, _plan.c.id == _follow_up.c.plan_id)
        .where(one_of(dialect, _follow_up.c.id, "ids"))
    )
)
_PLANS = Prepared(lambda dialect: select(*_OF_PLAN).where(one_of(dialect, _plan.c.id, "ids")))
_TEXTS = Prepared(
    lambda dialect: select(_reflection.c.delivery_id, _reflection.c.follow_up_id).where(
        _reflection.c.person_id == bindparam("person_id"),
        or_(
            one_of(dialect, _reflection.c.delivery_id, "ids"),
            one_of(dialect, _reflection.c.follow_up_id, "follow_up_ids"),
        ),
    )
)
_TEXT_FROM_LIBRARY = Prepared(
    select(_reflection.c.id)
    .where(
        _reflection.c.person_id == bindparam("person_id"),
        _reflection.c.written_at >= bindparam("since"),
        _reflection.c.lesson_id == bindparam("lesson_id"),
        _reflection.c.delivery_id.is_(None),
        _reflection.c.follow_up_id.is_(None),
    )
    .limit(1)
)
