"""What a team has handed in, one after another, as much of it as a message takes; the rest is a press away."""

from collections.abc import Sequence

from bot.conversation.cards import Button, Buttons, Note, Paragraph, Part
from bot.conversation.round_view import Candidate, StepNow, step_called
from bot.conversation.texts import Words

MOST_LISTED = 24
MOST_CHARACTERS = 6_000
"""A message takes some more, and there is more in it."""


def listed(shown: Sequence[Candidate], words: Words, *, more: str = "rounds.more_shown") -> list[Part]:
    """Return as many as fit, and how many are left, with the text that says where those are. One alone is no list."""
    fit, mark = _how_many_fit(shown), "• " if len(shown) > 1 else ""
    parts: list[Part] = [Paragraph(f"{mark}{one.text}") for one in shown[:fit]]
    if left := len(shown) - fit:
        parts.append(Note(words.count(more, left)))
    return parts


def nothing_to_read(at: StepNow, key: str, words: Words) -> str:
    """Say that a step has brought nothing that has opened."""
    return words("rounds.nothing_to_read", title=words.of(step_called(at.challenge, key).title))


def all_button(at: StepNow, words: Words) -> Buttons:
    """Return what shows all of what a step has brought, as it is when it is pressed."""
    text = words("rounds.see_opened")
    return Buttons((Button(text=text, action="round.opened", value=str(at.row.id), opens_form=True),))


def rest_button(at: StepNow, shown: Sequence[Candidate], words: Words) -> list[Part]:
    """Return what shows all of it, where a message had no room for it."""
    return [] if _how_many_fit(shown) == len(shown) else [all_button(at, words)]


def _how_many_fit(shown: Sequence[Candidate]) -> int:
    left, fit = MOST_CHARACTERS, 0
    for one in shown[:MOST_LISTED]:
        left -= len(one.text)
        if left < 0 and fit:
            break
        fit += 1
    return fit
