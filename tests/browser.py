"""A Chromium for the journeys, one per test, whose pages may fetch nothing from elsewhere and raise no error."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from tests import chromium

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
LOOPBACK = {"127.0.0.1", "localhost"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser to run; without one the test fails, never skips."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.WHAT_TO_TYPE, pytrace=False)
    return found


@pytest.fixture
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """A fresh browser in the test's own event loop; ask it for a context per person."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield launched
        await launched.close()


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
