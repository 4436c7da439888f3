"""The results of a cohort on our own page, for whoever coordinates it and whoever is in it, and as files to take along.

They are made in a thread of their own: the first takes seconds, in which others' requests are answered.
"""

import asyncio
from dataclasses import replace
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.outcomes import seen, told_of
from bot.conversation.texts import Words
from bot.conversation.visiting import CannotAnswer, Visit
from bot.outcomes.parts import Report
from bot.outcomes.report import report_of
from bot.outcomes.spreadsheet import outcomes_csv
from bot.web.outcome_documents import DrawnGroup, drawn, report_html
from bot.web.rendering import HEADERS, page
from bot.web.visits import Reader, Visits
from lessons.outcomes.released_cohort import ReleasedCohort
from storage.moments import local_day

RELEASED = "released.json"
FILES = {
    "report.html": ("file_html", "text/html; charset=utf-8"),
    "figures.csv": ("file_csv", "text/csv; charset=utf-8"),
    "figures-semicolon.csv": ("file_csv_semicolon", "text/csv; charset=utf-8"),
    RELEASED: ("file_released", "application/json"),
}
"""By name: what the file is called, and its type."""


async def outcomes_page(visits: Visits, request: Request, reader: Reader) -> Response:
    """Return the page. Raises CannotAnswer for whoever has no part in the cohort."""
    told, coordinates = await _told(visits, request, reader)
    words = reader.words
    report, groups = await asyncio.to_thread(_made, told, words, _today(visits), coordinates)
    here = f"/my/outcomes/{request.path_params['cohort']}"
    return page(
        "outcomes",
        words,
        organisation=reader.organisation,
        title=report.title,
        form_token=reader.form_token,
        intro=words("outcomes.privacy" if coordinates else "outcomes.own_intro"),
        report=report,
        groups=groups,
        files=[_listed(here, name, told, words) for name in FILES],
    )


async def outcomes_file(visits: Visits, request: Request, reader: Reader) -> Response:
    """Return a file to take along. Raises CannotAnswer as above."""
    name = request.path_params["file"]
    if name not in FILES:
        raise CannotAnswer("outcomes.gone")
    told, coordinates = await _told(visits, request, reader)
    if name == RELEASED and not told.organisation:
        raise CannotAnswer("outcomes.file_nameless")
    body = await asyncio.to_thread(_file, name, told, reader.words, _today(visits), coordinates)
    named = {"Content-Disposition": f'attachment; filename="knuff-{name}"'}
    return Response(body.encode(), media_type=FILES[name][1], headers=HEADERS | named)


def _listed(here: str, name: str, told: ReleasedCohort, words: Words) -> tuple[str | None, str]:
    """Return a file's address and what it is called; or no address, and what must be done before there is one: a joint
    report names whose figures it has."""
    if name == RELEASED and not told.organisation:
        return None, words("outcomes.file_nameless")
    return f"{here}/{name}", words(f"outcomes.{FILES[name][0]}")


def _made(told: ReleasedCohort, words: Words, today: date, coordinates: bool) -> tuple[Report, list[DrawnGroup]]:
    report = _report(told, words, today, coordinates)
    return report, drawn(report, words)


def _file(name: str, told: ReleasedCohort, words: Words, today: date, coordinates: bool) -> str:
    match name:
        case "report.html":
            return report_html(_report(told, words, today, coordinates), words)
        case "released.json":
            return told.model_dump_json(indent=2)
        case _:
            return outcomes_csv(told, words, semicolon="semicolon" in name)


def _report(told: ReleasedCohort, words: Words, today: date, coordinates: bool) -> Report:
    report = report_of(told, words, made_on=today)
    # What to do when too few feel supported is the coordinator's.
    return report if coordinates else replace(report, stop="")


async def _told(visits: Visits, request: Request, reader: Reader) -> tuple[ReleasedCohort, bool]:
    def look(visit: Visit) -> tuple[ReleasedCohort, bool]:
        cohort, coordinates = seen(visit, request.path_params["cohort"])
        return told_of(visit, cohort), coordinates

    return await visits.look(reader, look)


def _today(visits: Visits) -> date:
    return local_day(visits.clock.now(), HOME_ZONE.key)
