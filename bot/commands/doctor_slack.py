"""What `knuff doctor` looks at in Slack: token, scopes, socket, clock."""

from collections.abc import Iterator

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.findings import Finding, clock_beside
from bot.settings import Settings
from bot.slack.calls import identity, open_session, web_client
from bot.slack.errors import NO_ANSWER, code_of
from bot.slack.manifest import AUDIENCE_SCOPES, SCOPES


async def look_at_slack(settings: Settings) -> list[Finding]:
    """Return what is to be said about Slack; nothing where it is not used."""
    if settings.slack_bot_token is None:
        return []
    session = open_session()
    client = web_client(session, token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    try:
        who = await identity(client)
        findings = [Finding(f"Slack: workspace {who.workspace_name} ({who.workspace})"), *_scopes(settings, who.scopes)]
        return [*findings, *await _socket(client, settings), await _skew(session, settings)]
    except SlackApiError as error:
        return [
            Finding(
                "Slack", f"It refuses the bot token ({code_of(error)}): install the app again and copy the new token."
            )
        ]
    except NO_ANSWER as error:
        what = f"{settings.slack_api_url} does not answer ({type(error).__name__}): is there a proxy or a firewall?"
        return [Finding("Slack", what)]
    finally:
        await session.close()


async def _socket(client: AsyncWebClient, settings: Settings) -> list[Finding]:
    """Without the socket nothing that people do reaches us."""
    if settings.slack_app_token is None:
        return []
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        what = (
            f"Slack refuses the app token ({code_of(error)}): make a new one under Basic Information, with"
            " connections:write, and set KNUFF_SLACK_APP_TOKEN to it."
        )
        return [Finding("Socket Mode", what)]
    return [Finding("Socket Mode")]


def _scopes(settings: Settings, granted: frozenset[str]) -> Iterator[Finding]:
    if not granted:
        yield Finding("Scopes", advice="Slack did not say which scopes the token has.")
        return
    wanted = SCOPES | (AUDIENCE_SCOPES if settings.slack_audiences else {})
    missing = [f"{scope} ({why})" for scope, why in wanted.items() if scope not in granted]
    if missing:
        yield Finding("Scopes", f"Add these to the app, and install it again: {', '.join(missing)}.")
        return
    spare = sorted(granted - set(wanted))
    yield Finding("Scopes", advice=f"More than needed: {', '.join(spare)}." if spare else None)


async def _skew(session: aiohttp.ClientSession, settings: Settings) -> Finding:
    """Slack refuses, and we refuse, what is signed five minutes away from our clock."""
    async with session.get(settings.slack_api_url) as answer:
        return clock_beside(answer.headers.get("Date"), whose="Slack")
