"""Double planner: two processes plan the same day of the same people.

Three things keep planners apart: a lock on the cadence, the watermark that each moves, and two unique indexes. Lock and
indexes are gone; the watermark does not mind. So that two ticks a second meet at all, planning takes longer than the
time between them.
"""

import time
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from scheduler import planner
from storage import database, planning
from tests.planted.patching import Patch

INDEXES = ("uq_delivery_nudge", "uq_delivery_one_message_a_day")
SLOWLY_SECONDS = 1.2
"""Longer than from tick to tick."""


def twice(patch: Patch) -> None:
    upgrade_engine, plan_cadence = database.upgrade_engine, planner.plan_cadence

    def upgrade_without_indexes(engine: Engine) -> None:
        upgrade_engine(engine)
        with engine.begin() as connection:
            for name in INDEXES:
                connection.execute(text(f"DROP INDEX IF EXISTS {name}"))

    def plan_slowly(session: Session, *args: Any, **values: Any) -> int:
        promised = plan_cadence(session, *args, **values)
        if promised:
            time.sleep(SLOWLY_SECONDS)  # nothing is committed yet, and nobody sees it
        return promised

    patch(database, "upgrade_engine", upgrade_without_indexes)
    patch(planning, "lock_cadence", lambda _session, _cadence_id, *, wait: True)
    patch(planner, "plan_cadence", plan_slowly)
