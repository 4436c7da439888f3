"""Messages that wait a while longer before anybody claims them, as long as that is not too late for them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, null, update
from sqlmodel import Session

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.deliveries import Reason, State

_delivery = metadata.tables["delivery"]

LONGEST_LATE = timedelta(days=8)
"""How a round ended may be told for a week; everything else waits for its own day at most. A last moment further ahead
was written by a hand, or is none."""


def put_off(session: Session, delivery_id: int, *, until: datetime) -> None:
    """Let a planned message wait."""
    _PUT_OFF.run(session, message=delivery_id, moment=until)


def not_claimed(session: Session, delivery_id: int, *, error: str, now: datetime, again_at: datetime) -> bool:
    """Put off a message that is due and that we could make no sense of, or explain it as refused with all that rides on
    it when that would be too late. `error` is a class. False: that has been done already, or somebody has claimed it.

    The fault may be this machine's, and mended by then: it must not cost everybody their morning.
    """
    about = {"message": delivery_id, "said": error, "now": now}
    if _AGAIN.run(session, **about, moment=again_at, longest=again_at + LONGEST_LATE):
        return True
    if not _REFUSE.run(session, **about):
        return False
    _REFUSE_RIDERS.run(session, message=delivery_id, said=error)
    return True


_PLANNED = _delivery.c.state == literal_column("'planned'")
_ONE = update(_delivery).where(_delivery.c.id == bindparam("message"), _PLANNED)
_STILL_DUE = _delivery.c.try_at <= bindparam("now")
_PUT_OFF = Prepared(_ONE.values(try_at=bindparam("moment")))
_AGAIN = Prepared(
    _ONE.where(
        _STILL_DUE, _delivery.c.late_after > bindparam("moment"), _delivery.c.late_after < bindparam("longest")
    ).values(try_at=bindparam("moment", type_=_delivery.c.try_at.type), error=bindparam("said"))
)
_refused: dict[str, Any] = {
    "state": State.EXPLAINED,
    "reason": Reason.REFUSED,
    "error": bindparam("said"),
    "rides_on": null(),
}
_REFUSE = Prepared(_ONE.where(_STILL_DUE).values(_refused))
_REFUSE_RIDERS = Prepared(
    update(_delivery).where(_delivery.c.rides_on == bindparam("message"), _PLANNED).values(_refused)
)
