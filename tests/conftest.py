"""What every test may ask for: an empty database of either kind, a server of PostgreSQL, a browser.

The server and the migrated templates are made once per worker, and only when a test asks for them.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import URL, make_url

from tests import postgres
from tests.as_new import AsNew, empty
from tests.browser import _function_scoped_runner, browser, chromium_path, context, page
from tests.shares import journeys_first

if TYPE_CHECKING:
    from storage.database import Store

__all__ = ["_function_scoped_runner", "browser", "chromium_path", "context", "page"]

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
ON_BOTH_DATABASES = (
    {"tests.rounds_in_chat.test_an_idea_sprint", "tests.relays_in_chat.test_a_whole_relay"}
    | {
        f"tests.conversation.test_{name}"
        for name in (
            "nudges",
            "follow_ups",
            "plans",
            "recall",
            "recall_in_a_week",
            "recall_at_home",
            "typed",
            "my_data",
            "rhythm",
            "focus",
            "peers",
        )
    }
    | {
        f"tests.coordinating.test_{name}"
        for name in (
            "new_cohort",
            "running_cohort",
            "who_takes_part",
            "account",
            "meetings",
            "meetings_of_leaders",
            "versions_and_meetings",
        )
    }
)
"""What the desk does for people, and may not do on one database only. The other tests of its rooms take SQLite."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store" in metafunc.fixturenames and metafunc.module.__name__ in ON_BOTH_DATABASES:
        metafunc.parametrize("store", KINDS, indirect=True)


# The same cases in every run, however slow the machine.
settings.register_profile("knuff", deadline=None, derandomize=True, database=None)
settings.load_profile("knuff")


def pytest_configure() -> None:
    """Forget what the person running the tests has set for a Knuff of their own."""
    for name in [name for name in os.environ if name.startswith("KNUFF_")]:
        del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")):
        items[:] = journeys_first(items, is_journey=lambda item: "journey" in item.keywords, workers=workers)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form waits here for its turn however slow the machine is. The tests of that patience set their own."""
    monkeypatch.setattr("bot.intake.TURN_COMES_WITHIN_SECONDS", 60.0)
    monkeypatch.setattr("bot.intake.TURN_COMES_ON_PAGE_SECONDS", 60.0)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The server that TEST_DATABASE_URL names, or one from the wheel that is stopped at the end, also after a crash."""
    if named := postgres.named_server():
        yield named
        return
    with postgres.running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: URL) -> str:
    """The server's own database, as text: for looking at the server, not for keeping anything in."""
    return postgres.as_text(postgres_server)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database with nothing in it, the test's own: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_sqlite")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'knuff.db')}"
        return
    as_new: AsNew = request.getfixturevalue("postgres_as_new")
    with as_new.lent() as url:
        yield postgres.as_text(url)


@pytest.fixture
def store(database_url: str) -> "Iterator[Store]":
    """An empty database, once of each kind."""
    from storage.database import open_store

    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def emptied_postgres(shared_postgres: "Store") -> "Iterator[Store]":
    """A store on PostgreSQL that every test of a run shares, with nothing in it: a tenth of the cost of a new one."""
    yield shared_postgres
    empty(shared_postgres.engine)


@pytest.fixture(params=KINDS)
def blank_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without so much as a table, for tests of the migrations: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'knuff.db'}"
        return
    with postgres.new_database(request.getfixturevalue("postgres_server")) as url:
        yield postgres.as_text(url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("template") / "knuff.db"
    _upgrade(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: URL) -> Iterator[str]:
    """The name of a migrated database to copy."""
    with postgres.new_database(postgres_server) as url:
        _upgrade(url)
        assert url.database
        yield url.database


@pytest.fixture(scope="session")
def postgres_as_new(postgres_server: URL, migrated_postgres: str) -> Iterator[AsNew]:
    """The database that one test after the other has to itself."""
    kept = AsNew(postgres_server, template=migrated_postgres)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def shared_postgres(postgres_server: URL, migrated_postgres: str) -> "Iterator[Store]":
    from storage.database import open_store

    with postgres.new_database(postgres_server, template=migrated_postgres) as url:
        store = open_store(postgres.as_text(url))
        yield store
        store.close()


def _upgrade(url: URL) -> None:
    # Here and not above: tests that need no database must not wait for Alembic.
    from storage.database import upgrade

    upgrade(postgres.as_text(url))
