"""Saying no the way Slack does: HTTP 200, `ok: false` and a code."""

from workplace.shapes import Json


class Refused(Exception):
    """A Web API call Slack would refuse with `code`; `messages` go to response_metadata.messages."""

    def __init__(self, code: str, *, messages: list[str] | None = None, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.more = more

    def as_json(self) -> Json:
        answer: Json = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            answer["errors"] = self.messages
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return answer
