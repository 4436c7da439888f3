"""One writer on SQLite: patient work lets other work go first, shares its commits, and is never starved."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from storage.database import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'knuff.db'}")
    yield opened
    opened.close()


class Diary:
    def __init__(self) -> None:
        self.done: list[str] = []

    def unit(self, name: str) -> Callable[[Session], None]:
        return lambda _session: self.done.append(name)


async def test_patient_work_waits_for_other_work_and_other_work_for_one_patient_unit(store: Store) -> None:
    diary, begun, may_end = Diary(), threading.Event(), threading.Event()

    def busy(_session: Session) -> None:
        begun.set()
        may_end.wait(5)

    units = [asyncio.create_task(store.write(busy))]
    await asyncio.to_thread(begun.wait, 5)
    for name in ("patient 1", "patient 2", "patient 3"):
        units.append(asyncio.create_task(store.write(diary.unit(name), patient=True)))
    for name in ("other 1", "other 2"):
        units.append(asyncio.create_task(store.write(diary.unit(name))))
    await asyncio.sleep(0.05)
    may_end.set()
    await asyncio.gather(*units)
    assert diary.done == ["patient 1", "other 1", "other 2", "patient 2", "patient 3"]


async def test_patient_work_is_never_starved(store: Store) -> None:
    diary = Diary()
    waiting = [asyncio.create_task(store.write(diary.unit("patient"), patient=True)) for _ in range(10)]

    async def never_ends() -> None:
        while True:
            await store.write(diary.unit("other"))

    others = [asyncio.create_task(never_ends()) for _ in range(8)]
    await asyncio.wait_for(asyncio.gather(*waiting), 10)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    assert diary.done.count("patient") == 10


async def test_what_was_handed_over_is_written_before_the_store_closes(tmp_path: Path) -> None:
    opened, diary = open_store(f"sqlite:///{tmp_path / 'knuff.db'}"), Diary()
    units = [asyncio.create_task(opened.write(diary.unit("patient"), patient=True)) for _ in range(5)]
    units.append(asyncio.create_task(opened.write(diary.unit("other"))))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.to_thread(opened.close)
    await asyncio.gather(*units)
    assert sorted(diary.done) == ["other"] + ["patient"] * 5
