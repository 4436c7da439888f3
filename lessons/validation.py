"""A YAML value checked against a model: faults in plain words, each on the line of its key."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lessons.faults import Fault
from lessons.models import Content, LessonHead, Programme, Text, Week
from lessons.spelling import nearest
from lessons.taxonomy import Behaviour, Principle, Taxonomy
from lessons.yaml_lines import LocatedYaml

Model = TypeVar("Model", bound=Content)

_KNOWN_KEYS = {
    LessonHead: [*LessonHead.model_fields],
    Programme: [*Programme.model_fields, *Week.model_fields, *Text.model_fields],
    Taxonomy: [*Taxonomy.model_fields, *Principle.model_fields, *Behaviour.model_fields, *Text.model_fields],
}


def validated(path: Path, located: LocatedYaml, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """The model, or None; and everything that is wrong. A key that stands twice is a fault though a model is made."""
    faults = [Fault(path=path, line=line, message=f"`{key}` stands twice. Keep one.") for key, line in located.repeated]
    try:
        return model.model_validate(located.value), faults
    except ValidationError as error:
        for detail in error.errors():
            message = _sentence(detail, _KNOWN_KEYS.get(model, []))
            faults.append(Fault(path=path, line=located.line_of(detail["loc"]), message=message))
        return None, faults


def _sentence(detail: ErrorDetails, known: list[str]) -> str:
    *around, key = detail["loc"] or ("file",)
    where = next((str(name) for name in reversed(around) if isinstance(name, str)), "")
    match detail["type"]:
        case "missing" if key in ("sv", "en"):
            name = {"sv": "Swedish", "en": "English"}[str(key)]
            return f'the {name} text is missing under `{where}`. Add "{key}: " and the text.'
        case "missing":
            return f"`{key}` is missing{f' under `{where}`' if where else ''}. Add it."
        case "extra_forbidden":
            return f"unknown key `{key}`.{nearest(str(key), known)} Correct it or remove it."
        case "enum":
            return f"`{_named(detail)}` cannot be {detail['input']!r}. Write one of {detail['ctx']['expected']}."
        case "string_type":
            return f"`{_named(detail)}` must be text. Put it between quotation marks."
        case "string_pattern_mismatch":
            return f"`{_named(detail)}` cannot be {detail['input']!r}. Use a letter, then letters, digits, hyphens."
        case "string_too_short":
            return f"`{_named(detail)}` is empty. Write it."
        case _:
            return f"`{_named(detail)}`: {detail['msg'][:1].lower()}{detail['msg'][1:]}. Correct it."


def _named(detail: ErrorDetails) -> str:
    """`roles` for an item of the list roles; `title.sv` for a text."""
    names = [str(part) for part in detail["loc"] if isinstance(part, str)]
    return ".".join(names[-2:]) if names[-1:] and names[-1] in ("sv", "en") else (names[-1] if names else "file")
