"""What lies in the database of suggestions that nobody has signed."""

import asyncio
from datetime import date
from functools import partial

from sqlalchemy import text
from sqlmodel import Session

from storage import suggestions
from storage.database import Store
from storage.tables.people import Organisation
from tests.conversation.builders import MORNING

MONTH, OVER = date(2026, 3, 1), date(2026, 4, 1)


def an_organisation(store: Store) -> int:
    def make(session: Session) -> int:
        made = Organisation(name="Exempelkommunen", created_at=MORNING)
        session.add(made)
        session.flush()
        return made.id or 0

    return store.write_now(make)


async def test_those_sent_at_the_same_time_are_all_kept_and_once(store: Store) -> None:
    ours = an_organisation(store)
    sent = [
        partial(suggestions.keep_unsigned, organisation_id=ours, lesson_id="L02", body=f"{number % 6}", month=MONTH)
        for number in range(12)
    ]
    assert await asyncio.gather(*(store.write(one) for one in sent)) == [True] * 12
    kept = await store.read(partial(suggestions.waiting, organisation_id=ours, before=OVER))
    assert sorted(one.body for one in kept) == ["0", "1", "2", "3", "4", "5"]


def test_they_lie_in_the_order_of_what_was_drawn_and_not_as_they_came(store: Store) -> None:
    ours = an_organisation(store)
    for number in range(12):
        lesson = f"L0{number % 3}"
        keep = partial(suggestions.keep_unsigned, organisation_id=ours, lesson_id=lesson, body=f"{number}", month=MONTH)
        store.write_now(keep)
    where = "ctid" if store.engine.dialect.name == "postgresql" else "id"  # SQLite numbers no rows of this table
    with store.engine.connect() as connection:
        lie = [row.id for row in connection.execute(text(f"SELECT id FROM suggestion ORDER BY {where}"))]  # noqa: S608
    assert lie == sorted(lie)
    assert len(lie) == 12


def test_another_organisation_neither_reads_nor_removes_them(store: Store) -> None:
    ours, theirs = an_organisation(store), an_organisation(store)
    store.write_now(partial(suggestions.keep_unsigned, organisation_id=ours, lesson_id="L02", body="Vårt", month=MONTH))
    [kept] = store.write_now(partial(suggestions.waiting, organisation_id=ours, before=OVER))
    assert store.write_now(partial(suggestions.waiting, organisation_id=theirs, before=OVER)) == []
    assert not store.write_now(partial(suggestions.remove, organisation_id=theirs, suggestion_id=kept.id))
    assert store.write_now(partial(suggestions.remove, organisation_id=ours, suggestion_id=kept.id))


def test_what_nobody_signed_is_shown_when_its_month_is_over(store: Store) -> None:
    ours = an_organisation(store)
    store.write_now(partial(suggestions.keep_unsigned, organisation_id=ours, lesson_id="L02", body="Nu", month=MONTH))
    assert store.write_now(partial(suggestions.waiting, organisation_id=ours, before=MONTH)) == []
    assert len(store.write_now(partial(suggestions.waiting, organisation_id=ours, before=OVER))) == 1


def test_no_number_is_too_long_to_ask_about(store: Store) -> None:
    ours = an_organisation(store)
    for number in ("9" * 9, "9" * 10, "9" * 30, "9" * 5_000):
        assert not store.write_now(partial(suggestions.remove, organisation_id=ours, suggestion_id=number))
