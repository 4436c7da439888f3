"""The database that samples are lived through on: in memory, empty at first and gone afterwards."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlmodel import Session

from storage.database import open_store
from storage.tables import metadata

T = TypeVar("T")


def from_nothing(meets: Callable[[Session], Iterable[T]]) -> list[T]:
    """Return everything that is met, beginning with an empty database."""
    store = open_store("sqlite://")
    try:
        metadata.create_all(store.engine)
        return store.write_now(lambda session: list(meets(session)))
    finally:
        store.close()
