"""Which teams are in which relay of a rehearsal, when each is planned for, and how it went."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from bot.rehearsal.rounds.casting import TeamCast
from bot.rehearsal.rounds.chain import LegHeld, RelayHeld
from bot.rehearsal.rounds.timetable import working_days
from storage import relay_reading, relays
from storage.relay_reading import Chain
from storage.tables.relays import LegState, RelayEnding

FEWEST, MOST = 3, 6
"""Teams in one relay."""
ONE_DAY = timedelta(days=1)


def shared_out(teams: Sequence[TeamCast]) -> list[list[TeamCast]]:
    """Return the teams of each relay, in the order they run."""
    number = -(-len(teams) // MOST)
    return [list(teams[first::number]) for first in range(number)]


def planned(teams: Sequence[TeamCast], first: date, length: int) -> dict[str, list[date]]:
    """Return each leg's days, by its team's name, when nothing is delayed."""
    days: dict[str, list[date]] = {}
    for team in teams:
        days[team.name] = working_days(first, length, team.closed)
        first = days[team.name][-1] + ONE_DAY
    return days


def held(
    session: Session, organisation_id: int, *, teams: Sequence[TeamCast], has_channel: Mapping[str, bool]
) -> list[RelayHeld]:
    """Return every relay. `has_channel`: of which teams the channel is still there, by their names."""
    by_name = {team.name: team for team in teams}
    chains = (
        relay_reading.chain(session, organisation_id, one.id)
        for one in relays.of_organisation(session, organisation_id)
    )
    return [_held(chain, by_name, has_channel) for chain in chains]


def _held(chain: Chain, by_name: dict[str, TeamCast], has_channel: Mapping[str, bool]) -> RelayHeld:
    return RelayHeld(
        question=chain.question,
        is_over=chain.ending is RelayEnding.FINISHED,
        legs=[
            LegHeld(
                team=leg.team,
                channel=by_name[leg.team].channel,
                begun_at=leg.begun_at,
                ended_at=leg.ended_at,
                has_own_words=leg.baton is not None,
                is_over=leg.state in (LegState.HANDED_OVER, LegState.SKIPPED),
                has_channel=has_channel[leg.team] and leg.can_run,
            )
            for leg in chain.legs
        ],
    )
