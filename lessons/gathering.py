"""Every content file of one or more folders, read together, with what does not hold between them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lessons.faults import Fault, shown
from lessons.folders import CONTENT, Folder, our_folder, our_taxonomy, read_folder
from lessons.markdown_reading import LessonFile, MarkdownFile, RecallFile
from lessons.models import Kind
from lessons.programme_rules import Misfit, unknown_following, unknown_names
from lessons.reading import ChallengeFile, MethodFile, ProgrammeFile, SurveyFile
from lessons.references import (
    unknown_in_card,
    unknown_in_challenge,
    unknown_in_lesson,
    unknown_in_method,
    unknown_name,
)
from lessons.taxonomy import Taxonomy


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """`faults` are those that keep the content from being used; how a text reads is for `checking`."""

    taxonomy: Taxonomy
    lessons: tuple[LessonFile, ...]
    recall_cards: tuple[RecallFile, ...]
    programmes: tuple[ProgrammeFile, ...]
    challenges: tuple[ChallengeFile, ...]
    methods: tuple[MethodFile, ...]
    surveys: tuple[SurveyFile, ...]
    faults: tuple[Fault, ...]


def gather(*folders: Path) -> Gathered:
    """Read our own content and the folders given. Raises ContentError only if our taxonomy cannot be read."""
    taxonomy = our_taxonomy()
    every = Folder()
    every.add(our_folder())
    for folder in _each_once([CONTENT, *folders])[1:]:
        every.add(read_folder(folder))
    return Gathered(
        taxonomy=taxonomy,
        lessons=tuple(every.lessons),
        recall_cards=tuple(every.recall_cards),
        programmes=tuple(every.programmes),
        challenges=tuple(every.challenges),
        methods=tuple(every.methods),
        surveys=tuple(every.surveys),
        faults=(*every.faults, *_taken_twice(every), *_unknown(every, taxonomy)),
    )


def _taken_twice(every: Folder) -> Iterator[Fault]:
    # A quiz is asked again as a recall card is, so they share their ids.
    in_markdown: list[MarkdownFile] = [*every.lessons, *every.recall_cards]
    yield from _taken([(file.path, file.head.value.get("id"), file.head.line_of(("id",))) for file in in_markdown])
    for same in (every.programmes, every.challenges, every.methods, every.surveys):
        yield from _taken([(file.path, file.yaml.value.get("id"), file.yaml.line_of(("id",))) for file in same])

    # An answer is stored by its question alone, so no two surveys may have one of the same name.
    yield from _taken(
        [
            (file.path, item.id, file.yaml.line_of(("items", number, "id")))
            for file in every.surveys
            if file.survey is not None
            for number, item in enumerate(file.survey.items)
        ]
    )


def _unknown(every: Folder, taxonomy: Taxonomy) -> Iterator[Fault]:
    lessons = {file.path.stem for file in every.lessons} | {str(file.head.value.get("id")) for file in every.lessons}
    cases = {file.path.stem for file in every.recall_cards} | {
        file.lesson.id for file in every.lessons if file.lesson is not None and file.lesson.kind is Kind.QUIZ
    }
    challenges = {file.path.stem for file in every.challenges}
    following = {file.programme.id: file.programme.then for file in every.programmes if file.programme is not None}
    for lesson in every.lessons:
        yield from unknown_in_lesson(lesson, taxonomy)
    for card in every.recall_cards:
        yield from unknown_in_card(card, taxonomy)
    for programme in every.programmes:
        yield from _unknown_in_programme(programme, taxonomy, lessons=lessons, cases=cases, following=following)
    for challenge in every.challenges:
        yield from unknown_in_challenge(challenge, taxonomy, challenges)
    for method in every.methods:
        yield from unknown_in_method(method, taxonomy, lessons, challenges)


def _each_once(folders: list[Path]) -> list[Path]:
    named: dict[Path, Path] = {}
    for folder in folders:
        named.setdefault(folder.resolve(), folder)
    return list(named.values())


def _taken(ids: list[tuple[Path, object, int]]) -> list[Fault]:
    first: dict[str, Path] = {}
    faults = []
    for path, name, line in ids:
        if name is None:
            continue
        if (earlier := first.setdefault(str(name), path)) != path:
            message = f'the id "{name}" is already used in {shown(earlier)}. Give this one an id of its own.'
            faults.append(Fault(path=path, line=line, message=message))
    return faults


def _unknown_in_programme(
    file: ProgrammeFile,
    taxonomy: Taxonomy,
    *,
    lessons: Collection[str],
    cases: Collection[str],
    following: Mapping[str, str | None],
) -> Iterator[Fault]:
    if file.programme is None:
        return
    misfits: list[Misfit] = [
        (("weeks", number, "principle"), unknown_name("principle", week.principle, taxonomy.principles))
        for number, week in enumerate(file.programme.weeks)
        if week.principle not in taxonomy.principles
    ]
    misfits += unknown_names(file.programme, lessons=lessons, cases=cases)
    misfits += unknown_following(file.programme, following)
    for place, message in misfits:
        yield Fault(path=file.path, line=file.yaml.line_of(place), message=message)
