"""Dialogs: opened, filled in, held back, refused, sent and closed."""

from typing import Any

import pytest

from tests.workplace.teams.conftest import Bot, Desk, Ear, card, dialog, execute, opens, sends
from workplace.municipality import MATS, SOFIA

Json = dict[str, Any]

TEXT = {
    "type": "Input.Text",
    "id": "text",
    "label": "Vad hände?",
    "isMultiline": True,
    "isRequired": True,
    "errorMessage": "Skriv något",
    "maxLength": 40,
}
SCALE = {
    "type": "Input.ChoiceSet",
    "id": "scale",
    "label": "Hur gick det?",
    "value": "3",
    "choices": [{"title": name, "value": name} for name in "12345"],
}
DAYS = {
    "type": "Input.ChoiceSet",
    "id": "days",
    "label": "Dagar",
    "isMultiSelect": True,
    "choices": [{"title": name, "value": name} for name in ("mon", "tue", "wed")],
}
PEOPLE = {
    "type": "Input.ChoiceSet",
    "id": "people",
    "label": "Vilka?",
    "isMultiSelect": True,
    "choices": [],
    "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
}
START = {
    "type": "Input.Date",
    "id": "start",
    "label": "Start",
    "min": "2026-03-02",
    "errorMessage": "Välj en dag från den 2 mars",
}
SAVE = {"type": "Input.Toggle", "id": "keep", "title": "Spara inte"}


@pytest.fixture
async def opened(desk: Desk, ear: Ear, bot: Bot) -> Ear:
    """Mats has a dialog open."""
    await open_with(desk, ear, bot, dialog(sends(), body=[TEXT, SCALE, DAYS, PEOPLE, START, SAVE]))
    return ear


async def open_with(desk: Desk, ear: Ear, bot: Bot, answer: Json) -> Json:
    sent = await bot.say(await desk.chat(), card(opens("Reflektera", "reflect")))
    ear.answer = lambda activity: answer
    done = await desk.act(MATS, "open", id=sent, action="reflect")
    ear.heard.clear()
    ear.answer = lambda activity: None
    return done


async def test_a_dialog_stands_before_the_one_who_opened_it(desk: Desk, opened: Ear) -> None:
    seen = (await desk.sees(MATS))["dialog"]
    assert (seen["title"], seen["height"], seen["errors"]) == ("Reflektion", "medium", {})
    assert seen["card"]["body"][0] == TEXT
    assert (await desk.sees(SOFIA))["dialog"] is None


async def test_what_is_entered_is_merged_into_the_data_and_no_answer_closes_it(desk: Desk, opened: Ear) -> None:
    entered = {"text": "Det gick", "days": ["mon", "wed"], "people": [SOFIA, MATS], "start": "2026-03-09", "keep": True}
    done = await desk.act(MATS, "submit", values=entered)
    assert (done["sent"], done["errors"], done["acknowledged"]) == (True, {}, True)
    [said] = opened.heard
    assert (said["name"], said["value"]["context"]) == ("task/submit", {"theme": "default"})
    assert said["value"]["data"] == {
        "knuff": {"form": "reflection", "token": "t1"},
        "text": "Det gick",
        "scale": "3",
        "days": "mon,wed",
        "people": f"{SOFIA},{MATS}",
        "start": "2026-03-09",
        "keep": "true",
    }
    assert (await desk.sees(MATS))["dialog"] is None


async def test_a_dialog_opened_in_a_channel_is_sent_from_the_same_thread(desk: Desk, ear: Ear, bot: Bot) -> None:
    channel = "19:ledning-alvsunda@thread.tacv2"
    sent = await bot.say(channel, card(opens("Bidra", "round.hand_in")))
    ear.answer = lambda activity: dialog(sends(), body=[TEXT])
    await desk.act(MATS, "open", id=sent, action="round.hand_in", conversation=channel)
    ear.answer = lambda activity: None
    await desk.act(MATS, "submit", values={"text": "Vi väntar på samma sak"})
    assert [one["conversation"]["id"] for one in ear.heard] == [f"{channel};messageid={sent}"] * 2
    assert [one["conversation"]["conversationType"] for one in ear.heard] == ["channel"] * 2


async def test_what_is_left_empty_is_left_out(desk: Desk, opened: Ear) -> None:
    await desk.act(MATS, "submit", values={"text": "x", "scale": ""})
    data = opened.heard[0]["value"]["data"]
    assert data == {"knuff": {"form": "reflection", "token": "t1"}, "text": "x", "keep": "false"}


