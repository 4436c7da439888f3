"""One content file in, one model and its faults out; every fault with its line."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lessons.challenges import Challenge
from lessons.faults import WHOLE_FILE, ContentError, Fault
from lessons.models import Kind, Language, Lesson, LessonHead, Programme, misfits_of_kind
from lessons.sections import SECTIONS, Section, read_sections
from lessons.taxonomy import Taxonomy
from lessons.validation import validated
from lessons.yaml_lines import LocatedYaml, UnreadableYaml, read_yaml

OPTIONAL_SECTIONS = frozenset({"example", "choice", "right choice", "reason", "cue", "action"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonFile:
    """A lesson file as it stands. `lesson` is None when the faults are too many to make one."""

    path: Path
    head: LocatedYaml
    sections: tuple[Section, ...] = ()
    lesson: Lesson | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeFile:
    path: Path
    yaml: LocatedYaml
    programme: Programme | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeFile:
    path: Path
    yaml: LocatedYaml
    challenge: Challenge | None = None
    faults: tuple[Fault, ...] = ()


def read_lesson(path: Path) -> LessonFile:
    """Read one lesson file. Never raises for what an author can do wrong: that is in `faults`."""
    nothing = LocatedYaml(value={})
    lines = _lines_of(path)
    if isinstance(lines, Fault):
        return LessonFile(path=path, head=nothing, faults=(lines,))
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        message = 'the YAML head is missing. Begin the file with a line "---", the keys, and another line "---".'
        return LessonFile(path=path, head=nothing, faults=(Fault(path=path, line=1, message=message),))

    sections, faults = read_sections(lines[end + 1 :], first_line=end + 2, path=path)
    head = _yaml(path, lines[1:end], first_line=2)
    if isinstance(head, Fault):
        return LessonFile(path=path, head=nothing, sections=tuple(sections), faults=(head, *faults))
    faults = [*_head_faults(path, head), *faults, *_missing(path, head, sections), *_misfits(path, head, sections)]
    lesson = None
    if not faults:
        lesson, faults = _lesson(path, head, sections)
    return LessonFile(path=path, head=head, sections=tuple(sections), lesson=lesson, faults=tuple(faults))


def read_programme(path: Path) -> ProgrammeFile:
    """Read one programme file. Never raises for what an author can do wrong: that is in `faults`."""
    located = _located(path)
    if isinstance(located, Fault):
        return ProgrammeFile(path=path, yaml=LocatedYaml(value={}), faults=(located,))
    programme, faults = validated(path, located, Programme)
    faults += _wrong_name(path, located)
    return ProgrammeFile(path=path, yaml=located, programme=programme, faults=tuple(faults))


def read_challenge(path: Path) -> ChallengeFile:
    """Read one challenge file. Never raises for what an author can do wrong: that is in `faults`."""
    located = _located(path)
    if isinstance(located, Fault):
        return ChallengeFile(path=path, yaml=LocatedYaml(value={}), faults=(located,))
    challenge, faults = validated(path, located, Challenge)
    faults += _wrong_name(path, located)
    return ChallengeFile(path=path, yaml=located, challenge=challenge, faults=tuple(faults))


def read_taxonomy(path: Path) -> Taxonomy:
    """Read the taxonomy. Raises ContentError."""
    located = _located(path)
    if isinstance(located, Fault):
        raise ContentError([located])
    taxonomy, faults = validated(path, located, Taxonomy)
    if taxonomy is None or faults:
        raise ContentError(faults)
    return taxonomy


def _located(path: Path) -> LocatedYaml | Fault:
    lines = _lines_of(path)
    return lines if isinstance(lines, Fault) else _yaml(path, lines, first_line=1)


def _lines_of(path: Path) -> list[str] | Fault:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start}). Save it as UTF-8."
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}. Check its name and who may read it."
    return Fault(path=path, line=WHOLE_FILE, message=message)


def _yaml(path: Path, lines: list[str], *, first_line: int) -> LocatedYaml | Fault:
    try:
        located = read_yaml("\n".join(lines), first_line=first_line)
    except UnreadableYaml as error:
        message = f"this is not YAML: {error}. Put a text with a colon, comma or # between quotation marks."
        return Fault(path=path, line=error.line, message=message)
    if not isinstance(located.value, dict):
        return Fault(path=path, line=first_line, message='there are no keys here. Write "key: value" lines.')
    return located


def _head_faults(path: Path, head: LocatedYaml) -> list[Fault]:
    _, faults = validated(path, head, LessonHead)
    return faults + _wrong_name(path, head)


def _wrong_name(path: Path, located: LocatedYaml) -> list[Fault]:
    name = located.value.get("id")
    if name is None or str(name) == path.stem:
        return []
    message = f'the id is "{name}" but the file is called {path.name}. Give both the same name.'
    return [Fault(path=path, line=located.line_of(("id",)), message=message)]


def _missing(path: Path, head: LocatedYaml, sections: list[Section]) -> list[Fault]:
    present = {section.name for section in sections}
    line = max((section.line for section in sections), default=head.line_of(()))
    return [
        Fault(path=path, line=line, message=f'"## {name}" is missing. Write it in both languages.')
        for name in SECTIONS
        if name not in present and name not in OPTIONAL_SECTIONS
    ]


def _misfits(path: Path, head: LocatedYaml, sections: list[Section]) -> list[Fault]:
    """Sections the kind lacks (said at the key `kind`) or cannot have (said where they stand)."""
    if head.value.get("kind") not in list(Kind):
        return []
    names = Counter(section.name for section in sections)
    line_of = {section.name: section.line for section in sections}
    kind_line = head.line_of(("kind",))
    return [
        Fault(path=path, line=line_of.get(part, kind_line), message=message)
        for part, message in misfits_of_kind(Kind(head.value["kind"]), names).items()
    ]


def _lesson(path: Path, head: LocatedYaml, sections: list[Section]) -> tuple[Lesson | None, list[Fault]]:
    """What is left for the model to refuse is a text too long to show."""
    parts: dict[str, Any] = {"choices": []}
    places: dict[tuple[str | int, ...], Section] = {}
    for section in sections:
        part = SECTIONS[section.name]
        text = {str(language): passage.text for language, passage in section.passages.items()}
        if part == "choices":
            places[part, len(parts[part])] = section
            parts[part].append({"text": text, "right": section.name == "right choice"})
        else:
            places[(part,)] = section
            parts[part] = text
    try:
        return Lesson.model_validate({**head.value, **parts}), []
    except ValidationError as error:
        faults = []
        for detail in error.errors():
            *_, language = place = detail["loc"]
            section = places.get(place[:2]) or places[place[:1]]
            passage = section.passages[Language(str(language))]
            limit = detail["ctx"]["max_length"]
            message = f'"## {section.name}" has {len(passage.text)} characters; {limit} is the limit. Shorten it.'
            faults.append(Fault(path=path, line=passage.line, message=message))
        return None, faults
