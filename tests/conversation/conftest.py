from collections.abc import Iterator

import pytest

from tests.conversation.builders import Town, a_person, a_town


@pytest.fixture
def empty_town() -> Iterator[Town]:
    """A cohort without anybody in it."""
    town = a_town()
    yield town
    town.store.close()


@pytest.fixture
def town(empty_town: Town) -> Town:
    """A cohort with U1 in it, who speaks Swedish."""
    a_person(empty_town)
    return empty_town
