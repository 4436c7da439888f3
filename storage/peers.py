"""Whom a person tells how it went. Theirs alone: whom they chose is told of nothing."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.tables.focus import Peer
from storage.tables.people import Person


def peer(session: Session, *, person_id: int) -> Peer | None:
    return session.exec(select(Peer).where(Peer.person_id == person_id)).first()


def choose(session: Session, person: Person, *, external_id: str | None, name: str | None, now: datetime) -> None:
    """Tell this one from now on: somebody by the platform's own id, or by a name or an address; neither is nobody."""
    session.execute(delete(Peer).where(col(Peer.person_id) == person.id))
    if external_id or name:
        session.add(
            Peer(
                organisation_id=person.organisation_id,
                person_id=person.id,
                external_id=external_id,
                name=None if external_id else name,
                chosen_at=now,
            )
        )
    session.flush()
