"""What the bot says: sending, changing and taking away, and beginning conversations."""

from dataclasses import replace
from typing import Any

from workplace.shapes import Json
from workplace.teams import cards
from workplace.teams.connector.call import Call
from workplace.teams.records import Conversation, Message, Person
from workplace.teams.refusals import Refused
from workplace.teams.tenant import thread_id, thread_of


def send(call: Call) -> Json:
    """Say something in a conversation. What a reply answers need not be known."""
    conversation = call.open_to_bot(call.conversation())
    said = _say(call, conversation, call.body, thread=thread_of(call.place["conversation"]))
    return {"id": said.id}


def update(call: Call) -> Json:
    before = call.own_message(call.open_to_bot(call.conversation()))
    text, card = _content(call.body)
    call.tenant.keep(replace(before, text=text, card=card, summary=summary(call.body), edited=True))
    return {"id": before.id}


def delete(call: Call) -> Json:
    call.tenant.remove(call.own_message(call.open_to_bot(call.conversation())))
    return {}


def create(call: Call) -> Json:
    """Begin a chat with one person (the same one, when it exists), or a thread in a channel."""
    body = call.body
    if channel := channel_of(body):
        return _begin_thread(call, channel)
    if call.tenant.id not in (body.get("tenantId"), body.get("tenantID"), _at(body, "channelData", "tenant", "id")):
        raise Refused(400, "BadSyntax", "Bot and user are not in the same tenant, or no tenant was named.")
    person = _only_member(call)
    call.note["person"] = person.id
    if person.disabled or not person.installed:
        call.open_to_bot_at(person)
    conversation = call.tenant.open_personal(person)
    call.note["conversation"] = conversation.id
    answer: Json = {"id": conversation.id}
    if activity := body.get("activity"):
        answer["activityId"] = _say(call, call.open_to_bot(conversation), activity, thread=None).id
    return answer


def _begin_thread(call: Call, channel_id: str) -> Json:
    conversation = call.tenant.conversation(channel_id)
    if conversation is None or conversation.is_personal:
        raise Refused(404, "ConversationNotFound", "Conversation not found.")
    said = _say(call, call.open_to_bot(conversation), call.body.get("activity"), thread=None)
    return {"id": thread_id(conversation, said.id), "activityId": said.id}


def _only_member(call: Call) -> Person:
    members = call.body.get("members")
    if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
        raise Refused(400, "BadArgument", "A chat is begun with exactly one member.")
    person = call.tenant.somebody(str(members[0].get("id")))
    if person is None:
        raise Refused(400, "BadArgument", "Invalid user identity in provided tenant.")
    return person


def _say(call: Call, conversation: Conversation, activity: Any, *, thread: str | None) -> Message:
    if not isinstance(activity, dict):
        raise Refused(400, "BadSyntax", "There is no activity.")
    tenant = call.tenant
    said = Message(
        conversation_id=conversation.id,
        id=tenant.new_id(),
        author=tenant.bot_id,
        by_bot=True,
        text="",
        at=tenant.clock.now(),
        thread=thread,
        delivery_id=delivery_id(activity),
    )
    if activity.get("type") != "typing":
        text, card = _content(activity)
        said = tenant.keep(replace(said, text=text, card=card, summary=summary(activity)))
    call.note |= {"conversation": conversation.id, "id": said.id}
    return said


def _content(activity: Json) -> tuple[str, Json | None]:
    """Return the words and the card of a message."""
    if activity.get("type") != "message":
        raise Refused(400, "BadArgument", f"Teams knows no activity of type {activity.get('type')} from a bot.")
    text, attachments = activity.get("text") or "", activity.get("attachments") or []
    if not isinstance(text, str) or not isinstance(attachments, list):
        raise Refused(400, "BadSyntax", "The activity is malformed.")
    if not text.strip() and not attachments:
        raise Refused(400, "BadArgument", "A message needs a text or an attachment.")
    if len(attachments) > 1:
        raise Refused(400, "BadArgument", "One card to a message is all that is drawn here.")
    try:
        return text, cards.check(attachments[0]) if attachments else None
    except cards.BadCard as bad:
        raise Refused(400, "BadArgument", str(bad)) from bad


def summary(activity: Json) -> str:
    return str(activity.get("summary") or "")


def channel_of(body: Json) -> str:
    """Return in which channel a thread is to begin; "" where it is a chat that begins."""
    return str(_at(body, "channelData", "channel", "id") or "")


def delivery_id(activity: Json) -> Any:
    """Return which of the bot's promises a message keeps, as the bot says; None where it does not say."""
    return _at(activity, "channelData", "knuff", "delivery_id")


def _at(value: Any, *path: str) -> Any:
    """Return what lies at the end of a path through nested objects; None where it ends early."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value
