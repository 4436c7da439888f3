"""Prepared statements give and take the same as SQLAlchemy does, on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Date, Integer, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.database import Store, open_store
from storage.inserting import insert_for
from storage.prepared import Prepared, one_of
from storage.tables import metadata
from storage.tables.people import Organisation, Pace, Platform, Shift, Workspace
from storage.tables.programmes import Cohort

NOW = datetime(2026, 3, 2, 8, 15, 30, 123456, tzinfo=UTC)
_organisation = metadata.tables["organisation"]
_workspace = metadata.tables["workspace"]
_cadence = metadata.tables["cadence"]
_person = metadata.tables["person"]

KEEP = Prepared(
    insert(_organisation).values(id=bindparam("number"), name=bindparam("said"), created_at=bindparam("moment"))
)
NAMED = Prepared(select(_organisation.c.created_at).where(_organisation.c.name == bindparam("said")))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    opened.write_now(lambda session: session.add(Organisation(id=1, name="Ån", created_at=NOW)))
    yield opened
    opened.close()


def test_a_moment_of_any_zone_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    stockholm = NOW.astimezone(timezone(timedelta(hours=2)))
    store.write_now(lambda session: KEEP.run(session, number=2, said="Ön", moment=stockholm))
    found = store.write_now(lambda session: NAMED.scalar(session, said="Ön"))
    assert (found, found.utcoffset()) == (NOW, timedelta(0))
    assert store.write_now(lambda session: session.get(Organisation, 2)).created_at == NOW  # type: ignore[union-attr]


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="timezone"):
        store.write_now(lambda session: KEEP.run(session, number=2, said="Ön", moment=datetime(2026, 3, 2)))  # noqa: DTZ001


def test_closed_sets_truth_values_days_and_nothing_come_back_as_themselves(store: Store) -> None:
    cadence = {
        "organisation_id": 1, "zone": "Europe/Stockholm", "slot": "08:15", "days": 31, "pace": Pace.DAILY,
        "shift": Shift.DAY, "planned_through": date(2026, 3, 1), "next_at": NOW,
    }  # fmt: skip
    person = {
        "organisation_id": 1, "workspace_id": 1, "external_id": "U1", "cadence_id": 1, "language": "sv",
        "language_chosen": True, "zone_chosen": False, "rhythm_chosen": False, "saves_text": True,
        "is_coordinator": False, "paused_until": None, "unanswered": 0, "created_at": NOW,
    }  # fmt: skip
    keep = {
        table: Prepared(insert(table).values({name: bindparam(f"the_{name}") for name in values}))
        for table, values in ((_cadence, cadence), (_person, person))
    }
    look = Prepared(
        select(
            _person.c.language_chosen,
            _person.c.zone_chosen,
            _person.c.paused_until,
            _person.c.last_seen_at,
            _cadence.c.pace,
            _cadence.c.planned_through,
            _workspace.c.platform,
        )
        .join(_cadence, _cadence.c.id == _person.c.cadence_id)
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .where(_cadence.c.pace == Pace.DAILY)
    )

    def work(session: Session) -> Any:
        session.add(Workspace(id=1, organisation_id=1, platform=Platform.SLACK, external_id="T", created_at=NOW))
        session.flush()
        for table, values in ((_cadence, cadence), (_person, person)):
            keep[table].run(session, **{f"the_{name}": value for name, value in values.items()})
        return look.first(session)

    found = store.write_now(work)
    assert tuple(found) == (True, False, None, None, Pace.DAILY, date(2026, 3, 1), Platform.SLACK)
    assert isinstance(found.pace, Pace)
    assert isinstance(found.platform, Platform)


def test_rows_have_the_names_of_their_columns_and_what_is_not_there_is_none(store: Store) -> None:
    both = Prepared(select(_organisation.c.id, _organisation.c.name.label("called")).order_by(_organisation.c.id))
    store.write_now(lambda session: KEEP.run(session, number=2, said="Ön", moment=NOW))
    rows = store.write_now(both.rows)
    assert [(row.id, row.called) for row in rows] == [(1, "Ån"), (2, "Ön")]
    assert store.write_now(lambda session: NAMED.first(session, said="Skogen")) is None
    assert store.write_now(lambda session: NAMED.scalar(session, said="Skogen")) is None


def test_a_calendar_goes_in_and_comes_out_as_it_is(store: Store) -> None:
    cohort, document = metadata.tables["cohort"], metadata.tables["programme_document"]
    closed = {"closed": ["2026-05-15"], "eves": False}
    change = Prepared(update(cohort).values(calendar=bindparam("chosen")))
    look = Prepared(select(cohort.c.calendar))

    def work(session: Session) -> Any:
        session.add(Workspace(id=1, organisation_id=1, platform=Platform.SLACK, external_id="T", created_at=NOW))
        body = {"organisation_id": 1, "programme_id": "p", "digest": "d", "body": "{}", "stored_at": NOW}
        session.flush()
        session.connection().execute(insert(document).values(id=1, **body))
        session.add(
            Cohort(
                organisation_id=1,
                workspace_id=1,
                document_id=1,
                name="Våren",
                starts_on=date(2026, 3, 2),
                created_at=NOW,
            )
        )
        session.flush()
        change.run(session, chosen=closed)
        return look.scalar(session)

    assert store.write_now(work) == closed


def test_what_the_database_finds_wrong_while_rows_are_read_is_the_same_error() -> None:
    store = open_store("sqlite://")
    beyond = Prepared(text("SELECT 1 AS found UNION ALL SELECT abs(-9223372036854775808)").columns(found=Integer))
    with pytest.raises(OperationalError):
        store.write_now(beyond.rows)
    store.close()


def test_says_how_many_rows_a_change_met(store: Store) -> None:
    rename = Prepared(
        update(_organisation).where(_organisation.c.id == bindparam("number")).values(name=bindparam("said"))
    )
    assert store.write_now(lambda session: rename.run(session, number=1, said="Byn")) == 1
    assert store.write_now(lambda session: rename.run(session, number=7, said="Byn")) == 0


def test_a_statement_may_be_spelled_for_each_database(store: Store) -> None:
    again = Prepared(
        lambda dialect: (
            insert_for(dialect, _organisation)
            .values(id=bindparam("number"), name=bindparam("said"), created_at=bindparam("moment"))
            .on_conflict_do_nothing()
            .returning(_organisation.c.name)
        )
    )
    assert store.write_now(lambda session: again.scalar(session, number=2, said="Ön", moment=NOW)) == "Ön"
    assert store.write_now(lambda session: again.scalar(session, number=2, said="Ön", moment=NOW)) is None


@pytest.mark.parametrize(("wanted", "found"), [([1, 3], [1, 3]), ([2], [2]), ([], [])])
def test_a_list_of_any_length_is_one_value(store: Store, wanted: list[int], found: list[int]) -> None:
    among = Prepared(
        lambda dialect: (
            select(_organisation.c.id)
            .where(one_of(dialect, _organisation.c.id, "numbers"))
            .order_by(_organisation.c.id)
        )
    )

    def work(session: Session) -> list[int]:
        for number in (2, 3):
            KEEP.run(session, number=number, said=f"Nr {number}", moment=NOW)
        return [row.id for row in among.rows(session, numbers=wanted)]

    assert store.write_now(work) == found


def test_a_list_spelled_otherwise_is_refused(store: Store) -> None:
    unlike = Prepared(select(_organisation.c.id).where(_organisation.c.id.in_(bindparam("numbers", expanding=True))))
    with pytest.raises(TypeError, match="lists"):
        store.write_now(lambda session: unlike.rows(session, numbers=[1]))


def test_works_inside_the_transaction_of_its_unit(store: Store) -> None:
    def fails(session: Session) -> None:
        KEEP.run(session, number=2, said="Ön", moment=NOW)
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(fails)
    assert store.write_now(lambda session: NAMED.first(session, said="Ön")) is None


def test_an_error_of_the_database_is_sqlalchemys_and_quotes_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError) as refused:
        store.write_now(lambda session: KEEP.run(session, number=1, said="hemligt", moment=NOW))
    assert "hemligt" not in str(refused.value)


def test_a_value_of_no_column_has_the_type_it_is_given(store: Store) -> None:
    given = Prepared(
        select(bindparam("day", type_=Date).label("day"), bindparam("at", type_=UTCDateTime()).label("at"))
    )
    found = store.write_now(lambda session: given.first(session, day=date(2026, 3, 2), at=NOW))
    assert (found.day, found.at) == (date(2026, 3, 2), NOW)
