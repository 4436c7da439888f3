"""The elements of Block Kit and their limits (platforms.md 1.5 of our fact sheets; Slack's block reference)."""

from workplace.slack.blocks.check import Anything, ByType, Items, Kind, OneOf, Rule, Shape, Text

ID = Text(most=255)


def plain(most: int) -> Shape:
    return Shape({"type": OneOf(("plain_text",)), "text": Text(most=most)}, {"emoji": Kind(bool)})


def any_text(most: int) -> Shape:
    return Shape(
        {"type": OneOf(("plain_text", "mrkdwn")), "text": Text(most=most)},
        {"emoji": Kind(bool), "verbatim": Kind(bool)},
    )


# slack_sdk still allows option values of 150; Slack's own types say 75, and so do we.
OPTION = Shape({"text": any_text(75), "value": Text(most=75)}, {"description": any_text(75), "url": Text(most=3000)})
OPTIONS = Items(of=OPTION, most=100)
FEW_OPTIONS = Items(of=OPTION, most=10)
GROUPS = Items(of=Shape({"label": plain(75), "options": OPTIONS}), most=100)
CONFIRM = Shape(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": OneOf(("primary", "danger"))},
)
_FILTER = Shape(
    {}, {"include": Anything(), "exclude_bot_users": Kind(bool), "exclude_external_shared_channels": Kind(bool)}
)

_INPUT: dict[str, Rule] = {"focus_on_load": Kind(bool), "placeholder": plain(150)}
_PICK: dict[str, Rule] = {"confirm": CONFIRM, **_INPUT}
_WRITTEN: dict[str, Rule] = {
    **_INPUT,
    "dispatch_action_config": Shape({}, {"trigger_actions_on": Items(of=Anything(), most=2)}),
}
_DAY, _TIME = r"\d{4}-\d{2}-\d{2}", r"([01]\d|2[0-3]):[0-5]\d"


def _element(required: dict[str, Rule] | None = None, optional: dict[str, Rule] | None = None) -> Shape:
    return Shape(required or {}, {"action_id": ID, **(optional or {})})


def _pick_one(initial: str, extra: dict[str, Rule] | None = None) -> Shape:
    return _element({}, {**_PICK, initial: Text(), "response_url_enabled": Kind(bool), **(extra or {})})


def _pick_many(initial: str, extra: dict[str, Rule] | None = None) -> Shape:
    several = Items(of=Text(), most=100)
    return _element({}, {**_PICK, initial: several, "max_selected_items": Kind(int), **(extra or {})})


_CONVERSATIONS: dict[str, Rule] = {"filter": _FILTER, "default_to_current_conversation": Kind(bool)}

BUTTON = _element(
    {"text": plain(75)},
    {
        "value": Text(most=2000, least=0),
        "url": Text(most=3000),
        "style": OneOf(("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": Text(most=75),
    },
)
IMAGE = Shape({"alt_text": Text(most=2000)}, {"image_url": Text(most=3000), "slack_file": Anything()})

CHOOSERS: dict[str, Rule] = {
    "static_select": _element({}, {**_PICK, "options": OPTIONS, "option_groups": GROUPS, "initial_option": OPTION}),
    "multi_static_select": _element(
        {},
        {
            **_PICK,
            "options": OPTIONS,
            "option_groups": GROUPS,
            "initial_options": OPTIONS,
            "max_selected_items": Kind(int),
        },
    ),
    "users_select": _pick_one("initial_user"),
    "multi_users_select": _pick_many("initial_users"),
    "channels_select": _pick_one("initial_channel"),
    "multi_channels_select": _pick_many("initial_channels"),
    "conversations_select": _pick_one("initial_conversation", _CONVERSATIONS),
    "multi_conversations_select": _pick_many("initial_conversations", _CONVERSATIONS),
    "radio_buttons": _element({"options": FEW_OPTIONS}, {**_PICK, "initial_option": OPTION}),
    "checkboxes": _element({"options": FEW_OPTIONS}, {**_PICK, "initial_options": FEW_OPTIONS}),
    "datepicker": _element({}, {**_PICK, "initial_date": Text(like=_DAY)}),
    "timepicker": _element({}, {**_PICK, "initial_time": Text(like=_TIME), "timezone": Text()}),
    "datetimepicker": _element({}, {**_PICK, "initial_date_time": Kind(int)}),
}
WRITTEN: dict[str, Rule] = {
    "plain_text_input": _element(
        {},
        {
            **_WRITTEN,
            "initial_value": Text(most=3000, least=0),
            "multiline": Kind(bool),
            "min_length": Kind(int),
            "max_length": Kind(int),
        },
    ),
    "email_text_input": _element({}, {**_WRITTEN, "initial_value": Text(least=0)}),
    "url_text_input": _element({}, {**_WRITTEN, "initial_value": Text(least=0)}),
    "number_input": _element(
        {"is_decimal_allowed": Kind(bool)},
        {**_WRITTEN, "initial_value": Text(), "min_value": Text(), "max_value": Text()},
    ),
}
OVERFLOW = _element({"options": Items(of=OPTION, most=5)}, {"confirm": CONFIRM})

IN_ACTIONS = ByType({"button": BUTTON, "overflow": OVERFLOW, **CHOOSERS})
IN_SECTION = ByType({"button": BUTTON, "overflow": OVERFLOW, "image": IMAGE, **CHOOSERS})
IN_INPUT = ByType({**CHOOSERS, **WRITTEN})
IN_CONTEXT = ByType({"image": IMAGE, "mrkdwn": any_text(3000), "plain_text": any_text(3000)})
