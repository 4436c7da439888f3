"""A disk that is full while several write together: SQLite undoes the whole transaction, not the one statement. Who was
told that it is kept finds it there, who was told that it is not does not, and it is told as the database's error."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.database import SqliteStore, open_store

LARGE = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = open_store(f"sqlite:///{tmp_path / 'knuff.db'}")
    assert isinstance(opened, SqliteStore)

    def make(session: Session) -> None:
        connection = session.connection()
        connection.execute(text("CREATE TABLE note (name TEXT, body BLOB)"))
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count={pages + 20}"))

    opened.write_now(make)
    yield opened
    opened.close()


def note(session: Session, name: str, size: int = 10) -> str:
    session.connection().execute(text("INSERT INTO note VALUES (:name, zeroblob(:size))"), {"name": name, "size": size})
    return name


def names(session: Session) -> list[str]:
    return sorted(session.connection().execute(text("SELECT name FROM note")).scalars())


@pytest.mark.parametrize("large", [0, 1, 2])
async def test_who_is_told_that_it_is_kept_finds_it_and_nobody_else_does(store: SqliteStore, large: int) -> None:
    sizes = [LARGE if place == large else 10 for place in range(3)]
    told = await asyncio.gather(
        *(store.write(partial(note, name=str(place), size=size)) for place, size in enumerate(sizes)),
        return_exceptions=True,
    )
    assert isinstance(told[large], DBAPIError)
    assert await store.read(names) == sorted(one for one in told if isinstance(one, str))


async def test_a_unit_that_goes_on_after_a_full_disk_gets_the_databases_own_error(store: SqliteStore) -> None:
    def goes_on(session: Session) -> None:
        with pytest.raises(DBAPIError):
            note(session, "large", LARGE)
        note(session, "small")

    with pytest.raises(DBAPIError):
        await store.write(goes_on)
    await store.write(lambda session: note(session, "later"))
    assert "later" in await store.read(names)
