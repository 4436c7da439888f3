"""Method cards, what was of use, and exercises somebody has led, on our own page."""

import re
from html import unescape

from storage.tables.feedback import Facilitation, Feedback, Suggestion, Useful
from storage.tables.inbox import InboxEvent
from tests.web.places import Place


async def test_a_method_card_is_printed_by_a_link_from_the_chat_and_by_its_own_style_alone(place: Place) -> None:
    path = "/my/method/silent-start"
    async with place.browser.get(path) as asked:
        assert asked.status == 401
    html = await place.open(place.karin, path)
    assert "<h1>Tyst start</h1>" in html
    async with place.browser.get(path) as asked:
        assert "style-src 'sha256-" in asked.headers["Content-Security-Policy"]
    async with place.browser.get("/my/method/football") as asked:
        assert asked.status == 404


async def test_methods_are_found_and_read_on_our_own_page(place: Place) -> None:
    home = await place.open(place.karin, "/my")
    for action in ("method.open", "led.open"):
        assert f"/my/form/{action}" in home
    for path, told in (
        ("/my/form/method.open?value=&back=/my", "Förstå läget"),
        ("/my/form/method.purpose?value=imagine&back=/my", "Tyst start"),
        ("/my/form/method.read?value=silent-start&back=/my", "Ha framme"),
        ("/my/form/method.search?value=&back=/my", "Hur många är ni?"),
        ("/my/form/led.open?value=&back=/my", "Inget är uppskrivet än."),
        ("/my/form/led.new?value=silent-start&back=/my", '<option value="silent-start" selected>'),
        ("/my/form/suggestion.open?value=L02:sv:&back=/my", "Ditt namn, om du vill skriva under"),
    ):
        async with place.browser.get(path) as page:
            assert page.status == 200, path
            assert told in await page.text(), path


async def test_of_what_use_it_was_is_answered_and_a_change_suggested_unsigned_from_our_own_page(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.asked(place.karin, 'L02')}")
    assert "Var övningen till nytta?" not in html
    status, html = await place.send(html, "follow_up.done")
    assert "Var övningen till nytta?" in html
    status, html = await place.send(html, "feedback.give")
    assert (status, [(one.lesson_id, one.useful) for one in place.rows(Feedback)]) == (200, [("L02", Useful.YES)])
    assert "Du har svarat att övningen var till nytta." in html
    [link] = re.findall(r'href="(/my/form/suggestion\.open[^"]+)"', html)
    address = unescape(link)
    events = len(place.rows(InboxEvent))
    status, html = await place.send(await place.get(address), address, body="Kortare, tack.", signature="")
    assert (status, "Jag har inte sparat vem det kommer från." in html) == (200, True)
    assert [(one.lesson_id, one.body) for one in place.rows(Suggestion)] == [("L02", "Kortare, tack.")]
    assert len(place.rows(InboxEvent)) == events, "it passes the inbox by"


async def test_an_exercise_is_noted_read_and_taken_away_on_our_own_page(place: Place) -> None:
    await place.open(place.karin)
    address = "/my/form/led.new?value=silent-start&back=%2Fmy"
    day = place.clock.now().date().isoformat()
    values = {"day": day, "method": "silent-start", "learned": "Tystnad först.", "save": "yes"}
    status, html = await place.send(await place.get(address), address, **values)
    assert (status, "Uppskrivet: Tyst start" in html) == (200, True)
    html = await place.get("/my/form/led.open?value=&back=/my")
    assert "Tystnad först." in html
    await place.send(html, "led.remove")
    assert place.rows(Facilitation) == []
