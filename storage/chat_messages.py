"""What became of chat messages, until they are two days old and the next night has come: what is done to one may reach
us in another order, even before it."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, null, update
from sqlmodel import Session, col, select

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.answers import ChatMessage, MessageState
from storage.tables.people import Person

KEPT = timedelta(days=2)
_table = metadata.tables["chat_message"]
_HEAR = Prepared(
    lambda dialect: (
        insert_for(dialect, _table)
        .values(
            organisation_id=bindparam("organisation"),
            person_id=bindparam("person"),
            conversation_id=bindparam("conversation"),
            message_id=bindparam("message"),
            state=MessageState.HEARD,
            body=null(),
            as_of=bindparam("at"),
            noted_at=bindparam("now"),
        )
        .on_conflict_do_nothing()
    )
)
_FORGET = delete(_table).where(_table.c.noted_at < bindparam("before"))


def heard(
    session: Session, person: Person, *, conversation_id: str, message_id: str, body: str, at: datetime, now: datetime
) -> str | None:
    """Note that a message has come in. Return what it says now, or None when it has been deleted, or says by now what
    we have already heard."""
    if _HEAR.run(
        session,
        organisation=person.organisation_id,
        person=person.id,
        conversation=conversation_id,
        message=message_id,
        at=at,
        now=now,
    ):
        return body
    known = _find(session, person, conversation_id=conversation_id, message_id=message_id)
    if known is None:
        return body
    if known.state is not MessageState.EDITED:
        return body if known.state is MessageState.HEARD and at >= known.as_of else None
    says = known.body or None
    known.state, known.body, known.noted_at = MessageState.HEARD, None, now
    return says


def edited(
    session: Session,
    person: Person,
    *,
    conversation_id: str,
    message_id: str,
    body: str | None,
    has_come: bool,
    at: datetime,
    now: datetime,
) -> MessageState | None:
    """Note that a message was edited; `body` is None when it may not be saved. Return HEARD for one that has come in,
    EDITED for one that is yet to come, whose words wait for it. None: it was edited later, or deleted."""
    known = _find(session, person, conversation_id=conversation_id, message_id=message_id)
    if known is None:
        # It may have come in so long ago that it is forgotten here.
        state = MessageState.HEARD if has_come else MessageState.EDITED
        known = _note(session, person, state, conversation_id=conversation_id, message_id=message_id, at=at, now=now)
    elif known.state is MessageState.DELETED or at < known.as_of:
        return None
    known.body = body if known.state is MessageState.EDITED else None
    known.as_of, known.noted_at = at, now
    return known.state


def deleted(
    session: Session, person: Person, *, conversation_id: str, message_id: str, at: datetime, now: datetime
) -> None:
    """Note that a message was deleted. It stays so, whatever else comes."""
    known = _find(session, person, conversation_id=conversation_id, message_id=message_id)
    state = MessageState.DELETED
    if known is None:
        _note(session, person, state, conversation_id=conversation_id, message_id=message_id, at=at, now=now)
    else:
        known.state, known.body, known.as_of, known.noted_at = state, None, at, now


def all_deleted(session: Session, person: Person) -> None:
    """Note every message of the person's as deleted: nothing that is done to one brings words back."""
    mine = col(ChatMessage.person_id) == person.id
    session.execute(update(ChatMessage).where(mine).values(state=MessageState.DELETED, body=None))


def forget(session: Session, *, noted_before: datetime) -> int:
    """Delete what was noted before a moment. Return how many."""
    return session.connection().execute(_FORGET, {"before": noted_before}).rowcount


def _find(session: Session, person: Person, *, conversation_id: str, message_id: str) -> ChatMessage | None:
    return session.exec(
        select(ChatMessage)
        .where(ChatMessage.person_id == person.id, col(ChatMessage.conversation_id) == conversation_id)
        .where(ChatMessage.message_id == message_id)
    ).first()


def _note(
    session: Session,
    person: Person,
    state: MessageState,
    *,
    conversation_id: str,
    message_id: str,
    at: datetime,
    now: datetime,
) -> ChatMessage:
    noted = ChatMessage(
        organisation_id=person.organisation_id,
        person_id=person.id,
        conversation_id=conversation_id,
        message_id=message_id,
        state=state,
        as_of=at,
        noted_at=now,
    )
    session.add(noted)
    return noted
