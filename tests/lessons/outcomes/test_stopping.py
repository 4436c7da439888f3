import pytest

from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.stopping import stopped_by
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
        (counted(20, 30), counted(21, 30), None),
        (counted(21, 30), counted(20, 30), Wave.T1),
        (counted(3, 9), None, None),
        (counted(6, 10), None, Wave.WEEK_3),
        (counted(6, 10), counted(2, 7), Wave.WEEK_3),
        (counted(6, 10), {"kind": "limited", "answers": 7, "percent": 80, "is_lower": True}, Wave.WEEK_3),
        (None, {"kind": "limited", "answers": 10, "percent": 20, "is_lower": False}, Wave.T1),
        (None, {"kind": "limited", "answers": 9, "percent": 20, "is_lower": False}, None),
        (None, {"kind": "limited", "answers": 30, "percent": 80, "is_lower": True}, None),
    ],
)
def test_under_seven_in_ten_of_ten_or_more_the_last_time_it_is_told_stops_the_next_cohort(
    first: dict[str, object] | None, last: dict[str, object] | None, stops: Wave | None
) -> None:
    assert stopped_by(with_support(first, last).waves) is stops