async def test_the_client_holds_back_what_is_not_filled_in(desk: Desk, opened: Ear) -> None:
    done = await desk.act(MATS, "submit", values={"start": "2026-03-01"})
    errors = {"text": "Skriv något", "start": "Välj en dag från den 2 mars"}
    assert (done["sent"], done["errors"], opened.heard) == (False, errors, [])
    assert (await desk.sees(MATS))["dialog"]["errors"] == errors


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"text": "x" * 41}, "text takes 40 characters at most"),
        ({"scale": "6"}, "scale offers no 6"),
        ({"scale": ["1", "2"]}, "scale takes one choice only"),
        ({"people": ["0a0000ff-0000-4000-8000-0000000000ff"]}, "people offers no 0a0000ff"),
        ({"colour": "red"}, "no input called colour"),
    ],
)
async def test_nobody_enters_what_the_client_would_not_let_them(
    desk: Desk, opened: Ear, values: Json, sentence: str
) -> None:
    assert sentence in (await desk.act(MATS, "submit", values=values, status=409))["error"]
    assert opened.heard == []


async def test_another_dialog_takes_the_place_of_the_one_that_was_sent(desk: Desk, opened: Ear) -> None:
    complaint = {"type": "TextBlock", "text": "Så kan det inte vara."}
    opened.answer = lambda activity: dialog(sends(), body=[complaint, TEXT | {"value": "Det gick"}])
    done = await desk.act(MATS, "submit", values={"text": "Det gick"})
    assert (done["sent"], done["acknowledged"]) == (True, True)
    assert (await desk.sees(MATS))["dialog"]["card"]["body"][0] == complaint
    opened.answer = lambda activity: {"task": {"type": "message", "value": "Tack!"}}
    assert (await desk.act(MATS, "submit"))["shown"] == "Tack!"
    assert opened.heard[1]["value"]["data"]["text"] == "Det gick"
    assert (await desk.sees(MATS))["dialog"] is None


async def test_every_submit_is_held_back_by_the_inputs_unless_it_says_that_it_needs_none(
    desk: Desk, ear: Ear, bot: Bot
) -> None:
    plain = {"type": "Action.Submit", "title": "Förra", "data": {"knuff": {"action": "back", "value": ""}}}
    apart = plain | {"title": "Hoppa över", "associatedInputs": "none"}
    await open_with(desk, ear, bot, dialog(sends(), plain, apart, body=[TEXT]))
    assert (await desk.act(MATS, "press_in_dialog", title="Förra"))["sent"] is False
    ear.answer = lambda activity: dialog(sends(), body=[TEXT])
    done = await desk.act(MATS, "press_in_dialog", title="Hoppa över", values={"text": "borta"})
    assert (done["sent"], ear.heard[0]["value"]["data"]) == (True, {"knuff": {"action": "back", "value": ""}})
    assert (await desk.sees(MATS))["dialog"]["errors"] == {}


async def test_a_dialog_knows_no_execute(desk: Desk, ear: Ear, bot: Bot) -> None:
    await open_with(desk, ear, bot, dialog(sends(), execute("Ja", "answer"), body=[TEXT]))
    refused = await desk.act(MATS, "press_in_dialog", verb="answer", status=409)
    assert refused["error"] == "a dialog in Teams knows no Action.Execute"


async def test_closing_tells_nobody(desk: Desk, opened: Ear) -> None:
    await desk.act(MATS, "close")
    assert ((await desk.sees(MATS))["dialog"], opened.heard) == (None, [])
    await desk.act(MATS, "close", status=409)


@pytest.mark.parametrize("answer", [None, {}, {"task": {"type": "continue"}}, {"task": {"type": "popup", "value": {}}}])
async def test_a_button_that_opens_nothing_is_a_failure(desk: Desk, ear: Ear, bot: Bot, answer: Any) -> None:
    done = await open_with(desk, ear, bot, answer)
    assert (done["acknowledged"], done["reason"]) == (False, "bad_answer")
    assert (await desk.sees(MATS))["dialog"] is None


async def test_a_failure_leaves_the_dialog_as_it_was(desk: Desk, opened: Ear) -> None:
    opened.answer = lambda activity: 501
    done = await desk.act(MATS, "submit", values={"text": "Det gick"})
    assert (done["reason"], done["status"]) == ("http_error", 501)
    assert (await desk.sees(MATS))["dialog"]["title"] == "Reflektion"
