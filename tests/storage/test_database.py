"""The one door to the database: moments come back as they went in, and a unit of work stands or falls alone."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, col, select

from storage.database import Store, open_store
from storage.tables.people import Organisation

SUMMER_IN_STOCKHOLM = datetime(2026, 6, 1, 8, 15, tzinfo=timezone(timedelta(hours=2)))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_a_moment_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    store.write_now(_keep("Kommunen", SUMMER_IN_STOCKHOLM))
    found = store.write_now(lambda session: session.exec(select(Organisation.created_at)).one())
    assert found == SUMMER_IN_STOCKHOLM
    assert found.utcoffset() == timedelta(0)


def test_moments_compare_as_moments_whatever_zone_they_came_from(store: Store) -> None:
    store.write_now(_keep("Kommunen", SUMMER_IN_STOCKHOLM))
    a_minute_later = datetime(2026, 6, 1, 6, 16, tzinfo=UTC)
    before = select(Organisation.name).where(col(Organisation.created_at) < a_minute_later)
    assert store.write_now(lambda session: session.exec(before).all()) == ["Kommunen"]


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError):
        store.write_now(_keep("Kommunen", datetime(2026, 6, 1, 8, 15)))  # noqa: DTZ001 - that is what is refused


async def test_a_failing_unit_of_work_falls_alone(store: Store) -> None:
    """On SQLite these commit together; the failing one must take nobody with it, and leave nothing behind."""

    def fails(session: Session) -> None:
        session.add(Organisation(name="halvfärdig", created_at=SUMMER_IN_STOCKHOLM))
        session.flush()
        raise ValueError("halfway")

    units = [store.write(_keep(f"nämnd {number}", SUMMER_IN_STOCKHOLM)) for number in range(20)]
    outcomes = await asyncio.gather(*units[:10], store.write(fails), *units[10:], return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [ValueError]
    names = await store.read(lambda session: session.exec(select(Organisation.name)).all())
    assert sorted(names) == sorted(f"nämnd {number}" for number in range(20))


async def test_what_the_database_refuses_falls_alone(store: Store) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            session.add(Organisation(id=1, name="samma", created_at=SUMMER_IN_STOCKHOLM))
            session.flush()
            session.expunge_all()

    good, bad = await asyncio.gather(
        store.write(_keep("nämnden", SUMMER_IN_STOCKHOLM)), store.write(twice), return_exceptions=True
    )
    assert good is None
    assert isinstance(bad, IntegrityError)


async def test_what_was_acknowledged_is_there_for_the_next_reader(store: Store) -> None:
    for number in range(5):
        await store.write(_keep(f"nämnd {number}", SUMMER_IN_STOCKHOLM))
        names = await store.read(lambda session: session.exec(select(Organisation.name)).all())
        assert len(names) == number + 1


def _keep(name: str, at: datetime) -> "Keep":
    return Keep(name, at)


class Keep:
    """A unit of work that keeps one organisation."""

    def __init__(self, name: str, at: datetime) -> None:
        self.name, self.at = name, at

    def __call__(self, session: Session) -> None:
        session.add(Organisation(name=self.name, created_at=self.at))
