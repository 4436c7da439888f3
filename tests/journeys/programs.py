"""Our programs, each in a process of its own, as an operator runs them: started, asked to stop, or killed."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

READY_SECONDS = 60
STOP_SECONDS = 20
BOT_TOKEN = "xoxb-alvsunda-knuff"
APP_TOKEN = "xapp-1-A0KNUFF-alvsunda"
SIGNING_SECRET = "alvsunda-signing-secret"
TEAMS_APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
TEAMS_PASSWORD = "alvsunda-teams-password"
TEAMS_TENANT = "7e57a1d0-0000-4000-8000-00000000a1d0"


class DidNotStart(Exception):
    """The program ended, or said nothing, before it was ready; the text is what it wrote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    process: subprocess.Popen[bytes]
    address: str
    said: Path
    """Everything it has written, both streams."""

    def kill(self) -> None:
        """As a crash does: no signal handler runs."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As an operator does. Return the exit code; a program that will not stop is killed, which shows in it."""
        self.process.terminate()
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.process.wait()

    @property
    def runs(self) -> bool:
        return self.process.poll() is None


def start(
    name: str, *arguments: str, folder: Path, settings: Mapping[str, str] | None = None, ready: str | None = None
) -> Program:
    """Start `python -m …` and wait until it says its address (`name: http://…`), or what `ready` looks for; its group,
    if it has one, is the address. Raises DidNotStart."""
    said = folder / f"{name}-{time.monotonic_ns()}.log"
    own = {key: value for key, value in os.environ.items() if not key.startswith("KNUFF_")}
    with said.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            env=own | dict(settings or {}),
        )
    wanted = re.compile(ready or rf"^{name}: (http://\S+)$", re.MULTILINE)
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if found := wanted.search(said.read_text("utf-8")):
            return Program(process=process, address=found[1] if wanted.groups else "", said=said)
        if process.poll() is not None:
            break
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise DidNotStart(f"{name} ended with {process.returncode}:\n{said.read_text('utf-8')}")


@contextmanager
def workplace(*arguments: str, folder: Path, request_url: str) -> Iterator[Program]:
    """The pretend workplace on a free port, until the end of the block."""
    teams_url = urljoin(request_url, "/api/messages")
    program = start(
        "workplace", "workplace", "--port", "0", "--request-url", request_url, "--teams-url", teams_url, *arguments,
        folder=folder,
    )  # fmt: skip
    try:
        yield program
    finally:
        program.kill()


def serve(
    *, folder: Path, port: int, database_url: str, workplace: str, platforms: Iterable[str] = ("slack",), **more: str
) -> Program:
    """`knuff serve` for that workplace, on its clock; `more` are settings without their prefix ("lease_seconds")."""
    settings = settings_for(workplace, platforms=platforms, database_url=database_url, port=str(port), **more)
    return start("knuff", "bot.cli", "serve", folder=folder, settings=settings)


def settings_for(workplace: str, *, platforms: Iterable[str], **more: str) -> dict[str, str]:
    """Return the environment of a Knuff for that workplace, on its clock; `more` as in `serve`."""
    settings = {
        "clock_url": f"{workplace}/clock",
        "organisation": "Älvsunda kommun",
        "coordinators": "U03AMINA",
        "host": "127.0.0.1",
    }
    for platform in platforms:
        settings |= _SETTINGS_OF[platform](workplace)
    return {f"KNUFF_{key.upper()}": value for key, value in (settings | more).items()}


def _slack_settings(workplace: str) -> dict[str, str]:
    return {
        "slack_bot_token": BOT_TOKEN,
        "slack_signing_secret": SIGNING_SECRET,
        "slack_api_url": f"{workplace}/api/",
    }


def _teams_settings(workplace: str) -> dict[str, str]:
    return {
        "teams_app_id": TEAMS_APP_ID,
        "teams_app_password": TEAMS_PASSWORD,
        "teams_tenant_id": TEAMS_TENANT,
        "teams_openid_url": f"{workplace}/teams/openid/.well-known/openidconfiguration",
        "teams_token_url": f"{workplace}/teams/token",
        "teams_service_url": f"{workplace}/teams/emea/",
    }


_SETTINGS_OF = {"slack": _slack_settings, "teams": _teams_settings}


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
