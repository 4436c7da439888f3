"""Where the surveys of a cohort lie, when they are laid out and laid out again."""

import json
from datetime import date, time

from sqlmodel import Session, select

from lessons import surveys as questions
from lessons.library import load_library
from lessons.models import Programme
from scheduler import surveys
from scheduler.calendar import Calendar
from storage.tables.deliveries import State
from storage.tables.programmes import Cohort, CohortState, Role
from storage.tables.surveys import SurveyDocument, SurveyWave
from tests.scheduler.surveyed import (
    FRIDAY,
    LAST,
    TUESDAY,
    asked,
    asked_cohort,
    lay,
    waves,
)
from tests.scheduler.world import MONDAY, World, at, document


def test_the_waves_of_eight_weeks_lie_where_the_facts_say(memory: World) -> None:
    cohort = memory.cohort()
    lay(memory, cohort, weeks=(5,) * 8)
    assert [(one.wave, one.opens_on, one.closes_on) for one in waves(memory)] == [
        ("t0", MONDAY, LAST),
        ("week-3", date(2026, 3, 16), date(2026, 3, 27)),
        ("t1", date(2026, 4, 22), date(2026, 5, 6)),  # the Wednesday of week eight; the first of May is red
        ("t2", date(2026, 7, 13), date(2026, 7, 24)),
    ]


def test_a_programme_says_itself_in_which_weeks_it_asks(memory: World) -> None:
    cohort = memory.cohort()
    lay(memory, cohort, waves={"t0": 2, "t1": 4, "t2": 6})
    assert [(one.wave, one.opens_on) for one in waves(memory)] == [
        ("t0", date(2026, 3, 9)),
        ("t1", date(2026, 3, 25)),
        ("t2", date(2026, 4, 7)),  # Easter Monday is red
    ]


def test_a_short_programme_asks_nothing(memory: World) -> None:
    lay(memory, memory.cohort(), weeks=(5, 5))
    assert waves(memory) == []


def test_a_role_without_exercises_in_week_three_is_not_asked_what_the_messages_are_like(memory: World) -> None:
    quiet = {"all": 3, Role.POLITICIAN: 0}
    lay(memory, memory.cohort(), weeks=(3, 3, quiet, 3))
    roles = {one.wave: one.roles for one in waves(memory)}
    assert "politician" not in roles["week-3"]
    assert "politician" in roles["t1"]


def test_laid_out_again_what_has_opened_stays_and_the_rest_moves(memory: World) -> None:
    cohort = asked_cohort(memory)
    memory.change(Cohort, cohort, calendar={"resting": [3]})
    lay(memory, cohort, today=TUESDAY)
    assert [(one.wave, one.opens_on.month) for one in waves(memory)] == [("t0", 3), ("week-3", 4), ("t1", 4), ("t2", 7)]


def test_what_should_have_been_asked_already_keeps_its_day(memory: World) -> None:
    """A cohort of eight weeks, in its sixth, that goes over to a version of five."""
    cohort, sixth = memory.cohort(weeks=(5,) * 8), date(2026, 4, 8)
    lay(memory, cohort, weeks=(5,) * 8)
    before = {one.wave: one.opens_on for one in waves(memory)}
    shorter = Programme.model_validate(json.loads(document((5,) * 5))["programme"])

    def told(session: Session) -> tuple[dict[questions.Wave, date], dict[questions.Wave, date]]:
        row = session.get_one(Cohort, cohort)
        return surveys.asked_again(session, row, shorter, None, today=sixth)

    now, then = memory.store.write_now(told)
    lay(memory, cohort, weeks=(5,) * 5, today=sixth)
    after = {one.wave: one.opens_on for one in waves(memory)}
    assert before["t1"] == after["t1"] == date(2026, 4, 22)
    assert after["t2"] < before["t2"], "what lies ahead moves"
    assert now == {wave: before[wave.value] for wave in now}
    assert then == {wave: after[wave.value] for wave in now}, "and the difference says so"


def test_a_day_that_is_open_after_all_takes_no_survey_away_with_it(memory: World) -> None:
    cohort = memory.cohort(weeks=(5, 5, 5, 5))
    memory.change(Cohort, cohort, calendar={"closed": ["2026-03-25", "2026-03-26"]})
    lay(memory, cohort)
    memory.change(Cohort, cohort, calendar={"closed": ["2026-03-26"]})
    lay(memory, cohort, today=date(2026, 3, 26))
    assert [one.opens_on for one in waves(memory) if one.wave == "t1"] == [date(2026, 3, 27)]


def test_a_cohort_keeps_the_questions_it_was_confirmed_with(memory: World) -> None:
    cohort = asked_cohort(memory)
    [before] = memory.store.write_now(lambda session: session.exec(select(SurveyDocument)).all())
    ours = load_library().surveys["own-items"]
    edited = questions.SurveyDocument(surveys=(ours.model_copy(update={"items": ours.items[:1]}),))
    programme = Programme.model_validate(json.loads(document((5, 5, 5, 5)))["programme"])

    def again(session: Session) -> None:
        row = session.get_one(Cohort, cohort)
        surveys.lay_out(session, row, programme, edited, today=TUESDAY, now=memory.founded_at)

    memory.store.write_now(again)
    assert {one.document_id for one in waves(memory)} == {before.id}
    assert len(waves(memory)) == 4


def test_two_meetings_on_one_day_are_asked_about_as_one(memory: World) -> None:
    meeting = {"week": 1, "title": {"sv": "Träff", "en": "Meeting"}, "about": {"sv": "Om.", "en": "About."}}
    meeting |= {"minutes": 60, "wave": "day"}
    meetings = [meeting | {"roles": ["manager"]}, meeting | {"roles": ["politician", "manager"]}]
    programme = Programme.model_validate(json.loads(document((5,) * 4))["programme"] | {"sessions": meetings})
    asking_all = load_library().survey_document()
    assert asking_all is not None
    calendar, slot, both = Calendar.from_choices({}), time(8, 15), {1: FRIDAY, 2: FRIDAY}
    laid = surveys.waves_of(programme, asking_all, starts_on=MONDAY, calendar=calendar, slot=slot, sessions=both)
    assert [set(one.roles) for one in laid if one.wave == "day"] == [{"manager", "politician"}]


async def test_what_somebody_further_east_has_been_promised_is_not_called_off(world: World) -> None:
    """There the day it opens has come already."""
    cohort = asked_cohort(world)
    person = world.person(cohort)
    world.change(SurveyWave, waves(world)[0].id, opens_on=TUESDAY)
    await world.plan(at(f"{TUESDAY} 08:15"))
    world.change(Cohort, cohort, calendar={"closed": [f"{TUESDAY}"]})
    lay(world, cohort, today=MONDAY)
    assert waves(world)[0].opens_on == TUESDAY
    assert asked(world, person) == [("03-03", State.PLANNED)]


def test_a_coordinator_who_ends_a_cohort_calls_off_what_has_not_opened(memory: World) -> None:
    from storage import cohorts

    cohort = asked_cohort(memory)

    def end(session: Session) -> None:
        row = session.get_one(Cohort, cohort)
        cohorts.set_state(session, row, CohortState.ENDED, TUESDAY, at(f"{TUESDAY} 10:00"))

    memory.store.write_now(end)
    assert [(one.wave, one.closes_on) for one in waves(memory)] == [("t0", TUESDAY)]
