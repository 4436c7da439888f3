"""Settling: what became of one call to the platform, with all that follows from it.

Every outcome is written for this very attempt: `started_at` tells it from a later one, so whoever comes back late from
a call cannot settle what somebody else has sent since.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Date, String, bindparam, case, func, insert, literal_column, null, or_, select, text, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import notes_taken_back
from storage.prepared import Prepared
from storage.sending import Claimed, explain, make_carrier
from storage.tables import metadata
from storage.tables.answers import FollowUpState
from storage.tables.deliveries import Kind, Reason, State

_delivery = metadata.tables["delivery"]
_person = metadata.tables["person"]
_workspace = metadata.tables["workspace"]
_follow_up = metadata.tables["follow_up"]
_attempt = metadata.tables["attempt"]


def settle_sent(
    session: Session, claimed: Claimed, *, conversation_id: str | None, message_id: str | None, now: datetime
) -> bool:
    """Record that it arrived, with all that follows. False when somebody settled it otherwise meanwhile."""
    sent = {"sent": now, "conversation": conversation_id, "sent_message": message_id}
    if not _settle(session, _SENT, claimed, sent):
        return False
    if claimed.person_id is not None:
        _got_it(session, claimed, claimed.person_id, conversation_id=conversation_id, now=now)
    return True


def _got_it(session: Session, claimed: Claimed, person_id: int, *, conversation_id: str | None, now: datetime) -> None:
    nudged = claimed.has(Kind.NUDGE)
    _PERSON_GOT_IT.run(
        session,
        person=person_id,
        nudges=int(nudged),
        nudged_on=claimed.day if nudged else None,
        conversation=conversation_id,
        welcomed=now if nudged or claimed.has(Kind.WELCOME) else None,
        stopped=now if claimed.has(Kind.FAREWELL) else None,
    )
    for part in claimed.parts:
        if part.kind is Kind.FOLLOW_UP:
            _FOLLOW_UP_ASKED.run(session, follow_up=part.subject_id)
        elif part.kind is Kind.ROUND:
            notes_taken_back.take_back_said(session, part.id)


def put_back(session: Session, claimed: Claimed, *, try_at: datetime, error: str) -> bool:
    """It surely did not arrive: plan it again."""
    return _settle(session, _PLANNED_AGAIN, claimed, {"moment": try_at, "said": error})


def settle_explained(session: Session, claimed: Claimed, reason: Reason, *, error: str | None) -> bool:
    """It did not arrive and will not: for the whole message."""
    return _settle(session, _EXPLAINED, claimed, {"why": reason, "said": error})


def settle_not_needed(session: Session, claimed: Claimed, reason: Reason, now: datetime) -> bool:
    """The carrier turned out to be unnecessary; what rode on it is planned again, by itself."""
    if not put_back(session, claimed, try_at=now, error="NotNeeded"):
        return False
    explain(session, claimed.delivery_id, reason)
    if riders := claimed.ids[1:]:
        make_carrier(session, riders, now)
    return True


def settle_unknown(session: Session, claimed: Claimed, *, ask_at: datetime, error: str) -> bool:
    """It may have arrived: keep it apart until the platform has been asked, from `ask_at` on."""
    return _settle(session, _UNKNOWN, claimed, {"moment": ask_at, "said": error})


def person_unreachable(session: Session, person_id: int, *, reason: str, now: datetime) -> None:
    """Note that they cannot be written to. Their chat with us may be another when they can be again."""
    session.connection().execute(
        update(_person)
        .where(_person.c.id == person_id)
        .values(unreachable_at=now, unreachable_reason=reason, conversation_id=None)
    )


def workspace_disconnected(session: Session, workspace_id: int, *, reason: str, now: datetime) -> None:
    """Note that the workspace no longer lets us in. Whoever connects it again clears this."""
    session.connection().execute(
        update(_workspace)
        .where(_workspace.c.id == workspace_id, _workspace.c.disconnected_at.is_(None))
        .values(disconnected_at=now, disconnected_reason=reason)
    )


def note_attempt(session: Session, claimed: Claimed, *, ended_at: datetime, outcome: str, error: str | None) -> None:
    _ATTEMPT.run(
        session,
        message=claimed.delivery_id,
        started=claimed.started_at,
        ended=ended_at,
        became=outcome,
        said=error,
    )


def _settle(session: Session, statement: Prepared, claimed: Claimed, values: dict[str, Any]) -> bool:
    return statement.run(session, message=claimed.delivery_id, attempt=claimed.started_at, **values) > 0


_THIS_ATTEMPT = (
    or_(_delivery.c.id == bindparam("message"), _delivery.c.rides_on == bindparam("message")),
    text("delivery.state IN ('sending', 'unknown')"),
    _delivery.c.started_at == bindparam("attempt"),
)

# Whoever has deleted their data while it was on its way: stopped, and never seen. Where it lies is not kept.
_DATA_DELETED = (
    select(_person.c.id)
    .where(_person.c.id == _delivery.c.person_id, _person.c.stopped_at.is_not(None), _person.c.last_seen_at.is_(None))
    .exists()
)

_SENT = Prepared(
    update(_delivery)
    .where(*_THIS_ATTEMPT)
    .values(
        state=State.SENT,
        sent_at=bindparam("sent"),
        conversation_id=case((_DATA_DELETED, null()), else_=bindparam("conversation", type_=String)),
        message_id=case((_DATA_DELETED, null()), else_=bindparam("sent_message", type_=String)),
        error=null(),
    )
)

_PLANNED_AGAIN = Prepared(
    update(_delivery)
    .where(*_THIS_ATTEMPT)
    .values(state=State.PLANNED, try_at=bindparam("moment"), error=bindparam("said"), started_at=null())
)

_EXPLAINED = Prepared(
    update(_delivery)
    .where(*_THIS_ATTEMPT)
    .values(state=State.EXPLAINED, reason=bindparam("why"), error=bindparam("said"), rides_on=null())
)

_UNKNOWN = Prepared(
    update(_delivery)
    .where(*_THIS_ATTEMPT)
    .values(state=State.UNKNOWN, try_at=bindparam("moment"), error=bindparam("said"), searches=literal_column("0"))
)

_PERSON_GOT_IT = Prepared(
    update(_person)
    .where(_person.c.id == bindparam("person"))
    .values(
        unanswered=_person.c.unanswered + bindparam("nudges"),
        last_sent_on=func.coalesce(bindparam("nudged_on", type_=Date), _person.c.last_sent_on),
        conversation_id=func.coalesce(bindparam("conversation", type_=String), _person.c.conversation_id),
        welcomed_at=func.coalesce(_person.c.welcomed_at, bindparam("welcomed", type_=UTCDateTime())),
        stopped_at=func.coalesce(_person.c.stopped_at, bindparam("stopped", type_=UTCDateTime())),
    )
)

_FOLLOW_UP_ASKED = Prepared(
    update(_follow_up)
    .where(_follow_up.c.id == bindparam("follow_up"), _follow_up.c.state == literal_column("'open'"))
    .values(state=FollowUpState.ASKED, asked=_follow_up.c.asked + 1)
)

_ATTEMPT = Prepared(
    insert(_attempt).values(
        delivery_id=bindparam("message"),
        started_at=bindparam("started"),
        ended_at=bindparam("ended"),
        outcome=bindparam("became"),
        error=bindparam("said"),
    )
)
