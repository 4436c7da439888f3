"""What people write in a rehearsal: each text has a word in it that stands nowhere else, so that it is known again
wherever it is seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

A_WORD = re.compile(r"\bkvitt[a-p]{6}\b")
LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What somebody is doing when they write: the message it began with, as they read it."""

    channel: str
    """The team's, wherever the message was read."""
    heading: str
    """The message's."""
    day: date
    """Where the team is, when it came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    word: str
    person: str
    label: str
    """What was asked."""
    form: str
    """What the form is called."""
    task: Task
    at: datetime


class Pen:
    """Hands out words of their own. No letters of a name and no digits, so that nothing takes them for somebody's."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def word(self) -> str:
        number = next(self._numbers)
        return "kvitt" + "".join(LETTERS[number >> shift & 15] for shift in range(20, -1, -4))


def words_in(text: str) -> Iterator[str]:
    """Return every such word in a text."""
    return (found.group() for found in A_WORD.finditer(text))
