"""What Slack's Events API tells us, as our events: typed, edited, deleted, Home opened, somebody changed, app
removed."""

import re
from datetime import UTC, datetime

from bot.conversation.events import (
    AnyEvent,
    ChannelJoined,
    ChannelLeft,
    Deleted,
    Edited,
    MessageRef,
    OpenedHome,
    Profile,
    ProfileChanged,
    Uninstalled,
    Wrote,
)
from bot.slack.mrkdwn import Json, unescape

# A message a person wrote has no subtype, or one of these.
_WRITTEN = {None, "file_share", "me_message", "thread_broadcast"}
_NO_MORE_IN = frozenset({
    "channel_left", "channel_archive", "channel_deleted", "group_left", "group_archive", "group_deleted",
})  # fmt: skip
# Seconds since 1970, with microseconds.
_MOMENT = re.compile(r"[1-9][0-9]{9}\.[0-9]{6}", re.ASCII)


def happened(payload: Json, *, now: datetime) -> AnyEvent | None:
    """Return the event in an `event_callback`, or None when it is nothing to us."""
    event = payload["event"]
    head = {"key": f"event:{payload['event_id']}", "platform": "slack", "workspace": payload["team_id"], "at": now}
    match event["type"]:
        case "message" if event.get("channel_type") == "im":
            return _message(event, head | {"done_at": _moment(event.get("event_ts"))})
        case "app_home_opened" if event.get("tab", "home") == "home":
            return OpenedHome(**head, person=event["user"])
        case "user_change":
            profile = profile_of(event["user"])
            return None if profile.is_bot else ProfileChanged(**head, person=profile.external_id, profile=profile)
        case kind if kind in _NO_MORE_IN:
            return ChannelLeft(**head, person="", channel=event["channel"])
        case "member_joined_channel" if event["user"] in _us(payload):
            return ChannelJoined(**head, person="", channel=event["channel"])
        case "app_uninstalled":
            return Uninstalled(**head, person="")
        case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
            return Uninstalled(**head, person="")
        case _:
            return None


def profile_of(user: Json) -> Profile:
    """Return who a `user` object of Slack's describes."""
    locale = str(user.get("locale") or "")[:2].lower()
    return Profile(
        external_id=user["id"],
        zone=user.get("tz") or None,
        language=locale if locale in ("sv", "en") else None,
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_gone=bool(user.get("deleted")),
    )


def _us(payload: Json) -> set[str]:
    """Return as whom an event is told to us: what anybody else does there is nothing to us."""
    return {one["user_id"] for one in payload.get("authorizations") or () if one.get("is_bot")}


def _message(event: Json, head: Json) -> AnyEvent | None:
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, head)
        case "message_deleted":
            return _deleted(event, event.get("previous_message") or {}, head, ts=event.get("deleted_ts"))
        case subtype if subtype in _WRITTEN and _by_a_person(event):
            text = unescape(event.get("text") or "").strip()
            at = MessageRef(conversation=event["channel"], message=event["ts"])
            return Wrote(**head, person=event["user"], text=text, message=at) if text else None
        case _:
            return None


def _changed(event: Json, head: Json) -> AnyEvent | None:
    message, before = event["message"], event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":  # deleted, with replies below it
        return _deleted(event, before, head, ts=message.get("ts"))
    if not _by_a_person(message) or message.get("text") == before.get("text"):  # a link was unfolded
        return None
    at = MessageRef(conversation=event["channel"], message=message["ts"])
    text, written_at = unescape(message.get("text") or "").strip(), _moment(message["ts"])
    return Edited(**head, person=message["user"], text=text, message=at, written_at=written_at)


def _deleted(event: Json, before: Json, head: Json, *, ts: str | None) -> Deleted | None:
    if not before.get("user") or not _by_a_person(before) or not (ts or before.get("ts")):
        return None
    at = MessageRef(conversation=event["channel"], message=ts or before["ts"])
    return Deleted(**head, person=before["user"], message=at)


def _moment(event_ts: object) -> datetime | None:
    """Return the moment Slack says, or None for what is none: then when it reached us must do."""
    if not isinstance(event_ts, str) or not _MOMENT.fullmatch(event_ts):
        return None
    return datetime.fromtimestamp(float(event_ts), UTC)


def _by_a_person(message: Json) -> bool:
    return bool(message.get("user")) and not message.get("bot_id") and message["user"] != "USLACKBOT"
