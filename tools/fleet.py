"""A fleet on one machine, to look at and to test with: a pretend workplace, two processes that listen and plan, three
workers that send, and one PostgreSQL that they share (`make fleet`).

    with Fleet(folder=…, database_url=…) as fleet:
        fleet.kill("worker-1")
        fleet.start_again("worker-1")

`bench` and `tests` drive the same class.
"""

import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from tests import postgres
from tests.journeys import programs
from tests.journeys.hands import Hands
from tests.journeys.platforms import SLACK, TEAMS
from tests.journeys.programs import Program
from tools.crowd import crowded

WEB_IS_READY = r"^knuff: (http://\S+)$"
WORKER_IS_READY = '"event": "worker_ready"'
PLATFORMS = ("slack", "teams")
NOTHING: Mapping[str, str] = {}
LOOK_SECONDS = 0.3
WORKPLACE = ("--clock-start", "2026-02-27T08:00:00+01:00")
LOOK = {
    "coordinators": "U03AMINA,0a000001-0000-4000-8000-000000000001",
    "contact": "Amina Hassan",
    "slack_audiences": "true",
    "lease_seconds": "5",
}
"""For looking at: what `knuff demo` has too, and a lease so short that one can wait for its end."""
ANSWER_SECONDS = 0.8
"""For looking at: how long a platform takes to say that it has a message. Whoever kills a process then finds messages
of which nobody knows yet whether they arrived."""
WHAT_TO_DO = """\
In the workplace, be Amina Hassan, write /knuff and start a cohort for everybody in #ledare. Then go to Monday at 08:15:
it takes about three minutes to send to all of them. Kill a process meanwhile (kill -9 and its number), and see on the
operator's page how the others go on. Ctrl-C stops all."""


class Fleet:
    """Started with `start`, or as a context. `processes` holds what was started last under each name ("web-1",
    "worker-1"), running or not."""

    def __init__(
        self,
        *,
        folder: Path,
        database_url: str,
        web: int = 2,
        workers: int = 3,
        platforms: Sequence[str] = PLATFORMS,
        workplace_arguments: Sequence[str] = (),
        workplace: str | None = None,
        front_port: int | None = None,
        knuff: Sequence[str] = ("bot.cli",),
        settings: Mapping[str, str] = NOTHING,
    ) -> None:
        """`settings` are Knuff's, without their prefix (`{"lease_seconds": "1"}`). `knuff`: what `python -m` runs
        before `serve` or `worker`. `workplace`: the address of one that somebody else started, and that reaches us at
        `front_port`."""
        self.database_url = database_url
        self.workplace = workplace or ""
        self.front_port = front_port or programs.free_port()
        self.processes: dict[str, Program] = {}
        self.names = [f"web-{number + 1}" for number in range(web)]
        self.names += [f"worker-{number + 1}" for number in range(workers)]
        self._folder = folder
        self._platforms = tuple(platforms)
        self._workplace_arguments = tuple(workplace_arguments)
        self._knuff = tuple(knuff)
        own = {"sends": "false", "page_address": f"http://127.0.0.1:{self.front_port}"}
        self._settings = own | dict(settings)
        self._ports = {name: programs.free_port() for name in self.names if name.startswith("web")}
        self._around = ExitStack()
        self.settings_of: dict[str, Mapping[str, str]] = {}
        """By name, where a process has others; obeyed when it is started the next time."""

    def start(self) -> None:
        """Start everything, the workplace and the way to the web processes first, and wait until each is ready."""
        self._around.enter_context(_front(self.front_port, list(self._ports.values()), folder=self._folder))
        if not self.workplace:
            place = programs.workplace(
                *self._workplace_arguments,
                folder=self._folder,
                request_url=f"http://127.0.0.1:{self.front_port}/slack/events",
            )
            self.workplace = self._around.enter_context(place).address
        with ThreadPoolExecutor(len(self.names)) as starting:
            list(starting.map(self.start_again, self.names))

    def stop(self) -> dict[str, int]:
        """Ask everybody to stop. Return the exit codes of those that ran."""
        running = [name for name in self.names if self.runs(name)]
        with ThreadPoolExecutor(len(self.names)) as stopping:
            codes = dict(zip(running, stopping.map(lambda name: self.processes[name].stop(), running), strict=True))
        self._around.close()
        return codes

    def kill(self, name: str) -> None:
        """As a crash does."""
        self.processes[name].kill()

    def start_again(self, name: str) -> Program:
        """Start a process of that name, which must not run, and wait until it is ready. Raises DidNotStart."""
        settings = programs.settings_for(
            self.workplace,
            platforms=self._platforms,
            database_url=self.database_url,
            port=str(self._ports.get(name, 0)),
            **self._settings | dict(self.settings_of.get(name, {})),
        )
        command, ready = ("serve", WEB_IS_READY) if name in self._ports else ("worker", WORKER_IS_READY)
        self.processes[name] = programs.start(
            name, *self._knuff, command, folder=self._folder, settings=settings, ready=ready
        )
        return self.processes[name]

    def runs(self, name: str) -> bool:
        return name in self.processes and self.processes[name].runs

    def __enter__(self) -> "Fleet":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def _front(port: int, ports: list[int], *, folder: Path) -> Iterator[None]:
    """One address for all web processes, which take turns; one that is gone is passed over."""
    targets = [f"127.0.0.1:{one}" for one in ports]
    with (folder / "front.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.chaos.proxy", str(port), *targets], stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def main() -> int:
    _stop_when_told()
    print("Starting PostgreSQL, the workplace and five of Knuff …", flush=True)
    with ExitStack() as around:
        folder = Path(around.enter_context(tempfile.TemporaryDirectory(prefix="knuff-fleet-")))
        server = postgres.named_server() or around.enter_context(postgres.running_server())
        url = around.enter_context(postgres.new_database(server))
        token = secrets.token_hex(32)
        settings = LOOK | {"operator_token": token}
        people = folder / "people.json"
        people.write_text(crowded().model_dump_json(), "utf-8")
        fleet = Fleet(
            folder=folder,
            database_url=postgres.as_text(url),
            workplace_arguments=(*WORKPLACE, "--data", str(people)),
            settings=settings,
        )
        try:
            fleet.start()
            _answer_slowly(fleet.workplace)
            _tell(fleet, folder, token)
            while True:
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            print("\nStopping.")
        except programs.DidNotStart as error:
            print(error)
            return 1
        finally:
            codes = fleet.stop()
    print(", ".join(f"{name} ended with {code}" for name, code in codes.items()))
    return 1 if any(codes.values()) else 0


def _answer_slowly(workplace: str) -> None:
    for platform in (SLACK, TEAMS):
        rule = {"method": platform.post, "kind": "slow_after_accept", "seconds": ANSWER_SECONDS}
        Hands(workplace).post(f"{platform.control}/faults", {"rules": [rule]})


def _tell(fleet: Fleet, folder: Path, token: str) -> None:
    print(f"The workplace    {fleet.workplace}")
    print(f"For operators    http://127.0.0.1:{fleet.front_port}/operator  password {token}")
    for name in fleet.names:
        program = fleet.processes[name]
        print(f"{name:15}  process {program.process.pid}  {program.address or 'sends'}")
    print(f"What they say    {folder}")
    print(f"A day added up   export KNUFF_DATABASE_URL='{fleet.database_url}' KNUFF_CLOCK_URL={fleet.workplace}/clock")
    print("                 .venv/bin/knuff account --date 2026-03-02")
    print(WHAT_TO_DO, flush=True)


def _stop_when_told() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


if __name__ == "__main__":
    sys.exit(main())
