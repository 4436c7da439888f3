"""What Teams refuses in a card, or shows to nobody, and the official schema does not see; and that schema. Written
from Microsoft's documentation, not from our code."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import best_match

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
MOST_BYTES = 25_000
BUTTON_TEXT = 40
"""A button is one line; on a telephone about so much of it can be read."""
HEIGHTS = {"small", "medium", "large"}
DOCUMENTED = {
    "TextBlock", "RichTextBlock", "TextRun", "FactSet", "Container", "ActionSet", "TargetElement",
    "Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Time", "Data.Query",
    "Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ToggleVisibility", "AdaptiveCard",
}  # fmt: skip
"""What we make a card of. Images, tables and columns have no place in a short text."""
ANY_WORDS = {"errorMessage", "fallbackText", "id", "label", "lang", "placeholder", "speak", "text", "title", "value"}
"""Of these the schema wants that they are texts, and no more."""


def faults(surface: str, payload: Json) -> list[str]:
    """Return what is wrong with an activity ("message", "home") or the value of a task ("dialog"); nothing when all
    is well."""
    card = card_of(payload)
    return [
        *_surface(surface, payload),
        *_card(card),
        *_ids(card),
        *(fault for part in _parts(card) for fault in _part(part)),
        *_long_titles(card),
        *schema_faults(card),
    ]


def card_of(payload: Json) -> Json:
    attachment = payload["card"] if "card" in payload else payload["attachments"][0]
    card: Json = attachment["content"]
    return card


def texts(payload: Json) -> str:
    """Return everything a person would read, one text a line."""
    said = []
    for part in _parts(card_of(payload)):
        if part.get("type") == "RichTextBlock":
            said.append("".join(run["text"] for run in part["inlines"]))
        elif part.get("type") != "TextRun":
            said += [part[name] for name in ("text", "title", "value", "label") if isinstance(part.get(name), str)]
    return "\n".join(said)


def schema_faults(card: Json) -> list[str]:
    """Return what the official schema has against the card, but for the two things of Teams' own."""
    return list(_schema_faults(json.dumps(_without_words(_without_teams_own(card)))))


@cache
def _schema_faults(card: str) -> tuple[str, ...]:
    """The schema takes long, and cards differ in their words more often than in anything it looks at."""
    wrong = best_match(_schema().iter_errors(json.loads(card)))
    return () if wrong is None else (f"schema, {wrong.json_path}: {wrong.message[:300]}",)


def _without_words(value: Any, name: str = "") -> Any:
    """Return it with the same word for every text that the schema takes as it is, and nothing in what a press sends."""
    if isinstance(value, list):
        return [_without_words(item, name) for item in value]
    if isinstance(value, dict):
        return {} if name == "data" else {name: _without_words(item, name) for name, item in value.items()}
    return "word" if name in ANY_WORDS and isinstance(value, str) else value


@cache
def _schema() -> Draft6Validator:
    return Draft6Validator(json.loads(files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text()))


def _without_teams_own(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_teams_own(item) for item in value]
    if not isinstance(value, dict):
        return value
    own = {"AdaptiveCard": "msteams", "Input.ChoiceSet": "choices.data"}.get(value.get("type", ""))
    return {name: _without_teams_own(item) for name, item in value.items() if name != own}


def _surface(surface: str, payload: Json) -> Iterator[str]:
    if len(json.dumps(payload)) > MOST_BYTES:
        yield f"{len(json.dumps(payload))} bytes"
    if surface == "dialog":
        if payload.keys() != {"title", "height", "width", "card"}:
            yield f"a dialog of {sorted(payload)}"
        if not 1 <= len(payload["title"]) <= 24:
            yield "title empty, or cut by Teams"
        if payload["height"] not in HEIGHTS or payload["width"] not in HEIGHTS:
            yield "a size that is none"
        yield from _dialog(card_of(payload))
        return
    if payload["type"] != "message" or not payload.get("summary", "").strip():
        yield "no message, or one without a summary"
    if any(part.get("type", "").startswith("Input.") for part in _parts(card_of(payload))):
        yield "an input in a message has nothing to send it"


