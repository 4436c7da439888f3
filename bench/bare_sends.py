"""The two baselines of outbound, in a process of their own.

    python -m bench.bare_sends sdk SLACK_API_URL COUNT        slack_sdk, shared session, one message after another
    python -m bench.bare_sends statements DATABASE_URL COUNT  mark and settle rows by the driver, two commits a row

The second prints how many seconds it took; of the first, Slack's stand-in knows.
"""

import asyncio
import sqlite3
import sys
from time import perf_counter
from typing import Any

import psycopg
import uvloop
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bench import machine
from bench.presses import chat
from bench.programs import SERVER_CORE
from bench.slack_stand_in import BOT_TOKEN

TEXT = "Välj ett möte den här veckan. Fråga i början: vad ska vara annorlunda när vi går härifrån? " * 3
BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Värdet i en mening"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": TEXT}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"nudge.{name}",
                "text": {"type": "plain_text", "text": words},
                "value": "1",
            }
            for name, words in (("doing", "Jag gör det"), ("another", "En annan"), ("not_today", "Inte i dag"))
        ],
    },
]

MARK = (
    "UPDATE delivery SET state = 'sending', attempts = attempts + 1, started_at = ? WHERE id = ? AND state = 'planned'"
)
SETTLE = (
    "UPDATE delivery SET state = 'sent', sent_at = ?, conversation_id = ?, message_id = ?"
    " WHERE id = ? AND state = 'sending'"
)
AT = "2026-03-02 07:15:00.000000"


async def send(api: str, count: int) -> None:
    async with ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=api, session=session)
        for number in range(1, count + 1):
            metadata = {"event_type": "knuff_delivery", "event_payload": {"delivery_id": number}}
            await client.chat_postMessage(channel=chat(number), text=TEXT, blocks=BLOCKS, metadata=metadata)


def mark_and_settle(database_url: str, count: int) -> float:
    """Return the seconds it takes, two commits a row."""
    if database_url.startswith("sqlite"):
        return _on_sqlite(database_url.removeprefix("sqlite:///"), count)
    return _on_postgresql(database_url, count)


def _on_sqlite(database: str, count: int) -> float:
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    started = perf_counter()
    for number in range(1, count + 1):
        for statement, values in _statements(number):
            connection.execute("BEGIN IMMEDIATE")
            assert connection.execute(statement, values).rowcount == 1
            connection.execute("COMMIT")
    seconds = perf_counter() - started
    connection.close()
    return seconds


def _on_postgresql(database_url: str, count: int) -> float:
    with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        started = perf_counter()
        for number in range(1, count + 1):
            for statement, values in _statements(number):
                with connection.transaction():
                    assert connection.execute(statement.replace("?", "%s"), values).rowcount == 1
        return perf_counter() - started


def _statements(number: int) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    return ((MARK, (AT, number)), (SETTLE, (AT, chat(number), f"{number}.1", number)))


if __name__ == "__main__":
    machine.pin(0, core=SERVER_CORE)
    what, where, how_many = sys.argv[1:]
    if what == "sdk":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(send(where, int(how_many)))
    else:
        print(mark_and_settle(where, int(how_many)))
