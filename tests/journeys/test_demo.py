"""`make demo`: one command, and there is a workplace to try Knuff in; Ctrl-C, and nothing is left."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.journeys.demo import demo
from tests.journeys.programs import free_port

pytestmark = pytest.mark.journey


def test_the_demo_shows_its_progress_and_stops_on_ctrl_c_leaving_nothing(tmp_path: Path) -> None:
    with demo(free_port(), folder=tmp_path) as running:
        assert running.words.count("✓") == 3
        assert "Ctrl-C" in running.words
        with urlopen(f"{running.address}/_control/people", timeout=5) as answer:
            in_slack = json.load(answer)
        with urlopen(f"{running.address}/_control/teams/people", timeout=5) as answer:
            in_teams = json.load(answer)
        assert in_slack["team"]["name"] == in_teams["tenant"]["name"] == "Älvsunda kommun"
        assert "Amina Hassan (Slack)" in running.words
        assert "Amina Hassan" in [person["real_name"] for person in in_slack["people"]]
        assert "Sofia Lindgren (Teams)" in running.words.replace("\n", " ")
        assert "Sofia Lindgren" in [person["name"] for person in in_teams["people"]]
        assert running.press_ctrl_c() == 0
        assert not running.has_left_processes
        assert "Traceback" not in running.words


def test_the_demo_takes_its_processes_along_when_it_alone_is_told_to_stop(tmp_path: Path) -> None:
    with demo(free_port(), folder=tmp_path) as running:
        os.kill(running.process.pid, signal.SIGTERM)
        running.process.wait(30)
        assert not running.has_left_processes


def test_a_taken_port_is_said_in_one_sentence_with_what_to_type_instead() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "demo", "--port", str(port)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"knuff: Port {port} is taken by another program. Choose another one: make demo PORT={port + 1}\n"
    )
