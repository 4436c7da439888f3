"""Promises are kept until a year after their cohort's end, then disposed of; what people wrote is theirs and stays."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from structlog.testing import capture_logs

from scheduler import disposal
from scheduler.disposal import dispose
from storage import disposing
from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Plan, Prompt, Reflection
from storage.tables.deliveries import Attempt, Kind, Reason, State
from storage.tables.people import Organisation, Person
from storage.tables.programmes import Cohort, CohortState
from tests.scheduler.world import MONDAY, World, at

ENDED_ON = date(2026, 5, 4)
A_YEAR_LATER = date(2027, 5, 4)
LATELY = at("2027-05-01 08:15")
TUESDAY = MONDAY + timedelta(days=1)


def an_old_cohort(world: World) -> int:
    return world.cohort(state=CohortState.ENDED, ended_on=ENDED_ON)


def sent(world: World, person: int, day: date = MONDAY, **fields: Any) -> int:
    due_at = at(f"{day} 08:15")
    return world.promise(
        person, day=day, state=State.SENT, sent_at=due_at, started_at=due_at, message_id="1.2", **fields
    )


async def disposed_on(world: World, day: date) -> None:
    await dispose(world.store, day, at(f"{day} 03:00"))


def kept(world: World) -> set[int]:
    return {row.id for row in world.deliveries()}


async def test_promises_are_kept_for_a_year_after_the_end_of_their_cohort(world: World) -> None:
    person = world.person(an_old_cohort(world))
    ids = {sent(world, person, step=1), world.promise(person, day=TUESDAY, step=2, reason=Reason.PAUSED)}
    await disposed_on(world, A_YEAR_LATER)
    assert kept(world) == ids
    with capture_logs() as logs:
        await disposed_on(world, A_YEAR_LATER + timedelta(days=1))
    assert kept(world) == set()
    [line] = [log for log in logs if log["event"] == "promises_disposed_of"]
    assert line["promises"] == 2


async def test_a_cohort_that_runs_keeps_its_promises_however_old_they_are(world: World) -> None:
    person = world.person(world.cohort())
    ids = {sent(world, person, step=1)}
    await disposed_on(world, date(2036, 1, 1))
    assert kept(world) == ids


async def test_what_people_answered_wrote_and_planned_stays_word_for_word(world: World) -> None:
    cohort = an_old_cohort(world)
    person = world.person(cohort)
    nudge = sent(world, person, step=1)

    def answer(session: Session) -> None:
        mine: dict[str, Any] = {
            "organisation_id": world.organisation,
            "person_id": person,
            "delivery_id": nudge,
            "lesson_id": "L01",
        }
        session.add(Answer(**mine, kind=AnswerKind.DOING, given_at=at("2026-03-02 09:00")))
        body = "Åsa frågade först 😀"
        session.add(Reflection(**mine, prompt=Prompt.REPLY, body=body, written_at=at("2026-03-02 09:00")))
        # Younger than 30 days, whatever it was called about: it goes with the promise.
        session.add(Attempt(delivery_id=nudge, started_at=LATELY, ended_at=LATELY, outcome="sent"))

    world.store.write_now(answer)
    plan = world.plan_of(person, TUESDAY, delivery_id=nudge, closed_at=at("2026-03-04 09:00"))
    follow_up = world.follow_up(
        person, TUESDAY, cohort=cohort, source_delivery_id=nudge, state=FollowUpState.ANSWERED, plan_id=plan
    )
    await disposed_on(world, A_YEAR_LATER + timedelta(days=1))

    assert kept(world) == set()
    texts = world.store.write_now(lambda session: session.exec(select(Reflection)).all())
    assert [(text.body, text.lesson_id, text.delivery_id) for text in texts] == [("Åsa frågade först 😀", "L01", None)]
    answers = world.store.write_now(lambda session: session.exec(select(Answer)).all())
    assert [(answer.kind, answer.lesson_id, answer.delivery_id) for answer in answers] == [("doing", "L01", None)]
    assert (world.look_up(Plan, plan).cue, world.look_up(Plan, plan).delivery_id) == ("mötet börjar", None)
    assert world.look_up(FollowUp, follow_up).source_delivery_id is None


async def test_a_message_goes_only_when_all_that_rode_on_it_may_go(world: World) -> None:
    old, running = an_old_cohort(world), world.cohort()
    person = world.person(old, running)
    nudge = sent(world, person, step=1, cohort_id=old)
    other = sent(world, person, kind=Kind.FOLLOW_UP, subject_id=7, cohort_id=running, enrolment_id=None, rides_on=nudge)
    own = sent(world, person, kind=Kind.FOLLOW_UP, subject_id=8, cohort_id=old, enrolment_id=None, rides_on=nudge)
    await disposed_on(world, A_YEAR_LATER + timedelta(days=1))
    assert kept(world) == {nudge, other}
    assert own not in kept(world)
    world.change(Cohort, running, state=CohortState.ENDED, ended_on=ENDED_ON)
    await disposed_on(world, A_YEAR_LATER + timedelta(days=1))
    await disposed_on(world, A_YEAR_LATER + timedelta(days=2))
    assert kept(world) == set()


async def test_questions_about_the_library_are_kept_for_a_year_from_their_day(world: World) -> None:
    person = world.person(world.cohort())
    asked = sent(world, person, kind=Kind.FOLLOW_UP, subject_id=7, cohort_id=None, enrolment_id=None)
    await disposed_on(world, date(2027, 3, 2))
    assert kept(world) == {asked}
    await disposed_on(world, date(2027, 3, 3))
    assert kept(world) == set()


async def test_a_promise_without_an_end_is_a_fault_and_stays(world: World) -> None:
    person = world.person(an_old_cohort(world))
    ids = {world.promise(person, step=1)}
    await disposed_on(world, A_YEAR_LATER + timedelta(days=1))
    assert kept(world) == ids


def found_another(session: Session) -> int:
    other = Organisation(name="Regionen", created_at=at("2026-02-20 12:00"))
    session.add(other)
    session.flush()
    return other.id


async def test_an_organisation_disposes_of_its_own_and_nobody_elses(world: World) -> None:
    cohort = an_old_cohort(world)
    nudge = sent(world, world.person(cohort), step=1)
    other = world.store.write_now(found_another)

    def try_to(session: Session) -> tuple[list[int], int]:
        over = disposing.over_before(session, other, date(2036, 1, 1))
        return over, disposing.dispose_of_cohort(session, other, cohort)

    assert world.store.write_now(try_to) == ([], 0)
    assert kept(world) == {nudge}


async def test_a_night_disposes_of_so_much_at_most_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disposal, "MOST_A_NIGHT", 3)
    cohorts: Sequence[int] = [an_old_cohort(world) for _ in range(5)]
    for cohort in cohorts:
        sent(world, world.person(cohort), step=1)
    await disposed_on(world, A_YEAR_LATER + timedelta(days=1))
    assert len(kept(world)) == 2
    await disposed_on(world, A_YEAR_LATER + timedelta(days=2))
    assert kept(world) == set()


async def test_records_of_calls_are_thrown_away_after_thirty_days(world: World) -> None:
    person = world.person(world.cohort())
    nudge = sent(world, person, step=1)

    def called(session: Session) -> None:
        for day in range(1, 12):
            moment = at(f"2026-03-{day:02} 08:15")
            session.add(Attempt(delivery_id=nudge, started_at=moment, ended_at=moment, outcome="sent"))

    world.store.write_now(called)
    await disposed_on(world, date(2026, 4, 10))
    assert [row.ended_at.day for row in world.attempts()] == [11]


async def test_a_farewell_after_an_old_one_was_disposed_of_is_promised(world: World) -> None:
    """Numbered by the last, not by how many are left: the number would be taken."""
    person = world.person(world.cohort(), unanswered=20)
    for occurrence, day in ((2, date(2026, 2, 23)), (3, date(2026, 2, 24))):
        about = {"kind": Kind.FAREWELL, "subject_id": person, "occurrence": occurrence}
        world.promise(person, day=day, reason=Reason.TOO_LATE, **about)
    await world.plan(at("2026-03-02 08:15"))
    assert [row.occurrence for row in world.deliveries(person, Kind.FAREWELL)] == [2, 3, 4]
    assert world.look_up(Person, person).unanswered == 20
