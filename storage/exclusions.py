"""With whom somebody does not want to be put together. Only whoever made the choice reads it; what puts people together
is given pairs of ids, in no order that tells whose choice it was."""

from collections.abc import Collection

from sqlalchemy import Executable, bindparam, delete, insert, select
from sqlmodel import Session

from storage.prepared import Prepared, one_of
from storage.tables import metadata
from storage.tables.people import Person

_exclusion = metadata.tables["exclusion"]
_person = metadata.tables["person"]
_other = _person.alias("other")

MOST = 50
"""So many one person may choose: in most teams there is somebody else."""


def of_person(session: Session, person: Person) -> list[str]:
    """Return whom the person has chosen, by the platform's own ids, in their order."""
    return [row.other_external_id for row in _OWN.rows(session, person=person.id)]


def choose(session: Session, person: Person, external_ids: Collection[str]) -> None:
    """Keep these in place of what the person chose before; themselves they need not choose."""
    _DELETE.run(session, person=person.id)
    for other in sorted(set(external_ids) - {person.external_id}):
        _INSERT.run(session, organisation=person.organisation_id, person=person.id, other=other)


def forget(session: Session, person: Person) -> None:
    _DELETE.run(session, person=person.id)


def among(session: Session, person_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return which of these people are not to be put together, the smaller id first. For putting together, never for
    showing."""
    rows = _AMONG.rows(session, people=[*person_ids])
    return sorted({(min(row.one, row.other), max(row.one, row.other)) for row in rows})


def _among(dialect: str) -> Executable:
    return (
        select(_exclusion.c.person_id.label("one"), _other.c.id.label("other"))
        .select_from(_exclusion)
        .join(_person, _person.c.id == _exclusion.c.person_id)
        .join(
            _other,
            (_other.c.workspace_id == _person.c.workspace_id)
            & (_other.c.external_id == _exclusion.c.other_external_id),
        )
        .where(one_of(dialect, _exclusion.c.person_id, "people"), one_of(dialect, _other.c.id, "people"))
    )


_OWN = Prepared(
    select(_exclusion.c.other_external_id)
    .where(_exclusion.c.person_id == bindparam("person"))
    .order_by(_exclusion.c.other_external_id)
)
_DELETE = Prepared(delete(_exclusion).where(_exclusion.c.person_id == bindparam("person")))
_INSERT = Prepared(
    insert(_exclusion).values(
        person_id=bindparam("person"), other_external_id=bindparam("other"), organisation_id=bindparam("organisation")
    )
)
_AMONG = Prepared(_among)
