"""Two working days of a fleet while everything goes wrong: `make soak SEED=… MINUTES=…` does it for longer."""

from pathlib import Path

import pytest

from bench.chaos.running import Plan, soak
from bench.chaos.site import FLEET
from bench.soak import judge

SMALL = {name: FLEET[name] for name in ("serve-1", "serve-2", "worker-1", "worker-2")}
LEAST_FAULTS = 2


@pytest.mark.journey
@pytest.mark.postgres
def test_a_fleet_under_every_fault_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    plan = Plan(seed=1, people=40, days=2, least_faults_a_day=LEAST_FAULTS, most_faults_a_day=3, fleet=SMALL)
    ran = soak(plan, tmp_path)
    judged = judge(tmp_path)
    assert judged.returncode == 0, judged.stderr + judged.stdout
    assert ran.faults >= LEAST_FAULTS * 2
    assert (ran.restless, ran.stopped_with) == ([], {})
