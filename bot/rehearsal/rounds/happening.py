"""What happens to teams on the way, beside what is asked of them: drawn by lot, by how it goes for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.rehearsal.changes import Outage
from bot.rehearsal.rounds.casting import Course, TeamCast
from bot.rehearsal.rounds.timetable import HOME
from storage.moments import slot_moment

BREAKS_DOWN = time(6, 0)
"""Knuff is down from then on, for a day and a little more: no channel hears its morning."""
DOWN_FOR = timedelta(hours=25)
SKIPPED_BEFORE = timedelta(days=12)
"""While the team before is at it: in a relay that goes well the next one has the baton days before its own."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody leaves their team quietly."""

    person: str


@dataclass(frozen=True, slots=True)
class IsAdded:
    person: str


@dataclass(frozen=True, slots=True)
class IsRemoved:
    person: str


@dataclass(frozen=True, slots=True)
class ChannelGoes:
    """The channel is deleted."""


@dataclass(frozen=True, slots=True)
class RoundIsStopped:
    """By the team's facilitator: we stop here."""


@dataclass(frozen=True, slots=True)
class RoundIsEnded:
    """By the coordinator, before its last day."""


@dataclass(frozen=True, slots=True)
class TeamIsEnded:
    """By the coordinator, when it does nothing any more."""


@dataclass(frozen=True, slots=True)
class LegIsSkipped:
    """By the coordinator, before the team's turn in a relay."""


Happening = Leaves | IsAdded | IsRemoved | ChannelGoes | RoundIsStopped | RoundIsEnded | TeamIsEnded | LegIsSkipped


def happenings(
    team: TeamCast, days: Sequence[date], lots: Random, *, in_relay: bool = False
) -> Iterator[tuple[datetime, Happening]]:
    """Return what happens and when, in any order. `days`: the working days of the team's round."""

    def at(day: date, *, first: int = 8, last: int = 16) -> datetime:
        return slot_moment(day, time(lots.randrange(first, last), lots.randrange(60)), HOME.key)

    match team.course:
        case Course.HALF_OF_THEM:
            yield at(days[1]), IsAdded(team.added)
            if len(team.members) > 3:
                yield at(lots.choice(days[1:])), IsRemoved(team.members[1])
        case Course.SILENT:
            yield at(days[-1] + timedelta(days=21)), TeamIsEnded()
        case Course.STOPS_HERE:
            yield at(days[len(days) // 2]), RoundIsStopped()
        case Course.ENDED_EARLY if in_relay:
            yield at(days[0] - SKIPPED_BEFORE), LegIsSkipped()
        case Course.ENDED_EARLY:
            yield at(days[len(days) // 2]), RoundIsEnded()
        case Course.SHRINKS:
            for number, person in enumerate(team.members[1:]):
                yield at(days[0], first=11), IsRemoved(person) if number % 2 else Leaves(person)
        case Course.LOSES_CHANNEL:
            yield at(lots.choice(days[1:]), first=0, last=24), ChannelGoes()
        case _:
            pass  # nothing but the challenge


def a_day_down(days: Sequence[date], lots: Random) -> Outage:
    """Return when Knuff is down: on one of the later days when teams are at it, so that some get through before."""
    since = slot_moment(lots.choice(days[len(days) // 2 :]), BREAKS_DOWN, HOME.key)
    return Outage(since, since + DOWN_FOR)
