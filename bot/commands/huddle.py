"""`knuff huddle`: a challenge on one page, for the wall."""

from pathlib import Path

from bot.commands.faults import CANNOT, plainly, say
from bot.commands.paper import hand_out
from bot.libraries import open_library
from bot.settings import read_settings
from lessons.huddle import huddle_card
from lessons.library import ChallengeNotFound
from lessons.models import Language


@plainly
def huddle(challenge: str, *, language: str, out: Path | None) -> int:
    if language not in list(Language):
        say(f"--language is sv or en, not {language!r}.")
        return CANNOT
    library = open_library(read_settings())
    try:
        card = huddle_card(library.challenge(challenge), Language(language))
    except ChallengeNotFound:
        say(f"There is no challenge {challenge!r}. There is: {', '.join(sorted(library.challenges))}.")
        return CANNOT
    return hand_out(card, out)
