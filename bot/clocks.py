"""A clock that follows another process's: the demo has one clock for the workplace and for Knuff, and it can be wound
on."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

POLL_SECONDS = 0.25
STEP_SECONDS = 0.1
"""Whoever sleeps looks this often whether the clock was wound on."""
log = structlog.get_logger()


class ClockUnreachable(Exception):
    """The clock we were told to follow does not answer."""


class RemoteClock:
    """Asks `GET url` → `{"now": ISO moment}` four times a second and goes on by itself in between. Never goes back."""

    def __init__(self, url: str, *, seconds_passed: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._seconds_passed = seconds_passed
        self._moment = datetime.now(UTC)
        self._read_at = seconds_passed()

    def now(self) -> datetime:
        return self._moment + timedelta(seconds=self._seconds_passed() - self._read_at)

    async def sleep(self, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        while (left := (until - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - somebody may wind the clock on meanwhile
            await asyncio.sleep(min(left, STEP_SECONDS))

    async def start(self) -> None:
        """Read the clock for the first time. Raises ClockUnreachable."""
        async with self._session() as session:
            try:
                self._moment = await self._ask(session)
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
                raise ClockUnreachable(self._url) from error
            self._read_at = self._seconds_passed()

    async def follow(self) -> None:
        """Follow the clock until cancelled. While it does not answer, time goes on at its usual pace."""
        async with self._session() as session:
            while True:
                try:
                    told = await self._ask(session)
                except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
                    log.debug("clock_unreachable", error=type(error).__name__)
                else:
                    self._moment, self._read_at = max(told, self.now()), self._seconds_passed()
                await asyncio.sleep(POLL_SECONDS)

    async def _ask(self, session: aiohttp.ClientSession) -> datetime:
        async with session.get(self._url) as answer:
            told = await answer.json()
        return datetime.fromisoformat(told["now"]).astimezone(UTC)

    @staticmethod
    def _session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2))
