"""Objects of a session made of rows read without the ORM: as if it had loaded them, at a third of the cost."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import class_mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import Session, SQLModel

from storage.prepared import Prepared

Model = TypeVar("Model", bound=SQLModel)


def all_loaded(session: Session, model: type[Model], statement: Prepared, **values: Any) -> list[Model]:
    """Return what a statement that reads every column of a table finds, as objects of the session."""
    session.flush()  # as the ORM would before it asks
    return [loaded(session, model, row._asdict()) for row in statement.rows(session, **values)]


def first_loaded(session: Session, model: type[Model], statement: Prepared, **values: Any) -> Model | None:
    """As `all_loaded`, but the first, or None."""
    session.flush()
    row = statement.first(session, **values)
    return None if row is None else loaded(session, model, row._asdict())


def loaded(session: Session, model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return the row as an object of the session. `values` has every column. An object the session has already is
    returned as it stands there, deleted but not flushed included: flush first where that matters."""
    mapper: Any = class_mapper(model)  # which configures it, if nobody has yet
    known = session.identity_map.get(mapper.identity_key_from_primary_key((values["id"],)))
    if known is not None:
        return known  # type: ignore[no-any-return]
    new: Model = manager_of_class(model).new_instance()
    new.__dict__.update(values)
    make_transient_to_detached(new)
    session.add(new)
    return new
