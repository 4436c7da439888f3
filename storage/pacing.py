"""Limits of a platform, kept where every process sees them: each bucket is one moment, from which it is free again."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, bindparam, delete, or_, select, tuple_, update
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared, one_of
from storage.tables import metadata

LONGEST = timedelta(hours=2)
"""Longer than any pause and any queue: a bucket that is free later than that was used by a clock that was ahead."""
IN_CHANNEL = "/"
"""Between a method and a channel in the name of a bucket."""
PAUSED = " paused"
"""At the end of the name of a pause."""
KEPT = timedelta(days=1)
"""A bucket that has been free for so long is forgotten."""
_bucket = metadata.tables["bucket"]


def take(session: Session, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> datetime:
    """Reserve one call that counts in all of the named buckets. Return when it may be made: `now` or later.

    What one caller reserves nobody else gets, also from another process.
    """
    return take_place(session, workspace_id, seconds_between, now)[0] if seconds_between else now


def take_place(
    session: Session, workspace_id: int, seconds_between: Mapping[str, float], now: datetime
) -> tuple[datetime, str]:
    """Reserve one call, as `take` does. Return when it may be made, and the name of the bucket that is free last."""
    free_at = _all_free_at(session, workspace_id, seconds_between, now)
    last = max(sorted(free_at), key=free_at.__getitem__)
    allowed_at = max(now, free_at[last])
    _reserve(session, workspace_id, seconds_between, free_at, allowed_at, now)
    return allowed_at, last


def take_if_free(session: Session, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> bool:
    """Reserve one call for this very moment, or nothing. Return whether it may be made now."""
    free_at = _all_free_at(session, workspace_id, seconds_between, now)
    if any(moment > now for moment in free_at.values()):
        return False
    _reserve(session, workspace_id, seconds_between, free_at, now, now)
    return True


def give_back(session: Session, workspace_id: int, seconds_between: Mapping[str, float], allowed_at: datetime) -> None:
    """Undo the reserving of a call that is not made, in each bucket that nobody has used since: it is free at the
    moment that was given, for whoever comes next."""
    for name, seconds in sorted(seconds_between.items()):
        was = allowed_at + timedelta(seconds=seconds)
        _GIVE_BACK.run(session, workspace=workspace_id, bucket=name, was=was, moment=allowed_at)


def pause(session: Session, workspace_id: int, name: str, *, until: datetime, ahead: timedelta = timedelta(0)) -> None:
    """Make nobody use a bucket before `until`: the platform said so. `ahead`: how long before its moment a reserved
    call may be made; after a pause calls come one by one all the same."""
    for bucket, moment in ((name, until + ahead), (_pause_of(name), until)):
        _NOT_BEFORE.run(session, workspace=workspace_id, bucket=bucket, moment=moment, longest=moment + LONGEST)


def paused_until(session: Session, workspace_id: int, name: str, now: datetime) -> datetime | None:
    """Return when a bucket's pause ends; None when it is not paused. Whoever waited for a reserved call looks here
    before making it: a pause that began meanwhile holds for it too."""
    rows = _ONE.rows(session, workspace=workspace_id, bucket=_pause_of(name))
    return rows[0].free_at if rows and now < rows[0].free_at <= now + LONGEST else None


def forget(session: Session, *, free_before: datetime, most: int = 5000) -> int:
    """Delete buckets that have been free since before a moment, so many at most. Return how many: one that is missing
    is free. There is one for each chat and each thread that was ever written in."""
    return _FORGET.run(session, before=free_before, most=most)


def _pause_of(name: str) -> str:
    return f"{name}{PAUSED}"


def _reserve(
    session: Session,
    workspace_id: int,
    seconds_between: Mapping[str, float],
    free_at: Mapping[str, datetime],
    allowed_at: datetime,
    now: datetime,
) -> None:
    """What is for one channel is spaced from the call itself. What is for the whole workspace is spaced from its own
    last place: the others need not wait because one channel is busy."""
    for name, seconds in sorted(seconds_between.items()):
        place = allowed_at if IN_CHANNEL in name else max(now, free_at[name])
        _FREE_AGAIN.run(session, workspace=workspace_id, bucket=name, moment=place + timedelta(seconds=seconds))


def _all_free_at(session: Session, workspace_id: int, names: Collection[str], now: datetime) -> dict[str, datetime]:
    """Return when each bucket is free. One that nobody has used yet is made, and is."""
    free_at = _free_at(session, workspace_id, names, now)
    missing = sorted(set(names) - set(free_at))
    made = [_NEW.run(session, workspace=workspace_id, bucket=name, moment=now) for name in missing]
    if not all(made):  # another process was first
        return _free_at(session, workspace_id, names, now)
    return free_at | dict.fromkeys(missing, now)


def _free_at(session: Session, workspace_id: int, names: Iterable[str], now: datetime) -> dict[str, datetime]:
    rows = _MINE.rows(session, workspace=workspace_id, names=sorted(names))
    return {row.name: row.free_at if row.free_at <= now + LONGEST else now for row in rows}


# FOR UPDATE in order of name: two callers wait for each other one way round only. SQLite has one writer anyway.
_MINE = Prepared(
    lambda dialect: (
        select(_bucket.c.name, _bucket.c.free_at)
        .where(_bucket.c.workspace_id == bindparam("workspace"), one_of(dialect, _bucket.c.name, "names", String))
        .order_by(_bucket.c.name)
        .with_for_update()
    )
)
_THE_BUCKET = (_bucket.c.workspace_id == bindparam("workspace"), _bucket.c.name == bindparam("bucket"))
_ONE = Prepared(select(_bucket.c.free_at).where(*_THE_BUCKET))
_FREE_AGAIN = Prepared(update(_bucket).where(*_THE_BUCKET).values(free_at=bindparam("moment")))
_GIVE_BACK = Prepared(
    update(_bucket).where(*_THE_BUCKET, _bucket.c.free_at == bindparam("was")).values(free_at=bindparam("moment"))
)
_NOT_BEFORE = Prepared(
    lambda dialect: (
        insert_for(dialect, _bucket)
        .values(workspace_id=bindparam("workspace"), name=bindparam("bucket"), free_at=bindparam("moment"))
        .on_conflict_do_update(
            index_elements=[_bucket.c.workspace_id, _bucket.c.name],
            set_={"free_at": bindparam("moment", type_=_bucket.c.free_at.type)},
            where=or_(_bucket.c.free_at < bindparam("moment"), _bucket.c.free_at > bindparam("longest")),
        )
    )
)
# One that somebody holds is in use, and is not waited for.
_FREE_LONG = (
    select(_bucket.c.workspace_id, _bucket.c.name)
    .where(_bucket.c.free_at < bindparam("before"))
    .order_by(_bucket.c.workspace_id, _bucket.c.name)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_FORGET = Prepared(delete(_bucket).where(tuple_(_bucket.c.workspace_id, _bucket.c.name).in_(_FREE_LONG)))
_NEW = Prepared(
    lambda dialect: (
        insert_for(dialect, _bucket)
        .values(workspace_id=bindparam("workspace"), name=bindparam("bucket"), free_at=bindparam("moment"))
        .on_conflict_do_nothing()
    )
)
