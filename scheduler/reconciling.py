"""Finding out what became of a message whose outcome is unknown: the platform is asked, twice if need be."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from sqlmodel import Session

from scheduler import buckets
from scheduler.clock import Clock
from scheduler.ports import Courier, Found, RateLimited
from storage import settling, unknown
from storage.database import Store
from storage.sending import Claimed

log = structlog.get_logger()


async def ask_about_unknown(
    *,
    store: Store,
    courier: Courier,
    clock: Clock,
    workspace_id: int,
    searching: Mapping[str, float],
    after_seconds: float,
    keep_lane: Callable[[], Awaitable[None]],
) -> int:
    """Ask about every unknown message of a workspace that it is time for. Return how many were asked about.

    Found, or answered by its receiver: it was sent. Not found in two complete searches: it is sent once more. A search
    that could not read everything proves nothing and is repeated until the message would be too late anyway.
    """
    now = clock.now()
    messages = await store.read(lambda session: unknown.to_ask_about(session, workspace_id, now))
    for message in messages:
        await keep_lane()
        allowed_at = await buckets.take(store, workspace_id, searching, clock.now())
        await clock.sleep(max(0.0, (allowed_at - clock.now()).total_seconds()))
        await _ask_about(store, courier, clock, message, after_seconds)
    return len(messages)


async def _ask_about(store: Store, courier: Courier, clock: Clock, message: Claimed, after_seconds: float) -> None:
    found = Found(at=None, complete=False)
    try:
        found = await courier.find(message.delivery_id, clock.now())
    except RateLimited as limited:
        await buckets.pause(store, message.workspace_id, limited.bucket, until=limited.until)
    except Exception as error:  # one search: it proves nothing, and the other messages must not wait for it
        log.warning("search_failed", delivery_id=message.delivery_id, error=type(error).__name__)
    now = clock.now()
    ask_at = now + timedelta(seconds=after_seconds)

    def settle(session: Session) -> str:
        if found.at is not None:
            settling.settle_sent(
                session, message, conversation_id=found.at.conversation_id, message_id=found.at.message_id, now=now
            )
            return "found"
        if unknown.was_answered(session, message.ids):
            settling.settle_sent(session, message, conversation_id=None, message_id=None, now=now)
            return "answered"
        if not found.complete:
            unknown.ask_again(session, message, ask_at=ask_at, now=now)
            return "incomplete"
        unknown.not_found(session, message, ask_at=ask_at, now=now)
        return "not_found"

    log.info("unknown_message_searched", delivery_id=message.delivery_id, result=await store.write(settle))
