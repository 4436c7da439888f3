"""The pretend workplace in the test's own loop, and a hand to act in it: HTTP only, as its README says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import aiohttp

from workplace.server import started
from workplace.settings import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAMS_APP_ID,
    TEAMS_APP_PASSWORD,
    TEAMS_TENANT_ID,
    Settings,
)

__all__ = [
    "APP_TOKEN", "BOT_TOKEN", "SIGNING_SECRET", "TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_ID",
    "Pretend", "PretendTeams", "pretend_workplace",
]  # fmt: skip

Json = dict[str, Any]
NOWHERE = "http://127.0.0.1:9/"
START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
"""A Monday, 08:00 in Stockholm."""


class Pretend:
    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self.address = address
        self.session = session
        self.api_url = f"{address}/api/"
        self.clock_url = f"{address}/clock"
        self.control = f"{address}/_control"

    @property
    def teams(self) -> "PretendTeams":
        return PretendTeams(self.address, self.session)

    async def look(self, path: str = "state") -> Json:
        async with self.session.get(f"{self.control}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found

    async def arrange(self, path: str, **body: Any) -> Json:
        async with self.session.post(f"{self.control}/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            arranged: Json = await answer.json()
            return arranged

    async def act(self, person: str, what: str, **body: Any) -> Json:
        """Do what a person does. Returns what came of it."""
        return await self.arrange(f"people/{person}/{what}", **body)

    async def misbehave(self, *rules: Json, seed: int = 1) -> None:
        await self.arrange("faults", rules=list(rules), seed=seed)

    async def wind(self, **to: Any) -> None:
        async with self.session.post(self.clock_url, json=to) as answer:
            assert answer.status == 200, await answer.text()

    async def received(self, person: str) -> list[Json]:
        """Return what stands in the person's chat with the bot, oldest first."""
        messages: list[Json] = (await self.look())["received"].get(person, [])
        return messages

    async def calls(self, method: str) -> int:
        return int((await self.look())["calls"].get(method, 0))


class PretendTeams(Pretend):
    """The same hand in the Teams half: its controls are the same, one folder further in."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        super().__init__(address, session)
        self.control = f"{address}/_control/teams"
        self.service_url = f"{address}/teams/emea/"
        self.openid_url = f"{address}/teams/openid/.well-known/openidconfiguration"
        self.token_url = f"{address}/teams/token"


@asynccontextmanager
async def pretend_workplace(**settings: Any) -> AsyncIterator[Pretend]:
    """Run one whose clock begins on Monday 2 March 2026, 08:00 in Stockholm."""
    wanted = replace(Settings(port=0, clock_start=START, request_url=NOWHERE, teams_url=NOWHERE), **settings)
    async with started(wanted) as address, aiohttp.ClientSession() as session:
        yield Pretend(address, session)
