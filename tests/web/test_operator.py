"""The operator's page, over HTTP: behind its token, about what is stuck, never about anybody."""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from playwright.async_api import BrowserContext
from pydantic import SecretStr
from sqlmodel import Session

from bot.conversation.texts import texts_in
from bot.web.app import web_app
from bot.web.operator import operator_routes, preferred_language
from scheduler.clock import ShiftedClock
from storage.database import Store, open_store
from storage.tables.chores import Chore
from storage.tables.deliveries import Delivery, Reason, State
from storage.tables.inbox import InboxEvent
from storage.tables.lanes import Bucket, Lane
from storage.tables.people import Cadence, Platform, Workspace
from tests.browser import accessibility_faults
from tests.in_memory import in_memory
from tests.scheduler.world import MONDAY, STOCKHOLM, World, at
from tests.web.serving import served

TOKEN = "a-token-of-more-than-thirty-two-signs-å"
NOW = at("2026-03-02 11:00")
SLOT = at("2026-03-02 08:15")


@pytest.fixture
def world() -> Iterator[World]:
    """A workspace in Slack, in memory."""
    store = in_memory()
    yield in_slack(store)
    store.close()


@pytest.fixture
def stored(database_url: str) -> Iterator[World]:
    """The same, on either database."""
    store = open_store(database_url)
    yield in_slack(store)
    store.close()


def in_slack(store: Store) -> World:
    world = World(store)
    world.change(Workspace, world.workspace, platform=Platform.SLACK)
    return world


@asynccontextmanager
async def page_of(
    store: Store, *, now: datetime = NOW, token: str | None = TOKEN, since_tick: float | None = 1
) -> AsyncIterator[aiohttp.ClientSession]:
    async def readiness() -> dict[str, bool]:
        return {}

    pages = []
    if token is not None:
        pages = operator_routes(
            store, ShiftedClock(now), token=SecretStr(token), organisation="Älvsunda kommun", zone=STOCKHOLM,
            lease_seconds=30, seconds_since_tick=lambda: since_tick,
        )  # fmt: skip
    async with served(web_app(readiness=readiness, pages=pages)) as address, aiohttp.ClientSession(address) as browser:
        yield browser


def basic(password: str, user: str = "") -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def read(store: Store, language: str = "en", *, now: datetime = NOW, since_tick: float | None = 1) -> str:
    async with (
        page_of(store, now=now, since_tick=since_tick) as browser,
        browser.get("/operator", headers={"Accept-Language": language, **basic(TOKEN)}) as answer,
    ):
        assert answer.status == 200
        return " ".join((await answer.text()).split())


def promised(world: World, **fields: Any) -> Delivery:
    """Somebody's nudge of Monday, whose rhythm has been planned."""
    person = world.person(world.cohort())
    world.change(Cadence, 1, next_at=NOW + timedelta(hours=21))
    return cast(Delivery, world.look_up(Delivery, world.promise(person, step=1, **fields)))


def add(world: World, row: object) -> None:
    def keep(session: Session) -> None:
        session.merge(row)

    world.store.write_now(keep)


def an_event(number: int, **fields: Any) -> InboxEvent:
    return InboxEvent(
        platform="slack", workspace="T1", key=f"E{number}", person="U1", body="Hemligt", received_at=SLOT, **fields
    )


def a_night(world: World, day: date, *, tries: int = 1, finished_on: date | None = None) -> None:
    night = Chore(name="nightly", taken_on=day, taken_at=NOW, tries=tries, finished_on=finished_on or day)
    add(world, night)


def held(world: World, until: datetime) -> None:
    add(world, Lane(workspace_id=world.workspace, holder="holder-of-a-lane", leased_until=until))


async def test_without_a_token_there_is_no_page(world: World) -> None:
    async with page_of(world.store, token=None) as browser, browser.get("/operator", headers=basic(TOKEN)) as answer:
        assert answer.status == 404


async def test_only_the_token_opens_it(world: World) -> None:
    async with page_of(world.store) as browser:
        for header in (
            {}, basic(""), basic(TOKEN[:-1]), basic(TOKEN + "x"), basic("", user=TOKEN), {"Authorization": "Bearer"},
            {"Authorization": "Basic =?"}, {"Authorization": f"Digest {TOKEN}"},
        ):  # fmt: skip
            async with browser.get("/operator", headers={"Accept-Language": "sv", **header}) as answer:
                assert answer.status == 401, header
                assert answer.headers["WWW-Authenticate"].startswith("Basic ")
                text = await answer.text()
                assert "Sidan är låst" in text
                assert "Arbetsyta" not in text
        for header in (basic(TOKEN), basic(TOKEN, user="drift"), {"Authorization": f"Bearer {TOKEN}"}):
            async with browser.get("/operator", headers=header) as answer:
                assert answer.status == 200, header
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        async with browser.post("/operator", headers=basic(TOKEN)) as answer:
            assert answer.status == 405


