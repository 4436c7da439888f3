"""What an operator types, and what becomes of it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main

CODE = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


class Knuff:
    """`knuff` in this process: to start one for each sentence takes a hundred times as long. What would end it with a
    stack trace is raised here. For what begins to run (`serve` once its settings are right), start a process."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str, **environment: str) -> Ended:
        self._capsys.readouterr()
        with self._monkeypatch.context() as typed:
            typed.setattr(sys, "argv", ["knuff", *arguments])
            for name, value in environment.items():
                typed.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        said = self._capsys.readouterr()
        return Ended(returncode=int(ended.value.code or 0), stdout=said.out, stderr=said.err)


def in_a_process(*arguments: str, **environment: str) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=CODE, env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return Ended(returncode=done.returncode, stdout=done.stdout, stderr=done.stderr)
