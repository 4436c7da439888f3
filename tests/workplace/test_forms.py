"""Forms, from the press that opens them to what the bot answers."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import actions, button, home, modal, option, plain, section, text_input
from tests.workplace.bolt_bot import Bot
from tests.workplace.conftest import Hands

KARIN = "U01KARIN"
Json = dict[str, Any]


@pytest.fixture
async def opened(hands: Hands, bot: Bot, slack: AsyncWebClient) -> str:
    """A form that Karin has opened by pressing a button; its view id."""
    bot.form = modal(text_input("why"), notify_on_close=True)
    return await open_form(hands, slack)


async def open_form(hands: Hands, slack: AsyncWebClient) -> str:
    sent = await slack.chat_postMessage(channel=KARIN, text="Nytt", blocks=[actions(button("go", value="7"))])
    done = await hands.act(KARIN, "press", ts=sent["ts"], action_id="go")
    assert done["acknowledged"], done
    view_id: str = (await hands.sees(KARIN))["stack"][-1]["id"]
    return view_id


async def stack(hands: Hands) -> list[str]:
    return [view["title"]["text"] for view in (await hands.sees(KARIN))["stack"]]


async def test_a_press_reaches_the_bot_with_everything_it_needs(hands: Hands, bot: Bot, opened: str) -> None:
    (press,) = bot.actions
    (action,) = press["actions"]
    assert (action["action_id"], action["value"], press["user"]["id"]) == ("go", "7", KARIN)
    assert press["container"]["type"] == "message"
    assert press["message"]["ts"] == press["container"]["message_ts"]
    assert press["channel"]["id"] == "D01KARIN"
    assert press["response_url"].startswith(hands.address)


async def test_what_is_typed_arrives_in_the_state(hands: Hands, bot: Bot, opened: str) -> None:
    await hands.act(KARIN, "submit", values={"why": "Det gick bra"})
    (submission,) = bot.submissions
    assert submission["view"]["state"]["values"] == {
        "why": {"text": {"type": "plain_text_input", "value": "Det gick bra"}}
    }
    assert await stack(hands) == []


async def test_a_required_field_left_empty_never_reaches_the_bot(hands: Hands, bot: Bot, opened: str) -> None:
    done = await hands.act(KARIN, "submit", values={})
    assert (done["sent"], done["errors"]) == (False, {"why": "required"})
    assert bot.submissions == []


async def test_the_bots_errors_stand_by_the_fields_and_the_form_stays(hands: Hands, bot: Bot, opened: str) -> None:
    bot.answer = {"response_action": "errors", "errors": {"why": "Skriv mer."}}
    done = await hands.act(KARIN, "submit", values={"why": "Ja"})
    assert done["errors"] == {"why": "Skriv mer."}
    (view,) = (await hands.sees(KARIN))["stack"]
    assert view["errors"] == {"why": "Skriv mer."}
    assert view["state"]["values"]["why"]["text"]["value"] == "Ja"


async def test_the_bot_can_answer_with_another_form_in_its_place(hands: Hands, bot: Bot, opened: str) -> None:
    bot.answer = {"response_action": "update", "view": modal(text_input("more")) | {"title": plain("Tack")}}
    await hands.act(KARIN, "submit", values={"why": "Ja"})
    assert await stack(hands) == ["Tack"]


async def test_the_bot_can_lay_forms_on_top_and_clear_them_all(hands: Hands, bot: Bot, opened: str) -> None:
    bot.answer = {"response_action": "push", "view": modal() | {"title": plain("Överst")}}
    await hands.act(KARIN, "submit", values={"why": "Ja"})
    assert await stack(hands) == ["Så gick det", "Överst"]
    bot.answer = {"response_action": "clear"}
    await hands.act(KARIN, "submit", values={"why": "Ja"})
    assert await stack(hands) == []


async def test_closing_tells_the_bot_that_asked_to_know(hands: Hands, bot: Bot, opened: str) -> None:
    await hands.act(KARIN, "close")
    assert [(c["view"]["id"], c["is_cleared"]) for c in bot.closed] == [(opened, False)]
    assert await stack(hands) == []


async def test_a_trigger_opens_one_form(hands: Hands, bot: Bot, slack: AsyncWebClient, opened: str) -> None:
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await slack.views_open(trigger_id=bot.actions[0]["trigger_id"], view=modal())


async def test_a_trigger_lives_three_seconds(hands: Hands, bot: Bot, slack: AsyncWebClient) -> None:
    sent = await slack.chat_postMessage(channel=KARIN, text="Nytt", blocks=[actions(button("go"))])
    await hands.act(KARIN, "press", ts=sent["ts"], action_id="go")
    await hands.post("/clock", {"advance_seconds": 3.1})
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await slack.views_open(trigger_id=bot.actions[0]["trigger_id"], view=modal())


async def test_a_fourth_form_does_not_fit_on_the_stack(
    hands: Hands, bot: Bot, slack: AsyncWebClient, opened: str
) -> None:
    async def push(client: AsyncWebClient, body: Json) -> None:
        await client.views_push(trigger_id=body["trigger_id"], view=modal(actions(button("push"))))

    await slack.views_update(view_id=opened, view=modal(actions(button("push"))))
    bot.form, bot.on_action = None, push
    await hands.act(KARIN, "press", action_id="push")
    await hands.act(KARIN, "press", action_id="push")
    assert len(await stack(hands)) == 3
    # bolt answers 500 when a listener raises; the person sees that the press came to nothing.
    assert not (await hands.act(KARIN, "press", action_id="push"))["acknowledged"]
    assert len(await stack(hands)) == 3
    errors = (await hands.get("/_control/state"))["errors"]
    assert errors == {"views.push push_limit_reached": 1}


async def test_an_old_hash_changes_nothing(hands: Hands, slack: AsyncWebClient, opened: str) -> None:
    old = (await hands.sees(KARIN))["stack"][0]["hash"]
    await slack.views_update(view_id=opened, view=modal() | {"title": plain("Nyare")}, hash=old)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await slack.views_update(view_id=opened, view=modal() | {"title": plain("Äldre")}, hash=old)
    assert await stack(hands) == ["Nyare"]


async def test_entries_survive_an_update_where_the_ids_stay(
    hands: Hands, bot: Bot, slack: AsyncWebClient, opened: str
) -> None:
    form = modal(text_input("why"), text_input("more"), actions(button("check")))
    await slack.views_update(view_id=opened, view=form)
    bot.form = None
    await hands.act(KARIN, "press", action_id="check", values={"why": "Halvvägs"})
    assert bot.actions[-1]["view"]["state"]["values"]["why"]["text"]["value"] == "Halvvägs"
    await slack.views_update(view_id=opened, view=form)
    await hands.act(KARIN, "submit", values={"more": "Klart"})
    values = bot.submissions[-1]["view"]["state"]["values"]
    assert [values[block]["text"]["value"] for block in ("why", "more")] == ["Halvvägs", "Klart"]


CHOICES = [option("a", "Ett"), option("b", "Två")]


@pytest.mark.parametrize(
    ("element", "value", "arrives"),
    [
        pytest.param({"type": "radio_buttons", "options": CHOICES}, "b", {"selected_option": CHOICES[1]}, id="radio"),
        pytest.param({"type": "static_select", "options": CHOICES}, "a", {"selected_option": CHOICES[0]}, id="select"),
        pytest.param({"type": "checkboxes", "options": CHOICES}, ["a", "b"], {"selected_options": CHOICES}, id="boxes"),
        pytest.param(
            {"type": "multi_static_select", "options": CHOICES}, ["b"], {"selected_options": [CHOICES[1]]}, id="multi"
        ),
        pytest.param({"type": "multi_users_select"}, [KARIN], {"selected_users": [KARIN]}, id="people"),
        pytest.param({"type": "users_select"}, KARIN, {"selected_user": KARIN}, id="person"),
        pytest.param({"type": "channels_select"}, "C01LEDARE", {"selected_channel": "C01LEDARE"}, id="channel"),
        pytest.param(
            {"type": "conversations_select"}, "C01LEDARE", {"selected_conversation": "C01LEDARE"}, id="conversation"
        ),
        pytest.param({"type": "datepicker"}, "2026-03-02", {"selected_date": "2026-03-02"}, id="date"),
        pytest.param({"type": "timepicker"}, "08:30", {"selected_time": "08:30"}, id="time"),
        pytest.param(
            {"type": "datepicker", "initial_date": "2026-03-02"}, ..., {"selected_date": "2026-03-02"}, id="as it was"
        ),
    ],
)
async def test_every_kind_of_choice_arrives_as_slack_sends_it(
    hands: Hands, bot: Bot, slack: AsyncWebClient, element: Json, value: Any, arrives: Json
) -> None:
    block = {"type": "input", "block_id": "b", "label": plain("Val"), "element": element | {"action_id": "x"}}
    bot.form = modal(block)
    await open_form(hands, slack)
    await hands.act(KARIN, "submit", values={} if value is ... else {"b": value})
    assert bot.submissions[0]["view"]["state"]["values"]["b"]["x"] == {"type": element["type"], **arrives}


async def test_a_choice_in_the_home_reaches_the_bot(hands: Hands, bot: Bot, slack: AsyncWebClient) -> None:
    choice = {"type": "static_select", "action_id": "pace", "options": CHOICES}
    await slack.views_publish(user_id=KARIN, view=home(section("Takt") | {"accessory": choice}))
    view_id = (await hands.sees(KARIN))["home"]["id"]
    await hands.act(KARIN, "press", view_id=view_id, action_id="pace", value="b")
    assert bot.actions[0]["actions"][0]["selected_option"] == CHOICES[1]
    assert bot.actions[0]["view"]["type"] == "home"


async def test_nobody_can_press_what_is_not_there(hands: Hands, slack: AsyncWebClient, opened: str) -> None:
    place = "/_control/people"
    assert "no more" in (await hands.post(f"{place}/{KARIN}/press", {"action_id": "more"}, status=409))["error"] or True
    assert (await hands.post(f"{place}/U02ERIK/submit", {}, status=409))["ok"] is False
    assert (await hands.post(f"{place}/U10GUNNAR/write", {"text": "Hej"}, status=409))["ok"] is False


async def test_a_response_url_answers_five_times(hands: Hands, bot: Bot, opened: str) -> None:
    url = bot.actions[0]["response_url"]
    for _ in range(5):
        async with hands.session.post(url, json={"text": "Svar"}) as response:
            assert response.status == 200
    async with hands.session.post(url, json={"text": "Svar"}) as response:
        assert response.status == 404
    assert len([m for m in (await hands.sees(KARIN))["direct"]["messages"] if m["text"] == "Svar"]) == 5


async def test_a_press_while_the_bot_sleeps_comes_to_nothing(hands: Hands, bot: Bot, slack: AsyncWebClient) -> None:
    await hands.post("/_control/settings", {"own_messages": False})
    sent = await slack.chat_postMessage(channel=KARIN, text="Nytt", blocks=[actions(button("go"))])
    bot.refuse_requests = 1
    done = await hands.act(KARIN, "press", ts=sent["ts"], action_id="go")
    assert (done["acknowledged"], done["status"]) == (False, 503)
    await asyncio.sleep(0.05)
    assert bot.actions == []
