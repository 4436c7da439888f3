"""Our own page: a link for one use, good for fifteen minutes, then a session. Only hashes of what opens anything are
stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Reflection
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


def follow_up_of(session: Session, person: Person, delivery_id: int) -> FollowUp | None:
    """Return the person's follow-up of an exercise once it has been asked, or None."""
    return session.exec(
        select(FollowUp)
        .where(FollowUp.person_id == person.id, FollowUp.source_delivery_id == delivery_id)
        .where(col(FollowUp.state).in_((FollowUpState.ASKED, FollowUpState.ANSWERED)))
        .order_by(col(FollowUp.id).desc())
        .limit(1)
    ).first()


def written_to(
    session: Session, person: Person, *, delivery_id: int | None = None, follow_up_id: int | None = None
) -> list[Reflection]:
    """Return what the person wrote to an exercise, or after a follow-up, oldest first."""
    about = Reflection.delivery_id == delivery_id if follow_up_id is None else Reflection.follow_up_id == follow_up_id
    mine = select(Reflection).where(Reflection.person_id == person.id, about)
    return list(session.exec(mine.order_by(col(Reflection.id))).all())


def written_from_library(session: Session, person: Person, lesson_id: str, *, since: datetime) -> list[Reflection]:
    """Return what the person has written, since a moment, to an exercise taken from the library, oldest first."""
    mine = (
        select(Reflection)
        .where(Reflection.person_id == person.id, Reflection.lesson_id == lesson_id, Reflection.written_at >= since)
        .where(col(Reflection.delivery_id).is_(None), col(Reflection.follow_up_id).is_(None))
    )
    return list(session.exec(mine.order_by(col(Reflection.id))).all())


def taken_from_library(session: Session, person: Person, *, since: datetime) -> list[str]:
    """Return the ids of the lessons the person has taken from the library since a moment, newest first."""
    taken = (
        select(Answer.lesson_id)
        .where(Answer.person_id == person.id, Answer.given_at >= since, Answer.kind == AnswerKind.ANOTHER)
        .where(col(Answer.delivery_id).is_(None))
        .order_by(col(Answer.id).desc())
    )
    return list(dict.fromkeys(session.exec(taken).all()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
