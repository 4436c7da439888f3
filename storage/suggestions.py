"""What people want changed in an exercise, for whoever owns the content.

Unsigned, nobody is to know who: no person, no moment, no order, in any table. Nothing here logs, and whoever calls it
must not. As with anonymous proposals, rows that are written one after the other could be told by where they lie: so all
of an organisation's are written anew each time, in the order of what was drawn.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlmodel import Session

from storage.own_rows import insert_own
from storage.tables import metadata
from storage.tables.people import Person

MOST_UNSIGNED = 300
"""Of an organisation, at one time: nobody can be asked to stop."""
DRAWN_BYTES = 8
LENGTH_OF_ID = 2 * DRAWN_BYTES
"""Of an unsigned one. The others are numbered, and will hardly be that many."""
MOST_DIGITS = 9
"""Of a number: no database has a row with a longer one."""
_unsigned = metadata.tables["suggestion"]
_signed = metadata.tables["signed_suggestion"]
_organisation = metadata.tables["organisation"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggested:
    """`name` and `sent_at` are None where it is not signed."""

    id: str
    lesson_id: str
    body: str
    name: str | None = None
    sent_at: datetime | None = None
    month: date | None = None


def keep_unsigned(session: Session, organisation_id: int, lesson_id: str, body: str, *, month: date) -> bool:
    """Keep words that nobody has signed. False when there are as many as may wait. The same twice are kept once.

    In a unit of work of its own: what is written with it would tell whose it is.
    """
    connection = session.connection()
    _hold(session, organisation_id)
    mine = _unsigned.c.organisation_id == organisation_id
    rows = [dict(row._mapping) for row in connection.execute(select(_unsigned).where(mine))]
    if any((row["lesson_id"], row["body"]) == (lesson_id, body) for row in rows):
        return True
    if len(rows) >= MOST_UNSIGNED:
        return False
    new = {"lesson_id": lesson_id, "body": body, "month": month}
    rows.append({"id": secrets.token_hex(DRAWN_BYTES), "organisation_id": organisation_id, **new})
    connection.execute(delete(_unsigned).where(mine))
    connection.execute(_unsigned.insert(), sorted(rows, key=lambda row: str(row["id"])))
    return True


def keep_signed(
    session: Session, person: Person, lesson_id: str, body: str, *, name: str, on_page: bool, now: datetime
) -> None:
    """Keep words with the name under them. The same twice are kept once."""
    same = (_signed.c.person_id == person.id, _signed.c.lesson_id == lesson_id, _signed.c.body == body)
    if session.connection().execute(select(_signed.c.id).where(*same)).first() is None:
        said = {"lesson_id": lesson_id, "body": body, "name": name}
        insert_own(session, _signed, person, **said, written_on_page=on_page, sent_at=now)


def waiting(session: Session, organisation_id: int, *, before: date) -> Sequence[Suggested]:
    """Return what has been suggested, for whoever owns the content: what is signed in the order it came, the rest in
    one that says nothing.

    `before` is the first day of the current month: what nobody has signed is shown once its month is over. Else whoever
    looked every day would see on which it came, and so, among few, from whom.
    """
    connection = session.connection()
    signed = connection.execute(
        select(_signed).where(_signed.c.organisation_id == organisation_id).order_by(_signed.c.id)
    )
    unsigned = connection.execute(
        select(_unsigned)
        .where(_unsigned.c.organisation_id == organisation_id, _unsigned.c.month < before)
        .order_by(_unsigned.c.id)
    )
    return [
        *(
            Suggested(id=str(row.id), lesson_id=row.lesson_id, body=row.body, name=row.name, sent_at=row.sent_at)
            for row in signed
        ),
        *(Suggested(id=row.id, lesson_id=row.lesson_id, body=row.body, month=row.month) for row in unsigned),
    ]


def remove(session: Session, organisation_id: int, suggestion_id: str) -> bool:
    """Take away one that has been dealt with. False when there is none with this id."""
    table = _unsigned if len(suggestion_id) == LENGTH_OF_ID else _signed
    is_number = suggestion_id.isascii() and suggestion_id.isdecimal() and len(suggestion_id) <= MOST_DIGITS
    if table is _signed and not is_number:
        return False
    # Who keeps one writes all anew: what goes meanwhile would come back.
    _hold(session, organisation_id)
    known = suggestion_id if table is _unsigned else int(suggestion_id)
    going = delete(table).where(table.c.organisation_id == organisation_id, table.c.id == known)
    return session.connection().execute(going).rowcount == 1


def _hold(session: Session, organisation_id: int) -> None:
    """Let nobody else keep or remove an organisation's until this unit of work is over."""
    held = select(_organisation.c.id).where(_organisation.c.id == organisation_id)
    session.connection().execute(held.with_for_update(key_share=True))
