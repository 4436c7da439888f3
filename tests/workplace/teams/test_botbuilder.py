"""Microsoft's own client against our connector: everything is where it looks, in the shapes it reads."""

import pytest
import requests
from botbuilder.schema import Activity, Attachment, ChannelAccount, ConversationParameters, ErrorResponseException
from botframework.connector.aio import ConnectorClient

from tests.workplace.conftest import Hands
from tests.workplace.teams.conftest import Bot, Desk, card
from workplace.municipality import BRITT, MATS
from workplace.settings import TEAMS_TENANT_ID

TEAM = "19:ledning-alvsunda@thread.tacv2"


class GivenToken:
    """Credentials that have their token already."""

    def __init__(self, token: str) -> None:
        self._token = token

    def signed_session(self, session: requests.Session | None = None) -> requests.Session:
        session = session or requests.Session()
        session.headers["Authorization"] = f"Bearer {self._token}"
        return session


@pytest.fixture
def connector(hands: Hands, bot: Bot) -> ConnectorClient:
    return ConnectorClient(GivenToken(bot.token), base_url=f"{hands.address}/teams/emea/")


def activity(text: str) -> Activity:
    content = card(body=[{"type": "TextBlock", "text": text}])
    attachment = Attachment(content_type="application/vnd.microsoft.card.adaptive", content=content)
    return Activity(type="message", summary=text, attachments=[attachment])


async def texts(desk: Desk) -> list[str]:
    return [m["card"]["body"][0]["text"] for m in (await desk.sees(MATS))["personal"]["messages"]]


async def test_it_begins_a_chat_and_sends_changes_and_deletes_in_it(connector: ConnectorClient, desk: Desk) -> None:
    begun = await connector.conversations.create_conversation(
        ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id="28:bot"),
            members=[ChannelAccount(id=MATS)],
            tenant_id=TEAMS_TENANT_ID,
        )
    )
    assert begun.id == await desk.chat()
    sent = await connector.conversations.send_to_conversation(begun.id, activity("ett"))
    await connector.conversations.reply_to_activity(begun.id, "unknown", activity("två"))
    await connector.conversations.update_activity(begun.id, sent.id, activity("ett, ändrat"))
    assert await texts(desk) == ["ett, ändrat", "två"]
    await connector.conversations.delete_activity(begun.id, sent.id)
    assert await texts(desk) == ["två"]


async def test_it_reads_who_is_there(connector: ConnectorClient) -> None:
    page = await connector.conversations.get_conversation_paged_members(TEAM, page_size=5)
    rest = await connector.conversations.get_conversation_paged_members(
        TEAM, page_size=5, continuation_token=page.continuation_token
    )
    people = [*page.members, *rest.members]
    assert (len(people), rest.continuation_token) == (7, None)
    assert BRITT in {person.aad_object_id for person in people}
    everybody = await connector.conversations.get_conversation_members(TEAM)
    one = await connector.conversations.get_conversation_member(TEAM, everybody[0].id)
    assert one.aad_object_id == everybody[0].aad_object_id


async def test_it_reads_our_refusals(connector: ConnectorClient) -> None:
    with pytest.raises(ErrorResponseException) as caught:
        await connector.conversations.send_to_conversation("a:1nobody", activity("x"))
    assert (caught.value.response.status_code, caught.value.error.error.code) == (404, "ConversationNotFound")


async def test_a_message_that_fails_is_sent_once_all_the_same(connector: ConnectorClient, desk: Desk) -> None:
    await desk.faults({"kind": "error502_after_accept"})
    with pytest.raises(ErrorResponseException):
        await connector.conversations.send_to_conversation(await desk.chat(), activity("ett"))
    assert await texts(desk) == ["ett"]
