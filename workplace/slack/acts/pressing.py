"""Pressing buttons and choosing in selects, in messages and in views; looking at Home."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workplace.answers import Done
from workplace.refusals import NotPossible
from workplace.shapes import Json, JsonList
from workplace.slack import payloads, wire
from workplace.slack.acts.scene import Scene
from workplace.slack.blocks.rules import interactive
from workplace.slack.state_values import current_state, selection


async def press(
    scene: Scene,
    person_id: str,
    *,
    action_id: str,
    ts: str | None = None,
    channel_id: str | None = None,
    view_id: str | None = None,
    block_id: str | None = None,
    value: Any = None,
    entries: Mapping[str, Any] | None = None,
) -> Done:
    """Press a button, or choose `value` in a select, in a message (`ts`) or in a view (`view_id`)."""
    person = scene.active(person_id)
    if ts is not None:
        channel = scene.open_place(person_id, channel_id)
        message = scene.seen_message(person_id, channel, ts)
        block, element = _find_element(message.blocks, action_id, block_id)
        state = _with_choice(message.blocks, {}, entries or {}, block, element, value)
        payload = payloads.block_actions_in_message(
            scene.workspace,
            person,
            channel=channel,
            message=message,
            action=_action(scene, block, element, value),
            state=state,
            base_url=scene.base_url,
        )
    else:
        view = scene.view(person_id, view_id)
        block, element = _find_element(view.blocks, action_id, block_id)
        state = _with_choice(view.blocks, view.state, entries or {}, block, element, value)
        view = scene.workspace.surfaces.put(replace(view, state=state))
        payload = payloads.block_actions_in_view(
            scene.workspace, person, view=view, action=_action(scene, block, element, value)
        )
    return scene.done(await scene.deliveries.interaction(payload))


async def open_tab(scene: Scene, person_id: str, tab: str) -> Done:
    """Look at the bot's Home, or at its Messages tab; both tell the bot."""
    person = scene.active(person_id)
    channel = scene.workspace.conversations.open_direct(person.id)
    home = scene.workspace.surfaces.home(person.id)
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": scene.workspace.conversations.new_ts(scene.workspace.now()),
    }
    if home and tab == "home":
        event["view"] = wire.view(scene.workspace, home)
    return scene.done(await scene.deliveries.event(event))


def _action(scene: Scene, block: Json, element: Json, value: Any) -> Json:
    action: Json = {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": element["type"],
        "action_ts": scene.workspace.conversations.new_ts(scene.workspace.now()),
    }
    if element["type"] == "button":
        return action | {key: element[key] for key in ("text", "value", "url", "style") if key in element}
    return action | selection(element, value)


def _find_element(blocks: JsonList, action_id: str, block_id: str | None) -> tuple[Json, Json]:
    for block in blocks:
        for element in interactive(block):
            if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                return block, element
    raise NotPossible(f"there is no {action_id} to press")


def _with_choice(
    blocks: JsonList, before: Json, entries: Mapping[str, Any], block: Json, element: Json, value: Any
) -> Json:
    """Return the state as it is once `value` is chosen in `element`."""
    if element["type"] not in ("button", "overflow"):
        entries = {**entries, block["block_id"]: {element["action_id"]: value}}
    return current_state(blocks, before, entries)
