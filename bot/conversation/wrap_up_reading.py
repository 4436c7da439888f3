"""A wrap-up as it is read: by the team, and by whoever coordinates once the team has approved it."""

from bot.conversation.cards import Facts, Heading, Part
from bot.conversation.texts import Words
from lessons.challenges import Challenge
from storage.tables.rounds import Ending, Round
from storage.wrap_ups import Lines

NOTHING = "–"
LEARNED = "_learned"
"""The key of what a team that stopped has learned: no challenge has a line called so."""
STOPPED = (Ending.STOPPED_HERE, Ending.NOT_MADE)
"""Of a round that ended so, there may be nothing to say in a line."""


def shared_parts(challenge: Challenge, round_: Round, words: Words) -> list[Part]:
    """What the team has approved, for whoever coordinates: nothing before that."""
    if round_.shared_at is None or round_.wrap_up is None:
        return []
    return [Heading(words("rounds.wrap_up_title")), facts(challenge, round_, round_.wrap_up, words)]


def facts(challenge: Challenge, round_: Round, lines: Lines, words: Words) -> Facts:
    """Return these lines as they are read."""
    pairs = [(words.of(line.label), lines.get(line.key) or NOTHING) for line in challenge.wrap_up]
    if round_.ending in STOPPED:  # what there was no time for is not held up to the team
        pairs = [(label, text) for label, text in pairs if text not in (NOTHING, "0")]
    if learned := lines.get(LEARNED):
        pairs.insert(0, (words("round_changes.learned"), learned))
    return Facts(tuple(pairs))
