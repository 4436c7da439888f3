"""`knuff manifest teams`, given what it cannot use."""

from pathlib import Path
from typing import Any

import pytest

from bot.commands.manifest import write_teams_package

GOOD: dict[str, Any] = {
    "url": "https://knuff.example.se",
    "app_id": "a1b2c3d4-0000-4000-8000-000000000001",
    "name": "Knuff",
    "about": "https://example.se/personuppgifter",
}


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"url": "http://knuff.example.se"}, "--url"),
        ({"url": "https://"}, "--url"),
        ({"url": "https://["}, "--url"),
        ({"url": "https://knuff example.se"}, "--url"),
        ({"url": ""}, "--url"),
        ({"app_id": "knuff"}, "--app-id"),
        ({"app_id": "{a1b2c3d4-0000-4000-8000-000000000001}"}, "--app-id"),
        ({"name": "k" * 31}, "--name"),
        ({"name": " "}, "--name"),
        ({"about": "our page"}, "--about"),
    ],
)
def test_what_teams_would_not_take_is_said_in_a_sentence_and_nothing_is_written(
    wrong: dict[str, str], names: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "knuff-teams.zip"
    assert write_teams_package(**GOOD | wrong, out=out) == 2
    said = capsys.readouterr().err
    assert names in said
    assert said.count("\n") == 1
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_teams_package(**GOOD, out=tmp_path / "no" / "such.zip") == 2
    assert "--out" in capsys.readouterr().err
    assert write_teams_package(**GOOD, out=tmp_path) == 2


def test_a_package_may_be_written_anew(tmp_path: Path) -> None:
    out = tmp_path / "knuff-teams.zip"
    assert [write_teams_package(**GOOD, out=out) for _ in range(2)] == [0, 0]
    assert out.read_bytes().startswith(b"PK")
