"""Whose turn it is: whoever waits for an answer goes before everybody who does not, but never before themselves."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.turns import Turns


class Diary:
    """Jobs that write down that they were done."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def job(self, name: str) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            await asyncio.sleep(0)
            self.done.append(name)

        return do


async def test_no_more_are_done_side_by_side_than_may_be() -> None:
    turns, working, most = Turns(side_by_side=3), 0, 0

    async def work() -> None:
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.sleep(0.001)
        working -= 1

    for person in range(12):
        turns.queue(str(person % 10), work)
    await turns.finish(2)
    assert most == 3


async def test_whoever_has_waited_longest_is_next() -> None:
    turns, diary = Turns(side_by_side=1), Diary()
    for name in ("a1", "a2", "b1", "c1"):
        turns.queue(name[0], diary.job(name))
    await turns.finish(2)
    assert diary.done == ["a1", "b1", "c1", "a2"]


async def test_an_urgent_job_waits_for_the_same_persons_earlier_ones_and_for_nobody_else() -> None:
    turns, diary = Turns(side_by_side=1), Diary()
    for name in ("a1", "b1", "c1", "d1", "d2"):
        turns.queue(name[0], diary.job(name))
    turns.queue("d", diary.job("d3"), urgent=True)
    turns.queue("d", diary.job("d4"))
    await turns.finish(2)
    assert [name for name in diary.done if name[0] == "d"] == ["d1", "d2", "d3", "d4"]
    assert diary.done.index("d3") < diary.done.index("b1")
    assert diary.done[-1] == "d4"


async def test_an_urgent_job_gives_no_way() -> None:
    calm = asyncio.Event()

    async def give_way() -> None:
        await calm.wait()

    turns, diary = Turns(side_by_side=2, give_way=give_way), Diary()
    turns.queue("a", diary.job("a1"))
    turns.queue("b", diary.job("b1"))
    turns.queue("c", diary.job("c1"), urgent=True)
    for _ in range(5):
        await asyncio.sleep(0)
    assert diary.done == ["c1"]
    calm.set()
    await turns.finish(2)
    assert diary.done == ["c1", "a1", "b1"]


async def test_a_job_that_fails_ends_nobodys_turn() -> None:
    turns, diary = Turns(side_by_side=1), Diary()

    async def fails() -> None:
        raise RuntimeError("a fault of ours")

    turns.queue("a", fails)
    turns.queue("a", diary.job("a2"))
    turns.queue("b", diary.job("b1"))
    await turns.finish(2)
    assert sorted(diary.done) == ["a2", "b1"]


async def test_what_is_given_up_does_not_begin() -> None:
    turns, diary = Turns(side_by_side=1), Diary()

    async def endless() -> None:
        await asyncio.Event().wait()

    turns.queue("a", endless)
    turns.queue("b", diary.job("b1"))
    await turns.finish(0.02)
    await asyncio.sleep(0.02)
    assert diary.done == []


async def test_nothing_later_of_the_same_person_is_done_while_something_is_to_be_done_again() -> None:
    turns, diary = Turns(side_by_side=1), Diary()
    tries = 0

    async def again() -> float | None:
        nonlocal tries
        tries += 1
        diary.done.append(f"a1 try {tries}")
        return 0.01 if tries < 3 else None

    turns.queue("a", again)
    turns.queue("a", diary.job("a2"))
    turns.queue("b", diary.job("b1"))
    await turns.finish(2)
    assert diary.done == ["a1 try 1", "b1", "a1 try 2", "a1 try 3", "a2"]


async def test_what_rests_holds_no_place() -> None:
    turns, diary = Turns(side_by_side=1), Diary()

    async def long() -> float | None:
        return None if diary.done else 60.0

    turns.queue("a", long)
    turns.queue("b", diary.job("b1"))
    await turns.finish(0.1)
    assert diary.done == ["b1"]


async def test_an_urgent_job_ends_the_rest_of_what_is_before_it() -> None:
    turns, diary = Turns(side_by_side=1), Diary()
    is_mended = False

    async def rests() -> float | None:
        if not is_mended:
            return 60.0
        diary.done.append("a1")
        return None

    turns.queue("a", rests)
    await asyncio.sleep(0.01)
    is_mended = True
    turns.queue("a", diary.job("a2"), urgent=True)
    await turns.finish(2)
    assert diary.done == ["a1", "a2"]


async def test_what_has_an_earlier_place_is_done_first_though_it_came_later() -> None:
    turns, diary = Turns(side_by_side=1), Diary()

    async def behind() -> float | None:
        if "a1" not in diary.done:
            return 60.0
        diary.done.append("a5")
        return None

    turns.queue("a", behind, place=5)
    turns.queue("a", diary.job("a7"), place=7)
    await asyncio.sleep(0.01)
    turns.queue("a", diary.job("a6"), place=6)
    turns.queue("a", diary.job("a1"), place=1)
    await turns.finish(2)
    assert diary.done == ["a1", "a5", "a6", "a7"]
