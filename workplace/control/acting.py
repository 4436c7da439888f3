"""`POST /_control/people/{person}/…`: doing what a person does."""

from aiohttp import web

from workplace.answers import Done
from workplace.control import bodies
from workplace.running import RUNNING
from workplace.seed import SeedPerson
from workplace.slack.acts import forms, pressing, talking, working
from workplace.slack.acts.scene import Scene


def routes() -> list[web.RouteDef]:
    acts = {
        "write": write,
        "edit": edit,
        "delete": delete,
        "press": press,
        "submit": submit,
        "close": close,
        "home": open_tab,
        "command": command,
        "profile": change_profile,
    }
    named = [web.post(f"/_control/people/{{person}}/{name}", handler) for name, handler in acts.items()]
    of_channels = {
        "archive": archive,
        "unarchive": unarchive,
        "delete": delete_channel,
        "invite": invite,
        "remove": remove,
    }
    return [
        *named,
        *(web.post(f"/_control/channels/{name}", handler) for name, handler in of_channels.items()),
        web.post("/_control/people", join),
        web.post("/_control/uninstall", uninstall),
        web.post("/_control/install", install),
    ]


async def write(request: web.Request) -> web.Response:
    body = await bodies.Write.of(request)
    return _said(await talking.write(_scene(request), _person(request), body.text, channel_id=body.channel))


async def edit(request: web.Request) -> web.Response:
    body = await bodies.Edit.of(request)
    return _said(await talking.edit(_scene(request), _person(request), body.ts, body.text, channel_id=body.channel))


async def delete(request: web.Request) -> web.Response:
    body = await bodies.Delete.of(request)
    return _said(await talking.delete(_scene(request), _person(request), body.ts, channel_id=body.channel))


async def press(request: web.Request) -> web.Response:
    body = await bodies.Press.of(request)
    done = await pressing.press(
        _scene(request),
        _person(request),
        action_id=body.action_id,
        ts=body.ts,
        channel_id=body.channel,
        view_id=body.view_id,
        block_id=body.block_id,
        value=body.value,
        entries=body.values,
    )
    return _said(done)


async def submit(request: web.Request) -> web.Response:
    body = await bodies.Submit.of(request)
    return _said(await forms.submit(_scene(request), _person(request), body.values, view_id=body.view_id))


async def close(request: web.Request) -> web.Response:
    body = await bodies.Close.of(request)
    return _said(await forms.close(_scene(request), _person(request), view_id=body.view_id, everything=body.all))


async def open_tab(request: web.Request) -> web.Response:
    body = await bodies.Tab.of(request)
    return _said(await pressing.open_tab(_scene(request), _person(request), body.tab))


async def command(request: web.Request) -> web.Response:
    body = await bodies.Command.of(request)
    done = await talking.command(_scene(request), _person(request), body.command, body.text, channel_id=body.channel)
    return _said(done)


async def change_profile(request: web.Request) -> web.Response:
    body = await bodies.Profile.of(request)
    return _said(await working.change_profile(_scene(request), _person(request), **body.model_dump()))


async def join(request: web.Request) -> web.Response:
    class Join(bodies.Body, SeedPerson):
        pass

    body = await Join.of(request)
    return _said(await working.join(_scene(request), SeedPerson(**body.model_dump())))


async def archive(request: web.Request) -> web.Response:
    return _said(await working.archive(_scene(request), await _channel(request), archived=True))


async def unarchive(request: web.Request) -> web.Response:
    return _said(await working.archive(_scene(request), await _channel(request), archived=False))


async def delete_channel(request: web.Request) -> web.Response:
    return _said(await working.delete_channel(_scene(request), await _channel(request)))


async def invite(request: web.Request) -> web.Response:
    return _said(await working.invite(_scene(request), await _channel(request), here=True))


async def remove(request: web.Request) -> web.Response:
    return _said(await working.invite(_scene(request), await _channel(request), here=False))


async def uninstall(request: web.Request) -> web.Response:
    return _said(await working.uninstall(_scene(request)))


async def install(request: web.Request) -> web.Response:
    return _said(working.install(_scene(request)))


def _scene(request: web.Request) -> Scene:
    return request.app[RUNNING].scene(request)


async def _channel(request: web.Request) -> str:
    return (await bodies.OfChannel.of(request)).channel


def _person(request: web.Request) -> str:
    return request.match_info["person"]


def _said(done: Done) -> web.Response:
    return web.json_response(done.as_json())
