"""Programs started for a measurement, each in a process of its own and on a core of its own, and gone afterwards."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench import machine

SERVER_CORE = 0
LOAD_CORE = 1
"""Where whatever is not measured runs: load generators and stand-ins."""


SHOWN_LINES = 30


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def our_python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


@contextmanager
def running(
    command: Sequence[str], *, ready: str, core: int, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, which begins when `ready` answers. If it fails, its log is shown."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("KNUFF_")}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, env={**inherited, **(settings or {})}, stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            machine.pin(process.pid, core=core)
            _wait_for(ready, process)
            yield process
        except BaseException:
            _show_end_of(log)
            raise
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()


def _show_end_of(log: IO[bytes]) -> None:
    log.seek(0)
    sys.stderr.write("".join(line.decode(errors="replace") for line in log.readlines()[-SHOWN_LINES:]))


def _wait_for(url: str, process: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode} before it was ready")
        try:
            with urlopen(url, timeout=1):  # loopback, our own programs
                return
        except HTTPError:
            return  # it answers, if not with what was asked for
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {seconds:g} s")
