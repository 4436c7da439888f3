"""Lessons as they were when a cohort was confirmed. A document never changes, so each is read and parsed once."""

from sqlmodel import Session

from bot.conversation.keeping import as_read
from bot.conversation.visiting import House, Visit
from lessons.models import Lesson, ProgrammeDocument
from storage import messages
from storage.tables.programmes import Cohort

_parsed: dict[str, ProgrammeDocument] = {}
"""By digest: the same digest is the same content, whatever database it came from."""


def document(session: Session, digest: str) -> ProgrammeDocument | None:
    if digest not in _parsed:
        body = messages.document_body(session, digest)
        if body is None:
            return None
        _parsed[digest] = ProgrammeDocument.from_json(body)
    return _parsed[digest]


def document_of(visit: Visit, cohort: Cohort) -> ProgrammeDocument:
    """Return the programme as it was confirmed."""
    digest = messages.digest_of(visit.session, cohort.id)
    confirmed = document(visit.session, digest) if digest else None
    if confirmed is None:
        raise LookupError(f"cohort {cohort.id} has no programme")
    return confirmed


def find_lesson(
    session: Session, house: House, lesson_id: str | None, digest: str | None = None, *, reader: int | None
) -> Lesson | None:
    """Return a lesson as the cohort knows it, else as the library does, else None. `reader` is the person who reads
    it: what it says of a behaviour they have chosen is said in its words."""
    if lesson_id is None:
        return None
    confirmed = document(session, digest) if digest else None
    if confirmed is not None and lesson_id in confirmed.lessons:
        return as_read(session, house, confirmed.lessons[lesson_id], reader)
    lesson = house.library.lessons.get(lesson_id)
    return as_read(session, house, lesson, reader) if lesson else None
