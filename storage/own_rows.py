"""New rows that are one person's own: whose they are is said in one place."""

from typing import Any

from sqlalchemy import Table, bindparam, insert
from sqlmodel import Session

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.people import Person


def insert_own(session: Session, table: Table, person: Person, **values: Any) -> int:
    """Insert a row of the person's own and return its id. What is not given is empty."""
    new = _NEW[table.name]
    row = new.empty | values | {"organisation_id": person.organisation_id, "person_id": person.id}
    return int(new.statement.scalar(session, **row))


class _New:
    def __init__(self, table: Table) -> None:
        columns = [column for column in table.c if column is not table.c.id]
        self.empty: dict[str, Any] = {column.name: None for column in columns}
        self.statement = Prepared(
            insert(table).values({column.name: bindparam(column.name) for column in columns}).returning(table.c.id)
        )


_OWN = ("answer", "facilitation", "follow_up", "plan", "reflection", "signed_suggestion")
_NEW = {name: _New(metadata.tables[name]) for name in _OWN}
