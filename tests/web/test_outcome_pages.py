"""The results of a cohort on our own page: the same for whoever coordinates it and whoever is in it."""

import csv
import re
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, BrowserContext, Page
from sqlmodel import Session

from bot.conversation.cohort_choices import CohortChoices, Member
from bot.conversation.enrolling import start_cohort
from bot.conversation.outcomes import told_of
from bot.conversation.texts import Words
from bot.conversation.visiting import Visit
from bot.outcomes.joint_report import joint_report
from bot.outcomes.parts import Report
from bot.outcomes.report import report_of
from bot.web import outcome_pages, rendering
from bot.web.outcome_documents import drawn, report_html
from bot.web.rendering import STYLESHEET
from lessons.outcomes.released_cohort import ReleasedCohort
from storage.tables.people import Person, Workspace
from storage.tables.programmes import CatchUp, Cohort, LateJoiners, Role
from tests.browser import accessibility_faults
from tests.outcomes.made import a_cohort
from tests.outcomes.released import close_waves
from tests.web.places import START, Place, library

STOP = "Stanna upp: för få känner att det är ett stöd"


def begun(place: Place, *, member: int | None, made: ReleasedCohort) -> int:
    """A cohort that Karin coordinates, whose waves have closed."""

    def work(session: Session) -> int:
        karin = session.get_one(Person, place.karin)
        karin.is_coordinator = True
        session.get_one(Person, place.erik).language = "sv"
        members = [session.get_one(Person, member)] if member is not None else []
        choices = CohortChoices(
            name="Stafetten", programme_id="organisation-relay", starts_on=START.date() + timedelta(days=7),
            slot="08:15", window_minutes=60, late_hours=4, catch_up=CatchUp.SKIP, late_joiners=LateJoiners.DAY_ONE,
            role=Role.MANAGER, closed=(), flags=(),
            members=tuple(Member(external_id=one.external_id, zone=None, language=None) for one in members),
        )  # fmt: skip
        workspace = session.get_one(Workspace, karin.workspace_id)
        document = library().document("organisation-relay")
        cohort = start_cohort(
            session, workspace=workspace, coordinator=karin, choices=choices, document=document, now=START
        )
        close_waves(session, cohort, made)
        return cohort.id

    return place.store.write_now(work)


async def test_both_see_the_same_figures_and_only_the_coordinator_is_told_to_stop(place: Place) -> None:
    cohort = begun(place, member=place.erik, made=a_cohort(32, support=0.3))
    theirs = await place.open(place.karin, f"/my/outcomes/{cohort}")
    own = await place.open(place.erik, f"/my/outcomes/{cohort}")
    assert STOP in theirs
    assert STOP not in own
    assert STOP not in await place.get(f"/my/outcomes/{cohort}/report.html")
    parts = "<h2>Hur många svarade</h2>", "<footer>"
    assert _between(theirs, *parts) == _between(own, *parts)
    home = await place.get("/my")
    assert f"<h2>{Words('sv')('outcomes.own_title')}</h2>" in home
    assert f'<a href="/my/outcomes/{cohort}">Resultat: Stafetten</a>' in home


async def test_whoever_has_no_part_in_a_cohort_gets_nothing_of_it(place: Place) -> None:
    cohort = begun(place, member=None, made=a_cohort(32))
    await place.open(place.erik)
    for path in ("", "/report.html", "/figures.csv", "/released.json"):
        async with place.browser.get(f"/my/outcomes/{cohort}{path}") as asked:
            assert asked.status == 404
    await place.open(place.karin)
    async with place.browser.get(f"/my/outcomes/{cohort}/knuff.db") as asked:
        assert asked.status == 404


async def test_the_files_are_what_was_released(place: Place) -> None:
    made = a_cohort(32)
    cohort = begun(place, member=place.erik, made=made)
    page = await place.open(place.erik, f"/my/outcomes/{cohort}")
    for text in ("files_title", "file_html", "file_csv", "file_csv_semicolon", "file_released"):
        assert f">{Words('sv')(f'outcomes.{text}')}<" in page
    released = ReleasedCohort.model_validate_json(await place.get(f"/my/outcomes/{cohort}/released.json"))
    assert released.waves == made.waves
    table = await place.get(f"/my/outcomes/{cohort}/figures-semicolon.csv")
    assert len(list(csv.reader(table.splitlines(), delimiter=";"))) > 30


async def test_axe_finds_nothing_in_the_report_as_a_page_and_as_a_document(context: BrowserContext) -> None:
    words, page = Words("sv"), await context.new_page()
    report = report_of(a_cohort(32, support=0.3), words, made_on=date(2027, 3, 5))
    for html in _both(report, words):
        await page.set_content(html)
        assert await page.locator("svg.chart[role=img]").count() > 10
        assert await accessibility_faults(page) == []


