import pytest

from lessons.outcomes.saying import Precision, Share, feels_like_control, share


def test_fewer_than_ten_answers_are_said_as_counts_alone() -> None:
    assert share(7, 9) == Share(yes=7, answers=9, precision=Precision.COUNTS, percent=None, interval=None)


@pytest.mark.parametrize(("yes", "answers", "percent"), [(8, 10, 80), (17, 20, 90), (21, 29, 70), (0, 12, 0)])
def test_ten_to_twenty_nine_answers_are_said_in_whole_tens(yes: int, answers: int, percent: int) -> None:
    said = share(yes, answers)
    assert (said.precision, said.percent) == (Precision.TENS, percent)
    assert said.interval is not None


def test_thirty_answers_are_said_in_whole_per_cent_with_the_interval() -> None:
    said = share(24, 30)
    assert (said.precision, said.percent, said.interval) == (Precision.WHOLE, 80, (63, 90))


def test_no_share_ever_has_decimals() -> None:
    assert share(1, 3_000).percent == 0
    assert share(1_999, 3_000).percent == 67


def test_the_programme_stops_to_talk_when_fewer_than_seven_in_ten_of_ten_feel_supported() -> None:
    assert feels_like_control(6, 10)
    assert not feels_like_control(7, 10)
    assert not feels_like_control(0, 9)
