"""One Markdown file in, one lesson or recall card and its faults out; every fault with its line."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from lessons.faults import Fault
from lessons.files import lines_of, wrong_name, yaml_of
from lessons.models import Content, Kind, Language, Lesson, LessonHead, misfits_of_choices, misfits_of_kind
from lessons.recall_cards import RECALL_CARD, RecallCard, RecallHead
from lessons.sections import SECTIONS, SECTIONS_OF_A_CARD, Section, read_sections
from lessons.validation import validated
from lessons.yaml_lines import LocatedYaml

OPTIONAL_SECTIONS = frozenset({"example", "choice", "right choice", "reason", "cue", "action"})
CHOICES = frozenset({"choice", "right choice"})

Written = TypeVar("Written", Lesson, RecallCard)


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkdownFile:
    """A file as it stands: its head, its sections and what is wrong with it."""

    path: Path
    head: LocatedYaml = field(default_factory=lambda: LocatedYaml(value={}))
    sections: tuple[Section, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonFile(MarkdownFile):
    """`lesson` is None when the faults are too many to make one."""

    lesson: Lesson | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallFile(MarkdownFile):
    """`card` is None when the faults are too many to make one."""

    card: RecallCard | None = None


def read_lesson(path: Path) -> LessonFile:
    """Read one lesson file. Never raises for what an author can do wrong: that is in `faults`."""

    def misfits(head: LocatedYaml, parts: Mapping[str, int]) -> dict[str, str]:
        kind = head.value.get("kind")
        return misfits_of_kind(Kind(kind), parts) if kind in list(Kind) else {}

    file = _read(path, LessonHead, SECTIONS, OPTIONAL_SECTIONS, misfits)
    lesson, faults = _made(file, Lesson, SECTIONS)
    return LessonFile(path=path, head=file.head, sections=file.sections, faults=faults, lesson=lesson)


def read_recall_card(path: Path) -> RecallFile:
    """Read one recall card's file. Never raises for what an author can do wrong: that is in `faults`."""

    def misfits(_: LocatedYaml, parts: Mapping[str, int]) -> dict[str, str]:
        return misfits_of_choices(RECALL_CARD, parts)

    file = _read(path, RecallHead, SECTIONS_OF_A_CARD, CHOICES, misfits)
    card, faults = _made(file, RecallCard, SECTIONS_OF_A_CARD)
    return RecallFile(path=path, head=file.head, sections=file.sections, faults=faults, card=card)


def _read(
    path: Path,
    model: type[Content],
    names: Mapping[str, str],
    optional: frozenset[str],
    misfits: Callable[[LocatedYaml, Mapping[str, int]], dict[str, str]],
) -> MarkdownFile:
    """Read head and sections. `misfits` says which sections do not suit the head, as part → sentence."""
    lines = lines_of(path)
    if isinstance(lines, Fault):
        return MarkdownFile(path=path, faults=(lines,))
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        message = 'the YAML head is missing. Begin the file with a line "---", the keys, and another line "---".'
        return MarkdownFile(path=path, faults=(Fault(path=path, line=1, message=message),))

    sections, faults = read_sections(lines[end + 1 :], names=names, first_line=end + 2, path=path)
    head = yaml_of(path, lines[1:end], first_line=2)
    if isinstance(head, Fault):
        return MarkdownFile(path=path, sections=tuple(sections), faults=(head, *faults))
    _, head_faults = validated(path, head, model)
    faults = [
        *head_faults,
        *wrong_name(path, head),
        *faults,
        *_missing(path, head, sections, [name for name in names if name not in optional]),
        *_misfits(path, head, sections, misfits),
    ]
    return MarkdownFile(path=path, head=head, sections=tuple(sections), faults=tuple(faults))


def _missing(path: Path, head: LocatedYaml, sections: list[Section], wanted: list[str]) -> list[Fault]:
    present = {section.name for section in sections}
    line = max((section.line for section in sections), default=head.line_of(()))
    return [
        Fault(path=path, line=line, message=f'"## {name}" is missing. Write it in both languages.')
        for name in wanted
        if name not in present
    ]


def _misfits(
    path: Path,
    head: LocatedYaml,
    sections: list[Section],
    misfits: Callable[[LocatedYaml, Mapping[str, int]], dict[str, str]],
) -> list[Fault]:
    """Sections the kind lacks (said at the key `kind`) or cannot have (said where they stand)."""
    names = Counter(section.name for section in sections)
    line_of = {section.name: section.line for section in sections}
    kind_line = head.line_of(("kind",))
    return [
        Fault(path=path, line=line_of.get(part, kind_line), message=message)
        for part, message in misfits(head, names).items()
    ]


def _made(
    file: MarkdownFile, model: type[Written], names: Mapping[str, str]
) -> tuple[Written | None, tuple[Fault, ...]]:
    """The content of a file without faults. What is left for the model to refuse is a text too long to show."""
    if file.faults:
        return None, file.faults
    parts: dict[str, Any] = {"choices": []}
    places: dict[tuple[str | int, ...], Section] = {}
    for section in file.sections:
        part = names[section.name]
        text = {str(language): passage.text for language, passage in section.passages.items()}
        if part == "choices":
            places[part, len(parts[part])] = section
            parts[part].append({"text": text, "right": section.name == "right choice"})
        else:
            places[(part,)] = section
            parts[part] = text
    try:
        return model.model_validate({**file.head.value, **parts}), ()
    except ValidationError as error:
        faults = []
        for detail in error.errors():
            *_, language = place = detail["loc"]
            section = places.get(place[:2]) or places[place[:1]]
            passage = section.passages[Language(str(language))]
            limit = detail["ctx"]["max_length"]
            message = f'"## {section.name}" has {len(passage.text)} characters; {limit} is the limit. Shorten it.'
            faults.append(Fault(path=file.path, line=passage.line, message=message))
        return None, tuple(faults)
