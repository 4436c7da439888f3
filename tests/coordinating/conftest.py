from collections.abc import Iterator

import pytest

from lessons.library import Library, load_library
from storage.database import Store, open_store
from storage.tables import metadata
from tests.coordinating.office import Office


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store("sqlite://")
    metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=library)
