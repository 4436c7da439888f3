"""A load generator in a process of its own: requests made beforehand, over raw sockets.

    python -m bench.load JSON       the fields of `Load`

With `per_second` the requests go out at a constant rate whatever the server does, and latency counts from the moment
each was meant to go: a slow server cannot slow its examiner down.
"""

import asyncio
import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import cast

import uvloop

from bench import machine, presses, teams_messages
from bench.programs import LOAD_CORE, our_python
from bench.slack_stand_in import SIGNING_SECRET, WORKSPACE

PLATFORMS_WAIT_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """Presses of the deliveries `first` to `first + count - 1`."""

    port: int
    first: int
    count: int
    run: str
    connections: int
    per_second: float | None = None
    seconds_ahead: float = 0
    """The server's clock, ahead of ours."""
    teams: str | None = None
    """Where the stand-in for Teams is, which gives tokens; None: Slack's presses, signed with the invented secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`refused` answers were not 200; `late` ones came later than platforms wait. Latencies in milliseconds."""

    seconds: float
    refused: int
    late: int
    p50: float
    p99: float
    worst: float


def put(load: Load) -> Outcome:
    """Run the load in a process of its own and wait for it."""
    done = subprocess.run(
        our_python("bench.load", json.dumps(asdict(load))), stdout=subprocess.PIPE, check=True, timeout=300
    )
    return Outcome(**json.loads(done.stdout))


class Connection(asyncio.Protocol):
    """One kept-alive connection with at most one request on the way."""

    def __init__(self, idle: deque["Connection"], finished: "Finished") -> None:
        self._idle = idle
        self._finished = finished
        self._received = b""
        self._since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is no subclass of it

    def ask(self, request: bytes, *, since: float) -> None:
        self._since = since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < _content_length(head):
            return
        self._received = b""
        self._idle.append(self)
        self._finished(perf_counter() - self._since, ok=head.startswith(b"HTTP/1.1 200"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self not in self._idle:
            self._finished(perf_counter() - self._since, ok=False)


class Finished:
    """What became of the requests, and what to do when one is done."""

    def __init__(self, count: int) -> None:
        self.latencies: list[float] = []
        self.refused = 0
        self.all = asyncio.Event()
        self.and_then: Callable[[], None] = _nothing
        self._count = count

    def __call__(self, seconds: float, *, ok: bool) -> None:
        self.latencies.append(seconds)
        self.refused += not ok
        if len(self.latencies) == self._count:
            self.all.set()
        else:
            self.and_then()


async def generate(load: Load) -> Outcome:
    waiting = deque(_signer(load).requests(range(load.first, load.first + load.count), run=load.run))
    finished = Finished(load.count)
    idle: deque[Connection] = deque()
    loop = asyncio.get_running_loop()
    for _ in range(load.connections):
        _, connection = await loop.create_connection(lambda: Connection(idle, finished), "127.0.0.1", load.port)
        idle.append(connection)
    started = perf_counter()
    (_closed if load.per_second is None else _open)(load, waiting, idle, finished, started)
    await finished.all.wait()
    latencies = sorted(finished.latencies)
    return Outcome(
        seconds=perf_counter() - started,
        refused=finished.refused,
        late=sum(1 for latency in latencies if latency > PLATFORMS_WAIT_SECONDS),
        p50=latencies[len(latencies) // 2] * 1000,
        p99=latencies[int(len(latencies) * 0.99)] * 1000,
        worst=latencies[-1] * 1000,
    )


def _signer(load: Load) -> presses.Signer | teams_messages.Signer:
    host = f"127.0.0.1:{load.port}"
    if load.teams is not None:
        return teams_messages.Signer(stand_in=load.teams, host=host, seconds_ahead=load.seconds_ahead)
    return presses.Signer(workspace=WORKSPACE, secret=SIGNING_SECRET, host=host, seconds_ahead=load.seconds_ahead)


def _closed(load: Load, waiting: deque[bytes], idle: deque[Connection], finished: Finished, started: float) -> None:
    """Every connection asks again as soon as it is answered."""

    def ask() -> None:
        while waiting and idle:
            idle.popleft().ask(waiting.popleft(), since=perf_counter())

    finished.and_then = ask
    ask()


def _open(load: Load, waiting: deque[bytes], idle: deque[Connection], finished: Finished, started: float) -> None:
    """Requests come at their times; one that finds no connection idle waits, and its waiting counts."""
    loop = asyncio.get_running_loop()
    offset = loop.time() - started
    due: deque[tuple[float, bytes]] = deque()

    def ask() -> None:
        while due and idle:
            since, request = due.popleft()
            idle.popleft().ask(request, since=since)

    def come(number: int, since: float) -> None:
        due.append((since, waiting.popleft()))
        ask()
        if waiting:
            following = started + (number + 1) / (load.per_second or 1)
            loop.call_at(following + offset, come, number + 1, following)

    finished.and_then = ask
    come(0, started)


def _nothing() -> None:
    pass


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


if __name__ == "__main__":
    machine.pin(0, core=LOAD_CORE)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(generate(Load(**json.loads(sys.argv[1])))))))
