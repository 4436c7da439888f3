"""`knuff doctor`: what is in order, what is missing, and what to do about it, in plain words."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.commands.database_files import fault_of_place, file_of, trouble_with
from bot.commands.faults import plainly
from bot.libraries import open_library
from bot.settings import Settings, SettingsFault, read_settings, require_slack, unknown_names
from bot.slack.calls import identity, open_session, web_client
from bot.slack.errors import NO_ANSWER, code_of
from bot.slack.manifest import AUDIENCE_SCOPES, SCOPES
from lessons.faults import ContentError
from storage.database import open_store

MOST_SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `fault` says what is wrong and what to do; none when it is in order."""

    what: str
    fault: str | None = None
    advice: str | None = None
    """Worth knowing, and no fault."""


@plainly
def doctor() -> int:
    settings = read_settings()
    findings = [*_settings(settings), _database(settings), _content(settings), *asyncio.run(_slack(settings))]
    for finding in findings:
        mark = "✗" if finding.fault else "✓"
        sys.stdout.write(f"{mark} {finding.what}\n")
        for line in filter(None, (finding.fault, finding.advice)):
            sys.stdout.write(f"    {line}\n")
    faults = sum(1 for finding in findings if finding.fault)
    sys.stdout.write(f"\n{f'{faults} to put right.' if faults else 'Everything is in order.'}\n")
    return 1 if faults else 0


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        require_slack(settings)
        yield Finding("Settings")
    except SettingsFault as fault:
        yield Finding("Settings", str(fault))
    for name in unknown_names():
        yield Finding(f"{name}", "This means nothing to Knuff. Is it misspelt?")
    if not settings.coordinators:
        yield Finding(
            "Coordinators",
            "Nobody can start a cohort: set KNUFF_COORDINATORS to a Slack user id"
            " (in Slack: profile, ⋮, Copy member ID).",
        )
    if not settings.contact:
        yield Finding("Contact", advice="KNUFF_CONTACT is empty: the welcome names nobody to ask.")
    if settings.page_address is None:
        yield Finding("Own page", advice="KNUFF_PAGE_ADDRESS is empty: nobody is offered to answer outside Slack.")


def _database(settings: Settings) -> Finding:
    empty = Finding("Database", advice="It is empty. `knuff db upgrade`, or the first `knuff serve`, makes the tables.")
    path = file_of(settings.database_url)
    if path is not None and (fault := fault_of_place(path)):
        return Finding("Database", fault)
    if path is not None and not path.exists():
        return empty  # opening it would make it
    store = None
    try:
        store = open_store(settings.database_url)
        with store.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            tables = set(inspect(connection).get_table_names())
    except OperationalError as error:
        return Finding("Database", trouble_with(settings.database_url, error))
    except SQLAlchemyError as error:
        return Finding("Database", f"It does not answer ({type(error).__name__}): look at KNUFF_DATABASE_URL.")
    finally:
        if store is not None:
            store.close()
    return Finding("Database") if "delivery" in tables else empty


def _content(settings: Settings) -> Finding:
    try:
        library = open_library(settings)
    except SettingsFault as fault:
        return Finding("Lessons", str(fault))
    except ContentError as error:
        return Finding(
            "Lessons", f"They cannot be used; `knuff lessons check` says more. First: {str(error).splitlines()[0]}"
        )
    return Finding(f"Lessons: {len(library.lessons)}, programmes: {len(library.programmes)}")


async def _slack(settings: Settings) -> list[Finding]:
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
        told = answer.headers.get("Date")
    if not told:
        return Finding("Clock", advice="Slack did not say what time it is.")
    seconds = abs((datetime.now(UTC) - parsedate_to_datetime(told)).total_seconds())
    if seconds > MOST_SKEW_SECONDS:
        return Finding(
            "Clock", f"This machine's clock is {seconds:.0f} seconds from Slack's: turn time synchronisation on."
        )
    return Finding("Clock")
