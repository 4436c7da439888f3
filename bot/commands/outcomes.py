"""`knuff outcomes`: what came of a cohort, in sentences, as a page, as a table; and several organisations' together."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError
from sqlmodel import Session

from bot.bootstrap import open_clock
from bot.commands.existing_database import existing_store
from bot.commands.faults import CANNOT, plainly, say
from bot.commands.shelves import all_known, languages
from bot.conversation.enrolling import HOME_ZONE
from bot.conversation.outcome_gathering import released_cohort
from bot.conversation.texts import Words
from bot.libraries import open_library
from bot.outcomes.joint_report import joint_report
from bot.outcomes.parts import Report
from bot.outcomes.report import report_of
from bot.outcomes.spreadsheet import outcomes_csv
from bot.settings import Settings, read_settings
from bot.web.outcome_documents import report_html
from lessons.outcomes.joining import FEWEST_TO_SUM, Twice
from lessons.outcomes.released_cohort import ReleasedCohort
from lessons.outcomes.suppression import FEWEST
from storage import outcomes
from storage.database import Store
from storage.moments import local_day

TOO_SMALL = (
    f"The cohort has fewer than {FEWEST} people, so no figure of it is shown to anybody: it would tell what each of"
    " them answered."
)

ASK_ANEW = "ask for the one that `knuff outcomes COHORT --released FILE` wrote."


@plainly
def show_outcomes(
    cohort: str,
    *,
    language: str,
    html: Path | None,
    csv: Path | None,
    released: Path | None,
    semicolon: bool,
) -> int:
    if not all_known({"language": language}, {"language": languages()}):
        return CANNOT
    settings, words = read_settings(), Words(language)
    if released is not None and not settings.organisation:
        say("Set KNUFF_ORGANISATION to your organisation's name first: a joint report names whose figures it has.")
        return CANNOT
    made_on = _today(settings)
    with existing_store(settings.database_url) as store:
        found = _gathered(store, settings, cohort)
    if found is None:
        return CANNOT
    report = report_of(found, words, made_on=made_on)
    files: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: report_html(report, words)),
        (csv, lambda: outcomes_csv(found, words, semicolon=semicolon)),
        (released, lambda: found.model_dump_json(indent=2)),
    ]
    wanted = [(path, text) for path, text in files if path is not None]
    if not wanted:
        sys.stdout.write("".join(f"{line}\n" for line in in_lines(report, words)))
    return 0 if all(_wrote(path, text()) for path, text in wanted) else CANNOT


@plainly
def join_outcomes(files: Sequence[Path], *, language: str, html: Path | None) -> int:
    if not all_known({"language": language}, {"language": languages()}):
        return CANNOT
    words, cohorts = Words(language), []
    for file in files:
        if (cohort := _read(file)) is None:
            return CANNOT
        cohorts.append(cohort)
    if len(cohorts) < FEWEST_TO_SUM:
        say("--join takes two files or more: what each organisation wrote with --released.")
        return CANNOT
    try:
        report = joint_report(cohorts, words, made_on=_today(read_settings()))
    except Twice as twice:
        say(f"{twice.args[0]} is there twice, and its people would count double: name each cohort once.")
        return CANNOT
    if html is None:
        sys.stdout.write("".join(f"{line}\n" for line in in_lines(report, words)))
        return 0
    return 0 if _wrote(html, report_html(report, words)) else CANNOT


def _today(settings: Settings) -> date:
    return local_day(asyncio.run(open_clock(settings, start_at=None)).now(), HOME_ZONE.key)


def _gathered(store: Store, settings: Settings, wanted: str) -> ReleasedCohort | None:
    """Return what may be told of a cohort; None where there is no such one, or it is too small. That is told."""

    library = open_library(settings)

    def gather(session: Session) -> ReleasedCohort | str:
        found = outcomes.cohorts_called(session, wanted)
        if len(found) != 1:
            return _not_one(wanted, [cohort.id for cohort in found])
        if outcomes.people(session, organisation_id=found[0].organisation_id, cohort_id=found[0].id) < FEWEST:
            return TOO_SMALL
        return released_cohort(session, found[0], organisation=settings.organisation, library=library)

    found = asyncio.run(store.read(gather))
    if isinstance(found, str):
        say(found)
        return None
    return found


def _not_one(wanted: str, ids: Sequence[int]) -> str:
    if not ids:
        return f"There is no cohort {wanted!r}: give its name as its coordinator wrote it, or its number."
    return f"{len(ids)} cohorts are called {wanted!r}: give the number of one of them, {', '.join(map(str, ids))}."


def _read(file: Path) -> ReleasedCohort | None:
    """Return what an organisation has released; None, and it is told, where the file is none of that kind."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        cohort = ReleasedCohort.model_validate_json(text)
        if cohort.organisation:
            return cohort
        say(f"{file} does not name its organisation: ask for one that was made after KNUFF_ORGANISATION was set there.")
    except OSError as error:
        say(f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        say(f"{file} is not in UTF-8, so it has been saved anew by something else: {ASK_ANEW}")
    except ValidationError as error:
        say(f"{file} {_why_not(text, error)}")
    return None


def _why_not(text: str, error: ValidationError) -> str:
    if not text.strip():
        return f"is empty: {ASK_ANEW}"
    faults = {(fault["type"], fault["loc"]) for fault in error.errors()}
    if any(what == "json_invalid" for what, _ in faults):
        return f"is no JSON, or only a part of it: {ASK_ANEW}"
    if any(where == ("format",) for _, where in faults):
        return "was written by another version of Knuff: use the same version on both sides, and have it written again."
    return f"is no file of released outcomes, or somebody has changed it so that it tells of too few people: {ASK_ANEW}"


def _wrote(path: Path, text: str) -> bool:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        say(f"{path} cannot be written: {error.strerror}.")
        return False
    sys.stdout.write(f"{path} is ready.\n")
    return True


def in_lines(report: Report, words: Words) -> Iterator[str]:
    """Yield the report to be read in a terminal: the sentences, without tables and charts."""
    yield report.title
    if report.note:
        yield report.note
    if report.stop:
        yield f"\n!! {words('outcomes.stop_title')}. {report.stop}"
    yield f"\n{words('outcomes.answers_title').upper()}"
    for when, said in report.responses:
        yield f"{when}: {said}"
    for group in report.groups:
        yield f"\n{group.title.upper()}"
        for shown in group.shown:
            yield f"{shown.heading} – {shown.when}" if shown.when else shown.heading
            yield f"    {shown.sentence}"
            if others := " ".join((*shown.notes, *shown.change)):
                yield f"    {others}"
        if group.table is not None:
            yield from (f"{what}: {number}" for what, number in group.table.rows)
