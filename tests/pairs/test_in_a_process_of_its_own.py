"""Many people are put together in a process of its own: the same as in this one, and nobody waits for it."""

import pickle
from datetime import date
from functools import partial

from lessons.pairing import Exclusions, Guest
from scheduler.pairings import in_a_process_of_its_own
from scheduler.putting_together import Gathered, put_together
from tests.pairs.fika import KEY

MONDAY = date(2026, 3, 2)


def many(number: int) -> Gathered:
    digest_of = partial(KEY.digest_of, 1)
    return Gathered(
        organisation_id=1,
        round_id=1,
        step_id=1,
        day=MONDAY,
        loose=tuple(Guest(person_id=one, unit=one % 7) for one in range(number)),
        standing={9: (Guest(person_id=number), Guest(person_id=number + 1))},
        excluded=Exclusions([(0, 1), (2, number)]),
        digest_of=digest_of,
        met={digest_of(one, one + 1): date(2026, 2, 16) for one in range(0, number, 2)},
    )


async def test_what_comes_of_it_is_the_same() -> None:
    gathered = many(120)
    assert await in_a_process_of_its_own(gathered) == put_together(gathered)


def test_what_it_is_given_is_not_readable_on_its_way() -> None:
    """It goes through a pipe between two processes of ours, and its text says nothing of who may not meet."""
    there = pickle.loads(pickle.dumps(many(4)))  # noqa: S301 - our own, as the pool does it
    assert there.excluded.of(0) == {1}
    assert "Guest" not in repr(there)
    assert "secret of" not in repr(there)
