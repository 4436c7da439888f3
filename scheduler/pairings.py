"""Innovationsfika: who is put together when a round's step begins that is said to each alone.

Read, compute, and keep if nobody has begun the step meanwhile: thousands of people take seconds, and nobody waits for
the database so long. The first such step puts everybody together. Each later one puts right what has changed since:
whoever is left without anybody, or has come, is put together anew, or made a third.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import combinations
from multiprocessing import get_context

from sqlmodel import Session

from lessons.pairing import Exclusions, Guest
from scheduler.meeting_times import Hours, free, half_hours
from scheduler.pair_key import PairKey
from scheduler.putting_together import FEWEST, Arranged, Gathered, put_together
from scheduler.round_changes import days_of
from storage import exclusions, pair_memory, pairs, round_reading
from storage.database import Store
from storage.pair_memory import KEPT
from storage.pairs import There
from storage.rounds_due import StepToPromise
from storage.tables.rounds import AloneTo, Asks, RoundStep
from storage.tables.teams import Team

FEW = 100
"""So many people are put together in hundredths of a second, and what is remembered is looked up for each two of them.
For more, everything that is remembered is read."""
ONE_DAY = timedelta(days=1)


def puts_together(step: StepToPromise) -> bool:
    """Whether people are put together when the step begins: not where it asks them how it went."""
    return step.pairs_across_units is not None and step.alone_to is AloneTo.MEMBERS and step.asks is Asks.NOTHING


async def arranged(store: Store, step: StepToPromise, key: PairKey | None) -> Arranged:
    """Return who is to meet whom. Nothing is kept yet: `keep`, in the unit of work that begins the step."""
    gathered = await store.read(partial(gather, step=step, key=key))
    if len(gathered.loose) <= FEW:
        return await asyncio.to_thread(put_together, gathered)
    return await in_a_process_of_its_own(gathered)


async def in_a_process_of_its_own(gathered: Gathered) -> Arranged:
    """As `put_together`. Matching lets no other thread run, and with thousands of people it takes seconds, in which
    nobody's press would be answered."""
    pool = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, put_together, gathered)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def gather(session: Session, step: StepToPromise, key: PairKey | None) -> Gathered:
    row, round_, team = round_reading.step_of(session, step.id)
    people = pairs.there(session, round_.id, step.day)
    ids = [one.person_id for one in people]
    guests = _guests(session, people, row, team, across_units=bool(step.pairs_across_units))
    excluded = Exclusions(exclusions.among(session, ids))
    standing = {
        id: here
        for id, members in pairs.groups(session, round_.id).items()
        if len(here := tuple(guests[one] for one in members if one in guests)) >= FEWEST
        and not any(two.person_id in excluded.of(one.person_id) for one, two in combinations(here, 2))
    }
    seated = {guest.person_id for group in standing.values() for guest in group}
    digest_of = None if key is None else partial(key.digest_of, round_.organisation_id)
    few = None
    if digest_of is not None and len(ids) <= FEW:
        few = [digest_of(one, other) for one, other in combinations(ids, 2)]
    return Gathered(
        organisation_id=round_.organisation_id,
        round_id=round_.id,
        step_id=row.id,
        day=step.day,
        loose=tuple(guests[one] for one in ids if one not in seated),
        standing=standing,
        excluded=excluded,
        digest_of=digest_of,
        met={}
        if digest_of is None
        else pair_memory.remembered(session, round_.organisation_id, since=step.day - KEPT, digests=few),
    )


def keep(session: Session, arranged: Arranged) -> None:
    """Keep who meets whom, and remember it."""
    pairs.keep(
        session,
        arranged.organisation_id,
        arranged.round_id,
        arranged.day,
        new=arranged.new,
        joined=arranged.joined,
    )
    pair_memory.remember(session, arranged.organisation_id, arranged.digests, arranged.day)


def days_to_meet(steps: Sequence[RoundStep], team: Team) -> list[date]:
    """Return the team's working days after the round's first day and before the one on which it asks how it went."""
    first, last = min(step.day for step in steps), max(step.day for step in steps)
    days = days_of(team)
    between = (first + ONE_DAY * offset for offset in range(1, (last - first).days))
    return [day for day in between if days.why_closed(day) is None]


def units_of(teams: Iterable[tuple[int, int]], cohorts: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return each person's unit: of their other teams the one with the fewest of these people, else their cohort, the
    first of several. Whoever has neither has none."""
    teams = list(teams)
    size = Counter(team for _person, team in teams)
    units: dict[int, int] = {}
    for person, cohort in cohorts:
        units.setdefault(person, 2 * cohort + 1)
    for person, team in sorted(teams, key=lambda one: (-size[one[1]], -one[1])):  # the smallest comes last, and stays
        units[person] = 2 * team
    return units


def _guests(
    session: Session, people: Sequence[There], row: RoundStep, team: Team, *, across_units: bool
) -> dict[int, Guest]:
    ids = [one.person_id for one in people]
    units = units_of(pairs.other_teams(session, team.id, ids), pairs.cohorts(session, ids)) if across_units else {}
    moments = half_hours(days_to_meet(round_reading.steps(session, row.round_id), team), team.zone)
    suits = {hours: free(moments, hours) for hours in {Hours(zone=one.zone, days=one.days) for one in people}}
    return {
        one.person_id: Guest(
            person_id=one.person_id,
            unit=units.get(one.person_id),
            half_hours=suits[Hours(zone=one.zone, days=one.days)] if moments else None,
            across_units=across_units,
        )
        for one in people
    }
