"""`knuff manifest slack` and `knuff manifest teams`."""

import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from bot.commands.faults import CANNOT, plainly, say
from bot.settings import GUID, read_settings

LONGEST_NAME_IN_SLACK = 35
LONGEST_NAME_IN_TEAMS = 30


@plainly
def print_slack_manifest(*, url: str | None, socket_mode: bool, audiences: bool, name: str) -> int:
    from bot.slack.manifest import manifest

    if url is not None and not url.startswith("https://"):
        say(f"--url must begin with https://, since Slack calls nothing else; {url} does not.")
        return CANNOT
    if len(name) > LONGEST_NAME_IN_SLACK:
        say(f"--name takes at most {LONGEST_NAME_IN_SLACK} characters.")
        return CANNOT
    body = manifest(url=url, socket_mode=socket_mode, audiences=audiences, name=name)
    sys.stdout.write(orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


@plainly
def write_teams_package(*, url: str, app_id: str, name: str, about: str, out: Path) -> int:
    from bot.teams.manifest import package

    organisation = read_settings().organisation
    if fault := _teams_fault(url=url, app_id=app_id, name=name, about=about):
        say(fault)
        return CANNOT
    try:
        out.write_bytes(
            package(url=url, app_id=app_id.lower(), name=name.strip(), about=about, organisation=organisation)
        )
    except OSError as error:
        say(f"--out {out} cannot be written: {error.strerror}.")
        return CANNOT
    sys.stdout.write(f"{out} is ready to upload: Teams admin center, Teams apps, Manage apps, Upload new app.\n")
    return 0


def _teams_fault(*, url: str, app_id: str, name: str, about: str) -> str | None:
    for option, address in (("--url", url), ("--about", about)):
        if not _is_https(address):
            return (
                f"{option} must be an address that begins with https://, since Teams takes no other; {address} is not."
            )
    if not GUID.fullmatch(app_id):
        return (
            "--app-id is the Azure bot's Microsoft App ID, such as a1b2c3d4-0000-4000-8000-000000000001;"
            f" {app_id!r} is not one."
        )
    if not 1 <= len(name.strip()) <= LONGEST_NAME_IN_TEAMS:
        return f"--name takes 1 to {LONGEST_NAME_IN_TEAMS} characters."
    return None


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", address)
    except ValueError:
        return False
