"""How our records look in Slack's JSON."""

from workplace.shapes import Json
from workplace.slack.records import Channel, Group, Message, Person, View
from workplace.slack.workspace import Workspace

_ZONE_LABELS = {
    "Europe/Stockholm": "Central European Time",
    "Europe/London": "Greenwich Mean Time",
    "Europe/Helsinki": "Eastern European Time",
}


def user(workspace: Workspace, person: Person, *, with_locale: bool = False) -> Json:
    body: Json = {
        "id": person.id,
        "team_id": workspace.team.id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "profile": {
            "real_name": person.real_name,
            "real_name_normalized": person.real_name,
            "display_name": person.real_name.split()[0],
            "display_name_normalized": person.real_name.split()[0],
            "title": person.title,
            "team": workspace.team.id,
        },
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if not person.deleted:
        body |= {
            "tz": person.tz,
            "tz_label": _ZONE_LABELS.get(person.tz, person.tz),
            "tz_offset": person.offset_seconds(workspace.now()),
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
        }
    if with_locale:
        body["locale"] = person.locale
    return body


def channel(workspace: Workspace, record: Channel) -> Json:
    if record.is_direct:
        person = workspace.people.get(record.person_id or "")
        return {
            "id": record.id,
            "is_im": True,
            "is_channel": False,
            "user": record.person_id,
            "is_user_deleted": bool(person and person.deleted),
            "is_archived": False,
            "is_open": True,
            "context_team_id": workspace.team.id,
        }
    return {
        "id": record.id,
        "name": record.name,
        "name_normalized": record.name,
        "is_channel": True,
        "is_im": False,
        "is_private": False,
        "is_archived": record.is_archived,
        "is_general": False,
        "is_member": record.bot_is_member,
        "num_members": len(members(workspace, record)),
        "topic": {"value": record.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "context_team_id": workspace.team.id,
    }


def members(workspace: Workspace, record: Channel) -> list[str]:
    """Return the ids of who is in a channel, the bot among them where it is; those who have left are not."""
    if record.person_id:
        return [record.person_id, workspace.app.bot_user_id]
    here = [person_id for person_id in record.members if not workspace.people[person_id].deleted]
    return [*here, workspace.app.bot_user_id] if record.bot_is_member else here


def group(workspace: Workspace, record: Group, *, with_users: bool = False) -> Json:
    active = [person_id for person_id in record.members if not workspace.people[person_id].deleted]
    body: Json = {
        "id": record.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "name": record.name,
        "handle": record.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(active),
    }
    if with_users:
        body["users"] = active
    return body


def message(workspace: Workspace, record: Message, *, all_metadata: bool = True) -> Json:
    body: Json = {
        "type": "message",
        "user": record.user_id,
        "ts": record.ts,
        "text": record.text,
        "team": workspace.team.id,
    }
    if record.by_bot:
        body |= {"bot_id": workspace.app.bot_id, "app_id": workspace.app.app_id}
    if record.blocks:
        body["blocks"] = record.blocks
    if record.thread_ts:
        body["thread_ts"] = record.thread_ts
    if record.edited_ts:
        body["edited"] = {"user": record.user_id, "ts": record.edited_ts}
    if record.metadata:
        body["metadata"] = record.metadata if all_metadata else {"event_type": record.metadata["event_type"]}
    return body


def view(workspace: Workspace, record: View) -> Json:
    optional = ("title", "submit", "close", "submit_disabled")
    return {
        "id": record.id,
        "team_id": workspace.team.id,
        "type": record.type,
        "blocks": record.blocks,
        "private_metadata": record.content.get("private_metadata", ""),
        "callback_id": record.content.get("callback_id", ""),
        "external_id": record.content.get("external_id", ""),
        "clear_on_close": record.content.get("clear_on_close", False),
        "notify_on_close": record.content.get("notify_on_close", False),
        "state": {"values": record.state},
        "hash": record.hash,
        "root_view_id": record.root_id,
        "previous_view_id": record.previous_id,
        "app_id": workspace.app.app_id,
        "bot_id": workspace.app.bot_id,
        "app_installed_team_id": workspace.team.id,
        **{key: record.content.get(key) for key in optional},
    }
