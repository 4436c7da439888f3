"""Which exercise to offer instead of the one that did not suit."""

from collections.abc import Iterable, Iterator

from bot.conversation.answering import Task
from bot.conversation.documents import document, find_lesson
from bot.conversation.visiting import Visit
from lessons.keeping import has_places
from lessons.models import Lesson, ProgrammeDocument
from storage import focus, looking_back
from storage.tables.answers import AnswerKind
from storage.tables.programmes import Enrolment


def another_lesson(visit: Visit, task: Task) -> Lesson | None:
    """Return a lesson the person has not had, or None when there is none left.

    First what practises a behaviour they have chosen; else what lies in the library because no day had room for it,
    then lessons outside the programme (the same theme first). Last what the programme brings later: a lesson taken
    early is not sent again.
    """
    sent, skipped = looking_back.lessons_sent(visit.session, visit.person)
    seen = sent | looking_back.lessons_taken(visit.session, visit.person) | {task.exercise.lesson.id}
    seen |= {answer.value for answer in task.records.answers if answer.kind is AnswerKind.ANOTHER and answer.value}
    digest = _digest(task)
    programme = document(visit.session, digest) if digest else None
    role = _role(visit, task)
    for lesson_id in dict.fromkeys(_in_order(visit, task, programme, skipped, role)):
        lesson = find_lesson(visit.session, visit.house, lesson_id, digest, reader=visit.person.id)
        if lesson is not None and lesson_id not in seen and (role is None or role in lesson.roles):
            return lesson
    return None


def _in_order(
    visit: Visit, task: Task, programme: ProgrammeDocument | None, skipped: list[str], role: str | None
) -> Iterator[str]:
    """What the programme has for other roles only is outside, as far as this person goes; and so is what is about one
    behaviour through a whole programme, for whoever is in another."""
    own = [step for step in programme.programme.steps() if role is None or role in step.roles] if programme else []
    inside = {step.lesson_id for step in own}
    library = visit.house.library.lessons
    outside = [lesson for lesson in library.values() if lesson.id not in inside and not has_places(lesson)]
    theme = task.exercise.lesson.principle
    left = [library[lesson_id] for lesson_id in skipped if lesson_id in library]
    for behaviour in _practised_most(visit, task, programme):
        yield from _ids(lesson for lesson in [*left, *outside] if lesson.behaviour == behaviour)
    yield from skipped
    yield from _ids(lesson for lesson in outside if lesson.principle == theme)
    yield from _ids(outside)
    if programme is not None:
        # The current week's own lessons come within days: those of other weeks first.
        steps = [programme.lessons[step.lesson_id] for step in own]
        yield from _ids(lesson for lesson in steps if lesson.principle != theme)
        yield from _ids(steps)


def _practised_most(visit: Visit, task: Task, programme: ProgrammeDocument | None) -> list[str]:
    """Return what the person has chosen in the programme that the exercise is from."""
    enrolment_id = task.promise.enrolment_id if task.promise else None
    if enrolment_id is None or programme is None:
        return []
    if programme.programme.keeps:
        kept = focus.kept(visit.session, person_id=visit.person.id)
        return [kept] if kept else []
    return focus.chosen(visit.session, person_id=visit.person.id, enrolment_id=enrolment_id)


def _digest(task: Task) -> str | None:
    cohort = task.message.cohort(task.promise.cohort_id) if task.message and task.promise else None
    return cohort.digest if cohort else None


def _ids(lessons: Iterable[Lesson]) -> Iterator[str]:
    return (lesson.id for lesson in lessons)


def _role(visit: Visit, task: Task) -> str | None:
    if task.promise is None or task.promise.enrolment_id is None:
        return None
    enrolment = visit.session.get(Enrolment, task.promise.enrolment_id)
    return enrolment.role.value if enrolment else None
