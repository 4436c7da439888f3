"""A Chromium for the tests of one process, whose pages may fetch nothing from elsewhere and raise no error.

Starting it, and Playwright's driver, takes longer than most tests. Contexts share nothing, neither cookies nor storage:
each test has its own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

from tests import chromium

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LOOPBACK = {"127.0.0.1", "localhost"}
# A colour on its way from one scheme to another is not the one that people read. What never ends goes on.
SETTLE = """() => document.getAnimations()
  .filter((moving) => Number.isFinite(moving.effect.getComputedTiming().endTime))
  .forEach((moving) => moving.finish())"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def _function_scoped_runner(
    request: pytest.FixtureRequest, _function_scoped_runner: asyncio.Runner
) -> Iterator[asyncio.Runner]:
    """The event loop of a test, under pytest-asyncio's own name for it. A test with a browser has the browser's, and
    what it leaves going there is ended with it, as in a loop of its own."""
    if "browser" not in request.fixturenames:
        yield _function_scoped_runner
        return
    runner: asyncio.Runner = request.getfixturevalue("_session_scoped_runner")
    the_browsers = asyncio.all_tasks(runner.get_loop())
    yield runner
    left = asyncio.all_tasks(runner.get_loop()) - the_browsers
    for task in left:
        task.cancel()
    runner.run(_ended(left))


async def _ended(tasks: set["asyncio.Task[object]"]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The browser to run; without one the test fails, never skips."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.WHAT_TO_TYPE, pytrace=False)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    """Ask it for a context per person."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One person's browser, in Swedish. The test fails if a page asks for anything elsewhere or raises an error."""
    opened = await browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    faults: list[str] = []

    def note(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and url.hostname not in LOOPBACK:
            faults.append(f"asked for {request.url}")

    opened.on("request", note)
    opened.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    yield opened
    await opened.close()
    assert not faults, faults


@pytest.fixture
async def page(context: BrowserContext) -> Page:
    return await context.new_page()


async def accessibility_faults(page: Page, *, within: str | None = None, without: Sequence[str] = ()) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page, or within a CSS selector: a line for each element at fault.

    `without`: rules that this has been looked at by before.
    """
    await page.wait_for_load_state()  # without its style sheet, every page has faults
    await page.evaluate(SETTLE)
    rules = {rule: {"enabled": False} for rule in without}
    options = {"runOnly": WCAG, "resultTypes": ["violations"], "rules": rules}
    found = await Axe().run(page, context=within, options=options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
