"""Everything `knuff preview` shows, drawn by the workplace's page: as wide as it may be, and axe finds nothing on it.

Cards of Teams are drawn by Microsoft's own package.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Page, expect

from bot.previewing import Json, preview_lines
from tests.browser import accessibility_faults
from workplace.server import started
from workplace.settings import Settings

pytestmark = pytest.mark.browser

AT_A_TIME = 25
"""How many are drawn below each other: the longer the page, the longer it takes to lay out each of them."""
ANOTHER_LESSON = re.compile(
    r"(nudge|cohort_test)_L(?!0[1-5])\d{2,}|method_(?!act-it-out|workshop-with-family|search)[a-z-]+"
)
"""Five lessons stand for all, and two methods: the others differ in their words alone."""
CONTRAST = ("color-contrast",)
"""Of what axe does, three quarters: it is looked at once for each kind of text in each kind of surroundings."""
SHAPING = {"type", "style", "size", "color", "weight", "spacing"}
"""Whose words say how something looks."""
DRAW_SLACK = """async (lines) => {
  const [{ Form }, { Home }, { Messages }, { namesFrom }] = await Promise.all(
    ["form", "home", "messages", "names"].map((name) => import(`/page/js/${name}.js`)));
  const people = await (await fetch("/_control/people")).json();
  const names = namesFrom(people);
  const [person] = people.people;
  const app = { names: () => names, person: () => person, zone: () => person.tz };
  document.querySelector("main").replaceChildren();
  const drawn = document.createElement("div");
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
  document.querySelector("main").append(drawn);
  return [...drawn.children].filter((part) => part.childElementCount === 0).map((part) => part.dataset.sample);
}"""
DRAW_TEAMS = """async (lines) => {
  const [{ Chat }, { Task }] = await Promise.all(["chat", "task"].map((name) => import(`/page/js/${name}.js`)));
  const { people } = await (await fetch("/_control/teams/people")).json();
  const [person] = people;
  const app = { person: () => person, zone: () => person.tz, people: () => people.map((one) => [one.id, one.name]) };
  document.querySelector("main").replaceChildren();
  const drawn = document.createElement("div");
  lines.forEach(({ surface, name, payload }, number) => {
    const part = document.createElement("section");
    part.dataset.sample = name;
    part.className = "form";
    if (surface === "dialog") {
      const task = new Task(app);
      task.show({ ...payload, card: payload.card.content, errors: {} });
      task.dialog.querySelector("h2").id += `-${number}`;
      part.append(...task.dialog.children);
      task.dialog.remove();
    } else {
      const chat = new Chat(app);
      chat.show({ id: "a:1", is_personal: true, messages: [{
        id: String(number), at: "2026-03-02T07:15:00+00:00", author: "28:knuff", author_name: "Knuff", is_bot: true,
        text: "", summary: payload.summary, card: payload.attachments[0].content,
      }] });
      part.append(chat.list);
    }
    // Teams shows a hidden question when its button is pressed: it must be as good.
    for (const node of part.querySelectorAll("[style*='display: none']")) node.style.display = "";
    drawn.append(part);
  });
  document.querySelector("main").append(drawn);
  const shown = (part) => part.querySelector(".ac-adaptiveCard")?.childElementCount > 0;
  return [...drawn.children].filter((part) => !shown(part)).map((part) => part.dataset.sample);
}"""
"""Draw them below each other with the page's own code, each as it would be drawn alone; return what shows nothing. They
come into the page together: a form is laid out with all that is there when it opens."""
TOO_WIDE = """() => [...document.querySelectorAll("[data-sample]")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.dataset.sample)"""
DRAW = {
    platform: f"(lines) => ({draw})(JSON.parse(lines))"
    for platform, draw in (("slack", DRAW_SLACK), ("teams", DRAW_TEAMS))
}
"""As text: an object is taken apart and put together again on its way to the page."""


@pytest.fixture
async def workplace_page(page: Page) -> AsyncIterator[Page]:
    async with started(Settings(port=0)) as address:
        await page.set_viewport_size({"width": 390, "height": 850})
        await page.goto(address)
        await page.locator("main .composer").wait_for()  # what the page itself draws, or it would come over ours
        yield page


@pytest.mark.parametrize("platform", ["slack", "teams"])
async def test_everything_we_show_is_drawn_within_its_width_and_axe_finds_nothing_on_it(
    workplace_page: Page, platform: str
) -> None:
    found: dict[str, list[str]] = {}
    seen: set[object] = set()
    coloured: set[object] = set()
    for language in ("sv", "en"):
        lines = [line for line in preview_lines(platform, language) if not ANOTHER_LESSON.fullmatch(line["name"])]
        for together in batched(lines):
            assert await workplace_page.evaluate(DRAW[platform], json.dumps(together)) == []
            assert await workplace_page.evaluate(TOO_WIDE) == []
            await expect(workplace_page.locator("[data-sample]")).to_have_count(len(together))
        shapes = _first_of_each_shape(lines, seen)
        contrasts = _first_with_each_colour(shapes, coloured)
        rest = [line for line in shapes if line not in contrasts]
        for some, without in ((contrasts, ()), (rest, CONTRAST)):
            for together in batched(some):
                assert await workplace_page.evaluate(DRAW[platform], json.dumps(together)) == []
                if faults := await accessibility_faults(workplace_page, without=without):
                    found[f"{language} {together[0]['name']} … {together[-1]['name']}"] = faults
    assert found == {}
    assert len(seen) > AT_A_TIME
    assert len(coloured) > 20


def batched(lines: list[Json]) -> Iterator[list[Json]]:
    for start in range(0, len(lines), AT_A_TIME):
        yield lines[start : start + AT_A_TIME]


def _first_of_each_shape(lines: list[Json], seen: set[object]) -> list[Json]:
    """Return the lines whose shape is not in `seen`, one of each, and put theirs there. Axe sees no words: what differs
    from another in its words alone is as good as the other."""
    first = []
    for line in lines:
        shape = (line["surface"], _shape(line["payload"]))
        if shape not in seen:
            seen.add(shape)
            first.append(line)
    return first


def _first_with_each_colour(lines: list[Json], coloured: set[object]) -> list[Json]:
    """Return the lines with something in them whose place is not in `coloured`, and put theirs there. How well a text
    stands out is decided by what it is and what it lies in, not by what lies beside it."""
    first = []
    for line in lines:
        places = {(line["surface"], *place) for place in _places(line["payload"])}
        if not places <= coloured:
            coloured |= places
            first.append(line)
    return first


def _places(value: object, within: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield where each part of it lies: what it is and how it is shaped, and the same of all that it lies in."""
    match value:
        case dict():
            shaped = {name: part for name, part in value.items() if name in SHAPING or isinstance(part, bool)}
            within = (*within, tuple(sorted(shaped.items())))
            for name, part in value.items():
                yield from _places(part, (*within, name))
        case list():
            for part in value:
                yield from _places(part, within)
        case _:
            yield within


def _shape(value: object, key: str = "") -> object:
    """Return what it is made of: of words only whether there are any."""
    match value:
        case dict():
            return tuple((name, _shape(part, name)) for name, part in sorted(value.items()))
        case list():
            return tuple(_shape(part, key) for part in value)
        case str() if key not in SHAPING:
            return bool(value.strip())
        case _:
            return value
