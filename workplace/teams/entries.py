"""What people enter in a card's inputs: held back where the client would, and merged into `data` as the client does."""

import re
from collections.abc import Mapping
from typing import Any

from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.teams import cards

PEOPLE = "graph.microsoft.com/users"


def merged(
    action: Json, card: Json, entries: Mapping[str, Any], *, people: frozenset[str]
) -> tuple[Any, dict[str, str]]:
    """Return the action's data with what was entered in it, and what is wrong beside which input.

    An input that is empty is left out of the data. What is not in `entries` keeps what the card says. Raises
    NotPossible for what nobody could enter: an unknown input, a choice that is not offered, too long a text.
    """
    known = {str(field.get("id")): field for field in cards.inputs(card)}
    if strangers := set(entries) - set(known):
        raise NotPossible(f"the card has no input called {', '.join(sorted(strangers))}")
    data = action.get("data")
    if action.get("associatedInputs") == "none":
        return data, {}
    filled = {
        name: _entered(field, entries[name], people) if name in entries else _before(field)
        for name, field in known.items()
    }
    errors = {name: _complaint(field) for name, field in known.items() if not _passes(field, filled[name])}
    if isinstance(data, str):
        return data, errors
    return {**(data or {}), **{name: value for name, value in filled.items() if value}}, errors


def _before(field: Json) -> str:
    """Return what stands in an input before anybody has touched it."""
    if field.get("type") == "Input.Toggle":
        return _text(field.get("value")) or str(field.get("valueOff", "false"))
    return _text(field.get("value"))


def _entered(field: Json, value: Any, people: frozenset[str]) -> str:
    text = _text(value)
    match field.get("type"):
        case "Input.ChoiceSet":
            _check_choices(field, text, people)
        case "Input.Text" if len(text) > int(field.get("maxLength") or len(text)):
            raise NotPossible(f"{field.get('id')} takes {field['maxLength']} characters at most")
        case "Input.Toggle":
            return str(field.get("valueOn", "true") if text == "true" else field.get("valueOff", "false"))
        case _:
            pass
    return text


def _check_choices(field: Json, text: str, people: frozenset[str]) -> None:
    chosen = [part for part in text.split(",") if part]
    if len(chosen) > 1 and not field.get("isMultiSelect"):
        raise NotPossible(f"{field.get('id')} takes one choice only")
    offered = {str(choice.get("value")) for choice in field.get("choices") or []}
    query = field.get("choices.data")
    if isinstance(query, dict) and query.get("dataset") == PEOPLE:
        offered |= people
    if missing := [value for value in chosen if value not in offered]:
        raise NotPossible(f"{field.get('id')} offers no {', '.join(missing)}")


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ",".join(map(_text, value))
        case _:
            return str(value)


def _passes(field: Json, text: str) -> bool:
    if not text or (field.get("type") == "Input.Toggle" and text != field.get("valueOn", "true")):
        return not field.get("isRequired")
    match field.get("type"):
        case "Input.Text":
            return not field.get("regex") or re.search(str(field["regex"]), text) is not None
        case "Input.Number":
            return _number_passes(field, text)
        case "Input.Date" | "Input.Time":
            # ISO days, and times of the day, sort as they are written.
            return str(field.get("min") or text) <= text <= str(field.get("max") or text)
        case _:
            return True


def _number_passes(field: Json, text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return float(field.get("min", number)) <= number <= float(field.get("max", number))


def _complaint(field: Json) -> str:
    return str(field.get("errorMessage") or "")
