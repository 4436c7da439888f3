"""Hands on the pretend workplace, through its control API: acting as people, looking with their eyes, arranging."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote_plus
from urllib.request import Request, urlopen

Json = dict[str, Any]
T = TypeVar("T")
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Hands:
    address: str
    under: ClassVar[str] = "/_control"
    """Where the workplace's half of a platform is looked at and arranged; here Slack's."""
    key: ClassVar[str] = "ts"
    """What a message is known by."""

    def get(self, path: str) -> Json:
        return dict(json.loads(self.text(path)))

    def text(self, path: str) -> str:
        with urlopen(self.address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, body: Json) -> Json:
        """Do it. AssertionError with the workplace's own words when it cannot be done."""
        request = Request(self.address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=60) as answer:
                return dict(json.loads(answer.read()))
        except HTTPError as refusal:
            raise AssertionError(f"{path} {body}: {refusal.read().decode()}") from refusal

    def log(self, *, method: str = "chat.postMessage", after: int = 0, under: str | None = None) -> list[Json]:
        """Every call of the method the API received after number `after`, whatever became of it."""
        path = f"{under or self.under}/log?method={quote_plus(method)}&after={after}"
        return [json.loads(line) for line in self.text(path).splitlines()]

    def act(self, person: str, what: str, **body: Any) -> Json:
        return self.post(f"{self.under}/people/{person}/{what}", body)

    def sees(self, person: str) -> Json:
        return self.get(f"{self.under}/people/{person}")

    def messages(self, person: str) -> list[Json]:
        """The chat with Knuff, oldest first, own messages too."""
        return list(self.sees(person)["direct"]["messages"])

    def button(self, person: str, action: str) -> tuple[Json, str]:
        """Return the newest message with a button whose action begins so, and the button's `action_id`; LookupError."""
        for message in reversed(self.messages(person)):
            for block in message.get("blocks", []):
                for element in block.get("elements", []):
                    if element.get("type") == "button" and element["action_id"].startswith(action):
                        return message, element["action_id"]
        raise LookupError(f"{person} sees no button {action}")

    def press(self, person: str, action: str) -> Json:
        message, action_id = self.button(person, action)
        return self.act(person, "press", action_id=action_id, ts=message["ts"])


@dataclass(frozen=True, slots=True)
class HandsInTeams(Hands):
    under: ClassVar[str] = "/_control/teams"
    key: ClassVar[str] = "id"

    def messages(self, person: str) -> list[Json]:
        return list((self.sees(person)["personal"] or {"messages": ()})["messages"])

    def button(self, person: str, action: str) -> tuple[Json, str]:
        """Return the newest message with a button whose action begins so, and the button's action; LookupError."""
        for message in reversed(self.messages(person)):
            for meant in meant_by(message["card"]):
                if meant["action"].startswith(action):
                    return message, str(meant["action"])
        raise LookupError(f"{person} sees no button {action}")

    def press(self, person: str, action: str) -> Json:
        """Press the newest such button, the first of several in a card."""
        message, _ = self.button(person, action)
        meant = next(one for one in meant_by(message["card"]) if one["action"].startswith(action))
        return self.act(person, "press", id=message["id"], action=meant["action"], value=meant["value"])


def meant_by(part: object) -> Iterator[Json]:
    """Yield what each button of a card means to Knuff, in order."""
    if isinstance(part, dict) and isinstance(part.get("data"), dict) and "action" in part["data"].get("knuff", {}):
        yield part["data"]["knuff"]
        return
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for one in parts:
        yield from meant_by(one)


def wait_for(what: str, look: Callable[[], T | None], *, seconds: float) -> T:
    """Return what `look` finds as soon as it is true; TimeoutError naming what never came."""
    until = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"within {seconds:g} s: {what}")
        time.sleep(LOOK_SECONDS)
