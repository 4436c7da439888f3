"""`knuff preview`: everything Knuff can show, as the platform would get it."""

import sys

import orjson
from rich.console import Console

from bot.commands.faults import CANNOT, plainly, say
from bot.libraries import open_library
from bot.previewing import DRESSES, preview_lines, preview_panels
from bot.settings import read_settings

PLATFORMS = tuple(DRESSES)
LANGUAGES = ("sv", "en")


@plainly
def preview(*, platform: str, language: str, everything: bool, as_json: bool) -> int:
    if platform not in PLATFORMS:
        say(f"--platform knows {', '.join(PLATFORMS)}, not {platform!r}.")
        return CANNOT
    if language not in LANGUAGES:
        say(f"--language is {' or '.join(LANGUAGES)}, not {language!r}.")
        return CANNOT
    library = open_library(read_settings())
    if everything and not as_json:
        console = Console()
        for panel in preview_panels(language, library=library):
            console.print(panel)
        return 0
    for line in preview_lines(platform, language, library=library):
        shown = orjson.dumps(line).decode() if as_json else f"{line['surface']} {line['name']}"
        sys.stdout.write(f"{shown}\n")
    return 0
