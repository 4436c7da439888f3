"""What is looked after once a night."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, update
from structlog.testing import capture_logs

from scheduler.nights import check_account, look_after
from storage.tables.answers import FollowUp, FollowUpState
from storage.tables.deliveries import Attempt, Delivery, Kind, Reason, State
from storage.tables.people import Organisation
from storage.tables.programmes import Cohort, CohortState, Enrolment, ProgrammeDocument
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at

SATURDAY = date(2026, 3, 7)
FRIDAY_NIGHT, SATURDAY_NIGHT = at("2026-03-06 03:00"), at("2026-03-07 03:00")


async def events(world: World, now: object = SATURDAY_NIGHT) -> dict[str, dict[str, object]]:
    with capture_logs() as lines:
        await look_after(world.store, now, STOCKHOLM)  # type: ignore[arg-type]
    return {line["event"]: dict(line) for line in lines}


async def test_yesterdays_account_balances(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.settle(world.deliveries()[0])
    told = (await events(world, at("2026-03-03 03:00")))["account_balances"]
    assert (told["promised"], told["sent"], told["explained"], told["unsettled"]) == (1, 1, 0, 0)


async def test_a_promise_that_is_lost_is_told(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    told = (await events(world, at("2026-03-03 03:00")))["account_does_not_balance"]
    assert (told["log_level"], told["promised"], told["sent"], told["unsettled"]) == ("error", 1, 0, 1)
    told = (await events(world, at("2026-03-10 03:00")))["account_does_not_balance"]
    assert (told["promised"], told["unsettled"]) == (0, 1), "its day is no longer summed up, and it is still told"


async def test_what_its_message_left_behind_is_explained_at_night_and_asked_again(world: World) -> None:
    """As when a question is put on a message in the moment in which another process marks it."""
    cohort = world.cohort()
    person = world.person(cohort)
    follow_up = world.follow_up(person, MONDAY, cohort=cohort)
    await world.plan(at("2026-03-02 08:15"))
    nudge, asked = sorted(world.deliveries(person), key=lambda row: row.rides_on is not None)
    world.settle(nudge)
    told = await events(world, at("2026-03-02 10:00"))
    assert "riders_left_behind" not in told, "it may be on its way with its message"
    told = await events(world, at("2026-03-03 03:00"))
    assert (told["riders_left_behind"]["log_level"], told["riders_left_behind"]["promises"]) == ("error", 1)
    assert (told["account_balances"]["sent"], told["account_balances"]["explained"]) == (1, 1)
    left = world.look_up(Delivery, asked.id)
    assert (left.state, left.reason, left.rides_on) == (State.EXPLAINED, Reason.ONE_MESSAGE, None)
    await world.plan(at("2026-03-03 08:15"))
    [again] = [row for row in world.deliveries(person, Kind.FOLLOW_UP) if row.state is State.PLANNED]
    assert (again.subject_id, again.occurrence) == (follow_up, 2)


async def test_a_day_is_judged_when_it_is_over_in_the_farthest_west(world: World) -> None:
    world.person(world.cohort(), zone="Pacific/Honolulu", slot="15:30")
    await world.plan(at("2026-03-02 15:30", "Pacific/Honolulu"))
    (row,) = world.deliveries()
    assert at("2026-03-03 03:00") < row.late_after
    told = (await events(world, at("2026-03-03 03:00")))["account_balances"]
    assert (told["days"], told["unsettled"]) == ([], 0)
    told = (await events(world, at("2026-03-04 03:00")))["account_does_not_balance"]
    assert (told["days"], told["promised"], told["unsettled"]) == (["2026-03-02"], 1, 1)
    world.settle(row)
    told = (await events(world, at("2026-03-04 03:00")))["account_balances"]
    assert (told["days"], told["promised"], told["sent"]) == (["2026-03-02"], 1, 1)


async def test_each_night_sums_up_the_days_that_ended_in_the_last_seven(world: World) -> None:
    cohort = world.cohort()
    world.person(cohort)
    world.person(cohort, zone="Pacific/Honolulu")
    for moment in ("2026-03-02 08:15", "2026-03-02 19:15", "2026-03-03 08:15", "2026-03-03 19:15"):
        await world.plan(at(moment))
    for row in world.deliveries():
        world.settle(row)
    nights = {day: await events(world, at(f"2026-03-{day} 03:00")) for day in ("03", "04", "05", "09", "10", "11")}
    told = {day: (one["account_balances"]["days"], one["account_balances"]["sent"]) for day, one in nights.items()}
    both = ["2026-03-02", "2026-03-03"]
    assert told == {
        "03": (both[:1], 2),
        "04": (both, 4),
        "05": (both, 4),
        "09": (both, 4),
        "10": (both[1:], 2),
        "11": ([], 0),
    }


async def test_a_day_that_is_not_over_in_the_west_waits_although_the_next_is_over_in_the_east(world: World) -> None:
    cohort = world.cohort()
    world.person(cohort, zone="Pacific/Honolulu", slot="15:30")
    world.person(cohort, zone="Pacific/Kiritimati")
    await world.plan_until(at("2026-03-01 20:00"), at("2026-03-04 02:30"), timedelta(minutes=30))
    for row in world.deliveries():
        world.settle(row)
    told = (await events(world, at("2026-03-04 03:00")))["account_balances"]
    assert (told["days"], told["sent"]) == (["2026-03-02", "2026-03-04"], 3)


async def test_a_day_that_ended_while_knuff_was_down_is_summed_up_when_it_is_back(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    world.settle(world.deliveries()[0])
    told = (await events(world, at("2026-03-04 09:00")))["account_balances"]
    assert (told["days"], told["promised"], told["sent"]) == (["2026-03-02"], 1, 1)


async def test_no_night_reads_what_was_promised_long_ago(memory: World) -> None:
    statements: list[tuple[str, Any]] = []
    memory.person(memory.cohort())
    await memory.plan(at("2026-03-02 08:15"))
    event.listen(
        memory.store.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: statements.append((statement, values)),
    )
    await check_account(memory.store, memory.organisation, date(2026, 3, 4), at("2026-03-04 03:00"))
    about_promises = [one for one in statements if "FROM delivery" in one[0]]
    assert len(about_promises) == 3
    for statement, values in about_promises:
        with memory.store.engine.connect() as connection:
            read = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert "(organisation_id=? AND day>?" in read[0].detail, read


async def test_what_is_promised_for_today_is_no_fault(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    assert "account_balances" in await events(world, at("2026-03-02 12:00"))


async def test_a_cohort_ends_the_day_after_its_last_week(world: World) -> None:
    cohort, longer = world.cohort(weeks=(5,)), world.cohort(weeks=(5, 5))
    world.person(cohort, longer)
    await events(world, FRIDAY_NIGHT)
    assert world.look_up(Cohort, cohort).state is CohortState.RUNNING
    await events(world)
    ended = world.look_up(Cohort, cohort)
    assert (ended.state, ended.ended_on) == (CohortState.ENDED, SATURDAY)
    assert world.look_up(Cohort, longer).state is CohortState.RUNNING


async def test_a_cohort_goes_on_for_whoever_began_later(world: World) -> None:
    cohort = world.cohort(weeks=(5,))
    world.person(cohort, starts_on=MONDAY + timedelta(weeks=1))
    await events(world)
    assert world.look_up(Cohort, cohort).state is CohortState.RUNNING


async def test_a_cohort_waits_for_its_last_questions_but_not_for_ever(world: World) -> None:
    cohort = world.cohort(weeks=(5,))
    follow_up = world.follow_up(world.person(cohort), date(2026, 3, 10), cohort=cohort, enrolment_id=1)
    await events(world)
    assert world.look_up(Cohort, cohort).state is CohortState.RUNNING
    await events(world, SATURDAY_NIGHT + timedelta(days=28))
    assert world.look_up(Cohort, cohort).state is CohortState.ENDED
    assert world.look_up(FollowUp, follow_up).state is FollowUpState.LET_GO


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "the cohort ended"])
async def test_what_nobody_will_ask_about_is_let_go(world: World, removed: bool) -> None:
    cohort, other = world.cohort(), world.cohort()
    person = world.person(cohort, other)
    gone = world.follow_up(person, MONDAY, cohort=cohort, enrolment_id=1)
    kept, from_library = world.follow_up(person, MONDAY, cohort=other, enrolment_id=2), world.follow_up(person, MONDAY)
    if removed:
        world.change(Enrolment, 1, ends_on=SATURDAY)
    else:
        world.change(Cohort, cohort, state=CohortState.ENDED, ended_on=SATURDAY)
    assert (await events(world))["commitments_let_go"]["commitments"] == 1
    assert (world.look_up(FollowUp, gone).state, world.look_up(FollowUp, gone).closed_at) == (
        FollowUpState.LET_GO,
        SATURDAY_NIGHT,
    )
    assert {world.look_up(FollowUp, id).state for id in (kept, from_library)} == {FollowUpState.OPEN}


async def test_records_of_calls_are_thrown_away_after_a_month(world: World) -> None:
    world.person(world.cohort())
    await world.plan(at("2026-03-02 08:15"))
    (row,) = world.deliveries()
    world.settle(row)
    for days in (29, 31):
        moment = SATURDAY_NIGHT - timedelta(days=days)
        world._add(Attempt(delivery_id=row.id, started_at=moment, ended_at=moment, outcome="sent"))
    await events(world)
    assert [attempt.ended_at for attempt in world.attempts()] == [SATURDAY_NIGHT - timedelta(days=29)]


async def test_a_programme_nobody_can_read_keeps_no_other_organisation_waiting(world: World) -> None:
    world.person(world.cohort())
    other = world.store.write_now(_another_organisation)
    world.store.write_now(
        lambda session: session.connection().execute(update(ProgrammeDocument).values(body="{", digest="unreadable"))
    )
    with capture_logs() as lines:
        assert not await look_after(world.store, at("2026-06-01 03:00"), STOCKHOLM)
    told = {(line["event"], line["organisation_id"]) for line in lines}
    assert ("account_balances", other) in told
    [fault] = [line for line in lines if line["event"] == "organisation_not_looked_after"]
    assert fault["organisation_id"] != other
    assert fault["exc_info"], "so that the log says where it was raised"


def _another_organisation(session: Session) -> int:
    other = Organisation(name="Ån", created_at=at("2026-03-01 08:00"))
    session.add(other)
    session.flush()
    return other.id or 0
