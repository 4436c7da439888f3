from collections.abc import Sequence
from typing import Any, Literal

import orjson
import pytest
from pydantic import ValidationError

from lessons.models import Role
from lessons.outcomes.released_wave import Counted, Limited, Question, ReleasedWave, ScaleChange, YesNoChange, read_wave
from lessons.outcomes.releasing import Answered, release
from lessons.surveys import Survey, Wave

MANAGERS = dict.fromkeys(range(30), Role.MANAGER)


def said(item: str, values: Sequence[object], *, first: int = 0, about: str = "") -> list[Answered]:
    return [
        Answered(person=first + at, item=item, about=about, value=None if value is None else str(value))
        for at, value in enumerate(values)
    ]


def told(
    survey: Survey,
    responses: list[Answered],
    *,
    wave: Wave = Wave.T1,
    asked: dict[int, Role] = MANAGERS,
    at_first: Sequence[Answered] = (),
) -> ReleasedWave:
    document = release([survey], digest="d", wave=wave, asked=asked, responses=responses, at_first=at_first)
    return read_wave(orjson.loads(orjson.dumps(document)))


def share(found: ReleasedWave, item: str) -> Counted | Limited | None:
    question = found.question(item)
    assert question is not None
    assert question.tells_share
    return question.share


def test_four_and_five_are_yes_and_how_many_were_asked_comes_first(own_items: Survey) -> None:
    asked = dict.fromkeys(range(32), Role.MANAGER)
    found = told(own_items, said("S1", [5] * 14 + [4] * 10 + [3] * 6), asked=asked)
    assert (found.asked, found.answered) == (32, 30)
    assert share(found, "S1") == Counted(answers=30, yes=24)


def test_whoever_was_not_to_be_asked_does_not_count(own_items: Survey) -> None:
    found = told(own_items, said("S1", [5] * 8 + [3] * 4), asked=dict.fromkeys(range(1, 11), Role.MANAGER))
    assert (found.asked, found.answered) == (10, 10)
    assert share(found, "S1") == Counted(answers=10, yes=7)


def test_of_four_who_answered_not_even_how_many_they_were_is_told(own_items: Survey) -> None:
    found = told(own_items, said("S1", [5, 4, 2, 1]), asked=dict.fromkeys(range(12), Role.MANAGER))
    assert found.answered is None
    assert share(found, "S1") is None


def test_who_declined_has_not_answered(own_items: Survey) -> None:
    found = told(own_items, said("S1", [None] * 20 + [5, 4, 2, 1]))
    assert found.answered is None


@pytest.mark.parametrize("last", [5, 1])
@pytest.mark.parametrize(("others", "percent"), [(5, 80), (1, 20)])
def test_all_agreeing_is_told_as_a_bound_and_looks_like_all_but_one(
    own_items: Survey, others: int, last: int, percent: Literal[20, 80]
) -> None:
    """Else whoever knows the rule knows from the bound what each of them said."""
    found = told(own_items, said("S1", [others] * 7 + [last]))
    assert share(found, "S1") == Limited(answers=8, percent=percent, is_lower=others == 5)


def test_a_single_politician_is_never_told_of(own_items: Survey) -> None:
    asked = dict.fromkeys(range(20), Role.MANAGER) | {20: Role.POLITICIAN}
    found = told(own_items, said("S1", [5] * 12 + [2] * 8 + [5]), asked=asked)
    question = found.question("S1")
    assert question is not None
    assert question.by_role == {Role.MANAGER: None, Role.POLITICIAN: None}
    without = told(own_items, said("S1", [5] * 12 + [2] * 8), asked=asked).question("S1")
    assert without is not None
    assert without.by_role == question.by_role  # nor whether they answered


def test_roles_are_told_beside_the_whole_where_that_tells_nobody(own_items: Survey) -> None:
    asked = dict.fromkeys(range(8), Role.MANAGER) | dict.fromkeys(range(8, 20), Role.TEAM_MEMBER)
    asked |= {20: Role.POLITICIAN}
    question = told(own_items, said("S1", [5] * 6 + [2] * 2 + [5] * 6 + [2] * 6 + [5]), asked=asked).question("S1")
    assert question is not None
    # The managers, who are fewest, are hidden with the politician.
    assert question.by_role == {
        Role.MANAGER: None,
        Role.TEAM_MEMBER: Counted(answers=12, yes=6),
        Role.POLITICIAN: None,
    }


