"""Addresses that open a chat with somebody, in the client that whoever presses already has open. Pure."""

import re
from urllib.parse import quote, urlencode

_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")


def chat_with(platform: str, *, workspace: str, external_id: str | None, name: str | None) -> str | None:
    """Return the address, or None where there is none: Slack knows people by its own ids, and Teams by their address.

    https://docs.slack.dev/interactivity/deep-linking
    https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
    """
    if platform == "slack" and external_id:
        return f"slack://user?{urlencode({'team': workspace, 'id': external_id})}"
    if platform == "teams" and name and _ADDRESS.fullmatch(name):
        return f"https://teams.microsoft.com/l/chat/0/0?users={quote(name, safe='@')}"
    return None