async def test_when_all_is_well_it_says_so(world: World) -> None:
    promised(world, due_at=NOW, try_at=NOW + timedelta(minutes=3), late_after=NOW + timedelta(hours=4))
    text = await read(world.store)
    assert "Nothing is stuck." in text
    assert "Needs you to act" not in text
    assert '<th scope="row">1</th><td>Slack</td><td>No, nothing to send</td><td>0</td><td>–</td>' in text
    assert "Inget sitter fast." in await read(world.store, "sv-SE,sv;q=0.9,en;q=0.8")


async def test_messages_that_wait_say_whether_somebody_sends_them(world: World) -> None:
    promised(world)
    assert "messages waiting: 1, the oldest since Monday 2 March 08:15. Nobody is sending." in await read(world.store)
    held(world, NOW + timedelta(seconds=20))
    text = await read(world.store)
    assert "a process is sending at the pace the platform allows" in text
    assert "Yes (held until 11:00:20, renewed as it works)" in text
    assert "Read Monday 2 March 11:00:00." in text
    assert "Ja (gäller till 11.00.20 och förnyas)" in await read(world.store, "sv")
    assert "One thing goes on by itself." in text
    held(world, NOW - timedelta(seconds=20))
    assert "another process takes over within a minute or so" in await read(world.store)
    held(world, NOW + timedelta(seconds=60))
    assert "Yes (held until" in await read(world.store)
    # A hand in the table, or a clock ahead by more than half a lease: whoever wants the lane takes it.
    for until in (NOW - timedelta(minutes=20), NOW + timedelta(seconds=61), NOW + timedelta(days=900)):
        held(world, until)
        assert "Nobody is sending." in await read(world.store)


async def test_a_message_that_may_have_arrived_says_when_it_is_asked_about(world: World) -> None:
    row = promised(world)
    world.change(Delivery, row.id, state=State.UNKNOWN, started_at=SLOT, try_at=NOW + timedelta(minutes=1))
    assert "from Monday 2 March 11:01 on we ask Slack" in await read(world.store)
    world.change(Workspace, world.workspace, platform=Platform.TEAMS)
    assert "from Monday 2 March 11:01 on they are explained" in await read(world.store)
    world.change(Delivery, row.id, try_at=NOW - timedelta(minutes=9))
    assert "They should have been looked into by Monday 2 March 10:51." in await read(world.store)
    world.change(Delivery, row.id, state=State.SENDING)
    assert "messages that were on their way when their process disappeared: 1" in await read(world.store)
    held(world, NOW + timedelta(seconds=20))
    assert "when their process disappeared" not in await read(world.store)


async def test_a_workspace_that_does_not_let_us_in_says_what_to_do(world: World) -> None:
    world.change(Workspace, world.workspace, disconnected_at=SLOT, disconnected_reason="token_revoked")
    promised(world)
    text = await read(world.store)
    assert (
        "Workspace 1 (Slack) has not let us in since Monday 2 March 08:15 (token_revoked). Messages waiting: 1" in text
    )
    assert "<strong>Do this:</strong> check in the platform’s settings" in text
    assert "No, not let in" in text


async def test_what_was_refused_or_never_found_out_is_told_by_its_error(world: World) -> None:
    promised(world, reason=Reason.REFUSED, error="invalid_blocks")
    promised(world, reason=Reason.OUTCOME_UNKNOWN, error="NotFound")
    promised(world, reason=Reason.REFUSED, error="long_ago", day=MONDAY - timedelta(days=9))
    text = await read(world.store)
    assert "messages not accepted in the last seven days: 1 (invalid_blocks)" in text
    assert "where nobody knows whether they arrived: 1 (NotFound)" in text
    assert "long_ago" not in text


