from collections.abc import Iterator
from dataclasses import replace

import pytest

from lessons.library import Library, load_library
from storage.database import Store
from tests.coordinating.office import Office
from tests.in_memory import in_memory


@pytest.fixture(scope="session")
def library() -> Library:
    """Ours, with the one programme that these are about."""
    library = load_library()
    return replace(library, programmes={"eight-weeks": library.programme("eight-weeks")})


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with nothing in it: in memory, and for the modules in `ON_BOTH_DATABASES` on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "postgresql":
        yield request.getfixturevalue("emptied_postgres")
        return
    store = in_memory()
    yield store
    store.close()


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=library)
