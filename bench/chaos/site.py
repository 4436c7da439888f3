"""Where it happens: a PostgreSQL, the pretend workplace, and a fleet of our processes, with wires that can be cut.

`tools.fleet` starts the same fleet and waits until each process is ready. Here whatever dies is started again at once,
also in the middle of its start, and each process has an environment of its own.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import URL

from bench.chaos.clock_ahead import clock_ahead
from bench.chaos.machines import Machine, Supervisor
from tests import postgres
from tests.journeys import programs
from tests.journeys.enrolled import SUNDAY_EVENING
from tests.journeys.hands import Hands
from tests.journeys.platforms import SLACK, TEAMS
from tests.journeys.programs import free_port, settings_for

LEASE_SECONDS = 3.0
RECONCILE_SECONDS = 1.5
AHEAD_SECONDS = 0.5
"""How far one worker's clock is ahead of the others: less than a third of a lease, which is what they bear."""
READY = {"serve": "knuff: http", "worker": '"event": "worker_ready"'}
PLATFORMS = (SLACK, TEAMS)
NO_LIMITS = {
    **SLACK.no_limits,
    **TEAMS.no_limits,
    "slack_tier4_per_minute": "0",
    "channel_posts_per_second": "0",
    "teams_channel_posts_per_second": "0",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """What one process of the fleet is, and where it is vulnerable."""

    command: str
    database_by_wire: bool = False
    workplace_by_wire: bool = False
    clock_is_ahead: bool = False


FLEET: Mapping[str, Role] = {
    "serve-1": Role(command="serve", database_by_wire=True),
    "serve-2": Role(command="serve"),
    "worker-1": Role(command="worker", database_by_wire=True),
    "worker-2": Role(command="worker", workplace_by_wire=True),
    "worker-3": Role(command="worker", clock_is_ahead=True),
}


@dataclass(kw_only=True)
class Site:
    server: URL
    database: str
    hands: Hands
    """On the workplace, straight."""
    by_wire: str
    """The workplace's address by the wire that can be cut. Whoever acts there makes Teams tell this address."""
    knuff: dict[str, Machine]
    wires: dict[str, Machine]
    _seeds: "count[int]" = field(default_factory=count)

    def now(self) -> datetime:
        """Return the workplace's moment."""
        return datetime.fromisoformat(self.hands.get("/clock")["now"]).astimezone(UTC)

    def next_seed(self) -> int:
        """Return a seed for the workplace's chance that has not been used."""
        return next(self._seeds)

    def wind_to(self, moment: datetime) -> None:
        self.hands.post("/clock", {"to": moment.isoformat()})

    def wind_on(self, span: timedelta) -> None:
        self.hands.post("/clock", {"advance_seconds": span.total_seconds()})

    @contextmanager
    def looking(self) -> Iterator[psycopg.Connection]:
        """Look into the database from outside. OperationalError while it is away."""
        address = self.database.replace("postgresql+psycopg://", "postgresql://", 1)
        with psycopg.connect(address, connect_timeout=2, autocommit=True) as connection:
            yield connection

    @property
    def down(self) -> int:
        """How many processes of ours are not up."""
        return sum(not machine.is_up for machine in self.knuff.values())

    def stop(self) -> dict[str, int]:
        """Ask every process to stop; return the exit codes that are not 0."""
        for machine in self.knuff.values():
            machine.ask_to_stop()
        codes = {name: machine.stopped_with() for name, machine in self.knuff.items()}
        return {name: code for name, code in codes.items() if code}


@contextmanager
def site(*, folder: Path, seed: int, fleet: Mapping[str, Role], program: Sequence[str]) -> Iterator[Site]:
    """Everything, with our own processes yet to be started. `program`: what runs Knuff, after `python -m`."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running_server())
        database = postgres.as_text(stack.enter_context(postgres.new_database(server)))
        front = free_port()
        workplace = stack.enter_context(
            programs.workplace(
                "--no-limits", "--clock-start", SUNDAY_EVENING.isoformat(), "--seed", str(seed),
                folder=folder, request_url=f"http://127.0.0.1:{front}/slack/events",
            )
        ).address  # fmt: skip
        ahead = stack.enter_context(clock_ahead(f"{workplace}/clock", seconds=AHEAD_SECONDS))
        listening = {name: free_port() for name, role in fleet.items() if role.command == "serve"}
        wires = {"workplace": _wire("workplace", [urlsplit(workplace).netloc], folder)}
        by_wire = f"http://127.0.0.1:{wires['workplace'].arguments[1]}"
        settings = {}
        for name, role in fleet.items():
            url = database
            if role.database_by_wire:
                wire = wires[f"database of {name}"] = _wire(f"database-of-{name}", [_socket_of(server)], folder)
                url = f"postgresql+psycopg://postgres@127.0.0.1:{wire.arguments[1]}/{_name_of(database)}"
            settings[name] = settings_for(
                by_wire if role.workplace_by_wire else workplace,
                platforms=[platform.name for platform in PLATFORMS],
                database_url=url,
                clock_url=ahead if role.clock_is_ahead else f"{workplace}/clock",
                lease_seconds=str(LEASE_SECONDS),
                reconcile_seconds=str(RECONCILE_SECONDS),
                **({"port": str(listening[name]), "sends": "false"} if role.command == "serve" else {}),
                **NO_LIMITS,
            )
        in_front = _wire("front", [f"127.0.0.1:{port}" for port in listening.values()], folder, port=front)
        knuff = {
            name: Machine(
                name=name,
                arguments=[*program, role.command],
                settings=settings[name],
                folder=folder,
                ready=READY[role.command],
            )
            for name, role in fleet.items()
        }
        machines = [in_front, *wires.values(), *knuff.values()]
        supervisor = Supervisor(machines)
        try:
            for wire in (in_front, *wires.values()):
                wire.start()
            yield Site(
                server=server, database=database, hands=Hands(workplace), by_wire=by_wire, knuff=knuff, wires=wires
            )
        finally:
            supervisor.stop()
            for machine in machines:
                machine.cut()


def _wire(name: str, targets: Sequence[str], folder: Path, *, port: int | None = None) -> Machine:
    arguments = ["bench.chaos.proxy", str(port or free_port()), *targets]
    return Machine(name=f"wire-{name}", arguments=arguments, folder=folder)


def _socket_of(server: URL) -> str:
    return os.path.join(str(server.query["host"]), ".s.PGSQL.5432")


def _name_of(database: str) -> str:
    return urlsplit(database).path.lstrip("/")
