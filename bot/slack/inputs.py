"""Inputs of a form as Block Kit input blocks. A block's id is the input's name, so answers and errors find each
other."""

from typing import assert_never

from bot.conversation.cards import Audience, ChoiceInput, DateInput, Input, Option, PeopleInput, TextInput, TimeInput
from bot.plain_text import cut
from bot.slack.mrkdwn import Json, plain

LABEL_TEXT = 2000
OPTION_TEXT = 75
PLACEHOLDER_TEXT = 150
INPUT_TEXT = 3000
ALL_SHOWN = 10
"""Radio buttons and checkboxes take ten options; more become a list to open."""
MOST_OPTIONS = 100

# What an input's action id says beyond its name; `undress` reads it back.
GROUPS = "groups:"


def input_block(of: Input) -> Json:
    block: Json = {
        "type": "input",
        "block_id": of.name,
        "label": plain(of.label, most=LABEL_TEXT),
        "optional": of.optional,
        "element": {"action_id": of.name, **_element(of)},
    }
    if of.hint:
        block["hint"] = plain(of.hint, most=LABEL_TEXT)
    return block


def _element(of: Input) -> Json:
    match of:
        case TextInput():
            return _text(of)
        case ChoiceInput():
            return _many(of) if of.many else _one(of)
        case DateInput():
            return {"type": "datepicker"} | ({"initial_date": of.initial} if of.initial else {})
        case TimeInput():
            return {"type": "timepicker"} | ({"initial_time": of.initial} if of.initial else {})
        case PeopleInput():
            return _people(of)
        case _:
            assert_never(of)


def _text(of: TextInput) -> Json:
    most = min(of.most, INPUT_TEXT)
    element: Json = {"type": "plain_text_input", "multiline": of.multiline, "max_length": most}
    if of.initial:
        element["initial_value"] = of.initial[:most]
    if of.placeholder:
        element["placeholder"] = plain(of.placeholder, most=PLACEHOLDER_TEXT)
    return element


def _one(of: ChoiceInput) -> Json:
    options = _options(of)
    element: Json = {"type": "radio_buttons" if len(options) <= ALL_SHOWN else "static_select", "options": options}
    if chosen := [option for option in options if option["value"] in of.initial]:
        element["initial_option"] = chosen[0]
    return element


def _many(of: ChoiceInput) -> Json:
    options = _options(of)
    element: Json = {"type": "checkboxes" if len(options) <= ALL_SHOWN else "multi_static_select", "options": options}
    if chosen := [option for option in options if option["value"] in of.initial]:
        element["initial_options"] = chosen
    return element


def _options(of: ChoiceInput) -> list[Json]:
    if not of.options:
        raise ValueError(f"the input {of.name!r} has nothing to choose from")
    return [_option(option) for option in of.options[:MOST_OPTIONS]]


def _option(option: Option) -> Json:
    if len(option.value) > OPTION_TEXT:
        raise ValueError(f"the value of an option is longer than {OPTION_TEXT} characters")
    return {"text": plain(cut(option.text, most=OPTION_TEXT), most=OPTION_TEXT), "value": option.value}


def _people(of: PeopleInput) -> Json:
    match of.audience:
        case Audience.PEOPLE:
            return {"type": "multi_users_select"} | ({"initial_users": list(of.initial)} if of.initial else {})
        case Audience.CHANNEL:
            # Not `multi_channels_select`, which offers public channels alone. Offered are the private ones that whoever
            # picks is in; the id comes without a scope.
            kinds = {"filter": {"include": ["public", "private"]}}
            return {"type": "multi_conversations_select", **kinds} | (
                {"initial_conversations": list(of.initial)} if of.initial else {}
            )
        case Audience.GROUP:  # Slack has nothing to pick a group with, so its handle is written
            element: Json = {"type": "plain_text_input", "action_id": f"{GROUPS}{of.name}"}
            return element | ({"initial_value": " ".join(of.initial)} if of.initial else {})
        case _:
            assert_never(of.audience)
