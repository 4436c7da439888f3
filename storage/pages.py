"""Our own page: a link for one use, good for fifteen minutes, then a session. Only hashes of what opens anything are
stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.tables.people import Person, Workspace
from storage.tables.web import WebLink, WebSession

LINK_GOOD_FOR = timedelta(minutes=15)
SESSION_GOOD_FOR = timedelta(hours=1)
HOME = "/my"


def make_link(session: Session, person_id: int, leads_to: str, now: datetime) -> str:
    """Return the token of a new link for one use that opens `leads_to` (a path of our own page) as that person."""
    if leads_to != HOME and not leads_to.startswith(f"{HOME}/"):
        raise ValueError("a link leads to our own page and nowhere else")
    token = secrets.token_urlsafe(32)
    session.add(
        WebLink(token_hash=_hash(token), person_id=person_id, leads_to=leads_to, expires_at=now + LINK_GOOD_FOR)
    )
    session.flush()
    return token


def whose_link(session: Session, token: str, now: datetime) -> Person | None:
    """Return whom a link is for, without using it up: a preview of the link must not spend it. None: used, old, or
    none."""
    link = session.get(WebLink, _hash(token))
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return session.get(Person, link.person_id)


def use_link(session: Session, token: str, now: datetime) -> tuple[str, str] | None:
    """Use a link up and begin a session. Return the session's token and where the link leads, or None when it opens
    nothing."""
    used = session.connection().execute(
        update(WebLink)
        .where(col(WebLink.token_hash) == _hash(token), col(WebLink.used_at).is_(None), col(WebLink.expires_at) > now)
        .values(used_at=now)
        .returning(col(WebLink.person_id), col(WebLink.leads_to))
    ).first()  # fmt: skip
    if used is None:
        return None
    key = secrets.token_urlsafe(32)
    session.add(
        WebSession(
            token_hash=_hash(key),
            person_id=used.person_id,
            form_token=secrets.token_urlsafe(24),
            expires_at=now + SESSION_GOOD_FOR,
        )
    )
    session.flush()
    return key, used.leads_to


def find_session(session: Session, key: str, now: datetime) -> tuple[WebSession, Person, Workspace] | None:
    """Return an open session with its person, or None."""
    found = session.exec(
        select(WebSession, Person, Workspace)
        .join(Person, col(Person.id) == WebSession.person_id)
        .join(Workspace, col(Workspace.id) == Person.workspace_id)
        .where(WebSession.token_hash == _hash(key), col(WebSession.expires_at) > now)
    ).first()
    return (found[0], found[1], found[2]) if found else None


def end_session(session: Session, key: str) -> None:
    session.connection().execute(delete(WebSession).where(col(WebSession.token_hash) == _hash(key)))


def forget(session: Session, *, expired_before: datetime) -> None:
    """Delete links and sessions that open nothing any more."""
    for table in (WebLink, WebSession):
        session.connection().execute(delete(table).where(col(table.expires_at) < expired_before))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
