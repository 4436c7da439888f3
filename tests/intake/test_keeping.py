"""What comes together is kept together, each still for itself; and handling gives way to it, but not for long."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.conversation.events import MessageRef, Wrote
from bot.keeping import CALM_SECONDS, CROWD, LONGEST_WAY_GIVEN_SECONDS, Keeping
from storage.database import Store, Work, open_store
from storage.tables.inbox import InboxEvent

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
NO_KEY = cast(str, None)


def wrote(key: str) -> Wrote:
    at = MessageRef(conversation="D1", message="1")
    return Wrote(key=key, platform="paper", workspace="T1", person="U01", at=NOW, text="Hej", message=at)


class HeldStore:
    """A store that writes nothing until it is let go. Counts what it was asked to write."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.engine = store.engine
        self.let_go = asyncio.Event()
        self.units = 0

    async def write(self, work: Work[Any], *, patient: bool = False) -> Any:
        self.units += 1
        await self.let_go.wait()
        return await self._store.write(work, patient=patient)

    async def read(self, work: Work[Any]) -> Any:
        return await self._store.read(work)

    def write_now(self, work: Work[Any]) -> Any:
        return self._store.write_now(work)

    def close(self) -> None:
        self._store.close()


@pytest.fixture
def store(database_url: str) -> Iterator[HeldStore]:
    opened = open_store(database_url)
    yield HeldStore(opened)
    opened.close()


def keys(store: Store) -> list[str]:
    def work(session: Session) -> list[str]:
        return list(session.exec(select(InboxEvent.key).order_by(col(InboxEvent.id))).all())

    return store.write_now(work)


async def waited_for_way(keeping: Keeping) -> float:
    began = monotonic()
    await keeping.give_way()
    return monotonic() - began


async def test_what_comes_together_is_written_together_in_the_order_it_came(store: HeldStore) -> None:
    store.let_go.set()
    keeping = Keeping(store)
    names = [f"k{number}" for number in range(30, 0, -1)]
    ids = await asyncio.gather(*(keeping.keep(wrote(name)) for name in names))
    assert store.units == 1
    assert keys(store) == names
    assert ids == sorted(cast(list[int], ids))


async def test_what_comes_while_others_are_being_kept_shares_the_next_commit(store: HeldStore) -> None:
    commits: list[object] = []
    event.listen(store.engine, "commit", commits.append)
    keeping = Keeping(store)
    first = asyncio.create_task(keeping.keep(wrote("first")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert store.units == 1
    others = []
    for number in range(50):  # one after the other, as requests come
        others.append(asyncio.create_task(keeping.keep(wrote(str(number)))))
        await asyncio.sleep(0)
    store.let_go.set()
    ids = await asyncio.gather(first, *others)
    assert len(commits) == 2
    assert keys(store) == ["first", *map(str, range(50))]
    assert ids == sorted(cast(list[int], ids)), "what came first has the lower id: people's events are handled by it"


async def test_of_the_same_event_twice_in_one_batch_the_first_is_kept(store: HeldStore) -> None:
    store.let_go.set()
    keeping = Keeping(store)
    await keeping.keep(wrote("before"))
    ids = await asyncio.gather(*(keeping.keep(wrote(key)) for key in ("1", "before", "1", "2")))
    assert [event_id is not None for event_id in ids] == [True, False, False, True]
    assert keys(store) == ["before", "1", "2"]


async def test_one_that_cannot_be_kept_takes_no_other_with_it(store: HeldStore) -> None:
    store.let_go.set()
    keeping = Keeping(store)
    first, bad, last = await asyncio.gather(
        *(keeping.keep(wrote(key)) for key in ("1", NO_KEY, "2")), return_exceptions=True
    )
    assert isinstance(bad, IntegrityError)
    assert isinstance(first, int)
    assert isinstance(last, int)
    assert keys(store) == ["1", "2"]


async def test_handling_gives_way_while_a_crowd_waits_to_be_kept_but_not_for_long(store: HeldStore) -> None:
    keeping = Keeping(store)
    crowd = [asyncio.create_task(keeping.keep(wrote(str(number)))) for number in range(CROWD)]
    await asyncio.sleep(0)
    assert LONGEST_WAY_GIVEN_SECONDS <= await waited_for_way(keeping) < 10 * LONGEST_WAY_GIVEN_SECONDS
    store.let_go.set()
    await asyncio.gather(*crowd)


async def test_handling_goes_on_once_the_crowd_is_kept(store: HeldStore) -> None:
    keeping = Keeping(store)
    crowd = [asyncio.create_task(keeping.keep(wrote(str(number)))) for number in range(CROWD)]
    await asyncio.sleep(0)
    store.let_go.set()
    await asyncio.gather(*crowd)
    await asyncio.sleep(1.2 * CALM_SECONDS)
    assert await waited_for_way(keeping) < LONGEST_WAY_GIVEN_SECONDS / 2


async def test_handling_gives_no_way_to_a_few(store: HeldStore) -> None:
    keeping = Keeping(store)
    few = [asyncio.create_task(keeping.keep(wrote(str(number)))) for number in range(CROWD - 1)]
    await asyncio.sleep(0)
    assert await waited_for_way(keeping) < LONGEST_WAY_GIVEN_SECONDS / 2
    store.let_go.set()
    await asyncio.gather(*few)
