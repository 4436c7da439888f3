"""What the page draws in its tests: a nudge with every kind of text and button, and a form with every kind of field."""

from typing import Any

from playwright.async_api import Page, expect

from tests.workplace.blocks import actions, button, modal, option, plain, section, text_input
from tests.workplace.bolt_bot import Bot

KARIN = "U01KARIN"
Json = dict[str, Any]
PACES = [option("daily", "Varje dag"), option("three", "Tre i veckan")]
CONFIRM = {
    "title": plain("Ta bort allt?"),
    "text": plain("Det går inte att ångra."),
    "confirm": plain("Ta bort"),
    "deny": plain("Behåll"),
}


def field(block_id: str, label: str, **element: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element | {"action_id": "x"}}


EVERYTHING = modal(
    section("Så här ofta hör du av mig."),
    text_input("why", multiline=True),
    field("pace", "Takt", type="radio_buttons", options=PACES),
    field("days", "Dagar", type="checkboxes", options=[option("mon", "Måndag"), option("tue", "Tisdag")]),
    field("lang", "Samtalsspråk", type="static_select", options=[option("sv", "Svenska"), option("en", "Engelska")]),
    field("many", "Ämnen", type="multi_static_select", options=[option("a", "Mod"), option("b", "Mål")]),
    field("who", "Deltagare", type="multi_users_select"),
    field("lead", "Samordnare", type="users_select"),
    field("where", "Plats", type="conversations_select"),
    field("start", "Startdag", type="datepicker", initial_date="2026-03-02"),
    field("slot", "Klockslag", type="timepicker", initial_time="08:30"),
)
NUDGE = [
    {"type": "header", "text": plain("Värdet i en mening")},
    section("*Varför nu:* det hjälper <@U02ERIK> & andra.\n• Skriv _en mening_\n• Läs den högt"),
    {"type": "section", "fields": [plain("Tid"), plain("5 minuter")]},
    actions(button("go", "Jag gör det", style="primary"), button("no", "Inte i dag", style="danger", confirm=CONFIRM)),
    {"type": "divider"},
    {"type": "context", "elements": [plain("Bara du ser dina svar.")]},
]


async def open_form(page: Page, bot: Bot, form: Json) -> None:
    bot.form = form
    await page.get_by_role("button", name="Jag gör det").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
