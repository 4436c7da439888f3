"""Outcomes: closing a wave of 5,000 people, with what may be told of it, against the bare aggregate of the same answers
in SQL; the report made of it, and memory.

python -m bench.outcomes [--small]
"""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlmodel import Session

from bench import databases, machine
from bench.figures import Figure, report, say
from bot.conversation.outcome_gathering import released_cohort
from bot.conversation.texts import Words
from bot.outcomes.charts import share_chart, ways_chart
from bot.outcomes.report import report_of
from bot.outcomes.spreadsheet import outcomes_csv
from bot.web.outcome_documents import report_html
from lessons.library import Library, load_library
from lessons.models import Role
from lessons.surveys import About, Wave
from scheduler.surveys import released_of
from storage import survey_waves
from storage.database import Store
from storage.tables import metadata
from storage.tables.programmes import Cohort
from tests.scheduler.world import World

PEOPLE, SMALL_PEOPLE = 5_000, 50
TIMES, SMALL_TIMES = 7, 2
ANSWER = 0.85
CLOSED = datetime(2026, 6, 1, 1, tzinfo=UTC)
_tables = metadata.tables
_wave, _response, _enrolment = _tables["survey_wave"], _tables["survey_response"], _tables["enrolment"]


def main(*, small: bool) -> None:
    people, times, library = SMALL_PEOPLE if small else PEOPLE, SMALL_TIMES if small else TIMES, load_library()
    for database, suffix in ((databases.sqlite_url, ""), (databases.postgres_url, "_postgresql")):
        _measure(database, suffix, library, people=people, times=times)


def _measure(
    database: Callable[[], AbstractContextManager[str]], suffix: str, library: Library, *, people: int, times: int
) -> None:
    with database() as url, databases.opened(url) as store:
        cohort_id, waves = _answered(store, library, people)
        say(f"outcomes: a wave of {people:,} closed, and its answers counted in SQL{suffix}, {times} times in turn")
        before = _memory_from_here()
        pairs = [(_seconds(store, partial(_close, waves[Wave.T1])), _bare(store, waves[Wave.T1])) for _ in range(times)]
        closing, bare = (median(column) for column in zip(*pairs, strict=True))
        for wave in (Wave.T0, Wave.T2):
            _seconds(store, partial(_close, waves[wave]))
        making = median(_seconds(store, partial(_make, cohort_id, library)) for _ in range(times))
        report(
            Figure(name=f"outcomes.close{suffix}", value=closing * 1e3, unit="ms", baseline=bare * 1e3),
            Figure(name=f"outcomes.report{suffix}", value=making * 1e3, unit="ms"),
            Figure(name=f"outcomes.memory{suffix}", value=_peak() - before, unit="MB"),
        )


def _close(wave_id: int, session: Session) -> None:
    """Open it again beforehand, which nobody can in life."""
    session.connection().execute(update(_wave).where(_wave.c.id == wave_id).values(closed_at=None))
    assert survey_waves.close(session, wave_id, CLOSED, released_of)


def _make(cohort_id: int, library: Library, session: Session) -> None:
    """The page with its charts, drawn anew, and the table."""
    share_chart.cache_clear()
    ways_chart.cache_clear()
    told = released_cohort(session, session.get_one(Cohort, cohort_id), organisation="Alvsunda", library=library)
    words = Words("sv")
    page = report_html(report_of(told, words, made_on=CLOSED.date()), words)
    assert "<svg" in page
    assert outcomes_csv(told, words)


def _bare(store: Store, wave_id: int) -> float:
    """How many gave each answer, by role: what a report would be made of that hides nothing."""
    counted = (
        select(_response.c.item_id, _enrolment.c.role, _response.c.value, func.count())
        .join(_enrolment, _enrolment.c.id == _response.c.enrolment_id)
        .where(_response.c.wave_id == wave_id)
        .group_by(_response.c.item_id, _enrolment.c.role, _response.c.value)
    )
    return _seconds(store, lambda session: session.connection().execute(counted).all())


def _seconds(store: Store, work: Callable[[Session], Any]) -> float:
    gc.collect()
    began = perf_counter()
    store.write_now(work)
    return perf_counter() - began


def _memory_from_here() -> float:
    """Return what is in use, and let the kernel note the peak anew from here."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return machine.memory_mb(os.getpid())


def _peak() -> float:
    return machine.memory_mb(os.getpid(), kind="VmHWM")


def _answered(store: Store, library: Library, people: int) -> tuple[int, dict[Wave, int]]:
    """People of two roles who have answered in three waves, and nothing has closed."""
    world, lots = World(store), Random(1)
    world.person(cohort := world.cohort(starts_on=date(2026, 3, 2)))
    surveys = library.survey_document()
    assert surveys is not None

    def put(session: Session) -> dict[Wave, int]:
        connection = session.connection()
        one = connection.execute(select(_tables["person"])).mappings().one()
        there = connection.execute(select(_enrolment)).mappings().one()
        persons = [dict(one) | {"id": 10 + at, "external_id": f"E{at}"} for at in range(people)]
        connection.execute(insert(_tables["person"]), persons)
        roles = [Role.TEAM_MEMBER if at % 3 == 0 else Role.MANAGER for at in range(people)]
        rows = [dict(there) | {"id": 10 + at, "person_id": 10 + at, "role": role} for at, role in enumerate(roles)]
        connection.execute(insert(_enrolment), rows)
        programme = library.document("eight-weeks")
        kept = {"programme_id": "eight-weeks", "body": programme.to_json(), "digest": programme.digest()}
        connection.execute(update(_tables["programme_document"]).values(**kept))
        document_id = survey_waves.stored_document(
            session, world.organisation, name=surveys.name, digest=surveys.digest(), body=surveys.to_json(), now=CLOSED
        )
        waves = {}
        for week, wave in enumerate((Wave.T0, Wave.T1, Wave.T2)):
            opens_on = date(2026, 3, 2) + timedelta(weeks=7 * week)
            waves[wave] = connection.execute(
                insert(_wave)
                .values(
                    organisation_id=world.organisation, cohort_id=cohort, wave=wave.value, document_id=document_id,
                    roles=[Role.MANAGER.value, Role.TEAM_MEMBER.value], opens_on=opens_on,
                    closes_on=opens_on + timedelta(days=14),
                )
                .returning(_wave.c.id)
            ).scalar_one()  # fmt: skip
            said = list(_said(lots, wave, waves[wave], roles))
            for row in said:
                row["organisation_id"] = world.organisation
            connection.execute(insert(_response), said)
        return waves

    def _said(lots: Random, wave: Wave, wave_id: int, roles: list[Role]) -> Iterator[dict[str, Any]]:
        for at, role in enumerate(roles):
            if lots.random() < ANSWER:
                for item, scale in surveys.asked(wave, role):
                    for about in ("one", "two", "three") if item.about is About.FOCUS else ("",):
                        yield {
                            "wave_id": wave_id, "enrolment_id": 10 + at, "person_id": 10 + at, "item_id": item.id,
                            "about": about, "value": lots.choice(scale.options).key, "answered_at": CLOSED,
                        }  # fmt: skip

    return cohort, store.write_now(put)


if __name__ == "__main__":
    main(small="--small" in sys.argv)
