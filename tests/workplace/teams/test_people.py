"""What people do in Teams, and how the bot hears of it."""

from typing import Any

import pytest

from tests.workplace.teams.conftest import Bot, Desk, Ear, card, execute, message
from workplace.municipality import BRITT, EMILY, MATS, PETER, SOFIA, TUULA
from workplace.settings import TEAMS_APP_ID, TEAMS_TENANT_ID

Json = dict[str, Any]
TEAM = "19:ledning-alvsunda@thread.tacv2"
LIBRARY = "19:bibliotek-alvsunda@thread.tacv2"


async def test_what_somebody_writes_arrives_as_teams_sends_it(desk: Desk, ear: Ear) -> None:
    done = await desk.act(TUULA, "write", text="Hej <Knuff> & co")
    assert (done["acknowledged"], done["status"]) == (True, 200)
    [said] = ear.heard
    assert said["type"] == "message"
    assert (said["id"], said["text"], said["textFormat"]) == (done["id"], "Hej <Knuff> & co", "plain")
    assert said["attachments"] == [{"contentType": "text/html", "content": "<p>Hej &lt;Knuff&gt; &amp; co</p>"}]
    assert (said["channelId"], said["channelData"]) == ("msteams", {"tenant": {"id": TEAMS_TENANT_ID}})
    assert said["from"]["aadObjectId"] == TUULA
    assert said["from"]["id"].startswith("29:")
    assert said["recipient"] == {"id": f"28:{TEAMS_APP_ID}", "name": "Knuff"}
    assert said["conversation"] == {
        "conversationType": "personal",
        "tenantId": TEAMS_TENANT_ID,
        "id": done["conversation"],
    }
    assert done["conversation"].startswith("a:")
    assert (said["locale"], said["localTimezone"]) == ("sv-FI", "Europe/Helsinki")
    [client] = said["entities"]
    assert (client["type"], client["timezone"], client["locale"]) == ("clientInfo", "Europe/Helsinki", "sv-FI")
    assert said["localTimestamp"][-6:] in ("+02:00", "+03:00")


async def test_edits_and_deletions_name_the_message_they_are_about(desk: Desk, ear: Ear) -> None:
    said = (await desk.act(MATS, "write", text="Hej"))["id"]
    await desk.act(MATS, "edit", id=said, text="Hej igen")
    await desk.act(MATS, "delete", id=said)
    assert (await desk.sees(MATS))["personal"]["messages"] == []
    await desk.act(MATS, "undelete", id=said)
    told = [(a["type"], a["id"], a["channelData"].get("eventType"), a.get("text")) for a in ear.heard]
    assert told == [
        ("message", said, None, "Hej"),
        ("messageUpdate", said, "editMessage", "Hej igen"),
        ("messageDelete", said, "softDeleteMessage", None),
        ("messageUpdate", said, "undeleteMessage", "Hej igen"),
    ]
    seen = (await desk.sees(MATS))["personal"]["messages"]
    assert [(m["text"], m["edited"], m["author_name"]) for m in seen] == [("Hej igen", True, "Mats Eriksson")]


@pytest.mark.parametrize(
    ("act", "body"), [("uninstall", {}), ("profile", {"blocked": True}), ("profile", {"disabled": True})]
)
async def test_what_one_does_to_old_words_out_of_reach_is_done_and_tells_nobody(
    desk: Desk, ear: Ear, act: str, body: Json
) -> None:
    said = (await desk.act(MATS, "write", text="Hej"))["id"]
    await desk.act(MATS, act, **body)
    ear.heard.clear()
    await desk.act(MATS, "edit", id=said, text="Hej igen")
    assert [m["text"] for m in (await desk.sees(MATS))["personal"]["messages"]] == ["Hej igen"]
    done = await desk.act(MATS, "delete", id=said)
    assert (done["status"], (await desk.sees(MATS))["personal"]["messages"]) == (None, [])
    await desk.act(MATS, "undelete", id=said)
    assert [m["text"] for m in (await desk.sees(MATS))["personal"]["messages"]] == ["Hej igen"]
    assert ear.heard == []


