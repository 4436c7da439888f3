"""What is gathered of a cohort: what was released of its waves, and what its teams did, counted."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session

from bot.conversation.outcome_gathering import released_cohort
from lessons.library import load_library
from lessons.outcomes.released_cohort import ReleasedCohort
from storage import outcomes
from storage.outcomes import Done
from storage.tables.programmes import Cohort
from tests.outcomes.made import a_cohort
from tests.outcomes.released import BEGUN, a_closed_cohort, a_relay, another_organisation
from tests.scheduler.world import World


def done(world: World, cohort_id: int, organisation: int | None = None) -> Done:
    whose = organisation or world.organisation
    return world.store.write_now(lambda session: outcomes.done(session, organisation_id=whose, cohort_id=cohort_id))


def gathered(world: World, cohort_id: int) -> ReleasedCohort:
    def gather(session: Session) -> ReleasedCohort:
        cohort = session.get_one(Cohort, cohort_id)
        return released_cohort(session, cohort, organisation="Region Exempel", library=load_library())

    return world.store.write_now(gather)


def test_legs_batons_and_changes_still_in_use_are_counted_for_the_teams_of_its_people(world: World) -> None:
    cohort = a_closed_cohort(world)
    long_before = BEGUN - timedelta(days=1)
    a_relay(world, list(range(1, 9)), left={8: long_before})
    a_relay(world, list(range(1, 13)), planned_on=date(2026, 5, 4))  # before the cohort began
    found = done(world, cohort)
    rounds: Mapping[str, int] = {"relay": 1}
    assert found == Done(in_a_leg=7, legs=3, batons=1, tested=1, asked_afterwards=2, still_in_use=1, rounds=rounds)


def test_of_another_cohort_and_another_organisation_nothing_is_counted(world: World) -> None:
    cohort, other = a_closed_cohort(world), a_closed_cohort(world, name="En annan")
    a_relay(world, [1, 2, 3, 4, 5])
    nothing = Done(in_a_leg=0, legs=0, batons=0, tested=0, asked_afterwards=0, still_in_use=0, rounds={})
    assert done(world, other) == nothing
    stranger = another_organisation(world)
    assert done(world, cohort, stranger) == nothing
    for organisation, waves, people in ((world.organisation, 5, 12), (stranger, 0, 0)):
        found = world.store.write_now(partial(outcomes.waves, organisation_id=organisation, cohort_id=cohort))
        there = world.store.write_now(partial(outcomes.people, organisation_id=organisation, cohort_id=cohort))
        assert (len(found), there) == (waves, people)


def test_all_that_was_released_comes_together_in_the_order_it_was_asked(world: World) -> None:
    cohort = a_closed_cohort(world)
    a_relay(world, [1, 2, 3])
    found = gathered(world, cohort)
    assert found.waves == a_cohort(32).waves
    assert (found.name, found.organisation) == ("Stafetten i höst", "Region Exempel")
    assert found.counts.participants is None  # three people
    assert found.counts.legs == 3
    assert [one.title.sv for one in found.counts.rounds] == [load_library().challenges["relay"].title.sv]
    assert ReleasedCohort.model_validate_json(found.model_dump_json()) == found
