"""What tests of the conversation begin with: a conftest takes these by their names."""

from collections.abc import Iterator

import pytest

from lessons.library import Library, load_library
from storage.database import Store
from tests.in_memory import in_memory


@pytest.fixture(scope="session")
def library() -> Library:
    """Ours, whole."""
    return load_library()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with nothing in it: in memory, and for the modules in `ON_BOTH_DATABASES` on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "postgresql":
        yield request.getfixturevalue("emptied_postgres")
        return
    store = in_memory()
    yield store
    store.close()
