"""`knuff huddle`: a challenge on one page, for the wall."""

import sys
from pathlib import Path

from bot.commands.faults import CANNOT, plainly, say
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
    if out is None:
        sys.stdout.write(card)
        return 0
    try:
        out.write_text(card, encoding="utf-8")
    except OSError as error:
        say(f"--out {out} cannot be written: {error.strerror}.")
        return CANNOT
    sys.stdout.write(f"{out} is ready: open it in a browser and print it on A4.\n")
    return 0
