"""Whatever the connector answers, it is told as what to do next; a POST is made once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientTimeout, web

from bot.conversation.cards import Card, Paragraph
from bot.conversation.events import MessageRef
from bot.pacing import LONGEST_WAIT_SECONDS
from bot.ports import Address
from bot.teams.platform import TeamsPlatform
from scheduler.buckets import POST
from scheduler.ports import DeliveryError, Disconnected, NotSent, RateLimited, Refused, Unknown, Unreachable
from tests.contracts.pretend import START
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT, teams_at

KARIN = "0a000009-0000-4000-8000-000000000009"
CHAT = "a:1karin"
KNOWN = Address(workspace=TENANT, person=KARIN, conversation=CHAT)
STRANGER = Address(workspace=TENANT, person=KARIN, conversation=None)
CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))
Given = Callable[[], web.StreamResponse]


class Connector:
    """Answers calls as it is told: the named kind of call first, then with what Teams would say."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.bodies: list[object] = []
        self.tokens = 0
        self.answers: dict[str, list[Given]] = {}
        self.hang_up_on: set[str] = set()

    def will(self, call: str, *given: Given) -> None:
        self.answers.setdefault(call, []).extend(given)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} {request.path.rpartition('/')[2]}"
        self.calls.append(call)
        self.bodies.append(await request.json() if request.can_read_body else None)
        if call in self.hang_up_on:
            assert request.transport is not None
            request.transport.close()
        if waiting := self.answers.get(call):
            return waiting.pop(0)()
        return web.json_response({"id": CHAT if call == "POST conversations" else "1-message"})

    async def token(self, request: web.Request) -> web.StreamResponse:
        self.tokens += 1
        if waiting := self.answers.get("token"):
            return waiting.pop(0)()
        return web.json_response({"access_token": f"token-{self.tokens}", "expires_in": 3600})


class NotingPauses:
    def __init__(self) -> None:
        self.pauses: list[tuple[str, datetime]] = []
        self.waited: list[str | None] = []

    async def wait_for(
        self, workspace: str, method: str, *, channel: str | None = None, within_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        assert method == POST
        self.waited.append(channel)

    async def pause(self, workspace: str, method: str, *, until: datetime) -> None:
        self.pauses.append((method, until))


@pytest.fixture
def connector() -> Connector:
    return Connector()


@pytest.fixture
def clock() -> TrialClock:
    return TrialClock(START)


@pytest.fixture
def pacing() -> NotingPauses:
    return NotingPauses()


@pytest.fixture
async def teams(connector: Connector, clock: TrialClock, pacing: NotingPauses) -> AsyncIterator[TeamsPlatform]:
    app = web.Application()
    app.router.add_post("/teams/token", connector.token)
    app.router.add_route("*", "/teams/emea/v3/{rest:.*}", connector.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/teams/emea/"
    async with teams_at(address, clock=clock, pacing=pacing) as platform:
        yield platform
    await runner.cleanup()


def refusing(status: int, code: str | None = None, **headers: str) -> Given:
    body = {"error": {"code": code, "message": "Karins hemliga ord"}} if code else {}
    return lambda: web.json_response(
        body, status=status, headers={name.replace("_", "-"): v for name, v in headers.items()}
    )


def in_words(status: int, message: str) -> Given:
    return lambda: web.json_response({"errorCode": 209, "message": message}, status=status)


def a_page(status: int) -> Given:
    return lambda: web.Response(status=status, text="<html>proxy</html>", content_type="text/html")


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        (refusing(403, "BotDisabledByAdmin"), Unreachable, "BotDisabledByAdmin"),
        (refusing(403, "BotNotInConversationRoster"), Unreachable, "BotNotInConversationRoster"),
        (refusing(403, "ConversationBlockedByUser"), Unreachable, "ConversationBlockedByUser"),
        (refusing(403, "ForbiddenOperationException"), Unreachable, "ForbiddenOperationException"),
        (refusing(403, "NotEnoughPermissions"), Unreachable, "NotEnoughPermissions"),
        (refusing(403, "MessageWritesBlocked"), Unreachable, "MessageWritesBlocked"),
        (refusing(404, "ConversationNotFound"), Unreachable, "ConversationNotFound"),
        (refusing(403, "InvalidBotApiHost"), Disconnected, "InvalidBotApiHost"),
        (refusing(401, "BotNotRegistered"), Disconnected, "BotNotRegistered"),
        (refusing(400, "BadArgument"), Refused, "BadArgument"),
        (refusing(413, "MessageSizeTooBig"), Refused, "MessageSizeTooBig"),
        (refusing(403, "ACodeOfNextYear"), Unreachable, "ACodeOfNextYear"),
        (in_words(403, '{"subCode": "MessageWritesBlocked", "details": null}'), Unreachable, "MessageWritesBlocked"),
        (a_page(403), NotSent, "http_403"),
        (refusing(404), Refused, "http_404"),
        (refusing(400, "Karin sa: nej"), Refused, "http_400"),
        (refusing(500, "ServiceError"), Unknown, "ServiceError"),
        (refusing(502), Unknown, "http_502"),
        (a_page(503), Unknown, "http_503"),
        (a_page(504), Unknown, "http_504"),
        (refusing(408), Unknown, "http_408"),
        (a_page(200), Unknown, "DeserializationError"),
        (a_page(302), Unknown, "http_302"),
        (lambda: web.Response(body=b"\xc5tkomst nekad", content_type="application/json"), Unknown, "Unicode"),
        (lambda: web.Response(text="{", content_type="application/json"), Unknown, "DeserializationError"),
        (lambda: web.json_response([]), Unknown, "."),
        (lambda: web.json_response("ok"), Unknown, "."),
        (lambda: web.json_response({}), Unknown, "no_id"),
        (lambda: web.Response(), Unknown, "."),
    ],
)  # fmt: skip
async def test_each_answer_is_told_by_its_code_as_what_to_do_next_and_the_message_is_posted_once(
    teams: TeamsPlatform, connector: Connector, given: Given, error: type[DeliveryError], told: str
) -> None:
    connector.will("POST activities", given)
    with pytest.raises(error, match=told) as raised:
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert type(raised.value) is error
    assert "Karin" not in str(raised.value)
    assert connector.calls == ["POST activities"]


