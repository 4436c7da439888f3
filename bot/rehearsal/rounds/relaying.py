"""The relays of a rehearsal: begun, looked at by those who are to see nothing yet, and judged by what was seen."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from bot.conversation.cards import Buttons
from bot.conversation.events import AnyEvent
from bot.conversation.shows import Show
from bot.rehearsal.acts import Press
from bot.rehearsal.rounds import happening, relays
from bot.rehearsal.rounds.baton_sights import opened_early, seen_elsewhere
from bot.rehearsal.rounds.casting import Course, TeamCast
from bot.rehearsal.rounds.chain import LegHeld, RelayFindings, RelayHeld, broken
from bot.rehearsal.rounds.coordinator import TeamsCoordinator
from bot.rehearsal.rounds.deeds import Deed, Did, deeds_of, own_words
from bot.rehearsal.rounds.eyes import Sight
from bot.rehearsal.rounds.happening import Happening
from bot.rehearsal.rounds.judging import Message
from bot.rehearsal.rounds.member import TeamMember
from bot.rehearsal.rounds.relays import LegTold
from bot.rehearsal.rounds.writing import Written
from bot.rehearsal.world import World

SOON = timedelta(minutes=1)
"""After so long others look whether they can read what has just been written or approved."""


class Relaying:
    def __init__(
        self,
        *,
        teams: Sequence[TeamCast],
        people: Mapping[str, TeamMember],
        coordinators: Mapping[str, TeamsCoordinator],
        world: World,
    ) -> None:
        self._teams = {team.name: team for team in teams}
        self._relays = relays.shared_out(teams)
        self._people = people
        self._coordinators = coordinators
        self._world = world
        self._deeds: dict[int, list[Deed]] = defaultdict(list)
        """By leg."""
        self._set_aside: dict[str, datetime] = {}
        """Since when there is a reason to go past a team, by its name."""

    async def begin(self, days: Mapping[str, Sequence[date]]) -> None:
        """Make the teams and let them hand on to each other. `days`: of each team's leg, by its name."""
        for team in self._teams.values():
            await self._coordinators[team.platform].make(team, team.members)
        for teams in self._relays:
            await self._coordinators[teams[0].platform].begin_relay(teams, days[teams[0].name][0])

    def shown(self, event: AnyEvent, show: Show) -> None:
        """Take note of what an answer says that was done. Whoever should not see it yet has a look soon."""
        now = self._world.clock.now()
        for deed in deeds_of(event, show, now):
            is_news = deed.what not in {one.what for one in self._deeds[deed.leg_id]} or deed.what is Did.WROTE
            self._deeds[deed.leg_id].append(deed)
            if is_news and deed.what in (Did.WROTE, Did.SAW_IT_READY):
                self._world.stage.at(now + SOON, partial(self._others_look, deed.person))

    def has_happened(self, team: TeamCast, what: Happening) -> None:
        """Take note of what lets a relay go past a team."""
        match what:
            case happening.ChannelGoes() | happening.LegIsSkipped() | happening.TeamIsEnded():
                self._set_aside.setdefault(team.name, self._world.clock.now())
            case happening.Leaves() | happening.IsRemoved() if team.course is Course.SHRINKS:
                self._set_aside.setdefault(team.name, self._world.clock.now())
            case _:
                pass

    def judged(
        self,
        *,
        messages: Sequence[Message],
        written: Sequence[Written],
        sights: Sequence[Sight],
        unheard: frozenset[str],
        steady: frozenset[str],
        coordinators: frozenset[str],
    ) -> RelayFindings:
        """`unheard`: channels that it is explained of why they missed something; `steady`: who was in their team from
        beginning to end."""
        held = [
            RelayHeld(
                question=one.question, is_over=one.is_over, legs=[self._held(leg, steady=steady) for leg in one.legs]
            )
            for one in self._world.read(relays.told)
        ]
        return RelayFindings(
            handed_over=sum(leg.own is not None for one in held for leg in one.legs),
            broken=tuple(fault for one in held for fault in broken(one, messages, written, unheard)),
            opened_early=tuple(fault for one in held for fault in opened_early(one, sights, written, messages)),
            seen_elsewhere=tuple(fault for one in held for fault in seen_elsewhere(one, sights, written, coordinators)),
        )

    def _held(self, leg: LegTold, *, steady: frozenset[str]) -> LegHeld:
        team, deeds = self._teams[leg.team], self._deeds[leg.id]
        return LegHeld(
            team=team.name,
            channel=team.channel,
            readers=frozenset((*team.readers, team.channel)),
            begun_at=leg.begun_at,
            is_over=leg.is_over,
            has_channel=leg.can_run and self._world.platforms[team.platform].has_channel(team.channel),
            own=own_words(deeds, steady=steady),
            is_said_over=any(one.what is Did.HANDED_OVER for one in deeds),
            set_aside_at=self._set_aside.get(team.name),
        )

    async def _others_look(self, person: str) -> None:
        """Let the coordinators, and somebody of each team that the person has nothing to do with, look at what there is
        to read: nobody would otherwise, in the hours until it is handed over."""
        for coordinator in self._coordinators.values():
            await coordinator.look_at_relays()
        for team in self._teams.values():
            way = next(filter(None, map(self._way_to_the_chain, team.members)), None)
            if way is not None and person not in team.readers:
                who, press = way
                self._world.stage.later(self._world.clock.now(), who, press)

    def _way_to_the_chain(self, person: str) -> tuple[TeamMember, Press] | None:
        """Return somebody with the button on their screen that shows the whole relay; None: they have not got it."""
        member = self._people[person]
        if member.profile.is_gone:
            return None
        for message, card in reversed(member.screen.items()):
            for part in card.parts:
                for button in part.buttons if isinstance(part, Buttons) else ():
                    if button.action == "relay.chain":
                        return member, Press(button=button, message=message)
        return None
