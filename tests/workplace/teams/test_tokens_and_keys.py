"""Who may call whom: tokens of the bot, tokens to the bot, and the keys they are signed with."""

from typing import Any

import jwt
import pytest

from tests.workplace.conftest import Hands
from tests.workplace.teams.conftest import Bot, Desk, Ear, ask_for_token, form_of
from workplace.municipality import BRITT, MATS
from workplace.settings import Secrets
from workplace.teams.knocking import KINDS
from workplace.teams.tokens import Tokens

Json = dict[str, Any]


BAD: dict[str, type[Exception]] = {
    "none": PermissionError,
    "empty": jwt.DecodeError,
    "malformed": jwt.DecodeError,
    "two_tokens": jwt.DecodeError,
    "expired": jwt.ExpiredSignatureError,
    "not_yet": jwt.ImmatureSignatureError,
    "wrong_audience": jwt.InvalidAudienceError,
    "wrong_issuer": jwt.InvalidIssuerError,
    "unknown_key": KeyError,
    "unsigned": jwt.InvalidAlgorithmError,
    "shared_secret": jwt.InvalidAlgorithmError,
    "tampered": jwt.InvalidSignatureError,
    "unendorsed": PermissionError,
}
# Their tokens are sound; it is the activity that does not fit.
SOUND = {"good", "foreign_tenant", "foreign_service_url", "wrong_service_url"}


async def published(hands: Hands) -> tuple[Json, dict[str, Json]]:
    """The OpenID document, and the keys it leads to by their id."""
    document = await hands.get("/teams/openid/.well-known/openidconfiguration")
    keys = await hands.get(document["jwks_uri"].removeprefix(hands.address))
    return document, {key["kid"]: key for key in keys["keys"]}


async def checked(hands: Hands, header: str) -> Json:
    """What a token says, as a bot finds out: raises what PyJWT raises, KeyError for an unknown key."""
    document, keys = await published(hands)
    scheme, _, token = header.partition(" ")
    if scheme != "Bearer":
        raise PermissionError("there is no token")
    key = keys[jwt.get_unverified_header(token)["kid"]]
    said: Json = jwt.decode(
        token,
        jwt.PyJWK(key, algorithm="RS256").key,
        algorithms=document["id_token_signing_alg_values_supported"],
        audience=Secrets().teams_app_id,
        issuer=document["issuer"],
        options={"require": ["exp", "iss", "aud"]},
        leeway=300,
    )
    if "msteams" not in key["endorsements"]:
        raise PermissionError("this key does not speak for Teams")
    return said


async def test_what_the_bot_hears_is_signed_with_a_key_it_can_find(desk: Desk, ear: Ear, hands: Hands) -> None:
    await desk.act(MATS, "write", text="Hej")
    said = await checked(hands, ear.headers[0]["Authorization"])
    assert said["serviceurl"] == ear.heard[0]["serviceUrl"] == f"{hands.address}/teams/emea/"


async def test_a_rotated_key_is_another_and_the_old_one_is_gone(desk: Desk, ear: Ear, hands: Hands) -> None:
    _, before = await published(hands)
    fresh = (await desk.post("rotate_keys"))["kid"]
    _, after = await published(hands)
    assert fresh not in before
    assert len(after.keys() - before.keys()) == len(before.keys() - after.keys()) == 1
    await desk.act(MATS, "write", text="Hej")
    assert jwt.get_unverified_header(ear.headers[0]["Authorization"].split()[1])["kid"] == fresh
    assert (await desk.get("state"))["key_fetches"] == 2


@pytest.mark.parametrize(("kind", "failure"), BAD.items())
async def test_every_bad_token_fails_where_a_bot_looks(
    desk: Desk, ear: Ear, hands: Hands, kind: str, failure: type[Exception]
) -> None:
    await desk.post("knock", token=kind)
    with pytest.raises(failure):
        await checked(hands, ear.headers[0].get("Authorization", ""))


def test_every_kind_of_token_is_tried_here() -> None:
    assert set(KINDS) == BAD.keys() | SOUND


