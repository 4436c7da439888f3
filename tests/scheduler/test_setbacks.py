"""Somebody, or a rhythm, that cannot be planned for: the others never notice, and the log is not filled with it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from structlog.testing import capture_logs

from scheduler.planner import plan
from scheduler.setbacks import LONGEST, Setbacks
from storage import movers
from storage.tables.deliveries import Kind, State
from storage.tables.people import Cadence, Person
from tests.scheduler.world import STOCKHOLM, World, at

JOINED_AT = at("2026-02-26 12:00")
SECOND = timedelta(seconds=1)


async def test_somebody_who_cannot_be_sorted_out_keeps_nobody_else_waiting(world: World) -> None:
    spoilt, good = newcomers(world, spoilt=1, good=3)
    with capture_logs() as lines:
        planned = await plan(world.store, JOINED_AT)
    assert (planned.promised, planned.failed) == (3, 1)
    assert [kinds(world, person) for person in good] == [[Kind.WELCOME]] * 3
    assert kinds(world, *spoilt) == []
    assert told(lines) == [("enrolment_not_sorted_out", {"enrolment_id": 1, "error": "ZoneInfoNotFoundError"})]


async def test_somebody_in_two_cohorts_fails_once_and_not_for_each(world: World) -> None:
    cohort, other = world.cohort(), world.cohort()
    spoilt = [world.person(cohort, other, slot="08:00", welcomed=False, now=JOINED_AT) for _ in range(6)]
    spoil(world, spoilt[0])
    good = world.person(cohort, welcomed=False, now=JOINED_AT)
    with capture_logs():
        planned = await plan(world.store, JOINED_AT)
    assert (planned.promised, planned.failed) == (1, 6)
    assert kinds(world, good) == [Kind.WELCOME]


async def test_not_even_many_of_them_keep_the_others_waiting_for_long(world: World) -> None:
    _, [good] = newcomers(world, spoilt=12, good=1)
    setbacks = Setbacks()
    with capture_logs():  # a tick every tenth of a second
        planned = [await plan(world.store, JOINED_AT + tick * SECOND / 10, setbacks=setbacks) for tick in range(3)]
    assert [(each.promised, each.failed) for each in planned] == [(0, 10), (1, 2), (0, 0)]
    assert kinds(world, good) == [Kind.WELCOME]


async def test_what_keeps_failing_is_said_less_and_less_often(world: World) -> None:
    newcomers(world, spoilt=1, good=1)
    lines = await lines_of_ticks(world, JOINED_AT, Setbacks(), seconds=70)
    assert {line["event"] for line in lines} == {"enrolment_not_sorted_out"}
    assert len(lines) == 7  # after 0, 1, 3, 7, 15, 31 and 63 seconds


async def test_whoever_is_mended_is_sorted_out_within_minutes_and_at_once_when_they_choose_again(world: World) -> None:
    spoilt, _ = newcomers(world, spoilt=2, good=0)
    setbacks, now = Setbacks(), JOINED_AT
    with capture_logs():
        for wait in (1, 2, 4, 8, 1):
            await plan(world.store, now, setbacks=setbacks)
            now += wait * SECOND
    spoil(world, spoilt[0], zone=STOCKHOLM)
    assert (await plan(world.store, now, setbacks=setbacks)).promised == 0
    world.move(spoilt[0], now=now, slot="13:00")
    assert (await plan(world.store, now, setbacks=setbacks)).promised == 1
    assert (await plan(world.store, now + LONGEST, setbacks=setbacks)).promised == 1


async def test_a_rhythm_that_cannot_be_planned_is_tried_at_every_tick_and_complained_of_quietly(world: World) -> None:
    cohort = world.cohort()
    person, other = world.person(cohort), world.person(cohort, slot="08:00")
    spoil(world, person)
    now = at("2026-03-02 08:15")
    setbacks = Setbacks()
    lines = await lines_of_ticks(world, now, setbacks, seconds=30)
    assert [line["event"] for line in lines] == ["planning_failed"] * 5
    assert [state for _, _, state in world.steps(other)] == [State.PLANNED]
    spoil(world, person, zone=STOCKHOLM)
    assert (await plan(world.store, now + 30 * SECOND, setbacks=setbacks)).promised == 1


def test_a_clock_that_was_set_back_makes_no_wait_longer() -> None:
    setbacks = Setbacks()
    setbacks.add("what", JOINED_AT)
    assert setbacks.waits("what", JOINED_AT)
    assert not setbacks.waits("what", JOINED_AT - SECOND)


def test_what_has_not_failed_for_long_begins_with_the_shortest_wait_again() -> None:
    setbacks = Setbacks()
    for now in (JOINED_AT, JOINED_AT + SECOND, JOINED_AT + 2 * LONGEST):
        setbacks.add("what", now)
    assert not setbacks.waits("what", JOINED_AT + 2 * LONGEST + SECOND)


def test_work_that_somebody_else_is_at_now_and_then_is_not_left_to_others_for_long() -> None:
    setbacks = Setbacks()
    assert setbacks.left("prompt", JOINED_AT) is None
    assert setbacks.left("prompt", JOINED_AT + timedelta(hours=1)) is None, "nothing was to do meanwhile"
    assert setbacks.left("prompt", JOINED_AT + timedelta(hours=1, minutes=1)) == JOINED_AT + timedelta(hours=1)


def test_whoever_moved_is_read_on_behind_the_last_also_when_they_moved_at_once(world: World) -> None:
    newcomers(world, spoilt=0, good=5)
    everybody = world.store.write_now(lambda session: movers.moved_enrolments(session, 10))
    page = everybody[:2]
    read = list(page)
    while page:
        last = page[-1]
        page = world.store.write_now(partial(movers.moved_enrolments, limit=2, after=last))
        read += page
    assert [mark.enrolment_id for mark in read] == [1, 2, 3, 4, 5]
    assert read == everybody


def newcomers(world: World, *, spoilt: int, good: int) -> tuple[list[int], list[int]]:
    """So many whose rhythm names a zone that is none, who come first, and so many others. All join at once."""
    cohort = world.cohort()
    people = [
        world.person(cohort, slot="08:00" if number < spoilt else "08:15", welcomed=False, now=JOINED_AT)
        for number in range(spoilt + good)
    ]
    if spoilt:
        spoil(world, people[0])
    return people[:spoilt], people[spoilt:]


def spoil(world: World, person: int, *, zone: str = "Nowhere/City") -> None:
    """Or mend it, for everybody with the same rhythm."""
    world.change(Cadence, world.look_up(Person, person).cadence_id, zone=zone)


def kinds(world: World, person: int) -> list[Kind]:
    return [row.kind for row in world.deliveries(person)]


async def lines_of_ticks(world: World, first: datetime, setbacks: Setbacks, *, seconds: int) -> list[dict[str, Any]]:
    with capture_logs() as lines:
        for second in range(seconds):
            await plan(world.store, first + second * SECOND, setbacks=setbacks)
    return [dict(line) for line in lines]


def told(lines: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each line as its event and its fields, without what structlog adds."""
    ours = ("event", "log_level", "exc_info")
    return [(line["event"], {key: value for key, value in line.items() if key not in ours}) for line in lines]
