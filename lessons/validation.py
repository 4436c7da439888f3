"""A YAML value checked against a model: faults in plain words, each on the line of its key."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lessons import challenge_steps
from lessons.challenge_rules import Misfits
from lessons.challenge_steps import HandIn, Input, Step, TitleText, Vote
from lessons.challenges import Challenge, Ending, TeamSize, WrapUpLine
from lessons.faults import Fault
from lessons.methods import Method, MethodStep, Part, Source
from lessons.models import ChoiceText, Content, LessonHead, Programme, Session, Text, Week
from lessons.recall_cards import RecallHead
from lessons.spelling import nearest
from lessons.surveys import Item, Option, Scale, Survey
from lessons.taxonomy import Behaviour, Principle, Taxonomy
from lessons.yaml_lines import LocatedYaml

Model = TypeVar("Model", bound=Content)

_KNOWN_KEYS = {
    LessonHead: [*LessonHead.model_fields],
    RecallHead: [*RecallHead.model_fields],
    Programme: [name for part in (Programme, Week, Session, Text) for name in part.model_fields],
    Challenge: [
        *(
            name
            for part in (Challenge, TeamSize, Step, HandIn, Input, challenge_steps.Option, Vote, Ending)
            for name in part.model_fields
        ),
        *(field.alias or name for name, field in WrapUpLine.model_fields.items()),
        *Text.model_fields,
    ],
    Survey: [name for part in (Survey, Scale, Item, Option, Text) for name in part.model_fields],
    Method: [name for part in (Method, Part, MethodStep, Text) for name in part.model_fields],
    Taxonomy: [*Taxonomy.model_fields, *Principle.model_fields, *Behaviour.model_fields, *Text.model_fields],
}
_IN_BOTH = [one.__name__ for one in (Text, ChoiceText, TitleText, Source)]
_NAME = "Use a letter, then letters, digits, hyphens."
A_KEY = "[key]"
"""What pydantic calls a key that cannot be one, last in its place."""
_SHAPES = {
    "key": "Use a small letter, then small letters, digits, underscores.",
    "about": "Use the key of a step.",
    "on": "Use the key of a step.",
    "opens": 'Write a time such as "15:00".',
    "closes": 'Write a time such as "15:00".',
    "infinitive": "Begin with a small letter, without att or to, and leave out the full stop at the end.",
    "from": "Write STEP.winner, STEP.count, STEP.INPUT or written.",
}


def validated(path: Path, located: LocatedYaml, model: type[Model]) -> tuple[Model | None, list[Fault]]:
    """The model, or None; and everything that is wrong. A key that stands twice is a fault though a model is made."""
    faults = [Fault(path=path, line=line, message=f"`{key}` stands twice. Keep one.") for key, line in located.repeated]
    try:
        return model.model_validate(located.value), faults
    except ValidationError as error:
        for detail in _telling(error.errors()):
            if isinstance(misfits := detail.get("ctx", {}).get("error"), Misfits):
                faults += [
                    Fault(path=path, line=located.line_of(place), message=message) for place, message in misfits.misfits
                ]
                continue
            message = _sentence(detail, _KNOWN_KEYS.get(model, []))
            faults.append(Fault(path=path, line=located.line_of(detail["loc"]), message=message))
        return None, faults


def _telling(details: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """All but those that follow from another: a list whose only item is wrong is not also empty."""
    for detail in details:
        place = detail["loc"]
        if detail["type"] == "too_short" and any(
            len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
        ):
            continue
        yield detail


def _sentence(detail: ErrorDetails, known: list[str]) -> str:
    *around, key = detail["loc"] or ("file",)
    where = next((str(name) for name in reversed(around) if isinstance(name, str)), "")
    match detail["type"]:
        case "missing" if key in ("sv", "en"):
            name = {"sv": "Swedish", "en": "English"}[str(key)]
            return f'the {name} text is missing under `{where}`. Add "{key}: " and the text.'
        case "missing" if isinstance(key, int):
            return f"`{where}` needs one more: the least and the most. Add it."
        case "missing":
            return f"`{key}` is missing{f' under `{where}`' if where else ''}. Add it."
        case "extra_forbidden" if key in known:
            return f"`{key}` does not belong {f'under `{where}`' if where else 'here'}. Move it or remove it."
        case "extra_forbidden":
            return f"unknown key `{key}`.{nearest(str(key), known)} Correct it or remove it."
        case "enum" | "literal_error":
            return f"`{_named(detail)}` cannot be {detail['input']!r}. Write one of {detail['ctx']['expected']}."
        case "model_type" if detail["ctx"]["class_name"] in _IN_BOTH:
            return f"`{_named(detail)}` has a text in each language. Write {{sv: …, en: …}}."
        case "string_type":
            return f"`{_named(detail)}` must be text. Put it between quotation marks."
        case "string_pattern_mismatch":
            shape = _SHAPES.get(str(key), _SHAPES.get(where, _NAME))
            return f"`{_named(detail)}` cannot be {detail['input']!r}. {shape}"
        case "string_too_short":
            return f"`{_named(detail)}` is empty. Write it."
        case "string_too_long":
            limit = detail["ctx"]["max_length"]
            return f"`{_named(detail)}` has {len(detail['input'])} characters; {limit} is the limit. Shorten it."
        case "greater_than_equal":
            return (
                f"`{_named(detail)}` is {detail['input']}; {detail['ctx']['ge']} is the least. Write a larger number."
            )
        case "less_than_equal":
            return (
                f"`{_named(detail)}` is {detail['input']}; {detail['ctx']['le']} is the most. Write a smaller number."
            )
        case "int_type" | "int_from_float":
            return f"`{_named(detail)}` must be a whole number, without quotation marks."
        case "too_long":
            limit = detail["ctx"]["max_length"]
            return f"`{_named(detail)}` has {detail['ctx']['actual_length']}; {limit} is the most. Take some out."
        case "too_short" if detail["ctx"]["min_length"] > 1:
            return f"`{_named(detail)}` has fewer than {detail['ctx']['min_length']}. Add some."
        case "too_short":
            return f"`{_named(detail)}` is empty. Write at least one."
        case "value_error":  # a check of our own, which says all there is to say
            return str(detail["ctx"]["error"])
        case _:
            return f"`{_named(detail)}`: {detail['msg'][:1].lower()}{detail['msg'][1:]}. Correct it."


def _named(detail: ErrorDetails) -> str:
    """`roles` for an item of the list roles; `title.sv` for a text; `waves` for a key of waves."""
    names = [str(part) for part in detail["loc"] if isinstance(part, str)]
    if names[-1:] == [A_KEY]:  # The key itself comes before; it is told as what stands there.
        del names[-2:]
    return ".".join(names[-2:]) if names[-1:] and names[-1] in ("sv", "en") else (names[-1] if names else "file")
