"""A past to begin with: what a workplace has gone through before anybody looks, in a database that goes on."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.demo_past import PEOPLE, WEEKS, first_day
from bot.rehearsal.past import live
from bot.rehearsal.place import Place
from lessons.library import load_library
from scheduler.calendar import DAY_BEGINS, Calendar
from workplace.municipality import ALVSUNDA, CARE, WITH_CARE

UNTIL = datetime(2026, 1, 21, 6, 0, tzinfo=UTC)
"""Wednesday of the second week, before anybody's first hour."""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("past") / "knuff.db"
    live(
        file,
        place=Place(workspace="T0ALVSUNDA", organisation="Älvsunda kommun", coordinator="U03AMINA", language="sv"),
        people=PEOPLE[:6],
        programme_id="eight-weeks",
        name="Vård och omsorg",
        start=date(2026, 1, 12),
        until=UNTIL,
        library=load_library(),
    )
    return file


def rows(file: Path, query: str, *given: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query, given).fetchall()


def test_what_happened_until_the_moment_is_all_there_and_nothing_after_it(past: Path) -> None:
    assert rows(past, "SELECT name, state, starts_on FROM cohort") == [("Vård och omsorg", "running", "2026-01-12")]
    [(sent, first, last)] = rows(past, "SELECT count(*), min(day), max(day) FROM delivery WHERE state = 'sent'")
    assert isinstance(sent, int)
    assert sent > 6 * 4
    assert (str(first) < "2026-01-12", last) == (True, "2026-01-20")
    assert rows(past, "SELECT count(*) FROM answer")[0] != (0,)
    until = f"{UNTIL:%Y-%m-%d %H:%M:%S}"
    assert rows(past, "SELECT id FROM delivery WHERE state IN ('planned', 'sending') AND due_at < ?", until) == []
    assert rows(past, "SELECT id FROM delivery WHERE sent_at > ?", until) == []


def test_it_goes_on_in_the_workplace_where_no_chat_has_been_opened(past: Path) -> None:
    assert rows(past, "SELECT external_id FROM workspace") == [("T0ALVSUNDA",)]
    assert rows(past, "SELECT name FROM organisation") == [("Älvsunda kommun",)]
    assert {one for (one,) in rows(past, "SELECT external_id FROM person")} == {"U03AMINA", *PEOPLE[:6]}
    assert rows(past, "SELECT id FROM person WHERE conversation_id IS NOT NULL") == []
    assert rows(past, "SELECT id FROM delivery WHERE conversation_id IS NOT NULL OR message_id IS NOT NULL") == []


def test_the_demo_s_past_begins_on_a_day_when_something_is_sent_whatever_week_it_is_opened_in() -> None:
    mondays = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(80)]
    begins = {monday: first_day(monday) for monday in mondays}
    assert begins[date(2027, 5, 10)] == date(2027, 3, 30), "the Monday is Easter Monday"
    assert begins[date(2026, 2, 23)] == date(2026, 1, 12)
    for monday, first in begins.items():
        assert Calendar().why_closed(first, DAY_BEGINS) is None
        assert timedelta(weeks=3) < monday - first <= timedelta(weeks=WEEKS)
        assert first_day(monday + timedelta(days=3)) == first


def test_the_demo_s_people_are_those_of_the_workplace_s_unit() -> None:
    assert {one.id for one in WITH_CARE.people if one.unit == CARE} == set(PEOPLE)
    assert set(WITH_CARE.people) >= set(ALVSUNDA.people)
    assert all(one.unit == "" for one in ALVSUNDA.people)
