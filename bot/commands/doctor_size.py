"""What `knuff doctor` says of an SQLite database: how large it is, and whether it is time for PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.commands.database_files import file_of
from bot.commands.findings import Finding
from bot.settings import Settings
from storage.database import open_store
from storage.outgrowing import LARGEST_FILE_GB, MOST_EVENTS_A_MINUTE, FileSize, file_size

MOVE = "`knuff move --to postgresql://…` takes everything there, while Knuff is stopped."


def look_at_size(settings: Settings) -> Iterator[Finding]:
    """Yield nothing for a PostgreSQL, and for what cannot be read: of that the doctor has told."""
    path = file_of(settings.database_url)
    if path is None or not path.exists():
        return
    store = None
    try:
        store = open_store(settings.database_url)
        if not inspect(store.engine).has_table("inbox_event"):
            return
        with Session(store.engine) as session:
            size = file_size(session, datetime.now(UTC))
    except SQLAlchemyError:
        return
    finally:
        if store is not None:
            store.close()
    if size is not None:
        yield in_words(size)


def in_words(size: FileSize) -> Finding:
    what = f"SQLite file: {size.gigabytes:.1f} GB, {size.events_a_minute} events in the busiest minute of the last day"
    if size.is_too_large:
        return Finding(
            what,
            advice=f"From {LARGEST_FILE_GB:g} GB on, backups and upgrades take long, and nothing is measured. {MOVE}",
        )
    if size.is_too_busy:
        return Finding(what, advice=f"From {MOST_EVENTS_A_MINUTE} on, one process may not keep up on a bad day. {MOVE}")
    return Finding(what)
