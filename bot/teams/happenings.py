"""What Teams tells us as it happens, as our events: typed, edited, deleted, installed, removed, mentioned."""

import re
from datetime import UTC, datetime
from typing import Any

from bot.conversation.events import (
    AnyEvent,
    ChannelJoined,
    ChannelLeft,
    Deleted,
    Edited,
    Joined,
    Left,
    Mentioned,
    MessageRef,
    Profile,
    Wrote,
)
from bot.plain_text import without_controls
from bot.teams.text import Json

TEAM_NO_MORE = frozenset({"teamArchived", "teamDeleted", "teamHardDeleted"})
EDITED = frozenset({"editMessage", "undeleteMessage"})
# The id of a message is the moment it was written, in milliseconds since 1970; where it is not, nobody says when.
_MOMENT_ID = re.compile(r"[1-9][0-9]{12}", re.ASCII)
_BESIDE_A_MENTION = re.compile(r"^(?:&nbsp;|\s)+|(?:&nbsp;|\s)+$")


def happened(activity: Json, head: Json) -> AnyEvent | None:
    """Return the event of an activity that waits for no answer, or None when it is nothing to us. `head` is what every
    event has; the key is ours to say."""
    personal = is_personal(activity)
    match activity["type"]:
        case "message" if personal:
            return _wrote(activity, head)
        case "message":
            return _mentioned(activity, head)
        case "messageUpdate" if personal and _kind(activity) in EDITED:
            return _edited(activity, head)
        case "messageDelete" if personal and _kind(activity) == "softDeleteMessage":
            return Deleted(**_done(activity, head, "delete"), message=_message(activity))
        case "installationUpdate" if personal:
            return _installed(activity, head)
        case "conversationUpdate" if personal and _is_us(activity, activity.get("membersAdded") or ()):
            return _joined(activity, head)
        case _:
            return None


def channel_left(activity: Json, head: Json) -> ChannelLeft | None:
    """Return that we can no longer write in a channel, or None when the activity does not say so. Of a whole team Teams
    says it once, by the id that is its General channel's too."""
    match activity["type"], _kind(activity):
        case "conversationUpdate", "channelDeleted":
            channel = activity["channelData"]["channel"]["id"]
        case "conversationUpdate", kind if kind in TEAM_NO_MORE:
            channel = activity["channelData"]["team"]["id"]
        case "installationUpdate", _ if activity.get("action") == "remove" and not is_personal(activity):
            channel = _general(activity)
        case _:
            return None
    return ChannelLeft(**head, key=f"channel:{channel}:{_which(activity)}", person="", channel=channel)


def channel_joined(activity: Json, head: Json) -> ChannelJoined | None:
    """Return that we were let into a team, told as above; None when the activity does not say so."""
    if activity["type"] != "installationUpdate" or activity.get("action") != "add" or is_personal(activity):
        return None
    channel = _general(activity)
    return ChannelJoined(**head, key=f"channel-joined:{channel}:{_which(activity)}", person="", channel=channel)


def is_personal(activity: Json) -> bool:
    """Whether it was done in somebody's own chat with us, where nobody else reads along."""
    return bool(activity["conversation"].get("conversationType") == "personal")


def profile_of(activity: Json) -> Profile | None:
    """Return what an activity tells about whoever it is from; None when it tells neither zone nor language."""
    zone = activity.get("localTimezone") or _client(activity).get("timezone") or None
    language = language_of(activity)
    if zone is None and language is None:
        return None
    return Profile(external_id=activity["from"]["aadObjectId"].lower(), zone=zone, language=language)


def language_of(activity: Json) -> str | None:
    """Return the language of somebody's Teams; None when it says none, or one we do not speak."""
    return _language(_client(activity).get("locale")) or _language(activity.get("locale"))


def _general(activity: Json) -> str:
    """Return the channel of a team that is told of as a whole."""
    team = (activity.get("channelData") or {}).get("team") or {}
    return str(team.get("id") or activity["conversation"]["id"])


def _client(activity: Json) -> Json:
    told = (one for one in activity.get("entities") or () if one.get("type") == "clientInfo")
    return next(told, {})


def _wrote(activity: Json, head: Json) -> Wrote | None:
    text = _text(activity)
    if not text:
        return None
    key = f"message:{activity['conversation']['id']}:{activity['id']}"
    return Wrote(**head, key=key, text=text, message=_message(activity), done_at=_moment(activity.get("timestamp")))


def _edited(activity: Json, head: Json) -> Edited:
    text, message = _text(activity), _message(activity)
    milliseconds = int(message.message) if _MOMENT_ID.fullmatch(message.message) else None
    written_at = None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
    return Edited(**_done(activity, head, "edit"), text=text, message=message, written_at=written_at)


def _mentioned(activity: Json, head: Json) -> Mentioned | None:
    """What was said there is nobody's message to us but the mention itself, so nothing of it is carried on."""
    if not any(_mentions_us(activity, one) for one in activity.get("entities") or ()):
        return None
    key = f"mention:{activity['conversation']['id']}:{activity['id']}"
    return Mentioned(**head, key=key, message=_message(activity))


def _installed(activity: Json, head: Json) -> Joined | Left | None:
    match activity.get("action"):
        case "add":
            return _joined(activity, head)
        case "remove":
            key = f"left:{activity['conversation']['id']}:{_which(activity)}"
            return Left(**head, key=key, done_at=_moment(activity.get("timestamp")))
        case _:  # a new version of the app: "add-upgrade", "remove-upgrade"
            return None


def _joined(activity: Json, head: Json) -> Joined:
    conversation = activity["conversation"]["id"]
    return Joined(**head, key=f"joined:{conversation}:{_which(activity)}", conversation=conversation)


def _done(activity: Json, head: Json, what: str) -> Json:
    """Return the head of something done to a message: done twice, it is told apart by the moment."""
    message, moment = _message(activity), activity.get("timestamp")
    key = f"{what}:{message.conversation}:{message.message}:{moment}"
    return head | {"key": key, "done_at": _moment(moment)}


def _message(activity: Json) -> MessageRef:
    return MessageRef(conversation=activity["conversation"]["id"], message=activity["id"])


def _which(activity: Json) -> object:
    return activity.get("id") or activity.get("timestamp")


def _kind(activity: Json) -> object:
    return (activity.get("channelData") or {}).get("eventType")


def _text(activity: Json) -> str:
    """Return what a person typed, without the mention of us."""
    text = activity.get("text") or ""
    for one in activity.get("entities") or ():
        if _mentions_us(activity, one) and isinstance(one.get("text"), str):
            text = _BESIDE_A_MENTION.sub("", text.replace(one["text"], ""))
    return without_controls(text).strip()


def _mentions_us(activity: Json, entity: Json) -> bool:
    return entity.get("type") == "mention" and _is_us(activity, [entity.get("mentioned") or {}])


def _is_us(activity: Json, members: Any) -> bool:
    return activity["recipient"]["id"] in [member.get("id") for member in members]


def _moment(timestamp: object) -> datetime | None:
    """Return the moment Teams says, or None for what is none: then when it reached us must do."""
    if not isinstance(timestamp, str):
        return None
    try:
        moment = datetime.fromisoformat(timestamp)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _language(locale: object) -> str | None:
    language = locale[:2].lower() if isinstance(locale, str) else ""
    return language if language in ("sv", "en") else None
