"""What goes to and fro in the Teams benches: a nudge of ours, and a press on it as Teams sends it."""

import json
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.teams_stand_in import APP_ID, KEY_ID, TENANT, connector_at
from bot.conversation.cards import Button, Buttons, Card, Heading, Paragraph

TEXT = "Välj ett möte den här veckan. Fråga i början: vad ska vara annorlunda när vi går härifrån? " * 3
ACTIONS = {"doing": "Jag gör det", "another": "En annan", "not_today": "Inte i dag"}
PERSON = "00000000-0000-4000-8000-0000"
CHAT = "a:1bench"
MESSAGE = "1772437"
"""What the eight digits of a number are written after."""


def token_from(stand_in: str, *, at: float | None = None, key_id: str = KEY_ID) -> str:
    """Return a token for the bot, good for an hour from a moment (seconds since 1970; None: now), and said to be signed
    with that key."""
    query = urlencode({"at": time() if at is None else at, "kid": key_id})
    with urlopen(f"{stand_in}/token_to_bot?{query}", timeout=10) as answer:
        return str(answer.read().decode())


def person(number: int) -> str:
    return f"{PERSON}{number:08d}"


def chat(number: int) -> str:
    return f"{CHAT}{number:08d}"


def message_id(number: int) -> str:
    return f"{MESSAGE}{number:08d}.000100"


def a_card() -> Card:
    """As large as an ordinary nudge."""
    buttons = tuple(Button(text=words, action=f"nudge.{name}", value="1") for name, words in ACTIONS.items())
    return Card(summary="Dagens knuff", parts=(Heading("Värdet i en mening"), Paragraph(TEXT), Buttons(buttons)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """Whose presses these are: people of the stand-in's tenant, each with a chat of their own. Teams sends one token
    with many requests, and so do we."""

    stand_in: str
    host: str
    path: str = "/api/messages"
    seconds_ahead: float = 0
    """Of our clock, by the clock of the server that checks the token."""

    def requests(self, deliveries: range, *, run: str) -> list[bytes]:
        """Return an HTTP request for each delivery: *I'll do it*, pressed by the person with the same number.

        `run` makes the activity ids of one run differ from another's. Good for an hour.
        """
        head = self._head(token_from(self.stand_in, at=time() + self.seconds_ahead))
        connector = connector_at(self.stand_in)
        body = json.dumps(press(7, run=run, connector=connector), ensure_ascii=False).encode()
        return [_request(head, body.replace(b"00000007", b"%08d" % delivery)) for delivery in deliveries]

    def _head(self, token: str) -> bytes:
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"Authorization: Bearer {token}\r\nUser-Agent: Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)\r\n"
            "Accept: */*\r\n"
        ).encode()


def press(number: int, *, run: str, connector: str) -> dict[str, Any]:
    """Return the invoke for *I'll do it* on the delivery, by the person, in the chat of that number."""
    data = {"knuff": {"action": "nudge.doing", "value": f"{number:08d}"}}
    return {
        "type": "invoke",
        "name": "adaptiveCard/action",
        "id": f"f:{run}-{number:08d}",
        "timestamp": "2026-03-03T07:45:00.1234567Z",
        "localTimestamp": "2026-03-03T08:45:00.1234567+01:00",
        "localTimezone": "Europe/Stockholm",
        "channelId": "msteams",
        "serviceUrl": connector,
        "from": {"id": f"29:1bench{number:08d}", "name": "Karin Berg", "aadObjectId": person(number)},
        "recipient": {"id": f"28:{APP_ID}", "name": "Knuff"},
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": chat(number)},
        "replyToId": message_id(number),
        "value": {
            "action": {"type": "Action.Execute", "title": "Jag gör det", "verb": "nudge.doing", "data": data},
            "trigger": "manual",
        },
        "channelData": {
            "tenant": {"id": TENANT}, "source": {"name": "message"}, "legacy": {"replyToId": f"1:{number:08d}"},
        },
        "entities": [
            {
                "type": "clientInfo", "locale": "sv-SE", "country": "SE", "platform": "Windows",
                "timezone": "Europe/Stockholm",
            }
        ],
        "locale": "sv-SE",
    }  # fmt: skip


def _request(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
