"""conversations.* and users.conversations: where people talk, and what has been said there."""

from workplace.shapes import Json
from workplace.slack import wire
from workplace.slack.methods.call import Call
from workplace.slack.paging import page
from workplace.slack.records import Channel
from workplace.slack.refusals import Refused


def open_conversation(call: Call) -> Json:
    workspace, conversations = call.workspace, call.workspace.conversations
    if call.arguments.has("channel"):
        channel = call.channel()
        if not channel.is_direct:
            raise Refused("method_not_supported_for_channel_type")
        return {"ok": True, "no_op": True, "already_open": True, "channel": _brief(call, channel)}
    users = [name for name in (call.arguments.text("users") or "").split(",") if name]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise Refused("method_not_supported_for_channel_type")
    person = workspace.people.get(users[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    existing = conversations.direct_with(person.id)
    if existing is None and call.arguments.flag("prevent_creation"):
        raise Refused("channel_not_found")
    opened: Json = {"already_open": True, "no_op": True} if existing else {}
    return {"ok": True, **opened, "channel": _brief(call, existing or conversations.open_direct(person.id))}


def history(call: Call) -> Json:
    """Newest first; `oldest` and `latest` are exclusive unless `inclusive`."""
    channel = _readable(call)
    oldest, latest = call.arguments.text("oldest") or "0", call.arguments.text("latest")
    inclusive = call.arguments.flag("inclusive")
    found = [
        message
        for message in call.workspace.conversations.newest_first(channel.id)
        if message.only_for is None and _within(message.ts, oldest=oldest, latest=latest, inclusive=inclusive)
    ]
    messages, cursor = page(found, call.arguments, default=100, most=999)
    everything = call.arguments.flag("include_all_metadata")
    answer: Json = {
        "ok": True,
        "messages": [wire.message(call.workspace, m, all_metadata=everything) for m in messages],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def replies(call: Call) -> Json:
    channel = _readable(call)
    ts = call.arguments.required("ts")
    thread = [
        wire.message(call.workspace, message)
        for message in call.workspace.conversations.oldest_first(channel.id)
        if ts in (message.ts, message.thread_ts) and message.only_for is None
    ]
    if not thread:
        raise Refused("thread_not_found")
    return {"ok": True, "messages": thread, "has_more": False}


def members(call: Call) -> Json:
    ids, cursor = page(wire.members(call.workspace, call.channel()), call.arguments, default=100)
    return {"ok": True, "members": ids, "response_metadata": {"next_cursor": cursor}}


def info(call: Call) -> Json:
    return {"ok": True, "channel": wire.channel(call.workspace, call.channel())}


def list_all(call: Call) -> Json:
    return _listed(call, call.workspace.conversations.channels())


def of_user(call: Call) -> Json:
    """The conversations of `user`; without one, those of the bot itself."""
    user_id = call.arguments.text("user") or call.workspace.app.bot_user_id
    everywhere = call.workspace.conversations.channels()
    return _listed(call, [c for c in everywhere if user_id in wire.members(call.workspace, c)])


def _listed(call: Call, channels: list[Channel]) -> Json:
    types = (call.arguments.text("types") or "public_channel").replace(" ", "").split(",")
    wanted = [c for c in channels if ("im" if c.is_direct else "public_channel") in types]
    shown, cursor = page(wanted, call.arguments, default=100)
    bodies = [wire.channel(call.workspace, channel) for channel in shown]
    return {"ok": True, "channels": bodies, "response_metadata": {"next_cursor": cursor}}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if not channel.bot_is_member:
        raise Refused("not_in_channel")
    return channel


def _brief(call: Call, channel: Channel) -> Json:
    if call.arguments.flag("return_im"):
        return wire.channel(call.workspace, channel)
    return {"id": channel.id}


def _within(ts: str, *, oldest: str, latest: str | None, inclusive: bool) -> bool:
    moment, earliest = _micros(ts), _micros(oldest)
    last = None if latest in (None, "", "now") else _micros(str(latest))
    if inclusive:
        return moment >= earliest and (last is None or moment <= last)
    return moment > earliest and (last is None or moment < last)


def _micros(ts: str) -> int:
    whole, _, part = ts.partition(".")
    try:
        return int(whole or "0") * 1_000_000 + int(f"{part:0<6}"[:6])
    except ValueError:
        raise Refused("invalid_ts_latest") from None
