"""What a coordinator chooses for a round in which people are put together. Pure."""

from collections.abc import Iterable

from bot.conversation.cards import ChoiceInput, Input, Option
from bot.conversation.events import Submitted
from bot.conversation.texts import Words
from lessons.challenges import Challenge, Form

ACROSS = "across_units"


def inputs(words: Words, challenges: Iterable[Challenge]) -> tuple[Input, ...]:
    """Return what the form asks beside the challenge: nothing, where none of them puts people together."""
    if all(one.form is not Form.PAIRS for one in challenges):
        return ()
    options = tuple(Option(answer, words(f"pairs.across_{answer}")) for answer in ("yes", "no"))
    choice = ChoiceInput(
        name=ACROSS,
        label=words("pairs.across_label"),
        hint=words("pairs.across_hint"),
        options=options,
        initial=("yes",),
    )
    return (choice,)


def chosen(sent: Submitted) -> bool:
    """Whether people of different units come first: also where it was not asked."""
    return sent.text(ACROSS) != "no"


def facts(words: Words, challenge: Challenge, *, across_units: bool) -> tuple[tuple[str, str], ...]:
    """Return what the preview says of it."""
    if challenge.form is not Form.PAIRS:
        return ()
    return ((words("pairs.preview_pairs"), words("pairs.preview_yes" if across_units else "pairs.preview_no")),)