async def test_a_connection_that_breaks_leaves_it_unknown_and_the_message_is_posted_once(
    teams: TeamsPlatform, connector: Connector
) -> None:
    connector.hang_up_on.add("POST activities")
    with pytest.raises(Unknown):
        await teams.send(KNOWN, CARD, delivery_id=12)
    connector.hang_up_on.clear()
    await teams.send(KNOWN, CARD, delivery_id=13)  # over a connection that is kept, a break comes later
    connector.hang_up_on.add("POST activities")
    with pytest.raises(Unknown):
        await teams.send(KNOWN, CARD, delivery_id=14)
    assert connector.calls == ["POST activities"] * 3


async def test_no_answer_in_time_leaves_it_unknown(
    connector: Connector, clock: TrialClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/token" in head:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b'{"access_token":"t"}')
        await reader.read()  # until the caller gives up
        writer.close()
        await writer.wait_closed()

    monkeypatch.setattr("bot.teams.connector.TIMEOUT", ClientTimeout(total=0.2))
    async with await asyncio.start_server(never, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/teams/emea/"
        async with teams_at(address, clock=clock) as teams:
            with pytest.raises(Unknown, match="TimeoutError"):
                await teams.send(KNOWN, CARD, delivery_id=12)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_our_token_and_our_words_follow_nobody_elsewhere(
    teams: TeamsPlatform, connector: Connector, status: int
) -> None:
    elsewhere = {"Location": "/teams/emea/v3/elsewhere"}
    connector.will("POST activities", lambda: web.Response(status=status, headers=elsewhere))
    with pytest.raises(Unknown):
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert connector.calls == ["POST activities"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "17"}, 17),
        ({"Retry_After": "0"}, 1),
        ({"Retry_After": "-3"}, 1),
        ({"Retry_After": "1e9"}, 3600),
    ],
)
async def test_too_much_at_once_waits_as_long_as_teams_says(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses, headers: dict[str, str], seconds: int
) -> None:
    connector.will("POST activities", refusing(429, "Throttled", **headers))
    with pytest.raises(RateLimited) as limited:
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert (limited.value.bucket, limited.value.until) == (POST, START + timedelta(seconds=seconds))
    assert pacing.pauses == [(POST, limited.value.until)]


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry_After": "nan"}])
async def test_where_teams_does_not_say_how_long_each_wait_is_longer_until_a_call_goes_through(
    teams: TeamsPlatform, connector: Connector, headers: dict[str, str]
) -> None:
    async def waited() -> float:
        connector.will("POST activities", refusing(429, "Throttled", **headers))
        with pytest.raises(RateLimited) as limited:
            await teams.send(KNOWN, CARD, delivery_id=12)
        return (limited.value.until - START).total_seconds()

    waits = [await waited() for _ in range(12)]
    assert [1.0 <= waits[0] <= 1.5, 2.0 <= waits[1] <= 3.0, 4.0 <= waits[2] <= 6.0] == [True] * 3
    assert max(waits) == 300
    await teams.send(KNOWN, CARD, delivery_id=12)
    assert 1.0 <= await waited() <= 1.5


