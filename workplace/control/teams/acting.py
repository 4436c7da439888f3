"""`POST /_control/teams/people/{person}/…`: doing what a person in Teams does."""

from aiohttp import web

from workplace.answers import Done
from workplace.control.teams import bodies
from workplace.running import RUNNING
from workplace.teams.acts import dialogs, pressing, talking, working
from workplace.teams.acts.scene import Scene


def routes() -> list[web.RouteDef]:
    acts = {
        "write": write,
        "edit": edit,
        "delete": delete,
        "undelete": undelete,
        "press": press,
        "open": open_dialog,
        "submit": submit,
        "press_in_dialog": press_in_dialog,
        "close": close,
        "install": install,
        "uninstall": uninstall,
        "profile": change_profile,
    }
    named = [web.post(f"/_control/teams/people/{{person}}/{name}", handler) for name, handler in acts.items()]
    return [
        *named,
        web.post("/_control/teams/mention", mention),
        web.post("/_control/teams/install_in_team", install_in_team),
        web.post("/_control/teams/uninstall_in_team", uninstall_in_team),
        web.post("/_control/teams/delete_channel", delete_channel),
    ]


async def write(request: web.Request) -> web.Response:
    body = await bodies.Write.of(request)
    done = await talking.write(
        _scene(request), _person(request), body.text, conversation_id=body.conversation, thread=body.thread
    )
    return _said(done)


async def edit(request: web.Request) -> web.Response:
    body = await bodies.Edit.of(request)
    done = await talking.edit(_scene(request), _person(request), body.id, body.text, conversation_id=body.conversation)
    return _said(done)


async def delete(request: web.Request) -> web.Response:
    body = await bodies.Delete.of(request)
    return _said(await talking.delete(_scene(request), _person(request), body.id, conversation_id=body.conversation))


async def undelete(request: web.Request) -> web.Response:
    body = await bodies.Delete.of(request)
    return _said(await talking.undelete(_scene(request), _person(request), body.id, conversation_id=body.conversation))


async def press(request: web.Request) -> web.Response:
    return await _press(request, opens_dialog=False)


async def open_dialog(request: web.Request) -> web.Response:
    return await _press(request, opens_dialog=True)


async def submit(request: web.Request) -> web.Response:
    body = await bodies.Submit.of(request)
    return _said(await dialogs.submit(_scene(request), _person(request), body.values, title=body.title))


async def press_in_dialog(request: web.Request) -> web.Response:
    body = await bodies.PressInDialog.of(request)
    return _said(await dialogs.press(_scene(request), _person(request), body.wanted, body.values))


async def close(request: web.Request) -> web.Response:
    await bodies.Nothing.of(request)
    return _said(dialogs.close(_scene(request), _person(request)))


async def install(request: web.Request) -> web.Response:
    await bodies.Nothing.of(request)
    return _said(await working.install(_scene(request), _person(request)))


async def uninstall(request: web.Request) -> web.Response:
    await bodies.Nothing.of(request)
    return _said(await working.uninstall(_scene(request), _person(request)))


async def change_profile(request: web.Request) -> web.Response:
    body = await bodies.Profile.of(request)
    return _said(working.change_profile(_scene(request), _person(request), **body.model_dump()))


async def mention(request: web.Request) -> web.Response:
    body = await bodies.Mention.of(request)
    done = await talking.mention(
        _scene(request), body.person, body.text, team_id=body.team, channel_id=body.channel, thread=body.thread
    )
    return _said(done)


async def install_in_team(request: web.Request) -> web.Response:
    return await _move_in_team(request, here=True)


async def uninstall_in_team(request: web.Request) -> web.Response:
    return await _move_in_team(request, here=False)


async def delete_channel(request: web.Request) -> web.Response:
    body = await bodies.OfChannel.of(request)
    return _said(await working.delete_channel(_scene(request), body.channel))


async def _move_in_team(request: web.Request, *, here: bool) -> web.Response:
    body = await bodies.InstallInTeam.of(request)
    return _said(await working.install_in_team(_scene(request), body.team, person_id=body.person, here=here))


async def _press(request: web.Request, *, opens_dialog: bool) -> web.Response:
    body = await bodies.Press.of(request)
    done = await pressing.press(
        _scene(request),
        _person(request),
        body.id,
        body.wanted,
        body.values,
        conversation_id=body.conversation,
        old_client=body.old_client,
        opens_dialog=opens_dialog,
    )
    return _said(done)


def _scene(request: web.Request) -> Scene:
    return request.app[RUNNING].teams_scene(request)


def _person(request: web.Request) -> str:
    return request.match_info["person"]


def _said(done: Done) -> web.Response:
    return web.json_response(done.as_json())
