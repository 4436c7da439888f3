from collections.abc import Iterator

import pytest

from storage.database import Store
from tests.in_memory import in_memory
from tests.rounds.builders import TeamWorld


@pytest.fixture
def world(store: Store) -> TeamWorld:
    """Once on each database."""
    return TeamWorld(store)


@pytest.fixture
def memory() -> Iterator[TeamWorld]:
    """In memory, for what is not about databases."""
    opened = in_memory()
    yield TeamWorld(opened)
    opened.close()
