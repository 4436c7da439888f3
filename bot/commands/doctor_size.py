"""What `knuff doctor` says of an SQLite database: how large it is, and whether it is time for PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.commands.database_files import file_of
from bot.commands.existing_database import existing_store
from bot.commands.findings import Finding
from bot.settings import Settings, SettingsFault
from storage.outgrowing import LARGEST_FILE_GB, MOST_EVENTS_A_MINUTE, FileSize, file_size
from storage.schema import HalfMoved

MOVE = "`knuff move --to postgresql://…` takes everything there, while Knuff is stopped."


def look_at_size(settings: Settings) -> Iterator[Finding]:
    """Yield nothing for a PostgreSQL, and for what cannot be read: of that the doctor has told."""
    if file_of(settings.database_url) is None:
        return
    try:
        with existing_store(settings.database_url) as store, Session(store.engine) as session:
            size = file_size(session, datetime.now(UTC))
    except (SettingsFault, HalfMoved, SQLAlchemyError):
        return
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
