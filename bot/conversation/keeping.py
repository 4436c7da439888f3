"""A lesson as its reader reads it: what it says of the behaviour they keep up is the one they have chosen."""

from sqlmodel import Session

from bot.conversation.visiting import House
from lessons.keeping import filled, has_places
from lessons.models import Lesson
from storage import focus


def as_read(session: Session, house: House, lesson: Lesson, person_id: int | None) -> Lesson:
    """Return the lesson with the person's own choice in it; for nobody in particular, with none."""
    if not has_places(lesson):
        return lesson
    key = None if person_id is None else focus.kept(session, person_id=person_id)
    return filled(lesson, house.library.taxonomy.behaviours.get(key) if key else None)
