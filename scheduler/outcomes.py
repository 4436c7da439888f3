"""What became of one call to a platform: written down, with what follows from it, and logged for operators."""

from datetime import datetime

import structlog
from sqlmodel import Session

from scheduler import round_notes
from scheduler.ports import (
    ChannelGone,
    DeliveryError,
    Disconnected,
    NotNeeded,
    NotSent,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreachable,
)
from storage import rounds, settling, team_channels
from storage.sending import Claimed
from storage.tables.deliveries import Reason

log = structlog.get_logger()

Outcome = Sent | NotNeeded | Exception
"""What a call gave, or what it raised."""


def settle(
    session: Session, claimed: Claimed, outcome: Outcome, *, now: datetime, ask_at: datetime, retry_at: datetime
) -> bool:
    """Give a claimed message its place in the table. What surely did not arrive is tried at `retry_at`, unless the
    platform named a moment; what may have arrived is asked about from `ask_at` on.

    False when it was settled otherwise meanwhile, and this changed nothing.
    """
    noted, error = "not_sent", _error_class(outcome)
    match outcome:
        case Sent(conversation_id=conversation_id, message_id=message_id):
            noted = "sent"
            changed = settling.settle_sent(
                session, claimed, conversation_id=conversation_id, message_id=message_id, now=now
            )
            if changed and claimed.person_id is None:
                team_channels.found_by(session, claimed.delivery_id)
        case NotNeeded(reason=reason):
            return settling.settle_not_needed(session, claimed, reason, now)  # nothing was called
        case RateLimited(until=until):
            changed = settling.put_back(session, claimed, try_at=until, error=error or "")
        case Unreachable():
            # A word that comes late, after the message was settled otherwise, says nothing about now.
            changed = settling.settle_explained(session, claimed, Reason.NOT_REACHABLE, error=error)
            if changed and claimed.person_id is not None:
                settling.person_unreachable(session, claimed.person_id, reason=error or "", now=now)
        case ChannelGone():
            changed = settling.settle_explained(session, claimed, Reason.NOT_REACHABLE, error=error)
            if changed:
                team_channels.lost_by(session, claimed.delivery_id, now)
                _end_round_without_channel(session, claimed.delivery_id, now)
        case Disconnected():
            changed = settling.put_back(session, claimed, try_at=now, error=error or "")
            if changed:
                settling.workspace_disconnected(session, claimed.workspace_id, reason=error or "", now=now)
        case Refused():
            changed = settling.settle_explained(session, claimed, Reason.REFUSED, error=error)
        case NotSent():
            changed = settling.put_back(session, claimed, try_at=retry_at, error=error or "")
        case _:
            noted = "unknown"
            changed = settling.settle_unknown(session, claimed, ask_at=ask_at, error=error or "")
    settling.note_attempt(session, claimed, ended_at=now, outcome=noted, error=error)
    return changed


def _end_round_without_channel(session: Session, delivery_id: int, now: datetime) -> None:
    round_id = rounds.channel_gone(session, delivery_id, now)
    if round_id is not None:
        round_notes.tell_ending(session, round_id, now)


def log_outcome(claimed: Claimed, outcome: Outcome) -> None:
    line = log.bind(delivery_id=claimed.delivery_id, workspace_id=claimed.workspace_id, attempt=claimed.attempts)
    error = _error_class(outcome)
    match outcome:
        case Sent():
            line.info("message_sent")
        case NotNeeded():
            line.info("message_not_needed")
        case Disconnected():
            line.error("workspace_disconnected", error=error)
        case Refused():
            line.error("message_refused", error=error)
        case Unknown():
            line.warning("message_unknown", error=error)
        case DeliveryError():
            line.warning("message_not_sent", error=error)
        case Exception():
            line.error("courier_failed", error=error, exc_info=outcome)
        case _:
            raise TypeError(f"a courier returned {outcome!r}")


def _error_class(outcome: Outcome) -> str | None:
    """A short class for operators: the platform's own word for it when there is one, never a text or a name."""
    if not isinstance(outcome, Exception):
        return None
    if isinstance(outcome, DeliveryError) and outcome.args:
        return str(outcome.args[0])[:80]
    return type(outcome).__name__
