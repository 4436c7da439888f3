"""Messages that may have arrived: what to ask the platform about, and what its answer means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, distinct, func, insert, literal_column, null, or_, select, text, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.sending import Claimed, Part
from storage.settling import settle_explained
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason, State

_delivery = metadata.tables["delivery"]
_attempt = metadata.tables["attempt"]
_answer = metadata.tables["answer"]
_reflection = metadata.tables["reflection"]

COMPLETE_SEARCHES = 2
"""Not found in this many: it did not arrive."""
MOST_UNKNOWN_ATTEMPTS = 2
"""One more send after the first; if that is unknown too, it stays unknown."""


def take_over(session: Session, workspace_id: int, *, ask_at: datetime, now: datetime) -> int:
    """Turn what the lane's last holder left as `sending` into `unknown`. Return how many messages that were."""
    rows = _LEFT_BEHIND.rows(session, workspace_id=workspace_id)
    for row in rows:
        if _NOT_KNOWN.run(session, message=row.id, ask_at=ask_at) and row.rides_on is None:
            values = {"delivery_id": row.id, "started_at": row.started_at or now, "ended_at": now}
            session.connection().execute(insert(_attempt), values | {"outcome": "unknown", "error": "LeftBehind"})
    return sum(row.rides_on is None for row in rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost(Claimed):
    """A message that may have arrived, as it lay in the table when it was looked at."""

    ask_at: datetime
    """Moves with every search: who comes back from one and finds another moment has been overtaken."""
    searches: int
    """Complete ones, that did not find it."""
    late_after: datetime

    @property
    def turn(self) -> tuple[int, datetime]:
        """Its turn to be asked about: another one after every search."""
        return self.delivery_id, self.ask_at


def next_to_ask_about(session: Session, workspace_id: int, now: datetime) -> Lost | None:
    """Return the unknown message of a workspace that has waited longest for being asked about, or None."""
    found = _NEXT_TO_ASK_ABOUT.scalar(session, workspace_id=workspace_id, now=now)
    return None if found is None else _message(session, found)


def was_answered(session: Session, ids: Sequence[int]) -> bool:
    """Whether somebody answered it, so that it arrived whatever the search says."""
    connection = session.connection()
    return any(
        connection.execute(select(func.count()).select_from(table).where(table.c.delivery_id.in_(ids))).scalar_one()
        for table in (_answer, _reflection)
    )


def ask_again(session: Session, lost: Lost, *, after: timedelta, now: datetime) -> None:
    """The search was not complete: try later, as long as the answer can still matter.

    Each wait is as long as all before it together, so that a message is asked about a dozen times at most; the last
    time is when it becomes too late to send it.
    """
    if now >= lost.late_after:
        settle_explained(session, lost, Reason.OUTCOME_UNKNOWN, error="NeverFoundOut")
        return
    wait = max(after, now - lost.started_at)
    _searched(session, lost, complete=0, ask_at=min(now + wait, max(now + after, lost.late_after)))


def not_found(session: Session, lost: Lost, *, ask_at: datetime, now: datetime) -> None:
    """A complete search did not find it. After the second it is sent once more, or given up when it was before."""
    if lost.searches + 1 < COMPLETE_SEARCHES:
        _searched(session, lost, complete=1, ask_at=ask_at)
    elif _UNKNOWN_ATTEMPTS.scalar(session, message=lost.delivery_id) >= MOST_UNKNOWN_ATTEMPTS:
        settle_explained(session, lost, Reason.OUTCOME_UNKNOWN, error="NotFound")
    elif _SEND_ONCE_MORE.run(session, moment=now, **_as_seen(lost)):
        _RIDERS_TOO.run(session, message=lost.delivery_id, moment=now)


def _searched(session: Session, lost: Lost, *, complete: int, ask_at: datetime) -> None:
    """Note a search and when the next is due. If somebody else has searched or settled it meanwhile, this one counts
    for nothing: two must lie a while apart."""
    if _SEARCHED.run(session, ask_at=ask_at, complete=complete, **_as_seen(lost)):
        _RIDERS_WAIT_TOO.run(session, message=lost.delivery_id, ask_at=ask_at)


def _as_seen(lost: Lost) -> dict[str, Any]:
    return {"message": lost.delivery_id, "attempt": lost.started_at, "asked_at": lost.ask_at}


# Spelled for the small index of what is unsettled. The lane asks both before it has sent anything.
_UNSETTLED = (_delivery.c.workspace_id == bindparam("workspace_id"), text("delivery.state IN ('sending', 'unknown')"))
_IS_SENDING = _delivery.c.state == literal_column("'sending'")
_LEFT_BEHIND = Prepared(
    select(_delivery.c.id, _delivery.c.rides_on, _delivery.c.started_at)
    .where(*_UNSETTLED, _IS_SENDING)
    .order_by(_delivery.c.id)
)
_NOT_KNOWN = Prepared(
    update(_delivery)
    .where(_delivery.c.id == bindparam("message"), _IS_SENDING)
    .values(state=State.UNKNOWN, error="LeftBehind", try_at=bindparam("ask_at"), searches=0)
)
_NEXT_TO_ASK_ABOUT = Prepared(
    select(_delivery.c.id)
    .where(
        *_UNSETTLED,
        _delivery.c.state == literal_column("'unknown'"),
        _delivery.c.rides_on.is_(None),
        _delivery.c.try_at <= bindparam("now"),
    )
    .order_by(_delivery.c.try_at, _delivery.c.id)
    .limit(literal_column("1"))
)


_MESSAGE = Prepared(
    select(
        *(
            _delivery.c[name]
            for name in (
                "id", "workspace_id", "person_id", "day", "kind", "subject_id", "started_at", "attempts", "try_at",
                "searches", "late_after",
            )
        )
    )
    .where(
        or_(_delivery.c.id == bindparam("message"), _delivery.c.rides_on == bindparam("message")),
        _delivery.c.state == literal_column("'unknown'"),
    )
    .order_by(_delivery.c.rides_on.is_not(None), _delivery.c.id)
)  # fmt: skip
_AS_SEEN = (
    _delivery.c.id == bindparam("message"),
    _delivery.c.state == literal_column("'unknown'"),
    _delivery.c.started_at == bindparam("attempt"),
    _delivery.c.try_at == bindparam("asked_at"),
)
_MY_RIDERS = (_delivery.c.rides_on == bindparam("message"), _delivery.c.state == literal_column("'unknown'"))
_PLANNED = {
    "state": State.PLANNED, "try_at": bindparam("moment"), "searches": literal_column("0"), "started_at": null()
}  # fmt: skip
_SEARCHED = Prepared(
    update(_delivery)
    .where(*_AS_SEEN)
    .values(searches=_delivery.c.searches + bindparam("complete"), try_at=bindparam("ask_at"))
)
_RIDERS_WAIT_TOO = Prepared(update(_delivery).where(*_MY_RIDERS).values(try_at=bindparam("ask_at")))
_SEND_ONCE_MORE = Prepared(update(_delivery).where(*_AS_SEEN).values(_PLANNED))
_RIDERS_TOO = Prepared(update(_delivery).where(*_MY_RIDERS).values(_PLANNED))
# One call may be noted twice: by whoever took the lane over, and by its maker who came back late.
_UNKNOWN_ATTEMPTS = Prepared(
    select(func.count(distinct(_attempt.c.started_at))).where(
        _attempt.c.delivery_id == bindparam("message"), _attempt.c.outcome == literal_column("'unknown'")
    )
)


def _message(session: Session, delivery_id: int) -> Lost | None:
    rows = _MESSAGE.rows(session, message=delivery_id)
    if not rows or rows[0].id != delivery_id:
        return None  # settled since it was looked for
    return Lost(
        workspace_id=rows[0].workspace_id,
        person_id=rows[0].person_id,
        day=rows[0].day,
        parts=tuple(Part(id=row.id, kind=Kind(row.kind), subject_id=row.subject_id) for row in rows),
        started_at=rows[0].started_at,
        attempts=rows[0].attempts,
        ask_at=rows[0].try_at,
        searches=rows[0].searches,
        late_after=rows[0].late_after,
    )
