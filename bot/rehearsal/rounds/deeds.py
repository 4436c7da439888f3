"""What was done with batons in a rehearsal, as it was seen: what people pressed and sent, and what the window answered.
Nothing is asked of the database."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.conversation.cards import Buttons, Form, Paragraph
from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.shows import OpenForm, Show
from bot.conversation.texts import LANGUAGES, Words
from bot.rehearsal.rounds.writing import words_in

A_BATON = "relay.write"
"""What the form for a baton is called."""
A_NUMBER = re.compile(r"[0-9]+")
LEAST = 3
"""So many approve of a baton. In a team of fewer all do, and then only the window tells."""


class Did(Enum):
    WROTE = auto()
    """The window said that it is kept."""
    APPROVED = auto()
    """One of the team, for themselves."""
    SAW_IT_READY = auto()
    """The window offered to hand the words over, so enough have approved of them."""
    HANDED_OVER = auto()
    """The window said that it is done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    what: Did
    leg_id: int
    person: str
    at: datetime
    words: tuple[str, ...] = ()
    """What was sent, or what stood in the window: each word once, in their order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """Words of a team's own that enough of it have approved, as far as was seen: these go on."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    """What the latest form before had sent: the same."""
    ready_at: datetime
    handed_over_at: datetime | None
    """None: nobody of the team did, and they go on by themselves."""


SAID = {
    "relay.approve": (Did.APPROVED, ("relays.approved_now",)),
    "relay.hand_over": (Did.HANDED_OVER, ("relays.handed_over", "relays.handed_over_last")),
}
"""What the answer to a press says when it is done."""


def deeds_of(event: AnyEvent, show: Show, at: datetime) -> Iterator[Deed]:
    """Return what an answer says that somebody has done, or can do now."""
    if not isinstance(show, OpenForm):
        return
    form = show.form
    if isinstance(event, Submitted) and event.form == A_BATON and _says(form, "relays.baton_kept"):
        words = distinct_words(repr(event.values))
        yield Deed(what=Did.WROTE, leg_id=_number(event.about), person=event.person, at=at, words=words)
    if isinstance(event, Pressed) and event.action in SAID:
        what, keys = SAID[event.action]
        if any(_says(form, key) for key in keys):
            yield Deed(what=what, leg_id=_number(event.value), person=event.person, at=at)
    for button in (one for part in form.body if isinstance(part, Buttons) for one in part.buttons):
        if button.action == "relay.hand_over":
            words, leg_id = distinct_words(repr(form.body)), _number(button.value)
            yield Deed(what=Did.SAW_IT_READY, leg_id=leg_id, person=event.person, at=at, words=words)


def own_words(deeds: Iterable[Deed], *, steady: frozenset[str]) -> Own | None:
    """Return what a leg's team has approved: by the window that offers to hand it over, or by so many who were told
    that they have approved. Only of the `steady` is it certain that they were still in the team; None: nothing."""
    there = list(deeds)
    handed_over_at = next((one.at for one in there if one.what is Did.HANDED_OVER), None)
    written: tuple[str, ...] = ()
    approve = set[str]()
    for one in there:
        if one.what is Did.WROTE:
            written, approve = one.words, set()
        elif one.what is Did.APPROVED:
            approve.add(one.person)
        if one.what is Did.SAW_IT_READY or len(approve & steady) >= LEAST:
            words = one.words if one.what is Did.SAW_IT_READY else written
            return Own(words=words, written=written, ready_at=one.at, handed_over_at=handed_over_at)
    return None


def distinct_words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words_in(text)))


def says(text: str, key: str) -> bool:
    """Whether a text is, or has in it, what we say under this key; up to its first field, where it has one."""
    return any(Words(language)(key).partition("{")[0] in text for language in LANGUAGES)


def _says(form: Form, key: str) -> bool:
    return any(isinstance(part, Paragraph) and says(part.text, key) for part in form.body)


def _number(value: str) -> int:
    """Return the leg that a button or form is about: the number it begins with."""
    found = A_NUMBER.match(value)
    if found is None:
        raise ValueError(f"no leg in {value!r}")
    return int(found.group())
