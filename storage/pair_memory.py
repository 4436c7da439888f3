"""That two people have been put together, so that they are not again so soon: kept for a year as a digest of the two.

Whoever reads the database alone learns nothing from it: for the digest of two people one needs the key
(`scheduler.pair_key`), which is nowhere in the database.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Executable, Integer, String, bindparam, delete, select
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared, one_of
from storage.tables import metadata

_memory = metadata.tables["pair_memory"]

KEPT = timedelta(weeks=52)
AT_ONCE = 500


def remembered(
    session: Session, organisation_id: int, *, since: date, digests: Collection[str] | None = None
) -> dict[str, date]:
    """Return when each was last put together, of these digests, or of all there are."""
    known = {"organisation": organisation_id, "since": since}
    rows = _ALL.rows(session, **known) if digests is None else _THESE.rows(session, **known, digests=[*digests])
    return {row.digest: row.met_on for row in rows}


def remember(session: Session, organisation_id: int, digests: Iterable[str], met_on: date) -> None:
    """Keep that these were put together on a day. In the order of the digests, which is none."""
    rows = [{"organisation_id": organisation_id, "digest": one, "met_on": met_on} for one in sorted(set(digests))]
    if rows:
        new = insert_for(session.connection().dialect.name, _memory)
        again = new.on_conflict_do_update(
            index_elements=["organisation_id", "digest"], set_={"met_on": new.excluded.met_on}
        )
        session.connection().execute(again, rows)


def forget(session: Session, *, met_before: date, most: int = AT_ONCE) -> int:
    """Forget the oldest, at most so many. Return how many."""
    return _FORGET.run(session, before=met_before, most=most)


def _these(dialect: str) -> Executable:
    these: Executable = _WANTED.where(one_of(dialect, _memory.c.digest, "digests", String))
    return these


_WANTED: Any = select(_memory.c.digest, _memory.c.met_on).where(
    _memory.c.organisation_id == bindparam("organisation"), _memory.c.met_on >= bindparam("since", type_=Date)
)
_ALL, _THESE = Prepared(_WANTED), Prepared(_these)
_BEFORE = bindparam("before", type_=Date)
_oldest = (
    select(_memory.c.digest)
    .where(_memory.c.met_on < _BEFORE)
    .order_by(_memory.c.met_on)
    .limit(bindparam("most", type_=Integer))
)
_FORGET = Prepared(delete(_memory).where(_memory.c.digest.in_(_oldest), _memory.c.met_on < _BEFORE))
