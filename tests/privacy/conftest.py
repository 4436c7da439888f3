from tests.conversation.conftest import empty_town, town
from tests.coordinating.conftest import empty, library, office, store

__all__ = ["empty", "empty_town", "library", "office", "store", "town"]
