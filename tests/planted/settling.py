"""Settle before send: a message is said to be sent in the transaction that claims it, before anything is called."""

from datetime import datetime

from sqlmodel import Session

from storage import sending, settling
from storage.sending import Claimed
from tests.planted.patching import Patch


def before_the_call(patch: Patch) -> None:
    claim = sending.claim

    def claim_and_settle(session: Session, delivery_id: int, now: datetime) -> Claimed | None:
        claimed = claim(session, delivery_id, now)
        if claimed is not None:
            settling.settle_sent(session, claimed, conversation_id=None, message_id=None, now=now)
        return claimed

    patch(sending, "claim", claim_and_settle)
