"""The payloads Slack sends a bot: events, interactions, commands. Shapes checked against slack-bolt 1.30."""

import secrets

from workplace.shapes import Json
from workplace.slack import wire
from workplace.slack.records import Channel, Message, Person, View
from workplace.slack.workspace import Workspace

# Deprecated by Slack and still sent; signatures are what counts.
VERIFICATION_TOKEN = "pretend-verification-token"  # noqa: S105


def event_callback(workspace: Workspace, event: Json) -> Json:
    app, team = workspace.app, workspace.team
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": None,
        "api_app_id": app.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.clock.seconds()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team.id,
                "user_id": app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(12)}",
    }


def message_event(workspace: Workspace, message: Message, channel: Channel) -> Json:
    return wire.message(workspace, message) | {
        "client_msg_id": secrets.token_hex(16),
        "channel": channel.id,
        "channel_type": "im" if channel.is_direct else "channel",
        "event_ts": message.ts,
    }


def _from_person(workspace: Workspace, kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "team": {"id": workspace.team.id, "domain": workspace.team.domain},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team.id},
        "api_app_id": workspace.app.app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def block_actions_in_message(
    workspace: Workspace,
    person: Person,
    *,
    channel: Channel,
    message: Message,
    action: Json,
    state: Json,
    base_url: str,
) -> Json:
    now = workspace.now()
    key = workspace.handles.response_url_for(person.id, channel_id=channel.id, ts=message.ts, now=now)
    return _from_person(workspace, "block_actions", person) | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        },
        "trigger_id": workspace.handles.trigger_for(person.id, now=now),
        "channel": {"id": channel.id, "name": channel.name},
        "message": wire.message(workspace, message),
        "state": {"values": state},
        "response_url": f"{base_url}/response/{key}",
        "actions": [action],
    }


def block_actions_in_view(workspace: Workspace, person: Person, *, view: View, action: Json) -> Json:
    return _from_person(workspace, "block_actions", person) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": workspace.handles.trigger_for(person.id, now=workspace.now()),
        "view": wire.view(workspace, view),
        "actions": [action],
    }


def view_submission(workspace: Workspace, person: Person, view: View) -> Json:
    return _from_person(workspace, "view_submission", person) | {
        "trigger_id": workspace.handles.trigger_for(person.id, now=workspace.now()),
        "view": wire.view(workspace, view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, person: Person, view: View, *, is_cleared: bool) -> Json:
    return _from_person(workspace, "view_closed", person) | {
        "view": wire.view(workspace, view),
        "is_cleared": is_cleared,
    }


def slash_command(
    workspace: Workspace, person: Person, *, channel: Channel, command: str, text: str, base_url: str
) -> Json:
    now = workspace.now()
    key = workspace.handles.response_url_for(person.id, channel_id=channel.id, ts=None, now=now)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": f"{base_url}/response/{key}",
        "trigger_id": workspace.handles.trigger_for(person.id, now=now),
    }
