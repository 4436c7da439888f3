"""One token for all calls, fetched in time, once, and without holding up anybody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.teams.credentials import Credentials, NoToken, TokenRefused
from tests.contracts.pretend import START
from tests.scheduler.couriers import TrialClock

HOUR = 3600
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Endpoint:
    """A token endpoint that answers as it is told, and counts."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.lives: object = HOUR
        self.seconds = 0.0
        self.otherwise: Callable[[], web.Response] | None = None

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        number = len(self.asked)
        await asyncio.sleep(self.seconds)
        if self.otherwise is not None:
            return self.otherwise()
        return web.json_response({"token_type": "Bearer", "expires_in": self.lives, "access_token": f"token-{number}"})


@asynccontextmanager
async def listening(answer: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/token", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/token"
    await runner.cleanup()


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


@pytest.fixture
async def credentials(endpoint: Endpoint, clock: TrialClock) -> AsyncIterator[Credentials]:
    async with listening(endpoint.answer) as url, ClientSession() as session:
        ours = Credentials(session, url=url, app_id="an-app", password="hemligt", clock=clock)
        yield ours
        await ours.close()


async def test_a_token_is_asked_for_with_our_id_and_password_and_for_the_connector_only(
    credentials: Credentials, endpoint: Endpoint
) -> None:
    assert await credentials.get() == "token-1"
    assert endpoint.asked == [
        {
            "grant_type": "client_credentials",
            "client_id": "an-app",
            "client_secret": "hemligt",
            "scope": "https://api.botframework.com/.default",
        }
    ]


async def test_however_many_wait_one_token_is_fetched(credentials: Credentials, endpoint: Endpoint) -> None:
    endpoint.seconds = 0.05
    assert set(await asyncio.gather(*(credentials.get() for _ in range(20)))) == {"token-1"}
    assert len(endpoint.asked) == 1


async def test_whoever_gives_up_waiting_takes_the_token_from_nobody_else(
    credentials: Credentials, endpoint: Endpoint
) -> None:
    endpoint.seconds = 0.1
    patient = asyncio.create_task(credentials.get())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(credentials.get(), 0.02)
    assert await patient == "token-1"
    assert len(endpoint.asked) == 1


async def test_a_token_serves_until_it_nears_its_end_and_nobody_waits_for_the_next(
    credentials: Credentials, endpoint: Endpoint, clock: TrialClock
) -> None:
    await credentials.get()
    clock.wind_to(START + timedelta(minutes=54))
    assert (await credentials.get(), len(endpoint.asked)) == ("token-1", 1)
    clock.wind_to(START + timedelta(minutes=56))
    endpoint.seconds = 0.05
    assert [await credentials.get() for _ in range(3)] == ["token-1"] * 3
    await asyncio.sleep(0.2)
    assert (await credentials.get(), len(endpoint.asked)) == ("token-2", 2)


async def test_a_token_that_has_ended_is_used_no_more(
    credentials: Credentials, endpoint: Endpoint, clock: TrialClock
) -> None:
    await credentials.get()
    clock.wind_to(START + timedelta(hours=1))
    assert await credentials.get() == "token-2"


async def test_a_token_that_cannot_be_renewed_serves_to_its_end_and_the_endpoint_is_asked_seldom(
    credentials: Credentials, endpoint: Endpoint, clock: TrialClock
) -> None:
    await credentials.get()
    endpoint.otherwise = lambda: web.Response(status=503)
    with capture_logs() as lines:
        for seconds in range(0, 60, 10):
            clock.wind_to(START + timedelta(minutes=56, seconds=seconds))
            assert await credentials.get() == "token-1"
            await asyncio.sleep(0.05)
    assert len(endpoint.asked) == 3
    assert {line["event"] for line in lines} == {"token_not_renewed"}
    clock.wind_to(START + timedelta(hours=1))
    with pytest.raises(NoToken, match="http_503"):
        await credentials.get()


async def test_a_token_that_was_not_accepted_is_used_no_more_and_a_newer_one_is(
    credentials: Credentials, endpoint: Endpoint
) -> None:
    first = await credentials.get()
    credentials.not_accepted(first)
    assert await credentials.get() == "token-2"
    credentials.not_accepted(first)  # by a call that was on its way meanwhile
    assert await credentials.get() == "token-2"
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(401, "invalid_client"), (400, "unauthorized_client"), (400, "invalid_request")]
)
async def test_an_app_that_is_refused_is_told_by_its_code(
    credentials: Credentials, endpoint: Endpoint, status: int, error: str
) -> None:
    endpoint.otherwise = lambda: web.json_response(
        {"error": error, "error_description": "AADSTS7000215: hemligt"}, status=status
    )
    with pytest.raises(TokenRefused) as refused:
        await credentials.get()
    assert refused.value.args == (error,)
    endpoint.otherwise = None
    assert await credentials.get() == "token-2"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: web.Response(status=500), id="500"),
        pytest.param(lambda: web.Response(status=429), id="429"),
        pytest.param(lambda: web.Response(text="<html>proxy</html>", content_type="text/html"), id="a proxy's page"),
        pytest.param(lambda: web.Response(status=401, text="proxy"), id="a proxy's refusal"),
        pytest.param(lambda: web.Response(body=b"\xc5tkomst", content_type="application/json"), id="another encoding"),
        pytest.param(lambda: web.json_response([]), id="a list"),
        pytest.param(lambda: web.Response(text="[" * 200_000), id="lists without an end"),
        pytest.param(lambda: web.json_response({"access_token": ""}), id="nothing"),
        pytest.param(lambda: web.json_response({"access_token": "a\r\nX-Header: b"}), id="no token"),
        pytest.param(lambda: web.Response(status=302, headers={"Location": "/token"}), id="elsewhere"),
    ],
)
async def test_whatever_else_answers_there_is_no_token_now_and_the_next_who_asks_may_get_one(
    credentials: Credentials, endpoint: Endpoint, answer: Callable[[], web.Response]
) -> None:
    endpoint.otherwise = answer
    with pytest.raises(NoToken) as failed:
        await credentials.get()
    assert not isinstance(failed.value, TokenRefused)
    endpoint.otherwise = None
    assert await credentials.get() == "token-2"


async def test_nobody_there_is_no_token(clock: TrialClock) -> None:
    async with ClientSession() as session:
        with pytest.raises(NoToken):
            await Credentials(session, url="http://127.0.0.1:9/", app_id="a", password="b", clock=clock).get()


@pytest.mark.parametrize(
    ("lives", "seconds"), [("3599", 3599), (None, 60), ("soon", 60), (-5, 60), (10**12, 24 * HOUR)]
)
async def test_a_token_lives_as_long_as_it_is_said_to(
    credentials: Credentials, endpoint: Endpoint, clock: TrialClock, lives: object, seconds: int
) -> None:
    endpoint.lives = lives
    await credentials.get()
    clock.wind_to(START + timedelta(seconds=seconds - 1))
    assert await credentials.get() == "token-1"
    clock.wind_to(START + timedelta(seconds=seconds))
    assert await credentials.get() != "token-1"
