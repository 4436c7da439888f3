"""Processes as an operator's supervisor runs them: killed, frozen and thawed, started again when they end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOOK_SECONDS = 0.1
STOP_SECONDS = 20.0


@dataclass(kw_only=True)
class Machine:
    """One program of ours, by name. It runs from `start` until `stop`, whatever happens to it meanwhile."""

    name: str
    arguments: Sequence[str]
    """After `python -m`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    folder: Path
    ready: str = ""
    """What it writes once it is up."""
    ended_by_itself: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _is_wanted: bool = False
    _could_hear: bool = True
    _wrote_before: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with self._lock:
            self._is_wanted = True
            self._begin()

    def kill(self) -> None:
        """kill -9; the supervisor starts it again."""
        with self._lock:
            self._end()

    def cut(self) -> None:
        """kill -9, and it stays away until it is started."""
        with self._lock:
            self._is_wanted = False
            self._end()

    def freeze(self) -> None:
        """SIGSTOP: it lives, and does nothing until it is thawed."""
        self._send(signal.SIGSTOP)

    def thaw(self) -> None:
        self._send(signal.SIGCONT)

    def ask_to_stop(self) -> None:
        with self._lock:
            self._is_wanted = False
            self._could_hear = self.is_up  # before that, it may not know yet that it can be asked
        self._send(signal.SIGTERM)

    def stopped_with(self) -> int:
        """Return the exit code of a machine that was asked to stop; one that will not stop is killed, which shows."""
        assert self._process is not None
        try:
            code = self._process.wait(STOP_SECONDS)
            return 0 if code == -signal.SIGTERM and not self._could_hear else code
        except subprocess.TimeoutExpired:
            self.cut()
            return self._process.wait()

    @property
    def is_up(self) -> bool:
        """Whether it has said so since it was started last."""
        with self._log.open("rb") as said:
            said.seek(self._wrote_before)
            return self.ready.encode() in said.read()

    def look_after(self) -> None:
        """Start it again if it has ended and should not have."""
        with self._lock:
            if self._is_wanted and self._process is not None and self._process.poll() is not None:
                self.ended_by_itself += 1
                self._begin()

    def _begin(self) -> None:
        own = {key: value for key, value in os.environ.items() if not key.startswith("KNUFF_")}
        with self._log.open("ab") as said:
            self._wrote_before = said.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=own | dict(self.settings),
            )

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._is_wanted:
            self._begin()

    @property
    def _log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def _send(self, number: signal.Signals) -> None:
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(number)


class Supervisor:
    """Looks after machines in a thread of its own, until it is stopped."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self._machines = machines
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            for machine in self._machines:
                machine.look_after()
