"""A pretend workplace on a free port, a real bolt bot beside it, and hands to act with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace import card_bot, cards_drawn
from tests.workplace.bolt_bot import Bot, bolt_bot, listening
from tests.workplace.card_bot import CardBot
from tests.workplace.drawn import KARIN, NUDGE
from workplace.server import started
from workplace.settings import Secrets, Settings

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hands:
    """Acts and looks through `/_control`, as the page does."""

    address: str
    session: aiohttp.ClientSession

    async def post(self, path: str, body: Json | None = None, *, status: int = 200) -> Json:
        async with self.session.post(f"{self.address}{path}", json=body or {}) as response:
            assert response.status == status, await response.text()
            answer: Json = await response.json()
            return answer

    async def get(self, path: str) -> Json:
        async with self.session.get(f"{self.address}{path}") as response:
            assert response.status == 200, await response.text()
            answer: Json = await response.json()
            return answer

    async def act(self, person: str, act: str, **body: Any) -> Json:
        return await self.post(f"/_control/people/{person}/{act}", body)

    async def sees(self, person: str) -> Json:
        return await self.get(f"/_control/people/{person}")

    async def faults(self, *rules: Json) -> None:
        await self.post("/_control/faults", {"rules": list(rules)})


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def hands(session: aiohttp.ClientSession) -> AsyncIterator[Hands]:
    async with started(Settings(port=0)) as address:
        yield Hands(address, session)


@pytest.fixture
def slack(hands: Hands, session: aiohttp.ClientSession, secrets: Secrets) -> AsyncWebClient:
    """The real client, without its own retries."""
    return AsyncWebClient(token=secrets.bot_token, base_url=f"{hands.address}/api/", session=session, retry_handlers=[])


@pytest.fixture
async def bot(hands: Hands, secrets: Secrets) -> AsyncIterator[Bot]:
    """A bolt bot that hears of everything over HTTP."""
    made = bolt_bot(hands.address, secrets)
    async with listening(made) as request_url:
        await hands.post("/_control/settings", {"request_url": request_url, "event_retry_seconds": [0, 0, 0]})
        yield made


@pytest.fixture
async def karin(page: Page, hands: Hands, bot: Bot, slack: AsyncWebClient) -> Page:
    """Karin's messages with a nudge from the bot in them."""
    await slack.chat_postMessage(channel=KARIN, text="Värdet i en mening", blocks=NUDGE)
    await page.goto(f"{hands.address}/#{KARIN}/messages")
    await expect(page.get_by_role("button", name="Jag gör det")).to_be_visible()
    return page


@pytest.fixture
async def in_teams(hands: Hands, session: aiohttp.ClientSession, secrets: Secrets) -> AsyncIterator[CardBot]:
    """A bot that hears of everything in Teams."""
    made = CardBot(hands.address, secrets, session)
    async with card_bot.listening(made) as request_url:
        await hands.post("/_control/teams/settings", {"request_url": request_url})
        yield made


@pytest.fixture
async def sofia(page: Page, hands: Hands, in_teams: CardBot) -> Page:
    """Sofia's chat in Teams with a card from the bot in it."""
    await in_teams.send(cards_drawn.SOFIA, cards_drawn.NUDGE, summary="Värdet i en mening")
    await page.goto(f"{hands.address}/#{cards_drawn.SOFIA}/chat")
    await expect(page.get_by_role("button", name="Jag gör det")).to_be_visible()
    return page
