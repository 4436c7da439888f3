"""However old a database is: nothing that happens often reads through a table that grows."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bench.age_data import BIG, Age, fill
from bench.age_life import live
from bench.watched import Seen, watched
from scheduler import disposal
from storage.database import open_store

A_LITTLE = Age(people=11, quarters=1)
READ_THROUGH = {
    "inbox.forget: DELETE inbox_event": "the oldest 5,000, in the order they came",
    "disposing.forget_attempts: SELECT attempt": "the oldest 500, in the order they were made",
    "inbox.waiting: SELECT inbox_event": "an index of what waits, and one of what is set aside",
    "survey_waves.over_by: SELECT survey_wave": "an index of the waves that have not closed",
}
"""What does so all the same, and why it may."""


@pytest.fixture(scope="module")
def a_day(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """Every statement of a morning and a night, and how SQLite finds the rows: it has no statistics to go by."""
    url = f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path_factory.mktemp('age') / 'knuff.db')}"
    store = open_store(url)
    with store.engine.connect() as connection:
        fill(connection, A_LITTLE, lambda _: None)
    store.close()
    watching, most = watched(url), disposal.MOST_A_NIGHT
    try:
        with watching.undone() as seen:
            asyncio.run(live(watching, A_LITTLE))
    finally:
        disposal.MOST_A_NIGHT = most
        watching.close()
    return seen


def test_nothing_reads_through_a_table_that_grows(a_day: list[Seen]) -> None:
    through = {
        (one.where, find)
        for one in a_day
        for find in one.finds
        if find.split()[0] in BIG and ("read through" in find or "by all of" in find)
    }
    assert {pair for pair in through if pair[0] not in READ_THROUGH} == set()


def test_only_accounts_and_disposal_read_all_of_a_cohort_or_an_organisation(a_day: list[Seen]) -> None:
    """Whoever asks about one person or one message must not find it among everybody's."""
    everybodys = ("delivery by ix_delivery_cohort_id_day", "delivery by ix_delivery_organisation_id_day")
    reading = {one.where.partition(".")[0] for one in a_day if set(one.finds) & set(everybodys)}
    assert reading - {"account", "closing", "disposing"} == set()


def test_the_day_has_all_of_it(a_day: list[Seen]) -> None:
    """Otherwise the test above could not fail."""
    happened = {one.where.partition(":")[0].partition(".")[0] for one in a_day}
    assert happened >= {
        "planning", "promising", "commitments", "movers", "rescheduling", "work", "sending", "settling", "unknown",
        "inbox", "people", "messages", "looking_back", "my_data", "account", "closing", "disposing",
    }  # fmt: skip
