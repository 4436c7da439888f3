"""Arguments of a Web API call: query, form and JSON body as one, whatever the SDK chose to send."""

import json
from typing import Any

from aiohttp import web

from workplace.shapes import Json
from workplace.slack.refusals import Refused


class Arguments:
    """Reads values in the types Slack accepts: a flag may be true, "true" or 1; blocks a list or its JSON."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise Refused("invalid_arguments", messages=[f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "1"}

    def number(self, name: str, *, default: int, most: int) -> int:
        value = self.values.get(name)
        if value in (None, ""):
            return default
        try:
            number = int(str(value))
        except ValueError:
            raise Refused("invalid_limit") from None
        if number < 0:
            raise Refused("invalid_limit")
        return min(number or default, most)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def structure(self, name: str, *, code: str) -> Any:
        """Return a list or object, decoded when it came as text; Refused with `code` when that fails."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(code) from None


async def read_arguments(request: web.Request) -> Arguments:
    """Merge query and body; raises Refused("invalid_json") for a body that claims to be JSON and is not."""
    values: Json = dict(request.query)
    if request.content_type == "application/json":
        values |= _json_object(await request.text())
    elif request.method == "POST":
        values |= dict(await request.post())
    return Arguments(values)


def bearer_token(request: web.Request, arguments: Arguments) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else arguments.text("token")


def _json_object(body: str) -> Json:
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        raise Refused("invalid_json") from None
    if not isinstance(value, dict):
        raise Refused("json_not_object")
    return value
