"""Sending and closing forms, and doing what the bot answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workplace.answers import Answer, Done
from workplace.refusals import NotPossible
from workplace.shapes import Json
from workplace.slack import payloads
from workplace.slack.acts.scene import Scene
from workplace.slack.blocks.rules import check_view
from workplace.slack.records import View
from workplace.slack.refusals import Refused
from workplace.slack.state_values import current_state, missing_answers


async def submit(scene: Scene, person_id: str, entries: Mapping[str, Any], *, view_id: str | None = None) -> Done:
    """Send the form on top. `errors` in the result are what stands beside the fields, from us or from the bot."""
    person = scene.active(person_id)
    view = scene.top(person_id, view_id)
    state = current_state(view.blocks, view.state, entries)
    view = scene.workspace.surfaces.put(replace(view, state=state, errors={}))
    if errors := missing_answers(view.blocks, state):
        scene.workspace.surfaces.put(replace(view, errors=errors))
        return scene.done(Answer(reason=None), errors=errors, sent=False)
    answer = await scene.deliveries.interaction(payloads.view_submission(scene.workspace, person, view))
    if not answer.acknowledged:
        return scene.done(answer, sent=True, errors={})
    return scene.done(answer, sent=True, errors=_after_submission(scene, view, answer.body))


async def close(scene: Scene, person_id: str, *, view_id: str | None = None, everything: bool = False) -> Done:
    """Close the form on top (or all of them); the bot hears of it where it asked to."""
    person = scene.active(person_id)
    view = scene.top(person_id, view_id)
    clear = everything or bool(view.content.get("clear_on_close"))
    closed = reversed(scene.workspace.surfaces.stack(person_id)) if clear else iter((view,))
    answer = Answer(reason=None)
    for one in list(closed):
        scene.workspace.surfaces.close(one)
        if one.content.get("notify_on_close"):
            payload = payloads.view_closed(scene.workspace, person, one, is_cleared=clear)
            answer = await scene.deliveries.interaction(payload)
    return scene.done(answer)


def _after_submission(scene: Scene, view: View, body: Any) -> dict[str, str]:
    """Do what the bot answered to a form; return its errors. What Slack would not take leaves the form open."""
    surfaces, response = scene.workspace.surfaces, body if isinstance(body, dict) else {}
    match response.get("response_action"):
        case "errors":
            errors = {key: str(text) for key, text in dict(response.get("errors") or {}).items()}
            known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not errors or set(errors) - known:
                raise NotPossible(f"the bot put errors on {sorted(set(errors) - known)}, which are no fields")
            surfaces.put(replace(view, errors=errors))
            return errors
        case "update":
            surfaces.rewrite(view, _answered_view(response))
        case "push":
            surfaces.push(view.person_id, _answered_view(response))
        case "clear":
            surfaces.close_all(view.person_id)
        case _:
            surfaces.close(view)
    return {}


def _answered_view(response: Json) -> Json:
    try:
        return check_view(response.get("view"), kind="modal")
    except Refused as refused:
        raise NotPossible(f"the bot answered with a view Slack would refuse: {refused.messages}") from refused
