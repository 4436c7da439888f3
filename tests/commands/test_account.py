"""`knuff account`: what an operator reads of a day, in lines and as JSON, and what the exit code says."""

from collections.abc import Iterator

import orjson
import pytest

from bot.commands.account import show_account
from storage.database import open_store
from storage.tables.deliveries import Delivery, Reason, State
from tests.scheduler.world import World


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Monday 2 March for six people of a cohort, two of whom had paused, and one of another."""
    monkeypatch.setenv("KNUFF_DATABASE_URL", database_url)
    store = open_store(database_url)
    world = World(store)
    cohort = world.cohort()
    for number in range(6):
        reason = Reason.PAUSED if number > 3 else None
        promise = world.promise(world.person(cohort), step=1, reason=reason)
        if reason is None:
            world.settle(world.look_up(Delivery, promise))
    world.promise(world.person(world.cohort(weeks=(5, 5))), step=1, reason=Reason.STOPPED)
    yield world
    store.close()


def test_a_day_is_told_in_numbers_and_of_few_people_nothing_more(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_account(day="2026-03-02", days=1, as_json=False) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-03-02 balances: 7 promised = 7 settled + 0 on the way",
        "  workspace 1, cohort 1: 6 promised = 4 sent + 2 explained + 0 on the way",
        "  workspace 1, cohort 2: 1 promised = 1 settled (fewer than five people: no more is told) + 0 on the way",
    ]
    assert show_account(day="2026-03-03", days=1, as_json=False) == 0
    assert capsys.readouterr().out == "Nothing was promised for 2026-03-03.\n"


def test_a_day_that_does_not_balance_ends_with_1_and_says_what_to_look_at(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.settle(world.look_up(Delivery, 1), State.UNKNOWN)
    assert show_account(day="2026-03-04", days=3, as_json=False) == 1
    told = capsys.readouterr().out
    assert "2026-03-02 DOES NOT BALANCE: 7 promised = 6 settled + 1 on the way" in told
    assert "see that `knuff serve` or `knuff worker` does" in told


def test_the_same_as_one_json_object(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_account(day="2026-03-02", days=1, as_json=True) == 0
    told = orjson.loads(capsys.readouterr().out)
    assert told["balances"]
    [day] = told["days"]
    assert (day["day"], day["is_over"], day["balances"]) == ("2026-03-02", True, True)
    assert day["groups"][0] == {
        "workspace_id": 1, "cohort_id": 1, "promised": 6, "settled": 6, "on_the_way": 0, "sent": 4, "explained": 2,
        "faults": {},
    }  # fmt: skip
    assert (day["groups"][1]["promised"], day["groups"][1]["explained"]) == (1, None)


def test_a_fault_of_ours_is_told_also_of_few(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.promise(world.person(world.cohort()), step=1, reason=Reason.REFUSED)
    assert show_account(day="2026-03-02", days=1, as_json=False) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  workspace 1, cohort 3: 1 promised = 1 settled (fewer than five people: no more is told) + 0 on the way",
        "    refused: 1",
    ]


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "0001-01-01"])
def test_what_is_no_day_is_said_in_a_sentence(day: str, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_account(day=day, days=2, as_json=False) == 2
    assert capsys.readouterr().err.startswith("knuff: --date is a day like 2026-03-02")


def test_a_database_that_is_not_there_is_not_made(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNUFF_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert show_account(day=None, days=1, as_json=False) == 2
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", "the schema of another version of Knuff"),
        ("CREATE TABLE moving_house (table_name TEXT)", "A move into this database has not come to its end"),
    ],
    ids=["older schema", "half moved"],
)
def test_a_database_that_is_not_whole_is_no_day_without_promises(
    statement: str, said: str, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert show_account(day="2026-03-03", days=1, as_json=False) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
