"""What `knuff doctor` says of what is stuck: the same as the operator's page, without one."""

import asyncio
from collections.abc import Iterator

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from bot.commands.database_files import file_of
from bot.commands.findings import Finding
from bot.conversation.texts import Words
from bot.nightly import ZONE
from bot.settings import Settings
from bot.web.troubles_in_words import told
from scheduler.clock import SystemClock
from scheduler.troubles import look_around
from storage.database import open_store

FAULTS = frozenset({"disconnected", "refused", "set_aside", "unreadable"})
"""What does not go away when Knuff is started: it may be stopped just now, and that is no fault."""


def look_at_what_is_stuck(settings: Settings) -> Iterator[Finding]:
    """Yield nothing where nothing is, and for a database that cannot be read: of that the doctor has told."""
    path = file_of(settings.database_url)
    if settings.clock_url is not None or (path is not None and not path.exists()):  # opening it would make it
        return
    store = None
    try:
        store = open_store(settings.database_url)
        if not inspect(store.engine).has_table("delivery"):
            return
        outlook = asyncio.run(look_around(store, SystemClock().now(), zone=ZONE))
    except SQLAlchemyError:
        return
    finally:
        if store is not None:
            store.close()
    for trouble in outlook.troubles:
        said = told(trouble, Words("en"), ZONE)
        is_fault = trouble.name in FAULTS
        yield Finding(said.what, said.then if is_fault else None, None if is_fault else said.then, is_seen=is_fault)