def test_before_and_after_are_told_as_a_change_and_never_as_they_stand(own_items: Survey) -> None:
    before = said("S8", [2] * 8 + [4] * 11)
    first = told(own_items, before, wave=Wave.T0).question("S8")
    assert first is not None
    assert (first.tells_share, first.tells_change) == (False, False)
    later = told(own_items, said("S8", [3] * 8 + [4] * 6 + [3] * 5), at_first=before).question("S8")
    assert later is not None
    assert later.share is None
    assert isinstance(later.change, ScaleChange)
    assert (later.change.higher, later.change.same, later.change.lower) == (8, 6, 5)
    assert (later.change.mean, later.change.interval, later.change.standardised) == (0.2, (-0.2, 0.6), 0.2)
    assert later.change.can_be_told is False


def test_one_who_answered_only_the_first_time_does_not_keep_a_change_from_being_told(own_items: Survey) -> None:
    before = said("S8", [2] * 8 + [4] * 8)
    found = told(own_items, said("S8", [3] * 8 + [4] * 5 + [3, 3]), at_first=before).question("S8")
    assert found is not None
    assert isinstance(found.change, ScaleChange)
    assert found.change.people == 15


def test_a_change_on_a_scale_of_nine_people_is_not_told(own_items: Survey) -> None:
    found = told(own_items, said("S8", [3] * 5 + [2] * 4), at_first=said("S8", [2] * 9)).question("S8")
    assert found is not None
    assert found.tells_change
    assert found.change is None


@pytest.mark.parametrize(
    ("changes", "limit"),
    [([3] * 16, 80), ([3] * 15 + [1], 80), ([2] * 16, 20), ([3] + [2] * 15, 20), ([1] * 8 + [2] * 8, 20)],
)
def test_where_all_or_all_but_one_went_higher_or_did_not_no_exact_number_is_told(
    own_items: Survey, changes: list[int], limit: Literal[20, 80]
) -> None:
    """Told that eight of sixteen went lower, one would know that hardly any of the rest went higher."""
    found = told(own_items, said("S8", changes), at_first=said("S8", [2] * 16)).question("S8")
    assert found is not None
    assert found.change == ScaleChange(people=16, limit=limit)


def test_fewer_than_fifteen_are_counted_and_have_no_mean(own_items: Survey) -> None:
    before = said("S8", [2] * 14)
    found = told(own_items, said("S8", [3] * 9 + [2] * 5), at_first=before).question("S8")
    assert found is not None
    assert isinstance(found.change, ScaleChange)
    assert (found.change.people, found.change.mean, found.change.can_be_told) == (14, None, False)


def test_a_mean_is_not_told_where_it_would_give_back_how_many_went_down(own_items: Survey) -> None:
    """Two up and nobody down: from the mean and the width of its interval that could be worked out."""
    before = said("S8", [2] * 15)
    for after in ([3] * 2 + [2] * 13, [3] * 2 + [2] * 12 + [1]):
        found = told(own_items, said("S8", after), at_first=before).question("S8")
        assert found is not None
        assert found.change == ScaleChange(people=15, higher=2)


@pytest.mark.parametrize(("lower", "is_told"), [(4, False), (5, True)])
def test_a_mean_is_told_only_where_five_went_each_way(own_items: Survey, lower: int, is_told: bool) -> None:
    """Of fewer the mean and its interval tell how far they went, taken together with how many went which way."""
    after = [3] * 8 + [2] * 8 + [1] * lower
    found = told(own_items, said("S8", after), at_first=said("S8", [2] * len(after))).question("S8")
    assert found is not None
    assert isinstance(found.change, ScaleChange)
    assert found.change.lower == lower
    assert [found.change.mean is not None, found.change.standardised is not None] == [is_told] * 2


def test_what_was_released_before_these_rules_is_read_without_what_they_hold_back() -> None:
    def read(**change: object) -> object:
        question = {"survey": "own-items", "item": "S8", "text": {"sv": "a", "en": "a"}, "yes_texts": []}
        told = question | {"tells_share": False, "tells_change": True, "change": {"kind": "scale"} | change}
        return Question.model_validate(told).change

    assert read(people=12, lower=4) is None
    mean = {"mean": 0.4, "interval": (0.0, 0.8), "standardised": 0.5}
    assert read(people=16, higher=8, same=6, lower=2, **mean) == ScaleChange(people=16, higher=8, same=6, lower=2)
    assert read(people=20, higher=8, same=6, lower=6, **mean) == ScaleChange(
        people=20, higher=8, same=6, lower=6, mean=0.4, interval=(0.0, 0.8), standardised=0.5
    )


