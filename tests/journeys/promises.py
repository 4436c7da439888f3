"""Were the promises kept? Judged by what the workplace received and what the database says, and nothing of ours.

Reads the delivery table as any auditor could, with plain SQL; compares it with the calls that the platform accepted.
"""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

SENT = "sent"
EXPLAINED = "explained"
MAY_EXPLAIN = frozenset({"outcome_unknown"})
"""What may keep a nudge back when nobody pauses, stops or leaves and every hour is humane."""
_ROWS = """
    SELECT delivery.id, person.external_id, delivery.kind, delivery.step, delivery.state, delivery.reason,
           delivery.rides_on
    FROM delivery JOIN person ON person.id = delivery.person_id ORDER BY delivery.id
"""
_NEXT_AT = """
    SELECT min(CASE state WHEN 'sending' THEN started_at ELSE try_at END) FROM delivery
    WHERE state NOT IN ('sent', 'explained') AND rides_on IS NULL
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message that the platform accepted, whatever it told us."""

    person: str
    delivery_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A row of the delivery table."""

    id: int
    person: str
    kind: str
    step: int | None
    state: str
    reason: str | None = None
    rides_on: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in (SENT, EXPLAINED)

    @property
    def carrier(self) -> int:
        """The delivery whose message this comes with, its own or another's; once explained, its own."""
        return self.rides_on or self.id


def promises_in(database_url: str) -> list[Promise]:
    """Read every row of the database at an address of ours (`sqlite:///…`, `postgresql…://…`)."""
    return [
        Promise(id=row[0], person=row[1], kind=row[2], step=row[3], state=row[4], reason=row[5], rides_on=row[6])
        for row in _rows(database_url)
    ]


def next_work_at(database_url: str) -> datetime | None:
    """Return when the first open promise can be worked on, a moment that is past while it is; None: all are settled."""
    [(found,)] = _rows(database_url, _NEXT_AT)
    if found is None:
        return None
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found  # SQLite keeps text, in UTC
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def received_in(log: Iterable[dict[str, Any]]) -> list[Received]:
    """Read the workplace's log of posts: what was accepted, even when the answer said otherwise."""
    return [
        Received(person=line["person"], delivery_id=_delivery_id(line)) for line in log if line["ok"] and line["person"]
    ]


def in_doubt(log: Iterable[dict[str, Any]], tells_nothing: Collection[str]) -> frozenset[int]:
    """Return the deliveries with a call that ended in one of those faults."""
    return frozenset(
        found for line in log if line["fault"] in tells_nothing and (found := _delivery_id(line)) is not None
    )


def faults(
    received: Sequence[Received],
    promises: Sequence[Promise],
    *,
    people: Iterable[str],
    step: int,
    doubtful: Collection[int] | None = None,
) -> list[str]:
    """Return a line for every promise not kept: everybody in `people` gets `step` exactly once.

    `doubtful`: where the platform cannot be asked, the deliveries of which nobody can know whether they arrived. They
    are explained, all of them, whether they did or not.
    """
    rows = {promise.id: promise for promise in promises}
    return [
        *_unsettled(promises),
        *_strangers(received, rows),
        *_not_once(received, rows, can_be_asked=doubtful is None),
        *_made_sure_of(promises, doubtful or ()),
        *_without_their_nudge(promises, people=people, step=step),
    ]


def _unsettled(promises: Sequence[Promise]) -> list[str]:
    found = []
    for promise in promises:
        if not promise.is_settled:
            found.append(f"unsettled: {promise}")
        elif (promise.state == EXPLAINED) != (promise.reason is not None):
            found.append(f"unbalanced, a reason goes with explained and with nothing else: {promise}")
        elif promise.reason is not None and promise.reason not in MAY_EXPLAIN:
            found.append(f"explained without need: {promise}")
    return found


def _strangers(received: Sequence[Received], rows: dict[int, Promise]) -> list[str]:
    found = []
    for message in received:
        promise = rows.get(message.delivery_id) if message.delivery_id is not None else None
        if promise is None:
            found.append(f"received without a promise: {message}")
        elif promise.person != message.person:
            found.append(f"received by somebody else: {message}, {promise}")
        elif promise.rides_on is not None:
            found.append(f"received on its own although it rides: {promise}")
    return found


def _not_once(received: Sequence[Received], rows: dict[int, Promise], *, can_be_asked: bool) -> list[str]:
    times = Counter(message.delivery_id for message in received)
    found = [f"twice: delivery {delivery_id}, {count} times" for delivery_id, count in times.items() if count > 1]
    for promise in rows.values():
        came = promise.carrier in rows and times[promise.carrier] > 0
        if came and promise.state == EXPLAINED and can_be_asked:
            found.append(f"received, yet explained: {promise}")
        if not came and promise.state == SENT:
            found.append(f"lost, said to be sent: {promise}")
    return found


def _made_sure_of(promises: Sequence[Promise], doubtful: Collection[int]) -> list[str]:
    return [
        f"nobody can know, yet not explained: {promise}"
        for promise in promises
        if promise.carrier in doubtful and promise.state != EXPLAINED
    ]


def _without_their_nudge(promises: Sequence[Promise], *, people: Iterable[str], step: int) -> list[str]:
    nudges = Counter(
        promise.person
        for promise in promises
        if promise.kind == "nudge" and promise.step == step and (promise.state == SENT or promise.reason in MAY_EXPLAIN)
    )
    return [f"{nudges[person]} times step {step} for {person}" for person in people if nudges[person] != 1]


def _delivery_id(line: dict[str, Any]) -> int | None:
    payload = line if "delivery_id" in line else (line["metadata"] or {}).get("event_payload") or {}
    found = payload.get("delivery_id")
    return None if found is None else int(found)


def _rows(database_url: str, statement: str = _ROWS) -> list[tuple[Any, ...]]:
    if database_url.startswith("sqlite:///"):
        path = database_url.removeprefix("sqlite:///")
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()
    address = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address) as connection:
        return connection.execute(statement).fetchall()
