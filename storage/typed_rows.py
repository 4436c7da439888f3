"""The rows of a table as typed values, in an order both databases agree on: to copy them, and to compare them."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Enum,
    Select,
    String,
    Table,
    TypeDecorator,
    and_,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy import type_coerce as typed

Row = tuple[Any, ...]
Key = tuple[Any, ...]


class TypedRows:
    """All of one table, in the order of its primary key."""

    def __init__(self, table: Table) -> None:
        self.table = table
        # A closed set is taken as the text it is stored as: whether that is one of the set is the database's to say.
        self.columns: list[ColumnElement[Any]] = [
            typed(column, String()).label(column.name) if isinstance(column.type, Enum) else column
            for column in table.columns
        ]
        self._places = [list(table.columns).index(column) for column in table.primary_key]

    def after(self, connection: Connection, key: Key | None, *, most: int) -> list[Row]:
        """Return the next rows after a key; None: from the beginning."""
        order = self._order(connection)
        wanted = self._between(order, key, None).order_by(*order).limit(most)
        return [tuple(row) for row in connection.execute(wanted)]

    def between(self, connection: Connection, after: Key | None, until: Key | None) -> list[Row]:
        """Return the rows after one key up to another, that one included; None: without an end there."""
        order = self._order(connection)
        return [tuple(row) for row in connection.execute(self._between(order, after, until).order_by(*order))]

    def count(self, connection: Connection) -> int:
        return int(connection.execute(select(func.count()).select_from(self.table)).scalar_one())

    def key(self, row: Row) -> Key:
        return tuple(row[place] for place in self._places)

    def _order(self, connection: Connection) -> list[ColumnElement[Any]]:
        """Text by its bytes, as SQLite does it: a server may have another order by default."""
        return [
            column.collate("C") if connection.dialect.name == "postgresql" and _is_text(column) else column
            for column in self.table.primary_key
        ]

    def _between(self, order: Sequence[ColumnElement[Any]], after: Key | None, until: Key | None) -> Select[Any]:
        conditions: list[ColumnElement[bool]] = []
        if after is not None:
            conditions.append(_keys(order) > _literals(order, after))
        if until is not None:
            conditions.append(_keys(order) <= _literals(order, until))
        return select(*self.columns).where(and_(True, *conditions))


def digest(rows: Iterable[Row]) -> str:
    """Return a sum that is the same exactly when the same values are, of the same kinds, in the same order."""
    summed = hashlib.sha256()
    for row in rows:
        summed.update(repr([_plain(value) for value in row]).encode("utf-8", "surrogatepass"))
    return summed.hexdigest()


def differing(ours: Sequence[Row], theirs: Sequence[Row], rows: TypedRows) -> list[Key]:
    """Return the keys of the rows that only one side has, or that are not the same on both."""
    here, there = ({rows.key(row): digest([row]) for row in side} for side in (ours, theirs))
    return [key for key in {**here, **there} if here.get(key) != there.get(key)]


def _is_text(column: ColumnElement[Any]) -> bool:
    stored_as = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(stored_as, String)


def _keys(order: Sequence[ColumnElement[Any]]) -> Any:
    return order[0] if len(order) == 1 else tuple_(*order)


def _literals(order: Sequence[ColumnElement[Any]], key: Key) -> Any:
    values = [literal(value, column.type) for value, column in zip(key, order, strict=True)]
    return values[0] if len(values) == 1 else tuple_(*values)


def _plain(value: Any) -> Any:
    """A JSON document is the same in whatever order it names things, and 2 is 2.0 in it."""
    if isinstance(value, dict | list):
        return json.dumps(_numbers(value), sort_keys=True)
    return value


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
