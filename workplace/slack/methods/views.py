"""views.*: forms and Homes."""

from workplace.shapes import Json
from workplace.slack import wire
from workplace.slack.blocks.rules import check_view
from workplace.slack.methods.call import Call
from workplace.slack.records import View
from workplace.slack.refusals import Refused


def open_view(call: Call) -> Json:
    content = _content(call, "modal")
    return _shown(call, call.workspace.surfaces.open(_presser(call), content))


def push(call: Call) -> Json:
    content = _content(call, "modal")
    return _shown(call, call.workspace.surfaces.push(_presser(call), content))


def update(call: Call) -> Json:
    arguments = call.arguments
    view = call.workspace.surfaces.find(view_id=arguments.text("view_id"), external_id=arguments.text("external_id"))
    if view is None:
        raise Refused("not_found")
    content = _content(call, view.type)
    return _shown(call, call.workspace.surfaces.rewrite(view, content, expected_hash=arguments.text("hash")))


def publish(call: Call) -> Json:
    if not call.workspace.app.home_tab_enabled:
        raise Refused("not_enabled")
    person = call.workspace.people.get(call.arguments.required("user_id"))
    if person is None or person.is_bot:
        raise Refused("user_not_found")
    content = _content(call, "home")
    expected = call.arguments.text("hash")
    return _shown(call, call.workspace.surfaces.publish(person.id, content, expected_hash=expected))


def _presser(call: Call) -> str:
    trigger_id = call.arguments.text("trigger_id") or call.arguments.required("interactivity_pointer")
    return call.workspace.handles.exchange(trigger_id, now=call.workspace.now())


def _content(call: Call, kind: str) -> Json:
    view = call.arguments.structure("view", code="invalid_arguments")
    if view is None:
        raise Refused("invalid_arguments", messages=["missing required field: view"])
    return check_view(view, kind=kind)


def _shown(call: Call, view: View) -> Json:
    return {"ok": True, "view": wire.view(call.workspace, view)}
