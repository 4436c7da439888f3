"""auth.test, team.info, bots.info, api.test: where am I, and who; apps.connections.open: by which socket."""

from workplace.shapes import Json
from workplace.slack.methods.call import Call
from workplace.slack.refusals import Refused


def auth_test(call: Call) -> Json:
    team, app = call.workspace.team, call.workspace.app
    return {
        "ok": True,
        "url": f"{call.base_url}/",
        "team": team.name,
        "user": app.name.lower(),
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def team_info(call: Call) -> Json:
    team = call.workspace.team
    return {"ok": True, "team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


def bot_info(call: Call) -> Json:
    app = call.workspace.app
    if call.arguments.text("bot") not in (None, app.bot_id):
        raise Refused("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": app.name, "app_id": app.app_id, "user_id": app.bot_user_id}
    return {"ok": True, "bot": bot | {"updated": 0, "icons": {}}}


def api_test(call: Call) -> Json:
    if error := call.arguments.text("error"):
        raise Refused(error)
    return {"ok": True, "args": call.arguments.values}


def open_connection(call: Call) -> Json:
    """Return a socket address that can be used once."""
    ticket = call.workspace.handles.new_ticket()
    address = call.base_url.replace("http", "ws", 1)
    return {"ok": True, "url": f"{address}/link?ticket={ticket}&app_id={call.workspace.app.app_id}"}
