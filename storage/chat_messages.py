"""What became of chat messages, for two days: an edit or deletion may reach us before the message itself does."""

from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from storage.inserting import insert_for
from storage.tables import metadata
from storage.tables.answers import ChatMessage, MessageState
from storage.tables.people import Person

_table = metadata.tables["chat_message"]
# Built once: it runs for everything anybody types.
_HEAR = {
    dialect: insert_for(dialect, _table).on_conflict_do_nothing().returning(_table.c.id)
    for dialect in ("sqlite", "postgresql")
}
_FORGET = delete(_table).where(_table.c.noted_at < bindparam("before"))


def heard(
    session: Session, person: Person, *, conversation_id: str, message_id: str, body: str, now: datetime
) -> str | None:
    """Note that a message has come in. Return what it says now, or None when it has been deleted."""
    connection = session.connection()
    row = {
        "organisation_id": person.organisation_id,
        "person_id": person.id,
        "conversation_id": conversation_id,
        "message_id": message_id,
        "state": MessageState.HEARD,
        "body": None,
        "noted_at": now,
    }
    if connection.execute(_HEAR[connection.dialect.name], row).first() is not None:
        return body
    known = _find(session, person, conversation_id=conversation_id, message_id=message_id)
    if known is None or known.state is MessageState.HEARD:
        return body
    says = known.body if known.state is MessageState.EDITED else None
    known.state, known.body, known.noted_at = MessageState.HEARD, None, now
    return says


def changed(
    session: Session, person: Person, *, conversation_id: str, message_id: str, body: str | None, at: datetime
) -> bool:
    """Remember for a message that has not come yet what it says now, None for deleted. Once deleted it stays so; of
    two edits the later counts. Of a message that has come, nothing is remembered. Return whether it is yet to come."""
    state = MessageState.DELETED if body is None else MessageState.EDITED
    known = _find(session, person, conversation_id=conversation_id, message_id=message_id)
    if known is None:
        session.add(
            ChatMessage(
                organisation_id=person.organisation_id,
                person_id=person.id,
                conversation_id=conversation_id,
                message_id=message_id,
                state=state,
                body=body,
                noted_at=at,
            )
        )
    elif known.state is MessageState.EDITED and (body is None or at >= known.noted_at):
        known.state, known.body, known.noted_at = state, body, at
    return known is None or known.state is not MessageState.HEARD


def forget(session: Session, *, noted_before: datetime) -> int:
    """Delete what was noted before a moment. Return how many."""
    return session.connection().execute(_FORGET, {"before": noted_before}).rowcount


def _find(session: Session, person: Person, *, conversation_id: str, message_id: str) -> ChatMessage | None:
    return session.exec(
        select(ChatMessage)
        .where(ChatMessage.person_id == person.id, col(ChatMessage.conversation_id) == conversation_id)
        .where(ChatMessage.message_id == message_id)
    ).first()
