import pytest

from lessons.library import Library
from storage.database import Store
from tests.given import library, store
from tests.rounds_in_chat.team_room import TeamRoom

__all__ = ["library", "room", "store"]


@pytest.fixture
def room(store: Store, library: Library) -> TeamRoom:
    """A coordinator, and nobody in a team yet."""
    return TeamRoom(store=store, library=library)
