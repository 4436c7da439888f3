"""Faults planted in the engine on purpose, each a small change of the running code: what does not go red for them
proves nothing.

Four are those of `tests.planted`. Its double planner and its dropped inbox key change nothing here, where everything is
promised before the day begins and nothing comes in.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, literal_column, null, or_, text, update
from sqlmodel import Session

from scheduler.lanes import Lane
from storage import settling, unknown
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.deliveries import State
from tests.planted import PLANTED

_delivery = metadata.tables["delivery"]
Mutant = Callable[[pytest.MonkeyPatch], None]


def one_search_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unknown, "COMPLETE_SEARCHES", 1)


def an_incomplete_search_counts(patch: pytest.MonkeyPatch) -> None:
    def not_found(session: Session, lost: Any, *, after: timedelta, now: datetime) -> None:
        unknown.not_found(session, lost, ask_at=now + after, now=now)

    patch.setattr(unknown, "ask_again", not_found)


def two_searches_at_once_count_twice(patch: pytest.MonkeyPatch) -> None:
    not_found = unknown.not_found

    def as_it_is_by_now(session: Session, lost: Any, **moments: Any) -> None:
        if (now := unknown._message(session, lost.delivery_id)) is not None:
            not_found(session, now, **moments)

    patch.setattr(unknown, "not_found", as_it_is_by_now)


def what_was_left_behind_is_planned_again(patch: pytest.MonkeyPatch) -> None:
    def plan_again(session: Session, workspace_id: int, **_: Any) -> int:
        left = update(_delivery).where(_delivery.c.state == literal_column("'sending'"))
        return session.connection().execute(left.values(state=State.PLANNED)).rowcount

    patch.setattr(unknown, "take_over", plan_again)


def what_was_left_behind_is_left_there(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unknown, "take_over", lambda *_, **__: 0)


def any_attempt_may_be_settled(patch: pytest.MonkeyPatch) -> None:
    mine = (
        or_(_delivery.c.id == bindparam("message"), _delivery.c.rides_on == bindparam("message")),
        text("delivery.state IN ('sending', 'unknown')"),
    )
    again = {"state": State.PLANNED, "try_at": bindparam("moment"), "started_at": null()}
    patch.setattr(settling, "_PLANNED_AGAIN", Prepared(update(_delivery).where(*mine).values(again)))


def whoever_stood_still_sends_all_the_same(patch: pytest.MonkeyPatch) -> None:
    send = Lane._send

    async def as_if_just_claimed(lane: Lane, claimed: Any, call: Any) -> None:
        rules = lane.rules
        lane.rules = replace(rules, lease_seconds=1e6)
        try:
            await send(lane, claimed, call)
        finally:
            lane.rules = rules

    patch.setattr(Lane, "_send", as_if_just_claimed)


def a_rider_is_left_behind(patch: pytest.MonkeyPatch) -> None:
    """The carrier alone is settled as sent."""
    sent = settling._SENT

    class Alone(Prepared):
        def run(self, session: Session, **values: Any) -> int:
            changed = sent.run(session, **values)
            riders = update(_delivery).where(_delivery.c.rides_on == values["message"])
            session.connection().execute(riders.values(state=State.PLANNED, sent_at=None, message_id=None))
            return changed

    patch.setattr(settling, "_SENT", Alone(_delivery.select()))


def claim_removed(patch: pytest.MonkeyPatch) -> None:
    PLANTED["claim-removed"](patch.setattr)


def settle_before_send(patch: pytest.MonkeyPatch) -> None:
    PLANTED["settle-before-send"](patch.setattr)


def retry_on_unknown(patch: pytest.MonkeyPatch) -> None:
    PLANTED["retry-on-unknown"](patch.setattr)


def lease_ignored(patch: pytest.MonkeyPatch) -> None:
    PLANTED["lease-ignored"](patch.setattr)


SOON_SEEN: list[Mutant] = [
    claim_removed,
    settle_before_send,
    retry_on_unknown,
    one_search_is_enough,
    an_incomplete_search_counts,
    what_was_left_behind_is_planned_again,
    what_was_left_behind_is_left_there,
    a_rider_is_left_behind,
]
SEEN_ON_A_WALK: dict[Mutant, str] = {
    two_searches_at_once_count_twice: "two_search_at_once",
    any_attempt_may_be_settled: "comes_back_while_it_is_sent_again",
    whoever_stood_still_sends_all_the_same: "stands_still_before_its_call",
}
"""Faults that need a long row of accidents: by the walk that has them."""


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        mutant(patch)
        yield
