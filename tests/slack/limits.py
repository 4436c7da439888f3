"""What Slack refuses in a message or view, and slack_sdk's own models do not see. Written from Slack's documentation,
not from our code."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block

Json = dict[str, Any]

BLOCKS = {"message": 50, "modal": 100, "home": 100}
INPUTS_WITH_OPTIONS = {"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}


def faults(surface: str, payload: Json) -> list[str]:
    """Return what is wrong with chat.postMessage arguments ("message") or a view ("modal", "home"); nothing when all
    is well."""
    return [
        *_surface(surface, payload),
        *_ids(payload["blocks"]),
        *_models(payload["blocks"]),
        *_all_parts(payload["blocks"]),
    ]


def texts(payload: Json) -> str:
    """Return everything a person would read, one text a line."""
    return "\n".join(part["text"] for part in _parts(payload["blocks"]) if isinstance(part.get("text"), str))


def _surface(surface: str, payload: Json) -> Iterator[str]:
    blocks = payload["blocks"]
    if len(blocks) > BLOCKS[surface]:
        yield f"{len(blocks)} blocks"
    if surface == "message":
        if not payload.get("text", "").strip():
            yield "no fallback text"
        if len(payload["text"]) > 4000:
            yield "fallback text over 4,000: chat.update would fail"
        if sum(len(part["text"]) for part in _parts(blocks) if isinstance(part.get("text"), str)) > 8000:
            yield "more than 8,000 characters together"
        if any(block["type"] == "input" for block in blocks):
            yield "an input in a message has nothing to send it"
    if surface == "modal":
        yield from _modal(payload)
    if len(str(payload)) > 250_000:
        yield "view over 250 kB"


def _modal(view: Json) -> Iterator[str]:
    if any(block["type"] == "input" for block in view["blocks"]) and not view.get("submit"):
        yield "inputs and no submit"
    for name in ("title", "submit", "close"):
        if name in view and not 1 <= len(view[name]["text"]) <= 24:
            yield f"{name} of {len(view[name]['text'])} characters"
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        yield "private_metadata or callback_id too long"


def _ids(blocks: list[Json]) -> Iterator[str]:
    for name, times in Counter(block["block_id"] for block in blocks if "block_id" in block).items():
        if times > 1 or not 1 <= len(name) <= 255:
            yield f"block id {name!r} {times} times"
    actions = [part["action_id"] for part in _parts(blocks) if "action_id" in part]
    for name, times in Counter(actions).items():
        if times > 1 or not 1 <= len(name) <= 255:
            yield f"action id {name!r} {times} times"


def _models(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        parsed = Block.parse(block)
        if parsed is None:
            yield f"slack_sdk knows no block like {block['type']!r}"
            continue
        try:
            parsed.validate_json()
        except Exception as error:  # whatever the model has to say
            yield f"{block['type']}: {error}"


def _all_parts(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        match block["type"]:
            case "section":
                if "text" in block:
                    yield from _sized("section", block["text"], 3000)
                yield from (fault for field in block.get("fields", []) for fault in _sized("field", field, 2000))
                if len(block.get("fields", [])) > 10 or not (block.get("text") or block.get("fields")):
                    yield "section without text, or with more than ten fields"
            case "header":
                yield from _sized("header", block["text"], 150)
                if block["text"]["type"] != "plain_text":
                    yield "a header must be plain"
            case "context":
                if not 1 <= len(block["elements"]) <= 10:
                    yield "context without elements, or more than ten"
                yield from (fault for element in block["elements"] for fault in _sized("context", element, 3000))
            case "actions":
                if not 1 <= len(block["elements"]) <= 25:
                    yield "actions without elements, or more than 25"
                yield from (fault for element in block["elements"] for fault in _button(element))
            case "input":
                yield from _input(block)
            case _:
                pass


def _button(button: Json) -> Iterator[str]:
    yield from _sized("button", button["text"], 75)
    if len(button.get("value", "")) > 2000 or ("value" in button and not button["value"]):
        yield "button value empty or over 2,000"
    spoken = button.get("accessibility_label")
    if spoken is not None and (len(spoken) > 75 or not spoken.startswith(button["text"]["text"])):
        yield f"spoken label {spoken!r} is too long or does not begin with what is shown"
    if confirm := button.get("confirm"):
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            yield from _sized(name, confirm.get(name), most)


def _input(block: Json) -> Iterator[str]:
    yield from _sized("label", block.get("label"), 2000)
    element = block["element"]
    kind = element["type"]
    if "hint" in block:
        yield from _sized("hint", block["hint"], 2000)
    if "placeholder" in element:
        yield from _sized("placeholder", element["placeholder"], 150)
    if kind == "plain_text_input" and not (
        1 <= element.get("max_length", 3000) <= 3000
        and len(element.get("initial_value", "")) <= element.get("max_length", 3000)
    ):
        yield "text longer than its input"
    if kind in INPUTS_WITH_OPTIONS:
        options = element["options"]
        if not 1 <= len(options) <= INPUTS_WITH_OPTIONS[kind]:
            yield f"{kind} with {len(options)} options"
        if len({option["value"] for option in options}) != len(options):
            yield f"{kind} with the same value twice"
        for option in options:
            yield from _sized("option", option["text"], 75)
            if not 1 <= len(option["value"]) <= 75:
                yield f"option value of {len(option['value'])} characters"
        chosen = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else [])
        if any(option not in options for option in chosen) or element.get("initial_options") == []:
            yield "what is chosen at first is not among the options"


def _sized(name: str, text: Json | None, most: int) -> Iterator[str]:
    if not text or not 1 <= len(text.get("text", "")) <= most:
        yield f"{name} empty, or over {most}"


def _parts(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)
