"""Adaptive Cards, as far as Teams' service and its client look into them: versions, buttons, inputs."""

import re
from collections.abc import Iterator
from typing import Any

from workplace.shapes import Json

CARD = "application/vnd.microsoft.card.adaptive"
NEWEST_VERSION = (1, 5)
KNOWS_EXECUTE = (1, 4)
_VERSION = re.compile(r"^(\d+)\.(\d+)$")
# What these hold is no part of the card as it is drawn.
_NOT_DRAWN = frozenset({"data", "fallback", "msteams", "choices.data"})


class BadCard(ValueError):
    """Teams would not take this card; the sentence says why."""


def check(attachment: Any) -> Json:
    """Return the card in an attachment; raises BadCard."""
    if not isinstance(attachment, dict) or attachment.get("contentType") != CARD:
        raise BadCard(f"an attachment must be {CARD}")
    card = attachment.get("content")
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        raise BadCard("the attachment has no Adaptive Card as its content")
    if version(card) > NEWEST_VERSION:
        raise BadCard(f"the card is of version {card.get('version')}, and Teams draws 1.5 at most")
    if not card.get("body") and not card.get("actions"):
        raise BadCard("the card is empty")
    return card


def version(card: Json) -> tuple[int, int]:
    """Return the version a card says; raises BadCard when it says none."""
    found = _VERSION.match(str(card.get("version")))
    if found is None:
        raise BadCard("the card does not say its version")
    return int(found[1]), int(found[2])


def actions(card: Json) -> Iterator[Json]:
    """Yield every action of a card, in order, those in hidden parts too."""
    return (part for part in _parts(card) if str(part.get("type", "")).startswith("Action."))


def inputs(card: Json) -> Iterator[Json]:
    """Yield every input of a card, in order."""
    return (part for part in _parts(card) if str(part.get("type", "")).startswith("Input."))


def as_offered(action: Json, card: Json, *, old_client: bool) -> Json | None:
    """Return the action a client would offer in this one's place; None for none.

    Action.Execute came with version 1.4; whoever does not know it takes its fallback.
    """
    if action.get("type") != "Action.Execute" or (version(card) >= KNOWS_EXECUTE and not old_client):
        return action
    fallback = action.get("fallback")
    return fallback if isinstance(fallback, dict) else None


def opens_dialog(action: Json) -> bool:
    """Return whether the action, as it is offered, asks for a dialog: only a Submit does."""
    data = action.get("data")
    teams = data.get("msteams") if isinstance(data, dict) else None
    return action.get("type") == "Action.Submit" and isinstance(teams, dict) and teams.get("type") == "task/fetch"


def _parts(part: Any) -> Iterator[Json]:
    if isinstance(part, list):
        for item in part:
            yield from _parts(item)
    elif isinstance(part, dict):
        yield part
        for name, value in part.items():
            if name not in _NOT_DRAWN and isinstance(value, dict | list):
                yield from _parts(value)
