"""Who works here, as the bot asks for it; and history."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.conftest import Hands

KARIN = "U01KARIN"


async def test_a_person_has_a_zone_and_a_language(slack: AsyncWebClient) -> None:
    user = (await slack.users_info(user="U06JAMES", include_locale=True))["user"]
    assert (user["tz"], user["locale"], user["is_bot"], user["deleted"]) == ("Europe/London", "en-GB", False, False)


async def test_the_offset_follows_the_clocks_of_the_zone(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/clock", {"to": "2027-01-15T12:00:00+01:00"})
    assert (await slack.users_info(user=KARIN))["user"]["tz_offset"] == 3600
    await hands.post("/clock", {"to": "2027-07-15T12:00:00+02:00"})
    assert (await slack.users_info(user=KARIN))["user"]["tz_offset"] == 7200


async def test_someone_who_has_left_has_no_zone(slack: AsyncWebClient) -> None:
    user = (await slack.users_info(user="U10GUNNAR"))["user"]
    assert user["deleted"]
    assert "tz" not in user


async def test_everyone_is_listed_page_by_page(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/reset", {"generate": {"people": 25}})
    found: list[str] = []
    async for page in await slack.users_list(limit=10):
        found += [user["id"] for user in page["members"]]
    assert len(found) == len(set(found)) == 26


async def test_a_group_names_those_who_still_work_here(slack: AsyncWebClient) -> None:
    (group,) = (await slack.usergroups_list(include_users=True))["usergroups"]
    users = (await slack.usergroups_users_list(usergroup=group["id"]))["users"]
    assert group["handle"] == "chefer"
    assert group["users"] == users
    assert "U10GUNNAR" not in users


async def test_a_channel_names_its_members(slack: AsyncWebClient) -> None:
    members = (await slack.conversations_members(channel="C01LEDARE"))["members"]
    assert {KARIN, "U0KNUFFBOT", "U11RUMBOT"} <= set(members)


async def test_channels_are_listed_by_kind(slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel=KARIN, text="Hej")
    channels = (await slack.conversations_list())["channels"]
    directs = (await slack.conversations_list(types="im"))["channels"]
    assert [c["name"] for c in channels] == ["ledare", "alla"]
    assert [c["user"] for c in directs] == [KARIN]
    assert [c["id"] for c in (await slack.users_conversations(types="public_channel"))["channels"]] == ["C01LEDARE"]


async def test_looking_for_direct_messages_opens_none(slack: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.conversations_open(users=KARIN, prevent_creation=True)
    assert (await slack.conversations_open(users=KARIN))["channel"]["id"] == "D01KARIN"
    assert (await slack.conversations_open(users=KARIN, prevent_creation=True))["channel"]["id"] == "D01KARIN"


async def test_history_shows_all_metadata_only_when_asked(slack: AsyncWebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"delivery_id": "7"}}
    sent = await slack.chat_postMessage(channel=KARIN, text="Hej", metadata=metadata)
    (brief,) = (await slack.conversations_history(channel=sent["channel"]))["messages"]
    (full,) = (await slack.conversations_history(channel=sent["channel"], include_all_metadata=True))["messages"]
    assert brief["metadata"] == {"event_type": "delivery"}
    assert full["metadata"] == metadata
    assert full["app_id"] == "A0KNUFF"


async def test_history_comes_newest_first_in_pages_between_two_moments(slack: AsyncWebClient, hands: Hands) -> None:
    await hands.post("/_control/limits", {"enabled": False})
    sent = [(await slack.chat_postMessage(channel=KARIN, text=str(n)))["ts"] for n in range(7)]
    found: list[str] = []
    pages = 0
    async for page in await slack.conversations_history(channel="D01KARIN", limit=2, oldest=sent[1], latest=sent[6]):
        found += [message["text"] for message in page["messages"]]
        pages += 1
    assert (found, pages) == (["5", "4", "3", "2"], 2)
    inclusive = await slack.conversations_history(channel="D01KARIN", oldest=sent[5], latest=sent[6], inclusive=True)
    assert [m["text"] for m in inclusive["messages"]] == ["6", "5"]


async def test_arguments_may_come_by_query_form_or_json(hands: Hands, slack: AsyncWebClient) -> None:
    headers = {"Authorization": f"Bearer {slack.token}"}
    url = f"{hands.address}/api/users.info"
    ways = [
        hands.session.get(url, params={"user": KARIN}, headers=headers),
        hands.session.post(url, params={"user": KARIN}, headers=headers),
        hands.session.post(url, data={"user": KARIN, "token": str(slack.token)}),
        hands.session.post(url, json={"user": KARIN}, headers=headers),
    ]
    for way in ways:
        async with way as response:
            assert (await response.json())["user"]["id"] == KARIN
