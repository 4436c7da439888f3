import pytest

from storage.database import Store
from tests.scheduler.world import World


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
