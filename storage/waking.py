"""Waking whoever sends, in every process that shares the database: PostgreSQL's NOTIFY, heard on one connection.

A notification goes out with the commit of what it is about, and may be missed (nobody listened, a connection was lost):
it only shortens the wait until the next look, and nothing depends on it. On SQLite there is nobody else to wake.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine, bindparam, func, select
from sqlmodel import Session

from storage.prepared import Prepared

CHANNEL = "knuff_lanes"
LISTEN_AGAIN_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0)
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A server that went away without a word is noticed within a minute; until then the slow look covers for it."""
log = structlog.get_logger()


def wake_lanes(session: Session) -> None:
    """Have every process look, once this is committed, which lanes have work."""
    if session.get_bind().dialect.name == "postgresql":
        _NOTIFY.first(session, channel=CHANNEL)


async def listen(engine: Engine, wake: Callable[[], None]) -> None:
    """Call `wake` for every notification until cancelled, and after each time nobody listened. A lost connection is
    made anew. On SQLite it returns at once."""
    if engine.dialect.name != "postgresql":
        return
    tries = 0
    while True:
        try:
            async with await _connect(engine) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                tries = 0
                wake()
                async for _ in connection.notifies():
                    wake()
        except (psycopg.Error, OSError) as error:
            if tries == 0:
                log.warning("not_listening", error=type(error).__name__)
        await asyncio.sleep(LISTEN_AGAIN_SECONDS[min(tries, len(LISTEN_AGAIN_SECONDS) - 1)])
        tries += 1


async def _connect(engine: Engine) -> psycopg.AsyncConnection[Any]:
    """Connect as the engine does, on a connection of our own: one that listens can do nothing else."""
    arguments, named = engine.dialect.create_connect_args(engine.url)
    return await psycopg.AsyncConnection.connect(*arguments, **{**PATIENCE, **named}, autocommit=True)


_NOTIFY = Prepared(select(func.pg_notify(bindparam("channel"), "")))
