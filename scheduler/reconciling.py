"""Finding out what became of a message whose outcome is unknown: the platform is asked, twice if need be."""

from datetime import timedelta

import structlog
from sqlmodel import Session

from scheduler.clock import Clock
from scheduler.ports import Courier, Found, RateLimited
from storage import settling, unknown
from storage.database import Store
from storage.tables.deliveries import Reason
from storage.unknown import Lost

log = structlog.get_logger()


async def ask_about(store: Store, courier: Courier, clock: Clock, message: Lost, after_seconds: float) -> None:
    """Ask the platform about one unknown message: one search, for which the caller has waited its turn.

    Found, or answered by its receiver: it was sent. Not found in two complete searches: it is sent once more. A search
    that could not read everything proves nothing and is repeated until the message would be too late anyway. Where
    there is nothing to search in, it stays unknown and is never sent again.
    """
    found = Found(at=None, complete=False)
    try:
        found = await courier.find(message.delivery_id, clock.now())
    except RateLimited as limited:
        log.info("search_put_off", delivery_id=message.delivery_id, error=str(limited))
    except Exception as error:  # one search: it proves nothing, and the other messages must not wait for it
        log.warning("search_failed", delivery_id=message.delivery_id, error=type(error).__name__)
    now, after = clock.now(), timedelta(seconds=after_seconds)

    def settle(session: Session) -> str:
        if found.at is not None:
            settling.settle_sent(
                session, message, conversation_id=found.at.conversation_id, message_id=found.at.message_id, now=now
            )
            return "found"
        if unknown.was_answered(session, message.ids):
            settling.settle_sent(session, message, conversation_id=None, message_id=None, now=now)
            return "answered"
        if not found.can_be_asked:
            settling.settle_explained(session, message, Reason.OUTCOME_UNKNOWN, error="CannotBeAsked")
            return "cannot_be_asked"
        if not found.complete:
            unknown.ask_again(session, message, after=after, now=now)
            return "incomplete"
        unknown.not_found(session, message, ask_at=now + after, now=now)
        return "not_found"

    log.info("unknown_message_searched", delivery_id=message.delivery_id, result=await store.write(settle))
