import pytest

from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.stopping import must_stop
from lessons.surveys import Wave
from tests.outcomes.made import a_cohort


def with_support(*said: dict[str, object] | None) -> ReleasedCohort:
    """What was said of support in week three and at the end; None is not shown."""
    document = a_cohort(32).model_dump(mode="json")
    shares = iter(said)
    for wave in document["waves"]:
        if wave["wave"] in (Wave.WEEK_3.value, Wave.T1.value):
            [question] = [one for one in wave["told"]["questions"] if one["item"] == "S13"]
            question["share"], question["by_role"] = next(shares), {}
    return ReleasedCohort.model_validate(document)


def counted(yes: int, answers: int) -> dict[str, object]:
    return {"kind": "counted", "answers": answers, "yes": yes}


@pytest.mark.parametrize(
    ("first", "last", "stops"),
    [
        (counted(20, 30), counted(21, 30), False),
        (counted(21, 30), counted(20, 30), True),
        (counted(3, 9), None, False),
        (counted(6, 10), None, True),
        (counted(6, 10), counted(2, 7), True),
        (counted(6, 10), {"kind": "limited", "answers": 7, "percent": 80, "is_lower": True}, True),
        (None, {"kind": "limited", "answers": 10, "percent": 20, "is_lower": False}, True),
        (None, {"kind": "limited", "answers": 9, "percent": 20, "is_lower": False}, False),
        (None, {"kind": "limited", "answers": 30, "percent": 80, "is_lower": True}, False),
    ],
)
def test_under_seven_in_ten_of_ten_or_more_the_last_time_it_is_told_stops_the_next_cohort(
    first: dict[str, object] | None, last: dict[str, object] | None, stops: bool
) -> None:
    assert must_stop(with_support(first, last).waves) is stops
