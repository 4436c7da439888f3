"""What the bot said to something that was delivered to it, and what became of an act that led there."""

import json
from dataclasses import dataclass
from typing import Any

from workplace.shapes import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`reason` is None when the bot acknowledged in time, else why not: http_timeout, connection_failed, http_error."""

    reason: str | None
    status: int | None = None
    body: Any = None
    no_retry: bool = False

    @property
    def acknowledged(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: how the bot answered, and more for whoever acted."""

    answer: Answer
    more: Json

    def as_json(self) -> Json:
        answer = self.answer
        return {
            "ok": True,
            "acknowledged": answer.acknowledged,
            "status": answer.status,
            "reason": answer.reason,
            **self.more,
        }


def decoded(text: str) -> Any:
    """Return the JSON in a body; None for an empty one, the text itself where it is no JSON."""
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text
