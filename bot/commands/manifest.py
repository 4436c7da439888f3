"""`knuff manifest slack`."""

import sys

import orjson

from bot.commands.faults import CANNOT, plainly, say
from bot.slack.manifest import manifest

LONGEST_NAME = 35


@plainly
def print_slack_manifest(*, url: str | None, socket_mode: bool, audiences: bool, name: str) -> int:
    if url is not None and not url.startswith("https://"):
        say(f"--url must begin with https://, since Slack calls nothing else; {url} does not.")
        return CANNOT
    if len(name) > LONGEST_NAME:
        say(f"--name takes at most {LONGEST_NAME} characters.")
        return CANNOT
    body = manifest(url=url, socket_mode=socket_mode, audiences=audiences, name=name)
    sys.stdout.write(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0
