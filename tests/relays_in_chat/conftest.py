from collections.abc import Iterator

import pytest

from lessons.library import Library, load_library
from storage.database import Store
from tests.in_memory import in_memory
from tests.relays_in_chat.relay_room import RelayRoom
from tests.web.places import place

__all__ = ["library", "place", "room", "store"]


@pytest.fixture(scope="session")
def library() -> Library:
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


@pytest.fixture
def room(store: Store, library: Library) -> RelayRoom:
    """Three teams, the second of them in Teams, and no relay yet."""
    room = RelayRoom(store=store, library=library)
    room.make_teams()
    return room
