"""Lessons as they were when a cohort was confirmed. A document never changes, so each is read and parsed once."""

from sqlmodel import Session

from bot.conversation.visiting import House
from lessons.models import Lesson, ProgrammeDocument
from storage import messages

_parsed: dict[str, ProgrammeDocument] = {}
"""By digest: the same digest is the same content, whatever database it came from."""


def document(session: Session, digest: str) -> ProgrammeDocument | None:
    if digest not in _parsed:
        body = messages.document_body(session, digest)
        if body is None:
            return None
        _parsed[digest] = ProgrammeDocument.from_json(body)
    return _parsed[digest]


def find_lesson(session: Session, house: House, lesson_id: str | None, digest: str | None = None) -> Lesson | None:
    """Return a lesson as the cohort knows it, else as the library does, else None."""
    if lesson_id is None:
        return None
    confirmed = document(session, digest) if digest else None
    if confirmed is not None and lesson_id in confirmed.lessons:
        return confirmed.lessons[lesson_id]
    return house.library.lessons.get(lesson_id)
