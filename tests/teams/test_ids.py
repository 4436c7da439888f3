"""What the connector calls a message or a chat is kept and sent back to it, so it must look like an id."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.conversation.cards import Card, Paragraph
from bot.ports import Address
from bot.teams.platform import TeamsPlatform
from scheduler.ports import NotSent, Unknown
from tests.contracts.pretend import START
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT, teams_at
from workplace.municipality import MATS

CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))
NO_IDS = [
    "null", '""', "{}", '["x"]', '{"a": 1}', '"a\\u0000b"', '"a\\nb"', '"a\\ud800"', '"' + "x" * 501 + '"',
]  # fmt: skip


class Anybody:
    """A connector that says what it is told to, in JSON of its own."""

    def __init__(self) -> None:
        self.chat = '{"id": "a:1"}'
        self.message = '{"id": "1700000000001"}'

    async def token(self, _request: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 3600})

    async def open_chat(self, _request: web.Request) -> web.Response:
        return web.Response(text=self.chat, content_type="application/json", status=201)

    async def send(self, _request: web.Request) -> web.Response:
        return web.Response(text=self.message, content_type="application/json", status=201)


@pytest.fixture
def connector() -> Anybody:
    return Anybody()


@pytest.fixture
async def teams(connector: Anybody) -> AsyncIterator[TeamsPlatform]:
    app = web.Application()
    app.router.add_post("/token", connector.token)
    app.router.add_post("/v3/conversations", connector.open_chat)
    app.router.add_post("/v3/conversations/{conversation}/activities", connector.send)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with teams_at(f"{base}/", clock=TrialClock(START), token_url=f"{base}/token") as platform:
        yield platform
    await runner.cleanup()


async def test_a_chat_and_a_message_are_called_what_the_connector_calls_them(
    teams: TeamsPlatform, connector: Anybody
) -> None:
    connector.message = '{"id": "' + "1" * 500 + '"}'
    message = await teams.send(Address(workspace=TENANT, person=MATS, conversation=None), CARD, delivery_id=12)
    assert (message.conversation, message.message) == ("a:1", "1" * 500)


@pytest.mark.parametrize("given", NO_IDS)
async def test_a_message_without_a_proper_id_may_have_arrived(
    teams: TeamsPlatform, connector: Anybody, given: str
) -> None:
    connector.message = f'{{"id": {given}}}'
    with pytest.raises(Unknown):
        await teams.send(Address(workspace=TENANT, person=MATS, conversation="a:1"), CARD, delivery_id=12)


@pytest.mark.parametrize("given", NO_IDS)
async def test_in_a_chat_without_a_proper_id_nothing_is_sent(
    teams: TeamsPlatform, connector: Anybody, given: str
) -> None:
    connector.chat = f'{{"id": {given}}}'
    for _ in range(2):  # nor is it remembered
        with pytest.raises(NotSent):
            await teams.send(Address(workspace=TENANT, person=MATS, conversation=None), CARD, delivery_id=12)
