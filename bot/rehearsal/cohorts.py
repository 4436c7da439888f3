"""The cohorts of a rehearsal: who is in each, and who coordinates it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rehearsal.rounds.coordinator import TeamsCoordinator
from bot.rehearsal.world import HOME, World
from lessons.models import Programme
from scheduler.calendar import Calendar
from scheduler.weeks import monday_of_week

CAME = 0.7
"""Of those invited, to each of a cohort's meetings, as the coordinator counts them."""
FRIDAY = timedelta(days=4)
COUNTED_AT = time(16)


@dataclass(frozen=True, slots=True)
class RehearsedCohort:
    name: str
    platform: str
    coordinator: TeamsCoordinator
    people: Sequence[str]


def cohorts_of(world: World, people: Iterable[tuple[str, str, Sequence[str]]]) -> list[RehearsedCohort]:
    """Return a cohort for each (name, platform, people)."""
    return [
        RehearsedCohort(name, platform, TeamsCoordinator(world.stage, world.platforms[platform]), those)
        for name, platform, those in people
    ]


def counted_at(programme: Programme, start: date) -> list[datetime]:
    """Return when coordinators count who came: the Friday of each week that has a meeting."""
    calendar = Calendar(resting=frozenset(programme.rests))
    mondays = {monday_of_week(one.week, starts_on=start, calendar=calendar) for one in programme.sessions}
    return [datetime.combine(monday + FRIDAY, COUNTED_AT, ZoneInfo(HOME)) for monday in sorted(mondays)]
