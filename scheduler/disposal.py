"""What is kept for a time only: records of calls and who met whom for 30 days, that two people did for 52 weeks,
promises until a year after their cohort's end, relays until a year after theirs.

Answers, texts and plans are their author's, and none of this touches them.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import structlog

from storage import account, disposing, pair_memory, pairs, relay_disposal
from storage.database import Store

log = structlog.get_logger()

ATTEMPTS_KEPT = timedelta(days=30)
PROMISES_KEPT_YEARS = 1
MOST_A_NIGHT = 200_000
"""Promises: the first night after a long time goes on the next."""


async def dispose(store: Store, today: date, now: datetime) -> None:
    """Dispose of what is old, a little at a time, and let whoever waits for the database go first each time."""
    attempts = partial(disposing.forget_attempts, ended_before=now - ATTEMPTS_KEPT)
    met = partial(pairs.forget, made_before=today - pairs.KEPT)
    remembered = partial(pair_memory.forget, met_before=today - pair_memory.KEPT)
    a_year_ago = datetime.combine(_a_year_before(today), time.min, tzinfo=UTC)
    relays = partial(relay_disposal.forget, ended_before=a_year_ago)
    for some in (attempts, met, remembered, relays):
        while await store.write(some, patient=True):
            pass
    left = MOST_A_NIGHT
    for organisation_id in await store.read(account.organisations):
        left -= await _dispose_of_one(store, organisation_id, _a_year_before(today), most=left)
        if left <= 0:
            return


async def _dispose_of_one(store: Store, organisation_id: int, before: date, *, most: int) -> int:
    gone = 0
    over = await store.read(lambda session: disposing.over_before(session, organisation_id, before))
    batches = [partial(disposing.dispose_of_cohort, organisation_id=organisation_id, cohort_id=id) for id in over]
    batches.append(partial(disposing.dispose_of_no_cohort, organisation_id=organisation_id, before=before))
    for batch in batches:
        while gone < most and (some := await store.write(batch, patient=True)):
            gone += some
    if gone:
        log.info("promises_disposed_of", organisation_id=organisation_id, cohorts=over, promises=gone)
    return gone


def _a_year_before(day: date) -> date:
    """The same day of last year; the day before it after a leap day."""
    try:
        return day.replace(year=day.year - PROMISES_KEPT_YEARS)
    except ValueError:
        return day.replace(year=day.year - PROMISES_KEPT_YEARS, day=28)
