from tests.conversation.conftest import empty_town, town
from tests.coordinating.conftest import library, office, store

__all__ = ["empty_town", "library", "office", "store", "town"]
