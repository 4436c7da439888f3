"""Slack's payloads as our events. Pure: what is not for us, or unknown to us, becomes None."""

import hashlib
import re
from datetime import datetime
from typing import Any

import orjson

from bot.conversation.events import AnyEvent, Commanded, MessageRef, Pressed, Profile, Submitted
from bot.plain_text import without_controls
from bot.slack.happenings import happened
from bot.slack.inputs import GROUPS
from bot.slack.mrkdwn import Json
from bot.slack.parts import LINK, OPENS_FORM, REPEATED
from bot.well_formed import well_formed

PLATFORM = "slack"
DIRECT = "D"
"""How the id of a chat begins that nobody but one person and we are in."""


def event(payload: Json, *, now: datetime) -> AnyEvent | None:
    """Return what happened, or None when that is nothing to us. Raises MalformedPayload when Slack's own fields are
    missing."""
    try:
        found = _event(payload, now=now)
        return None if found is None else well_formed(found)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise MalformedPayload(type(error).__name__) from error


def _event(payload: Json, *, now: datetime) -> AnyEvent | None:
    match payload.get("type"):
        case "event_callback":
            return happened(payload, now=now)
        case "block_actions":
            return _pressed(payload, now=now)
        case "view_submission":
            return _submitted(payload, now=now)
        case None if "command" in payload:
            return _commanded(payload, now=now)
        case _:
            return None


class MalformedPayload(ValueError):
    """It is signed, and yet not what Slack documents."""


def opens_form(payload: Json) -> bool:
    """Whether the press must be answered within the request, because a form is to be opened. Raises
    MalformedPayload."""
    try:
        actions = payload.get("actions") or [{}]
        return str(actions[0].get("action_id", "")).startswith(OPENS_FORM)
    except (KeyError, TypeError, AttributeError) as error:
        raise MalformedPayload(type(error).__name__) from error


def _pressed(payload: Json, *, now: datetime) -> Pressed | None:
    action = payload["actions"][0]
    name: str = action["action_id"]
    if action.get("type") != "button" or name.startswith(LINK):
        return None
    container = payload.get("container") or {}
    view = payload.get("view") or {}
    where = container.get("message_ts") or container.get("view_id") or view.get("id") or ""
    message = _message(payload, container)
    moment = f"{action.get('action_ts', '')}:{payload.get('trigger_id', '')}"
    return Pressed(
        key=f"press:{payload['user']['id']}:{where}:{name}:{moment}",
        platform=PLATFORM,
        workspace=_workspace(payload),
        person=payload["user"]["id"],
        at=now,
        action=name.removeprefix(OPENS_FORM).split(REPEATED)[0],
        value=action.get("value") or "",
        message=message,
        in_channel=message is not None and not message.conversation.startswith(DIRECT),
        trigger=payload.get("trigger_id"),
        view=view["id"] if view.get("type") == "modal" else None,
    )


def _message(payload: Json, container: Json) -> MessageRef | None:
    channel = container.get("channel_id") or (payload.get("channel") or {}).get("id")
    ts = container.get("message_ts") or (payload.get("message") or {}).get("ts")
    return MessageRef(conversation=channel, message=ts) if channel and ts else None


def _submitted(payload: Json, *, now: datetime) -> Submitted:
    view = payload["view"]
    state = view["state"]["values"]
    given = {name: next(iter(answers.items())) for name, answers in state.items() if answers}
    values = {name: _value(action_id, answer) for name, (action_id, answer) in given.items()}
    return Submitted(
        key=f"form:{payload['user']['id']}:{view['id']}:{view.get('hash', '')}:{_digest(state)}",
        platform=PLATFORM,
        workspace=_workspace(payload),
        person=payload["user"]["id"],
        at=now,
        form=view["callback_id"],
        about=view.get("private_metadata") or "",
        values=values,
        profiles={
            name: tuple(Profile(external_id=external_id, zone=None, language=None) for external_id in values[name])
            for name, (action_id, answer) in given.items()
            if answer["type"] in _PEOPLE or action_id.startswith(GROUPS)
        },
        trigger=payload.get("trigger_id"),
        view=view["id"],
    )


_PEOPLE = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
}


def _value(action_id: str, answer: Json) -> str | tuple[str, ...]:
    match answer["type"]:
        case "plain_text_input" if action_id.startswith(GROUPS):
            handles = re.split(r"[\s,;]+", answer.get("value") or "")
            return tuple(f"@{handle.removeprefix('@')}" for handle in handles if handle)
        case "plain_text_input":
            return without_controls(answer.get("value") or "")
        case "radio_buttons" | "static_select":
            return (answer.get("selected_option") or {}).get("value") or ""
        case "checkboxes" | "multi_static_select":
            return tuple(option["value"] for option in answer.get("selected_options") or ())
        case "datepicker":
            return answer.get("selected_date") or ""
        case "timepicker":
            return answer.get("selected_time") or ""
        case kind if kind in _PEOPLE:
            return tuple(answer.get(_PEOPLE[kind]) or ())
        case _:
            return ""


def _commanded(payload: Json, *, now: datetime) -> Commanded:
    return Commanded(
        key=f"command:{payload['user_id']}:{payload['trigger_id']}",
        platform=PLATFORM,
        workspace=payload["team_id"],
        person=payload["user_id"],
        at=now,
        text=without_controls(payload.get("text") or "").strip(),
        trigger=payload["trigger_id"],
    )


def _workspace(payload: Json) -> str:
    team = payload.get("team") or {}
    workspace: str = team.get("id") or payload["user"]["team_id"]
    return workspace


def _digest(state: Any) -> str:
    """Same form, same answers: same key. A form sent again after a correction is another."""
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
