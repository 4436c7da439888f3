from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.outcomes.figures import Answers, Figure
from lessons.outcomes.suppression import Bound, may_stand_beside, released


def said(yes: int, no: int, *, first: int = 0) -> Answers:
    people = range(first, first + yes + no)
    return Answers(of={person: float(number < yes) for number, person in enumerate(people)})


def together(*groups: Answers) -> Answers:
    return Answers(of={person: value for group in groups for person, value in group.of.items()})


def table(**groups: tuple[int, int]) -> tuple[Answers, Mapping[str, list[int]]]:
    """Groups by name, each (yes, no), with people of their own."""
    made: dict[str, Answers] = {}
    for name, (yes, no) in groups.items():
        made[name] = said(yes, no, first=sum(len(group) for group in made.values()))
    return together(*made.values()), {name: list(group.of) for name, group in made.items()}


def shown(**groups: tuple[int, int]) -> set[str]:
    whole, parts = table(**groups)
    return {name for name, figure in released(whole, parts).parts.items() if figure is not None}


def test_five_answers_are_a_figure_and_four_are_none() -> None:
    assert released(said(3, 2)).whole == Figure(answers=5, total=3)
    assert released(said(3, 1)).whole is None


def test_a_table_of_four_people_shows_no_part_of_them_either() -> None:
    whole, parts = table(managers=(2, 1), politicians=(1, 0))
    assert released(whole, parts).whole is None
    assert set(released(whole, parts).parts.values()) == {None}


def test_parts_that_are_large_enough_are_all_shown() -> None:
    whole, parts = table(managers=(4, 2), members=(3, 9))
    assert released(whole, parts).parts == {
        "managers": Figure(answers=6, total=4),
        "members": Figure(answers=12, total=3),
    }


def test_a_small_part_takes_the_smallest_of_the_others_with_it_so_that_nobody_can_subtract() -> None:
    assert shown(politicians=(1, 2), managers=(3, 4), members=(8, 12)) == {"members"}


def test_small_parts_together_must_be_five_before_what_is_left_is_safe() -> None:
    assert shown(politicians=(1, 1), leaders=(1, 0), managers=(3, 4), members=(8, 12)) == {"members"}
    assert shown(politicians=(1, 2), leaders=(1, 1), managers=(3, 4), members=(8, 12)) == {"managers", "members"}


def test_what_is_left_over_may_not_tell_what_everybody_in_a_small_part_said() -> None:
    assert shown(politicians=(3, 0), leaders=(3, 0), managers=(3, 4), members=(8, 12)) == set()


def test_a_part_nobody_answered_in_is_not_told_by_what_the_others_make() -> None:
    assert shown(politicians=(0, 0), managers=(3, 4), members=(8, 12)) == {"members"}
    assert shown(politicians=(0, 0), managers=(3, 4)) == set()


def test_a_group_that_agrees_is_shown_as_a_bound() -> None:
    assert released(said(7, 0)).whole == Bound(answers=7, limit=0.8, is_lower=True)
    assert released(said(0, 9)).whole == Bound(answers=9, limit=0.2, is_lower=False)
    assert released(said(40, 0)).whole == Bound(answers=40, limit=0.8, is_lower=True)
    on_a_scale = Answers(of=dict.fromkeys(range(5), 5.0), lowest=1, highest=5)
    assert released(on_a_scale).whole == Bound(answers=5, limit=4.2, is_lower=True)


def test_a_part_that_agrees_is_hidden_and_not_told_by_the_others() -> None:
    assert shown(managers=(6, 0), leaders=(3, 4), members=(8, 12)) == set()


def test_what_is_left_over_may_not_tell_what_nearly_everybody_in_it_said() -> None:
    """Whole and managers shown, the members would be 7 of 8: the figure that is hidden."""
    assert shown(managers=(6, 6), members=(7, 1)) == set()
    assert shown(managers=(6, 6), members=(8, 0)) == set()  # which looks the same
    assert shown(politicians=(1, 2), leaders=(0, 2), managers=(3, 4), members=(6, 9)) == set()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4))
def test_everybody_without_the_parts_that_are_shown_is_nobody_or_could_be_shown(sizes: list[tuple[int, int]]) -> None:
    groups = {f"role {number}": size for number, size in enumerate(sizes)}
    hidden = [groups[name] for name in groups.keys() - shown(**groups)]
    if len(hidden) == len(groups):
        return  # then no part is told beside the whole
    yes, no = (sum(group[said] for group in hidden) for said in (0, 1))
    assert not hidden or (yes + no >= 5 and min(yes, no) >= 2)


def test_somebody_in_no_part_or_in_two_is_refused() -> None:
    whole, parts = table(managers=(4, 2), members=(3, 9))
    with pytest.raises(ValueError, match="exactly one"):
        released(whole, {"managers": parts["managers"]})
    with pytest.raises(ValueError, match="exactly one"):
        released(whole, {**parts, "again": parts["managers"]})


def test_an_answer_outside_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="between 1 and 5"):
        Answers(of={1: 6.0}, lowest=1, highest=5)


def test_a_figure_that_lacks_one_to_four_of_anothers_people_may_not_stand_beside_it() -> None:
    everybody = said(12, 8)
    assert not may_stand_beside(everybody.without([0]), [everybody])
    assert not may_stand_beside(everybody.without([0, 5, 12, 19]), [everybody])
    assert may_stand_beside(everybody.without([0, 5, 12, 18, 19]), [everybody])
    assert may_stand_beside(everybody, [everybody])


def test_those_who_are_lacking_may_not_all_have_answered_alike() -> None:
    everybody = said(12, 8)
    assert not may_stand_beside(everybody.without([0, 1, 2, 3, 4]), [everybody])


def test_two_sets_that_each_lack_somebody_of_the_other_are_compared_both_ways() -> None:
    everybody = said(12, 8)
    assert not may_stand_beside(everybody.without([0]), [everybody.without([19])])
