"""Which button of a card somebody means."""

from dataclasses import dataclass
from typing import Any

from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.teams import cards

# These do something in the client alone.
_AT_HOME = frozenset({"Action.ToggleVisibility", "Action.ShowCard"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """All that is given must fit: the verb, the title, and `action` and `value` in the data the bot put there."""

    verb: str | None = None
    title: str | None = None
    action: str | None = None
    value: Any = None

    def fits(self, offered: Json) -> bool:
        data = offered.get("data")
        own = data.get("knuff") if isinstance(data, dict) else None
        own = own if isinstance(own, dict) else {}
        pairs = (
            (self.verb, offered.get("verb")),
            (self.title, offered.get("title")),
            (self.action, own.get("action")),
            (self.value, own.get("value")),
        )
        return all(wanted is None or wanted == found for wanted, found in pairs)


def find(card: Json, wanted: Wanted, *, old_client: bool = False, in_dialog: bool = False) -> Json:
    """Return the action that is meant; raises NotPossible for none, and for several that differ."""
    found: list[Json] = []
    for action in cards.actions(card):
        offered = cards.as_offered(action, card, old_client=old_client)
        # A fallback has the title of what it stands in for, where it has none of its own.
        named = offered and {"title": action.get("title"), "verb": action.get("verb")} | offered
        if named and named["type"] not in _AT_HOME and wanted.fits(named) and named not in found:
            found.append(named)
    if not found:
        raise NotPossible("there is no such button to press")
    if len(found) > 1:
        raise NotPossible(f"{len(found)} different buttons fit: say more")
    if in_dialog and found[0]["type"] not in ("Action.Submit", "Action.OpenUrl"):
        raise NotPossible(f"a dialog in Teams knows no {found[0]['type']}")
    return found[0]
