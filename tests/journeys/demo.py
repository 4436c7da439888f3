"""`knuff demo` as somebody at a terminal starts it: on a port of its own, in a process group of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

READY_SECONDS = 90
STOP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Demo:
    process: subprocess.Popen[bytes]
    address: str
    said: Path

    @property
    def words(self) -> str:
        """All it has written to the terminal."""
        return self.said.read_text("utf-8")

    def press_ctrl_c(self) -> int:
        """As the terminal does: everybody in the foreground is told. Return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    @property
    def has_left_processes(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextmanager
def demo(port: int, *, folder: Path) -> Iterator[Demo]:
    """Start it and enter when its page answers; whatever is left at the end is killed."""
    said = folder / "demo.log"
    with said.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "demo", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Demo(process, f"http://127.0.0.1:{port}", said)
    try:
        _wait_until_ready(running)
        yield running
    finally:
        if process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                running.press_ctrl_c()
        if running.has_left_processes:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_ready(running: Demo) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and running.process.poll() is None:
        if f"Open {running.address}" in running.words and _answers(running.address):
            return
        time.sleep(0.05)
    raise AssertionError(f"the demo did not start:\n{running.words}")


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
