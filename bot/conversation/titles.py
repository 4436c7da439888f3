"""Lessons as a person knows them: as their own programmes were confirmed, else as the library has them now."""

from bot.conversation.documents import document
from bot.conversation.visiting import Visit
from lessons.models import Lesson
from storage import looking_back


class KnownLessons:
    """What one person knows of lessons. Their programmes are read once, so make it once for many lessons."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._digests = [going.digest for going in looking_back.programmes(visit.session, visit.person)]

    def lesson(self, lesson_id: str | None) -> Lesson | None:
        """Return a lesson as the person's newest programme with it has it, else as the library does, else None."""
        if lesson_id is None:
            return None
        for digest in self._digests:
            confirmed = document(self._visit.session, digest)
            if confirmed is not None and lesson_id in confirmed.lessons:
                return confirmed.lessons[lesson_id]
        return self._visit.house.library.lessons.get(lesson_id)

    def title(self, lesson_id: str | None) -> str:
        """Return a lesson's title, or our word for one that is no longer known."""
        lesson = self.lesson(lesson_id)
        return self._visit.words.of(lesson.title) if lesson else self._visit.words("home.unknown_lesson")


def title_of(visit: Visit, lesson_id: str | None) -> str:
    return KnownLessons(visit).title(lesson_id)
