"""What must reach nobody with its author: recognised before anything is kept, and parted from whoever it came from.

`bot.intake` keeps every event in the inbox before it is handled, with the person it is from. An anonymous form takes
another road: it is handled in the request it came with, and neither the press that opens it nor what is written in it
is kept.
"""

from dataclasses import replace
from typing import TypeGuard

from bot.conversation.events import AnyEvent, Pressed, Submitted
from bot.conversation.health import AGAIN

OPEN, HAND_IN = "proposal.open", "proposal.new"
"""The button that opens an anonymous form, and the form."""
SUGGEST, SUGGESTION = "suggestion.open", "suggestion"
"""As above, for what should be changed in an exercise. That form may be signed."""
NAME = "signature"
"""The input in which it is signed."""


def is_nameless(event: AnyEvent) -> TypeGuard[Pressed | Submitted]:
    match event:
        case Pressed(action=name):
            return name in (OPEN, SUGGEST)
        case Submitted(form=name):
            return name == HAND_IN or (is_suggestion(event) and not event.text(NAME).strip())
        case _:
            return False


def is_suggestion(event: Pressed | Submitted) -> bool:
    if isinstance(event, Pressed):
        return event.action == SUGGEST
    return event.form in (SUGGESTION, f"{SUGGESTION}{AGAIN}")


def without_author(event: Pressed | Submitted) -> Pressed | Submitted:
    """Return the event without who it is from and what would tell: nothing after this knows."""
    if isinstance(event, Pressed):
        return replace(event, key="", person="", profile=None, message=None, trigger=None, view=None)
    return replace(event, key="", person="", profile=None, profiles={}, trigger=None, view=None)


def language_of(event: Pressed | Submitted) -> str:
    """Return what the form is written in: of whoever it is from nothing is known."""
    about = event.value if isinstance(event, Pressed) else event.about
    return about.split(":")[1] if about.count(":") >= PARTS_BEFORE_THE_TOKEN else ""


PARTS_BEFORE_THE_TOKEN = 2
"""Of what a form is about: its step or exercise, and its language."""
