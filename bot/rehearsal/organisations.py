"""Several organisations go through a programme at once, a cohort each, and their teams hand relays on to each other."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from string import ascii_uppercase

from bot.conversation.events import Profile
from bot.rehearsal.characters import Character
from bot.rehearsal.coordinator import CannotRehearse
from bot.rehearsal.rounds.casting import NAMES, SLOTS, Course, TeamCast
from bot.rehearsal.rounds.coordinator import TeamsCoordinator
from bot.rehearsal.rounds.member import TeamMember
from bot.rehearsal.rounds.writing import Pen, Written
from bot.rehearsal.world import World

FEWEST, MOST = 3, 6
"""Organisations: as many as there are teams in a relay."""
IN_A_TEAM = 8
MOST_RELAYS = len(ascii_uppercase)
COURSES = (Course.DOES_ITS_PART, Course.DOES_ITS_PART, Course.DOES_ITS_PART, Course.HALF_OF_THEM)
FIRST_LEG = timedelta(weeks=1)
"""After the kick-off."""


class Organisations:
    """Who belongs to which, and the relays: in each a team of every organisation."""

    def __init__(self, people: Sequence[str], *, organisations: int, platform: str, seed: int, closed: Sequence[date]):
        """Raises CannotRehearse for fewer organisations, or people in one, than a relay takes."""
        if not FEWEST <= organisations <= MOST:
            raise CannotRehearse(f"A relay has between {FEWEST} and {MOST} teams: say so many --organisations.")
        self.names = NAMES[:organisations]
        self.people = {name: list(people[number::organisations]) for number, name in enumerate(self.names)}
        relays = min(MOST_RELAYS, min(map(len, self.people.values())) // IN_A_TEAM)
        if not relays:
            raise CannotRehearse(f"Each organisation needs a team of {IN_A_TEAM}: say --people with more.")
        lots = Random(f"{seed} organisations")
        self.relays = [
            [self._team(name, number, platform, frozenset(closed), lots) for name in self.names]
            for number in range(relays)
        ]
        self._pen, self._written = Pen(), list[Written]()
        self._team_of = {person: team for teams in self.relays for team in teams for person in team.members}

    def member(self, character: Character, world: World, *, seed: int, remembers: frozenset[str]) -> TeamMember:
        team = self._team_of.get(character.person)
        return TeamMember(
            character=character,
            profile=Profile(external_id=character.person, zone=character.zone, language=character.language),
            clock=world.clock,
            later=world.stage.later,
            lots=Random(f"{seed} {character.person}"),
            remembers=remembers,
            teams=[team] if team else [],
            pen=self._pen,
            written=self._written,
        )

    async def begin(self, coordinator: TeamsCoordinator, world: World) -> None:
        """Make every team, and let the relays begin the week after the start."""
        for teams in self.relays:
            for team in teams:
                world.platforms[team.platform].open_channel(team.channel, team.in_channel)
                await coordinator.make(team, team.members)
            await coordinator.begin_relay(teams, world.start + FIRST_LEG)

    def _team(self, organisation: str, number: int, platform: str, closed: frozenset[date], lots: Random) -> TeamCast:
        letter = ascii_uppercase[number]
        members = tuple(self.people[organisation][number * IN_A_TEAM : (number + 1) * IN_A_TEAM])
        return TeamCast(
            name=f"{organisation} {letter}",
            platform=platform,
            channel=f"C-{organisation}-{letter}".lower(),
            course=lots.choice(COURSES),
            members=members,
            facilitator=members[0],
            mandate=None,
            joins=(),
            added=members[0],
            language="sv",
            slot=lots.choice(SLOTS),
            closed=closed,
            starts_late=0,
        )
