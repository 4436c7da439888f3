"""Every method we answer, with Slack's tier and the scopes that open it (method reference, November 2026)."""

from collections.abc import Mapping
from types import MappingProxyType

from workplace.slack.methods import chat, conversations, team, users, views
from workplace.slack.methods.call import Method

_WRITE = ("chat:write",)
_HISTORY = ("im:history", "channels:history")
_CHANNELS = ("channels:read", "im:read")
_PEOPLE = ("users:read",)
_GROUPS = ("usergroups:read",)

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "api.test": Method(run=team.api_test, tier=4),
        "apps.connections.open": Method(run=team.open_connection, tier=None, app_token=True),
        "auth.test": Method(run=team.auth_test, tier=None),
        "bots.info": Method(run=team.bot_info, tier=3, scopes=_PEOPLE),
        "team.info": Method(run=team.team_info, tier=3, scopes=("team:read",)),
        "chat.postMessage": Method(run=chat.post_message, tier=None, scopes=_WRITE),
        "chat.postEphemeral": Method(run=chat.post_ephemeral, tier=4, scopes=_WRITE),
        "chat.update": Method(run=chat.update, tier=3, scopes=_WRITE),
        "chat.delete": Method(run=chat.delete, tier=3, scopes=_WRITE),
        "chat.getPermalink": Method(run=chat.get_permalink, tier=None),
        "conversations.open": Method(run=conversations.open_conversation, tier=3, scopes=("im:write",)),
        "conversations.history": Method(run=conversations.history, tier=3, scopes=_HISTORY),
        "conversations.replies": Method(run=conversations.replies, tier=3, scopes=_HISTORY),
        "conversations.members": Method(run=conversations.members, tier=4, scopes=_CHANNELS),
        "conversations.info": Method(run=conversations.info, tier=3, scopes=_CHANNELS),
        "conversations.list": Method(run=conversations.list_all, tier=2, scopes=_CHANNELS),
        "users.conversations": Method(run=conversations.of_user, tier=3, scopes=_CHANNELS),
        "users.info": Method(run=users.info, tier=4, scopes=_PEOPLE),
        "users.list": Method(run=users.list_all, tier=2, scopes=_PEOPLE),
        "usergroups.list": Method(run=users.list_groups, tier=2, scopes=_GROUPS),
        "usergroups.users.list": Method(run=users.group_users, tier=2, scopes=_GROUPS),
        "views.open": Method(run=views.open_view, tier=4),
        "views.push": Method(run=views.push, tier=4),
        "views.update": Method(run=views.update, tier=4),
        "views.publish": Method(run=views.publish, tier=4),
    }
)
