"""Our own page, over HTTP, on both databases: one use, one person, no script, nothing shown to anybody else."""

from datetime import date, timedelta
from html import unescape

import pytest
from playwright.async_api import Page
from sqlmodel import select

from bot.conversation.texts import Words
from storage import pages
from storage.database import Store
from storage.tables.deliveries import Reason
from storage.tables.inbox import InboxEvent
from storage.tables.web import WebLink, WebSession
from tests.browser import accessibility_faults
from tests.web.places import LESSON, START, Place, form_token, library, reply_address


async def test_a_link_is_spent_by_the_button_and_not_by_looking_at_it(place: Place) -> None:
    link = place.link(place.karin, "/my")
    for _ in range(3):
        async with place.browser.get(link) as looked:
            assert looked.status == 200
            assert "Öppna" in await looked.text()
    async with place.browser.post(link) as opened:
        assert opened.status == 200
        assert opened.url.path == "/my"
    async with place.browser.post(link) as again:
        assert again.status == 410
        assert "my page" in await again.text()


async def test_a_link_is_good_for_fifteen_minutes_and_the_page_for_an_hour(place: Place) -> None:
    link = place.link(place.karin, "/my")
    place.clock.wind_to(START + timedelta(minutes=16))
    async with place.browser.post(link) as late:
        assert late.status == 410
    await place.open(place.karin)
    place.clock.wind_to(START + timedelta(minutes=16 + 61))
    async with place.browser.get("/my") as closed:
        assert closed.status == 401


async def test_the_cookie_is_kept_from_scripts_and_other_sites(place: Place) -> None:
    link = place.link(place.karin, "/my")
    async with place.browser.post(link, allow_redirects=False) as opened:
        cookie = opened.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # on loopback there is no encryption


async def test_only_hashes_of_what_opens_something_are_stored(place: Place) -> None:
    link = place.link(place.karin, "/my")
    async with place.browser.post(link, allow_redirects=False) as opened:
        key = opened.cookies["knuff"].value
    stored = place.store.write_now(
        lambda session: [
            *session.exec(select(WebLink.token_hash)).all(),
            *session.exec(select(WebSession.token_hash)).all(),
        ]
    )
    assert link.removeprefix("/open/") not in stored
    assert key not in stored


@pytest.mark.parametrize("path", ["/my", "/my/data", "/my/data.json", "/my/answer/1", "/my/data/delete"])
async def test_without_a_link_from_the_chat_nothing_opens(place: Place, path: str) -> None:
    async with place.browser.get(path) as answer:
        assert answer.status == 401
        text = await answer.text()
    assert 'lang="sv"' in text
    assert 'lang="en"' in text