@pytest.mark.parametrize(
    "spoilt",
    [
        {"higher": 8, "same": 8, "lower": 4, "mean": 0.2},
        {"higher": 4, "same": 8, "lower": 8, "interval": (-0.5, 0.1)},
        {"higher": 8, "same": 6, "lower": 5},
        {"higher": 8, "same": 6, "lower": 6, "limit": 20},
        {"higher": 8, "same": 12},
        {"higher": 19},
        {"higher": 8, "limit": 20},
        {"limit": 20, "mean": 0.1},
        {},
    ],
)
def test_a_document_that_tells_more_of_a_change_than_is_ever_released_cannot_be_read(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScaleChange.model_validate({"people": 20} | spoilt)


@pytest.mark.parametrize("higher", ["many", [8], 8.5])
def test_a_document_whose_number_is_none_cannot_be_read_either(higher: object) -> None:
    change = {"kind": "scale", "people": 20, "higher": higher, "same": 6, "lower": 6}
    question = {"survey": "own-items", "item": "S8", "text": {"sv": "a", "en": "a"}, "yes_texts": []}
    with pytest.raises(ValidationError):
        Question.model_validate(question | {"tells_share": False, "tells_change": True, "change": change})


@pytest.mark.parametrize("mean", [{"mean": 0.1}, {"interval": (0.0, 0.3)}, {"standardised": 0.4}])
def test_a_document_with_a_mean_beside_what_is_hidden_cannot_be_read(mean: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScaleChange.model_validate({"people": 15, "higher": 2} | mean)


def test_whoever_was_asked_of_several_behaviours_changed_by_those_they_answered_of_both_times(
    own_items: Survey,
) -> None:
    before = said("S10", [1] * 12, about="a") + said("S10", ["no-occasion"] * 12, about="b")
    after = said("S10", [3] * 6 + [1] * 6, about="a") + said("S10", [0] * 12, about="b")
    found = told(own_items, after, at_first=before).question("S10")
    assert found is not None
    assert isinstance(found.change, ScaleChange)
    # Nobody went down, and to say so would tell of each that they did not.
    assert (found.change.people, found.change.higher, found.change.same, found.change.lower) == (12, 6, None, None)
    assert found.asked is None


def test_awareness_stands_beside_its_change_only_where_nobody_is_told_by_both(own_items: Survey) -> None:
    before = said("S5", [1] * 12 + [0] * 18)
    after = said("S5", [1] * 10 + [0] * 2 + [1] * 12 + [0] * 6)
    found = told(own_items, after, wave=Wave.T2, at_first=before).question("S5")
    assert found is not None
    assert found.share == Counted(answers=30, yes=22)
    assert found.change == YesNoChange(both=10, lost=2, gained=12, neither=6)
    assert found.by_role == {}
    # One came later: with both told, what that one said is the difference.
    alone = told(own_items, after, wave=Wave.T2, at_first=before[:29]).question("S5")
    assert alone is not None
    assert alone.share == Counted(answers=30, yes=22)
    assert alone.change is None


def test_beside_a_change_no_role_is_told(own_items: Survey) -> None:
    asked = dict.fromkeys(range(15), Role.MANAGER) | dict.fromkeys(range(15, 30), Role.TEAM_MEMBER)
    before = said("S5", ([1] * 6 + [0] * 9) * 2)
    after = said("S5", ([1] * 5 + [0] + [1] * 6 + [0] * 3) * 2)
    found = told(own_items, after, wave=Wave.T2, asked=asked, at_first=before).question("S5")
    assert found is not None
    assert found.change == YesNoChange(both=10, lost=2, gained=12, neither=6)
    assert found.by_role == {}


def test_a_change_of_nine_pairs_is_not_told(own_items: Survey) -> None:
    before, after = said("S5", [1] * 4 + [0] * 5), said("S5", [1, 1, 0, 0] + [1] * 3 + [0] * 2)
    found = told(own_items, after, wave=Wave.T2, at_first=before).question("S5")
    assert found is not None
    assert found.share == Counted(answers=9, yes=5)
    assert found.change is None


def test_who_does_not_know_is_not_told_of_where_the_others_are_so_few_that_nothing_is(own_items: Survey) -> None:
    """How many answered anything less these would be how few the others are."""
    found = told(own_items, said("S5", [1, 1, 0] + ["unsure"] * 6), wave=Wave.T2).question("S5")
    assert found is not None
    assert (found.share, found.apart) == (None, 0)


def test_of_what_was_released_before_roles_were_chosen_by_their_size_no_role_is_told(own_items: Survey) -> None:
    asked = dict.fromkeys(range(10), Role.MANAGER) | dict.fromkeys(range(10, 20), Role.TEAM_MEMBER)
    responses = said("S1", ([5] * 6 + [2] * 4) * 2)
    document = release([own_items], digest="d", wave=Wave.T1, asked=asked, responses=responses)
    now = read_wave(document).question("S1")
    del document["roles_by_size"]
    before = read_wave(document).question("S1")
    assert now is not None
    assert before is not None
    assert now.by_role[Role.MANAGER] == Counted(answers=10, yes=6)
    assert before == now.model_copy(update={"by_role": {}})


def test_who_does_not_know_is_told_of_beside_and_not_among_the_answers(own_items: Survey) -> None:
    found = told(own_items, said("S5", [1] * 9 + [0] * 6 + ["unsure"] * 3), wave=Wave.T2).question("S5")
    assert found is not None
    assert (found.share, found.apart) == (Counted(answers=15, yes=9), 0)  # that three did not would tell of three
    more = told(own_items, said("S5", [1] * 9 + [0] * 6 + ["unsure"] * 5), wave=Wave.T2).question("S5")
    assert more is not None
    assert (more.share, more.apart, [text.sv for text in more.apart_texts]) == (found.share, 5, ["Vet inte"])


def test_who_is_among_the_answers_about_one_behaviour_is_not_told_of_beside_them_for_another(own_items: Survey) -> None:
    items = [one.model_copy(update={"waves": (Wave.T1,)}) if one.id == "S10" else one for one in own_items.items]
    answers = said("S10", [3, 5, 0] * 8, about="ask_first")
    answers += said("S10", ["no-occasion"] * 14, first=16, about="close_loop")
    found = told(own_items.model_copy(update={"items": tuple(items)}), answers).question("S10")
    assert found is not None
    assert found.share is not None
    assert (found.share.answers, found.apart) == (24, 6)
    # In what was released before, they were in both: it can be read still.
    wave = told(own_items, answers)
    question = found.model_copy(update={"apart": 14})
    assert read_wave(wave.model_dump() | {"questions": [question.model_dump()]}).questions == (question,)


def test_who_answers_nothing_but_that_they_do_not_know_does_not_follow_from_how_many_have_answered(
    own_items: Survey,
) -> None:
    for unsure, answered in ((0, 15), (1, 15), (4, 15), (5, 20)):
        found = told(own_items, said("S5", [1] * 9 + [0] * 6 + ["unsure"] * unsure), wave=Wave.T2)
        assert found.answered == answered


def test_what_team_members_are_asked_is_nothing_where_there_are_none(own_items: Survey) -> None:
    assert told(own_items, []).question("S11a") is None


@pytest.mark.parametrize("few", [{"asked": 29}, {"answered": 33}])
def test_a_document_in_which_more_have_answered_than_were_asked_cannot_be_read(
    own_items: Survey, few: dict[str, int]
) -> None:
    said_all = said("S1", [5] * 24 + [2] * 6)
    document = release([own_items], digest="d", wave=Wave.T1, asked=MANAGERS, responses=said_all)
    with pytest.raises(ValidationError, match="more have answered than were asked"):
        read_wave(document | few)
    document["questions"][0]["asked"] = 29
    with pytest.raises(ValidationError, match="more have answered than were asked"):
        read_wave(document)


def test_a_change_of_more_people_than_were_asked_cannot_be_read(own_items: Survey) -> None:
    before, after = said("S8", [2] * 30), said("S8", [3] * 10 + [2] * 10 + [1] * 10)
    document = release([own_items], digest="d", wave=Wave.T1, asked=MANAGERS, responses=after, at_first=before)
    [question] = [one for one in document["questions"] if one["item"] == "S8"]
    question["asked"] = 29
    with pytest.raises(ValidationError, match="more have answered than were asked"):
        read_wave(document)


@pytest.mark.parametrize("spoilt", [{"yes": 30}, {"yes": 29}, {"yes": 1}, {"answers": 4, "yes": 2}])
def test_a_document_that_tells_of_too_few_or_of_everybody_cannot_be_read(
    own_items: Survey, spoilt: dict[str, int]
) -> None:
    document: dict[str, Any] = release(
        [own_items], digest="d", wave=Wave.T1, asked=MANAGERS, responses=said("S1", [5] * 24 + [2] * 6)
    )
    read_wave(document)
    document["questions"][0]["share"] |= spoilt
    with pytest.raises(ValidationError):
        read_wave(document)
