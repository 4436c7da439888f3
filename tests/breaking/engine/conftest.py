from tests.conftest import store  # of both kinds, where the folder above has one in memory
from tests.scheduler.conftest import office, world

__all__ = ["office", "store", "world"]
