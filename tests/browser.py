"""A Chromium for the tests of one process, whose pages may fetch nothing from elsewhere and raise no error.

Starting it takes longer than most tests. Contexts share nothing, neither cookies nor storage: each test has its own.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from tests import chromium
from tests.journeys.programs import free_port

T = TypeVar("T")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What routes do not see, such as WebSockets, cannot leave either.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LONGEST_SECONDS = 60
LOOPBACK = {"127.0.0.1", "localhost"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser to run; without one the test fails, never skips."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.WHAT_TO_TYPE, pytrace=False)
    return found


@pytest.fixture(scope="session")
def chromium_address(chromium_path: Path) -> Iterator[str]:
    """Where it listens. It is launched in an event loop of its own: those of the tests come and go."""
    address = f"127.0.0.1:{free_port()}"
    arguments = (*ARGUMENTS, f"--remote-debugging-port={address.rpartition(':')[2]}")
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="chromium", daemon=True)
    thread.start()

    def done(work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(LONGEST_SECONDS)

    playwright = done(async_playwright().start())
    launched = done(playwright.chromium.launch(executable_path=chromium_path, args=arguments))
    yield f"http://{address}"
    done(launched.close())
    done(playwright.stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join(LONGEST_SECONDS)
    loop.close()


@pytest.fixture
async def browser(chromium_address: str) -> AsyncIterator[Browser]:
    """The browser, in the test's own event loop; ask it for a context per person."""
    async with async_playwright() as playwright:
        connected = await playwright.chromium.connect_over_cdp(chromium_address)
        yield connected
        await connected.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One person's browser, in Swedish. The test fails if a page asks for anything elsewhere or raises an error."""
    opened = await browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    faults: list[str] = []

    async def keep_at_home(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.scheme in {"data", "blob"} or url.hostname in LOOPBACK:
            await route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            await route.abort()

    await opened.route("**/*", keep_at_home)
    opened.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    yield opened
    await opened.close()
    assert not faults, faults


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    return await context.new_page()


async def accessibility_faults(page: Page, *, within: str | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page, or within a CSS selector: a line for each element at fault."""
    await page.wait_for_load_state()  # without its style sheet, every page has faults
    found = await Axe().run(page, context=within, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
