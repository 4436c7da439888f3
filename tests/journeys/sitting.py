"""Somebody sitting at the workplace's page: picks a person, reads, types, presses, fills in forms, winds the clock."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import FloatRect, Locator, Page, expect

from tests.browser import accessibility_faults

PICTURES = os.environ.get("PICTURES")
"""A folder for a picture of each step, for people to look at. (What begins with KNUFF_ is cleared for tests.)"""
PATIENCE_MS = 60_000
MOST_TABS = 120
AIR = 12
"""Pixels around a part of the page in a picture of it."""
SAYS = {
    "sv": {
        "people": "Människor", "composer": "Skriv till Knuff", "send": "Skicka", "other_time": "Annan tid",
        "date": "Datum", "time": "Tid", "go_there": "Spola fram", "one_hour": "En timme fram",
        "home": "Hem", "messages": "Meddelanden",
    },
    "en": {
        "people": "People", "composer": "Write to Knuff", "send": "Send", "other_time": "Another time",
        "date": "Date", "time": "Time", "go_there": "Wind on", "one_hour": "One hour on",
        "home": "Home", "messages": "Messages",
    },
}  # fmt: skip
"""What the page itself says."""
LANGUAGES = {"sv": "Svenska", "en": "English"}
FOCUSED = """() => {
  const node = document.activeElement;
  const labels = [...(node.labels || [])].map((label) => label.textContent).join(" ");
  const tied = (node.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => document.getElementById(id)?.textContent || "").join(" ");
  const own = node.getAttribute("aria-label") || node.textContent;
  return `${node.localName} ${labels} ${tied} ${own}`.replace(/\\s+/g, " ");
}"""
"""What the focus is on, as `element name`."""


@dataclass(slots=True)
class Sitting:
    page: Page
    address: str
    story: str
    """Name of the journey, in the pictures' file names."""
    language: str = "sv"
    """What the page speaks. (What Knuff speaks is up to each person.)"""
    pictures: list[str] = field(default_factory=list)

    async def look_as(self, person: str) -> None:
        """Choose a person in the list, by name."""
        if not self.page.url.startswith(self.address):
            await self.page.goto(self.address)
            await self.page.get_by_role("button", name=LANGUAGES[self.language], exact=True).click()
        await self.page.get_by_role("navigation", name=self.says("people")).get_by_role("link", name=person).click()
        await expect(self.page.get_by_role("heading", level=2, name=person)).to_be_visible(timeout=PATIENCE_MS)

    def says(self, what: str) -> str:
        return SAYS[self.language][what]

    async def open_tab(self, which: str) -> None:
        """Open "home" or "messages"."""
        await self.page.get_by_role("main").get_by_role("link", name=self.says(which), exact=True).click()

    async def write(self, text: str) -> None:
        await self.page.get_by_label(self.says("composer")).fill(text)
        await self.page.get_by_role("button", name=self.says("send"), exact=True).click()

    async def press(self, name: str) -> None:
        """Press the newest button of that name in the conversation, or the one in the open form."""
        form = self.form
        place = form if await form.count() else self.page.get_by_role("main")
        button = place.get_by_role("button", name=re.compile(f"^{re.escape(self.shown(name))}")).last
        await button.click(timeout=PATIENCE_MS)

    def shown(self, name: str) -> str:
        """Return what of a button's name stands on it in any case."""
        return name

    async def wind_to(self, day: str, hour: str) -> None:
        """Wind the clock to an ISO day and an hour, HH:MM."""
        await self.page.get_by_text(self.says("other_time")).click()
        await self.page.get_by_label(self.says("date")).fill(day)
        await self.page.get_by_label(self.says("time"), exact=True).fill(hour)
        await self.page.get_by_role("button", name=self.says("go_there")).click()
        shown = hour.replace(":", ".") if self.language == "sv" else hour
        await expect(self.page.locator("#now")).to_contain_text(shown)

    @property
    def form(self) -> Locator:
        return self.page.locator("dialog[open]")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("main").locator("article")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the conversation, Home or the form shows the text."""
        place = self.form if await self.form.count() else self.page.get_by_role("main")
        await expect(place.get_by_text(text).last).to_be_visible(timeout=PATIENCE_MS)

    async def sees_form(self, title: str) -> Locator:
        await self.sees_title(title)
        return self.form

    async def sees_title(self, title: str) -> None:
        """Wait until the open form is called so."""
        await expect(self.form.get_by_role("heading", level=2)).to_have_text(title, timeout=PATIENCE_MS)

    async def form_goes(self) -> None:
        await expect(self.form).to_have_count(0, timeout=PATIENCE_MS)

    async def tab_to(self, name: str, *, role: str | None = None) -> None:
        """Move the focus with Tab alone to what is called so (text or label); AssertionError if it is nowhere."""
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            focused = str(await self.page.evaluate(FOCUSED))
            if name in focused and (role is None or focused.startswith(role)):
                return
        raise AssertionError(f"{MOST_TABS} presses of Tab never came to {name!r}")

    async def settles(self) -> None:
        """Wait until nothing has changed on the page for a moment."""
        before, same = "", 0
        while same < 3:
            await self.page.wait_for_timeout(100)
            now = await self.page.get_by_role("main").inner_text()
            before, same = now, same + 1 if now == before else 0

    async def whole_picture(self, name: str, *, of: Locator | None = None) -> None:
        """As `picture`, with everything that scrolling would show."""
        size = self.page.viewport_size
        await self.page.set_viewport_size({"width": 1280, "height": 2400})
        await self.picture(name, of=of)
        if size is not None:
            await self.page.set_viewport_size(size)

    async def is_well_drawn(self, name: str) -> None:
        """Wait until nothing moves; axe finds nothing to say about the step; take a picture of it."""
        await self.settles()
        faults = await accessibility_faults(self.page)
        assert faults == [], faults
        await self.picture(name)

    async def picture(self, name: str, *, of: Locator | None = None) -> None:
        """Take a picture of the step, or of one part, if pictures are wanted."""
        self.pictures.append(name)
        if PICTURES is None:
            return
        file = Path(PICTURES) / f"{self.story}-{len(self.pictures):02d}-{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=file, clip=await _around(of) if of is not None else None)


async def _around(part: Locator) -> FloatRect | None:
    """The part's place on the page, with some air around it."""
    await part.scroll_into_view_if_needed()
    box = await part.bounding_box()
    if box is None:
        return None
    x, y = max(0, box["x"] - AIR), max(0, box["y"] - AIR)
    return {"x": x, "y": y, "width": box["x"] + box["width"] + AIR - x, "height": box["y"] + box["height"] + AIR - y}
