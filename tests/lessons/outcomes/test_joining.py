import pytest

from lessons.outcomes.joining import Twice, are_organisations, joined, joined_changes, joined_count, names_of
from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.released_wave import Counted, Limited, ScaleChange
from lessons.surveys import Wave
from tests.outcomes.made import a_cohort

ONE = a_cohort(32)
OTHER = a_cohort(40, organisation="Kommun Exempel", seed=4)
SMALL = a_cohort(4, organisation="Lilla kommunen", seed=5)
ALIKE = a_cohort(14, organisation="De eniga", seed=6, likely=1.0)


def share(cohort: ReleasedCohort, item: str, wave: Wave) -> Counted:
    told = next(one.told for one in cohort.waves if one.wave is wave)
    found = told.question(item) if told else None
    assert found is not None
    assert isinstance(found.share, Counted)
    return found.share


def test_a_sum_is_of_those_that_show_their_figure_and_of_nobody_else() -> None:
    found = next(one for one in joined([ONE, OTHER, SMALL, ALIKE]) if (one.question.item, one.wave) == ("S1", Wave.T1))
    ours, theirs = share(ONE, "S1", Wave.T1), share(OTHER, "S1", Wave.T1)
    assert found.question.share == Counted(answers=ours.answers + theirs.answers, yes=ours.yes + theirs.yes)
    assert found.question.asked == 72
    assert found.shown == 2
    by_cohort = dict(found.by_cohort)
    assert by_cohort["Lilla kommunen"] is None
    assert isinstance(by_cohort["De eniga"], Limited)


def test_who_does_not_know_is_summed_only_where_all_tell_how_many_they_are() -> None:
    """One that tells of none may have up to four, and the sum would be too low."""

    def summed(*numbers: int) -> int:
        some = a_cohort(40, answering=0.6), a_cohort(40, organisation="Kommun Exempel", seed=4, answering=0.6)
        cohorts = [_with_apart(one, number) for one, number in zip(some, numbers, strict=True)]
        return next(one.question.apart for one in joined(cohorts) if one.question.item == "S4")

    assert (summed(6, 5), summed(6, 0), summed(0, 0)) == (11, 0, 0)


def _with_apart(cohort: ReleasedCohort, number: int) -> ReleasedCohort:
    changed = cohort.model_dump(mode="json")
    for wave in changed["waves"]:
        for question in wave["told"]["questions"]:
            question["apart"] = number if question["item"] == "S4" else question["apart"]
    return ReleasedCohort.model_validate(changed)


def test_of_one_that_shows_its_figure_there_is_no_sum() -> None:
    found = next(one for one in joined([ONE, SMALL]) if (one.question.item, one.wave) == ("S1", Wave.T1))
    assert (found.question.share, found.shown) == (None, 1)
    assert joined_count([7, None]).number is None
    assert joined_count([7, 0, None]).number == 7


def test_who_went_which_way_is_summed_without_a_mean() -> None:
    found = next(one for one in joined_changes([ONE, OTHER]) if (one.question.item, one.wave) == ("S8", Wave.T1))
    assert isinstance(found.question.change, ScaleChange)
    assert found.question.change.mean is None
    assert found.question.change.people > 50


def test_two_meetings_of_one_cohort_are_kept_apart_and_nobody_counts_double() -> None:
    twice = a_cohort(32, meetings=2)
    found = [one for one in joined([twice, OTHER, SMALL]) if one.question.item == "S4"]
    ours, second = (wave.told.question("S4") for wave in twice.waves if wave.wave is Wave.DAY and wave.told)
    theirs = share(OTHER, "S4", Wave.DAY)
    assert ours is not None and second is not None  # noqa: PT018
    assert isinstance(ours.share, Counted)
    assert [(one.time, one.times, one.shown) for one in found] == [(1, 2, 2), (2, 2, 1)]
    assert found[0].question.share == Counted(
        answers=ours.share.answers + theirs.answers, yes=ours.share.yes + theirs.yes
    )
    assert found[1].question.share is None, "one cohort is no sum"
    assert dict(found[1].by_cohort) == {"Region Exempel": second.share}


def test_two_cohorts_of_one_organisation_are_not_two_organisations() -> None:
    assert are_organisations([ONE, OTHER])
    assert not are_organisations([ONE, OTHER, a_cohort(32, name="Vintern")])


def test_a_question_in_other_words_is_another_question() -> None:
    changed = OTHER.model_dump(mode="json")
    for wave in changed["waves"]:
        for question in wave["told"]["questions"]:
            question["text"]["sv"] = f"{question['text']['sv']} Eller?"
    found = [one for one in joined([ONE, ReleasedCohort.model_validate(changed)]) if one.question.item == "S1"]
    assert [len(one.by_cohort) for one in found] == [1, 1]


def test_a_cohort_that_is_there_twice_is_refused_and_two_of_one_organisation_have_their_names() -> None:
    with pytest.raises(Twice):
        joined([ONE, OTHER, ONE])
    assert names_of([ONE, a_cohort(32, name="Vintern")]) == [
        "Region Exempel, Stafetten i höst",
        "Region Exempel, Vintern",
    ]
