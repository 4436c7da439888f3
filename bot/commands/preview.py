"""`knuff preview`: everything Knuff can show, as the platform would get it."""

import sys

from bot.commands.faults import CANNOT, plainly, say

PLATFORMS = ("slack",)
LANGUAGES = ("sv", "en")


@plainly
def preview(*, platform: str, language: str, everything: bool, as_json: bool) -> int:
    if platform not in PLATFORMS:
        say(f"--platform knows {', '.join(PLATFORMS)}, not {platform!r}.")
        return CANNOT
    if language not in LANGUAGES:
        say(f"--language is {' or '.join(LANGUAGES)}, not {language!r}.")
        return CANNOT
    import orjson

    from bot.previewing import preview_lines

    for line in preview_lines(platform, language):
        if as_json:
            sys.stdout.write(orjson.dumps(line).decode() + "\n")
        elif everything:
            indented = orjson.dumps(line["payload"], option=orjson.OPT_INDENT_2).decode()
            sys.stdout.write(f"{line['surface']} {line['name']}\n{indented}\n\n")
        else:
            sys.stdout.write(f"{line['surface']} {line['name']}\n")
    return 0
