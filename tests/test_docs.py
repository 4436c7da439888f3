"""What the documents say of settings, of the log and of each other is so."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.settings import Settings

PROJECT = Path(__file__).parents[1]
RUNNING = PROJECT / "docs" / "running.md"
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")])
SETTINGS = {f"KNUFF_{name}".upper(): field for name, field in Settings.model_fields.items()}
NAME = re.compile(r"\bKNUFF_\w*[A-Z0-9]\b")
ROW = re.compile(r"^\| (`KNUFF_[^|]*) \| ([^|]*) \|", re.MULTILINE)
ROOMS = ("bench", "bot", "lessons", "scheduler", "storage")
WORD_OF_CODE = re.compile(r"`([a-z]+(?:_[a-z0-9]+)+)`")
# Other people's words, and such as we put together from a status.
NOT_IN_THE_CODE = re.compile(r"invalid_request|unauthorized_client|node_modules|pg_dump|http_\d{3}")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def default_of(name: str) -> str:
    """The default as the table tells it."""
    default = SETTINGS[name].default
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, float) else str(default or "–")


def anchors_of(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text_of(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def words_of_the_code() -> set[str]:
    code = (text_of(path) for room in ROOMS for path in (PROJECT / room).rglob("*.py"))
    return {word for text in code for word in re.findall(r"\w+", text)}


def test_every_setting_is_explained_to_whoever_runs_knuff() -> None:
    assert set(SETTINGS) <= set(NAME.findall(text_of(RUNNING)))


def test_the_defaults_of_settings_are_those_that_are_told() -> None:
    rows = ROW.findall(text_of(RUNNING))
    assert rows
    for names, defaults in rows:
        several = NAME.findall(names)
        told = [value.strip(" `") for value in defaults.split(",")]
        assert [default_of(name) for name in several] == (told * len(several))[: len(several)], names


@each_document
def test_a_document_names_no_setting_that_is_none(document: Path) -> None:
    assert set(NAME.findall(text_of(document))) <= set(SETTINGS)


@each_document
def test_what_is_said_to_stand_in_the_log_or_the_database_does(document: Path) -> None:
    named = {name for name in WORD_OF_CODE.findall(text_of(document)) if not NOT_IN_THE_CODE.fullmatch(name)}
    assert named - words_of_the_code() == set()


@each_document
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target, anchor in LINK.findall(text_of(document)):
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), target
        assert not anchor or anchor in anchors_of(path), f"{target}#{anchor}"
