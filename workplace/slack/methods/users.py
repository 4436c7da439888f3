"""users.* and usergroups.*: who works here."""

from workplace.shapes import Json
from workplace.slack import wire
from workplace.slack.methods.call import Call
from workplace.slack.paging import page
from workplace.slack.refusals import Refused


def info(call: Call) -> Json:
    with_locale = call.arguments.flag("include_locale")
    return {"ok": True, "user": wire.user(call.workspace, call.person(), with_locale=with_locale)}


def list_all(call: Call) -> Json:
    everyone = [*call.workspace.people.values(), call.workspace.bot_person()]
    shown, cursor = page(everyone, call.arguments, default=1000)
    with_locale = call.arguments.flag("include_locale")
    return {
        "ok": True,
        "members": [wire.user(call.workspace, person, with_locale=with_locale) for person in shown],
        "cache_ts": int(call.workspace.clock.seconds()),
        "response_metadata": {"next_cursor": cursor},
    }


def list_groups(call: Call) -> Json:
    with_users = call.arguments.flag("include_users")
    groups = call.workspace.groups.values()
    return {"ok": True, "usergroups": [wire.group(call.workspace, g, with_users=with_users) for g in groups]}


def group_users(call: Call) -> Json:
    group = call.workspace.groups.get(call.arguments.text("usergroup") or "")
    if group is None:
        raise Refused("no_such_subteam")
    if call.arguments.flag("include_disabled"):
        return {"ok": True, "users": list(group.members)}
    return {"ok": True, "users": wire.group(call.workspace, group, with_users=True)["users"]}
