"""What a survey asks waits for a day on which the team's round says nothing to its person alone."""

import pytest

from storage.tables.deliveries import Kind, Reason, State
from tests.scheduler.challenges import challenge, each, step
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import begin, plan, prompts_a_day, team
from tests.scheduler.surveyed import TUESDAY, asked_cohort
from tests.scheduler.world import MONDAY, at


async def two_days(office: Office) -> None:
    for day in (MONDAY, TUESDAY):
        for clock in ("08:15", "10:00"):
            office.clock.wind_to(at(f"{day} {clock}"))
            await office.world.plan(office.clock.now())
            await plan(office.world, office.clock.now())
            await office.send()


@pytest.mark.parametrize(("slot", "alone"), [("08:15", True), ("10:00", True), ("10:00", False)])
async def test_a_survey_makes_way_for_a_round_and_comes_the_day_after(office: Office, slot: str, alone: bool) -> None:
    world = office.world
    cohort = asked_cohort(world)
    anna, bo = world.person(cohort, slot=slot), world.person(cohort, slot=slot)
    begin(world, team(world, [anna, bo]), challenge(each("need", 1) if alone else step("talk", 1)))
    await two_days(office)
    asked = [(row.day, row.reason or row.state) for row in world.deliveries(anna, Kind.SURVEY)]
    away = [(MONDAY, Reason.REPLACED_BY_ROUND), (TUESDAY, State.SENT)]
    assert asked == (away if alone else [(MONDAY, State.SENT)])
    assert max(prompts_a_day(world, anna).values()) == 1
