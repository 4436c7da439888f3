"""Who waits for whom on PostgreSQL: only those who are at the same work."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import people, rounds_due
from storage.database import Store
from tests.scheduler.world import World, at

pytestmark = pytest.mark.postgres


def test_a_new_workspace_does_not_wait_for_whoever_plans_rounds(emptied_postgres: Store) -> None:
    world = World(emptied_postgres)

    def meet(session: Session) -> str:
        session.connection().execute(text("SET LOCAL lock_timeout = '300ms'"))
        now = at("2026-03-02 10:00")
        met = people.workspace_met(session, platform="slack", workspace="T-new", organisation_name="Ny", now=now)
        return met.external_id

    with Session(emptied_postgres.engine) as planning:
        assert rounds_due.lock_rounds(planning)
        assert world.store.write_now(meet) == "T-new"
