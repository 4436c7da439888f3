"""What Slack refuses is refused here, with Slack's own words."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.blocks import actions, button, home, modal, option, plain, section, text_input
from tests.workplace.conftest import Hands
from workplace.settings import Secrets

KARIN = "U01KARIN"
Json = dict[str, Any]


async def refused(call: Any) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value


async def test_without_a_token_nobody_is_let_in(hands: Hands) -> None:
    async with hands.session.post(f"{hands.address}/api/auth.test") as response:
        assert (await response.json())["error"] == "not_authed"


async def test_a_wrong_token_is_invalid(slack: AsyncWebClient) -> None:
    assert (await refused(slack.auth_test(token="xoxb-other"))).response["error"] == "invalid_auth"


async def test_the_app_token_cannot_post(slack: AsyncWebClient, secrets: Secrets) -> None:
    error = await refused(slack.chat_postMessage(channel=KARIN, text="Hej", token=secrets.app_token))
    assert error.response["error"] == "not_allowed_token_type"


async def test_a_scope_that_was_not_granted_is_missing(hands: Hands, slack: AsyncWebClient) -> None:
    people = [{"id": KARIN, "name": "karin", "real_name": "Karin"}]
    await hands.post("/_control/reset", {"seed": {"people": people, "app": {"scopes": ["chat:write"]}}})
    await slack.chat_postMessage(channel=KARIN, text="Hej")
    error = await refused(slack.users_info(user=KARIN))
    assert (error.response["error"], error.response["needed"]) == ("missing_scope", "users:read")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param({"channel": KARIN}, "no_text", id="nothing to say"),
        pytest.param({"channel": "U99NOBODY", "text": "Hej"}, "channel_not_found", id="nobody"),
        pytest.param({"channel": "C02ALLA", "text": "Hej"}, "not_in_channel", id="not a member"),
        pytest.param({"channel": "U11RUMBOT", "text": "Hej"}, "cannot_dm_bot", id="a bot"),
        pytest.param({"channel": "U10GUNNAR", "text": "Hej"}, "channel_not_found", id="deactivated, never spoken to"),
        pytest.param({"channel": KARIN, "text": "Hej", "metadata": "{"}, "invalid_metadata_format", id="metadata text"),
        pytest.param(
            {"channel": KARIN, "text": "Hej", "metadata": {"event_type": "Big Name", "event_payload": {}}},
            "invalid_metadata_format",
            id="metadata name",
        ),
        pytest.param(
            {"channel": KARIN, "text": "Hej", "metadata": {"event_type": "a", "event_payload": {"b": {"c": 1}}}},
            "invalid_metadata_schema",
            id="metadata nested",
        ),
        pytest.param({"channel": KARIN, "blocks": "{"}, "invalid_blocks_format", id="blocks that are no JSON"),
        pytest.param(
            {"channel": KARIN, "text": "t", "blocks": [section("x" * 2900)] * 4}, "msg_blocks_too_long", id="much text"
        ),
    ],
)
async def test_a_post_that_slack_would_not_take(slack: AsyncWebClient, arguments: Json, code: str) -> None:
    assert (await refused(slack.api_call("chat.postMessage", json=arguments))).response["error"] == code


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        pytest.param([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]", id="51 blocks"),
        pytest.param([section("x" * 3001)], "/blocks/0/text/text", id="section text of 3,001"),
        pytest.param([section("")], "must be more than 0 characters", id="empty text"),
        pytest.param([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text", id="header of 151"),
        pytest.param([actions(button("a", "x" * 76))], "/blocks/0/elements/0/text/text", id="button text of 76"),
        pytest.param([actions(button("a", value="x" * 2001))], "/elements/0/value", id="button value of 2,001"),
        pytest.param([actions(button("x" * 256))], "/elements/0/action_id", id="action id of 256"),
        pytest.param([actions(button("a"), button("a"))], "`action_id` a already exists", id="action id twice"),
        pytest.param(
            [actions(button("a"), block_id="b"), actions(button("c"), block_id="b")],
            "`block_id` b already exists",
            id="block id twice",
        ),
        pytest.param([actions(*(button(f"a{n}") for n in range(26)))], "/blocks/0/elements", id="26 buttons"),
        pytest.param([{"type": "section", "fields": [plain("x")] * 11}], "/blocks/0/fields", id="11 fields"),
        pytest.param([{"type": "section"}], "must have `text` or `fields`", id="section of nothing"),
        pytest.param([{"type": "carousel"}], "unsupported type: carousel", id="unknown block"),
        pytest.param([section("x") | {"colour": "red"}], "invalid additional property: colour", id="unknown field"),
        pytest.param(
            [actions({"type": "static_select", "options": [option("x" * 76)]})], "/options/0/value", id="value of 76"
        ),
        pytest.param(
            [actions({"type": "static_select", "options": [option("v", "x" * 76)]})],
            "/options/0/text/text",
            id="option text of 76",
        ),
        pytest.param(
            [actions({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]})],
            "/elements/0/options",
            id="11 radio buttons",
        ),
        pytest.param(
            [actions({"type": "static_select", "options": [option("a")], "initial_option": option("b")})],
            "initial option must be among",
            id="initial option that is none",
        ),
        pytest.param([{"type": "image", "image_url": "http://127.0.0.1/a.png"}], "alt_text", id="image without words"),
    ],
)
async def test_blocks_beyond_the_limits_are_invalid_and_the_place_is_named(
    slack: AsyncWebClient, blocks: list[Json], place: str
) -> None:
    error = await refused(slack.chat_postMessage(channel=KARIN, text="Hej", blocks=blocks))
    assert error.response["error"] == "invalid_blocks"
    assert place in " ".join(error.response["response_metadata"]["messages"])


async def test_text_beyond_40000_is_cut_with_a_warning(slack: AsyncWebClient) -> None:
    answer = await slack.chat_postMessage(channel=KARIN, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


async def test_an_update_beyond_4000_is_refused(slack: AsyncWebClient) -> None:
    sent = await slack.chat_postMessage(channel=KARIN, text="Hej")
    error = await refused(slack.chat_update(channel=sent["channel"], ts=sent["ts"], text="x" * 4001))
    assert error.response["error"] == "msg_too_long"


async def test_an_update_needs_the_channel_and_not_the_person(slack: AsyncWebClient) -> None:
    sent = await slack.chat_postMessage(channel=KARIN, text="Hej")
    error = await refused(slack.chat_update(channel=KARIN, ts=sent["ts"], text="Nytt"))
    assert error.response["error"] == "channel_not_found"


async def test_what_a_person_wrote_is_theirs(slack: AsyncWebClient, hands: Hands) -> None:
    wrote = await hands.act(KARIN, "write", text="Mitt")
    place = {"channel": wrote["channel"], "ts": wrote["ts"]}
    assert (await refused(slack.chat_update(**place, text="Ditt"))).response["error"] == "cant_update_message"
    assert (await refused(slack.chat_delete(**place))).response["error"] == "cant_delete_message"


async def test_someone_deactivated_with_direct_messages_is_posted_to_in_vain(
    slack: AsyncWebClient, hands: Hands
) -> None:
    await slack.chat_postMessage(channel=KARIN, text="Hej")
    await hands.act(KARIN, "profile", deleted=True)
    assert (await slack.chat_postMessage(channel=KARIN, text="Är du kvar?"))["ok"]
    assert (await refused(slack.conversations_open(users=KARIN))).response["error"] == "user_disabled"


@pytest.mark.parametrize(
    ("view", "words"),
    [
        pytest.param(modal(text_input()) | {"submit": None}, "/view/submit", id="submit that is nothing"),
        pytest.param({k: v for k, v in modal().items() if k != "submit"}, "`submit` is required", id="no submit"),
        pytest.param(modal() | {"title": plain("x" * 25)}, "/view/title/text", id="title of 25"),
        pytest.param(modal() | {"private_metadata": "x" * 3001}, "/view/private_metadata", id="metadata of 3,001"),
        pytest.param(modal(*[section("x")] * 101), "no more than 100", id="101 blocks"),
        pytest.param(modal(text_input(max_length=3001)), "max_length", id="text of 3,001"),
        pytest.param(home(), "must be a modal", id="a home"),
    ],
)
async def test_a_form_that_slack_would_not_take(slack: AsyncWebClient, view: Json, words: str) -> None:
    error = await refused(slack.views_open(trigger_id="any", view=view))
    assert error.response["error"] == "invalid_arguments"
    assert words in " ".join(error.response["response_metadata"]["messages"])


async def test_a_view_over_250_kilobytes_is_too_large(slack: AsyncWebClient) -> None:
    blocks = [section("x" * 2900) for _ in range(90)]
    assert (await refused(slack.views_open(trigger_id="any", view=modal(*blocks)))).response[
        "error"
    ] == "view_too_large"


async def test_a_home_that_is_switched_off_is_not_enabled(slack: AsyncWebClient, hands: Hands) -> None:
    people = [{"id": KARIN, "name": "karin", "real_name": "Karin"}]
    await hands.post("/_control/reset", {"seed": {"people": people, "app": {"home_tab_enabled": False}}})
    assert (await refused(slack.views_publish(user_id=KARIN, view=home()))).response["error"] == "not_enabled"


async def test_after_it_is_removed_the_bot_can_do_nothing(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/uninstall")
    assert (await refused(slack.auth_test())).response["error"] == "account_inactive"
    await hands.post("/_control/install")
    assert (await slack.auth_test())["ok"]


async def test_an_unknown_method_is_unknown(slack: AsyncWebClient) -> None:
    assert (await refused(slack.api_call("chat.sing"))).response["error"] == "unknown_method"
