"""A programme in which roles have different steps: each gets its own, and nobody anybody else's."""

from datetime import timedelta

from lessons.models import Programme
from scheduler.programmes import course_in
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace
from storage.tables.programmes import Role
from tests.scheduler.world import MONDAY, World, at

POLITICIAN, MANAGER, LEADER = Role.POLITICIAN, Role.MANAGER, Role.INNOVATION_LEADER
WEEKS = ({"all": 2, POLITICIAN: 1}, {"all": 3, MANAGER: 2, POLITICIAN: 0}, 1)
"""Steps: 1 and 2 for all but politicians, who have 3; then 4–6 for others, 7 and 8 for managers; 9 for everybody."""
FIRST, LAST = at("2026-03-02 06:00"), at("2026-03-20 18:00")


def numbers(world: World, person: int) -> list[int | None]:
    return [row.step for row in world.deliveries(person, Kind.NUDGE)]


async def test_each_role_is_promised_its_own_steps_and_no_others(world: World) -> None:
    cohort = world.cohort(weeks=WEEKS)
    people = {role: world.person(cohort, role=role) for role in Role}
    await world.plan_until(FIRST, LAST)
    assert {role: numbers(world, person) for role, person in people.items()} == {
        MANAGER: [1, 2, 7, 8, 9],
        LEADER: [1, 2, 4, 5, 6, 9],
        Role.TEAM_MEMBER: [1, 2, 4, 5, 6, 9],
        POLITICIAN: [3, 9],
    }


async def test_a_role_without_steps_in_a_week_gets_no_exercise_then(world: World) -> None:
    person = world.person(world.cohort(weeks=WEEKS), role=POLITICIAN)
    await world.plan_until(FIRST, LAST)
    assert [row.day - MONDAY for row in world.deliveries(person)] == [timedelta(0), timedelta(weeks=2)]


async def test_the_lesson_promised_is_that_of_the_roles_own_step(world: World) -> None:
    person = world.person(world.cohort(weeks=WEEKS), role=MANAGER)
    await world.plan_until(FIRST, LAST)
    assert [row.lesson_id for row in world.deliveries(person)] == ["L01", "L02", "L07", "L08", "L09"]


async def test_a_week_gathered_on_monday_holds_the_roles_own_steps(world: World) -> None:
    cohort = world.cohort(weeks=WEEKS)
    manager, leader = (world.person(cohort, role=role, pace=Pace.MONDAYS) for role in (MANAGER, LEADER))
    await world.plan_until(at("2026-03-09 06:00"), at("2026-03-13 18:00"))
    of_week = {
        person: [(row.step, row.rides_on is None) for row in world.deliveries(person) if row.day > MONDAY]
        for person in (manager, leader)
    }
    assert of_week == {manager: [(7, True), (8, False)], leader: [(4, True), (5, False), (6, False)]}


async def test_what_falls_away_is_explained_to_the_role_it_was_for(world: World) -> None:
    cohort = world.cohort(weeks=[{MANAGER: 5, "all": 1}])
    manager, leader = (world.person(cohort, role=role, days=0b00111) for role in (MANAGER, LEADER))
    await world.plan_until(FIRST, LAST)
    assert [step for step, _, end in world.steps(manager) if end is Reason.OWN_DAY_OFF] == [5, 6]
    assert world.steps(leader) == [(1, "mon", State.PLANNED)]


async def test_whoever_moves_in_the_middle_of_a_week_is_promised_the_rest_of_their_roles_steps(world: World) -> None:
    cohort = world.cohort(weeks=[{"all": 5, POLITICIAN: 4}])
    politician = world.person(cohort, role=POLITICIAN)
    await world.plan_until(FIRST, at("2026-03-03 12:00"))
    world.move(politician, now=at("2026-03-03 12:00"), slot="10:00")
    await world.plan_until(at("2026-03-03 12:01"), LAST)
    assert world.steps(politician) == [
        (6, "mon", State.PLANNED),
        (7, "tue", State.PLANNED),
        (8, "wed", State.PLANNED),
        (9, "thu", State.PLANNED),
    ]


async def test_after_twenty_silences_the_farewell_comes_to_each_role_once(world: World) -> None:
    cohort = world.cohort(weeks=WEEKS)
    people = [world.person(cohort, role=role, unanswered=20) for role in (MANAGER, LEADER, POLITICIAN)]
    await world.plan(at("2026-03-02 08:15"))
    assert [row.person_id for row in world.deliveries(kind=Kind.FAREWELL)] == people


def test_a_programme_that_is_the_same_for_all_is_planned_in_one_piece() -> None:
    """No more statements than before there were roles."""
    text = {"sv": "Text", "en": "Text"}
    same = {"principle": "value", "title": text, "lessons": ["L01", "L02"]}
    twice = same | {"by_role": {"manager": ["L03"], "politician": ["L04"]}}
    nothing = {"principle": "value", "title": text, "quiet": True}
    course = course_in(
        Programme.model_validate({"id": "x", "title": text, "about": text, "weeks": [same, twice, nothing]})
    )
    assert [share.roles for share in course.shares_of(1)] == [None]
    assert [share.roles for share in course.shares_of(2)] == [(MANAGER,), (LEADER, Role.TEAM_MEMBER), (POLITICIAN,)]
    assert [course.shares_of(number) for number in (3, 4, 0, None)] == [(), (), (), ()]
