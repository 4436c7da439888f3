"""What a round says to one person alone beside its steps: on a day of its own, once, and while it is true."""

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session

from scheduler import round_notes
from scheduler.ports import ChannelGone
from storage import my_data, notes_taken_back, rounds
from storage.round_notes import Note
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Cadence, Person
from storage.tables.rounds import Ending, Round, RoundStep
from storage.tables.teams import Team
from tests.scheduler.challenges import challenge, each, step
from tests.scheduler.offices import Office, fate
from tests.scheduler.rounds_world import begin, people, plan, round_of, step_of, team
from tests.scheduler.world import MONDAY, World, at

SLOT = at("2026-03-02 10:00")
LATER = at("2026-03-02 11:00")
TALKS = challenge(step("talk", 1), step("walk", 2), step("end", 3))
LATE_QUESTION = challenge(step("talk", 1), step("walk", 2), each("need", 3), step("end", 4))


def tell(world: World, round_id: int, person_id: int, now: datetime = LATER, note: Note = Note.FACILITATES) -> int:
    return world.store.write_now(lambda session: round_notes.tell_of_part(session, round_id, person_id, note, now))


def notes(world: World) -> list[Delivery]:
    return [row for row in world.deliveries(kind=Kind.ROUND) if row.occurrence in set(Note)]


def leads(world: World, round_id: int, person_id: int, since: datetime = LATER) -> None:
    world.change(Team, round_of(world, round_id).team_id, facilitator_id=person_id, facilitator_since=since)


async def test_it_comes_at_once_on_a_day_without_a_message_and_only_once(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS)
    await plan(world, SLOT)
    leads(world, began, bo)
    assert (tell(world, began, bo), tell(world, began, bo)) == (1, 0)
    [note] = notes(world)
    assert (note.person_id, note.day, note.due_at, note.late_after) == (bo, MONDAY, LATER, at("2026-03-02 16:30"))
    office.clock.wind_to(LATER)
    await office.send()
    assert fate(world, note) is State.SENT


async def test_whoever_has_had_the_days_message_gets_it_on_the_next_working_day(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS, starts_on=date(2026, 3, 6))
    friday = at("2026-03-06 10:00")
    await world.plan(at("2026-03-06 08:15"))
    await plan(world, friday)
    tell(world, began, bo, friday + timedelta(hours=1))
    assert [row.day for row in notes(world)] == [date(2026, 3, 9)]
    await world.plan(at("2026-03-09 08:15"))
    nudge = next(row for row in world.deliveries(bo, Kind.NUDGE) if row.day == date(2026, 3, 9))
    assert nudge.reason is Reason.REPLACED_BY_ROUND, "one message a day, and this is it"


async def test_it_comes_on_a_day_that_is_the_persons_own(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS)
    await plan(world, SLOT)
    leads(world, began, bo)
    world.change(Cadence, world.look_up(Person, bo).cadence_id, days=0b01000)  # Thursdays alone
    assert tell(world, began, bo) == 1
    [note] = notes(world)
    assert (note.day, note.due_at) == (date(2026, 3, 5), at("2026-03-05 10:00"))
    office.clock.wind_to(note.due_at)
    await office.send()
    assert fate(world, note) is State.SENT


async def test_one_for_which_there_is_no_day_is_explained_and_not_lost(world: World) -> None:
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS)
    await plan(world, SLOT)
    world.change(Cadence, world.look_up(Person, bo).cadence_id, days=0)
    assert (tell(world, began, bo), tell(world, began, bo)) == (1, 0)
    assert [(note.person_id, note.reason) for note in notes(world)] == [(bo, Reason.OWN_DAY_OFF)]


async def brought_forward(world: World, began: int, evening: datetime) -> None:
    """Let Thursday's question come on Tuesday: a coordinator has moved it, or Knuff was down."""
    world.change(RoundStep, step_of(world, began, "walk").id, prompted_at=evening)
    need = step_of(world, began, "need")
    world.change(RoundStep, need.id, day=date(2026, 3, 3), prompt_at=at("2026-03-03 10:00"))
    await plan(world, at("2026-03-03 10:00"))


async def test_a_question_that_comes_on_its_day_says_it_and_is_asked(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), LATE_QUESTION)
    await plan(world, SLOT)
    evening = at("2026-03-02 17:00")
    leads(world, began, bo, evening)
    tell(world, began, bo, evening)
    assert [note.day for note in notes(world)] == [date(2026, 3, 3)]
    await brought_forward(world, began, evening)
    asked = [row for row in world.deliveries(bo, Kind.ROUND) if row.day == date(2026, 3, 3)]
    assert [(row.occurrence, row.state) for row in asked] == [(1, State.PLANNED)]
    assert [note.day for note in notes(world)] == [date(2026, 3, 4)], "until it is said"
    office.clock.wind_to(at("2026-03-03 10:00"))
    await office.send()
    assert fate(world, asked[0]) is State.SENT
    assert notes(world) == []


