"""Retry on unknown: what may have arrived is planned again, like what surely did not."""

from datetime import datetime

from sqlmodel import Session

from storage import settling
from storage.sending import Claimed
from tests.planted.patching import Patch


def what_may_have_arrived(patch: Patch) -> None:
    def put_back(session: Session, claimed: Claimed, *, ask_at: datetime, error: str) -> bool:
        return settling.put_back(session, claimed, try_at=ask_at, error=error)

    patch(settling, "settle_unknown", put_back)