async def test_a_chat_that_is_busy_is_waited_for_and_no_other(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    connector.will("POST activities", refusing(412, "PreconditionFailed"))
    with pytest.raises(RateLimited) as limited:
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert limited.value.bucket == f"{POST}/{CHAT}"
    assert pacing.pauses == [(f"{POST}/{CHAT}", limited.value.until)]


async def test_a_token_that_is_not_accepted_is_fetched_anew_for_the_next_call(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    connector.will("POST activities", refusing(401, "Unauthorized"))
    with pytest.raises(NotSent) as refused:
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert not isinstance(refused.value, Unreachable | Refused | Disconnected)
    assert connector.tokens == 2
    assert pacing.waited == []
    await teams.send(KNOWN, CARD, delivery_id=12)
    assert (connector.tokens, connector.calls) == (2, ["POST activities"] * 2)


async def test_an_app_that_gets_no_new_token_is_disconnected(teams: TeamsPlatform, connector: Connector) -> None:
    await teams.send(KNOWN, CARD, delivery_id=11)
    connector.will("POST activities", refusing(401, "Unauthorized"))
    connector.will("token", lambda: web.json_response({"error": "invalid_client"}, status=401))
    with pytest.raises(Disconnected, match="invalid_client"):
        await teams.send(KNOWN, CARD, delivery_id=12)
    connector.will("token", lambda: web.json_response({"error": "invalid_client"}, status=401))
    with pytest.raises(Disconnected, match="invalid_client"):
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert connector.calls == ["POST activities"] * 2


async def test_without_a_token_nothing_is_called_and_all_wait(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    connector.will("token", a_page(502))
    with pytest.raises(RateLimited, match="no_token"):
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert connector.calls == []
    assert [bucket for bucket, _ in pacing.pauses] == [POST]


async def test_opening_a_chat_in_doubt_sends_nothing_so_it_may_be_done_again(
    teams: TeamsPlatform, connector: Connector
) -> None:
    connector.will("POST conversations", a_page(502), lambda: web.json_response({}))
    for _ in range(2):
        with pytest.raises(NotSent) as failed:
            await teams.send(STRANGER, CARD, delivery_id=12)
        assert type(failed.value) is NotSent
    assert await teams.send(STRANGER, CARD, delivery_id=12) == MessageRef(conversation=CHAT, message="1-message")
    assert connector.calls == ["POST conversations"] * 3 + ["POST activities"]


async def test_a_chat_is_opened_once_and_again_when_it_is_gone(teams: TeamsPlatform, connector: Connector) -> None:
    await teams.send(STRANGER, CARD, delivery_id=12)
    await teams.send(STRANGER, CARD, delivery_id=13)
    assert connector.calls == ["POST conversations", "POST activities", "POST activities"]
    connector.will("POST activities", refusing(404, "ConversationNotFound"))
    with pytest.raises(Unreachable):
        await teams.send(STRANGER, CARD, delivery_id=14)
    await teams.send(STRANGER, CARD, delivery_id=15)
    assert connector.calls[-2:] == ["POST conversations", "POST activities"]


async def test_a_delivery_has_waited_for_one_turn_and_a_second_call_waits_for_its_own(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    await teams.send(KNOWN, CARD, delivery_id=12)
    assert pacing.waited == []
    await teams.send(STRANGER, CARD, delivery_id=13)
    assert pacing.waited == [CHAT]
    await teams.send(KNOWN, CARD, delivery_id=None)
    await teams.update(TENANT, MessageRef(conversation=CHAT, message="1"), CARD)
    assert pacing.waited == [CHAT, CHAT, None]


@pytest.mark.parametrize(
    "given",
    [
        refusing(404, "ActivityNotFoundInConversation"), refusing(404, "ConversationNotFound"),
        refusing(403, "BotNotInConversationRoster"),
    ],
)  # fmt: skip
async def test_a_message_that_is_no_longer_there_is_left_alone(
    teams: TeamsPlatform, connector: Connector, given: Given
) -> None:
    connector.will("PUT 1-message", given)
    await teams.update(TENANT, MessageRef(conversation=CHAT, message="1-message"), CARD)
    assert connector.calls == ["PUT 1-message"]


async def test_an_update_may_be_answered_with_nothing(teams: TeamsPlatform, connector: Connector) -> None:
    connector.will("PUT 1-message", lambda: web.Response(), lambda: web.Response(status=202))
    for _ in range(2):
        await teams.update(TENANT, MessageRef(conversation=CHAT, message="1-message"), CARD)


async def test_an_update_that_fails_says_so(teams: TeamsPlatform, connector: Connector) -> None:
    connector.will("PUT 1-message", a_page(502), refusing(400, "BadSyntax"))
    for error in (Unknown, Refused):
        with pytest.raises(error):
            await teams.update(TENANT, MessageRef(conversation=CHAT, message="1-message"), CARD)
