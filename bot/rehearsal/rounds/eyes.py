"""What everybody saw in a rehearsal, and when: messages as the platform showed them, and windows. Nothing is asked of
the database."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Card, Form
from bot.rehearsal.rounds.writing import words_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """The first time that a word was in front of somebody."""

    word: str
    by: str
    """A person, or a channel and everybody in it."""
    at: datetime


class Eyes:
    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Sight] = {}

    def see(self, what: Card | Form | str, *, by: str, at: datetime) -> None:
        # All its text, wherever in it: a button's value and what a choice begins with are text too.
        for word in words_in(what if isinstance(what, str) else repr(what)):
            self._seen.setdefault((word, by), Sight(word=word, by=by, at=at))

    @property
    def sights(self) -> list[Sight]:
        return list(self._seen.values())
