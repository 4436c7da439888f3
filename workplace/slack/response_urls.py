"""response_url and the body of a slash command's acknowledgement: answers without a token."""

from typing import Any

from workplace.shapes import Json
from workplace.slack.blocks.rules import check_message_blocks
from workplace.slack.records import Message
from workplace.slack.refusals import Refused
from workplace.slack.workspace import Workspace


def answer_response_url(workspace: Workspace, key: str, body: Any) -> None:
    """Do what a POST to a response_url says; Refused when it is spent or its blocks are wrong."""
    if not isinstance(body, dict):
        raise Refused("invalid_payload")
    url = workspace.handles.use_response_url(key, now=workspace.now())
    original = workspace.conversations.message(url.channel_id, url.ts) if url.ts else None
    if body.get("delete_original") and original:
        workspace.conversations.remove(original)
    elif body.get("replace_original") and original:
        workspace.conversations.change(
            original,
            text=str(body.get("text") or ""),
            blocks=check_message_blocks(body.get("blocks") or []),
            metadata=original.metadata,
            now=workspace.now(),
        )
    else:
        add_reply(workspace, body, channel_id=url.channel_id, person_id=url.person_id)
    workspace.changes.happened()


def add_reply(workspace: Workspace, body: Json, *, channel_id: str, person_id: str) -> None:
    """Add the bot's reply, seen by the person alone unless it says `in_channel`."""
    text, blocks = str(body.get("text") or ""), check_message_blocks(body.get("blocks") or [])
    if not text and not blocks:
        raise Refused("no_text")
    workspace.conversations.keep(
        Message(
            channel_id=channel_id,
            ts=workspace.conversations.new_ts(workspace.now()),
            user_id=workspace.app.bot_user_id,
            text=text,
            by_bot=True,
            blocks=blocks,
            only_for=None if body.get("response_type") == "in_channel" else person_id,
        )
    )
