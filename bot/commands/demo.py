"""`knuff demo`: the pretend workplace and Knuff beside it, both processes of their own, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console

import bot
from bot.commands.demo_past import write_past
from bot.commands.faults import CANNOT, plainly, say
from bot.commands.moments import moment
from bot.settings import read_settings

HOST = "127.0.0.1"
CODE = Path(bot.__file__).parents[1]
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
LAST_PORT = 65535
COORDINATORS = ("U03AMINA", "0a000001-0000-4000-8000-000000000001")
"""Amina Hassan (in Slack) and Sofia Lindgren (in Teams) of Älvsunda kommun, the municipality the workplace begins
with."""

WORKSPACE = "T0ALVSUNDA"
POSTS_PER_MINUTE = "300"
"""Whoever winds the clock sits and waits: the cohort with a past has its messages in five seconds, as fast as the
pretend workplace takes them."""
PAST = "Six weeks of practice in Vård och omsorg, one of its units"

WHAT_NEXT = """\
Some there work in Slack, some in Teams. As Amina Hassan (Slack)
or Sofia Lindgren (Teams), write "omgångar" to Knuff, or "cohorts",
and start a cohort with some of the people beside you.

Wind the clock on an hour and read the welcome as one of them. The
first exercise comes on the next working morning.

The leaders in Vård och omsorg are in their seventh week already:
open that cohort as Amina and look at its results.

Ctrl-C stops both.
"""

# Both processes read these. They open nothing but the pretend workplace.
SECRETS = {
    "KNUFF_SLACK_BOT_TOKEN": "xoxb-alvsunda-knuff",
    "KNUFF_SLACK_SIGNING_SECRET": "alvsunda-signing-secret",
    "KNUFF_TEAMS_APP_ID": "a1b2c3d4-0000-4000-8000-000000000001",
    "KNUFF_TEAMS_APP_PASSWORD": "alvsunda-teams-password",
    "KNUFF_TEAMS_TENANT_ID": "7e57a1d0-0000-4000-8000-00000000a1d0",
}


@plainly
def demo(*, port: int, clock_start: str) -> int:
    begins = moment(clock_start, option="--clock-start")
    if not _is_free(port):
        other = port + 1 if port < LAST_PORT else port - 1
        say(f"Port {port} is taken by another program. Choose another one: make demo PORT={other}")
        return CANNOT
    console = Console()
    _stop_when_told()
    with tempfile.TemporaryDirectory(prefix="knuff-demo-") as folder:
        try:
            return _run(console, Path(folder), port=port, begins=begins)
        except KeyboardInterrupt:
            console.print("\nBoth have stopped. Nothing is left behind.")
            return 0


def _run(console: Console, folder: Path, *, port: int, begins: datetime) -> int:
    workplace_at, knuff_port = f"http://{HOST}:{port}", _free_port()
    knuff_at = f"http://{HOST}:{knuff_port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KNUFF_")} | SECRETS
    database = folder / "knuff.db"
    settings = {
        "KNUFF_DATABASE_URL": f"sqlite:///{database}",
        "KNUFF_SLACK_API_URL": f"{workplace_at}/api/",
        "KNUFF_SLACK_AUDIENCES": "true",
        "KNUFF_TEAMS_OPENID_URL": f"{workplace_at}/teams/openid/.well-known/openidconfiguration",
        "KNUFF_TEAMS_TOKEN_URL": f"{workplace_at}/teams/token",
        "KNUFF_TEAMS_SERVICE_URL": f"{workplace_at}/teams/emea/",
        "KNUFF_CLOCK_URL": f"{workplace_at}/clock",
        "KNUFF_COORDINATORS": ",".join(COORDINATORS),
        "KNUFF_ORGANISATION": "Älvsunda kommun",
        "KNUFF_CONTACT": "Amina Hassan",
        "KNUFF_HOST": HOST,
        "KNUFF_PORT": str(knuff_port),
        "KNUFF_PAGE_ADDRESS": knuff_at,
        "KNUFF_POSTS_PER_MINUTE": POSTS_PER_MINUTE,
    }
    workplace = [
        "workplace", "--port", str(port), "--clock-start", begins.isoformat(), "--with-care",
        "--request-url", f"{knuff_at}/slack/events", "--teams-url", f"{knuff_at}/api/messages",
    ]  # fmt: skip
    console.print("\n[bold]Knuff, and a pretend workplace to try it in[/bold]\n")
    with _started(workplace, environment, folder / "workplace.log") as first:
        if not _wait(console, "The workplace: a small municipality, Älvsunda", first, f"{workplace_at}/clock"):
            return _failed(console, "The workplace", folder / "workplace.log")
        with _without_own_settings(environment | settings), console.status(PAST):
            write_past(database, read_settings(), workspace=WORKSPACE, coordinator=COORDINATORS[0], now=begins)
        console.print(f"[green]✓[/green] {PAST}", highlight=False)
        with _started(["bot.cli", "serve"], environment | settings, folder / "knuff.log") as second:
            if not _wait(console, "Knuff: database, lessons, both connections", second, f"{knuff_at}/ready"):
                return _failed(console, "Knuff", folder / "knuff.log")
            console.print(f"\nOpen [bold]{workplace_at}[/bold] in a browser.\n", highlight=False)
            console.print(WHAT_NEXT, highlight=False, soft_wrap=True)
            return _watch(console, {"The workplace": (first, "workplace.log"), "Knuff": (second, "knuff.log")}, folder)


def _watch(console: Console, processes: dict[str, tuple["subprocess.Popen[bytes]", str]], folder: Path) -> int:
    while True:
        for name, (process, log) in processes.items():
            if process.poll() is not None:
                return _failed(console, name, folder / log)
        time.sleep(0.3)


def _wait(console: Console, what: str, process: "subprocess.Popen[bytes]", address: str) -> bool:
    """Show progress until the address answers. False: the process ended, or takes too long."""
    until = time.monotonic() + READY_SECONDS
    with console.status(what):
        while time.monotonic() < until and process.poll() is None:
            if _answers(address):
                console.print(f"[green]✓[/green] {what}", highlight=False)
                return True
            time.sleep(0.1)
    return False


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=1) as answer:  # noqa: S310 - an address of our own
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _failed(console: Console, name: str, log: Path) -> int:
    console.print(f"[red]{name} has stopped.[/red] Its last words:\n", highlight=False)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]:
        console.print(f"  {line}", markup=False, highlight=False)
    return 1


@contextmanager
def _started(module: list[str], environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of our modules, and stop it when we are done. Ctrl-C reaches it too: it stops by itself."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", *module],
            cwd=CODE, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _without_own_settings(environment: dict[str, str]) -> Iterator[None]:
    """Let this process read the demo's settings, as its two others do."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _stop_when_told() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    handler: Callable[[int, FrameType | None], None] = stop
    # Ctrl-C too: whoever starts us in the background hands down that it be ignored, which Knuff itself does not heed.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)
