"""Which teams are in which relay of a rehearsal, when each is planned for, and what legs the engine says there were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.rehearsal.rounds.casting import TeamCast
from bot.rehearsal.rounds.timetable import working_days
from storage import relay_reading, relays
from storage.relay_reading import Chain
from storage.tables.relays import LegState, RelayEnding

FEWEST, MOST = 3, 6
"""Teams in one relay."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class LegTold:
    """What the engine says of a leg. Nothing of what was written in it."""

    id: int
    team: str
    begun_at: datetime | None
    is_over: bool
    can_run: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayTold:
    question: str
    is_over: bool
    legs: Sequence[LegTold]


def shared_out(teams: Sequence[TeamCast]) -> list[list[TeamCast]]:
    """Return the teams of each relay, in the order they run."""
    number = -(-len(teams) // MOST)
    return [list(teams[first::number]) for first in range(number)]


def planned(teams: Sequence[TeamCast], starts_on: date, length: int) -> dict[str, list[date]]:
    """Return the days of each team's leg, by its name, when nothing is delayed."""
    days: dict[str, list[date]] = {}
    for in_order in shared_out(teams):
        first = starts_on
        for team in in_order:
            days[team.name] = working_days(first, length, team.closed)
            first = days[team.name][-1] + ONE_DAY
    return days


def told(session: Session, organisation_id: int) -> list[RelayTold]:
    """Return every relay."""
    every = relays.of_organisation(session, organisation_id)
    return [_told(relay_reading.chain(session, organisation_id, one.id)) for one in every]


def _told(chain: Chain) -> RelayTold:
    return RelayTold(
        question=chain.question,
        is_over=chain.ending is RelayEnding.FINISHED,
        legs=[
            LegTold(
                id=leg.id,
                team=leg.team,
                begun_at=leg.begun_at,
                is_over=leg.state in (LegState.HANDED_OVER, LegState.SKIPPED),
                can_run=leg.can_run,
            )
            for leg in chain.legs
        ],
    )
