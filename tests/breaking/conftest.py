from tests.commands.conftest import knuff
from tests.conversation.conftest import empty_town, store, town
from tests.scheduler.conftest import memory

__all__ = ["empty_town", "knuff", "memory", "store", "town"]
