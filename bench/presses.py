"""Button presses as Slack sends them: 3.2 kB of form, signed."""

import hmac
import json
import time
from dataclasses import dataclass
from urllib.parse import quote_plus

SIZE = 3200
"""Bytes of form in one press."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """Whose presses these are: a workspace, its people `U…` with their chats `D…`, and the app's signing secret."""

    workspace: str
    secret: str
    host: str
    path: str = "/slack/events"
    seconds_ahead: float = 0
    """Of our clock, by the clock of the server that checks the signatures."""

    def requests(self, deliveries: range, *, run: str) -> list[bytes]:
        """Return an HTTP request for each delivery: *I'll do it*, pressed by the person with the same number.

        `run` makes the trigger ids of one run differ from another's. Good for five minutes.
        """
        form = self._form(run)
        return [self._signed(form.replace(b"00000007", b"%08d" % delivery)) for delivery in deliveries]

    def _form(self, run: str) -> bytes:
        text = "I dag: välj ett möte och fråga vad det ska leda till. "
        form = b""
        while len(form) < SIZE:
            form = b"payload=" + quote_plus(json.dumps(_press(self.workspace, run, text))).encode()
            text += "x" * max(1, (SIZE - len(form)) // 2)
        return form

    def _signed(self, body: bytes) -> bytes:
        timestamp = str(int(time.time() + self.seconds_ahead)).encode()
        signature = hmac.digest(self.secret.encode(), b"v0:" + timestamp + b":" + body, "sha256").hex()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {timestamp.decode()}\r\n"
            f"X-Slack-Signature: v0={signature}\r\n"
            "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\nAccept: application/json,*/*\r\n\r\n"
        )
        return head.encode() + body


def person(number: int) -> str:
    return f"U{number:08d}"


def chat(number: int) -> str:
    return f"D{number:08d}"


def message_id(number: int) -> str:
    return f"1772437{number:08d}.000100"


def _press(workspace: str, run: str, text: str) -> dict[str, object]:
    """Number 7 stands for the delivery and its person wherever they are named."""
    actions = {"doing": "Jag gör det", "another": "En annan", "not_today": "Inte i dag"}
    elements = [
        {
            "type": "button",
            "action_id": f"nudge.{name}",
            "text": {"type": "plain_text", "text": words, "emoji": True},
            "value": "00000007",
        }
        for name, words in actions.items()
    ]
    return {
        "type": "block_actions",
        "user": {"id": person(7), "username": "karin", "name": "karin", "team_id": workspace},
        "api_app_id": "A0BENCH0001",
        "token": "invented",
        "container": {
            "type": "message",
            "message_ts": message_id(7),
            "channel_id": chat(7),
            "is_ephemeral": False,
        },
        "trigger_id": f"{run}.00000007.8def3a1b5c",
        "team": {"id": workspace, "domain": "granby"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": chat(7), "name": "directmessage"},
        "message": {
            "user": "U0KNUFF",
            "type": "message",
            "ts": message_id(7),
            "bot_id": "B0KNUFF",
            "app_id": "A0BENCH0001",
            "text": "Dagens knuff",
            "team": workspace,
            "blocks": [
                {"type": "section", "block_id": "part-1", "text": {"type": "mrkdwn", "text": text, "verbatim": False}},
                {"type": "actions", "block_id": "part-2", "elements": elements},
            ],
        },
        "state": {"values": {}},
        "response_url": "http://127.0.0.1:9/actions/1/2/3",
        "actions": [
            {
                "action_id": "nudge.doing",
                "block_id": "part-2",
                "text": {"type": "plain_text", "text": "Jag gör det", "emoji": True},
                "value": "00000007",
                "type": "button",
                "action_ts": "1772437000.000007",
            }
        ],
    }
