"""What the app asks to be allowed: no more than what it does."""

from typing import Any

import pytest

from bot.slack.manifest import manifest

NEEDS = {
    "message.im": "im:history",
    "user_change": "users:read",
    "channel_left": "channels:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "group_left": "groups:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "member_joined_channel": "channels:read",
}
"""Of Slack's events that we listen to, those that come with a scope only."""


def asked(*, audiences: bool) -> tuple[set[str], set[str]]:
    made: dict[str, Any] = manifest(url="https://knuff.example.se", socket_mode=False, audiences=audiences)
    return set(made["oauth_config"]["scopes"]["bot"]), set(made["settings"]["event_subscriptions"]["bot_events"])


@pytest.mark.parametrize("audiences", [True, False])
def test_every_event_comes_with_a_scope_that_is_asked_for(audiences: bool) -> None:
    scopes, events = asked(audiences=audiences)
    assert {NEEDS[event] for event in events if event in NEEDS} <= scopes


@pytest.mark.parametrize("audiences", [True, False])
def test_what_people_write_in_channels_is_never_asked_for(audiences: bool) -> None:
    scopes, events = asked(audiences=audiences)
    assert not scopes & {"channels:history", "groups:history", "mpim:history"}
    assert not events & {"message.channels", "message.groups", "message.mpim", "app_mention"}


def test_that_a_channel_is_gone_or_given_back_is_heard_where_channels_may_be_read() -> None:
    gone = {f"{kind}_{what}" for kind in ("channel", "group") for what in ("left", "archive", "deleted")}
    gone.add("member_joined_channel")
    assert gone <= asked(audiences=True)[1]
    assert not gone & asked(audiences=False)[1]
