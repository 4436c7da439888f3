"""Buttons in messages: what the bot hears, and what its answer does to the card."""

from typing import Any

import pytest

from tests.workplace.teams.conftest import Bot, Desk, Ear, card, execute, opens, sends
from workplace.municipality import MATS, SOFIA

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"


def answered(kind: str, value: Any, status: int = 200) -> Json:
    return {"statusCode": status, "type": kind, "value": value}


async def test_a_button_is_an_invoke_with_its_data_and_the_card_it_stood_on(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Jag gör det", "answer", "yes"), execute("Inte nu", "later")))
    ear.answer = lambda activity: answered(MESSAGE, "Mottaget.")
    done = await desk.act(MATS, "press", id=sent, verb="answer")
    assert (done["sent"], done["shown"], done["reason"]) == (True, "Mottaget.", None)
    [said] = ear.heard
    assert (said["type"], said["name"], said["replyToId"]) == ("invoke", "adaptiveCard/action", sent)
    assert said["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Jag gör det",
            "verb": "answer",
            "data": {"knuff": {"action": "answer", "value": "yes"}},
        },
        "trigger": "manual",
    }
    assert said["localTimezone"] == "Europe/Stockholm"


async def test_two_presses_are_two_activities(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    ear.answer = lambda activity: answered(MESSAGE, "Ok")
    for _ in range(2):
        await desk.act(MATS, "press", id=sent, title="Ja")
    assert len({activity["id"] for activity in ear.heard}) == 2


async def test_a_card_in_the_answer_takes_the_place_of_the_card(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    thanks = card(body=[{"type": "TextBlock", "text": "Tack!"}])
    ear.answer = lambda activity: answered(CARD, thanks)
    done = await desk.act(MATS, "press", id=sent, verb="answer")
    assert (done["shown"], (await desk.sees(MATS))["personal"]["messages"][0]["card"]) == (None, thanks)


async def test_an_answer_that_is_an_error_is_shown(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    ear.answer = lambda activity: answered("application/vnd.microsoft.error", {"code": "x", "message": "Fel"}, 400)
    assert (await desk.act(MATS, "press", id=sent, verb="answer"))["shown"] == "Fel"


@pytest.mark.parametrize("said", [{}, None, {"statusCode": 200}, {"statusCode": 200, "type": "x", "value": "y"}])
async def test_an_answer_teams_does_not_understand_is_none(desk: Desk, ear: Ear, bot: Bot, said: Json | None) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    ear.answer = lambda activity: said
    done = await desk.act(MATS, "press", id=sent, verb="answer")
    assert (done["acknowledged"], done["reason"], done["status"]) == (False, "bad_answer", 200)


async def test_a_bot_that_fails_is_said_to_fail(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    ear.answer = lambda activity: 500
    done = await desk.act(MATS, "press", id=sent, verb="answer")
    assert (done["acknowledged"], done["reason"], done["status"]) == (False, "http_error", 500)


async def test_a_card_teams_would_not_draw_is_said_so(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer")))
    ear.answer = lambda activity: answered(CARD, card(version="1.6"))
    refused = await desk.act(MATS, "press", id=sent, verb="answer", status=409)
    assert "1.6" in refused["error"]


@pytest.mark.parametrize(("version", "old_client"), [("1.3", False), ("1.5", True)])
async def test_who_does_not_know_execute_presses_its_fallback(
    desk: Desk, ear: Ear, bot: Bot, version: str, old_client: bool
) -> None:
    sent = await bot.say(await desk.chat(), card(execute("Ja", "answer", "7"), version=version))
    await desk.act(MATS, "press", id=sent, verb="answer", old_client=old_client)
    [said] = ear.heard
    assert (said["type"], said["replyToId"], "text" in said) == ("message", sent, False)
    assert said["value"] == {"knuff": {"action": "answer", "value": "7"}}
    assert said["id"] != sent


async def test_a_button_is_told_from_others_by_its_value(desk: Desk, ear: Ear, bot: Bot) -> None:
    ear.answer = lambda activity: answered(MESSAGE, "Ok")
    sent = await bot.say(await desk.chat(), card(execute("Ändra", "change", "a"), execute("Ändra", "change", "b")))
    refused = await desk.act(MATS, "press", id=sent, action="change", status=409)
    assert refused["error"] == "2 different buttons fit: say more"
    await desk.act(MATS, "press", id=sent, action="change", value="b")
    assert ear.heard[0]["value"]["action"]["data"]["knuff"]["value"] == "b"


async def test_a_button_in_a_hidden_part_is_found_and_the_one_that_shows_it_is_not(
    desk: Desk, ear: Ear, bot: Bot
) -> None:
    ear.answer = lambda activity: answered(MESSAGE, "Ok")
    hidden = {"type": "ActionSet", "actions": [execute("Radera", "delete")]}
    body = [{"type": "Container", "id": "ask", "isVisible": False, "items": [hidden]}]
    show = {"type": "Action.ToggleVisibility", "title": "Radera", "targetElements": ["ask"]}
    sent = await bot.say(await desk.chat(), card(show, body=body))
    await desk.act(MATS, "press", id=sent, title="Radera")
    assert ear.heard[0]["value"]["action"]["verb"] == "delete"


async def test_a_link_leads_away_and_tells_nobody(desk: Desk, ear: Ear, bot: Bot) -> None:
    link = {"type": "Action.OpenUrl", "title": "Öppna", "url": "https://knuff.example/"}
    sent = await bot.say(await desk.chat(), card(link))
    assert (await desk.act(MATS, "press", id=sent, title="Öppna"))["url"] == "https://knuff.example/"
    assert ear.heard == []


async def test_inputs_of_a_card_go_with_its_buttons(desk: Desk, ear: Ear, bot: Bot) -> None:
    word = {"type": "Input.Text", "id": "word", "label": "Ord", "isRequired": True, "errorMessage": "Skriv ett ord"}
    sent = await bot.say(await desk.chat(), card(sends("Skicka"), body=[word]))
    done = await desk.act(MATS, "press", id=sent, title="Skicka")
    assert (done["sent"], done["errors"], ear.heard) == (False, {"word": "Skriv ett ord"}, [])
    await desk.act(MATS, "press", id=sent, title="Skicka", values={"word": "mod"})
    assert ear.heard[0]["value"] == {"knuff": {"form": "reflection", "token": "t1"}, "word": "mod"}


async def test_nobody_presses_in_somebody_elses_chat(desk: Desk, bot: Bot) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat, card(execute("Ja", "answer")))
    assert (
        "is not in" in (await desk.act(SOFIA, "press", id=sent, verb="answer", conversation=chat, status=409))["error"]
    )
    await desk.act(MATS, "press", id=sent, verb="other", status=409)
    await desk.act(MATS, "press", id=sent, status=400)
    await desk.act(MATS, "open", id=sent, verb="answer", status=409)


async def test_a_card_the_bot_takes_away_while_it_answers_stays_away(desk: Desk, ear: Ear, bot: Bot) -> None:
    chat = await desk.chat()
    sent = await bot.say(chat, card(execute("Ja", "answer")))

    async def take_away(activity: Json) -> Json:
        await bot.call("DELETE", f"/{chat}/activities/{sent}")
        return answered(CARD, card())

    ear.answer = take_away
    assert (await desk.act(MATS, "press", id=sent, verb="answer"))["acknowledged"] is True
    assert (await desk.sees(MATS))["personal"]["messages"] == []


async def test_a_button_that_is_no_submit_opens_no_dialog(desk: Desk, ear: Ear, bot: Bot) -> None:
    button = execute("Reflektera", "reflect")
    button["data"] |= {"msteams": {"type": "task/fetch"}}
    sent = await bot.say(await desk.chat(), card(button))
    refused = await desk.act(MATS, "open", id=sent, title="Reflektera", status=409)
    assert refused["error"] == "that button opens no dialog"
    await desk.act(MATS, "press", id=sent, title="Reflektera")
    assert [activity["name"] for activity in ear.heard] == ["adaptiveCard/action"]


async def test_a_dialog_opens_by_an_invoke(desk: Desk, ear: Ear, bot: Bot) -> None:
    sent = await bot.say(await desk.chat(), card(opens("Reflektera", "reflect")))
    ear.answer = lambda activity: {"task": {"type": "message", "value": "Den är inte öppen längre."}}
    done = await desk.act(MATS, "press", id=sent, title="Reflektera")
    [said] = ear.heard
    assert (said["name"], said["replyToId"]) == ("task/fetch", sent)
    assert said["value"]["data"] == {"msteams": {"type": "task/fetch"}, "knuff": {"action": "reflect", "value": "1"}}
    assert (done["shown"], (await desk.sees(MATS))["dialog"]) == ("Den är inte öppen längre.", None)
