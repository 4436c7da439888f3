"""`knuff lessons feedback|suggestions`: what whoever owns the content reads of what people think of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from sqlmodel import Session, select

from storage import feedback, people, suggestions
from storage.database import Store, open_store
from storage.moments import local_day
from storage.tables.feedback import Useful
from storage.tables.people import Person
from tests.commands.typed import Knuff
from tests.scheduler.world import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An organisation with one person in it."""
    monkeypatch.setenv("KNUFF_DATABASE_URL", database_url)
    store = open_store(database_url)
    world = World(store)
    world.person(world.cohort())
    yield store
    store.close()


def test_before_five_have_answered_and_a_night_has_come_there_is_nothing_to_read(store: Store, knuff: Knuff) -> None:
    def answer(session: Session) -> None:
        feedback.give(session, session.exec(select(Person)).one(), "L02", Useful.NO, NOW)

    store.write_now(answer)
    for lesson, told in (((), "for any lesson yet"), (("L02",), "for L02 yet")):
        shown = knuff("lessons", "feedback", *lesson)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert told in shown.stdout
        assert knuff("lessons", "feedback", *lesson, "--json").stdout == ""


def test_figures_are_said_as_exactly_as_so_many_can_say(store: Store, knuff: Knuff) -> None:
    def count(session: Session) -> None:
        day = date(2026, 3, 2)
        feedback.add(session, 1, "L02", answers=6, halves=7, day=day)
        feedback.add(session, 1, "L02", nearly_none=5, day=day)
        feedback.add(session, 1, "L03", answers=17, halves=25, nearly_all=8, day=day)
        feedback.add(session, 1, "L04", answers=40, halves=55, day=day)

    store.write_now(count)
    shown = " ".join(knuff("lessons", "feedback", COLUMNS="160").stdout.split())
    for told in ("3.5 of 6; hardly any of 5", "12.5 of 17, about 70 %; nearly all of 8", "27.5 of 40, 69 %"):
        assert told in shown
    [line] = knuff("lessons", "feedback", "L03", "--json").stdout.splitlines()
    assert orjson.loads(line) == {
        "lesson": "L03", "answers": 17, "useful": 12.5, "nearly_all_of": 8, "hardly_any_of": 0,
        "counted_on": "2026-03-02",
    }  # fmt: skip


def test_what_was_sent_unsigned_this_month_is_not_read_before_the_month_is_over(store: Store, knuff: Knuff) -> None:
    # Tomorrow's month: on the last day of one the next may begin while we look.
    month = local_day(datetime.now(UTC) + timedelta(days=1), people.DEFAULT_ZONE).replace(day=1)
    store.write_now(lambda session: suggestions.keep_unsigned(session, 1, "L02", "Kortare, tack.", month=month))
    assert knuff("lessons", "suggestions").stdout.startswith("Nothing to read. Unsigned suggestions are shown when")
    assert knuff("lessons", "suggestions", "L02", "--json").stdout == ""


def test_words_are_read_as_they_were_sent_and_taken_away_when_dealt_with(store: Store, knuff: Knuff) -> None:
    def suggest(session: Session) -> None:
        suggestions.keep_unsigned(session, 1, "L02", "Kortare, tack.\nOch ett exempel.", month=date(2025, 3, 1))
        person = session.exec(select(Person)).one()
        suggestions.keep_signed(session, person, "L03", "Byt ord.", name="Kim Ek", on_page=False, now=NOW)

    assert knuff("lessons", "suggestions").stdout.startswith("Nothing to read.")
    store.write_now(suggest)
    shown = knuff("lessons", "suggestions").stdout
    assert "L02 Nyttan i en mening\n  Kortare, tack.\n  Och ett exempel.\n  (unsigned, 2025-03, id " in shown
    assert "  Byt ord.\n  (Kim Ek, 2026-03-02, id 1)" in shown
    rows = [orjson.loads(line) for line in knuff("lessons", "suggestions", "L02", "--json").stdout.splitlines()]
    assert [(row["name"], row["sent_at"], row["month"]) for row in rows] == [(None, None, "2025-03-01")]
    for known in (rows[0]["id"], "1"):
        assert knuff("lessons", "suggestions", "--remove", known).stdout == f"{known} is gone.\n"
        again = knuff("lessons", "suggestions", "--remove", known)
        assert (again.returncode, again.stdout) == (2, "")
        assert "There is no suggestion" in again.stderr
    assert knuff("lessons", "suggestions").stdout.startswith("Nothing to read.")
