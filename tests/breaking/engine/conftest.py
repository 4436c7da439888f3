from tests.scheduler.conftest import office, store, world

__all__ = ["office", "store", "world"]
