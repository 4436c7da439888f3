"""Whatever the connector answers, it is told as what to do next; a POST is made once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientTimeout, web

from bot.conversation.cards import Card, Paragraph
from bot.conversation.events import MessageRef
from bot.pacing import LONGEST_WAIT_SECONDS
from bot.ports import Address
from bot.teams.errors import MOST_WAITING, Waits, bucket_of
from bot.teams.platform import TeamsPlatform
from scheduler.buckets import POST
from scheduler.ports import DeliveryError, Disconnected, NotSent, RateLimited, Refused, Unknown, Unreachable
from tests.contracts.pretend import START
from tests.scheduler.couriers import TrialClock
from tests.teams.calling import TENANT, teams_at
from tests.teams.connectors import CHAT, Connector, Given, NotingPauses, a_page, in_words, refusing

KARIN = "0a000009-0000-4000-8000-000000000009"
KNOWN = Address(workspace=TENANT, person=KARIN, conversation=CHAT)
STRANGER = Address(workspace=TENANT, person=KARIN, conversation=None)
CARD = Card(summary="Dagens knuff", parts=(Paragraph("Värdet i en mening"),))


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
        (refusing(404), NotSent, "http_404"),
        (refusing(400, "Karin sa: nej"), NotSent, "http_400"),
        (a_page(413), NotSent, "http_413"),
        (a_page(407), NotSent, "http_407"),
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
        ({"Retry_After": "1e9"}, 300),
    ],
)
async def test_too_much_at_once_waits_as_long_as_teams_says(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses, headers: dict[str, str], seconds: int
) -> None:
    connector.will("POST activities", refusing(429, "Throttled", **headers))
    with pytest.raises(RateLimited) as limited:
        await teams.send(KNOWN, CARD, delivery_id=12)
    assert (limited.value.bucket, limited.value.until) == (f"{POST}/{CHAT}", START + timedelta(seconds=seconds))
    assert pacing.pauses == [(f"{POST}/{CHAT}", limited.value.until)]


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


async def test_a_channel_that_is_busy_holds_up_nothing_else(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    connector.will("GET pagedmembers", refusing(412, "PreconditionFailed"))
    with pytest.raises(RateLimited):
        await teams.members(TENANT, "19:ledning@thread.tacv2")
    assert [bucket for bucket, _ in pacing.pauses] == [f"{POST}/19:ledning@thread.tacv2"]


def test_how_often_chats_were_told_to_wait_is_known_of_the_latest_only() -> None:
    waits = Waits()
    for number in range(2 * MOST_WAITING):
        waits.next(bucket_of(f"a:{number}"))
    assert waits.next(bucket_of(f"a:{2 * MOST_WAITING - 1}")) >= timedelta(seconds=2)
    assert waits.next(bucket_of("a:0")) < timedelta(seconds=2)


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


async def test_a_connector_that_takes_no_token_of_ours_has_disconnected_us(
    teams: TeamsPlatform, connector: Connector
) -> None:
    connector.will("POST activities", *(refusing(401, "Unauthorized") for _ in range(3)))
    for error in (RateLimited, Disconnected, Disconnected):
        with pytest.raises(error) as refused:
            await teams.send(KNOWN, CARD, delivery_id=12)
        assert type(refused.value) is error
    await teams.send(KNOWN, CARD, delivery_id=12)
    connector.will("POST activities", *(refusing(401, "Unauthorized") for _ in range(2)))
    for _ in range(2):  # the first of them had been good until now
        with pytest.raises(RateLimited):
            await teams.send(KNOWN, CARD, delivery_id=12)


async def test_ids_go_into_the_address_as_teams_gave_them(teams: TeamsPlatform, connector: Connector) -> None:
    chat = "19:abc 123@thread.tacv2;messageid=1%2F7"
    await teams.send(Address(workspace=TENANT, person=KARIN, conversation=chat), CARD, delivery_id=12)
    assert connector.raw_paths == [
        "/teams/emea/v3/conversations/19%3Aabc%20123%40thread.tacv2%3Bmessageid%3D1%252F7/activities"
    ]


async def test_a_marked_message_waits_two_seconds_for_a_second_call_and_others_as_long_as_it_takes(
    teams: TeamsPlatform, connector: Connector, pacing: NotingPauses
) -> None:
    await teams.send(STRANGER, CARD, delivery_id=13)
    await teams.send(KNOWN, CARD, delivery_id=None)
    assert pacing.within == [2.0, LONGEST_WAIT_SECONDS]


async def test_one_chat_that_is_told_to_wait_silences_no_other_and_two_at_once_all(
    teams: TeamsPlatform, connector: Connector, clock: TrialClock
) -> None:
    async def paused(chat: str, *, seconds: int) -> str:
        clock.wind_to(START + timedelta(seconds=seconds))
        connector.will("POST activities", refusing(429, "Throttled", Retry_After="2"))
        with pytest.raises(RateLimited) as limited:
            await teams.send(Address(workspace=TENANT, person=KARIN, conversation=chat), CARD, delivery_id=12)
        return limited.value.bucket

    assert await paused("a:1", seconds=0) == f"{POST}/a:1"
    assert await paused("a:1", seconds=2) == f"{POST}/a:1"
    assert await paused("a:2", seconds=20) == f"{POST}/a:2"
    assert await paused("a:3", seconds=22) == POST
    connector.will("PUT 1-message", refusing(429, "Throttled", Retry_After="2"))
    with pytest.raises(RateLimited) as limited:
        await teams.update(TENANT, MessageRef(conversation=CHAT, message="1-message"), CARD)
    assert limited.value.bucket == POST


async def test_a_tenant_that_is_not_ours_any_more_is_not_called(teams: TeamsPlatform, connector: Connector) -> None:
    before = Address(workspace="f0f0f0f0-0000-4000-8000-00000000f0f0", person=KARIN, conversation=CHAT)
    with pytest.raises(Disconnected, match="other_tenant"):
        await teams.send(before, CARD, delivery_id=12)
    assert (connector.calls, connector.tokens) == ([], 0)


async def test_an_answer_nested_without_end_leaves_it_unknown(teams: TeamsPlatform, connector: Connector) -> None:
    deep = "[" * 200_000
    connector.will("POST activities", lambda: web.Response(text=deep, content_type="application/json"))
    with pytest.raises(Unknown):
        await teams.send(KNOWN, CARD, delivery_id=12)
