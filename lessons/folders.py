"""A content folder, read: every file of it, and the faults each has by itself."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lessons.faults import WHOLE_FILE, Fault
from lessons.markdown_reading import LessonFile, MarkdownFile, RecallFile, read_lesson, read_recall_card
from lessons.reading import (
    ChallengeFile,
    MethodFile,
    ProgrammeFile,
    SurveyFile,
    YamlFile,
    read_challenge,
    read_method,
    read_programme,
    read_survey,
    read_taxonomy,
)
from lessons.taxonomy import Taxonomy

CONTENT = Path(__file__).parent / "content"
"""Our own content, shipped with the code."""

FOLDERS = ("lessons", "recall", "programmes", "challenges", "methods", "surveys")
"""What a content folder may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    lessons: list[LessonFile] = field(default_factory=list)
    recall_cards: list[RecallFile] = field(default_factory=list)
    programmes: list[ProgrammeFile] = field(default_factory=list)
    challenges: list[ChallengeFile] = field(default_factory=list)
    methods: list[MethodFile] = field(default_factory=list)
    surveys: list[SurveyFile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, other: "Folder") -> None:
        self.lessons.extend(other.lessons)
        self.recall_cards.extend(other.recall_cards)
        self.programmes.extend(other.programmes)
        self.challenges.extend(other.challenges)
        self.methods.extend(other.methods)
        self.surveys.extend(other.surveys)
        self.faults.extend(other.faults)


@cache
def our_taxonomy() -> Taxonomy:
    """Raises ContentError."""
    return read_taxonomy(CONTENT / "taxonomy.yaml")


@cache
def our_folder() -> Folder:
    """Our own content, read once for each process: it is shipped with the code, and changes with it."""
    return read_folder(CONTENT)


def read_folder(folder: Path) -> Folder:
    faults = _faults_of_folder(folder)
    lessons = [read_lesson(path) for path in _files(folder / "lessons", ".md", faults)]
    recall_cards = [read_recall_card(path) for path in _files(folder / "recall", ".md", faults)]
    programmes = [read_programme(path) for path in _files(folder / "programmes", ".yaml", faults)]
    challenges = [read_challenge(path) for path in _files(folder / "challenges", ".yaml", faults)]
    methods = [read_method(path) for path in _files(folder / "methods", ".yaml", faults)]
    surveys = [read_survey(path) for path in _files(folder / "surveys", ".yaml", faults)]
    files: list[MarkdownFile | YamlFile] = [*lessons, *recall_cards, *programmes, *challenges, *methods, *surveys]
    return Folder(
        lessons=lessons,
        recall_cards=recall_cards,
        programmes=programmes,
        challenges=challenges,
        methods=methods,
        surveys=surveys,
        faults=[*faults, *(fault for file in files for fault in file.faults)],
    )


def _faults_of_folder(folder: Path) -> list[Fault]:
    if not folder.is_dir():
        message = "this folder does not exist. Create it, or correct the path."
    elif not any((folder / name).is_dir() for name in FOLDERS):
        message = f"there is no content here. Put each kind in a folder of its own: {', '.join(FOLDERS)}."
    else:
        return []
    return [Fault(path=folder, line=WHOLE_FILE, message=message)]


def _files(folder: Path, ending: str, faults: list[Fault]) -> list[Path]:
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir(), key=_as_people_count):
        if path.name.startswith((".", "_")) or path.stem.upper() == "README" or path.name.endswith("~"):
            continue
        if path.suffix == ending:
            found.append(path)
        else:
            message = f"this file is not read: files in {folder.name} end in {ending}. Rename it or move it."
            faults.append(Fault(path=path, line=WHOLE_FILE, message=message))
    return found


def _as_people_count(path: Path) -> list[tuple[int, str]]:
    """For sorting: L9 before L10, and L100 after both."""
    parts = re.findall(r"\d+|\D+", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
