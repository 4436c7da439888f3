"""That two people have met is remembered for a year, by whoever has the installation's secret, and by nobody else."""

from datetime import date, timedelta
from itertools import combinations

from sqlmodel import Session, select

from scheduler.disposal import dispose
from scheduler.pair_key import PairKey
from storage import pair_memory, pairs
from storage.tables.pairs import Paired, PairMemory, PairUp
from storage.tables.rounds import Round
from tests.pairs.fika import FIRST_DAY, KEY, LAST_DAY, NEXT, NEXT_FIRST_DAY, FikaWorld, couples
from tests.scheduler.world import MONDAY


def digests(session: Session) -> set[str]:
    return set(session.exec(select(PairMemory.digest)).all())


async def test_what_is_remembered_is_found_with_the_key_and_with_no_other(world: FikaWorld) -> None:
    _team, people, fika = world.fika(6)
    await world.come(FIRST_DAY)
    met = couples(world.groups(fika))
    kept = world.run(digests)
    assert kept == {KEY.digest_of(world.organisation, one, other) for one, other in met}
    guesses = {
        PairKey(secret).digest_of(world.organisation, one, other)
        for secret in (b"", b"another", b"knuff")
        for one, other in combinations(people, 2)
    }
    assert not kept & guesses
    assert KEY.digest_of(1, 2, 3) == KEY.digest_of(1, 3, 2)
    assert KEY.digest_of(1, 2, 3) != KEY.digest_of(2, 2, 3)
    assert "secret of" not in repr(KEY)


async def test_the_order_of_what_is_remembered_tells_nothing(world: FikaWorld) -> None:
    """As the database has them they are sorted: in the order of chance, for whoever has no key."""
    world.fika(40)
    await world.come(FIRST_DAY)
    rows = world.run(lambda session: list(session.exec(select(PairMemory.digest)).all()))
    assert len(rows) == 20
    assert rows == sorted(rows)


async def test_with_another_secret_people_may_meet_again_and_all_the_rest_goes_on(world: FikaWorld) -> None:
    team, _people, fika = world.fika(2)
    await world.come(FIRST_DAY)
    world.change(Round, fika, state="ended", ending="finished", ended_at=LAST_DAY)
    again = world.begin(team, NEXT)
    await world.come(NEXT_FIRST_DAY, key=PairKey(b"a new one"))
    assert world.groups(again) == world.groups(fika)
    assert len(world.run(digests)) == 2


async def test_without_a_key_nothing_is_remembered(world: FikaWorld) -> None:
    world.fika(4)
    await world.come(FIRST_DAY, key=None)
    assert world.run(digests) == set()


async def test_many_are_looked_up_as_few_are(memory: FikaWorld) -> None:
    """Beyond a hundred people all that is remembered is read at once: nobody meets the same again either way."""
    people = memory.members(104)
    team = memory.team(*people)
    first = memory.begin(team)
    await memory.come(FIRST_DAY)
    memory.change(Round, first, state="ended", ending="finished", ended_at=LAST_DAY)
    again = memory.begin(team, NEXT)
    await memory.come(NEXT_FIRST_DAY)
    assert len(couples(memory.groups(again))) == 52
    assert not couples(memory.groups(again)) & couples(memory.groups(first))


async def test_who_met_whom_is_gone_after_thirty_days_and_that_they_did_after_a_year(world: FikaWorld) -> None:
    world.fika(4)
    await world.come(FIRST_DAY)

    async def left_on(day: date) -> tuple[int, int, int]:
        await dispose(world.store, day, FIRST_DAY)
        return world.run(
            lambda session: (
                len(session.exec(select(PairUp)).all()),
                len(session.exec(select(Paired)).all()),
                len(session.exec(select(PairMemory)).all()),
            )
        )

    assert await left_on(MONDAY + pairs.KEPT) == (2, 4, 2)
    assert await left_on(MONDAY + pairs.KEPT + timedelta(days=1)) == (0, 0, 2)
    assert await left_on(MONDAY + pair_memory.KEPT) == (0, 0, 2)
    assert await left_on(MONDAY + pair_memory.KEPT + timedelta(days=1)) == (0, 0, 0)


def test_much_is_forgotten_a_little_at_a_time(world: FikaWorld) -> None:
    def remember(session: Session) -> None:
        pair_memory.remember(session, world.organisation, [f"{number:032x}" for number in range(7)], MONDAY)

    world.run(remember)
    old = MONDAY + timedelta(days=1)
    forgotten = [world.run(lambda session: pair_memory.forget(session, met_before=old, most=3)) for _ in range(4)]
    assert forgotten == [3, 3, 1, 0]
