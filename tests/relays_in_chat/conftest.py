import pytest

from lessons.library import Library
from storage.database import Store
from tests.given import library, store
from tests.relays_in_chat.relay_room import RelayRoom
from tests.web.places import place

__all__ = ["library", "place", "room", "store"]


@pytest.fixture
def room(store: Store, library: Library) -> RelayRoom:
    """Three teams, the second of them in Teams, and no relay yet."""
    room = RelayRoom(store=store, library=library)
    room.make_teams()
    return room
