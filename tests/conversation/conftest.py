from collections.abc import Iterator

import pytest

from storage.database import Store
from tests.conversation.builders import Town, a_person, a_town
from tests.in_memory import in_memory


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with nothing in it: in memory, and for the modules in `ON_BOTH_DATABASES` on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "postgresql":
        yield request.getfixturevalue("emptied_postgres")
        return
    opened = in_memory()
    yield opened
    opened.close()


@pytest.fixture
def empty_town(store: Store) -> Town:
    """A cohort without anybody in it."""
    return a_town(store=store)


@pytest.fixture
def town(empty_town: Town) -> Town:
    """A cohort with U1 in it, who speaks Swedish."""
    a_person(empty_town)
    return empty_town
