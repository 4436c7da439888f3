"""The page of a relay, over HTTP: the picture, all its words, the documents to take along; for who has a part in it."""

import json
import re
from html import unescape

import pytest
from playwright.async_api import Page

from storage.tables.people import Person
from tests.browser import accessibility_faults
from tests.relays_in_chat.relay_room import BATON, EAST, NORTH, RelayRoom
from tests.web.places import Place

PAGE = "/my/relay/1"


def person(room: RelayRoom, external_id: str) -> int:
    return next(one.id for one in room.rows(Person) if one.external_id == external_id)


def handed_over(room: RelayRoom) -> None:
    """The first leg's baton, handed over: without its days, by what its team does."""
    room.write_baton(1, NORTH[0])
    room.approve(1, *NORTH[:3])
    room.press("relay.hand_over", room.leg(1), who=NORTH[0])


@pytest.fixture
async def going(room: RelayRoom) -> RelayRoom:
    room.begin()
    await room.until(2026, 3, 12)
    handed_over(room)
    return room


async def test_every_team_sees_the_whole_relay_as_a_picture_and_in_words(going: RelayRoom, place: Place) -> None:
    for who in (NORTH[3], EAST[2]):
        html = unescape(await place.open(person(going, who), PAGE))
        assert "<h1>Färre väntar</h1>" in html
        assert html.count("<svg ") == 1
        assert "1. Norr: lämnade över torsdag 12 mars." in html
        assert BATON["invitation"] in html
        assert "style=" not in html, "the page's own policy lets no style in"


async def test_the_documents_are_there_to_take_along(going: RelayRoom, place: Place) -> None:
    html = await place.open(person(going, EAST[0]), PAGE)
    files = re.findall(rf'href="({PAGE}/[^"]+)" download', html)
    assert files == [f"{PAGE}/{name}" for name in ("relay.html", "relay.json", "baton-1.html", "baton-1.json")]
    for file in files:
        async with place.browser.get(file) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Disposition"].startswith('attachment; filename="stafett-1')
            body = await answer.text()
        assert BATON["learning"] in body
        assert not [who for who in (*NORTH, *EAST) if who in body]
        if file.endswith("json"):
            assert json.loads(body)["schema"] in ("knuff.baton/1", "knuff.relay/1")


async def test_nobody_without_a_part_in_it_sees_it(going: RelayRoom, place: Place) -> None:
    await place.open(place.karin)
    for path in (PAGE, f"{PAGE}/relay.json", f"{PAGE}/baton-1.html"):
        async with place.browser.get(path) as answer:
            assert answer.status == 404
            assert BATON["learning"] not in await answer.text()


NOT_THERE = ("99", "x", "9" * 20, "1/baton-2.html", "1/baton-9.json", "1/relay.pdf")


async def test_what_is_not_there_is_said_so(going: RelayRoom, place: Place) -> None:
    await place.open(person(going, NORTH[1]), PAGE)
    for path in NOT_THERE:
        async with place.browser.get(f"/my/relay/{path}") as answer:
            assert answer.status == 404, path
            assert BATON["learning"] not in await answer.text()


@pytest.mark.browser
async def test_axe_finds_nothing_on_the_page_and_it_fits_a_telephone(
    going: RelayRoom, place: Place, page: Page
) -> None:
    await page.goto(place.address + place.link(person(going, NORTH[1]), PAGE))
    await page.get_by_role("button", name="Öppna").press("Enter")
    await page.wait_for_url("**/my/relay/1")
    assert await accessibility_faults(page) == []
    await page.set_viewport_size({"width": 320, "height": 600})
    assert await page.evaluate("document.documentElement.scrollWidth <= 320")
