"""`GET /_control/teams/…`: seeing what is in Teams, from above and with one person's eyes."""

from aiohttp import web

from workplace.refusals import NotPossible
from workplace.running import RUNNING
from workplace.shapes import Json, JsonList
from workplace.teams.records import Conversation, Dialog, Message, Person
from workplace.teams.tenant import Tenant

LONGEST_SCROLL = 200


def routes() -> list[web.RouteDef]:
    return [
        web.get("/_control/teams/state", state),
        web.get("/_control/teams/people", people),
        web.get("/_control/teams/people/{person}", one_person),
        web.get("/_control/teams/log", log),
        web.get("/_control/teams/deliveries", deliveries),
    ]


async def state(request: web.Request) -> web.Response:
    running = request.app[RUNNING]
    teams = running.teams
    refused = teams.limits.refused
    return web.json_response(
        {
            "now": running.clock.local().isoformat(timespec="milliseconds"),
            "tenant": _tenant(teams.tenant),
            "people": [_brief(person) for person in teams.tenant.people.values()],
            "received": _received(teams.tenant),
            "calls": dict(teams.ledger.calls),
            "errors": dict(teams.ledger.errors),
            "ratelimited": {"total": sum(refused.values()), "by_limit": dict(refused)},
            "faults_fired": dict(teams.faults.fired),
            "tokens": teams.tokens.handed_out,
            "key_fetches": teams.keys.fetched,
        }
    )


async def people(request: web.Request) -> web.Response:
    tenant = request.app[RUNNING].teams.tenant
    return web.json_response(
        {
            "tenant": _tenant(tenant),
            "bot": {"id": tenant.bot_id, "name": tenant.bot_name},
            "people": [_brief(person) | _news(tenant, person) for person in tenant.people.values()],
            "teams": [
                {
                    "id": team.id,
                    "name": team.name,
                    "installed": team.installed,
                    "members": team.members,
                    "channels": [{"id": channel_id, "name": name} for channel_id, name in team.channels],
                }
                for team in tenant.teams.values()
            ],
        }
    )


async def one_person(request: web.Request) -> web.Response:
    """Everything this person sees: the chat with the bot, channels, the open dialog; the version says how new it is."""
    running = request.app[RUNNING]
    tenant = running.teams.tenant
    person = tenant.people.get(request.match_info["person"])
    if person is None:
        raise NotPossible(f"there is nobody called {request.match_info['person']}")
    chat, dialog = tenant.personal(person), tenant.dialogs.get(person.id)
    return web.json_response(
        {
            "version": running.changes.version,
            "person": _brief(person),
            "personal": _conversation(tenant, chat) if chat else None,
            "channels": [
                _conversation(tenant, conversation)
                for conversation in tenant.conversations()
                if not conversation.is_personal and person in tenant.members(conversation)
            ],
            "dialog": _dialog(dialog) if dialog else None,
        }
    )


async def log(request: web.Request) -> web.Response:
    lines = request.app[RUNNING].teams.ledger.as_json_lines(
        method=request.query.get("method"), after=int(request.query.get("after", "0"))
    )
    return web.Response(text=lines, content_type="application/jsonl")


async def deliveries(request: web.Request) -> web.Response:
    return web.json_response({"deliveries": list(request.app[RUNNING].teams.deliveries.lines)})


def _tenant(tenant: Tenant) -> Json:
    return {"id": tenant.id, "name": tenant.name}


def _brief(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "title": person.title,
        "tz": person.tz,
        "locale": person.locale,
        "installed": person.installed,
        "blocked": person.blocked,
        "disabled": person.disabled,
    }


def _news(tenant: Tenant, person: Person) -> Json:
    """Return what the list of people needs: the id of the newest message from the bot, "" for none."""
    chat = tenant.personal(person)
    newest = (message.id for message in tenant.newest_first(chat) if message.by_bot) if chat else iter(())
    return {"newest": next(newest, "")}


def _conversation(tenant: Tenant, conversation: Conversation) -> Json:
    messages = list(tenant.oldest_first(conversation))
    return {
        "id": conversation.id,
        "name": _name(tenant, conversation),
        "is_personal": conversation.is_personal,
        "messages": [_message(tenant, conversation, message) for message in messages[-LONGEST_SCROLL:]],
        "older": max(0, len(messages) - LONGEST_SCROLL),
    }


def _name(tenant: Tenant, conversation: Conversation) -> str:
    team = tenant.teams.get(conversation.team_id or "")
    return f"{team.name} / {conversation.name}" if team else conversation.name


def _message(tenant: Tenant, conversation: Conversation, message: Message) -> Json:
    author = tenant.people.get(message.author)
    mention = "" if message.by_bot or conversation.is_personal or not message.heard else f"@{tenant.bot_name} "
    return {
        "id": message.id,
        "author": message.author,
        "author_name": author.name if author else tenant.bot_name,
        "is_bot": message.by_bot,
        "text": f"{mention}{message.text}",
        "card": message.card,
        "summary": message.summary,
        "edited": message.edited,
        "at": message.at.isoformat(timespec="milliseconds"),
        "thread": message.thread,
    }


def _dialog(dialog: Dialog) -> Json:
    return {
        "title": dialog.title,
        "height": dialog.height,
        "width": dialog.width,
        "card": dialog.card,
        "errors": dialog.errors,
    }


def _received(tenant: Tenant) -> dict[str, JsonList]:
    """Return what the bot has said to each person in their chat, as it stands now, oldest first."""
    received: dict[str, JsonList] = {}
    for conversation in tenant.conversations():
        said = [_line(message) for message in tenant.oldest_first(conversation) if message.by_bot]
        if conversation.person_id and said:
            received[conversation.person_id] = said
    return received


def _line(message: Message) -> Json:
    return {
        "id": message.id,
        "at": message.at.isoformat(timespec="milliseconds"),
        "summary": message.summary,
        "text": message.text,
        "delivery_id": message.delivery_id,
        "edited": message.edited,
    }