async def test_a_question_that_never_goes_out_does_not_say_it_and_the_note_comes(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(step("talk", 1), each("need", 2), step("end", 3)))
    await plan(world, SLOT)
    evening = at("2026-03-02 17:00")
    leads(world, began, bo, evening)
    tell(world, began, bo, evening)
    await plan(world, at("2026-03-03 10:00"))
    office.clock.wind_to(at("2026-03-03 16:45"))
    await office.send()
    assert [row.reason for row in world.deliveries(bo, Kind.ROUND) if row.occurrence == 1] == [Reason.TOO_LATE]
    [note] = notes(world)
    office.clock.wind_to(note.due_at)
    await office.send()
    assert fate(world, note) is State.SENT


@pytest.mark.parametrize("note", [Note.HAS_MANDATE, Note.HAS_ENDED])
async def test_what_the_question_of_its_day_does_not_say_comes_later(office: Office, note: Note) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), LATE_QUESTION)
    await plan(world, SLOT)
    evening = at("2026-03-02 17:00")
    world.change(Team, round_of(world, began).team_id, mandate_id=bo, mandate_since=evening)
    tell(world, began, bo, evening, note)
    assert [row.day for row in notes(world)] == [date(2026, 3, 3)]
    await brought_forward(world, began, evening)
    [moved] = notes(world)
    assert (moved.occurrence, moved.state, moved.day) == (note, State.PLANNED, date(2026, 3, 4))
    asked = [row for row in world.deliveries(bo, Kind.ROUND) if row.day == date(2026, 3, 3)]
    assert [(row.occurrence, row.state) for row in asked] == [(1, State.PLANNED)]


@pytest.mark.parametrize("by", ["another", "the end"])
async def test_whoever_is_to_be_told_of_nothing_any_more_gets_the_exercise_of_that_day(office: Office, by: str) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS, starts_on=date(2026, 3, 6))
    friday = at("2026-03-06 10:00")
    await world.plan(at("2026-03-06 08:15"))
    await plan(world, friday)
    later = friday + timedelta(hours=1)
    leads(world, began, bo, later)
    tell(world, began, bo, later)

    def lose(session: Session) -> None:
        if by == "another":
            notes_taken_back.take_back(session, began, bo, Note.FACILITATES)
        else:
            assert rounds.end(session, began, Ending.ENDED_EARLY, later)

    world.store.write_now(lose)
    assert notes(world) == []
    await world.plan(at("2026-03-09 08:15"))
    [nudge] = [row for row in world.deliveries(bo, Kind.NUDGE) if row.day == date(2026, 3, 9)]
    assert nudge.state is State.PLANNED


async def test_what_is_on_its_way_or_somebody_elses_is_not_taken_back(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS)
    await plan(world, SLOT)
    leads(world, began, bo)
    tell(world, began, bo)
    [note] = notes(world)

    def lose(session: Session) -> None:
        notes_taken_back.take_back(session, began, anna, Note.FACILITATES)
        notes_taken_back.take_back(session, began, bo, Note.HAS_MANDATE)

    world.store.write_now(lose)
    assert len(notes(world)) == 1
    world.change(Delivery, note.id, attempts=1)
    world.store.write_now(lambda session: notes_taken_back.take_back(session, began, bo, Note.FACILITATES))
    assert len(notes(world)) == 1


@pytest.mark.parametrize("how_many", [3, 12])
async def test_what_ends_on_one_evening_is_told_in_one_message(office: Office, how_many: int) -> None:
    world = office.world
    coordinator = world.person(world.cohort())
    asks = challenge(each("need", 1))
    begun = [begin(world, team(world, people(world, 2)), asks) for _ in range(how_many)]
    for one in begun:
        world.change(Round, one, begun_by=coordinator)
    await plan(world, SLOT)
    await plan(world, at("2026-03-02 16:30"))
    tuesday = [row for row in notes(world) if row.day == date(2026, 3, 3)]
    [carrier] = [row for row in tuesday if row.rides_on is None]
    assert len(tuesday) == min(how_many, 10)
    assert {row.rides_on for row in tuesday} == {None, carrier.id}
    assert {row.day for row in notes(world) if row not in tuesday} == ({date(2026, 3, 4)} if how_many > 10 else set())
    office.clock.wind_to(carrier.due_at)
    await office.send()
    assert {fate(world, row) for row in tuesday} == {State.SENT}
    assert {id for id, _at in office.courier.received} & {row.id for row in tuesday} == {carrier.id}


async def test_an_ending_does_not_go_with_one_that_is_too_late_already(world: World) -> None:
    coordinator = world.person(world.cohort())
    asks = challenge(each("need", 1))
    first, second = (begin(world, team(world, people(world, 2)), asks) for _ in range(2))
    for one, now in ((first, at("2026-03-02 16:30")), (second, at("2026-03-04 08:00"))):
        world.change(Round, one, begun_by=coordinator)
        world.store.write_now(partial(round_notes.tell_ending, round_id=one, now=now))
    assert [(note.day, note.rides_on) for note in notes(world)] == [(date(2026, 3, 3), None), (date(2026, 3, 4), None)]


