"""The challenge a round was confirmed with: a document never changes, so each is read once."""

from sqlmodel import Session

from lessons.challenges import Challenge, ChallengeDocument
from storage import rounds


def challenge_kept(session: Session, document_id: int) -> Challenge:
    """Return the challenge of a document: as it was confirmed."""
    return challenge_of(session, document_id, rounds.document_digest(session, document_id))


def challenge_of(session: Session, document_id: int, digest: str) -> Challenge:
    """As above, for who knows the document's digest."""
    if digest not in _known:
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[digest] = ChallengeDocument.from_json(rounds.document_body(session, document_id)).challenge
    return _known[digest]


MOST_KNOWN = 200
_known: dict[str, Challenge] = {}
