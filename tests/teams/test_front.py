"""Who comes in from Teams: genuine requests from our tenant are kept, others are refused, and nothing is ever a 500."""

import asyncio
import base64
import hashlib
import hmac
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.conversation.events import Joined, Pressed, Wrote
from bot.teams.hosts import is_allowed
from tests.teams import payloads
from tests.teams.incoming import START, Json, Teams, teams_calling
from tests.teams.payloads import KARI, SERVICE_URL, TENANT
from tests.teams.signing import private_key, public, token


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with teams_calling() as teams:
        yield teams


async def test_a_press_is_kept_and_answered_in_a_word(teams: Teams) -> None:
    assert await teams.answer(payloads.press()) == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Mottaget.",
    }
    assert [type(event) for event in teams.intake.kept] == [Pressed]


async def test_the_word_is_in_the_language_of_their_teams(teams: Teams) -> None:
    answer = await teams.answer(payloads.press(locale="en-GB", entities=[]))
    assert answer["value"] == "Got it."


async def test_typed_words_and_installations_are_kept_and_acknowledged(teams: Teams) -> None:
    assert await teams.answer(payloads.written("Åtgärd & svar")) is None
    assert await teams.answer(payloads.activity("installationUpdate", action="add", id="f:1")) is None
    wrote, joined = teams.intake.kept
    assert isinstance(wrote, Wrote)
    assert wrote.text == "Åtgärd & svar"
    assert isinstance(joined, Joined)


async def test_the_service_address_and_the_name_of_whoever_did_it_are_noted(teams: Teams) -> None:
    await teams.post(payloads.written())
    assert teams.addresses.noted == [(TENANT.upper(), SERVICE_URL)]
    assert dict(teams.names) == {KARI: "Kari Berg"}


async def test_an_address_that_cannot_be_noted_keeps_nobody_from_being_heard(teams: Teams) -> None:
    teams.addresses.fails = True
    await teams.answer(payloads.written())
    assert [type(event) for event in teams.intake.kept] == [Wrote]


async def test_an_address_that_takes_long_to_note_keeps_nobody_waiting(teams: Teams) -> None:
    teams.addresses.seconds = 6
    async with asyncio.timeout(2):
        answer = await teams.answer(payloads.press())
    assert answer["value"] == "Mottaget."
    assert [type(event) for event in teams.intake.kept] == [Pressed]


async def test_what_is_nothing_to_us_is_acknowledged_and_not_kept(teams: Teams) -> None:
    for activity in (
        payloads.activity("typing"),
        payloads.activity("something.new"),
        payloads.activity("invoke", name="composeExtension/query", value={}),
        payloads.activity("messageReaction", reactionsAdded=[]),
    ):
        assert (await teams.post(activity)).status == 200
    assert teams.intake.kept == []


async def test_a_card_pressed_twice_is_two_presses_and_the_same_press_twice_is_one(teams: Teams) -> None:
    first, second = await teams.answer(payloads.press()), await teams.answer(payloads.press())
    assert first == second
    await teams.answer(payloads.press(id="f:press-2"))
    assert len(teams.intake.kept) == 2


