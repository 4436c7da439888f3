"""Which teams there are in a rehearsal, who is in them, and how it goes for each: drawn by lot, as in life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import cycle, islice
from random import Random

from lessons.challenges import Challenge, Form

MOST_IN_A_TEAM = 8
"""Of a challenge for any number."""
NAMES = (
    "Alm", "Ask", "Asp", "Björk", "Bok", "Ek", "Fläder", "Gran", "Hassel", "Hägg",
    "Idegran", "Lind", "Lärk", "Lönn", "Oxel", "Pil", "Rönn", "Slån", "Sälg", "Tall",
)  # fmt: skip
MOST_TEAMS = len(NAMES)
SLOTS = ("08:30", "09:00", "10:00", "10:00")
IN_A_COHORT = 0.6
"""So many in each team get an exercise a day beside it."""


class Course(StrEnum):
    """How it goes for a team."""

    DOES_ITS_PART = "does its part"
    HALF_OF_THEM = "half of them"
    """Some answer, some do not, and the facilitator leaves theirs undone now and then."""
    SILENT = "silent"
    STOPS_HERE = "stops here"
    ENDED_EARLY = "ended early"
    SHRINKS = "shrinks to one"
    LOSES_CHANNEL = "loses its channel"


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamCast:
    name: str
    platform: str
    channel: str
    course: Course
    members: tuple[str, ...]
    facilitator: str
    """The first of the members."""
    mandate: str | None
    """Who says yes, no or try, where the challenge asks for somebody: one of the members, or from outside."""
    joins: tuple[str, ...]
    """In the channel and not in the team: they join with its button. One of them is in another team already. Nobody,
    where it is to become too small."""
    added: str
    """Whom the coordinator adds on the way."""
    language: str
    slot: str
    closed: frozenset[date]
    """The organisation's own closed days, and for some a day of the team's."""
    starts_late: int
    """So many days after the others."""

    @property
    def in_channel(self) -> tuple[str, ...]:
        return (*self.members, *self.joins)

    @property
    def readers(self) -> frozenset[str]:
        """Who may read what is the team's own."""
        return frozenset((*self.in_channel, *filter(None, [self.mandate]), self.added))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    teams: tuple[TeamCast, ...]
    in_cohort: frozenset[str] = field(default_factory=frozenset)

    def of(self, person: str) -> list[TeamCast]:
        """Return the teams somebody has to do with."""
        return [one for one in self.teams if person in (*one.in_channel, one.mandate, one.added)]


def platform_of(number: int, platforms: Sequence[str]) -> str:
    return platforms[number % len(platforms)]


def people_needed(challenge: Challenge, teams: int, platforms: Sequence[str]) -> int:
    """Return how many people must be drawn, as many on each platform, for every team to be the largest it may be."""
    in_one = most(challenge) + BESIDE
    return max(-(-teams // len(platforms)), 1) * in_one * len(platforms)


def most(challenge: Challenge) -> int:
    return min(challenge.team.most, max(MOST_IN_A_TEAM, challenge.team.least))


BESIDE = 3
"""Of each team, outside it at first: a mandate holder, one who joins and one who is added."""


def cast(
    challenge: Challenge,
    *,
    teams: int,
    people: Mapping[str, Sequence[str]],
    days: Sequence[date],
    closed: frozenset[date],
    courses: Sequence[Course] = tuple(Course),
    start_together: bool = False,
    lots: Random,
) -> Cast:
    """Return the teams. `people`: who there is on each platform; `days`: those of the challenge, of
    which one team or another closes one; `closed` are everybody's.

    The first team does its part; how it goes for the others is dealt from `courses`. In a relay every other one does
    its part too, so that there is something to hand on.
    """
    platforms = list(people)
    waiting = {name: iter(lots.sample(list(there), len(there))) for name, there in people.items()}
    made: list[TeamCast] = []
    in_relay = challenge.form is Form.RELAY
    for number, course in enumerate(_dealt(courses, teams, lots, every_other=in_relay)):
        platform = platform_of(number, platforms)
        here = waiting[platform]
        # The smallest that may shrink, where people leave; whoever joins must still have room.
        size = lots.randint(challenge.team.least, max(challenge.team.least, most(challenge) - 2))
        members = tuple(islice(here, size))
        outside, newcomer, added = islice(here, BESIDE)
        elsewhere = [one.members[-1] for one in made if one.platform == platform]
        mandate = lots.choice((outside, members[-1])) if challenge.mandate is not None else None
        made.append(
            TeamCast(
                name=f"Lag {NAMES[number]}",
                platform=platform,
                channel=f"C-{NAMES[number].lower()}",
                course=course,
                members=members,
                facilitator=members[0],
                mandate=mandate,
                joins=() if course is Course.SHRINKS else (newcomer, *elsewhere[-1:]),
                added=added,
                language="sv" if number % 3 else "en",
                slot=lots.choice(SLOTS),
                closed=closed | ({lots.choice(days[1:])} if number % 2 else set[date]()),
                starts_late=0 if start_together else lots.choice((0, 0, 1, 7)),
            )
        )
    everybody = sorted({person for one in made for person in (*one.in_channel, one.added)})
    in_cohort = frozenset(person for person in everybody if lots.random() < IN_A_COHORT)
    return Cast(teams=tuple(made), in_cohort=in_cohort)


def _dealt(courses: Sequence[Course], teams: int, lots: Random, *, every_other: bool) -> list[Course]:
    """Return the first, then the others in an order drawn by lot, again and again; or the first at every other place
    too."""
    first, *rest = courses
    lots.shuffle(rest)
    others = cycle([*rest, first])
    return [first if number == 0 or (every_other and number % 2 == 0) else next(others) for number in range(teams)]
