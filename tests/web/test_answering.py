"""Everything an exercise asks for can be done on our own page, and comes to the same as in the chat."""

import re
from datetime import date

import pytest
from playwright.async_api import Page

from storage.tables.answers import Answer, AnswerKind, FollowUp, FollowUpState, Plan
from storage.tables.deliveries import Kind
from tests.browser import accessibility_faults
from tests.web.places import Place, forms_in, library, reply_address

QUIZ, IF_THEN, TRY_IT = "L01", "L04", "L02"


def form_links(html: str, action: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(rf'href="(/my/form/{re.escape(action)}[^"]*)"', html)]


def kinds(place: Place) -> list[AnswerKind]:
    return [answer.kind for answer in place.rows(Answer)]


async def test_a_quiz_is_answered_with_radio_buttons_and_the_reason_is_shown_after(place: Place) -> None:
    nudge = place.sent(place.karin, Kind.NUDGE, QUIZ)
    lesson = library().lessons[QUIZ]
    reason = lesson.reason.in_("sv") if lesson.reason else ""  # type: ignore[arg-type]
    html = await place.open(place.karin, f"/my/answer/{nudge}")
    values = re.findall(r'type="radio"[^>]* name="value" value="([^"]+)"', html)
    assert len(values) == len(lesson.choices)
    assert reason not in html
    status, html = await place.send(html, "nudge.choice")
    assert status == 422
    assert 'aria-describedby="input-value-error"' in html
    status, html = await place.send(html, "nudge.choice", value=values[0])
    assert status == 200
    assert reason in html
    assert 'type="radio" id="input-value-1"' not in html
    assert [(row.kind, row.value) for row in place.rows(Answer)] == [(AnswerKind.CHOICE, "0")]
    await place.send(html, reply_address(html), reply="Så tänkte jag", save="yes")
    assert [row.body for row in place.written()] == ["Så tänkte jag"]


async def test_a_plan_is_made_in_the_same_form_as_in_the_chat_and_comes_back(place: Place) -> None:
    nudge = place.sent(place.karin, Kind.NUDGE, IF_THEN)
    html = await place.open(place.karin, f"/my/answer/{nudge}")
    [link] = form_links(html, "nudge.plan")
    assert not any(one.address.startswith("/my/form/reply.open") for one in forms_in(html))
    html = await place.get(link)
    assert "Orden i planen visas bara här." in html
    values = {"cue": "snart", "action": "frågar jag först", "cue_on": "2026-03-03"}
    status, html = await place.send(html, link, **values)
    assert status == 422
    assert '<a href="#input-cue">' in html
    assert re.search(r'id="input-cue"[^>]*aria-describedby="[^"]*input-cue-error"', html)
    status, html = await place.send(html, link, **values | {"cue": "mötet i nämnden börjar"})
    assert status == 200
    assert "Om mötet i nämnden börjar, då frågar jag först" in html
    [plan], [follow_up] = place.rows(Plan), place.rows(FollowUp)
    assert (plan.cue, plan.cue_on, plan.person_id) == ("mötet i nämnden börjar", date(2026, 3, 3), place.karin)
    assert (follow_up.plan_id, follow_up.state) == (plan.id, FollowUpState.OPEN)
    html = await place.get("/my")
    assert "mötet i nämnden börjar" in html
    await place.send(html, "plan.let_go")
    assert place.rows(Plan)[0].closed_at is not None
    await place.intake.finish()
    assert "Jag påminner dig tisdag 3 mars." in repr(place.platform.shown)
    assert "nämnden börjar" not in repr(vars(place.platform))


async def test_a_plan_asked_about_once_more_still_says_where_its_words_are_shown(place: Place) -> None:
    nudge = place.sent(place.karin, Kind.NUDGE, IF_THEN)
    [link] = form_links(await place.open(place.karin, f"/my/answer/{nudge}"), "nudge.plan")
    values = {"cue": "en elev berättar om sin ångest", "action": "lyssnar jag", "cue_on": "2026-03-03", "save": "yes"}
    _, html = await place.send(await place.get(link), link, **values)
    assert "Vill du ändra den?" in html
    assert "Orden i planen visas bara här." in html
    assert place.rows(Plan) == []
    await place.send(html, link, **values)
    assert [row.written_on_page for row in place.rows(Plan)] == [True]


