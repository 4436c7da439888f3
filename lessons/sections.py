"""The Markdown half of a lesson or recall card: sections with a Swedish and an English block side by side."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lessons.faults import Fault
from lessons.models import Language
from lessons.spelling import nearest

SECTIONS = {
    "title": "title",
    "why": "why",
    "do": "do",
    "example": "example",
    "question": "question",
    "reflection": "reflection",
    "follow-up": "follow_up",
    "smaller step": "smaller_step",
    "choice": "choices",
    "right choice": "choices",
    "reason": "reason",
    "cue": "cue",
    "action": "action",
}
"""What an author writes after "## ", and the part of the lesson it becomes."""

SECTIONS_OF_A_CARD = {
    "title": "title",
    "case": "case",
    "choice": "choices",
    "right choice": "choices",
    "reason": "reason",
}
"""The same for a recall card."""

REPEATABLE = frozenset({"choice", "right choice"})
NAMES = {Language.SV: "Swedish", Language.EN: "English"}
_BLOCK = re.compile(r"(sv|en):(?:\s+|$)(.*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """The text of one language, on one line of its own making."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    name: str
    line: int
    passages: dict[Language, Passage]


def read_sections(
    lines: list[str], *, names: Mapping[str, str], first_line: int, path: Path
) -> tuple[list[Section], list[Fault]]:
    """Read everything after the head. Sections not in `names` and repeated ones are faults and are left out."""
    faults: list[Fault] = []
    sections: list[Section] = []
    for name, line, body in _cut(lines, first_line, path, faults):
        passages = _passages(name, line, body, path, faults)
        if name not in names:
            message = f'unknown section "## {name}".{nearest(name, names)} The sections are: {", ".join(names)}.'
            faults.append(Fault(path=path, line=line, message=message))
        elif name not in REPEATABLE and (earlier := _named(name, sections)):
            message = f'"## {name}" stands twice, first on line {earlier.line}. Keep one.'
            faults.append(Fault(path=path, line=line, message=message))
        else:
            sections.append(Section(name=name, line=line, passages=passages))
    return sections, faults


def _named(name: str, sections: list[Section]) -> Section | None:
    return next((section for section in sections if section.name == name), None)


def _cut(
    lines: list[str], first_line: int, path: Path, faults: list[Fault]
) -> list[tuple[str, int, list[tuple[int, str]]]]:
    found: list[tuple[str, int, list[tuple[int, str]]]] = []
    for number, line in enumerate(lines, start=first_line):
        if line.startswith("#"):
            if not line.startswith("## "):
                message = 'this heading is not read. Write sections as "## name", with two # and a space.'
                faults.append(Fault(path=path, line=number, message=message))
            found.append((" ".join(line.lstrip("#").split()).lower(), number, []))
        elif found:
            found[-1][2].append((number, line.strip()))
        elif line.strip():
            message = 'this text stands before the first section. Begin with "## title".'
            faults.append(Fault(path=path, line=number, message=message))
    return found


def _passages(
    name: str, line: int, body: list[tuple[int, str]], path: Path, faults: list[Fault]
) -> dict[Language, Passage]:
    passages: dict[Language, Passage] = {}
    current: Language | None = None
    for number, text in body:
        if block := _BLOCK.match(text):
            current = Language(block[1])
            if current in passages:
                message = f'the {NAMES[current]} text stands twice under "## {name}". Keep one.'
                faults.append(Fault(path=path, line=number, message=message))
            passages[current] = Passage(line=number, text=block[2].strip())
        elif not text:
            current = None
        elif current is None:
            message = f'this text under "## {name}" has no language. Begin it with "sv: " or "en: ".'
            faults.append(Fault(path=path, line=number, message=message))
        else:
            begun = passages[current]
            passages[current] = Passage(line=begun.line, text=f"{begun.text} {text}".strip())
    for language, language_name in NAMES.items():
        if language not in passages or not passages[language].text:
            missing = f'the {language_name} text is missing under "## {name}".'
            where = passages[language].line if language in passages else line
            message = f'{missing} Write a line that starts with "{language}: ".'
            faults.append(Fault(path=path, line=where, message=message))
    return passages
