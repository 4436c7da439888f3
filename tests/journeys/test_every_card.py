"""Everything `knuff preview` shows, drawn by the workplace's page: axe finds nothing on it, in either language."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page

from bot.previewing import preview_lines
from tests.browser import accessibility_faults
from workplace.server import started
from workplace.settings import Settings

pytestmark = pytest.mark.browser

AT_A_TIME = 25
"""What axe looks at in one go. With more, a fault takes longer to find; with fewer, the test takes longer."""
ANOTHER_LESSON = re.compile(r"(nudge|cohort_test)_L(?!0[1-5])\d\d")
"""Five lessons stand for all: the others differ in their words alone."""
DRAW = """async (lines) => {
  const [{ Form }, { Home }, { Messages }, { namesFrom }] = await Promise.all(
    ["form", "home", "messages", "names"].map((name) => import(`/page/js/${name}.js`)));
  const people = await (await fetch("/_control/people")).json();
  const names = namesFrom(people);
  const [person] = people.people;
  const app = { names: () => names, person: () => person, zone: () => person.tz };
  const place = document.querySelector("main");
  const drawn = document.createElement("div");
  place.replaceChildren(drawn);
  lines.forEach(({ surface, name, payload }, number) => {
    const part = document.createElement("section");
    part.dataset.sample = name;
    part.className = "form";
    const view = { id: name, hash: "1", state: { values: {} }, ...payload };
    if (surface === "message") {
      const messages = new Messages(app, "D1");
      messages.show({ is_direct: true, messages: [
        { ts: `${1772435700 + number}.0001`, author: "Knuff", is_bot: true, ...payload },
      ] });
      part.append(messages.list);
    } else if (surface === "home") {
      const home = new Home(app);
      home.show(view);
      part.append(...home.node.children);
    } else {
      const form = new Form(app);
      form.show([view]);
      form.dialog.querySelector("h2").id += `-${number}`;
      part.append(...form.dialog.children);
      form.dialog.remove();
    }
    drawn.append(part);
  });
  return drawn.children.length;
}"""
"""Draw them below each other with the page's own code, each as it would be drawn alone."""


@pytest.fixture
async def workplace_page(page: Page) -> AsyncIterator[Page]:
    async with started(Settings(port=0)) as address:
        await page.goto(address)
        yield page


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_axe_finds_nothing_on_anything_we_show(workplace_page: Page, language: str) -> None:
    lines = [line for line in preview_lines("slack", language) if not ANOTHER_LESSON.fullmatch(line["name"])]
    found: dict[str, list[str]] = {}
    for start in range(0, len(lines), AT_A_TIME):
        together = lines[start : start + AT_A_TIME]
        assert await workplace_page.evaluate(DRAW, together) == len(together)
        if faults := await accessibility_faults(workplace_page):
            found[f"{together[0]['name']} … {together[-1]['name']}"] = faults
    assert found == {}
