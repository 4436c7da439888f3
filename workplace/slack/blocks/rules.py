"""Whole messages and views: the blocks one by one, and what must hold between them."""

import copy
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

from workplace.shapes import Json, JsonList
from workplace.slack.blocks import elements
from workplace.slack.blocks.check import Anything, ByType, Items, Kind, Rule, Shape, Text, fault
from workplace.slack.refusals import Refused

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
# Seen by others at 11,341 characters of text over all blocks; Slack documents no number.
MOST_TEXT_IN_MESSAGE = 11_000
LARGEST_VIEW_BYTES = 250_000


def _block(required: dict[str, Rule], optional: dict[str, Rule] | None = None) -> Shape:
    return Shape(required, {"block_id": elements.ID, **(optional or {})})


BLOCK = ByType(
    {
        "section": _block(
            {},
            {
                "text": elements.any_text(3000),
                "fields": Items(of=elements.any_text(2000), most=10),
                "accessory": elements.IN_SECTION,
                "expand": Kind(bool),
            },
        ),
        "header": _block({"text": elements.plain(150)}, {"level": Kind(int)}),
        "actions": _block({"elements": Items(of=elements.IN_ACTIONS, most=25)}),
        "context": _block({"elements": Items(of=elements.IN_CONTEXT, most=10)}),
        "divider": _block({}),
        "image": _block(
            {"alt_text": Text(most=2000)},
            {"image_url": Text(most=3000), "slack_file": Anything(), "title": elements.plain(2000)},
        ),
        "input": _block(
            {"label": elements.plain(2000), "element": elements.IN_INPUT},
            {"hint": elements.plain(2000), "optional": Kind(bool), "dispatch_action": Kind(bool)},
        ),
        "rich_text": _block({"elements": Items(of=Anything(), most=100)}),
    }
)
_MODAL = Shape(
    {"title": elements.plain(24), "blocks": Items(of=BLOCK, most=MOST_IN_VIEW)},
    {
        "submit": elements.plain(24),
        "close": elements.plain(24),
        "callback_id": Text(most=255, least=0),
        "private_metadata": Text(most=3000, least=0),
        "external_id": Text(most=255, least=0),
        "clear_on_close": Kind(bool),
        "notify_on_close": Kind(bool),
        "submit_disabled": Kind(bool),
    },
)
_HOME = Shape(
    {"blocks": Items(of=BLOCK, most=MOST_IN_VIEW)},
    {
        "callback_id": Text(most=255, least=0),
        "private_metadata": Text(most=3000, least=0),
        "external_id": Text(most=255, least=0),
        # Accepted and ignored by Slack in a Home.
        "title": elements.plain(24),
    },
)
VIEW = {"modal": _MODAL, "home": _HOME}


def check_message_blocks(blocks: Any) -> JsonList:
    """Return the blocks as Slack keeps them, every id filled in; Refused when Slack would."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    faults: list[str] = []
    Items(of=BLOCK, most=MOST_IN_MESSAGE, least=0).check(blocks, "/blocks", faults)
    if not faults:
        faults = list(_between(blocks, "/blocks"))
    if faults:
        raise Refused("invalid_blocks", messages=faults)
    if sum(len(text) for text in _texts(blocks)) > MOST_TEXT_IN_MESSAGE:
        raise Refused("msg_blocks_too_long")
    return _with_ids(blocks)


def check_view(view: Any, *, kind: str) -> Json:
    """Return the view as Slack keeps it, every id filled in; Refused when Slack would."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", messages=[fault("must be an object", "/view")])
    if len(str(view).encode()) > LARGEST_VIEW_BYTES:
        raise Refused("view_too_large")
    if view.get("type") != kind:
        raise Refused("invalid_arguments", messages=[fault(f"must be a {kind}", "/view/type")])
    faults: list[str] = []
    VIEW[kind].check(view, "/view", faults)
    if not faults:
        faults = list(_between(view["blocks"], "/view/blocks"))
        if kind == "modal" and "submit" not in view and any(b["type"] == "input" for b in view["blocks"]):
            faults.append(fault("`submit` is required when an `input` block is within blocks", "/view"))
    if faults:
        raise Refused("invalid_arguments", messages=faults)
    return view | {"blocks": _with_ids(view["blocks"])}


def interactive(block: Json) -> JsonList:
    """Return the elements of a block that a person can use."""
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    accessory = block.get("accessory")
    return [accessory] if accessory and accessory["type"] != "image" else []


def _between(blocks: JsonList, at: str) -> Iterator[str]:
    """Yield what is wrong between blocks, or between the fields of one: the schema sees each field alone."""
    block_ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for block_id, count in block_ids.items():
        if count > 1:
            yield fault(f"`block_id` {block_id} already exists", at)
    focused = 0
    for index, block in enumerate(blocks):
        place = f"{at}/{index}"
        if block["type"] == "section" and not block.get("text") and not block.get("fields"):
            yield fault("must have `text` or `fields`", place)
        parts = interactive(block)
        action_ids = Counter(part["action_id"] for part in parts if "action_id" in part)
        for action_id, count in action_ids.items():
            if count > 1:
                yield fault(f"`action_id` {action_id} already exists", f"{place}/elements")
        for part in parts:
            focused += bool(part.get("focus_on_load"))
            yield from _within(part, place)
    if focused > 1:
        yield fault("only one element may have `focus_on_load`", at)


def _within(part: Json, at: str) -> Iterator[str]:
    if part["type"] in ("static_select", "multi_static_select") and ("options" in part) == ("option_groups" in part):
        yield fault("must have either `options` or `option_groups`", at)
    values = [option["value"] for option in options_of(part)]
    initial = [*part.get("initial_options", ()), *([part["initial_option"]] if "initial_option" in part else ())]
    if any(option["value"] not in values for option in initial):
        yield fault("the initial option must be among the options", at)
    if len(set(values)) != len(values):
        yield fault("two options have the same value", at)
    if part.get("max_length", 3000) > 3000 or part.get("min_length", 0) > part.get("max_length", 3000):
        yield fault("`min_length` and `max_length` must lie between 0 and 3000, in this order", at)
    if part.get("max_selected_items", 1) < 1:
        yield fault("`max_selected_items` must be at least 1", at)


def options_of(part: Json) -> JsonList:
    """Return the options of an element, those in groups too; none for an element without."""
    grouped = [option for group in part.get("option_groups", ()) for option in group["options"]]
    return [*part.get("options", ()), *grouped]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for child in value.values():
            yield from _texts(child)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child)


def _with_ids(blocks: JsonList) -> JsonList:
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for part in interactive(block):
            part.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks
