"""What everybody saw in a rehearsal, and when: messages as the platform showed them, and windows. Nothing is asked of
the database."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.cards import Card, Form
from bot.conversation.events import AnyEvent
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome
from bot.rehearsal.paper import Received
from bot.rehearsal.rounds.writing import words_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """The first time that a word was in front of somebody."""

    word: str
    by: str
    """A person, or a channel and everybody in it."""
    at: datetime


class Eyes:
    def __init__(self, channels: frozenset[str] = frozenset()) -> None:
        """What is shown in one of the `channels` is seen by everybody in it."""
        self._channels = channels
        self._seen: dict[tuple[str, str], Sight] = {}

    def read(self, received: Received) -> None:
        """A message has come."""
        self.see(received.card, by=received.person or received.channel or "", at=received.at)

    def look(self, event: AnyEvent, show: Show, at: datetime) -> None:
        """Something is shown to whoever did something."""
        match show:
            case OpenForm(form):
                self.see(form, by=event.person, at=at)
            case Refuse(errors):
                self.see(repr(errors), by=event.person, at=at)
            case Replace(message, card):
                in_channel = message.conversation in self._channels
                self.see(card, by=message.conversation if in_channel else event.person, at=at)
            case ShowHome(card):
                self.see(card, by=event.person, at=at)
            case Say():
                pass  # a message: the platform receives it

    def see(self, what: Card | Form | str, *, by: str, at: datetime) -> None:
        # All its text, wherever in it: a button's value and what a choice begins with are text too.
        for word in words_in(what if isinstance(what, str) else repr(what)):
            self._seen.setdefault((word, by), Sight(word=word, by=by, at=at))

    @property
    def sights(self) -> list[Sight]:
        return list(self._seen.values())
