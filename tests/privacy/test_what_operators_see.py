"""What an operator may look at, on the page and on the command line: nothing of it is about anybody."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.commands.account import as_one_object, collected, in_lines
from scheduler.account import FEWEST, cohort_account
from scheduler.troubles import look_around
from storage.set_aside import set_aside
from storage.tables.deliveries import Reason
from tests.in_memory import connection_of, in_memory
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at

NOW = at("2026-03-03 11:00")
THEIR_OWN = re.compile(r"\b(answer|reflection|chat_message|plan|follow_up|enrolment|person|cohort_draft)\b(?!_)")
READ_IN_FULL = re.compile(r"\b(body|external_id|conversation_id|lesson_id|unanswered|stopped_at|paused_from)\b")

ONLY_WHETHER = "inbox_event.body IS NOT NULL AS has_body"
"""Whether what was set aside can be replayed: the one thing that is asked of anybody's words."""
ONLY_HOW_MANY = (
    "SELECT count(distinct(enrolment.person_id)) AS people, min(enrolment.moved_at) AS since FROM enrolment WHERE"
)
"""How many could not be planned for and since when: the one thing that is asked of who takes part."""


@pytest.fixture
def world() -> Iterator[World]:
    store = in_memory()
    yield World(store)
    store.close()


async def test_no_statement_run_for_an_operator_reads_what_is_somebodys_own(world: World) -> None:
    world.promise(world.person(world.cohort()), step=1)
    statements: list[str] = []
    connection_of(world.store).set_trace_callback(statements.append)
    await look_around(world.store, NOW, zone=STOCKHOLM, lease_seconds=30)
    await collected(world.store, first=MONDAY, last=MONDAY, now=NOW)
    await world.store.read(set_aside)
    asked = [" ".join(one.split()) for one in statements if one.lstrip().startswith("SELECT")]
    assert len(asked) > 10
    assert len([one for one in asked if one.startswith(ONLY_HOW_MANY)]) == 1
    read_from = [re.findall(r"\b(?:FROM|JOIN) (\w+)", one.replace(ONLY_HOW_MANY, "")) for one in asked]
    assert [one for one in read_from if THEIR_OWN.search(" ".join(one))] == []
    assert len([one for one in asked if ONLY_WHETHER in one]) == 1, "what was set aside"
    assert [one for one in asked if READ_IN_FULL.search(one.replace(ONLY_WHETHER, ""))] == []


@pytest.mark.parametrize("paused", range(1, FEWEST))
async def test_a_day_of_a_few_never_tells_how_many_of_them_had_a_reason_of_their_own(world: World, paused: int) -> None:
    """Whoever runs Knuff may know who is in a small cohort: then "1 explained" would be somebody's pause."""
    small, large = world.cohort(), world.cohort()
    for number in range(FEWEST - 1):
        world.promise(world.person(small), step=1, reason=Reason.PAUSED if number < paused else Reason.RED_DAY)
    for number in range(2 * FEWEST):
        world.promise(world.person(large), step=1, reason=Reason.PAUSED if number < paused else Reason.RED_DAY)
    found = await collected(world.store, first=MONDAY, last=MONDAY, now=NOW)
    told = as_one_object(found, NOW) + "\n".join(in_lines(found, first=MONDAY, last=MONDAY))
    assert Reason.PAUSED not in told
    assert '"explained":null' in told


async def test_a_few_peoples_day_does_not_follow_from_another_number(world: World) -> None:
    """No sum over groups is split into what was sent and what was explained."""
    world.promise(world.person(world.cohort()), step=1, reason=Reason.PAUSED)
    large = world.cohort()
    for _ in range(FEWEST):
        world.promise(world.person(large), step=1, reason=Reason.RED_DAY)
    found = await collected(world.store, first=MONDAY - timedelta(days=1), last=MONDAY, now=NOW)
    [whole, *groups] = list(in_lines(found, first=date.min, last=MONDAY))
    assert "sent" not in whole
    assert "explained" not in whole
    assert groups


async def test_a_day_of_a_week_does_not_follow_from_the_reasons_of_the_week(world: World) -> None:
    """A coordinator is told 27 pauses of a week. Were operators told 6, 6, 6 and 6 of its days, the three of Friday
    would follow, whom nobody is to be told of."""
    cohort = world.cohort()
    people = [world.person(cohort) for _ in range(12)]
    for number, paused in enumerate((6, 6, 6, 6, 3)):
        for place, person in enumerate(people):
            reason = Reason.PAUSED if place < paused else Reason.RED_DAY
            world.promise(person, day=MONDAY + timedelta(days=number), step=number + 1, reason=reason)
    friday, later = MONDAY + timedelta(days=4), MONDAY + timedelta(days=10)
    found = await collected(world.store, first=MONDAY, last=friday, now=NOW + timedelta(days=9))
    told = as_one_object(found, NOW) + "\n".join(in_lines(found, first=MONDAY, last=friday))
    week = world.store.write_now(
        lambda session: cohort_account(
            session, organisation_id=world.organisation, cohort_id=cohort, people=12, first=MONDAY, last=later
        )
    )
    assert week.reasons == {Reason.RED_DAY: 33, Reason.PAUSED: 27}
    assert len(found) == 5
    assert Reason.PAUSED not in told
    assert Reason.RED_DAY not in told