async def test_installing_says_so_twice_and_opens_the_chat(desk: Desk, ear: Ear) -> None:
    assert (await desk.sees(BRITT))["personal"] is None
    done = await desk.act(BRITT, "install")
    assert [a["type"] for a in ear.heard] == ["installationUpdate", "conversationUpdate"]
    added, joined = ear.heard
    assert (added["action"], added["conversation"]["id"]) == ("add", done["conversation"])
    assert joined["membersAdded"] == [{"id": f"28:{TEAMS_APP_ID}"}]
    assert {a["from"]["aadObjectId"] for a in ear.heard} == {BRITT}
    assert all("localTimezone" not in a for a in ear.heard)
    assert (await desk.sees(BRITT))["person"]["installed"] is True
    await desk.act(BRITT, "install", status=409)


async def test_removing_says_so_once_and_the_chat_stays_the_same(desk: Desk, ear: Ear, bot: Bot) -> None:
    chat = await desk.chat()
    await desk.act(MATS, "uninstall")
    assert [(a["type"], a["action"]) for a in ear.heard] == [("installationUpdate", "remove")]
    status, answer = await bot.call("POST", f"/{chat}/activities", message())
    assert (status, answer["error"]["code"]) == (403, "BotNotInConversationRoster")
    await desk.act(MATS, "write", text="Hej", status=409)
    assert (await desk.act(MATS, "install"))["conversation"] == chat
    await bot.say(chat)


async def test_who_has_blocked_the_bot_reaches_it_no_more(desk: Desk, ear: Ear, bot: Bot) -> None:
    refused = await desk.act(PETER, "write", text="Hej", status=409)
    assert refused["error"] == "Peter Åkerlund has blocked Knuff"
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    await desk.act(MATS, "profile", blocked=True)
    await desk.act(MATS, "press", id=sent, verb="answer", status=409)
    assert ear.heard == []


async def test_a_mention_in_a_channel_reaches_the_bot_and_other_words_do_not(desk: Desk, ear: Ear, bot: Bot) -> None:
    root = (await desk.act(EMILY, "write", text="Morning all", conversation=TEAM))["id"]
    await desk.act(EMILY, "edit", id=root, text="Morning, all", conversation=TEAM)
    assert ear.heard == []
    done = await desk.post("mention", person=EMILY, team=TEAM, text="utmaning", thread=root)
    [said] = ear.heard
    assert said["text"] == "<at>Knuff</at> utmaning"
    assert said["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": TEAMS_TENANT_ID,
        "id": f"{TEAM};messageid={root}",
    }
    [html] = said["attachments"]
    assert html["content"].startswith("<p><span ")
    assert html["content"].endswith(">Knuff</span>&nbsp;utmaning</p>")
    mention = next(entity for entity in said["entities"] if entity["type"] == "mention")
    assert mention["text"] == "<at>Knuff</at>"
    assert mention["mentioned"]["id"] == said["recipient"]["id"]
    assert said["channelData"]["team"]["id"] == said["channelData"]["channel"]["id"] == TEAM
    await bot.say(said["conversation"]["id"].replace(";", "%3B"))
    seen = (await desk.sees(SOFIA))["channels"][0]["messages"]
    assert [(m["text"], m["thread"]) for m in seen] == [
        ("Morning, all", None),
        ("@Knuff utmaning", root),
        ("", root),
    ]
    assert done["id"] == seen[1]["id"]


