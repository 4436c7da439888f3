from collections.abc import Iterator

import pytest

from storage.database import Store
from tests.in_memory import in_memory
from tests.scheduler.offices import Office
from tests.scheduler.world import World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.fixture
def memory() -> Iterator[World]:
    """A world in memory, for what is about days and not about databases."""
    opened = in_memory()
    yield World(opened)
    opened.close()