def bad_tokens() -> list[Any]:
    at = START
    good = token(at=at)
    head, claims, signature = good.split(".")
    pem = private_key("key-1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = jwt.decode(good, options={"verify_signature": False})
    forged = head + "." + jwt.encode({**said, "x": 1}, "k" * 32, algorithm="HS256").split(".")[1] + "." + signature

    def by_hand(header: Json, payload: Json, key: bytes) -> str:
        # PyJWT itself refuses to sign with what is a public key.

        def part(value: bytes) -> str:
            return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

        signed = part(orjson.dumps(header)) + "." + part(orjson.dumps(payload))
        mac = hmac.digest(key, signed.encode(), hashlib.sha256) if key else b""
        return f"{signed}.{part(mac)}"

    return [
        pytest.param([], id="none"),
        pytest.param([""], id="empty header"),
        pytest.param(["Bearer"], id="no bearer"),
        pytest.param(["Bearer "], id="empty bearer"),
        pytest.param([f"Basic {good}"], id="another scheme"),
        pytest.param([good], id="no scheme"),
        pytest.param(["Bearer abc"], id="malformed"),
        pytest.param(["Bearer a.b.c"], id="malformed in three parts"),
        pytest.param(["Bearer åäö.ö.å"], id="not ASCII"),
        pytest.param([f"Bearer {'x' * 20_000}"], id="endless"),
        pytest.param(["Bearer " + by_hand({"alg": "RS256", "kid": "key-1", "x": 0}, {}, b"k")], id="no claims"),
        pytest.param(["Bearer eyJ" + "W1tb" * 1500 + ".e30.x"], id="nested without end"),
        pytest.param([f"Bearer {good} {good}"], id="two tokens"),
        pytest.param([f"Bearer {good}", f"Bearer {good}"], id="two headers"),
        pytest.param([f"Bearer {good},{good}"], id="two tokens with a comma"),
        pytest.param([f"Bearer {token(at=at, exp=int((at - timedelta(minutes=6)).timestamp()))}"], id="expired"),
        pytest.param([f"Bearer {token(at=at, exp=None)}"], id="without end"),
        pytest.param([f"Bearer {token(at=at, exp='2030-01-01')}"], id="ends in no moment"),
        pytest.param([f"Bearer {token(at=at, exp=True)}"], id="ends in truth"),
        pytest.param([f"Bearer {token(at=at, nbf=int((at + timedelta(minutes=6)).timestamp()))}"], id="not yet valid"),
        pytest.param([f"Bearer {token(at=at, aud='b2c3d4e5-0000-4000-8000-000000000002')}"], id="wrong audience"),
        pytest.param([f"Bearer {token(at=at, aud=None)}"], id="no audience"),
        pytest.param([f"Bearer {token(at=at, iss='https://sts.windows.net/x/')}"], id="wrong issuer"),
        pytest.param([f"Bearer {token(at=at, iss=None)}"], id="no issuer"),
        pytest.param([f"Bearer {token(at=at, key='key-9')}"], id="unknown key"),
        pytest.param([f"Bearer {token(at=at, signed_with='mallory')}"], id="signed with another key"),
        pytest.param(["Bearer " + by_hand({"alg": "none", "typ": "JWT", "kid": "key-1"}, said, b"")], id="unsigned"),
        pytest.param(["Bearer " + by_hand({"alg": "HS256", "typ": "JWT", "kid": "key-1"}, said, pem)], id="HS256"),
        pytest.param([f"Bearer {head}.{claims}."], id="signature left out"),
        pytest.param([f"Bearer {forged}"], id="tampered"),
        pytest.param([f"Bearer {token(at=at, serviceurl=SERVICE_URL + 'x/')}"], id="wrong address"),
        pytest.param([f"Bearer {token(at=at, serviceurl=None)}"], id="no address"),
        pytest.param([f"Bearer {token(at=at, key='key-2')}"], id="unendorsed channel"),
    ]  # fmt: skip


@pytest.mark.parametrize("authorization", bad_tokens())
async def test_a_request_that_is_not_teams_own_is_refused_and_nothing_is_kept(
    teams: Teams, authorization: list[str]
) -> None:
    teams.publisher.keys = [public("key-1"), public("key-2", endorsements=["directline"])]
    headers = [("Authorization", one) for one in authorization]
    answer = await teams.ask(headers, orjson.dumps(payloads.written()))
    assert answer.status == 401
    assert answer.body == b""
    assert (teams.intake.kept, teams.addresses.noted, dict(teams.names)) == ([], [], {})


async def test_the_good_token_beside_the_bad_ones_is_good(teams: Teams) -> None:
    assert (await teams.post(payloads.written())).status == 200


async def test_a_good_token_for_an_activity_that_says_another_address_or_channel_is_refused(teams: Teams) -> None:
    teams.publisher.keys = [public("key-1", endorsements=["msteams", "webchat"])]
    elsewhere = payloads.written(serviceUrl="https://smba.trafficmanager.net/amer/")
    assert (await teams.post(elsewhere)).status == 401
    assert (await teams.post(payloads.written(serviceUrl=None))).status == 401
    assert (await teams.post(payloads.written(channelId="webchat"))).status == 401
    assert (await teams.post(payloads.written(channelId=["msteams"]))).status == 401
    assert (teams.intake.kept, teams.addresses.noted) == ([], [])


FOREIGN = "f0f0f0f0-0000-4000-8000-00000000f0f0"


@pytest.mark.parametrize(
    "more",
    [
        {"conversation": {"conversationType": "personal", "tenantId": FOREIGN, "id": "a:1"}},
        {"channelData": {"tenant": {"id": FOREIGN}}},
        {"conversation": {"conversationType": "personal", "id": "a:1"}, "channelData": {}},
        {"conversation": None, "channelData": None},
        {"conversation": {"tenantId": [TENANT]}, "channelData": None},
    ],
)
async def test_another_tenant_than_ours_is_refused_and_nothing_is_kept(teams: Teams, more: Json) -> None:
    answer = await teams.post(payloads.written(**more))
    assert answer.status == 403
    assert answer.body == b""
    assert (teams.intake.kept, teams.addresses.noted, dict(teams.names)) == ([], [], {})


@pytest.mark.parametrize(
    "address",
    [
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.example.com/emea/",
        "https://example.com/smba.trafficmanager.net/",
        "https://smba.trafficmanager.net@example.com/",
        "https://somebody@smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net/emea/?to=example.com",
        "https://smba.trafficmanager.net:8443/emea/",
        "https://botframework.com.example.com/",
        "https://evilbotframework.com/",
        "http://127.0.0.1:8000/teams/emea/",
        "https://[::1/",
        "",
    ],
)
async def test_a_service_address_that_is_not_microsofts_is_refused_though_its_token_is_good(
    teams: Teams, address: str
) -> None:
    answer = await teams.post(payloads.written(serviceUrl=address), serviceurl=address)
    assert answer.status == 403
    assert (teams.intake.kept, teams.addresses.noted) == ([], [])


def test_an_address_on_this_machine_is_allowed_in_trials_only() -> None:
    for address in ("http://127.0.0.1:8000/teams/emea/", "http://localhost:8000/teams/", "http://[::1]:8000/"):
        assert is_allowed(address, loopback=True)
        assert not is_allowed(address, loopback=False)
    assert is_allowed("https://europe.webchat.botframework.com/", loopback=False)
    assert not is_allowed("http://192.168.0.7:8000/teams/", loopback=True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"12", b'"hej"', b"\xff\xfe\x00", b'{"a":"\\ud800"}'])