async def test_an_answer_is_written_on_the_page_and_saved_for_its_author(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    assert library().lesson(LESSON).title.in_("sv") in html  # type: ignore[arg-type]
    status, html = await place.send(html, reply_address(html), reply="Vi sa det\r\ntill nämnden.", save="yes")
    assert status == 200
    assert "Sparat. Bara du ser det." in html
    assert "Vi sa det\ntill nämnden." in html
    [reflection] = place.written()
    assert (reflection.body, reflection.person_id) == ("Vi sa det\ntill nämnden.", place.karin)


async def test_an_answer_sent_twice_is_saved_once(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    for _ in range(2):
        status, again = await place.send(html, reply_address(html), reply="En gång", save="yes")
        assert status == 200
        assert "Sparat. Bara du ser det." in again
    assert len(place.written()) == 1


async def test_a_form_with_a_fault_comes_back_with_the_sentence_and_what_was_written(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    long = "<b>ord</b> " * 4000
    status, html = await place.send(html, reply_address(html), reply=long, save="yes")
    assert status == 422
    assert 'aria-invalid="true"' in html
    assert "&lt;b&gt;ord&lt;/b&gt;" in html
    assert "<b>ord</b>" not in html
    assert place.written() == []


async def test_a_form_made_elsewhere_is_refused(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    address, good = reply_address(html), form_token(html)
    key = {"key": "k" * 22, "form": "reply", "reply": "Falskt", "save": "yes"}
    for token in ("", "x" * len(good), "åäö"):
        async with place.browser.post(address, data=key | {"form_token": token}) as answer:
            assert answer.status == 403
        async with place.browser.post("/my/press", data={"form_token": token, "key": "k" * 22}) as answer:
            assert answer.status == 403
    for wrong in ("", "kort", "å" * 22):
        async with place.browser.post(address, data=key | {"form_token": good, "key": wrong}) as answer:
            assert answer.status == 403
    assert place.written() == []


@pytest.mark.parametrize("action", ["cohort.new", "cohort.home", "my_data.delete", "stop.now", "nothing"])
async def test_what_no_button_of_the_page_means_is_refused(place: Place, action: str) -> None:
    html = await place.open(place.karin)
    sent = {"form_token": form_token(html), "key": "k" * 22, "action": action, "value": "1"}
    async with place.browser.post("/my/press", data=sent) as answer:
        assert answer.status == 403
    async with place.browser.get(f"/my/form/{action}") as answer:
        assert answer.status == 403


async def test_nobody_reaches_anothers_exercise(place: Place) -> None:
    html = await place.open(place.karin)
    for delivery_id in (place.eriks_nudge, 9999):
        async with place.browser.get(f"/my/answer/{delivery_id}") as answer:
            assert answer.status == 404
        sent = {"form_token": form_token(html), "key": "k" * 22, "form": "reply", "reply": "Inte min", "save": "yes"}
        async with place.browser.post(f"/my/form/reply.open?value={delivery_id}", data=sent) as answer:
            assert answer.status == 404
        pressed = sent | {"action": "nudge.doing", "value": str(delivery_id)}
        async with place.browser.post("/my/press", data=pressed) as answer:
            assert "Karin" not in await answer.text()
    assert place.written() == []


@pytest.mark.parametrize("path", ["/my/outcomes/99", "/my/relay/99", "/my/nothing/at/all"])
async def test_what_is_not_there_is_said_on_a_page_in_both_languages(place: Place, path: str) -> None:
    await place.open(place.karin)
    async with place.browser.get(path) as answer:
        html = unescape(await answer.text())
        assert answer.status == 404
    assert '<html lang="sv">' in html
    for language in ("sv", "en"):
        assert Words(language)("pages.gone_text") in html
    assert "Övningen" not in html, "nobody asked for an exercise"


@pytest.mark.parametrize(("method", "path"), [("POST", "/my/nothing"), ("GET", "/my/press"), ("GET", "/open/")])
async def test_an_address_that_was_cut_off_or_typed_is_answered_on_a_page(place: Place, method: str, path: str) -> None:
    async with place.browser.request(method, path) as answer:
        assert answer.status == 404
        assert Words("sv")("pages.gone_text") in unescape(await answer.text())


async def test_ones_own_page_is_found_with_a_slash_at_the_end_of_its_address(place: Place) -> None:
    await place.open(place.karin)
    async with place.browser.get("/my/") as answer:
        assert (answer.status, answer.url.path) == (200, "/my")


async def test_my_data_is_mine_in_words_and_as_json(place: Place) -> None:
    for person, nudge, text in (
        (place.erik, place.eriks_nudge, "Eriks ord"),
        (place.karin, place.karins_nudge, "Karins ord"),
    ):
        html = await place.open(person, f"/my/answer/{nudge}")
        await place.send(html, reply_address(html), reply=text, save="yes")
    async with place.browser.get("/my/data") as answer:
        html = await answer.text()
    assert "Karins ord" in html
    assert "Eriks ord" not in html
    async with place.browser.get("/my/data.json") as answer:
        data = await answer.json()
        assert "attachment" in answer.headers["Content-Disposition"]
    assert [row["body"] for row in data["reflections"]] == ["Karins ord"]


async def test_deleting_asks_first_then_everything_is_gone_and_the_page_is_closed(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    await place.send(html, reply_address(html), reply="Bort", save="yes")
    async with place.browser.get("/my/data/delete") as asked:
        html = await asked.text()
    assert len(place.written()) == 1
    async with place.browser.post("/my/data/delete", data={"form_token": form_token(html)}) as deleted:
        assert "Dina uppgifter är borta" in await deleted.text()
    assert place.written() == []
    async with place.browser.get("/my") as closed:
        assert closed.status == 401
    bodies = place.store.write_now(lambda session: [row.body for row in session.exec(select(InboxEvent)).all()])
    assert set(bodies) <= {None}


async def test_leaving_closes_the_page(place: Place) -> None:
    html = await place.open(place.karin)
    async with place.browser.post("/my/leave", data={"form_token": form_token(html)}) as left:
        assert left.status == 200
    async with place.browser.get("/my") as closed:
        assert closed.status == 401


async def test_the_page_speaks_the_persons_language(place: Place) -> None:
    html = await place.open(place.erik)
    assert '<html lang="en">' in html
    assert "Your page" in html


async def test_the_page_says_day_by_day_what_came_and_why_something_did_not(place: Place) -> None:
    place.explained(place.erik, Reason.RED_DAY, date(2026, 2, 27))
    place.explained(place.karin, Reason.PAUSED, date(2026, 2, 26))
    html = await place.open(place.erik)
    assert "The last two weeks" in html
    assert "<dt>Friday 27 February</dt><dd>Nothing, it was a public holiday.</dd>" in html
    assert "<dt>Monday 2 March</dt><dd>Came at 08:30.</dd>" in html
    assert "paused" not in html, "which is Karin's"


async def test_a_page_asks_for_nothing_elsewhere_and_tells_nobody(place: Place) -> None:
    await place.open(place.karin)
    for path in ("/my", f"/my/answer/{place.karins_nudge}", "/my/data", "/my/data.json", "/open/x"):
        async with place.browser.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; style-src 'self'")
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Cache-Control"] == "no-store"
            text = await answer.text()
        assert "<script" not in text
        assert "http://" not in text.replace(place.address, "")
    async with place.browser.get("/static/knuff.css") as style:
        assert style.status == 200


def test_a_link_leads_nowhere_else(store: Store) -> None:
    for elsewhere in ("https://example.com", "//example.com", "/slack/events", "/mypage"):
        with pytest.raises(ValueError, match="nowhere else"):
            store.write_now(lambda session, to=elsewhere: pages.make_link(session, 1, to, START))  # type: ignore[misc]


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_page_works_without_script_from_the_keyboard_and_axe_finds_nothing(
    place: Place, page: Page
) -> None:
    async def looks_right() -> None:
        assert await accessibility_faults(page) == []

    await page.goto(f"{place.address}/my")
    await looks_right()
    await page.goto(place.address + place.link(place.karin, f"/my/answer/{place.karins_nudge}"))
    await looks_right()
    await page.get_by_role("button", name="Öppna").press("Enter")
    await page.wait_for_url("**/my/answer/*")
    await looks_right()
    await page.get_by_role("button", name="Skicka").press("Enter")
    await page.get_by_role("alert").wait_for()
    assert (await page.title()).startswith("Ändra:")
    await looks_right()
    await page.get_by_role("textbox").fill("Skrivet med tangentbordet")
    await page.get_by_role("button", name="Skicka").press("Enter")
    await page.get_by_role("status").wait_for()
    await looks_right()
    for path in ("/my", "/my/data", "/my/data/delete"):
        await page.goto(place.address + path)
        await looks_right()
    assert [reflection.body for reflection in place.written()] == ["Skrivet med tangentbordet"]


async def test_every_page_says_whose_it_is(place: Place) -> None:
    async with place.browser.get("/my") as closed:
        assert "Knuff · Älvsunda kommun" in await closed.text()
    for path in ("/my", "/my/data", f"/my/answer/{place.karins_nudge}"):
        assert '<p class="brand">Knuff · Älvsunda kommun</p>' in await place.open(place.karin, path)


async def test_what_is_written_here_is_read_here_and_said_to_be_nowhere_else(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    await place.send(html, reply_address(html), reply="Bara här", save="yes")
    assert [row.written_on_page for row in place.written()] == [True]
    for path in ("/my", "/my/data", "/my/data.json", f"/my/answer/{place.karins_nudge}", "/my/form/home.thoughts"):
        assert "Bara här" in await place.get(path), path
    assert "Det du skriver här visas bara här, och bara för dig." in await place.get("/my")
    await place.intake.finish()
    assert "Bara här" not in repr(vars(place.platform))


async def test_long_and_older_texts_are_read_whole_here(place: Place) -> None:
    long = "Lång text. " * 50 + "Slutet syns."
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    for number in range(22):
        await place.send(html, reply_address(html), reply=f"Text {number}. {long}", save="yes")
        html = await place.get(f"/my/answer/{place.karins_nudge}")
    home = await place.get("/my")
    assert home.count("Slutet syns.") == 20
    assert "/my/form/home.thoughts?" in home
    assert (await place.get("/my/form/home.thoughts?value=20&back=/my")).count("Slutet syns.") == 2
    data = await place.get("/my/data")
    assert data.count("Slutet syns.") == 22
    assert "I JSON-filen finns även det tekniska" in data


async def test_a_text_about_somebodys_health_is_asked_about_once(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    text = "En elev med adhd var med."
    _, html = await place.send(html, reply_address(html), reply=text, save="yes")
    assert "Vill du ändra den? Annars skickar du den som den är." in html
    assert text in html
    assert place.written() == []
    await place.send(html, reply_address(html), reply=text, save="yes")
    assert [row.body for row in place.written()] == [text]
