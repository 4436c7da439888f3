"""Teams' keys: read in the background, once more for one nobody knows, and never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.teams.keys import SigningKey, SigningKeys
from bot.teams.tokens import NotGenuine, Token, Tokens
from scheduler.clock import ShiftedClock
from tests.teams.payloads import APP_ID, SERVICE_URL
from tests.teams.signing import Publisher, public, published, token

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with published() as publisher:
        yield publisher


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock(START)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def keys(publisher: Publisher, session: aiohttp.ClientSession, clock: ShiftedClock) -> SigningKeys:
    return SigningKeys(session, url=publisher.url, clock=clock)


@pytest.fixture
def tokens(keys: SigningKeys, clock: ShiftedClock) -> Tokens:
    return Tokens(keys, app_id=APP_ID, clock=clock)


@asynccontextmanager
async def kept_fresh(keys: SigningKeys) -> AsyncIterator[None]:
    fresh = asyncio.create_task(keys.keep_fresh())
    try:
        yield
    finally:
        fresh.cancel()
        await asyncio.gather(fresh, return_exceptions=True)


async def until_known(keys: SigningKeys, key_id: str) -> None:
    async with asyncio.timeout(5):
        while keys.known(key_id) is None:  # noqa: ASYNC110 - nobody says so
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.01)  # whoever waited for the reading has gone on, too


async def bearer(tokens: Tokens, text: str) -> Token:
    return await tokens.verified([f"Bearer {text}"])


async def test_keys_are_read_at_start_and_a_good_token_is_told_what_it_is_for(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        good = await bearer(tokens, token(at=clock.now()))
    assert (good.service_url, good.endorsements) == (SERVICE_URL, frozenset({"msteams"}))
    assert publisher.asked == 1


async def test_keys_are_read_again_every_day(keys: SigningKeys, publisher: Publisher, clock: ShiftedClock) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        publisher.keys = [public("key-2")]
        clock.wind_to(START + timedelta(hours=23))
        await asyncio.sleep(0.3)
        assert keys.known("key-2") is None
        clock.wind_to(START + timedelta(hours=25))
        await until_known(keys, "key-2")
    assert keys.known("key-1") is None


async def test_keys_that_cannot_be_read_are_asked_for_until_they_can(keys: SigningKeys, publisher: Publisher) -> None:
    publisher.fails = True
    with capture_logs() as said:
        async with kept_fresh(keys):
            async with asyncio.timeout(5):
                while publisher.asked < 2:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
            publisher.fails = False
            await until_known(keys, "key-1")
    assert {line["event"] for line in said} == {"teams_keys_not_read", "teams_keys_read"}


async def test_keys_stay_good_while_newer_ones_cannot_be_read(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        publisher.fails = True
        clock.wind_to(START + timedelta(hours=25))
        async with asyncio.timeout(5):
            while publisher.asked < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        await bearer(tokens, token(at=clock.now()))


async def test_an_unknown_key_is_asked_for_once_in_five_minutes_and_a_rotated_one_then_works(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        for number in range(5):
            with pytest.raises(NotGenuine, match="unknown key"):
                await bearer(tokens, token(key=f"invented-{number}", signed_with="mallory", at=clock.now()))
        assert publisher.asked == 2
        publisher.keys = [public("key-2")]
        with pytest.raises(NotGenuine, match="unknown key"):
            await bearer(tokens, token(key="key-2", at=clock.now()))
        clock.wind_to(START + 6 * MINUTE)
        await bearer(tokens, token(key="key-2", at=clock.now()))
        assert publisher.asked == 3


async def test_a_key_that_was_taken_back_is_good_no_more_also_for_a_token_seen_before(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        stolen = token(at=clock.now())
        await bearer(tokens, stolen)
        publisher.keys = [public("key-2")]
        await keys.find("key-2")
        with pytest.raises(NotGenuine, match="unknown key"):
            await bearer(tokens, stolen)


async def test_whoever_asks_at_the_same_time_shares_one_reading(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    publisher.seconds = 0.2
    async with kept_fresh(keys):
        text = token(at=clock.now())
        good = await asyncio.gather(*(bearer(tokens, text) for _ in range(20)))
    assert len(good) == 20
    assert publisher.asked == 1


async def test_a_slow_reading_holds_up_neither_the_loop_nor_a_key_that_is_known(
    keys: SigningKeys, tokens: Tokens, publisher: Publisher, clock: ShiftedClock
) -> None:
    publisher.keys = [public("key-1"), *(public(f"other-{number}") for number in range(4))]
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        publisher.seconds = 3.0
        moments: list[float] = []

        async def beat() -> None:
            while True:
                moments.append(monotonic())
                await asyncio.sleep(0.005)

        beating = asyncio.create_task(beat())
        began = monotonic()
        unknown = asyncio.create_task(bearer(tokens, token(key="key-9", at=clock.now())))
        await asyncio.sleep(0.1)
        for minute in range(20):
            await bearer(tokens, token(at=clock.now() - minute * MINUTE))
        assert monotonic() - began < 1.0
        with pytest.raises(NotGenuine, match="unknown key"):
            await unknown
        assert 1.5 < monotonic() - began < 3.0
        beating.cancel()
    # Held up, it would be so for all of the three seconds; the machine itself may be busy for a moment.
    assert max(after - before for before, after in pairwise(moments)) < 0.5


async def test_a_good_token_is_good_until_it_ends_and_five_minutes_more(
    keys: SigningKeys, tokens: Tokens, clock: ShiftedClock
) -> None:
    async with kept_fresh(keys):
        await until_known(keys, "key-1")
        text = token(at=START, exp=int((START + timedelta(hours=1)).timestamp()))
        await bearer(tokens, text)
        clock.wind_to(START + timedelta(minutes=64))
        await bearer(tokens, text)
        clock.wind_to(START + timedelta(minutes=66))
        with pytest.raises(NotGenuine, match="expired"):
            await bearer(tokens, text)


async def test_a_key_that_cannot_be_read_takes_no_other_with_it(keys: SigningKeys, publisher: Publisher) -> None:
    broken = {**public("broken"), "n": "%"}
    publisher.keys = [
        broken, {"kty": "EC", "kid": "curve"}, "nothing", {**public("no-id"), "kid": 1},
        {**public("numbered"), "endorsements": 7}, {**public("sealing"), "use": "enc"}, public("key-1"),
    ]  # fmt: skip
    with capture_logs():
        assert await keys.find("key-1") is not None
    assert [name for name in ("broken", "curve", "numbered", "sealing") if keys.known(name)] == []


@pytest.mark.parametrize("published_keys", [[], [{"kty": "EC", "kid": "curve"}], ["nothing"]])
async def test_a_document_without_keys_replaces_none(
    keys: SigningKeys, publisher: Publisher, clock: ShiftedClock, published_keys: list[object]
) -> None:
    assert await keys.find("key-1") is not None
    publisher.keys = published_keys
    clock.wind_to(START + 6 * MINUTE)
    with capture_logs() as said:
        assert await keys.find("key-2") is None
    assert [line["event"] for line in said] == ["teams_keys_not_read"]
    assert keys.known("key-1") is not None


async def test_of_many_good_tokens_the_latest_are_remembered(
    keys: SigningKeys, clock: ShiftedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.teams.tokens.REMEMBERED", 2)
    tokens = Tokens(keys, app_id=APP_ID, clock=clock)
    checked: list[str] = []
    find = keys.find

    async def noting(key_id: str) -> SigningKey | None:
        checked.append(key_id)
        return await find(key_id)

    monkeypatch.setattr(keys, "find", noting)
    first, *later = (token(at=clock.now(), n=number) for number in range(3))
    for text in (first, *later, *later):
        await bearer(tokens, text)
    assert len(checked) == 3
    await bearer(tokens, first)
    assert len(checked) == 4
