"""Lessons as a person knows them: as their own programmes were confirmed, else as the library has them now."""

from bot.conversation.documents import document
from bot.conversation.keeping import as_read
from bot.conversation.visiting import Visit
from lessons.library import CaseNotFound
from lessons.models import Case, Lesson
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
                return self._as_read(confirmed.lessons[lesson_id])
        lesson = self._visit.house.library.lessons.get(lesson_id)
        return self._as_read(lesson) if lesson else None

    def case(self, card_id: str) -> Case | None:
        """Return what comes back as the person's newest programme with it has it, else as the library does."""
        for digest in self._digests:
            confirmed = document(self._visit.session, digest)
            if confirmed is not None and card_id in confirmed.cases:
                return confirmed.cases[card_id]
        try:
            return self._visit.house.library.case(card_id)
        except CaseNotFound:
            return None

    def title(self, lesson_id: str | None) -> str:
        """Return the title of a lesson or a recall card, or our word for one that is no longer known."""
        known = self.lesson(lesson_id) or (self.case(lesson_id) if lesson_id else None)
        return self._visit.words.of(known.title) if known else self._visit.words("home.unknown_lesson")

    def _as_read(self, lesson: Lesson) -> Lesson:
        return as_read(self._visit.session, self._visit.house, lesson, self._visit.person.id)


def title_of(visit: Visit, lesson_id: str | None) -> str:
    return KnownLessons(visit).title(lesson_id)