async def test_a_pause_says_when_it_ends_and_not_whose_chat_it_is_about(world: World) -> None:
    for name in ("chat.postMessage paused", "chat.update/D0SECRET paused", "chat.postMessage/D0SECRET"):
        add(world, Bucket(workspace_id=world.workspace, name=name, free_at=NOW + timedelta(minutes=2)))
    add(world, Bucket(workspace_id=1, name="chat.update/D1SECRET paused", free_at=NOW + timedelta(minutes=3)))
    text = await read(world.store)
    assert "wait with chat.postMessage." in text
    assert "wait with chat.update in single chats: 2." in text
    assert "it goes on Monday 2 March 11:02" in text
    assert "the last of them go on Monday 2 March 11:03" in text
    assert text.count('class="trouble"') == 2
    assert "SECRET" not in text


async def test_events_set_aside_and_events_that_wait_are_counted(world: World) -> None:
    for number, fields in enumerate(({"set_aside_at": NOW, "set_aside_reason": "KeyError"}, {})):
        add(world, an_event(number, **fields))
    text = await read(world.store)
    assert "Events that could not be handled and were set aside: 1 (KeyError)" in text
    assert "<code>knuff inbox list</code> shows them" in text
    assert "Events waiting to be handled: 1, the oldest since Monday 2 March 08:15" in text


async def test_what_was_not_planned_and_a_day_that_does_not_balance_are_told(world: World) -> None:
    row = promised(world, late_after=SLOT)
    world.change(Cadence, 1, next_at=NOW - timedelta(minutes=30))
    text = await read(world.store)
    assert "Rhythms that should have been planned: 1, the first Monday 2 March 10:30" in text
    assert "Monday 2 March: promises neither sent nor explained, although it is too late: 1." in text
    world.settle(row)
    assert "neither sent nor explained" not in await read(world.store)


async def test_whoever_joined_and_cannot_be_sorted_out_is_counted_with_what_to_do(stored: World) -> None:
    world = stored
    cohort, other = world.cohort(), world.cohort()
    for minutes in (30, 20, 1):  # the last is left to the next ticks
        world.person(cohort, other, welcomed=False, now=NOW - timedelta(minutes=minutes))
    text = await read(world.store)
    assert "have not been planned for: 2, the first Monday 2 March 10:30." in text
    assert "look in the log for enrolment_not_sorted_out" in text
    assert "inte har planerats in: 2, den första måndag 2 mars 10.30." in await read(world.store, "sv")
    await world.plan(NOW)
    assert "planned for" not in await read(world.store)


async def test_a_night_and_a_tick_that_did_not_come_are_told(world: World) -> None:
    a_night(world, MONDAY - timedelta(days=1))
    assert "nightly look" not in await read(world.store)
    a_night(world, MONDAY - timedelta(days=1), tries=2, finished_on=MONDAY - timedelta(days=2))
    assert "The nightly look of Sunday 1 March has not come to its end." in await read(world.store)
    a_night(world, MONDAY - timedelta(days=2))
    text = await read(world.store, since_tick=44.4)
    assert "The nightly look was last taken on Saturday 28 February." in text
    assert "This process has done nothing for a while (seconds: 44)." in text


async def test_after_a_weekend_of_downtime_the_nightly_look_lets_what_is_due_go_first(world: World) -> None:
    a_night(world, MONDAY - timedelta(days=3))
    row = promised(world, try_at=NOW - timedelta(minutes=59))
    text = await read(world.store)
    assert "The nightly look was last taken on Friday 27 February." in text
    assert "By itself:</strong> it is taken as soon as the messages that are due have been sent" in text
    assert "restart <code>knuff serve</code>" not in text
    world.change(Delivery, row.id, try_at=NOW - timedelta(minutes=61))  # for an hour it waits, no longer
    assert "restart <code>knuff serve</code>" in await read(world.store)


async def test_of_a_broken_database_it_says_what_can_still_be_read(world: World) -> None:
    promised(world)
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE inbox_event")
        connection.exec_driver_sql("DROP TABLE bucket")
    text = await read(world.store, since_tick=44)
    assert "The database cannot be read (pauses, events: OperationalError)." in text
    assert "Nobody is sending." in text
    assert "This process has done nothing for a while" in text
    with world.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE cadence RENAME TO away")
    text = await read(world.store, since_tick=44)
    assert "The database cannot be read (pauses, events, planning: OperationalError)." in text
    assert "This process has done nothing" not in text, "a restart would not help"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_workspace_with_a_spoilt_row_is_named_with_what_to_do(stored: World) -> None:
    row = promised(stored)
    with stored.store.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE delivery SET try_at = 'x' WHERE id = {row.id}")  # noqa: S608 - ours
    text = await read(stored.store)
    assert "Workspace 1: a row in the database is spoilt, and nothing is sent there." in text
    assert "mend it, or restore a backup" in text
    assert "Arbetsyta 1: en rad i databasen är förstörd, och inget skickas där." in await read(stored.store, "sv")