async def test_a_body_that_says_nothing_is_a_bad_request(teams: Teams, body: bytes) -> None:
    assert (await teams.post(body)).status == 400
    assert teams.intake.kept == []


@pytest.mark.parametrize(
    "activity",
    [
        {**payloads.press(), "value": None},
        {**payloads.press(), "value": {"action": 1}},
        {**payloads.fetch(), "value": []},
        payloads.written(type=None),
        payloads.written(id=7),
        payloads.written(entities="x"),
    ],
)
async def test_an_activity_that_is_none_is_a_bad_request(teams: Teams, activity: Json) -> None:
    assert (await teams.post(activity)).status == 400
    assert teams.intake.kept == []


async def test_a_body_larger_than_teams_sends_is_refused(teams: Teams) -> None:
    headers = [("Authorization", f"Bearer {token(at=teams.clock.now())}")]
    assert (await teams.ask(headers, io.BytesIO(b" " * 256_001))).status == 413


async def test_only_posting_is_offered(teams: Teams) -> None:
    async with teams.client.get("/api/messages") as answer:
        assert answer.status == 405


async def test_nothing_a_person_wrote_is_logged(
    teams: Teams, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await teams.post(payloads.written(type=["HEMLIGT"]))
    await teams.post(b'{"text": "HEMLIGT"')
    await teams.post(payloads.written("HEMLIGT"), aud="HEMLIGT")
    teams.intake.fails = True
    await teams.post(payloads.written("HEMLIGT"))
    await teams.post({**payloads.press(), "value": {"action": {"verb": "HEMLIGT"}}})
    captured = capfd.readouterr()
    assert "HEMLIGT" not in captured.out + captured.err + caplog.text