async def test_the_bot_is_put_in_a_team_and_taken_out(desk: Desk, ear: Ear) -> None:
    await desk.post("mention", person=TUULA, team=LIBRARY, text="hej", status=409)
    await desk.post("install_in_team", team=LIBRARY, person=TUULA)
    added, joined = ear.heard
    assert (added["type"], added["action"]) == ("installationUpdate", "add")
    assert (joined["channelData"]["eventType"], joined["channelData"]["team"]["id"]) == ("teamMemberAdded", LIBRARY)
    await desk.post("mention", person=TUULA, team=LIBRARY, text="hej")
    await desk.post("uninstall_in_team", team=LIBRARY)
    assert [a["type"] for a in ear.heard[3:]] == ["installationUpdate", "conversationUpdate"]
    assert ear.heard[4]["membersRemoved"]
    await desk.post("install_in_team", team=TEAM, status=409)


async def test_a_channel_is_deleted_and_the_bot_is_told_in_general(desk: Desk, ear: Ear, bot: Bot) -> None:
    channel = "19:utveckling-alvsunda@thread.tacv2"
    await bot.say(channel)
    await desk.post("delete_channel", channel=channel)
    [told] = ear.heard
    assert (told["type"], told["conversation"]["id"]) == ("conversationUpdate", TEAM)
    assert (told["channelData"]["eventType"], told["channelData"]["channel"]["id"]) == ("channelDeleted", channel)
    assert channel not in [one["id"] for one in (await desk.sees(MATS))["channels"]]
    assert channel not in str((await desk.get("people"))["teams"])
    status, answer = await bot.call("POST", f"/{channel}/activities", message())
    assert (status, answer["error"]["code"]) == (404, "ConversationNotFound")
    await desk.post("delete_channel", channel=channel, status=409)
    await desk.post("delete_channel", channel=TEAM, status=409)


async def test_a_channel_of_a_team_without_the_bot_is_deleted_unheard(desk: Desk, ear: Ear) -> None:
    await desk.post("uninstall_in_team", team=TEAM)
    ear.heard.clear()
    await desk.post("delete_channel", channel="19:utveckling-alvsunda@thread.tacv2")
    assert ear.heard == []


async def test_a_changed_profile_shows_in_the_next_message(desk: Desk, ear: Ear) -> None:
    await desk.act(MATS, "profile", tz="Europe/London", locale="en-GB", name="Mats E")
    assert ear.heard == []
    await desk.act(MATS, "write", text="Hello")
    assert ear.heard[0]["localTimezone"] == "Europe/London"
    assert (ear.heard[0]["from"]["name"], ear.heard[0]["locale"]) == ("Mats E", "en-GB")


@pytest.mark.parametrize(
    ("act", "body", "sentence"),
    [
        ("write", {"text": "  "}, "an empty message cannot be sent"),
        ("write", {"text": "Hej", "conversation": LIBRARY}, "Mats Eriksson is not in"),
        ("edit", {"id": "1", "text": "Hej"}, "there is no message 1"),
        ("undelete", {"id": "1"}, "has deleted no message 1"),
        ("submit", {}, "has no dialog open"),
        ("press", {"id": "1", "verb": "x"}, "there is no message 1"),
    ],
)
async def test_what_cannot_be_done_is_said_in_words(desk: Desk, act: str, body: Json, sentence: str) -> None:
    assert sentence in (await desk.act(MATS, act, status=409, **body))["error"]


async def test_others_words_are_nobodys_to_change(desk: Desk, ear: Ear) -> None:
    said = (await desk.act(EMILY, "write", text="Hi", conversation=TEAM))["id"]
    refused = await desk.act(MATS, "delete", id=said, conversation=TEAM, status=409)
    assert refused["error"] == "only one's own messages can be changed"
    await desk.act(MATS, "write", text="x", thread="7", conversation=TEAM, status=409)


async def test_a_bot_that_is_not_there_is_noticed(desk: Desk) -> None:
    await desk.post("settings", request_url="http://127.0.0.1:9/api/messages")
    done = await desk.act(MATS, "write", text="Hej")
    assert (done["acknowledged"], done["reason"]) == (False, "connection_failed")