async def test_of_a_database_that_another_version_has_upgraded_it_says_that_and_nothing_else(stored: World) -> None:
    promised(stored)
    with stored.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    text = await read(stored.store, since_tick=44)
    assert "another version of Knuff has upgraded it" in text
    assert "has not met a workspace" not in text
    assert text.count('class="trouble"') == 1
    assert "Until then it plans, sends and handles nothing; what comes in is kept." in text
    swedish = await read(stored.store, "sv", since_tick=44)
    assert "Till dess planerar, skickar och hanterar den inget; det som kommer in sparas." in swedish


async def test_nobodys_id_name_or_words_are_on_it(stored: World) -> None:
    """Something of everything, on both databases."""
    world = stored
    for reason in (Reason.PAUSED, Reason.REFUSED, Reason.OUTCOME_UNKNOWN):
        promised(world, late_after=SLOT)
        world.settle(promised(world), State.UNKNOWN)
        promised(world, reason=reason, error="class")
    for number, fields in enumerate(({"set_aside_at": NOW, "set_aside_reason": "KeyError"}, {})):
        add(world, an_event(number, **fields))
    add(world, Bucket(workspace_id=world.workspace, name="post/D1 paused", free_at=NOW + timedelta(minutes=2)))
    a_night(world, MONDAY - timedelta(days=2))
    world.person(world.cohort(), welcomed=False, now=SLOT)
    world.change(Cadence, 1, next_at=SLOT)
    held(world, SLOT)
    for language in ("sv", "en"):
        text = await read(world.store, language)
        assert text.count('class="trouble"') == 11
        for secret in ("U1", "D1", "T1", "E0", "Hemligt", "holder-of-a-lane", "Chefer", "L01"):
            assert secret not in text, secret


async def test_it_works_without_script_and_axe_finds_nothing(world: World, context: BrowserContext) -> None:
    promised(world, late_after=SLOT)
    promised(world, reason=Reason.OUTCOME_UNKNOWN, error="NotFound")
    async with page_of(world.store) as browser:
        page = await context.new_page()
        await page.set_extra_http_headers(basic(TOKEN))
        await page.goto(str(browser._build_url("/operator")))
        assert await page.locator("html").get_attribute("lang") == "sv"
        assert await page.locator("script").count() == 0
        assert await page.locator(".trouble").count() == 3
        assert await accessibility_faults(page) == []


def test_every_trouble_can_be_told_and_every_text_of_the_page_is_used() -> None:
    """A name without words would leave the operator without a page just when one is needed."""
    code = "".join(Path(f"{file}.py").read_text("utf-8") for file in ("scheduler/troubles", "bot/web/operator"))
    names = set(re.findall(r'\bname = "(\w+)"|\bname="(\w+)"|"(\w+)" if |else "(\w+)"', code))
    named = {name for one in names for name in one if name and f"operator.{name}" in texts_in("en")}
    told_of = {key.removesuffix("_then") for key in texts_in("en") if key.endswith("_then") and "operator." in key}
    assert {f"operator.{name}" for name in named} == told_of
    used = code + Path("bot/web/templates/operator.html").read_text("utf-8")
    used += Path("bot/web/troubles_in_words.py").read_text("utf-8")
    rest = {key.partition(".")[2] for key in texts_in("en") if key.startswith("operator.")}
    rest -= {name for one in told_of for name in (one.partition(".")[2], f"{one.partition('.')[2]}_then")}
    of_numbers = {name.removesuffix("_one").removesuffix("_many").removeprefix("column_") for name in rest}
    assert {name for name in of_numbers if name not in used and name not in set(Platform)} == set()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("sv", "sv"), ("en-GB,sv;q=0.5", "en"), ("de,sv;q=0.2", "sv"), ("en;q=0.3, SV-FI;q=0.7", "sv"),
        ("fi", "en"), ("sv;q=x", "en"), ("sv;q=0", "en"), ("*", "en"),
    ],
)  # fmt: skip
def test_the_page_speaks_the_language_that_is_asked_for(header: str, language: str) -> None:
    assert preferred_language(header) == language
