"""PostgreSQL's advisory locks: whoever holds one keeps others from the same work until the transaction ends. SQLite has
one writer, so nobody need be kept from anything there."""

from enum import IntEnum, unique

from sqlalchemy import text
from sqlmodel import Session


@unique
class Lock(IntEnum):
    """Our own numbers, each for one kind of work. (Migrations have one in `storage.database`, of another kind.)"""

    CADENCE = 7001
    """Planning one cadence, by its id."""
    MOVERS = 7002
    """Sorting out who joined or changed rhythm."""
    ROUNDS = 7003
    """Promising what rounds ask."""
    MOVING_HOUSE = 7004
    """Moving into a database: held by a connection."""
    WORKSPACES = 7005
    """Keeping a workspace that is new."""


def wait_for(session: Session, lock: Lock, id: int = 0) -> None:
    if _has_locks(session):
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock, :id)"), {"lock": int(lock), "id": id})


def is_free(session: Session, lock: Lock, id: int = 0) -> bool:
    """Take it, unless somebody has it: then False."""
    if not _has_locks(session):
        return True
    taken = text("SELECT pg_try_advisory_xact_lock(:lock, :id)")
    return bool(session.connection().execute(taken, {"lock": int(lock), "id": id}).scalar())


def _has_locks(session: Session) -> bool:
    return session.connection().dialect.name == "postgresql"
