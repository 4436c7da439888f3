"""Several organisations rehearse a programme together: a cohort each, relays between their teams, one joint report."""

from datetime import date

import pytest

from bot.rehearsal import CannotRehearse, Result, rehearse
from bot.rehearsal.outcomes import skl_figures
from lessons.models import Text
from lessons.outcomes.measures import SKL
from lessons.outcomes.released_cohort import Counts, ReleasedCohort, WaveOfCohort
from lessons.outcomes.released_wave import Counted, Question, ReleasedWave
from lessons.surveys import Wave

MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def result() -> Result:
    return rehearse("eight-weeks", 24, MONDAY, 1, organisations=3)


def test_nobody_gets_two_messages_a_day_though_a_relay_goes_on_beside_the_programme(result: Result) -> None:
    assert result.is_kept
    assert result.delivered > 0
    assert result.explained["replaced_by_round"] > 0


def test_what_of_skl_s_measures_can_be_told_is_told_and_nothing_of_few(result: Result) -> None:
    assert result.outcomes.keys() == SKL.keys()
    taken_part = result.outcomes["skl_participants"]["count"]
    assert taken_part is not None
    assert 15 <= taken_part <= 24
    assert result.outcomes["skl_day_attend"]["count"] is None  # eight-weeks has no such day
    assert result.outcomes["skl_know_stimulate"]["n"] is None  # of eight people in each, fewer than five answered


def test_the_joint_figures_are_the_sums_of_what_each_has_released() -> None:
    first, second = (cohort(name, answers=12, yes=yes) for name, yes in (("Ask", 9), ("Ek", 6)))
    figures = skl_figures([first, second])
    assert figures["skl_know_stimulate"] == {"n": 24, "yes": 15, "percent": 60, "interval": [43, 79], "skl_percent": 80}
    assert figures["skl_participants"] == {"count": 16, "skl_count": 550}
    assert figures["skl_day_satisfied"]["n"] is None
    alone = skl_figures([first])
    assert alone["skl_know_stimulate"]["n"] == 12
    assert alone["skl_participants"]["count"] == 8


@pytest.mark.parametrize(
    ("people", "organisations", "what"),
    [(24, 0, "between 3 and 6"), (24, 1, "between 3 and 6"), (24, 2, "between 3 and 6"), (23, 3, "a team of 8")],
)
def test_too_few_for_a_relay_are_refused_with_what_to_say_instead(people: int, organisations: int, what: str) -> None:
    with pytest.raises(CannotRehearse, match=what):
        rehearse("eight-weeks", people, MONDAY, 1, organisations=organisations)


def cohort(name: str, *, answers: int, yes: int) -> ReleasedCohort:
    question = Question(
        survey="own-items",
        item="S1",
        text=Text(sv="Jag kan mer.", en="I know more."),
        yes_texts=(Text(sv="Ja", en="Yes"),),
        asked=20,
        tells_share=True,
        share=Counted(answers=answers, yes=yes),
        by_role={},
        apart=0,
        tells_change=False,
        change=None,
    )
    told = ReleasedWave(wave=Wave.T1, digest="0" * 64, asked=20, answered=answers, questions=(question,))
    return ReleasedCohort(
        organisation=name,
        name=name,
        programme=Text(sv="Åtta veckor", en="Eight weeks"),
        starts_on=MONDAY,
        waves=(WaveOfCohort(wave=Wave.T1, opens_on=MONDAY, closes_on=MONDAY, told=told),),
        counts=Counts(participants=8, legs=3, batons=2, tested=1, units_asked=0, units_in_use=0),
    )
