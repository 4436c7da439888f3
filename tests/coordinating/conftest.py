from dataclasses import replace

import pytest

from lessons.library import Library, load_library
from storage.database import Store
from tests.coordinating.office import Office
from tests.given import store

__all__ = ["library", "office", "store"]


@pytest.fixture(scope="session")
def library() -> Library:
    """Ours, with the one programme that these are about."""
    library = load_library()
    return replace(library, programmes={"eight-weeks": library.programme("eight-weeks")})


@pytest.fixture
def office(store: Store, library: Library) -> Office:
    return Office(store=store, library=library)
