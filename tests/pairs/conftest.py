from collections.abc import Iterator

import pytest

from storage.database import Store
from tests.in_memory import in_memory
from tests.pairs.fika import FikaWorld


@pytest.fixture
def world(store: Store) -> FikaWorld:
    """Once on each database."""
    return FikaWorld(store)


@pytest.fixture
def memory() -> Iterator[FikaWorld]:
    """In memory, for what is not about databases."""
    opened = in_memory()
    yield FikaWorld(opened)
    opened.close()
