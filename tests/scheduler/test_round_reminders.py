"""Who is reminded of a round's step, when, and that it is once."""

from datetime import date, timedelta

from sqlmodel import Session

from storage import contributions, proposals
from storage.round_steps import NotTaken
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Person
from tests.scheduler.challenges import by, challenge, each
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import begin, messages, people, plan, step_of, team, write
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
TUESDAY = MONDAY + timedelta(days=1)
NEXT_DAY = at("2026-03-03 10:00")
PLANNED, SENT = State.PLANNED, State.SENT


async def test_the_next_day_only_those_who_have_not_handed_in_are_reminded_and_once(office: Office) -> None:
    world = office.world
    anna, bo, cia = people(world)
    began = begin(world, team(world, [anna, bo, cia]), challenge(each("need", 1, until=3), length=4))
    await plan(world, SLOT)
    write(world, anna, step_of(world, began, "need"), SLOT + timedelta(hours=1))
    last_day = at("2026-03-04 10:00")
    await plan(world, last_day - timedelta(seconds=1))
    assert messages(world, Kind.ROUND_REMINDER) == []
    await plan(world, last_day)
    assert messages(world, Kind.ROUND_REMINDER) == [(bo, PLANNED), (cia, PLANNED)]
    # Decided when it is sent.
    write(world, bo, step_of(world, began, "need"), last_day)
    office.clock.wind_to(last_day)
    await office.send()
    assert messages(world, Kind.ROUND_REMINDER) == [(bo, Reason.ALREADY_ANSWERED), (cia, SENT)]
    assert (await plan(world, last_day + timedelta(hours=1))).promised == 0


async def test_on_the_day_of_a_reminder_whoever_is_reminded_gets_no_exercise_and_the_others_do(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(each("need", 1, until=2), length=4))
    await plan(world, SLOT)
    write(world, anna, step_of(world, began, "need"), SLOT)
    for clock in ("08:15", "10:00"):
        office.clock.wind_to(at(f"2026-03-03 {clock}"))
        await world.plan(office.clock.now())
        await plan(world, office.clock.now())
        await office.send()
    tuesday = {
        person: {row.kind: row.reason or row.state for row in world.deliveries(person) if row.day == TUESDAY}
        for person in (anna, bo)
    }
    assert tuesday == {
        anna: {Kind.NUDGE: SENT},
        bo: {Kind.NUDGE: Reason.REPLACED_BY_ROUND, Kind.ROUND_REMINDER: SENT},
    }


async def test_where_it_is_anonymous_everybody_is_reminded(world: World) -> None:
    anna, bo = people(world, 2)
    anonymous = each("rule", 1, until=2, hand_in={"anonymous": True})
    began = begin(world, team(world, [anna, bo]), challenge(anonymous))
    await plan(world, SLOT)
    id = step_of(world, began, "rule").id

    def propose(session: Session) -> None:
        assert proposals.hand_in(session, id, "Annas form", [{"words": "Bort"}], now=SLOT, day=MONDAY) is None

    world.store.write_now(propose)
    await plan(world, NEXT_DAY)
    assert messages(world, Kind.ROUND_REMINDER) == [(anna, PLANNED), (bo, PLANNED)]


async def test_what_is_asked_for_once_is_reminded_of_where_it_was_asked(world: World) -> None:
    anna, bo, boss, cia = people(world, 4)
    made = team(world, [anna, bo], mandate=boss, facilitator=cia)
    begin(world, made, challenge(by("team", "a", 1), by("mandate", "b", 3), by("facilitator", "c", 5), length=8))
    for day in range(2, 7):
        await plan(world, at(f"2026-03-0{day} 10:00"))
    await plan(world, at("2026-03-09 10:00"))
    reminders = [(row.person_id, row.day) for row in world.deliveries(kind=Kind.ROUND_REMINDER)]
    assert reminders == [(None, TUESDAY), (boss, date(2026, 3, 5)), (cia, date(2026, 3, 9))]


async def test_nobody_is_reminded_of_what_has_come(world: World) -> None:
    anna, bo, boss = people(world, 3)
    trial = challenge(by("team", "a", 1), by("mandate", "b", 3), length=5)
    began = begin(world, team(world, [anna, bo], mandate=boss), trial)
    await plan(world, SLOT)
    write(world, bo, step_of(world, began, "a"), SLOT)
    await plan(world, at("2026-03-04 10:00"))
    write(world, boss, step_of(world, began, "b"), at("2026-03-04 11:00"))
    await plan(world, at("2026-03-05 10:00"))
    assert messages(world, Kind.ROUND_REMINDER) == []


async def test_a_channel_is_not_reminded_of_what_has_come_since(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(by("team", "a", 1), length=3))
    await plan(world, SLOT)
    await plan(world, NEXT_DAY)
    write(world, bo, step_of(world, began, "a"), NEXT_DAY)
    office.clock.wind_to(NEXT_DAY)
    await office.send()
    assert messages(world, Kind.ROUND_REMINDER) == [(None, Reason.ALREADY_ANSWERED)]


async def test_what_the_team_wrote_stays_when_the_next_step_begins_and_what_is_missing_may_come(world: World) -> None:
    anna, bo = people(world, 2)
    trial = challenge(by("team", "a", 1), by("team", "b", 2), by("team", "c", 3))
    a, b = (step_of(world, begin(world, team(world, [anna, bo], channel=name), trial), "a") for name in ("C1", "C2"))
    write(world, anna, a, SLOT)
    write(world, bo, a, NEXT_DAY - timedelta(seconds=1))

    def again(session: Session) -> object:
        return contributions.hand_in(session, session.get_one(Person, anna), a.id, {"words": "Nytt"}, NEXT_DAY)

    assert world.store.write_now(again) is NotTaken.CLOSED
    write(world, anna, b, NEXT_DAY)
