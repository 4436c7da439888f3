"""Connections to PostgreSQL that were cut off: one that has lain idle is made anew before it is used, and one that was
used a moment ago fails one unit of work at most."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage import database, waking
from storage.database import Store
from tests.intake.test_database_away import administer

WHO = text("SELECT pg_backend_pid()")


def whose(session: Session) -> int:
    return int(session.connection().execute(WHO).scalar_one())


def cut_off(store: Store, process: int) -> None:
    administer(store.engine.url.set(database="postgres"), f"SELECT pg_terminate_backend({process}, 5000)")


@pytest.mark.postgres
def test_a_connection_that_was_cut_off_while_it_lay_idle_is_made_anew(
    emptied_postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = emptied_postgres.write_now(whose)
    cut_off(emptied_postgres, before)
    monkeypatch.setattr(database, "IDLE_SECONDS", 0)
    assert emptied_postgres.write_now(whose) != before


@pytest.mark.postgres
def test_a_connection_that_was_cut_off_a_moment_after_it_was_used_fails_one_unit_of_work(
    emptied_postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "IDLE_SECONDS", 3600)
    cut_off(emptied_postgres, emptied_postgres.write_now(whose))
    with pytest.raises(OperationalError):
        emptied_postgres.write_now(waking.wake_lanes)
    emptied_postgres.write_now(waking.wake_lanes)
