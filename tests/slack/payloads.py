"""Payloads as Slack sends them, with only what matters said by each test."""

import hashlib
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

Json = dict[str, Any]
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def press(
    action_id: str = "nudge.doing", *, value: str = "12", trigger: str = "13345224609.1", ts: str = "1772436600.000100"
) -> Json:
    """A button in a direct message."""
    return {
        "type": "block_actions",
        "team": {"id": "T0ALVSUNDA", "domain": "alvsunda"},
        "user": {"id": "U01KARIN", "username": "karin", "team_id": "T0ALVSUNDA"},
        "api_app_id": "A0KNUFF",
        "trigger_id": trigger,
        "container": {"type": "message", "message_ts": ts, "channel_id": "D01", "is_ephemeral": False},
        "channel": {"id": "D01", "name": "directmessage"},
        "message": {"ts": ts, "bot_id": "B0KNUFF", "text": "x", "type": "message"},
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "part-2",
                "value": value,
                "action_ts": "1772436700.1",
            }
        ],
    }


def press_in_view(view_type: str) -> Json:
    payload = press("form:home.rhythm")
    del payload["channel"], payload["message"]
    payload["container"] = {"type": "view", "view_id": "V1"}
    payload["view"] = {"id": "V1", "type": view_type, "hash": "h1", "callback_id": "library"}
    return payload


def submission(values: Json | None = None, *, form: str = "plan", about: str = "12", trigger: str = "1.1") -> Json:
    state = values or {"cue": {"cue": {"type": "plain_text_input", "value": "När mötet börjar"}}}
    return {
        "type": "view_submission",
        "team": {"id": "T0ALVSUNDA", "domain": "alvsunda"},
        "user": {"id": "U01KARIN", "team_id": "T0ALVSUNDA"},
        "api_app_id": "A0KNUFF",
        "trigger_id": trigger,
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": form,
            "private_metadata": about,
            "hash": "1772436700.abc",
            "state": {"values": state},
        },
    }


def happening(event: Json, *, event_id: str = "Ev01") -> Json:
    return {
        "type": "event_callback",
        "team_id": "T0ALVSUNDA",
        "api_app_id": "A0KNUFF",
        "event_id": event_id,
        "event_time": 1772436700,
        "authorizations": [{"team_id": "T0ALVSUNDA", "user_id": "U0KNUFFBOT", "is_bot": True}],
        "event": event,
    }


def written(text: str = "Jag sa det till nämnden.", **more: Any) -> Json:
    return {
        "type": "message",
        "channel": "D01",
        "channel_type": "im",
        "user": "U01KARIN",
        "text": text,
        "ts": "1772436701.000200",
        **more,
    }


def command(text: str = "idag") -> Json:
    return {
        "command": "/knuff",
        "team_id": "T0ALVSUNDA",
        "user_id": "U01KARIN",
        "channel_id": "C01",
        "text": text,
        "trigger_id": "9.9",
        "response_url": "https://hooks.slack.com/commands/x",
    }


def as_form(payload: Json) -> bytes:
    return urlencode({"payload": orjson.dumps(payload).decode()}).encode()


def signed(body: bytes, *, at: datetime, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={mac}",
        "content-type": "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded",
    }
