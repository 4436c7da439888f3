"""Documents: what was confirmed, word for word as it was then. Each stands once in an organisation, unchanged."""

from datetime import datetime

from sqlalchemy import Table, select
from sqlmodel import Session

from storage.inserting import insert


def stored(
    session: Session, documents: Table, organisation_id: int, *, digest: str, body: str, now: datetime, **named: str
) -> int:
    """Return the id of the document with this digest, storing it the first time. Two who store it at once store one.

    `named`: the column that says what it is a document of, such as `programme_id`.
    """
    connection = session.connection()
    new = {"organisation_id": organisation_id, "digest": digest, "body": body, "stored_at": now, **named}
    connection.execute(insert(session, documents).values(new).on_conflict_do_nothing())
    known = select(documents.c.id).where(documents.c.organisation_id == organisation_id, documents.c.digest == digest)
    return int(connection.execute(known).scalar_one())
