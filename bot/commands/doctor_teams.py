"""What `knuff doctor` looks at of Teams, as far as it can be seen from here: the app's id and secret, whom Microsoft
signs with, whether our endpoint answers. What cannot be seen is said as what to click."""

from collections.abc import Mapping

import aiohttp

from bot.commands.findings import Finding, clock_beside
from bot.settings import Settings
from bot.teams.addresses import CHANNEL
from bot.teams.connector import open_session
from bot.teams.credentials import NoToken, TokenRefused, credentials_of
from scheduler.clock import SystemClock

ENDPOINT = "/api/messages"
NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, AttributeError)
TO_CLICK = (
    "Not to be seen from here, in Azure: the bot, Configuration, Bot Type is Single Tenant; Channels has Microsoft"
    " Teams. In Teams admin center: Manage apps has Knuff as allowed."
)
WHAT_TO_DO: Mapping[str, str] = {
    "invalid_client": (
        "in Azure open the app registration, Certificates & secrets, New client secret, and set"
        " KNUFF_TEAMS_APP_PASSWORD to its Value (not to its Secret ID)"
    ),
    "unauthorized_client": (
        "there is no such app in this tenant: compare KNUFF_TEAMS_APP_ID with Application (client) ID in Azure, and"
        " KNUFF_TEAMS_TENANT_ID with Directory (tenant) ID beside it"
    ),
    "invalid_request": "compare KNUFF_TEAMS_TENANT_ID with Directory (tenant) ID in Entra, under Overview",
}
OTHERWISE = "compare KNUFF_TEAMS_APP_ID, KNUFF_TEAMS_APP_PASSWORD and KNUFF_TEAMS_TENANT_ID with the app in Azure"


async def look_at_teams(settings: Settings) -> list[Finding]:
    """Return what is to be said about Teams; nothing where it is not used, or not wholly set yet."""
    if not settings.teams_app_id or not settings.teams_app_password or not settings.teams_tenant_id:
        return []
    async with open_session() as session:
        return [
            await _token(session, settings),
            *await _keys(session, settings),
            await _endpoint(session, settings),
            Finding("Azure and Teams admin center", advice=TO_CLICK, is_seen=False),
        ]


async def _token(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    credentials = credentials_of(settings, session, SystemClock())
    try:
        await credentials.fetch()
    except TokenRefused as refused:
        code = str(refused)
        return Finding("Teams", f"Entra refuses the app's id or secret ({code}): {WHAT_TO_DO.get(code, OTHERWISE)}.")
    except NoToken as error:
        what = f"{credentials.url} gives no token ({error}): is there a proxy or a firewall?"
        return Finding("Teams", what)
    return Finding(f"Teams: app {settings.teams_app_id} in tenant {settings.teams_tenant_id}")


async def _keys(session: aiohttp.ClientSession, settings: Settings) -> list[Finding]:
    """Requests are checked with these keys, and tokens end by the clock of whoever gave them."""
    what = "Teams' signing keys"
    try:
        async with session.get(settings.teams_openid_url, raise_for_status=True) as answer:
            told, document = answer.headers.get("Date"), await answer.json(content_type=None)
        async with session.get(document["jwks_uri"], raise_for_status=True) as answer:
            keys = (await answer.json(content_type=None))["keys"]
        endorsed = [key for key in keys if CHANNEL in (key.get("endorsements") or ())]
    except NO_ANSWER as error:
        where = f"{settings.teams_openid_url} cannot be read ({type(error).__name__})"
        return [Finding(what, f"{where}, so nothing that people do is believed: is there a proxy or a firewall?")]
    if not endorsed:
        return [Finding(what, f"{settings.teams_openid_url} has none for Teams: look at KNUFF_TEAMS_OPENID_URL.")]
    return [Finding(what), clock_beside(told, whose="Microsoft")]


async def _endpoint(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    """Whoever comes without a token must be refused, by us."""
    what = "Messaging endpoint"
    if settings.page_address is None:
        return Finding(
            what,
            advice="KNUFF_PAGE_ADDRESS is empty, so it was not tried. In Azure: the bot, Configuration, Messaging"
            f" endpoint: the address where Knuff is reached, with {ENDPOINT} behind it.",
            is_seen=False,
        )
    address = f"{settings.page_address.rstrip('/')}{ENDPOINT}"
    try:
        async with session.post(address, json={}, allow_redirects=False) as answer:
            status = answer.status
    except NO_ANSWER as error:
        return Finding(
            what,
            advice=f"Nothing answers at {address} ({type(error).__name__}): start `knuff serve` and ask again.",
            is_seen=False,
        )
    if status == 401:
        return Finding(
            f"Messaging endpoint: {address}", advice="In Azure: the bot, Configuration, Messaging endpoint is this one."
        )
    return Finding(
        what, f"{address} answers {status} and not Knuff's 401: does the proxy send {ENDPOINT} to `knuff serve`?"
    )
