"""Writing, changing and deleting messages; commands."""

from workplace.answers import Done
from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.slack import payloads, wire
from workplace.slack.acts.scene import Scene
from workplace.slack.records import Channel, Message
from workplace.slack.response_urls import add_reply


async def write(scene: Scene, person_id: str, text: str, *, channel_id: str | None = None) -> Done:
    person, channel = scene.active(person_id), scene.open_place(person_id, channel_id)
    if not text.strip():
        raise NotPossible("an empty message cannot be sent")
    conversations = scene.workspace.conversations
    message = conversations.keep(
        Message(
            channel_id=channel.id,
            ts=conversations.new_ts(scene.workspace.now()),
            user_id=person.id,
            text=_escaped(text),
            by_bot=False,
        )
    )
    answer = await scene.tell(channel, payloads.message_event(scene.workspace, message, channel))
    return Done(answer, {"channel": channel.id, "ts": message.ts})


async def edit(scene: Scene, person_id: str, ts: str, text: str, *, channel_id: str | None = None) -> Done:
    channel = scene.open_place(person_id, channel_id)
    before = scene.own_message(person_id, channel, ts)
    after = scene.workspace.conversations.change(
        before, text=_escaped(text), blocks=[], metadata=None, now=scene.workspace.now()
    )
    event = {
        "subtype": "message_changed",
        "message": wire.message(scene.workspace, after),
        "previous_message": wire.message(scene.workspace, before),
        "ts": after.edited_ts,
        "event_ts": after.edited_ts,
    }
    return Done(await scene.tell(channel, _hidden(channel, event)), {"channel": channel.id, "ts": ts})


async def delete(scene: Scene, person_id: str, ts: str, *, channel_id: str | None = None) -> Done:
    channel = scene.open_place(person_id, channel_id)
    message = scene.own_message(person_id, channel, ts)
    scene.workspace.conversations.remove(message)
    event_ts = scene.workspace.conversations.new_ts(scene.workspace.now())
    event = {
        "subtype": "message_deleted",
        "deleted_ts": ts,
        "previous_message": wire.message(scene.workspace, message),
        "ts": event_ts,
        "event_ts": event_ts,
    }
    return Done(await scene.tell(channel, _hidden(channel, event)), {"channel": channel.id, "ts": ts})


async def command(scene: Scene, person_id: str, command: str, text: str, *, channel_id: str | None = None) -> Done:
    person, channel = scene.active(person_id), scene.open_place(person_id, channel_id)
    payload = payloads.slash_command(
        scene.workspace,
        person,
        channel=channel,
        command=command,
        text=_escaped(text.strip()),
        base_url=scene.base_url,
    )
    answer = await scene.deliveries.command(payload)
    if answer.acknowledged and answer.body:
        body = answer.body if isinstance(answer.body, dict) else {"text": answer.body}
        add_reply(scene.workspace, body, channel_id=channel.id, person_id=person.id)
    return scene.done(answer)


def _hidden(channel: Channel, event: Json) -> Json:
    return {
        "type": "message",
        "hidden": True,
        "channel": channel.id,
        "channel_type": "im" if channel.is_direct else "channel",
        **event,
    }


def _escaped(text: str) -> str:
    """Slack sends these three characters of a person's text as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
