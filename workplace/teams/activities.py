"""What Teams sends a bot: activities, as its channel writes them."""

from datetime import datetime
from html import escape
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from workplace.shapes import Json
from workplace.teams.keys import CHANNEL
from workplace.teams.records import Conversation, Message, Person
from workplace.teams.tenant import Tenant, thread_id

_MENTION = '<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="0">{}</span>'


def message(tenant: Tenant, person: Person, conversation: Conversation, said: Message, *, service_url: str) -> Json:
    """Return a message somebody wrote; in a channel it begins with a mention of the bot."""
    activity = _activity(tenant, person, conversation, kind="message", service_url=service_url, thread=_thread(said))
    activity |= {"id": said.id, "text": said.text, "textFormat": "plain", **_where_they_are(person)}
    activity |= _also_as_html(said)
    activity["entities"].append(_client(person))
    if not conversation.is_personal:
        mention = f"<at>{tenant.bot_name}</at>"
        activity["text"] = f"{mention} {said.text}"
        activity |= _also_as_html(said, after=f"{_MENTION.format(escape(tenant.bot_name))}&nbsp;")
        mentioned = {"id": tenant.bot_id, "name": tenant.bot_name}
        activity["entities"].append({"type": "mention", "mentioned": mentioned, "text": mention})
    return activity


def changed(
    tenant: Tenant, person: Person, conversation: Conversation, said: Message, *, event: str, service_url: str
) -> Json:
    """Return that a message was edited, deleted or brought back; `event` is Teams' own word for it."""
    kind = "messageDelete" if event == "softDeleteMessage" else "messageUpdate"
    activity = _activity(tenant, person, conversation, kind=kind, service_url=service_url, thread=_thread(said))
    activity["id"] = said.id
    activity["entities"].append(_client(person))
    activity["channelData"]["eventType"] = event
    if kind == "messageUpdate":
        activity |= {"text": said.text, "textFormat": "plain", **_also_as_html(said)}
    return activity


def postback(
    tenant: Tenant, person: Person, conversation: Conversation, pressed: Message, *, value: Any, service_url: str
) -> Json:
    """Return what Action.Submit sends from a message: a message with a value and no text."""
    activity = _activity(tenant, person, conversation, kind="message", service_url=service_url, thread=_thread(pressed))
    activity |= {"id": tenant.new_id(), "value": value, "replyToId": pressed.id}
    activity |= _where_they_are(person)
    activity["entities"].append(_client(person))
    activity["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": pressed.id}}
    return activity


def invoke(
    tenant: Tenant,
    person: Person,
    conversation: Conversation,
    *,
    name: str,
    value: Json,
    pressed: Message | None,
    service_url: str,
    thread: str | None = None,
) -> Json:
    """Return what waits for an answer: `adaptiveCard/action`, `task/fetch` or `task/submit`."""
    thread = _thread(pressed) if pressed else thread
    activity = _activity(tenant, person, conversation, kind="invoke", service_url=service_url, thread=thread)
    activity |= {"name": name, "value": value, **_where_they_are(person)}
    activity["entities"].append(_client(person))
    activity["channelData"]["source"] = {"name": "message"}
    if pressed:
        activity["replyToId"] = pressed.id
        activity["channelData"]["legacy"] = {"replyToId": pressed.id}
    return activity


def installation(tenant: Tenant, person: Person, conversation: Conversation, *, action: str, service_url: str) -> Json:
    """Return that the app was installed (`add`) or removed (`remove`). It tells the language, not the time zone."""
    activity = _activity(tenant, person, conversation, kind="installationUpdate", service_url=service_url)
    activity["entities"].append({"type": "clientInfo", "locale": person.locale, "platform": "Web"})
    activity["channelData"]["source"] = {"name": "message"}
    return activity | {"action": action, "locale": person.locale}


def membership(tenant: Tenant, person: Person, conversation: Conversation, *, added: bool, service_url: str) -> Json:
    """Return that the bot has become a member of a conversation, or is one no more."""
    activity = _activity(tenant, person, conversation, kind="conversationUpdate", service_url=service_url)
    if conversation.team_id:
        activity["channelData"]["eventType"] = "teamMemberAdded" if added else "teamMemberRemoved"
    activity["membersAdded" if added else "membersRemoved"] = [{"id": tenant.bot_id}]
    return activity


def channel_deleted(
    tenant: Tenant, person: Person, channel: Conversation, general: Conversation, *, service_url: str
) -> Json:
    """Return that a channel of a team is no more, as it is told in the team's General."""
    activity = _activity(tenant, person, general, kind="conversationUpdate", service_url=service_url)
    activity["channelData"] |= {"eventType": "channelDeleted", "channel": {"id": channel.id, "name": channel.name}}
    return activity


def _activity(
    tenant: Tenant,
    person: Person,
    conversation: Conversation,
    *,
    kind: str,
    service_url: str,
    thread: str | None = None,
) -> Json:
    now = tenant.clock.now()
    return {
        "type": kind,
        "id": f"f:{uuid4()}",
        "timestamp": _moment(now),
        "localTimestamp": now.astimezone(ZoneInfo(person.tz)).isoformat(timespec="milliseconds"),
        "channelId": CHANNEL,
        "serviceUrl": service_url,
        "from": {"id": person.teams_id, "name": person.name, "aadObjectId": person.id},
        "conversation": _conversation(tenant, conversation, thread),
        "recipient": {"id": tenant.bot_id, "name": tenant.bot_name},
        "entities": [],
        "channelData": {"tenant": {"id": tenant.id}, **_place(tenant, conversation)},
    }


def _conversation(tenant: Tenant, conversation: Conversation, thread: str | None) -> Json:
    if conversation.is_personal:
        return {"conversationType": "personal", "tenantId": tenant.id, "id": conversation.id}
    place = thread_id(conversation, thread) if thread else conversation.id
    return {"isGroup": True, "conversationType": "channel", "tenantId": tenant.id, "id": place}


def _place(tenant: Tenant, conversation: Conversation) -> Json:
    if conversation.team_id is None:
        return {}
    team = tenant.teams[conversation.team_id]
    return {
        "teamsChannelId": conversation.id,
        "teamsTeamId": team.id,
        "channel": {"id": conversation.id},
        "team": {"id": team.id, "name": team.name, "aadGroupId": team.group_id},
    }


def _where_they_are(person: Person) -> Json:
    return {"locale": person.locale, "localTimezone": person.tz}


def _also_as_html(said: Message, *, after: str = "") -> Json:
    """Return the attachment in which Teams repeats what somebody typed."""
    words = "</p><p>".join(escape(line) for line in said.text.split("\n"))
    return {"attachments": [{"contentType": "text/html", "content": f"<p>{after}{words}</p>"}]}


def _client(person: Person) -> Json:
    language, _, country = person.locale.partition("-")
    return {
        "type": "clientInfo",
        "locale": person.locale,
        "country": country or language.upper(),
        "platform": "Web",
        "timezone": person.tz,
    }


def _thread(said: Message) -> str:
    return said.thread or said.id


def _moment(now: datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
