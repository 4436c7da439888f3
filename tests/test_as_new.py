"""A test that gets a database on PostgreSQL gets it as if nobody had had it before."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL

from tests.as_new import AsNew
from tests.postgres import connected

pytestmark = pytest.mark.postgres

AN_ORGANISATION = b"INSERT INTO organisation (name, created_at) VALUES ('Alvsunda', now()) RETURNING id"


@pytest.fixture
def as_new(postgres_server: URL, migrated_postgres: str) -> Iterator[AsNew]:
    kept = AsNew(postgres_server, template=migrated_postgres)
    yield kept
    kept.close()


def changed(as_new: AsNew, statement: bytes) -> tuple[str | None, int]:
    """Borrow it and do that to it. Return its name, and the id that an organisation got before."""
    with as_new.lent() as url, connected(url) as connection:
        found = connection.execute(b"SELECT count(*) FROM organisation").fetchone()
        assert found == (0,)
        row = connection.execute(AN_ORGANISATION).fetchone()
        assert row is not None
        connection.execute(statement)
        return url.database, row[0]


def test_rows_are_gone_and_are_counted_from_one_again(as_new: AsNew) -> None:
    name, _ = changed(as_new, b"SELECT 1")
    assert changed(as_new, b"SELECT 1") == (name, 1)


@pytest.mark.parametrize(
    "statement",
    [
        b"DROP TABLE inbox_event",
        b"ALTER TABLE plan RENAME TO away",
        b"ALTER TABLE organisation ALTER name DROP NOT NULL",
        b"DROP INDEX ix_workspace_organisation_id",
        b"UPDATE alembic_version SET version_num = '0001'",
        b"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = true', current_database());"
        b" END $$",
    ],
)
def test_one_whose_tables_or_settings_were_changed_is_not_lent_again(as_new: AsNew, statement: bytes) -> None:
    name, _ = changed(as_new, statement)
    other, id = changed(as_new, b"SELECT 1")
    assert (other != name, id) == (True, 1)


def test_whoever_is_still_at_work_is_cut_off(as_new: AsNew) -> None:
    with as_new.lent() as url:
        name = url.database
        left = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
        left.execute(AN_ORGANISATION)
    assert changed(as_new, b"SELECT 1") == (name, 1)
    with pytest.raises(psycopg.OperationalError):
        left.execute(b"SELECT 1")
    left.close()
