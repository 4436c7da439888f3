"""What operators look at costs little, however much has been sent."""

from typing import Any

from sqlalchemy import event

from scheduler.troubles import look_around
from storage.database import open_store
from storage.tables import metadata
from tests.scheduler.world import STOCKHOLM, World, at

UNDONE = {"ix_delivery_due", "ix_delivery_unsettled", "ix_delivery_fault", "ix_enrolment_moved_at"}


async def test_of_all_promises_and_people_only_what_is_undone_is_read() -> None:
    store = open_store("sqlite://")
    metadata.create_all(store.engine)
    world = World(store)
    world.promise(world.person(world.cohort()), step=1)
    statements: list[tuple[str, Any]] = []
    event.listen(
        store.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: statements.append((statement, values)),
    )
    await look_around(store, at("2026-03-02 11:00"), zone=STOCKHOLM, lease_seconds=30)
    of_all = [one for one in statements if "delivery" in one[0] or "enrolment" in one[0]]
    assert len(of_all) == 5
    for statement, values in of_all:
        with store.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        looked_at = [row.detail for row in plan if " delivery" in row.detail or " enrolment" in row.detail]
        assert looked_at
        assert all(any(f"INDEX {name}" in one for name in UNDONE) for one in looked_at), looked_at
    store.close()
