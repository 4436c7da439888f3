import pytest

from lessons.library import load_library
from lessons.surveys import Survey


@pytest.fixture(scope="session")
def own_items() -> Survey:
    return load_library().surveys["own-items"]
