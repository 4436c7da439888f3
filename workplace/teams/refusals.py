"""Saying no the way the Bot Framework does: a status, and an error with a code and a message."""

from workplace.shapes import Json


class Refused(Exception):
    """A call of the connector that Teams would refuse."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message or code


def error(code: str, message: str = "") -> Json:
    return {"error": {"code": code, "message": message or code}}
