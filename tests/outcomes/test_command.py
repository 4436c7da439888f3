"""`knuff outcomes`: in sentences, as files, and several organisations' together."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.commands.outcomes import join_outcomes, show_outcomes
from storage.database import open_store
from storage.tables.people import Organisation
from storage.tables.programmes import Cohort
from tests.commands.typed import Knuff
from tests.outcomes.made import a_cohort
from tests.outcomes.released import a_closed_cohort, a_relay
from tests.scheduler.world import World


@pytest.fixture
def kept(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """On SQLite alone: what is read of a database is tested on both in `test_gathering`."""
    database_url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'knuff.db')}"
    monkeypatch.setenv("KNUFF_DATABASE_URL", database_url)
    monkeypatch.setenv("KNUFF_ORGANISATION", "Region Exempel")
    store = open_store(database_url)
    world = World(store)
    a_closed_cohort(world)
    a_relay(world, list(range(1, 13)))
    yield world
    store.close()


def shown(cohort: str, *, language: str = "sv", semicolon: bool = False, **files: Path) -> int:
    wanted = {name: files.get(name) for name in ("html", "csv", "released")}
    return show_outcomes(cohort, language=language, semicolon=semicolon, **wanted)


def test_in_a_terminal_it_is_sentences_and_every_measure_of_skl_is_there(
    kept: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown("Stafetten i höst") == 0
    told = capsys.readouterr().out
    assert "12 personer i omgången har varit med i ett lag" in told
    assert "Kunskap om att stimulera innovation – Sista veckan" in told
    assert told.count("SKL redovisade inte mätmetod eller svarsfrekvens") == 8
    assert shown("1", language="en") == 0
    assert "SKL did not report its method" in capsys.readouterr().out


def test_what_one_organisation_has_released_is_joined_with_anothers(
    kept: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs, page = (tmp_path / name for name in ("ours.json", "theirs.json", "both.html"))
    assert shown("1", released=ours) == 0
    theirs.write_text(a_cohort(40, organisation="Kommun Exempel", seed=4).model_dump_json())
    assert join_outcomes([ours, theirs], language="sv", html=None) == 0
    assert "Summan gäller 2 av 2 organisationer" in capsys.readouterr().out
    assert join_outcomes([ours, theirs], language="en", html=page) == 0
    assert "Kommun Exempel" in page.read_text()
    assert join_outcomes([ours, ours], language="sv", html=None) == 2
    assert "is there twice" in capsys.readouterr().err


def test_nothing_is_released_without_the_name_of_who_releases_it(
    kept: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KNUFF_ORGANISATION")
    file, page = tmp_path / "ours.json", tmp_path / "ours.html"
    assert shown("1", released=file, html=page) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith("knuff: Set KNUFF_ORGANISATION to your organisation's name first: ")
    assert not file.exists()
    assert not page.exists()
    assert shown("1", html=page) == 0, "for themselves"


def test_what_does_not_say_whose_it_is_is_not_joined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nameless, named = tmp_path / "a.json", tmp_path / "b.json"
    nameless.write_text(a_cohort(32, organisation="").model_dump_json())
    named.write_text(a_cohort(40, seed=4).model_dump_json())
    assert join_outcomes([named, nameless], language="sv", html=None) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "a.json does not name its organisation" in told.err


def test_the_table_opens_in_a_swedish_spreadsheet(kept: World, tmp_path: Path) -> None:
    assert shown("1", csv=tmp_path / "a.csv", semicolon=True) == 0
    written = (tmp_path / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    [names, *rows] = csv.reader(written.decode("utf-8-sig").splitlines(), delimiter=";")
    assert {len(row) for row in rows} == {len(names)}
    assert {"Omgång", "Fick frågan", "Osäkerhet till"} <= set(names)


@pytest.mark.parametrize(
    ("cohort", "said"),
    [
        ("Fyra", "fewer than 5 people"),
        ("Ingen", "There is no cohort 'Ingen'"),
        ("Stafetten i höst", "2 cohorts are called"),
    ],
)
def test_what_cannot_be_told_is_explained_in_one_sentence(
    kept: World, capsys: pytest.CaptureFixture[str], cohort: str, said: str
) -> None:
    a_closed_cohort(kept, 4, name="Fyra")
    a_closed_cohort(kept, 6)
    assert shown(cohort) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert said in told.err


def test_another_organisations_cohort_in_the_same_database_is_no_cohort(
    kept: World, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = a_closed_cohort(kept, name="Grannens")

    def give_away(session: Session) -> None:
        other = Organisation(name="Grannkommunen", created_at=kept.founded_at)
        session.add(other)
        session.flush()
        session.get_one(Cohort, theirs).organisation_id = other.id

    kept.store.write_now(give_away)
    for wanted in (str(theirs), "Grannens"):
        assert shown(wanted) == 2
        told = capsys.readouterr()
        assert (told.out, "There is no cohort" in told.err) == ("", True)


@pytest.mark.parametrize(
    "arguments", [("a", "b", "--join", "--csv", "c"), ("a", "b", "--join", "--released", "c"), ("a", "--semicolon")]
)
def test_what_would_write_nothing_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    ended = Knuff(capsys, monkeypatch)("outcomes", *arguments)
    assert ended.returncode == 2
    assert ("--join is read here" in ended.stderr) is ("--join" in arguments)
    assert ("--semicolon says how" in ended.stderr) is ("--semicolon" in arguments)


def test_a_file_somebody_has_changed_to_tell_of_three_people_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(a_cohort(32).model_dump_json().replace('"participants":29', '"participants":3'))
    assert join_outcomes([spoilt, spoilt], language="sv", html=None) == 2
    assert "is no file of released outcomes" in capsys.readouterr().err
