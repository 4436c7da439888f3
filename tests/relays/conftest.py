from collections.abc import Iterator

import pytest

from storage.database import Store
from tests.in_memory import in_memory
from tests.relays.builders import RelayWorld


@pytest.fixture
def world(store: Store) -> RelayWorld:
    """Once on each database."""
    return RelayWorld(store)


@pytest.fixture
def memory() -> Iterator[RelayWorld]:
    """In memory, for what is not about databases."""
    opened = in_memory()
    yield RelayWorld(opened)
    opened.close()