async def test_a_good_knock_is_an_ordinary_message_and_a_foreign_one_says_where_it_is_from(
    desk: Desk, ear: Ear, hands: Hands
) -> None:
    ear.answer = lambda activity: 202
    answer = await desk.post("knock", token="good", activity={"text": "Hej"})
    assert (answer["status"], ear.heard[0]["text"]) == (202, "Hej")
    await checked(hands, ear.headers[0]["Authorization"])
    await desk.post("knock", token="foreign_tenant")
    await checked(hands, ear.headers[1]["Authorization"])
    tenants = {ear.heard[1]["channelData"]["tenant"]["id"], ear.heard[1]["conversation"]["tenantId"]}
    assert len(tenants - {Secrets().teams_tenant_id}) == len(tenants) == 1
    await desk.post("knock", token="foreign_service_url")
    said = await checked(hands, ear.headers[2]["Authorization"])
    assert said["serviceurl"] == ear.heard[2]["serviceUrl"] != ear.heard[1]["serviceUrl"]
    await desk.post("knock", token="wrong_service_url")
    said = await checked(hands, ear.headers[3]["Authorization"])
    assert said["serviceurl"] != ear.heard[3]["serviceUrl"]


async def test_a_knock_opens_no_chat_for_anybody(desk: Desk, ear: Ear) -> None:
    await desk.post("knock", token="good", person=BRITT)
    assert ear.heard[0]["from"]["aadObjectId"] == BRITT
    assert (await desk.sees(BRITT))["personal"] is None


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"client_id": "a1b2c3d4-0000-4000-8000-00000000ffff"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_no_token_without_the_right_words(
    hands: Hands, secrets: Secrets, wrong: dict[str, str], status: int, code: str
) -> None:
    got, answer = await ask_for_token(hands, form_of(secrets) | wrong)
    assert (got, answer["error"]) == (status, code)


async def test_the_connector_wants_a_token_that_is_good(bot: Bot, desk: Desk) -> None:
    path = f"/{await desk.chat()}/members"
    assert (await bot.call("GET", path))[0] == 200
    assert (await bot.call("GET", path, token="guess"))[0] == 401
    await desk.post("expire_tokens")
    assert await bot.call("GET", path) == (401, {"message": "Authorization has been denied for this request."})


async def test_winding_the_clock_on_ends_no_token(bot: Bot, desk: Desk, hands: Hands) -> None:
    await hands.post("/clock", {"advance_seconds": 86_400})
    assert (await bot.call("GET", f"/{await desk.chat()}/members"))[0] == 200


def test_a_token_is_good_for_an_hour(secrets: Secrets) -> None:
    passed = [0.0]
    tokens = Tokens(secrets, seconds_passed=lambda: passed[0])
    granted = tokens.grant(form_of(secrets))
    header = f"Bearer {granted['access_token']}"
    passed[0] = granted["expires_in"] - 1
    assert tokens.opens(header)
    passed[0] = granted["expires_in"]
    assert not tokens.opens(header)


async def test_tokens_to_the_bot_follow_the_clock(desk: Desk, ear: Ear, hands: Hands) -> None:
    await hands.post("/clock", {"advance_seconds": 86_400})
    await desk.act(MATS, "write", text="Hej")
    with pytest.raises(jwt.ImmatureSignatureError):
        await checked(hands, ear.headers[0]["Authorization"])


@pytest.mark.parametrize(("kind", "status"), [("token_error500", 500), ("token_refused", 401)])
async def test_the_token_endpoint_fails_on_request(
    hands: Hands, desk: Desk, secrets: Secrets, kind: str, status: int
) -> None:
    await desk.faults({"kind": kind, "count": 1})
    assert (await ask_for_token(hands, form_of(secrets)))[0] == status
    assert (await ask_for_token(hands, form_of(secrets)))[0] == 200
    assert (await desk.get("state"))["faults_fired"] == {f"POST token {kind}": 1}


async def test_the_key_server_fails_on_request(hands: Hands, desk: Desk) -> None:
    await desk.faults({"kind": "keys_error500", "method": "GET keys"})
    await hands.get("/teams/openid/.well-known/openidconfiguration")
    async with hands.session.get(f"{hands.address}/teams/openid/.well-known/keys") as response:
        assert response.status == 500
