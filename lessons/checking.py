"""What an author should put right: faults that keep a file from being used, and texts that can be plainer."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from lessons.balance import behaviour_faults, place_faults
from lessons.challenge_checking import challenge_faults
from lessons.faults import WHOLE_FILE, Fault, report
from lessons.folders import CONTENT, FOLDERS
from lessons.gathering import gather
from lessons.keeping_checks import keeping_faults
from lessons.likeness import likeness_faults
from lessons.markdown_reading import MarkdownFile
from lessons.method_checking import method_faults
from lessons.models import Language, Text
from lessons.passage_checking import card_faults, lesson_faults
from lessons.plain_language import words
from lessons.programme_rules import repeated_lessons
from lessons.reading import ProgrammeFile, YamlFile
from lessons.survey_checking import survey_faults
from lessons.wording import too_many, wording_messages
from lessons.yaml_lines import Place

__all__ = ["check_content", "report"]

MOST_WORDS_IN_ABOUT = 60

File = TypeVar("File", bound=MarkdownFile | YamlFile)


def check_content(path: Path | None = None) -> list[Fault]:
    """Every fault in a content folder, or in one file of it; ours when no path is given.

    An organisation's own folder may name our lessons, and is checked together with them. Raises ContentError only if
    our own taxonomy cannot be read.
    """
    path = path or CONTENT
    if path.is_file() and path.parent.name not in FOLDERS:
        message = (
            f"this is no content file. Name a content folder, or a file in one of its folders {', '.join(FOLDERS)}."
        )
        return [Fault(path=path, line=WHOLE_FILE, message=message)]
    folder = path.parent.parent if path.is_file() else path
    gathered = gather(folder)
    place = _place(path)
    faults = list(gathered.faults)
    # Our own texts are read together with an organisation's; only those asked for are checked.
    for lesson in _within(place, gathered.lessons):
        faults += lesson_faults(lesson)
    for card in _within(place, gathered.recall_cards):
        faults += card_faults(card)
    for programme in _within(place, gathered.programmes):
        faults += _programme_faults(programme)
    for challenge in _within(place, gathered.challenges):
        faults += challenge_faults(challenge)
    for method in _within(place, gathered.methods):
        faults += method_faults(method)
    for survey in _within(place, gathered.surveys):
        faults += survey_faults(survey)
    faults += likeness_faults([*gathered.lessons, *gathered.recall_cards])
    faults += place_faults(gathered.lessons, gathered.recall_cards)
    faults += keeping_faults(gathered.lessons, gathered.programmes, gathered.taxonomy)
    faults += behaviour_faults(CONTENT, gathered.lessons, gathered.taxonomy)
    return [fault for fault in faults if _place(fault.path).is_relative_to(place)]


def _within(place: Path, files: Iterable[File]) -> list[File]:
    return [file for file in files if _place(file.path).is_relative_to(place)]


def _place(path: Path) -> Path:
    """Where a file stands; a file that is a link stands where the link is."""
    return path.parent.resolve() / path.name


def _programme_faults(file: ProgrammeFile) -> Iterator[Fault]:
    if file.programme is None:
        return
    texts: dict[Place, Text] = {("title",): file.programme.title, ("about",): file.programme.about}
    texts |= {("weeks", number, "title"): week.title for number, week in enumerate(file.programme.weeks)}
    for number, session in enumerate(file.programme.sessions):
        texts |= {("sessions", number, "title"): session.title, ("sessions", number, "about"): session.about}
    for place, text in texts.items():
        for language in Language:
            line = file.yaml.line_of((*place, language.value))
            words_here = text.in_(language)
            for message in wording_messages(f"in `{place[-1]}`", language, words_here, blame_matters=True):
                yield Fault(path=file.path, line=line, message=message)
            if place[-1] == "about" and (count := len(words(words_here))) > MOST_WORDS_IN_ABOUT:
                message = f"`about` has {too_many(count, MOST_WORDS_IN_ABOUT, language)}"
                yield Fault(path=file.path, line=line, message=message)
    for place, message in repeated_lessons(file.programme):
        yield Fault(path=file.path, line=file.yaml.line_of(place), message=message)
