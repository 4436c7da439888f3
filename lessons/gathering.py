"""Every content file of one or more folders, read together, with what does not hold between them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from lessons.faults import WHOLE_FILE, Fault, shown
from lessons.reading import (
    ChallengeFile,
    LessonFile,
    ProgrammeFile,
    read_challenge,
    read_lesson,
    read_programme,
    read_taxonomy,
)
from lessons.spelling import nearest
from lessons.taxonomy import Taxonomy

CONTENT = Path(__file__).parent / "content"
"""Our own content, shipped with the code."""

FOLDERS = ("lessons", "programmes", "challenges")
"""What a content folder may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """`faults` are those that keep the content from being used; how a text reads is for `checking`."""

    taxonomy: Taxonomy
    lessons: tuple[LessonFile, ...]
    programmes: tuple[ProgrammeFile, ...]
    challenges: tuple[ChallengeFile, ...]
    faults: tuple[Fault, ...]


def gather(*folders: Path) -> Gathered:
    """Read our own content and the folders given. Raises ContentError only if our taxonomy cannot be read."""
    taxonomy = read_taxonomy(CONTENT / "taxonomy.yaml")
    faults: list[Fault] = []
    lessons: list[LessonFile] = []
    programmes: list[ProgrammeFile] = []
    challenges: list[ChallengeFile] = []
    for folder in _each_once([CONTENT, *folders]):
        faults += _faults_of_folder(folder)
        lessons += [read_lesson(path) for path in _files(folder / "lessons", ".md", faults)]
        programmes += [read_programme(path) for path in _files(folder / "programmes", ".yaml", faults)]
        challenges += [read_challenge(path) for path in _files(folder / "challenges", ".yaml", faults)]
    files: list[LessonFile | ProgrammeFile | ChallengeFile] = [*lessons, *programmes, *challenges]
    faults += [fault for file in files for fault in file.faults]
    faults += _taken([(file.path, file.head.value.get("id"), file.head.line_of(("id",))) for file in lessons])
    for same in (programmes, challenges):
        faults += _taken([(file.path, file.yaml.value.get("id"), file.yaml.line_of(("id",))) for file in same])
    known = {file.path.stem for file in lessons} | {str(file.head.value.get("id")) for file in lessons}
    for lesson in lessons:
        faults += _unknown_in_lesson(lesson, taxonomy)
    for programme in programmes:
        faults += _unknown_in_programme(programme, taxonomy, known)
    others = {file.path.stem for file in challenges}
    for challenge in challenges:
        faults += _unknown_in_challenge(challenge, taxonomy, others)
    return Gathered(
        taxonomy=taxonomy,
        lessons=tuple(lessons),
        programmes=tuple(programmes),
        challenges=tuple(challenges),
        faults=tuple(faults),
    )


def _each_once(folders: list[Path]) -> list[Path]:
    named: dict[Path, Path] = {}
    for folder in folders:
        named.setdefault(folder.resolve(), folder)
    return list(named.values())


def _faults_of_folder(folder: Path) -> list[Fault]:
    if not folder.is_dir():
        message = "this folder does not exist. Create it, or correct the path."
    elif not any((folder / name).is_dir() for name in FOLDERS):
        message = (
            'there is no content here. Put lesson files in a folder "lessons", programmes in "programmes" '
            'and challenges in "challenges".'
        )
    else:
        return []
    return [Fault(path=folder, line=WHOLE_FILE, message=message)]


def _files(folder: Path, ending: str, faults: list[Fault]) -> list[Path]:
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")) or path.stem.upper() == "README" or path.name.endswith("~"):
            continue
        if path.suffix == ending:
            found.append(path)
        else:
            message = f"this file is not read: files in {folder.name} end in {ending}. Rename it or move it."
            faults.append(Fault(path=path, line=WHOLE_FILE, message=message))
    return found


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


def _unknown_in_lesson(file: LessonFile, taxonomy: Taxonomy) -> Iterator[Fault]:
    keys: dict[str, Collection[str]] = {
        "principle": taxonomy.principles,
        "behaviour": taxonomy.behaviours,
        "element": taxonomy.elements,
    }
    for key, known in keys.items():
        name = file.head.value.get(key)
        if isinstance(name, str) and name not in known:
            message = f'unknown {key} "{name}".{nearest(name, known)} Choose one from taxonomy.yaml.'
            yield Fault(path=file.path, line=file.head.line_of((key,)), message=message)


def _unknown_in_programme(file: ProgrammeFile, taxonomy: Taxonomy, lessons: Collection[str]) -> Iterator[Fault]:
    if file.programme is None:
        return
    for number, week in enumerate(file.programme.weeks):
        if week.principle not in taxonomy.principles:
            hint = nearest(week.principle, taxonomy.principles)
            message = f'unknown principle "{week.principle}".{hint} Choose one from taxonomy.yaml.'
            yield Fault(path=file.path, line=file.yaml.line_of(("weeks", number, "principle")), message=message)
        for position, lesson_id in enumerate(week.lessons):
            if lesson_id not in lessons:
                line = file.yaml.line_of(("weeks", number, "lessons", position))
                message = (
                    f'there is no lesson "{lesson_id}".{nearest(lesson_id, lessons)} '
                    f"Write lessons/{lesson_id}.md or take it out."
                )
                yield Fault(path=file.path, line=line, message=message)


def _unknown_in_challenge(file: ChallengeFile, taxonomy: Taxonomy, challenges: Collection[str]) -> Iterator[Fault]:
    if file.challenge is None:
        return
    named: dict[str, tuple[tuple[str, ...], Collection[str]]] = {
        "principle": (file.challenge.principles, taxonomy.principles),
        "behaviour": (file.challenge.behaviours, taxonomy.behaviours),
    }
    for kind, (names, known) in named.items():
        for position, name in enumerate(names):
            if name not in known:
                message = f'unknown {kind} "{name}".{nearest(name, known)} Choose one from taxonomy.yaml.'
                yield Fault(path=file.path, line=file.yaml.line_of((f"{kind}s", position)), message=message)
    following = file.challenge.next
    if following is not None and following not in challenges:
        message = (
            f'there is no challenge "{following}".{nearest(following, challenges)} '
            f"Write challenges/{following}.yaml or take `next` out."
        )
        yield Fault(path=file.path, line=file.yaml.line_of(("next",)), message=message)
