"""Limits of a platform, kept where every process sees them: each bucket is one moment, from which it is free again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from storage.inserting import insert
from storage.tables import metadata

_bucket = metadata.tables["bucket"]


def take(session: Session, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> datetime:
    """Reserve one call that counts in all of the named buckets. Return when it may be made: `now` or later.

    What one caller reserves nobody else gets, also from another process.
    """
    if not seconds_between:
        return now
    connection = session.connection()
    which = {"workspace": workspace_id, "names": sorted(seconds_between)}
    free_at = {row.name: row.free_at for row in connection.execute(_MINE, which)}
    if missing := sorted(set(seconds_between) - set(free_at)):
        rows = [{"workspace_id": workspace_id, "name": name, "free_at": now} for name in missing]
        connection.execute(insert(session, _bucket).values(rows).on_conflict_do_nothing())
        free_at = {row.name: row.free_at for row in connection.execute(_MINE, which)}
    allowed_at: datetime = max(now, *free_at.values())
    connection.execute(
        _FREE_AGAIN,
        [
            {"workspace": workspace_id, "bucket": name, "moment": allowed_at + timedelta(seconds=seconds)}
            for name, seconds in sorted(seconds_between.items())
        ],
    )
    return allowed_at


def take_if_free(session: Session, workspace_id: int, seconds_between: Mapping[str, float], now: datetime) -> bool:
    """Reserve one call for this very moment, or nothing. Return whether it may be made now."""
    which = {"workspace": workspace_id, "names": sorted(seconds_between)}
    rows = session.connection().execute(_MINE, which).all() if seconds_between else []
    if any(row.free_at > now for row in rows):
        return False
    return take(session, workspace_id, seconds_between, now) <= now


def pause(session: Session, workspace_id: int, name: str, *, until: datetime) -> None:
    """Make nobody use a bucket before `until`: the platform said so."""
    connection = session.connection()
    row = {"workspace_id": workspace_id, "name": name, "free_at": until}
    connection.execute(insert(session, _bucket).values(row).on_conflict_do_nothing())
    connection.execute(
        update(_bucket)
        .where(_bucket.c.workspace_id == workspace_id, _bucket.c.name == name, _bucket.c.free_at < until)
        .values(free_at=until)
    )


# FOR UPDATE in order of name: two callers wait for each other one way round only. SQLite has one writer anyway.
_MINE = (
    select(_bucket.c.name, _bucket.c.free_at)
    .where(_bucket.c.workspace_id == bindparam("workspace"), _bucket.c.name.in_(bindparam("names", expanding=True)))
    .order_by(_bucket.c.name)
    .with_for_update()
)
_FREE_AGAIN = (
    update(_bucket)
    .where(_bucket.c.workspace_id == bindparam("workspace"), _bucket.c.name == bindparam("bucket"))
    .values(free_at=bindparam("moment"))
)
