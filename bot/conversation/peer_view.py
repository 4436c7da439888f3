"""Whom somebody tells how it went, from what is stored."""

from sqlmodel import Session

from bot.chat_links import chat_with
from bot.conversation.letters import Peer
from bot.conversation.visiting import Visit
from storage import peers


def peer_of(session: Session, *, person_id: int, platform: str, workspace: str) -> Peer | None:
    """Return whom the person tells, with the way to the chat where the platform has one."""
    row = peers.peer(session, person_id=person_id)
    if row is None:
        return None
    chat = chat_with(platform, workspace=workspace, external_id=row.external_id, name=row.name)
    return Peer(external_id=row.external_id, name=row.name, chat=chat)


def own_peer(visit: Visit) -> Peer | None:
    where = visit.workspace
    return peer_of(visit.session, person_id=visit.person.id, platform=where.platform, workspace=where.external_id)
