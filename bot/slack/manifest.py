"""The Slack app's manifest, with the smallest scopes that do the work."""

from bot.slack.mrkdwn import Json

SCOPES = {
    "chat:write": "send nudges and update them",
    "im:history": "read replies in the personal chat, and find a message whose sending broke off",
    "im:write": "find the personal chat of somebody whose first message broke off",
    "users:read": "time zone, language and who has left",
    "commands": "/knuff",
}
AUDIENCE_SCOPES = {
    "usergroups:read": "pick people by user group",
    "channels:read": "pick people by channel",
    "groups:read": "pick people by private channel, and write in one whose members we read",
}
EVENTS = ("message.im", "app_home_opened", "user_change", "app_uninstalled", "tokens_revoked")
AUDIENCE_EVENTS = (
    "channel_left", "channel_archive", "channel_deleted", "group_left", "group_archive", "group_deleted",
    "member_joined_channel",
)  # fmt: skip
"""What `channels:read` and `groups:read` let us hear. Without them the next message to the channel finds it out."""


def manifest(*, url: str | None, socket_mode: bool, audiences: bool, name: str = "Knuff") -> Json:
    """Return the manifest. `url` is where Slack reaches us (https); without one, everything comes through a socket."""
    request_url = f"{url.rstrip('/')}/slack/events" if url else None
    through_socket = socket_mode or request_url is None
    at = {} if through_socket else {"request_url": request_url}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": "En kort övning i innovationsledarskap varje arbetsdag / One short exercise a working day",
            "background_color": "#1f3d36",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # Replies typed in the chat are answers, so it must be writable.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {
                    "command": "/knuff",
                    "description": "Dagens övning, hjälp, inställningar / Today, help, settings",
                    "usage_hint": "idag | hjälp | today | help",
                    "should_escape": False,
                    **({} if through_socket else {"url": request_url}),
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted([*SCOPES, *(AUDIENCE_SCOPES if audiences else ())])}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted([*EVENTS, *(AUDIENCE_EVENTS if audiences else ())]), **at},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": through_socket,
            "token_rotation_enabled": False,
        },
    }
