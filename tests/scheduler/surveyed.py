"""A cohort that is asked: its surveys laid out, promised day by day, and answered."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from lessons.library import load_library
from lessons.models import Programme
from scheduler import surveys
from storage import surveys as asking
from storage.surveys import Question
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.programmes import Cohort
from storage.tables.surveys import SurveyWave
from tests.scheduler.world import MONDAY, World, at, document

TUESDAY, WEDNESDAY, FRIDAY = (MONDAY + timedelta(days=days) for days in (1, 2, 4))
LAST = MONDAY + timedelta(days=11)
"""Friday of week two: the tenth working day."""


def lay(
    world: World, cohort_id: int, *, weeks: Sequence[Any] = (5, 5, 5, 5), today: date = MONDAY, **more: Any
) -> None:
    programme = Programme.model_validate(json.loads(document(weeks))["programme"] | more)
    questions = load_library().survey_document()

    def go(session: Session) -> None:
        cohort = session.get_one(Cohort, cohort_id)
        surveys.lay_out(session, cohort, programme, questions, today=today, now=world.founded_at)

    world.store.write_now(go)


def asked_cohort(world: World, **fields: Any) -> int:
    cohort = world.cohort(weeks=(5, 5, 5, 5), **fields)
    lay(world, cohort)
    return cohort


def waves(world: World) -> list[SurveyWave]:
    wanted = select(SurveyWave).order_by(SurveyWave.opens_on)  # type: ignore[arg-type]
    return list(world.store.write_now(lambda session: session.exec(wanted).all()))


def asked(world: World, person: int) -> list[tuple[str, State | Reason]]:
    rows = world.deliveries(person, Kind.SURVEY)
    return [(f"{row.day:%m-%d}", row.reason or row.state) for row in rows]


async def go_through(world: World, first: date, last: date) -> None:
    """Plan each day and send what it brings."""
    day = first
    while day <= last:
        await world.plan(at(f"{day} 08:15"))
        for row in world.deliveries():
            if row.state is State.PLANNED and row.day <= day:
                world.settle(row)
        day += timedelta(days=1)


def answer(world: World, person: int, value: str | None = "4", *, on: date = MONDAY) -> bool:
    def respond(session: Session) -> bool:
        [wave] = asking.open_waves(session, person_id=person, on=on)
        return asking.respond(session, wave, {Question("S8"): value}, person_id=person, now=at(f"{on} 10:00"))

    return world.store.write_now(respond)
