"""Somebody found by the platform's own ids, read without the object mapper: as it would have read them. On both
databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from storage import people, workspaces
from storage.database import Store, open_store
from storage.tables.people import Person, Workspace

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    opened.write_now(_meet)
    yield opened
    opened.close()


def _meet(session: Session) -> None:
    workspace = workspaces.connected(session, platform="paper", external_id="T1", organisation_name="Älvsunda", now=NOW)
    person = people.person_met(
        session, workspace=workspace, external_id="U01", zone="Europe/Oslo", language="en", now=NOW, saves_text=False
    )
    person.conversation_id = "D01"
    people.pause(person, first=date(2026, 3, 9), last=date(2026, 3, 13))


def found(session: Session) -> tuple[Workspace, Person]:
    both = people.find(session, platform="paper", workspace="T1", person="U01")
    assert both is not None
    return both


def test_somebody_found_is_whom_the_object_mapper_reads(store: Store) -> None:
    both = store.write_now(found)
    read = store.write_now(lambda session: (session.get_one(Workspace, 1), session.get_one(Person, 1)))
    assert [one.model_dump() for one in both] == [one.model_dump() for one in read]
    assert both[1].created_at == NOW
    assert both[1].paused_until == date(2026, 3, 13)


def test_what_is_changed_of_somebody_found_is_written_and_nothing_else(store: Store) -> None:
    def change(session: Session) -> None:
        _, person = found(session)
        assert not session.is_modified(person)
        person.language = "sv"

    store.write_now(change)
    _, person = store.write_now(found)
    assert (person.language, person.conversation_id) == ("sv", "D01")


def test_somebody_found_again_in_the_same_unit_of_work_is_the_same_one_with_what_was_changed(store: Store) -> None:
    def twice(session: Session) -> tuple[Person, Person]:
        _, first = found(session)
        first.language = "sv"
        return first, found(session)[1]

    first, second = store.write_now(twice)
    assert first is second
    assert second.language == "sv"


def test_nobody_is_found_in_another_workspace_or_on_another_platform(store: Store) -> None:
    for platform, workspace, person in (("paper", "T1", "U02"), ("paper", "T2", "U01"), ("slack", "T1", "U01")):
        ids = {"platform": platform, "workspace": workspace, "person": person}
        assert store.write_now(lambda session, ids=ids: people.find(session, **ids)) is None  # type: ignore[misc]
