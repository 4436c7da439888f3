"""Pressing the buttons of a card in a message."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.teams import activities, cards, entries
from workplace.teams.acts import buttons, dialogs
from workplace.teams.acts.buttons import Wanted
from workplace.teams.acts.scene import NOTHING_SENT, Scene
from workplace.teams.records import Conversation, Message, Person

MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


async def press(
    scene: Scene,
    person_id: str,
    message_id: str,
    wanted: Wanted,
    values: Mapping[str, Any],
    *,
    conversation_id: str | None = None,
    old_client: bool = False,
    opens_dialog: bool = False,
) -> Done:
    """Press a button and do what the bot answers; with `opens_dialog`, only one that opens a dialog."""
    person = scene.person(person_id)
    conversation = scene.place(person, conversation_id)
    message = scene.message(conversation, message_id)
    if message.card is None:
        raise NotPossible(f"the message {message_id} has no card")
    action = buttons.find(message.card, wanted, old_client=old_client)
    if opens_dialog and not cards.opens_dialog(action):
        raise NotPossible("that button opens no dialog")
    if action["type"] == "Action.OpenUrl":
        return scene.done(NOTHING_SENT, sent=False, errors={}, shown=None, url=action.get("url"))
    scene.within_reach(person, conversation)
    data, errors = entries.merged(action, message.card, values, people=scene.everybody())
    if errors:
        return scene.done(NOTHING_SENT, sent=False, errors=errors, shown=None)
    if cards.opens_dialog(action):
        return await dialogs.fetch(scene, person, conversation, message, data)
    if action["type"] == "Action.Execute":
        return await _execute(scene, person, conversation, message, action, data)
    activity = activities.postback(
        scene.tenant, person, conversation, message, value=data, service_url=scene.service_url
    )
    return scene.done(await scene.deliveries.tell(activity), sent=True, errors={}, shown=None)


async def _execute(
    scene: Scene, person: Person, conversation: Conversation, message: Message, action: Json, data: Any
) -> Done:
    said = {key: action[key] for key in ("id", "title", "verb") if action.get(key) is not None}
    activity = activities.invoke(
        scene.tenant,
        person,
        conversation,
        name="adaptiveCard/action",
        value={"action": {"type": "Action.Execute", **said, "data": data or {}}, "trigger": "manual"},
        pressed=message,
        service_url=scene.service_url,
    )
    answer = await scene.deliveries.ask(activity)
    answer, shown = _do_what_was_answered(scene, conversation, message, answer)
    return scene.done(answer, sent=True, errors={}, shown=shown)


def _do_what_was_answered(
    scene: Scene, conversation: Conversation, message: Message, answer: Answer
) -> tuple[Answer, str | None]:
    """Return the answer, with a reason when Teams would not understand it, and what is shown beside the card."""
    if not answer.acknowledged:
        return answer, None
    body = answer.body if isinstance(answer.body, dict) else {}
    value = body.get("value")
    match body.get("type"):
        case cards.CARD if body.get("statusCode") == 200:
            card = _checked(value)
            # The bot may have changed the message while it answered, or taken it away.
            if current := scene.tenant.message(conversation, message.id):
                scene.tenant.keep(replace(current, card=card))
            return answer, None
        case t if t == MESSAGE and body.get("statusCode") == 200 and isinstance(value, str):
            return answer, value
        case t if t == ERROR and isinstance(value, dict):
            return answer, str(value.get("message") or "")
        case _:
            return replace(answer, reason="bad_answer"), None


def _checked(card: Any) -> Json:
    try:
        return cards.check({"contentType": cards.CARD, "content": card})
    except cards.BadCard as bad:
        raise NotPossible(f"the bot answered with a card Teams would not show: {bad}") from bad
