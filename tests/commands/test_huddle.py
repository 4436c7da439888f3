"""`knuff huddle`: a page to print, or a sentence that says what is wrong."""

from pathlib import Path

import pytest

from bot.commands.faults import CANNOT
from bot.commands.huddle import huddle


def test_the_card_is_written_to_the_file_or_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "relay.html"
    assert huddle("relay", language="sv", out=out) == 0
    assert capsys.readouterr().out == f"{out} is ready: open it in a browser and print it on A4.\n"
    assert huddle("relay", language="sv", out=None) == 0
    assert capsys.readouterr().out == out.read_text(encoding="utf-8")
    assert '<html lang="sv">' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("challenge", "language", "out", "says"),
    [
        ("idea_sprint", "sv", None, "There is no challenge 'idea_sprint'. There is: assumption-test, "),
        ("relay", "fi", None, "--language is sv or en, not 'fi'."),
        ("relay", "en", Path("/nowhere/relay.html"), "--out /nowhere/relay.html cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_said(
    challenge: str, language: str, out: Path | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert huddle(challenge, language=language, out=out) == CANNOT
    assert says in capsys.readouterr().err
