"""What a person has entered, in the shape Slack sends it: `state.values[block_id][action_id]`."""

from collections.abc import Mapping
from typing import Any

from workplace.refusals import NotPossible
from workplace.shapes import Json, JsonList
from workplace.slack.blocks.rules import interactive, options_of

# element type: the key its value has in the state, and the key of its initial value
_SINGLE = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}
_STATELESS = {"button", "overflow", "image"}
_MANY = {kind for kind, (key, _) in _SINGLE.items() if key.endswith("s")}
_OPTIONS = {kind for kind, (key, _) in _SINGLE.items() if key.startswith("selected_option")}


def is_empty(entry: Json) -> bool:
    return all(value in (None, "", []) for key, value in entry.items() if key != "type")


def current_state(blocks: JsonList, before: Json, entries: Mapping[str, Any]) -> Json:
    """Return the state of every input in `blocks`: what is entered now, else what was there before, else the initial.

    `entries` is `{block_id: value}` or `{block_id: {action_id: value}}`, values plain: a text, the value of an
    option, an id, a date, or a list of these. NotPossible names an entry that no input here can take.
    """
    state: Json = {}
    used: set[str] = set()
    for block in blocks:
        for element in interactive(block):
            if element["type"] in _STATELESS:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            given, found = _entered(entries, block_id, action_id)
            if found:
                used.add(block_id)
                entry = selection(element, given)
            else:
                entry = before.get(block_id, {}).get(action_id) or _initial(element)
            state.setdefault(block_id, {})[action_id] = {"type": element["type"], **entry}
    if unknown := set(entries) - used:
        raise NotPossible(f"nothing to fill in at {', '.join(sorted(unknown))}")
    return state


def selection(element: Json, value: Any) -> Json:
    """Return `value` as this element reports it, such as {"selected_option": {...}}."""
    kind = element["type"]
    key = _SINGLE[kind][0]
    if kind in _MANY:
        chosen = list(value or ())
        return {key: [_option(element, item) for item in chosen] if kind in _OPTIONS else chosen}
    if value in (None, ""):
        return {key: None}
    return {key: _option(element, value) if kind in _OPTIONS else value}


def missing_answers(blocks: JsonList, state: Json) -> dict[str, str]:
    """Return block_id: what Slack's own client says, for required inputs left empty and texts of wrong length."""
    faults = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = state[block["block_id"]][element["action_id"]]
        text = entry.get("value") or ""
        if is_empty(entry):
            if not block.get("optional"):
                faults[block["block_id"]] = "required"
        elif len(text) > element.get("max_length", 3000):
            faults[block["block_id"]] = "too_long"
        elif element["type"] == "plain_text_input" and len(text) < element.get("min_length", 0):
            faults[block["block_id"]] = "too_short"
    return faults


def _entered(entries: Mapping[str, Any], block_id: str, action_id: str) -> tuple[Any, bool]:
    if block_id not in entries:
        return None, False
    entry = entries[block_id]
    if isinstance(entry, dict):
        return entry.get(action_id), action_id in entry
    return entry, True


def _initial(element: Json) -> Json:
    key, initial = _SINGLE[element["type"]]
    empty: Any = [] if element["type"] in _MANY else None
    return {key: element.get(initial, empty)}


def _option(element: Json, value: str) -> Json:
    for option in options_of(element):
        if option["value"] == value:
            return option
    raise NotPossible(f"no option {value!r} at {element['action_id']}")
