"""The database that Knuff runs on, for commands that look into it: opened only when it is there and has our schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.commands.database_files import file_of
from bot.settings import SettingsFault
from storage.database import Store, open_store
from storage.schema import newest_schema, refuse_half_moved, schema_of


class AnotherSchema(SettingsFault):
    """The database is another version's."""


@contextmanager
def existing_store(database_url: str) -> Iterator[Store]:
    """Open it until the end of the block. Raises SettingsFault, and makes nothing, where there is none; AnotherSchema
    for one that is another version's, and HalfMoved for one that is being moved into."""
    path = file_of(database_url)
    if path is not None and not path.exists():
        raise SettingsFault(f"KNUFF_DATABASE_URL names {path}, and there is no such file: start `knuff serve` first.")
    store = open_store(database_url)
    try:
        with store.engine.connect() as connection:
            refuse_half_moved(connection)
            has = schema_of(connection)
        if has is None:
            raise SettingsFault("There is nothing of Knuff's in the database at KNUFF_DATABASE_URL.")
        if has != newest_schema():
            raise AnotherSchema(
                "The database has the schema of another version of Knuff: run `knuff db upgrade`,"
                " or the version that runs on it."
            )
        yield store
    finally:
        store.close()
