from lessons.models import Role, Text
from lessons.outcomes.intervals import YesNoPairs
from lessons.outcomes.measures import (
    SHARES,
    SKL,
    Response,
    count_shown,
    scale_change,
    share_measured,
    yes_no_change,
)
from lessons.outcomes.saying import Precision, Share
from lessons.outcomes.suppression import Bound
from lessons.surveys import Item, Wave

AGREE = (1, 2, 3, 4, 5)
ITEM = Item(id="S1", text=Text(sv="Stämmer det?", en="Is it true?"), scale="agree", yes=(4, 5), waves=(Wave.T1,))


def responses(*values: int, first: int = 0) -> list[Response]:
    return [Response(person=first + number, value=value) for number, value in enumerate(values)]


def test_four_and_five_are_yes_and_the_share_is_said_with_its_interval() -> None:
    found = share_measured(ITEM, responses(*[5] * 14, *[4] * 10, *[3] * 6), asked=32)
    assert found.whole == Share(yes=24, answers=30, precision=Precision.WHOLE, percent=80, interval=(63, 90))
    assert (found.asked, found.answered, found.could_be) == (32, 30, None)


def test_where_fewer_than_seven_in_ten_answered_it_is_said_how_far_the_others_could_move_it() -> None:
    found = share_measured(ITEM, responses(*[5] * 12, *[1] * 8), asked=40)
    assert found.could_be == (30, 80)


def test_of_four_who_answered_not_even_how_many_they_were_is_said() -> None:
    found = share_measured(ITEM, responses(5, 4, 2, 1), asked=12)
    assert (found.answered, found.whole, found.could_be) == (None, None, None)


def test_everybody_agreeing_is_said_as_a_bound() -> None:
    assert isinstance(share_measured(ITEM, responses(*[5] * 8), asked=8).whole, Bound)


def test_a_single_politician_is_never_told_of() -> None:
    roles = dict.fromkeys(range(20), Role.MANAGER) | {20: Role.POLITICIAN}
    found = share_measured(ITEM, responses(*[5] * 12, *[2] * 8, 5), asked=21, roles=roles)
    assert set(found.by_role.values()) == {None}
    roles |= dict.fromkeys(range(8, 20), Role.TEAM_MEMBER)
    found = share_measured(ITEM, responses(*[5] * 6, 2, 2, *[5] * 6, *[2] * 6, 5), asked=21, roles=roles)
    shown = {role for role, share in found.by_role.items() if share}
    assert shown == {Role.TEAM_MEMBER}  # the managers, who are fewest, are hidden with the politician


def test_a_change_is_counted_on_those_who_answered_both_times() -> None:
    before = responses(*[4] * 12, *[2] * 18)
    after = responses(*[4] * 10, 2, 2, *[4] * 12, *[2] * 6)
    found = yes_no_change(ITEM, before, after)
    assert found is not None
    assert found.pairs == YesNoPairs(both=10, lost=2, gained=12, neither=6)
    assert (found.percent, found.interval, round(found.mid_p, 3), found.can_be_told) == (33, (10, 52), 0.007, True)


def test_a_change_is_not_told_where_one_person_answered_only_the_first_time() -> None:
    before = responses(*[4] * 12, *[2] * 18, 5)
    assert yes_no_change(ITEM, before, responses(*[4] * 22, *[2] * 8)) is None


def test_a_change_of_nine_people_is_not_told() -> None:
    assert yes_no_change(ITEM, responses(*[4] * 4, *[2] * 5), responses(*[4] * 5, *[2] * 4)) is None


def test_on_a_scale_it_is_said_how_many_went_up_and_down_and_from_fifteen_on_the_mean() -> None:
    few = scale_change(AGREE, responses(*[2] * 7, *[4] * 7), responses(*[3] * 7, *[4] * 5, 3, 3))
    assert few is not None
    assert (few.higher, few.same, few.lower, few.mean) == (7, 5, 2, None)
    more = scale_change(AGREE, responses(*[2] * 8, *[4] * 7), responses(*[3] * 8, *[4] * 5, 3, 3))
    assert more is not None
    assert (more.people, more.mean) == (15, 6 / 15)
    assert more.interval is not None


def test_a_few_people_are_not_counted_for_others_but_nobody_is_nobody() -> None:
    assert [count_shown(number) for number in (0, 1, 4, 5, 550)] == [0, None, None, 5, 550]


def test_every_measure_skl_reported_is_one_of_ours() -> None:
    counted = {"skl_participants", "skl_day_attend", "skl_units_model"}
    assert set(SKL) == counted | {name for name in SHARES if name.startswith("skl_")}
