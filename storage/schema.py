"""Which schema a database has, and whether it is whole: a database that is being moved into is nobody's to start on."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, column, inspect, select, table
from sqlmodel import Session

from storage.prepared import Prepared

MOVING_HOUSE = "moving_house"
"""The table that a move keeps its progress in, and takes away when all is there and compared."""


class OtherEncoding(Exception):
    """A PostgreSQL does not keep its text in UTF-8."""


class ReadOnly(Exception):
    """The server lets us read this database only."""


class HalfMoved(Exception):
    """A move into this database has not come to its end."""


def migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def newest_schema() -> str:
    """Return the name of the newest schema that this Knuff knows."""
    newest = ScriptDirectory.from_config(migrations()).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


def knows_schema(name: str) -> bool:
    return any(script.revision == name for script in ScriptDirectory.from_config(migrations()).walk_revisions())


def is_ours(session: Session) -> bool:
    """Whether the database has the schema of this Knuff, as it was when this process began to work: another may have
    brought it to a newer one meanwhile, or somebody restored an older backup."""
    return bool(_SCHEMA.scalar(session) == _our_schema())


@lru_cache(maxsize=1)
def _our_schema() -> str:
    """Read once: while we run, the files of another Knuff may be laid in our place."""
    return newest_schema()


def schema_of(connection: Connection) -> str | None:
    """Return the name of a database's schema, or None where there is none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def refuse_read_only(connection: Connection) -> None:
    """Raise ReadOnly where a server lets us read only; on a file, SQLite's own error."""
    if connection.dialect.name == "postgresql":
        if connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
            raise ReadOnly
        return
    # Nothing less than writing finds it out: on a file that may only be read, even BEGIN IMMEDIATE is let through.
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    connection.exec_driver_sql(f"PRAGMA user_version={version}")


def refuse_other_encoding(connection: Connection) -> None:
    """Raise OtherEncoding where a server would refuse signs that people write, or not know where one ends."""
    is_postgres = connection.dialect.name == "postgresql"
    if is_postgres and connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
        raise OtherEncoding


def refuse_half_moved(connection: Connection) -> None:
    """Raise HalfMoved for a database that is being moved into."""
    if inspect(connection).has_table(MOVING_HOUSE):
        raise HalfMoved


_SCHEMA = Prepared(select(column("version_num")).select_from(table("alembic_version")))
