"""Dialogs (task modules): opening one, sending it, pressing in it, closing it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.teams import activities, cards, entries
from workplace.teams.acts import buttons
from workplace.teams.acts.buttons import Wanted
from workplace.teams.acts.scene import NOTHING_SENT, Scene
from workplace.teams.records import Conversation, Dialog, Message, Person


async def fetch(scene: Scene, person: Person, conversation: Conversation, pressed: Message, data: Any) -> Done:
    """Ask the bot for the dialog a button opens."""
    answer = await _ask(scene, person, conversation, "task/fetch", data, pressed=pressed)
    return _shown(scene, person, conversation, answer, fetched=True, thread=pressed.thread or pressed.id)


async def submit(scene: Scene, person_id: str, values: Mapping[str, Any], *, title: str | None = None) -> Done:
    """Send the open dialog with its own Submit, the one that bears the name of a form."""
    dialog = scene.dialog(scene.person(person_id))
    wanted = [a for a in cards.actions(dialog.card) if _sends_form(a) and title in (None, a.get("title"))]
    if len(wanted) != 1:
        raise NotPossible(f"the dialog has {len(wanted)} such buttons that send it")
    return await _submit(scene, dialog, wanted[0], values)


async def press(scene: Scene, person_id: str, wanted: Wanted, values: Mapping[str, Any]) -> Done:
    """Press any button of the open dialog."""
    dialog = scene.dialog(scene.person(person_id))
    action = buttons.find(dialog.card, wanted, in_dialog=True)
    if action["type"] == "Action.OpenUrl":
        return scene.done(NOTHING_SENT, sent=False, errors={}, shown=None, url=action.get("url"))
    return await _submit(scene, dialog, action, values)


def close(scene: Scene, person_id: str) -> Done:
    """Close the dialog; Teams does not tell the bot."""
    scene.tenant.dialogs.pop(scene.dialog(scene.person(person_id)).person_id)
    return scene.done(NOTHING_SENT)


async def _submit(scene: Scene, dialog: Dialog, action: Json, values: Mapping[str, Any]) -> Done:
    person, conversation = scene.person(dialog.person_id), scene.tenant.conversation(dialog.conversation_id)
    if conversation is None:
        raise NotPossible("the conversation of the dialog is gone")
    scene.within_reach(person, conversation)
    data, errors = entries.merged(action, dialog.card, values, people=scene.everybody())
    scene.tenant.dialogs[person.id] = replace(dialog, errors=errors)
    if errors:
        return scene.done(NOTHING_SENT, sent=False, errors=errors, shown=None)
    answer = await _ask(scene, person, conversation, "task/submit", data, pressed=None, thread=dialog.thread)
    return _shown(scene, person, conversation, answer, fetched=False, thread=dialog.thread)


async def _ask(
    scene: Scene,
    person: Person,
    conversation: Conversation,
    name: str,
    data: Any,
    *,
    pressed: Message | None,
    thread: str | None = None,
) -> Answer:
    activity = activities.invoke(
        scene.tenant,
        person,
        conversation,
        name=name,
        value={"data": data, "context": {"theme": "default"}},
        pressed=pressed,
        thread=thread,
        service_url=scene.service_url,
    )
    return await scene.deliveries.ask(activity)


def _shown(
    scene: Scene, person: Person, conversation: Conversation, answer: Answer, *, fetched: bool, thread: str | None
) -> Done:
    """Do what the bot answered: a dialog opens or takes the open one's place, a message is shown, none closes it."""
    if not answer.acknowledged:
        return scene.done(answer, sent=True, errors={}, shown=None)
    task = answer.body.get("task") if isinstance(answer.body, dict) else None
    dialogs = scene.tenant.dialogs
    shown: str | None = None
    match task:
        case {"type": "continue", "value": dict(value)}:
            dialogs[person.id] = _dialog(person, conversation, value, thread)
        case {"type": "message", "value": str(sentence)}:
            shown = sentence
            dialogs.pop(person.id, None)
        case None if not fetched and answer.body in (None, {}, {"task": None}):
            dialogs.pop(person.id, None)
        case _:
            answer = replace(answer, reason="bad_answer")
    return scene.done(answer, sent=True, errors={}, shown=shown)


def _dialog(person: Person, conversation: Conversation, value: Json, thread: str | None) -> Dialog:
    try:
        card = cards.check(value.get("card"))
    except cards.BadCard as bad:
        raise NotPossible(f"the bot answered with a dialog Teams would not show: {bad}") from bad
    return Dialog(
        person_id=person.id,
        conversation_id=conversation.id,
        title=str(value.get("title") or ""),
        height=value.get("height", "medium"),
        width=value.get("width", "medium"),
        card=card,
        thread=thread,
    )


def _sends_form(action: Json) -> bool:
    data = action.get("data")
    own = data.get("knuff") if isinstance(data, dict) else None
    return action.get("type") == "Action.Submit" and isinstance(own, dict) and "form" in own
