"""What is wrong with lessons that say what each person has chosen: where the places stand, and how such a lesson reads
with any behaviour in them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from lessons.faults import Fault
from lessons.keeping import NOT_CHOSEN, PLACES, SECTIONS_WITH_PLACES, filled_in, places_in
from lessons.likeness import likeness_faults
from lessons.markdown_reading import LessonFile
from lessons.models import Programme
from lessons.passage_checking import lesson_faults
from lessons.programme_rules import lesson_places
from lessons.reading import ProgrammeFile
from lessons.sections import NAMES, Passage
from lessons.taxonomy import Behaviour, Taxonomy


def keeping_faults(
    files: Iterable[LessonFile], programmes: Iterable[ProgrammeFile], taxonomy: Taxonomy
) -> Iterator[Fault]:
    """What is wrong with the places in lessons: where they stand, in which programmes, and how the lesson reads with
    any behaviour there."""
    with_places = {
        file.path.stem: file for file in files if any(places_in(passage.text) for passage in _passages(file))
    }
    keeping, somewhere = list[set[str]](), set[str]()
    for programme_file in programmes:
        if (programme := programme_file.programme) is not None:
            together = {step.lesson_id for step in programme.steps()} & with_places.keys()
            somewhere |= together
            keeping += [together] if programme.keeps else []
            yield from _in_programme(programme_file, programme, together)
    for lesson_id, file in with_places.items():
        yield from _misplaced(file)
        if lesson_id not in somewhere:
            message = "no programme that says `keeps: true` has this lesson. Put it in one, or take out the places."
            yield Fault(path=file.path, line=_first_place(file), message=message)
    told = {_said(fault) for file in with_places.values() for fault in lesson_faults(file)}
    for behaviour in [NOT_CHOSEN, *taxonomy.behaviours.values()]:
        read = {lesson_id: _read_with(file, behaviour) for lesson_id, file in with_places.items()}
        # Somebody reads the lessons of one programme with the same behaviour in them.
        alike = chain(*(likeness_faults(read[name] for name in sorted(lessons)) for lessons in keeping))
        for fault in chain(*(lesson_faults(file) for file in read.values()), alike):
            if _said(fault) not in told:
                told.add(_said(fault))
                message = f"with “{behaviour.label.sv}” in its place, {fault.message}"
                yield Fault(path=fault.path, line=fault.line, message=message)


def _in_programme(file: ProgrammeFile, programme: Programme, with_places: Collection[str]) -> Iterator[Fault]:
    """Whoever keeps something up has lessons that say what; nobody else is asked to choose."""
    if programme.keeps and not with_places:
        message = (
            "`keeps` asks each person to choose, and no lesson here says what they have chosen. "
            "Put {infinitive} in one, or take `keeps` out."
        )
        yield Fault(path=file.path, line=file.yaml.line_of(("keeps",)), message=message)
    if programme.keeps:
        return
    for place, lesson_id in lesson_places(programme):
        if lesson_id in with_places:
            message = (
                f'"{lesson_id}" says what somebody has chosen to keep up, and nobody here is asked to choose. '
                "Write `keeps: true`, or choose another lesson."
            )
            yield Fault(path=file.path, line=file.yaml.line_of(place), message=message)


def _said(fault: Fault) -> tuple[Path, int, str]:
    return fault.path, fault.line, fault.message


def _misplaced(file: LessonFile) -> Iterator[Fault]:
    for section in file.sections:
        names = {language: places_in(passage.text) for language, passage in section.passages.items()}
        for language, passage in section.passages.items():
            for name in names[language]:
                if name not in PLACES:
                    known = ", ".join(f"{{{place}}}" for place in PLACES)
                    message = f'"{{{name}}}" is filled in with nothing. Write one of {known}.'
                    yield Fault(path=file.path, line=passage.line, message=message)
            if names[language] and section.name not in SECTIONS_WITH_PLACES:
                allowed = ", ".join(SECTIONS_WITH_PLACES)
                message = (
                    f'"## {section.name}" has no room for what somebody has chosen. It may stand under: {allowed}.'
                )
                yield Fault(path=file.path, line=passage.line, message=message)
            for other in names:
                for name in sorted(set(names[other]) - set(names[language])):
                    message = f"{{{name}}} stands in the {NAMES[other]} text only. Write it in both, or in neither."
                    yield Fault(path=file.path, line=passage.line, message=message)


def _first_place(file: LessonFile) -> int:
    return min(passage.line for passage in _passages(file) if places_in(passage.text))


def _read_with(file: LessonFile, behaviour: Behaviour) -> LessonFile:
    sections = tuple(
        replace(
            section,
            passages={
                language: Passage(line=passage.line, text=filled_in(passage.text, behaviour, language))
                for language, passage in section.passages.items()
            },
        )
        for section in file.sections
    )
    return replace(file, sections=sections)


def _passages(file: LessonFile) -> list[Passage]:
    return [passage for section in file.sections for passage in section.passages.values()]
