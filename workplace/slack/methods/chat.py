"""chat.*: what the bot says."""

import re
from typing import Any

from workplace.shapes import Json, JsonList
from workplace.slack import wire
from workplace.slack.blocks.rules import check_message_blocks
from workplace.slack.methods.call import Call
from workplace.slack.records import Channel, Message
from workplace.slack.refusals import Refused

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
# Slack publishes no number for metadata_too_large; this is our assumption.
LARGEST_METADATA = 8_000
_EVENT_TYPE = re.compile(r"^[a-z][a-z0-9_]{0,254}$")


def post_message(call: Call) -> Json:
    channel = _recipient(call)
    text, blocks = _text_and_blocks(call)
    metadata = _metadata(call)
    conversations = call.workspace.conversations
    message = conversations.keep(
        Message(
            channel_id=channel.id,
            ts=conversations.new_ts(call.workspace.now()),
            user_id=call.workspace.app.bot_user_id,
            text=text[:LONGEST_TEXT],
            by_bot=True,
            blocks=blocks,
            metadata=metadata,
            thread_ts=call.arguments.text("thread_ts"),
        )
    )
    body = wire.message(call.workspace, message)
    call.workspace.tell_bot(body | {"channel": channel.id, "channel_type": _kind(channel), "event_ts": message.ts})
    answer: Json = {"ok": True, "channel": channel.id, "ts": message.ts, "message": body}
    if len(text) > LONGEST_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def post_ephemeral(call: Call) -> Json:
    channel = _recipient(call)
    reader = call.workspace.people.get(call.arguments.text("user") or "")
    if reader is None or reader.id not in wire.members(call.workspace, channel):
        raise Refused("user_not_in_channel")
    text, blocks = _text_and_blocks(call)
    conversations = call.workspace.conversations
    message = conversations.keep(
        Message(
            channel_id=channel.id,
            ts=conversations.new_ts(call.workspace.now()),
            user_id=call.workspace.app.bot_user_id,
            text=text[:LONGEST_TEXT],
            by_bot=True,
            blocks=blocks,
            only_for=reader.id,
        )
    )
    return {"ok": True, "message_ts": message.ts}


def update(call: Call) -> Json:
    message = _own_message(call, "cant_update_message")
    arguments = call.arguments
    if not any(arguments.has(name) for name in ("text", "blocks", "attachments")):
        raise Refused("no_text")
    text = arguments.text("text") or ""
    if len(text) > LONGEST_UPDATE:
        raise Refused("msg_too_long")
    changed = call.workspace.conversations.change(
        message,
        text=text if arguments.has("text") else message.text,
        # Text alone takes the place of the blocks; blocks stay only where neither is given.
        blocks=message.blocks if not arguments.has("text") and not arguments.has("blocks") else _blocks(call),
        metadata=_metadata(call) if arguments.has("metadata") else message.metadata,
        now=call.workspace.now(),
    )
    body = wire.message(call.workspace, changed)
    call.workspace.tell_bot(changed_event(call, changed, before=message))
    return {"ok": True, "channel": changed.channel_id, "ts": changed.ts, "text": changed.text, "message": body}


def delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.workspace.conversations.remove(message)
    channel = call.workspace.conversations.channel(message.channel_id)
    call.workspace.tell_bot(
        {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "channel": message.channel_id,
            "channel_type": _kind(channel) if channel else "channel",
            "deleted_ts": message.ts,
            "previous_message": wire.message(call.workspace, message),
            "ts": (event_ts := call.workspace.conversations.new_ts(call.workspace.now())),
            "event_ts": event_ts,
        }
    )
    return {"ok": True, "channel": message.channel_id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.arguments.required("message_ts")
    if call.workspace.conversations.message(channel.id, ts) is None:
        raise Refused("message_not_found")
    link = f"{call.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}


def changed_event(call: Call, message: Message, *, before: Message) -> Json:
    """Slack tells a bot of its own edits too, with the user inside `message` only; bolt 1.30 drops these as well."""
    channel = call.workspace.conversations.channel(message.channel_id)
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": message.channel_id,
        "channel_type": _kind(channel) if channel else "channel",
        "message": wire.message(call.workspace, message),
        "previous_message": wire.message(call.workspace, before),
        "ts": message.edited_ts,
        "event_ts": message.edited_ts,
    }


def _recipient(call: Call) -> Channel:
    """Return the channel to post in; a person's id opens the direct messages.

    Posting to someone deactivated succeeds where the direct messages already exist, as it does in Slack
    (slackapi/python-slack-sdk#1156): nobody reads it.
    """
    name = call.arguments.text("channel") or ""
    workspace = call.workspace
    if channel := workspace.conversations.channel(name) or _by_name(call, name):
        if not channel.bot_is_member:
            raise Refused("not_in_channel")
        _check_is_open(channel)
        return channel
    person = workspace.people.get(name)
    if person is None:
        raise Refused("channel_not_found")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    if person.deleted and workspace.conversations.direct_with(person.id) is None:
        raise Refused("channel_not_found")
    return workspace.conversations.open_direct(person.id)


def _check_is_open(channel: Channel) -> None:
    if channel.is_archived:
        raise Refused("is_archived")


def _by_name(call: Call, name: str) -> Channel | None:
    if not name.startswith("#"):
        return None
    return next((c for c in call.workspace.conversations.channels() if f"#{c.name}" == name), None)


def _kind(channel: Channel) -> str:
    return "im" if channel.is_direct else "channel"


def _text_and_blocks(call: Call) -> tuple[str, JsonList]:
    text, blocks = call.arguments.text("text") or "", _blocks(call)
    if not text and not blocks and not call.arguments.has("attachments"):
        raise Refused("no_text")
    return text, blocks


def _blocks(call: Call) -> JsonList:
    if not call.arguments.has("blocks"):
        return []
    return check_message_blocks(call.arguments.structure("blocks", code="invalid_blocks_format"))


def _metadata(call: Call) -> Json | None:
    metadata: Any = call.arguments.structure("metadata", code="invalid_metadata_format")
    if metadata is None or metadata == {}:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not _EVENT_TYPE.match(metadata["event_type"]):
        raise Refused("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict) or any(_is_deep(value) for value in payload.values()):
        raise Refused("invalid_metadata_schema")
    if len(str(metadata)) > LARGEST_METADATA:
        raise Refused("metadata_too_large")
    return metadata


def _is_deep(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict | list) for item in value))


def _own_message(call: Call, refusal: str) -> Message:
    channel = call.channel()
    _check_is_open(channel)
    message = call.workspace.conversations.message(channel.id, call.arguments.text("ts") or "")
    if message is None or message.only_for:
        raise Refused("message_not_found")
    if not message.by_bot:
        raise Refused(refusal)
    return message