def _dialog(card: Json) -> Iterator[str]:
    kinds = [part.get("type", "") for part in _parts(card)]
    sends = [action for action in card.get("actions", []) if "form" in action["data"]["knuff"]]
    if any(kind.startswith("Input.") for kind in kinds) and len(sends) != 1:
        yield "inputs and nothing to send them with"
    if "Action.Execute" in kinds:
        yield "a dialog knows Action.Submit only"
    if any("msteams" in part.get("data", {}) for part in _parts(card)):
        yield "a dialog opens no other dialog beside it"


def _card(card: Json) -> Iterator[str]:
    if card["type"] != "AdaptiveCard" or card["version"] != "1.5":
        yield "no adaptive card of version 1.5"
    for name in ("speak", "fallbackText"):
        if not card.get(name, "").strip():
            yield f"no {name}"
    if card.get("lang", "sv") not in ("sv", "en"):
        yield "a language we do not write"
    if card["msteams"] != {"width": "Full"}:
        yield "a narrow card"
    if not card["body"]:
        yield "an empty card"


def _ids(card: Json) -> Iterator[str]:
    ids = Counter(part["id"] for part in _parts(card) if "id" in part)
    for name, times in ids.items():
        if times > 1 or not name:
            yield f"id {name!r} {times} times"
    for part in _parts(card):
        if part.get("type") == "TargetElement" and part["elementId"] not in ids:
            yield f"nothing to show called {part['elementId']!r}"


def _part(part: Json) -> Iterator[str]:
    kind = part.get("type")
    if "type" in part and kind not in DOCUMENTED:
        yield f"{kind} is nothing we make"
    match kind:
        case "Image" if not part.get("altText"):
            yield "a picture nobody can hear"
        case "TextBlock" if not part.get("text") or not part.get("wrap"):
            yield "a text that is empty, or cut at the edge"
        case "TextRun" if not part.get("text"):
            yield "an empty run"
        case "RichTextBlock" if not "".join(run["text"] for run in part["inlines"]).strip():
            yield "an empty block"
        case "FactSet" if not part["facts"]:
            yield "facts without facts"
        case "ActionSet" if not 1 <= len(part["actions"]) <= 6:
            yield "no buttons, or more than the six that Teams shows"
        case "Action.Execute":
            yield from _execute(part)
        case "Action.OpenUrl" if not part["url"].startswith(("https://", "http://")):
            yield "a link to somewhere else than the web"
        case str() if kind.startswith("Input."):
            yield from _input(part)
        case _:
            pass


def _execute(action: Json) -> Iterator[str]:
    older = action.get("fallback", {})
    if older.get("type") != "Action.Submit" or older["data"] != action["data"] or older["title"] != action["title"]:
        yield "older clients have no button, or another"
    if action["verb"] != action["data"]["knuff"]["action"]:
        yield "the verb is not what is meant"


def _input(part: Json) -> Iterator[str]:
    for name in ("id", "label", "errorMessage"):
        if not part.get(name, "").strip():
            yield f"{part.get('id')}: no {name}"
    if not isinstance(part.get("isRequired"), bool):
        yield f"{part['id']}: not said whether it must be filled in"
    if part["type"] == "Input.Text" and len(part.get("value", "")) > part["maxLength"]:
        yield f"{part['id']}: text longer than its input"
    if part["type"] == "Input.ChoiceSet":
        values = [choice["value"] for choice in part["choices"]]
        if len(set(values)) != len(values) or not (values or "choices.data" in part):
            yield f"{part['id']}: the same value twice, or nothing to choose from"
        if part["isMultiSelect"] and any("," in value for value in values):
            yield f"{part['id']}: a comma stands between values"
        if values and not set(filter(None, part.get("value", "").split(","))) <= set(values):
            yield f"{part['id']}: what is chosen at first is not among the options"
        if part["style"] == "expanded" and len(values) > 10:
            yield f"{part['id']}: more than ten options at once"


def _long_titles(card: Json) -> Iterator[str]:
    """A button whose title would be cut has its whole text before it, and for those who listen."""
    read = texts({"card": {"content": card}})
    for part in (action for row in _parts(card) for action in row.get("actions", ())):
        title = part.get("title", "").strip()
        if not 1 <= len(title) <= BUTTON_TEXT:
            yield f"button title of {len(title)} characters"
        if title.endswith("…") and len(title) > BUTTON_TEXT * 0.7 and title[:-1] not in read.replace(title, ""):
            yield f"the rest of {title!r} is nowhere"


def _parts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for name, item in value.items():
            if name != "data":  # ours, and no part of what is shown
                yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)
