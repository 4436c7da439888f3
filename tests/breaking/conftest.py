from tests.conversation.conftest import empty_town, store, town
from tests.scheduler.conftest import memory

__all__ = ["empty_town", "memory", "store", "town"]
