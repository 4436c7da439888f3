"""Whether exercises are of use: each person's own answers, and what has been counted of them.

Answers become part of a figure many at a time, and whoever counts decides which may (`scheduler.counting_feedback`):
here they are taken and added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Executable, bindparam, func, select, update
from sqlmodel import Session

from storage.inserting import insert, insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.feedback import Useful
from storage.tables.people import Person

_feedback = metadata.tables["feedback"]
_figure = metadata.tables["feedback_figure"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What everybody counted so far said of an exercise."""

    lesson_id: str
    answers: int
    halves: int
    nearly_all: int
    nearly_none: int
    counted_on: date


def give(session: Session, person: Person, lesson_id: str, useful: Useful, now: datetime) -> None:
    """Keep what somebody thinks of an exercise now. What was counted before stays counted as it was."""
    whose = {"organisation": person.organisation_id, "person": person.id, "lesson": lesson_id}
    _GIVE.run(session, **whose, now=now, said=useful)


def given(session: Session, *, person_id: int, lesson_id: str) -> Useful | None:
    """Return what somebody thinks of an exercise, or None when they have not said."""
    found = _GIVEN.scalar(session, person_id=person_id, lesson_id=lesson_id)
    return None if found is None else Useful(found)


def uncounted(session: Session, organisation_id: int, *, fewest: int) -> list[str]:
    """Return the exercises that so many people or more have said something of that is not counted yet."""
    return [row.lesson_id for row in _UNCOUNTED.rows(session, organisation=organisation_id, fewest=fewest)]


def take(session: Session, organisation_id: int, lesson_id: str, *, day: date) -> dict[int, Useful]:
    """Mark as counted whatever is not yet, and return it, by row. Whoever else counts at the same time gets nothing."""
    taking = (
        update(_feedback)
        .where(_feedback.c.organisation_id == organisation_id, _feedback.c.lesson_id == lesson_id)
        .where(_feedback.c.counted_on.is_(None))
        .values(counted_on=day)
        .returning(_feedback.c.id, _feedback.c.useful)
    )
    return {row.id: row.useful for row in session.connection().execute(taking)}


def add(
    session: Session,
    organisation_id: int,
    lesson_id: str,
    *,
    day: date,
    answers: int = 0,
    halves: int = 0,
    nearly_all: int = 0,
    nearly_none: int = 0,
) -> None:
    """Add what was taken to the exercise's figure."""
    new = {"answers": answers, "halves": halves, "nearly_all": nearly_all, "nearly_none": nearly_none}
    whose = {"organisation_id": organisation_id, "lesson_id": lesson_id}
    more = {name: _figure.c[name] + number for name, number in new.items()}
    adding = insert(session, _figure).values(**whose, **new, counted_on=day)
    key = [_figure.c.organisation_id, _figure.c.lesson_id]
    session.connection().execute(adding.on_conflict_do_update(index_elements=key, set_={**more, "counted_on": day}))


def counted(session: Session, organisation_id: int) -> Sequence[Counted]:
    """Return the figures there are, by exercise."""
    figures = select(*(column for column in _figure.c if column is not _figure.c.organisation_id))
    mine = figures.where(_figure.c.organisation_id == organisation_id).order_by(_figure.c.lesson_id)
    return [Counted(**row._mapping) for row in session.connection().execute(mine)]


def _giving(dialect: str) -> Executable:
    named = {"organisation_id": "organisation", "person_id": "person", "lesson_id": "lesson"}
    named |= {"useful": "said", "given_at": "now"}
    new = insert_for(dialect, _feedback).values({column: bindparam(name) for column, name in named.items()})
    anew = {"useful": new.excluded.useful, "given_at": new.excluded.given_at}
    return new.on_conflict_do_update(index_elements=[_feedback.c.person_id, _feedback.c.lesson_id], set_=anew)


_GIVE = Prepared(_giving)
_GIVEN = Prepared(
    select(_feedback.c.useful).where(
        _feedback.c.person_id == bindparam("person_id"), _feedback.c.lesson_id == bindparam("lesson_id")
    )
)
_UNCOUNTED = Prepared(
    select(_feedback.c.lesson_id)
    .where(_feedback.c.organisation_id == bindparam("organisation"), _feedback.c.counted_on.is_(None))
    .group_by(_feedback.c.lesson_id)
    .having(func.count() >= bindparam("fewest"))
    .order_by(_feedback.c.lesson_id)
)
