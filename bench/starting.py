"""Starting: how long `knuff --help` takes, and how much memory `knuff serve` holds when it has nothing to do.

python -m bench.starting [--small]
"""

import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import databases, machine
from bench.figures import Figure, report, say
from bench.programs import LOAD_CORE, SERVER_CORE, free_port, our_python, running
from bench.slack_stand_in import BOT_TOKEN, SIGNING_SECRET

TIMES = 10
SETTLED_SECONDS = 20
"""After this long, whatever start-up needed has been given back or never will be."""


def main(*, small: bool) -> None:
    say(f"starting: knuff --help, {TIMES} times, and a Python that does nothing in between")
    pairs = [(_seconds(_knuff("--help")), _seconds([sys.executable, "-c", ""])) for _ in range(TIMES)]
    value, baseline = (median(column) for column in zip(*pairs, strict=True))
    report(Figure(name="starting.help", value=value, unit="s", baseline=baseline))
    say("starting: knuff serve, idle")
    report(Figure(name="starting.idle_memory", value=_idle_memory_mb(2 if small else SETTLED_SECONDS), unit="MB"))


def _seconds(command: list[str]) -> float:
    started = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - started


def _idle_memory_mb(settled_seconds: float) -> float:
    """Resident memory of `serve` on SQLite, connected to the pretend workplace."""
    workplace_port, port = free_port(), free_port()
    workplace = f"http://127.0.0.1:{workplace_port}"
    command = our_python("workplace", "--port", str(workplace_port))
    secrets = {"KNUFF_SLACK_BOT_TOKEN": BOT_TOKEN, "KNUFF_SLACK_SIGNING_SECRET": SIGNING_SECRET}
    with running(command, ready=workplace, core=LOAD_CORE, settings=secrets), databases.sqlite_url() as url:
        ours = {"KNUFF_DATABASE_URL": url, "KNUFF_SLACK_API_URL": f"{workplace}/api/", "KNUFF_PORT": str(port)}
        ready = f"http://127.0.0.1:{port}/health"
        with running(_knuff("serve"), ready=ready, core=SERVER_CORE, settings=secrets | ours) as process:
            time.sleep(settled_seconds)
            return machine.memory_mb(process.pid)


def _knuff(*arguments: str) -> list[str]:
    """The command as installed; from a tree that is not, the module behind it."""
    installed = Path(sysconfig.get_path("scripts"), "knuff")
    return [str(installed), *arguments] if installed.exists() else our_python("bot.cli", *arguments)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