async def test_an_exercise_is_taken_on_swapped_or_left_for_today(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    for action in ("nudge.not_today", "nudge.doing"):
        status, html = await place.send(html, action)
        assert status == 200
        assert 'role="status"' in html
    assert kinds(place) == [AnswerKind.NOT_TODAY, AnswerKind.DOING]
    assert "här i chatten" not in html
    html = await place.open(place.erik, f"/my/answer/{place.eriks_nudge}")
    before = re.findall("<h1>(.*)</h1>", html)
    _, html = await place.send(html, "nudge.another")
    assert re.findall("<h1>(.*)</h1>", html) != before


async def test_a_press_sent_twice_counts_once(place: Place) -> None:
    nudge = place.sent(place.karin, Kind.NUDGE, TRY_IT)
    html = await place.open(place.karin, f"/my/answer/{nudge}")
    for _ in range(2):
        status, _ = await place.send(html, "nudge.another")
        assert status == 200
    assert kinds(place) == [AnswerKind.ANOTHER]


async def test_how_it_went_is_answered_and_thought_over(place: Place) -> None:
    question = place.asked(place.karin, TRY_IT)
    html = await place.open(place.karin)
    assert f'href="/my/answer/{question}"' in html
    html = await place.get(f"/my/answer/{question}")
    _, html = await place.send(html, "follow_up.tried")
    assert kinds(place) == [AnswerKind.TRIED]
    [link] = form_links(html, "reflect.open")
    html = await place.get(link)
    status, html = await place.send(html, link, save="yes")
    assert status == 422
    status, html = await place.send(html, link, happened="Det gick bra", save="yes")
    assert status == 200
    assert "Det gick bra" in html
    assert [row.body for row in place.written()] == ["Det gick bra"]


async def test_not_yet_leads_to_a_smaller_step_or_a_new_day(place: Place) -> None:
    question = place.asked(place.karin, TRY_IT)
    html = await place.open(place.karin, f"/my/answer/{question}")
    _, html = await place.send(html, "follow_up.not_yet")
    [link] = form_links(html, "follow_up.new_date")
    form = await place.get(link)
    status, form = await place.send(form, link, day="2026-03-02")
    assert status == 422
    status, html = await place.send(form, link, day="2026-03-06")
    assert status == 200
    [follow_up] = place.rows(FollowUp)
    assert (follow_up.due_on, follow_up.postponed) == (date(2026, 3, 6), 1)
    other = place.asked(place.karin, "L03")
    html = await place.get(f"/my/answer/{other}")
    _, html = await place.send(html, "follow_up.not_yet")
    _, html = await place.send(html, "follow_up.smaller")
    assert place.rows(FollowUp)[1].smaller
    third = place.asked(place.karin, "L05")
    html = await place.get(f"/my/answer/{third}")
    await place.send(html, "follow_up.let_go")
    assert place.rows(FollowUp)[2].state is FollowUpState.LET_GO


async def test_an_exercise_from_the_library_is_found_taken_and_answered(place: Place) -> None:
    html = await place.open(place.karin)
    [link] = form_links(html, "library.open")
    html = await place.get(link)
    [search] = form_links(html, "library.search")
    theme = form_links(html, "library.theme")[0]
    assert "library.take" in await place.get(theme)
    title = library().lessons[TRY_IT].title.in_("sv")  # type: ignore[arg-type]
    html = await place.get(search)
    status, html = await place.send(html, search, words=title)
    assert status == 200
    taken = next(form for form in forms_in(html) if form.hidden.get("value") == TRY_IT)
    async with place.browser.post(taken.address, data=taken.hidden) as answer:
        assert answer.url.path == f"/my/answer/lib:{TRY_IT}:2026-03-02"
        html = await answer.text()
    _, html = await place.send(html, "nudge.doing")
    _, html = await place.send(html, reply_address(html), reply="Från biblioteket", save="yes")
    assert "Från biblioteket" in html
    assert AnswerKind.DOING in kinds(place)
    assert f"/my/answer/lib:{TRY_IT}:2026-03-02" in await place.get("/my")


async def test_what_is_not_to_be_saved_is_not_and_the_page_says_so(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    _, html = await place.send(html, reply_address(html), reply="Bara en tanke", save="no")
    assert place.written() == []
    assert "Bara en tanke" not in html
    assert "Sparat" not in html


async def test_a_text_is_changed_and_taken_away(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    await place.send(html, reply_address(html), reply="Först", save="yes")
    [link] = form_links(await place.get("/my"), "home.edit")
    await place.send(await place.get(link), link, body="Sedan")
    assert [row.body for row in place.written()] == ["Sedan"]
    html = await place.get("/my")
    assert "<details>" in html  # it asks first, and needs no script for it
    await place.send(html, "home.remove")
    assert place.written() == []


async def test_what_the_page_says_is_not_said_in_the_chat(place: Place) -> None:
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    await place.send(html, reply_address(html), reply="Bara här", save="no")
    _, html = await place.send(html, "nudge.doing")
    await place.send(html, reply_address(html), reply="Bara här", save="yes")
    await place.intake.finish()
    assert place.platform.said == []
    assert place.platform.homes == []
    assert place.platform.shown  # the card in the chat says how it stands


async def test_words_written_again_after_they_were_removed_are_saved_again(place: Place) -> None:
    for _ in range(2):
        html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
        await place.send(html, reply_address(html), reply="Samma ord", save="yes")
        assert len(place.written()) == 1
        await place.send(await place.get("/my"), "home.remove")
        assert place.written() == []


async def test_nobody_opens_or_presses_anothers(place: Place) -> None:
    plan_nudge, question = place.sent(place.erik, Kind.NUDGE, IF_THEN), place.asked(place.erik, TRY_IT)
    html = await place.open(place.karin, f"/my/answer/{place.karins_nudge}")
    mine = next(form for form in forms_in(html) if form.hidden.get("action") == "nudge.doing")
    for action, value in (("nudge.doing", plan_nudge), ("follow_up.done", question), ("plan.came", question)):
        async with place.browser.post(
            "/my/press", data=mine.hidden | {"action": action, "value": str(value)}
        ) as answer:
            assert answer.status == 404
    for path in (f"nudge.plan?value={plan_nudge}", f"follow_up.new_date?value={question}", "reflect.open?value=1"):
        async with place.browser.get(f"/my/form/{path}") as answer:
            assert answer.status == 404
    assert place.rows(Answer) == []


@pytest.mark.parametrize("back", ["https://example.com", "//example.com", "/slack/events", "/my/../x", "/my/answer/"])
async def test_a_form_leads_back_to_our_own_page_only(place: Place, back: str) -> None:
    await place.open(place.karin)
    async with place.browser.get("/my/form/library.open", params={"back": back}) as answer:
        assert f'href="{back}"' not in await answer.text()


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["sv", "en"])
async def test_every_form_is_filled_in_from_the_keyboard_and_axe_finds_nothing(
    place: Place, page: Page, language: str
) -> None:
    person = place.karin if language == "sv" else place.erik
    quiz, plan = place.sent(person, Kind.NUDGE, QUIZ), place.sent(person, Kind.NUDGE, IF_THEN)
    question = place.asked(person, TRY_IT)

    async def looks_right() -> None:
        assert await accessibility_faults(page) == []

    async def press(name: str) -> None:
        """Press what the keyboard reaches by that name."""
        for _ in range(60):
            await page.keyboard.press("Tab")
            focused = await page.evaluate("document.activeElement.textContent.trim()")
            if focused == name:
                async with page.expect_navigation():
                    await page.keyboard.press("Enter")
                await looks_right()
                return
        raise AssertionError(f"the keyboard does not reach {name!r}")

    sv = language == "sv"
    await page.goto(place.address + place.link(person, f"/my/answer/{quiz}"))
    await press("Öppna" if sv else "Open")
    await press("Svara" if sv else "Answer")
    await page.get_by_role("alert").wait_for()
    await page.get_by_role("radio").first.focus()
    await page.keyboard.press("Space")
    await press("Svara" if sv else "Answer")
    await page.goto(f"{place.address}/my/answer/{plan}")
    await press("Gör min plan" if sv else "Make my plan")
    await press("Spara planen" if sv else "Save the plan")
    await page.get_by_role("alert").wait_for()
    await page.keyboard.press("Tab")
    await page.goto(f"{place.address}/my/answer/{question}")
    await press("Inte än" if sv else "Not yet")
    await press("Välj en ny dag" if sv else "Choose a new day")
    await page.goto(f"{place.address}/my")
    await press("Biblioteket" if sv else "The library")
    await page.goto(f"{place.address}/my/data")
    await looks_right()
    assert kinds(place) == [AnswerKind.CHOICE, AnswerKind.NOT_YET]
