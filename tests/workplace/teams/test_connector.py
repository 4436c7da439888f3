"""What the bot can do in Teams, and what it is refused."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.workplace.teams.conftest import Bot, Desk, attachment, card, message
from workplace.municipality import ASA, BRITT, EMILY, MATS, PETER, SOFIA, TUULA
from workplace.settings import TEAMS_TENANT_ID

Json = dict[str, Any]
TEAM = "19:ledning-alvsunda@thread.tacv2"
OTHER_TEAM = "19:bibliotek-alvsunda@thread.tacv2"


def chat_with(person: str, **more: Any) -> Json:
    tenant = {"tenant": {"id": TEAMS_TENANT_ID}}
    return {"isGroup": False, "bot": {"id": "28:x"}, "members": [{"id": person}], "channelData": tenant, **more}


async def test_a_card_stands_in_the_chat_of_its_reader_alone(bot: Bot, desk: Desk) -> None:
    sent = await bot.say(await desk.chat(), channelData={"knuff": {"delivery_id": 12}})
    seen = (await desk.sees(MATS))["personal"]["messages"]
    assert [(m["id"], m["is_bot"], m["summary"], m["card"]) for m in seen] == [(sent, True, "Värdet", card())]
    assert (await desk.sees(SOFIA))["personal"]["messages"] == []
    received = (await desk.get("state"))["received"]
    assert [(line["id"], line["delivery_id"]) for line in received[MATS]] == [(sent, 12)]
    people = {person["id"]: person["newest"] for person in (await desk.get("people"))["people"]}
    assert (people[MATS], people[SOFIA]) == (sent, "")


async def test_a_reply_to_what_nobody_knows_is_a_message(bot: Bot, desk: Desk) -> None:
    status, answer = await bot.call("POST", f"/{await desk.chat()}/activities/unknown", message())
    assert (status, len((await desk.sees(MATS))["personal"]["messages"])) == (201, 1)
    assert answer["id"]


async def test_a_message_is_changed_and_taken_away(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat)
    changed = card(body=[{"type": "TextBlock", "text": "Tack!"}])
    assert await bot.call("PUT", f"/{chat}/activities/{sent}", message(changed)) == (200, {"id": sent})
    seen = (await desk.sees(MATS))["personal"]["messages"]
    assert [(m["card"], m["edited"]) for m in seen] == [(changed, True)]
    assert (await bot.call("DELETE", f"/{chat}/activities/{sent}"))[0] == 200
    assert (await desk.sees(MATS))["personal"]["messages"] == []
    status, answer = await bot.call("PUT", f"/{chat}/activities/{sent}", message())
    assert (status, answer["error"]["code"]) == (404, "ActivityNotFoundInConversation")


async def test_a_bot_changes_nobody_elses_words(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    said = (await desk.act(MATS, "write", text="Hej"))["id"]
    for method, body in (("PUT", message()), ("DELETE", None)):
        assert (await bot.call(method, f"/{chat}/activities/{said}", body))[0] == 403


async def test_beginning_a_chat_leads_to_the_one_there_is(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    assert await bot.call("POST", "", chat_with(MATS)) == (201, {"id": chat})
    _, members = await bot.call("GET", f"/{chat}/members")
    status, _ = await bot.call("POST", "", chat_with(members[0]["id"], activity=message()))
    assert status == 201
    assert len((await desk.sees(MATS))["personal"]["messages"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (chat_with(BRITT), 403, "BotNotInConversationRoster"),
        (chat_with("0a0000ff-0000-4000-8000-0000000000ff"), 400, "BadArgument"),
        (chat_with(MATS) | {"channelData": {}}, 400, "BadSyntax"),
        (chat_with(MATS) | {"members": []}, 400, "BadArgument"),
        ({"channelData": {"channel": {"id": "19:nowhere@thread.tacv2"}}}, 404, "ConversationNotFound"),
        ({"channelData": {"channel": {"id": OTHER_TEAM}}, "activity": message()}, 403, "BotNotInConversationRoster"),
    ],
)
async def test_no_chat_is_begun(bot: Bot, body: Json, status: int, code: str) -> None:
    got, answer = await bot.call("POST", "", body)
    assert (got, answer["error"]["code"]) == (status, code)


async def test_whoever_has_blocked_the_bot_hears_nothing(bot: Bot, desk: Desk) -> None:
    status, answer = await bot.call("POST", f"/{await desk.chat(PETER)}/activities", message())
    assert (status, answer["error"]["code"]) == (403, "ConversationBlockedByUser")
    await desk.act(PETER, "profile", blocked=False)
    await bot.say(await desk.chat(PETER))
    await desk.act(PETER, "profile", disabled=True)
    status, answer = await bot.call("POST", f"/{await desk.chat(PETER)}/activities", message())
    assert (status, answer["error"]["code"]) == (403, "BotDisabledByAdmin")
    assert len((await desk.sees(PETER))["personal"]["messages"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (message(card(version="1.6")), 400, "BadArgument"),
        (message(card() | {"version": None}), 400, "BadArgument"),
        (message() | {"attachments": [attachment(None)]}, 400, "BadArgument"),
        (message({"type": "AdaptiveCard", "version": "1.5"}), 400, "BadArgument"),
        (message() | {"attachments": [{"contentType": "application/pdf"}]}, 400, "BadArgument"),
        ({"type": "message", "text": " "}, 400, "BadArgument"),
        ({"type": "message", "text": "x" * 51_200}, 413, "MessageSizeTooBig"),
        ({"type": "trace", "text": "x"}, 400, "BadArgument"),
    ],
)
async def test_what_teams_would_not_take_is_refused(bot: Bot, desk: Desk, body: Json, status: int, code: str) -> None:
    got, answer = await bot.call("POST", f"/{await desk.chat()}/activities", body)
    assert (got, answer["error"]["code"]) == (status, code)
    assert (await desk.sees(MATS))["personal"]["messages"] == []


async def test_the_bot_changes_nothing_where_it_may_not_speak(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat)
    await desk.act(MATS, "uninstall")
    for method, path, body in (
        ("POST", "", message()),
        ("PUT", f"/{sent}", message()),
        ("PUT", "/unknown", message()),
        ("DELETE", f"/{sent}", None),
        ("DELETE", "/unknown", None),
    ):
        status, answer = await bot.call(method, f"/{chat}/activities{path}", body)
        assert (status, answer["error"]["code"]) == (403, "BotNotInConversationRoster"), (method, path)
    assert [m["id"] for m in (await desk.sees(MATS))["personal"]["messages"]] == [sent]


@pytest.mark.parametrize(
    ("text", "status"),
    [("x" * 51_000, 201), ("å" * 51_000, 201), ("x" * 51_200, 413), ("🙂" * 26_000, 413)],
    ids=["50 kB of ASCII", "100 kB in UTF-8", "as much as is too much", "emoji"],
)
async def test_a_message_is_measured_in_utf_16(bot: Bot, desk: Desk, text: str, status: int) -> None:
    got, _ = await bot.call("POST", f"/{await desk.chat()}/activities", {"type": "message", "text": text})
    assert got == status


async def test_a_conversation_nobody_knows_is_not_found(bot: Bot) -> None:
    for method, path, body in (
        ("POST", "/a:1nobody/activities", message()),
        ("PUT", "/a:1nobody/activities/1", message()),
        ("GET", "/a:1nobody/members", None),
    ):
        status, answer = await bot.call(method, path, body)
        assert (status, answer["error"]["code"]) == (404, "ConversationNotFound")


async def test_typing_leaves_nothing_behind(bot: Bot, desk: Desk) -> None:
    assert (await bot.call("POST", f"/{await desk.chat()}/activities", {"type": "typing"}))[0] == 201
    assert (await desk.sees(MATS))["personal"]["messages"] == []


async def test_the_members_of_a_team_come_by_pages_and_without_bots(bot: Bot) -> None:
    team, found, token = quote(TEAM), [], ""
    while True:
        status, page = await bot.call("GET", f"/{team}/pagedmembers?pageSize=3&continuationToken={token}")
        assert status == 200
        found += page["members"]
        token = page.get("continuationToken", "")
        if not token:
            break
    assert len(found) == 7
    assert {member["objectId"] for member in found} >= {SOFIA, MATS, ASA, EMILY, BRITT, PETER}
    assert all(member["id"].startswith("29:") and "@" in member["userPrincipalName"] for member in found)


@pytest.mark.parametrize("token", ["-1", "nonsense"])
async def test_a_page_nobody_was_given_the_token_of_is_refused(bot: Bot, token: str) -> None:
    status, answer = await bot.call("GET", f"/{quote(TEAM)}/pagedmembers?continuationToken={token}")
    assert (status, answer["error"]["code"]) == (400, "BadArgument")


async def test_one_member_is_found_by_either_id(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    status, mats = await bot.call("GET", f"/{chat}/members/{MATS}")
    assert (status, mats["name"]) == (200, "Mats Eriksson")
    assert await bot.call("GET", f"/{chat}/members/{quote(mats['id'])}") == (200, mats)
    status, answer = await bot.call("GET", f"/{chat}/members/{SOFIA}")
    assert (status, answer["error"]["code"]) == (404, "MemberNotFoundInConversation")


async def test_a_thread_is_begun_and_answered_in_a_channel(bot: Bot, desk: Desk) -> None:
    body = {"isGroup": True, "channelData": {"channel": {"id": TEAM}}, "activity": message()}
    status, answer = await bot.call("POST", "", body)
    assert (status, answer["id"]) == (201, f"{TEAM};messageid={answer['activityId']}")
    reply = await bot.say(quote(answer["id"]))
    channel = (await desk.sees(MATS))["channels"][0]
    assert channel["name"] == "Ledning / Allmänt"
    assert [(m["id"], m["thread"]) for m in channel["messages"]] == [
        (answer["activityId"], None),
        (reply, answer["activityId"]),
    ]
    assert (await desk.sees(TUULA))["channels"][0]["messages"] == []


async def test_the_log_has_a_line_for_every_call(bot: Bot, desk: Desk) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat, channelData={"knuff": {"delivery_id": 7}})
    await bot.call("PUT", f"/{chat}/activities/nothing", message())
    async with bot.session.get(f"{bot.address}/_control/teams/log") as response:
        first, second = map(json.loads, (await response.text()).splitlines())
    assert (first["person"], first["id"], first["delivery_id"], first["ok"]) == (MATS, sent, 7, True)
    assert (second["method"], second["status"], second["ok"]) == ("PUT conversations/activities", 404, False)
    state = await desk.get("state")
    assert state["calls"] == {"POST conversations/activities": 1, "PUT conversations/activities": 1}
    assert state["errors"] == {"PUT conversations/activities ActivityNotFoundInConversation": 1}
