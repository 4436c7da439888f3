from tests.shares import journeys_first


def is_journey(name: str) -> bool:
    return name.isupper()


def test_each_of_the_workers_begins_with_its_share_of_the_journeys() -> None:
    assert "".join(journeys_first("aAbcBdefCgDh", is_journey=is_journey, workers=3)) == "ADabBcdeCfgh"


def test_one_worker_begins_with_all_of_them() -> None:
    assert "".join(journeys_first("aAbBc", is_journey=is_journey, workers=1)) == "ABabc"


def test_no_test_is_left_out_where_journeys_are_many() -> None:
    for workers in range(1, 9):
        assert sorted(journeys_first("ABCDaEF", is_journey=is_journey, workers=workers)) == sorted("ABCDaEF")
