"""Connections to PostgreSQL that were cut off: one that has lain idle is made anew before it is used, and one that was
used a moment ago fails one unit of work at most."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage import database, waking
from storage.database import Store, open_store
from tests import postgres
from tests.as_new import AsNew
from tests.intake.test_database_away import administer

WHO = text("SELECT pg_backend_pid()")


@pytest.fixture
def store(postgres_as_new: AsNew) -> Iterator[Store]:
    """A store with connections of its own: which of several was cut off would be a matter of luck."""
    with postgres_as_new.lent() as url:
        opened = open_store(postgres.as_text(url))
        yield opened
        opened.close()


def whose(session: Session) -> int:
    return int(session.connection().execute(WHO).scalar_one())


def cut_off(store: Store, process: int) -> None:
    administer(store.engine.url.set(database="postgres"), f"SELECT pg_terminate_backend({process}, 5000)")


@pytest.mark.postgres
def test_a_connection_that_was_cut_off_while_it_lay_idle_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.write_now(whose)
    cut_off(store, before)
    monkeypatch.setattr(database, "IDLE_SECONDS", 0)
    assert store.write_now(whose) != before


@pytest.mark.postgres
def test_a_connection_that_was_cut_off_a_moment_after_it_was_used_fails_one_unit_of_work(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 3600)
    cut_off(store, store.write_now(whose))
    with pytest.raises(OperationalError):
        store.write_now(waking.wake_lanes)
    store.write_now(waking.wake_lanes)
