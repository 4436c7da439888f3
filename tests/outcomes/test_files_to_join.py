"""What an organisation has been handed to join with its own, and what is said of a file that is none of that kind."""

from pathlib import Path

import pytest

from bot.commands.outcomes import join_outcomes
from tests.outcomes.made import a_cohort

GOOD = a_cohort(32, organisation="Region Örebro").model_dump_json()
ASK = "ask for the one that `knuff outcomes COHORT --released FILE` wrote."


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", f"is empty: {ASK}"),
        (b"Hej", f"is no JSON, or only a part of it: {ASK}"),
        (GOOD.encode()[:500], f"is no JSON, or only a part of it: {ASK}"),
        (GOOD.encode("cp1252"), f"is not in UTF-8, so it has been saved anew by something else: {ASK}"),
        (GOOD.encode("utf-16"), f"is not in UTF-8, so it has been saved anew by something else: {ASK}"),
        (
            GOOD.replace("knuff.outcomes/1", "knuff.outcomes/2").encode(),
            "was written by another version of Knuff: use the same version on both sides, and have it written again.",
        ),
        (
            b"[1]",
            f"is no file of released outcomes, or somebody has changed it so that it tells of too few people: {ASK}",
        ),
    ],
    ids=["empty", "no JSON", "cut off", "Windows-1252", "UTF-16", "another version", "something else"],
)
def test_a_file_that_cannot_be_joined_is_told_of_with_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes, said: str
) -> None:
    file = tmp_path / "theirs.json"
    file.write_bytes(written)

    assert join_outcomes([file, file], language="sv", html=None) == 2

    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"knuff: {file} {said}\n")


def test_a_file_with_a_byte_order_mark_is_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows editors put one there."""
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    ours.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    theirs.write_text(a_cohort(40, organisation="Kommun Exempel", seed=4).model_dump_json())

    assert join_outcomes([ours, theirs], language="sv", html=None) == 0

    assert "Region Örebro" in capsys.readouterr().out