WHOLE_ON_PAPER = """() => [...document.querySelectorAll(".measure")].every(
  (one) => getComputedStyle(one).breakInside === "avoid")"""
CUT_OFF = """() => [...document.querySelectorAll("svg.chart text")].filter(
  (one) => one.getBoundingClientRect().left < one.ownerSVGElement.getBoundingClientRect().left - 1).length"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("svg.chart text")].map(
  (one) => one.getBoundingClientRect().height))"""


def _both(report: Report, words: Words) -> tuple[str, str]:
    """A report as our own page, and as the document."""
    ours = rendering.page(
        "outcomes", words, organisation="Region Exempel", title=report.title, form_token="t", intro="",
        report=report, groups=drawn(report, words), files=[],
    )  # fmt: skip
    dressed = bytes(ours.body).decode().replace(f'<link rel="stylesheet" href="{STYLESHEET}">', _style())
    return dressed, report_html(report, words)


@pytest.mark.browser
async def test_on_paper_a_chart_is_with_its_table_and_dark_on_white_whatever_the_screen(
    browser: Browser,
) -> None:
    context = await browser.new_context(color_scheme="dark")
    page, words = await context.new_page(), Words("sv")
    await page.emulate_media(media="print")
    for html in _both(report_of(a_cohort(32), words, made_on=date(2027, 3, 5)), words):
        await page.set_content(html)
        assert await page.evaluate(WHOLE_ON_PAPER)
        red, green, blue = await _colour(page, "svg.chart")
        assert max(red, green, blue) < 60
    await context.close()


@pytest.mark.browser
async def test_a_chart_is_seen_in_the_colours_that_its_reader_has_chosen(browser: Browser) -> None:
    context = await browser.new_context(color_scheme="dark", forced_colors="active")
    page, words = await context.new_page(), Words("sv")
    for html in _both(report_of(a_cohort(32), words, made_on=date(2027, 3, 5)), words):
        await page.set_content(html)
        assert await _colour(page, "svg.chart") == await _colour(page, "h1") == [255, 255, 255]
    await context.close()


@pytest.mark.browser
async def test_on_a_telephone_a_chart_can_be_read_and_the_page_stays_still(context: BrowserContext) -> None:
    page, words = await context.new_page(), Words("sv")
    await page.set_viewport_size({"width": 320, "height": 600})
    for html in _both(report_of(a_cohort(32), words, made_on=date(2027, 3, 5)), words):
        await page.set_content(html)
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
        assert await page.evaluate(SMALLEST) > 9
        captions = await page.locator("caption").evaluate_all("(all) => all.map((one) => one.offsetWidth)")
        assert max(captions) <= 320


@pytest.mark.browser
async def test_a_long_name_is_not_cut_off_beside_a_chart(context: BrowserContext) -> None:
    page, words = await context.new_page(), Words("sv")
    names = "Regionförbundet för mellersta Norrlands inland och kust", "Socialförvaltningen i Örnsköldsvik"
    cohorts = [a_cohort(32, organisation=name, seed=seed) for seed, name in enumerate(names)]
    await page.set_content(report_html(joint_report(cohorts, words, made_on=date(2027, 3, 5)), words))
    assert await page.locator("svg.chart text", has_text="Socialförvaltningen i").count() > 5
    assert await page.locator("svg.chart text", has_text="Örnsköldsvik").count() > 5
    assert await page.evaluate(CUT_OFF) == 0


async def _colour(page: Page, selector: str) -> list[int]:
    colour = await page.locator(selector).first.evaluate("(one) => getComputedStyle(one).color")
    return [int(part) for part in re.findall(r"\d+", colour)]


def _style() -> str:
    return f"<style>{(rendering.HERE / 'static' / 'knuff.css').read_text('utf-8')}</style>"


def _between(page: str, begins: str, ends: str) -> str:
    return page[page.index(begins) : page.index(ends)]


async def test_a_file_for_a_joint_report_is_not_handed_out_before_the_organisation_has_a_name(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = begun(place, member=None, made=a_cohort(32))
    page = await place.open(place.karin, f"/my/outcomes/{cohort}")
    assert "released.json" in page

    def nameless(visit: Visit, of: Cohort) -> ReleasedCohort:
        return told_of(visit, of).model_copy(update={"organisation": ""})

    monkeypatch.setattr(outcome_pages, "told_of", nameless)
    page = await place.get(f"/my/outcomes/{cohort}")
    assert "released.json" not in page
    assert "KNUFF_ORGANISATION" in page
    async with place.browser.get(f"/my/outcomes/{cohort}/released.json") as asked:
        assert asked.status == 404
    assert "report.html" in page
