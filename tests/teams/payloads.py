"""Activities as Teams sends them, with only what matters said by each test."""

from typing import Any

Json = dict[str, Any]
APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
TENANT = "7e57a1d0-0000-4000-8000-00000000a1d0"
SERVICE_URL = "https://smba.trafficmanager.net/emea/"
KARI = "0a000001-0000-4000-8000-00000000ca51"
CHAT = "a:1karis-chat"
CHANNEL = "19:abc123@thread.tacv2"
THREAD = f"{CHANNEL};messageid=1772436600000"
CARD = "1772436600001"
"""The message with the card that is pressed."""
US = {"id": f"28:{APP_ID}", "name": "Knuff"}


def activity(kind: str, **more: Any) -> Json:
    """Something in Kari's own chat with us."""
    return {
        "type": kind,
        "id": "1772436700000",
        "timestamp": "2026-03-02T07:31:40.1234567Z",
        "localTimestamp": "2026-03-02T08:31:40.1234567+01:00",
        "localTimezone": "Europe/Stockholm",
        "channelId": "msteams",
        "serviceUrl": SERVICE_URL,
        "from": {"id": "29:1kari", "name": "Kari Berg", "aadObjectId": KARI},
        "recipient": US,
        "conversation": {"conversationType": "personal", "tenantId": TENANT, "id": CHAT},
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [client_info()],
        "locale": "sv-SE",
        **more,
    }


def client_info(**more: str) -> Json:
    said = {"locale": "sv-SE", "country": "SE", "platform": "Web", "timezone": "Europe/Stockholm"}
    return {"type": "clientInfo", **said, **more}


def written(text: str = "Jag sa det till nämnden.", **more: Any) -> Json:
    return activity("message", text=text, textFormat="plain", **more)


def changed(kind: str, event_type: str, **more: Any) -> Json:
    data = {"tenant": {"id": TENANT}, "eventType": event_type}
    return activity(kind, **{"channelData": data, **more})


def in_channel(text: str = "<at>Knuff</at>&nbsp; hej", *, mentioned: Json = US, **more: Any) -> Json:
    at = {"type": "mention", "mentioned": mentioned, "text": f"<at>{mentioned['name']}</at>"}
    where = {"conversationType": "channel", "isGroup": True, "tenantId": TENANT, "id": THREAD}
    return written(text, **{"conversation": where, "entities": [at, client_info()], **more})


def press(action: str = "nudge.doing", *, value: str = "12", id: str = "f:press-1", **more: Any) -> Json:
    """A button of a card, pressed in a client that knows Action.Execute."""
    data = {"knuff": {"action": action, "value": value}}
    pressed = {"action": {"type": "Action.Execute", "title": "Jag gör det", "verb": action, "data": data}}
    invoked = {"name": "adaptiveCard/action", "id": id, "replyToId": CARD}
    return activity("invoke", **{**invoked, "value": {**pressed, "trigger": "manual"}, **more})


def press_in_old_client(action: str = "nudge.doing", *, value: str = "12", **more: Any) -> Json:
    """The same button in a client that only knows Action.Submit."""
    return activity("message", value={"knuff": {"action": action, "value": value}}, replyToId=CARD, **more)


def fetch(action: str = "nudge.plan", *, value: str = "12", id: str = "f:fetch-1", **more: Any) -> Json:
    """A button that opens a dialog."""
    data = {"msteams": {"type": "task/fetch"}, "knuff": {"action": action, "value": value}}
    invoked = {"name": "task/fetch", "id": id, "replyToId": CARD}
    return activity("invoke", **{**invoked, "value": {"data": data, "context": {"theme": "default"}}, **more})


def sent(data: Json, *, id: str = "f:sent-1", **more: Any) -> Json:
    """What somebody sends from a dialog: what its button carries, and what was filled in."""
    invoked = {"name": "task/submit", "id": id}
    return activity("invoke", **{**invoked, "value": {"data": data, "context": {"theme": "default"}}, **more})


def press_in_dialog(action: str = "library.take", *, value: str = "L07", **more: Any) -> Json:
    return sent({"knuff": {"action": action, "value": value}}, **more)


def submission(dialog: Json, **filled_in: str) -> Json:
    """What is sent from a dialog as `bot.teams.dress` made it."""
    [submit] = dialog["card"]["content"]["actions"]
    return sent({**submit["data"], **filled_in})
