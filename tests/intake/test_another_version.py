"""Beside a newer Knuff that has upgraded the database, an older one keeps what comes in and leaves it to the newer."""

import asyncio
from typing import Any

from bot.intake import Intake
from storage.database import Store
from tests.intake.test_intake import Desk, desk, intake, open_intake, paper, rows, store, wrote

__all__ = ["desk", "intake", "open_intake", "paper", "store"]


def set_schema(store: Store, name: str) -> Any:
    def go(session: Any) -> Any:
        connection = session.connection()
        before = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{name}'")  # noqa: S608 - ours
        return before

    return store.write_now(go)


async def test_what_comes_in_beside_a_newer_schema_is_kept_and_left_alone(
    intake: Intake, store: Store, desk: Desk
) -> None:
    set_schema(store, "9999")
    assert await intake.keep(wrote("Hej", key="1"))
    await asyncio.sleep(0.2)
    [row] = rows(store)
    assert (desk.seen, row.handled_at, row.tries) == ([], None, 0)
    assert row.body is not None
