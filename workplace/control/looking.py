"""`GET /_control/…`: seeing what is there, from above and with one person's eyes."""

from collections import defaultdict

from aiohttp import web

from workplace.refusals import NotPossible
from workplace.running import RUNNING, Running
from workplace.shapes import Json, JsonList
from workplace.slack import wire
from workplace.slack.records import Channel, Message, Person
from workplace.slack.workspace import Workspace

HEARTBEAT_SECONDS = 15.0
LONGEST_SCROLL = 200


def routes() -> list[web.RouteDef]:
    return [
        web.get("/_control/state", state),
        web.get("/_control/people", people),
        web.get("/_control/people/{person}", one_person),
        web.get("/_control/log", log),
        web.get("/_control/deliveries", deliveries),
        web.get("/_control/stream", stream),
    ]


async def state(request: web.Request) -> web.Response:
    running = request.app[RUNNING]
    slack = running.slack
    refused = slack.limits.refused
    return web.json_response(
        {
            "now": running.clock.local().isoformat(timespec="milliseconds"),
            "team": slack.workspace.team.model_dump(),
            "people": [_brief(person) for person in slack.workspace.people.values()],
            "received": _received(running),
            "calls": dict(slack.ledger.calls),
            "errors": dict(slack.ledger.errors),
            "ratelimited": {"total": sum(refused.values()), "by_method": dict(refused)},
            "faults_fired": dict(slack.faults.fired),
            "sockets": slack.socket.connections,
        }
    )


async def people(request: web.Request) -> web.Response:
    workspace = request.app[RUNNING].slack.workspace
    return web.json_response(
        {
            "team": workspace.team.model_dump(),
            "bot": {"id": workspace.app.bot_user_id, "name": workspace.app.name},
            "people": [_brief(person) | _news(workspace, person) for person in workspace.people.values()],
            "channels": [{"id": c.id, "name": c.name} for c in workspace.conversations.channels() if not c.is_direct],
            "groups": [{"id": g.id, "handle": g.handle, "name": g.name} for g in workspace.groups.values()],
        }
    )


async def one_person(request: web.Request) -> web.Response:
    """Everything this person sees: conversations, Home, open forms; the version says how new it is."""
    running = request.app[RUNNING]
    workspace = running.slack.workspace
    person = workspace.people.get(request.match_info["person"])
    if person is None:
        raise NotPossible(f"there is nobody called {request.match_info['person']}")
    home = workspace.surfaces.home(person.id)
    return web.json_response(
        {
            "version": running.changes.version,
            "person": _brief(person),
            "direct": _conversation(running, workspace.conversations.direct_or_empty(person.id), person),
            "channels": [
                _conversation(running, channel, person)
                for channel in workspace.conversations.channels()
                if person.id in channel.members
            ],
            "home": wire.view(workspace, home) if home else None,
            "stack": [
                wire.view(workspace, view) | {"errors": view.errors} for view in workspace.surfaces.stack(person.id)
            ],
        }
    )


async def log(request: web.Request) -> web.Response:
    lines = request.app[RUNNING].slack.ledger.as_json_lines(
        method=request.query.get("method"), after=int(request.query.get("after", "0"))
    )
    return web.Response(text=lines, content_type="application/jsonl")


async def deliveries(request: web.Request) -> web.Response:
    return web.json_response({"deliveries": list(request.app[RUNNING].slack.deliveries.lines)})


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events: the version and the time, after each change and every fifteen seconds."""
    running = request.app[RUNNING]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        async for version in running.changes.watch(heartbeat_seconds=HEARTBEAT_SECONDS):
            await response.write(f"data: {version}\n\n".encode())
    except ConnectionError:
        return response
    return response


def _brief(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "unit": person.unit,
        "tz": person.tz,
        "locale": person.locale,
        "is_bot": person.is_bot,
        "deleted": person.deleted,
    }


def _news(workspace: Workspace, person: Person) -> Json:
    """Return what the list of people needs: the newest `ts` the bot has sent this person, "" for none."""
    direct = workspace.conversations.direct_with(person.id)
    newest = (m.ts for m in workspace.conversations.newest_first(direct.id) if m.by_bot) if direct else iter(())
    return {"newest": next(newest, "")}


def _conversation(running: Running, channel: Channel, person: Person) -> Json:
    workspace = running.slack.workspace
    seen = [
        _message(running, message)
        for message in workspace.conversations.oldest_first(channel.id)
        if message.only_for in (None, person.id)
    ]
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "is_direct": channel.is_direct,
        "is_archived": channel.is_archived,
        "messages": seen[-LONGEST_SCROLL:],
        "older": max(0, len(seen) - LONGEST_SCROLL),
    }


def _message(running: Running, message: Message) -> Json:
    author = running.slack.workspace.anyone(message.user_id)
    return wire.message(running.slack.workspace, message) | {
        "author": author.real_name if author else message.user_id,
        "is_bot": message.by_bot,
        "only_for_you": message.only_for is not None,
    }


def _received(running: Running) -> dict[str, JsonList]:
    """Return what the bot has said to each person in direct messages, as it stands now, oldest first."""
    received: dict[str, JsonList] = defaultdict(list)
    conversations = running.slack.workspace.conversations
    for channel in conversations.channels():
        for message in conversations.oldest_first(channel.id):
            if message.by_bot and channel.person_id:
                received[channel.person_id].append(
                    {
                        "ts": message.ts,
                        "text": message.text,
                        "metadata": message.metadata,
                        "edited": message.edited_ts is not None,
                        "only_for_you": message.only_for is not None,
                    }
                )
    return received
