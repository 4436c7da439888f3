"""Claim removed: nothing is marked before the call; the mark is written together with what became of it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from scheduler import lanes, outcomes
from storage import sending
from storage.sending import Claimed
from tests.planted.patching import Patch


def without_a_mark(patch: Patch) -> None:
    claim, settle = sending.claim, outcomes.settle

    def claim_nothing(session: Session, delivery_id: int, now: datetime) -> Claimed | None:
        undone = session.begin_nested()
        claimed = claim(session, delivery_id, now)
        if claimed is None:
            undone.commit()  # what it explained or put off instead is as it should be
        else:
            undone.rollback()
        return claimed

    def settle_what_was_never_claimed(session: Session, claimed: Claimed, *args: Any, **values: Any) -> bool:
        sending._MARK.run(session, message=claimed.delivery_id, moment=claimed.started_at)
        return settle(session, claimed, *args, **values)

    patch(sending, "claim", claim_nothing)
    for module in (outcomes, lanes):
        patch(module, "settle", settle_what_was_never_claimed)
