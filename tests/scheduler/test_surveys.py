"""When a cohort's surveys are asked: riding on what, and what becomes of them that were not."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from lessons.library import load_library
from scheduler.nights import end_finished_cohorts
from scheduler.surveys import close_waves
from storage import survey_waves
from storage import surveys as asking
from storage.sending import claim
from storage.surveys import Question
from storage.tables.answers import FollowUp, FollowUpState
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace, Person
from storage.tables.programmes import Cohort, CohortState, Enrolment, Role
from storage.tables.surveys import SurveyResponse, SurveyWave
from tests.scheduler.surveyed import (
    FRIDAY,
    LAST,
    TUESDAY,
    WEDNESDAY,
    answer,
    asked,
    asked_cohort,
    go_through,
    lay,
    waves,
)
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at


async def test_it_rides_on_the_exercise_of_the_day_it_opens(world: World) -> None:
    person = world.person(asked_cohort(world))
    await world.plan(at(f"{MONDAY} 08:15"))
    [survey] = world.deliveries(person, Kind.SURVEY)
    [nudge] = world.deliveries(person, Kind.NUDGE)
    assert (survey.rides_on, survey.state) == (nudge.id, State.PLANNED)
    await go_through(world, MONDAY, LAST)
    assert asked(world, person) == [("03-02", State.SENT)], "a wave is asked once"


async def test_it_never_rides_on_a_welcome(memory: World) -> None:
    cohort = asked_cohort(memory)
    person = memory.person(cohort, welcomed=False, now=at("2026-03-01 12:00"))
    await go_through(memory, MONDAY, TUESDAY)
    assert asked(memory, person) == [("03-03", State.SENT)]


async def test_without_an_exercise_it_is_a_message_of_its_own_and_the_only_one(world: World) -> None:
    cohort = world.cohort(weeks=(5, 5, 5, 5))
    lay(world, cohort, waves={"t2": 7})
    person = world.person(cohort)
    await go_through(world, date(2026, 4, 13), date(2026, 4, 17))
    [survey] = world.deliveries(person, Kind.SURVEY)
    assert (survey.day, survey.rides_on, survey.state) == (date(2026, 4, 13), None, State.SENT)
    assert len([row for row in world.deliveries(person) if row.day == survey.day and row.rides_on is None]) == 1


async def test_it_is_asked_after_the_cohort_has_ended(world: World) -> None:
    cohort = world.cohort(weeks=(5, 5, 5, 5))
    lay(world, cohort)
    person = world.person(cohort)
    ended = date(2026, 3, 28)
    assert world.store.write_now(partial(end_finished_cohorts, organisation_id=world.organisation, today=ended))
    assert world.look_up(Cohort, cohort).state is CohortState.ENDED
    await go_through(world, date(2026, 6, 15), date(2026, 6, 17))
    down = [("03-13", Reason.KNUFF_WAS_DOWN), ("03-27", Reason.KNUFF_WAS_DOWN), ("04-09", Reason.KNUFF_WAS_DOWN)]
    assert asked(world, person) == [*down, ("06-15", State.SENT)]


async def test_a_cohort_does_not_end_by_itself_on_a_surveys_last_day_so_that_whoever_comes_back_then_is_asked(
    world: World,
) -> None:
    cohort, last = world.cohort(weeks=(5, 5, 5, 5)), date(2026, 4, 9)
    lay(world, cohort)
    person = world.person(cohort, paused_from=MONDAY, paused_until=last - timedelta(days=1))
    end = partial(end_finished_cohorts, organisation_id=world.organisation)
    assert world.store.write_now(partial(end, today=last)) == []
    await go_through(world, last, last)
    assert asked(world, person)[-1] == ("04-09", State.SENT)
    assert world.store.write_now(partial(end, today=last + timedelta(days=1))) == [cohort]


async def test_nobody_is_asked_any_more_in_a_cohort_that_a_coordinator_has_ended(world: World) -> None:
    from storage import cohorts

    cohort = asked_cohort(world)
    waiting = world.person(cohort)
    away = world.person(cohort, paused_from=MONDAY, paused_until=MONDAY)
    answered = [world.person(cohort) for _ in range(5)]
    for person in answered:
        assert answer(world, person)
    await world.plan(at(f"{MONDAY} 08:15"))
    [promised] = world.deliveries(waiting, Kind.SURVEY)
    assert promised.state is State.PLANNED

    def end(session: Session) -> None:
        cohorts.set_state(session, session.get_one(Cohort, cohort), CohortState.ENDED, MONDAY, at(f"{MONDAY} 08:16"))
        assert claim(session, promised.rides_on or promised.id, at(f"{MONDAY} 08:17")) is None

    world.store.write_now(end)
    assert asked(world, waiting) == [("03-02", Reason.COHORT_ENDED)]
    await go_through(world, TUESDAY, LAST)
    assert asked(world, away) == []
    assert await close_waves(world.store, at(f"{TUESDAY} 03:00"), STOCKHOLM)
    [wave] = waves(world)
    assert (wave.closes_on, wave.asked, wave.released is not None) == (MONDAY, 7, True)


async def test_on_its_last_day_nobody_is_asked_if_the_cohort_was_ended_on_it(world: World) -> None:
    cohort = asked_cohort(world)
    person = world.person(cohort)
    world.change(Cohort, cohort, state=CohortState.ENDED, ended_on=MONDAY)
    world.change(SurveyWave, waves(world)[0].id, closes_on=MONDAY)
    await world.plan(at(f"{MONDAY} 08:15"))
    assert asked(world, person) == [("03-02", Reason.COHORT_ENDED)]


async def test_two_follow_ups_go_first_and_it_waits_for_a_day_with_room(world: World) -> None:
    cohort = asked_cohort(world)
    person = world.person(cohort)
    follow_ups = [world.follow_up(person, MONDAY, cohort=cohort) for _ in range(2)]
    await go_through(world, MONDAY, MONDAY)
    for follow_up in follow_ups:
        world.change(FollowUp, follow_up, state=FollowUpState.ASKED)
    await go_through(world, TUESDAY, TUESDAY)
    rows = world.deliveries(person)
    assert [row.kind for row in rows if row.day == MONDAY and row.rides_on] == [Kind.FOLLOW_UP, Kind.FOLLOW_UP]
    assert asked(world, person) == [("03-03", State.SENT)]


async def test_who_comes_back_from_a_pause_while_it_is_open_is_asked_then(world: World) -> None:
    person = world.person(asked_cohort(world), paused_from=MONDAY, paused_until=FRIDAY)
    await go_through(world, MONDAY, LAST)
    assert asked(world, person) == [("03-09", State.SENT)]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"paused_from": MONDAY, "paused_until": LAST}, Reason.PAUSED),
        ({"stopped_at": at("2026-03-01 12:00")}, Reason.STOPPED),
        ({"unreachable_at": at("2026-03-01 12:00")}, Reason.NOT_REACHABLE),
        ({"unanswered": 20}, Reason.BACKED_OFF),
    ],
)
async def test_who_could_not_be_asked_is_explained_on_the_last_day(
    world: World, facts: dict[str, Any], reason: Reason
) -> None:
    person = world.person(asked_cohort(world), **facts)
    await go_through(world, MONDAY, LAST - timedelta(days=1))
    assert asked(world, person) == []
    await go_through(world, LAST, LAST)
    assert asked(world, person) == [("03-13", reason)]


async def test_somebody_who_works_no_fridays_is_explained_all_the_same(memory: World) -> None:
    person = memory.person(
        asked_cohort(memory), days=0b01111, paused_from=MONDAY, paused_until=LAST - timedelta(days=1)
    )
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == [("03-13", Reason.OWN_DAY_OFF)]


async def test_a_paused_cohort_is_not_asked(memory: World) -> None:
    cohort = asked_cohort(memory)
    memory.change(Cohort, cohort, state=CohortState.PAUSED, paused_from=MONDAY)
    person = memory.person(cohort)
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == [("03-13", Reason.COHORT_PAUSED)]


async def test_what_fell_away_is_promised_again_and_what_may_have_come_is_not(memory: World) -> None:
    cohort = asked_cohort(memory)
    late, unknown = memory.person(cohort), memory.person(cohort)
    await memory.plan(at(f"{MONDAY} 08:15"))
    for row in memory.deliveries(kind=Kind.SURVEY):
        memory.settle(row, State.EXPLAINED, Reason.TOO_LATE if row.person_id == late else Reason.OUTCOME_UNKNOWN)
    await go_through(memory, TUESDAY, LAST)
    assert asked(memory, late) == [("03-02", Reason.TOO_LATE), ("03-03", State.SENT)]
    assert asked(memory, unknown) == [("03-02", Reason.OUTCOME_UNKNOWN)]


async def test_who_joins_while_it_is_open_is_asked_on_their_first_day(memory: World) -> None:
    person = memory.person(asked_cohort(memory), first_day=WEDNESDAY)
    late = memory.person(asked_cohort(memory), first_day=LAST + timedelta(days=3))
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == [("03-04", State.SENT)]
    assert asked(memory, late) == []


async def test_a_gathered_week_is_asked_with_its_message(memory: World) -> None:
    person = memory.person(asked_cohort(memory), pace=Pace.MONDAYS)
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == [("03-02", State.SENT)]


async def test_who_has_answered_of_their_own_accord_is_not_asked(memory: World) -> None:
    cohort = asked_cohort(memory)
    person = memory.person(cohort)
    assert answer(memory, person)
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == []


async def test_only_the_roles_it_has_something_for_are_asked(memory: World) -> None:
    cohort = memory.cohort(weeks=(5, 5, 5, 5))
    lay(memory, cohort, roles=["manager"])
    manager, politician = memory.person(cohort), memory.person(cohort, role=Role.POLITICIAN)
    await go_through(memory, MONDAY, TUESDAY)
    assert (len(asked(memory, manager)), len(asked(memory, politician))) == (1, 0)


async def test_the_day_of_a_session_is_asked_about_on_the_next(memory: World) -> None:
    cohort = memory.cohort(weeks=(5, 5, 5, 5))
    lay(memory, cohort, waves={})
    person = memory.person(cohort)

    def add(session: Session) -> None:
        document_id = survey_waves.stored_document(
            session,
            memory.organisation,
            name="own-items",
            digest="d",
            body=load_library().survey_document().to_json(),  # type: ignore[union-attr]
            now=memory.founded_at,
        )
        laid = survey_waves.Laid(wave="day", roles=("manager",), opens_on=FRIDAY, closes_on=date(2026, 3, 19))
        where = {"organisation_id": memory.organisation, "cohort_id": cohort, "document_id": document_id}
        survey_waves.lay(session, **where, waves=[laid], today=MONDAY)

    memory.store.write_now(add)
    await go_through(memory, MONDAY, LAST)
    assert asked(memory, person) == [("03-09", State.SENT)]


async def test_it_closes_in_the_night_after_its_last_day_and_never_opens_again(world: World) -> None:
    cohort = asked_cohort(world)
    people = [world.person(cohort) for _ in range(6)]
    stopped = world.person(cohort, stopped_at=at("2026-03-01 12:00"))
    for number, person in enumerate(people):
        assert answer(world, person, "5" if number else None)
    assert await close_waves(world.store, at(f"{LAST} 23:00"), STOCKHOLM)
    assert waves(world)[0].closed_at is None, "its last day is not over"
    night = at(f"{LAST + timedelta(days=1)} 03:00")
    for _ in range(2):
        assert await close_waves(world.store, night, STOCKHOLM)
    first = waves(world)[0]
    assert (first.wave, first.closed_at, first.asked) == ("t0", night, 7), f"{stopped} was to be asked too"
    assert first.released is not None
    assert first.released["asked"] == 7

    def late(session: Session) -> bool:
        [wave] = asking.all_waves(session, person_id=people[0], on=LAST)
        assert asking.open_waves(session, person_id=people[0], on=LAST) == []
        return asking.respond(session, wave, {Question("S8"): "1"}, person_id=people[0], now=night)

    assert not world.store.write_now(late)
    rows = world.store.write_now(lambda session: session.exec(select(SurveyResponse)).all())
    assert [row.value for row in rows] == [None, *["5"] * 5]
    assert waves(world)[1].closed_at is None


@pytest.mark.parametrize(
    ("table", "facts", "is_counted"),
    [
        (Person, {"left_at": at("2026-03-05 12:00")}, False),
        (Enrolment, {"first_day": LAST + timedelta(days=1)}, False),
        (Enrolment, {"first_day": LAST}, True),
        (Enrolment, {"ends_on": LAST}, False),
        (Enrolment, {"ends_on": LAST + timedelta(days=1)}, True),
    ],
)
async def test_whoever_is_in_it_on_its_last_day_was_to_be_asked_and_nobody_else(
    world: World, table: type[Any], facts: dict[str, Any], is_counted: bool
) -> None:
    cohort = asked_cohort(world)
    person = world.person(cohort)
    for _ in range(5):
        world.person(cohort)
    row = person
    if table is Enrolment:
        mine = select(Enrolment.id).where(Enrolment.person_id == person)
        row = world.store.write_now(lambda session: session.exec(mine).one())
    world.change(table, row, **facts)
    assert await close_waves(world.store, at(f"{LAST + timedelta(days=1)} 03:00"), STOCKHOLM)
    assert waves(world)[0].asked == (6 if is_counted else 5)


async def test_two_surveys_never_come_in_one_message(world: World) -> None:
    person = world.person(asked_cohort(world))
    world.change(SurveyWave, waves(world)[1].id, opens_on=MONDAY)
    await go_through(world, MONDAY, WEDNESDAY)
    assert asked(world, person) == [("03-02", State.SENT), ("03-03", State.SENT)]


async def test_an_answer_is_changed_in_place_and_only_by_its_own_person(world: World) -> None:
    cohort = asked_cohort(world)
    me, other = world.person(cohort), world.person(cohort)
    answer(world, me, "2")
    answer(world, me, "3", on=TUESDAY)

    def steal(session: Session) -> dict[Question, str | None]:
        [mine] = asking.open_waves(session, person_id=me, on=MONDAY)
        asking.respond(session, mine, {Question("S8"): "1"}, person_id=other, now=world.founded_at)
        assert asking.responses(session, person_id=other, wave_id=mine.wave_id) == {}
        return asking.responses(session, person_id=me, wave_id=mine.wave_id)

    assert world.store.write_now(steal) == {Question("S8"): "3"}
