"""Five processes on one PostgreSQL: two that listen and plan, three that send. In the middle of a morning one of these
three is killed, one stands still for longer than its lease, and one is asked to stop."""

import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests import postgres
from tests.journeys import enrolled
from tests.journeys.hands import Hands, wait_for
from tests.journeys.platforms import SLACK
from tests.journeys.promises import faults, promises_in, received_in
from tools.fleet import Fleet

PEOPLE = 160
A_SECOND = 10
LEASE_SECONDS = 1.0
SETTINGS = {
    "posts_per_minute": str(A_SECOND * 60),
    "searches_per_minute": "0",
    "lease_seconds": str(LEASE_SECONDS),
    "reconcile_seconds": "1",
}


@pytest.fixture
def fleet(postgres_server: URL, migrated_postgres: str, tmp_path: Path) -> Iterator[Fleet]:
    with (
        postgres.new_database(postgres_server, template=migrated_postgres) as url,
        Fleet(
            folder=tmp_path,
            database_url=postgres.as_text(url),
            platforms=["slack"],
            workplace_arguments=["--no-limits", "--clock-start", enrolled.SUNDAY_EVENING.isoformat()],
            settings=SETTINGS,
        ) as started,
    ):
        yield started


@pytest.mark.journey
@pytest.mark.postgres
def test_whatever_becomes_of_its_workers_a_fleet_sends_each_nudge_once(fleet: Fleet) -> None:
    hands = Hands(fleet.workplace)
    hands.post("/_control/reset", {"generate": {"people": PEOPLE, "zones": ["Europe/Stockholm"]}})
    everybody = [person["id"] for person in hands.get("/_control/people")["people"]]
    enrolled.a_cohort_of(everybody, database_url=fleet.database_url, platform=SLACK)
    wait_for("the welcomes", lambda: len(promises_in(fleet.database_url)) >= PEOPLE, seconds=20)
    hands.post("/clock", {"to": enrolled.MONDAYS_SLOT.isoformat()})

    killed = whoever_sends(fleet)
    fleet.kill(killed)
    still = whoever_sends(fleet, but=[killed])
    with standing_still(fleet, still):
        stopped = whoever_sends(fleet, but=[killed, still])
    assert fleet.processes[stopped].stop() == 0
    fleet.start_again(killed)
    wait_for("everything", lambda: all(one.is_settled for one in promises_in(fleet.database_url)), seconds=30)

    received = received_in(hands.log())
    assert faults(received, promises_in(fleet.database_url), people=everybody, step=1) == []
    assert len(received) == PEOPLE

    fleet.kill("web-1")
    hands.act(everybody[0], "write", text="hjälp")
    wait_for("an answer through the other", lambda: len(hands.log()) == PEOPLE + 1, seconds=20)


def whoever_sends(fleet: Fleet, *, but: Collection[str] = ()) -> str:
    """Wait until another worker sends than these, and return its name."""
    workers = [name for name in fleet.names if name.startswith("worker") and name not in but]
    before = {name: _sent(fleet, name) for name in workers}
    return wait_for(
        "a worker that sends",
        lambda: next((name for name in workers if _sent(fleet, name) >= before[name] + 5), None),
        seconds=20,
    )


@contextmanager
def standing_still(fleet: Fleet, name: str) -> Iterator[None]:
    """Within, it does nothing and knows nothing of it. Once another sends in its place, its lease has run out."""
    process = fleet.processes[name].process
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def _sent(fleet: Fleet, name: str) -> int:
    return fleet.processes[name].said.read_text("utf-8").count('"message_sent"')