async def test_endings_that_are_told_together_give_way_to_a_question_together(world: World) -> None:
    anna, bo = people(world, 2)
    asks = challenge(each("need", 1))
    for _ in range(2):
        world.change(Round, begin(world, team(world, people(world, 2)), asks), begun_by=bo)
    began = begin(world, team(world, [anna, bo]), LATE_QUESTION)
    await plan(world, SLOT)
    await plan(world, at("2026-03-02 16:30"))
    assert {note.day for note in notes(world)} == {date(2026, 3, 3)}
    await brought_forward(world, began, SLOT)
    first, second = notes(world)
    assert (first.day, first.rides_on, second.rides_on) == (date(2026, 3, 4), None, first.id)


async def test_before_the_first_step_there_is_none(world: World) -> None:
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), TALKS)
    assert (tell(world, began, bo), notes(world)) == (0, [])


async def test_a_question_on_the_way_says_it_and_the_note_is_not_needed(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(step("talk", 1), each("need", 2), step("end", 3)))
    await plan(world, SLOT)
    evening = at("2026-03-02 17:00")
    leads(world, began, bo, evening)
    tell(world, began, bo, evening)
    [note] = notes(world)
    assert note.day > date(2026, 3, 3), "on Tuesday they are asked alone"
    office.clock.wind_to(at("2026-03-03 10:00"))
    await plan(world, office.clock.now())
    await office.send()
    assert notes(world) == [], "and the day it was promised for has its exercise"


async def test_whoever_has_lost_the_part_by_then_and_a_round_that_is_over_are_told_of_nothing(office: Office) -> None:
    world = office.world
    anna, bo, cia, dag = people(world, 4)
    lost = begin(world, team(world, [anna, bo]), TALKS)
    over = begin(world, team(world, [cia, dag], channel="C2"), TALKS)
    await plan(world, SLOT)
    for began, who in ((lost, bo), (over, dag)):
        leads(world, began, who)
        tell(world, began, who)
    leads(world, lost, anna, LATER + timedelta(minutes=1))
    world.change(Round, over, state="ended", ending=Ending.ENDED_EARLY, ended_at=LATER)
    office.clock.wind_to(LATER)
    await office.send()
    assert [row.reason for row in notes(world)] == [Reason.LEFT_TEAM, Reason.ROUND_ENDED]


async def test_whoever_gets_the_mandate_is_told_though_they_are_asked_something_else_meanwhile(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    began = begin(world, team(world, [anna, bo]), challenge(step("talk", 1), each("need", 2), step("end", 3)))
    await plan(world, SLOT)
    evening = at("2026-03-02 17:00")
    world.change(Team, round_of(world, began).team_id, mandate_id=bo, mandate_since=evening)
    tell(world, began, bo, evening, Note.HAS_MANDATE)
    await plan(world, at("2026-03-03 10:00"))
    [note] = notes(world)
    office.clock.wind_to(note.due_at)
    await office.send()
    assert fate(world, note) is State.SENT


async def test_a_channel_that_is_found_to_be_gone_ends_the_round_and_whoever_began_it_is_told(office: Office) -> None:
    world = office.world
    anna, bo = people(world, 2)
    coordinator = world.person(world.cohort())
    began = begin(world, team(world, [anna, bo]), TALKS)
    world.change(Round, began, begun_by=coordinator)
    await plan(world, SLOT)
    [message] = world.deliveries(kind=Kind.ROUND)
    office.courier.before[message.id] = [ChannelGone("is_archived")]
    office.clock.wind_to(SLOT)
    await office.send()
    await office.send()
    assert round_of(world, began).ending is Ending.CHANNEL_GONE
    assert [(row.person_id, row.occurrence, row.state) for row in notes(world)] == [
        (coordinator, Note.HAS_ENDED, State.SENT)
    ]


async def test_whoever_has_deleted_their_data_is_told_of_no_ending(world: World) -> None:
    coordinator = world.person(world.cohort())
    began = begin(world, team(world, people(world, 2)), challenge(each("need", 1)))
    world.change(Round, began, begun_by=coordinator)

    def erase(session: Session) -> None:
        my_data.erase(session, session.get_one(Person, coordinator), SLOT)

    world.store.write_now(erase)
    await plan(world, SLOT)
    await plan(world, at("2026-03-02 16:30"))
    assert round_of(world, began).ending is Ending.NOT_MADE
    assert round_of(world, began).begun_by is None
    assert notes(world) == []


def test_what_somebody_has_begun_is_in_their_own_data(world: World) -> None:
    coordinator = world.person(world.cohort())
    began = begin(world, team(world, people(world, 2)), TALKS)
    world.change(Round, began, begun_by=coordinator)
    data = world.store.write_now(lambda session: my_data.collect(session, session.get_one(Person, coordinator)))
    assert data["challenges_begun"] == [{"team": "Laget", "starts_on": "2026-03-02"}]
