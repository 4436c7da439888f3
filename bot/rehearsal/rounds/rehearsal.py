"""Teams that do a challenge, from the coordinator's first form to long after the last round has ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from random import Random

from bot.conversation.events import AnyEvent, Profile
from bot.conversation.shows import Show
from bot.rehearsal import log as logs
from bot.rehearsal.acts import LeaveTeam
from bot.rehearsal.characters import Character, Kind, draw
from bot.rehearsal.checking import check
from bot.rehearsal.coordinator import CannotRehearse
from bot.rehearsal.rounds import happening, relays
from bot.rehearsal.rounds.casting import Cast, TeamCast, cast, people_needed
from bot.rehearsal.rounds.coordinator import TeamsCoordinator
from bot.rehearsal.rounds.eyes import Eyes
from bot.rehearsal.rounds.happening import Happening, a_day_down, happenings
from bot.rehearsal.rounds.judging import Explained, Held, judge, message_of
from bot.rehearsal.rounds.member import TeamMember
from bot.rehearsal.rounds.relaying import Relaying
from bot.rehearsal.rounds.result import RoundsResult
from bot.rehearsal.rounds.timetable import timetable, working_days
from bot.rehearsal.rounds.writing import Pen, Written
from bot.rehearsal.tallying import by_reason
from bot.rehearsal.world import QUIET, Progress, World
from lessons.challenges import Challenge, Form
from lessons.library import Library
from storage import all_rounds
from storage import relays as storage_relays
from storage.all_rounds import RoundOfTeam
from storage.database import Store
from storage.tables.deliveries import OF_A_STEP, RELAY_KINDS

NO_ENDING = "none"
GO_AWAY = {Kind.LEAVES, Kind.DELETES}


class RoundRehearsal:
    def __init__(
        self,
        *,
        challenge: Challenge,
        teams: int,
        start: date,
        seed: int,
        closed: Sequence[date],
        library: Library,
        store: Store,
        platforms: Sequence[str],
        programme_id: str,
        faults: float,
    ) -> None:
        self.challenge = challenge
        self.start, self.seed, self.closed, self.programme_id = start, seed, closed, programme_id
        programme = library.programme(programme_id)
        self.weeks, self.steps = len(programme.weeks), [len(week.lessons) for week in programme.weeks]
        first_days = working_days(start, self.challenge.length, frozenset(closed))
        lots = Random(f"{seed} {challenge.id} teams")
        drawn = draw(
            people_needed(self.challenge, teams, platforms),
            start=start,
            lots=Random(f"{seed} people"),
            platforms=platforms,
        )
        self.cast: Cast = cast(
            self.challenge,
            teams=teams,
            people={name: [one.person for one in drawn if one.platform == name] for name in platforms},
            days=first_days,
            closed=frozenset(closed),
            lots=lots,
        )
        self.in_relay = self.challenge.form is Form.RELAY
        self.days = self._planned()
        self.eyes = Eyes(frozenset(team.channel for team in self.cast.teams))
        self.pen, self.written = Pen(), list[Written]()
        self.world = World(
            start=start,
            seed=seed,
            library=library,
            store=store,
            faults=faults,
            platforms=platforms,
            outages=[a_day_down(sorted({day for days in self.days.values() for day in days}), lots)],
            on_shown=self._shown,
            on_received=self.eyes.read,
            plans_after_all=True,
        )
        self.stage = self.world.stage
        self.people = {one.person: self._somebody(one) for one in drawn if self.cast.of(one.person)}
        self.coordinators = {
            name: TeamsCoordinator(self.stage, platform) for name, platform in self.world.platforms.items()
        }
        self.world.inhabit(self.people, self.coordinators)
        self.relaying: Relaying | None = None
        if self.in_relay:
            self.relaying = Relaying(
                teams=self.cast.teams, people=self.people, coordinators=self.coordinators, world=self.world
            )
        self.lots = lots
        self.gone: set[str] = set()
        """Who has left a team, or was taken out of it."""

    async def run(self, progress: Progress) -> None:
        await self.world.install()
        for name, coordinator in self.coordinators.items():
            there = [one.character.person for one in self.world.on(name) if one.character.person in self.cast.in_cohort]
            if there:
                await coordinator.start(
                    programme_id=self.programme_id, start=self.start, people=there, closed=self.closed
                )
        await self._begin()
        for team in self.cast.teams:
            for moment, what in happenings(team, self.days[team.name], self.lots, in_relay=self.in_relay):
                self.stage.at(moment, partial(self._happen, team, what))
        last = max(days[-1] for days in self.days.values())
        self.world.lead_lives((last - self.start).days // 7 + 1)
        asked_again = timedelta(days=self.challenge.follow_up_days * 7 // 5 + 7)
        until = max(self.start + timedelta(weeks=self.weeks), last + asked_again)
        expected = (until - self.world.clock.now().date()).days + QUIET.days
        await self.world.live_on(until=until, expected=expected, progress=progress, also=self._goes_on)

    def result(self) -> tuple[RoundsResult, list[logs.Line]]:
        """Return what it showed, and the log. How long it took is for the caller to say."""
        tally = self.world.tally()
        lines = logs.lines_of(tally.promises, self.world.received, before_deletion=self.world.before_deletion)
        kinds = {promise.id: promise.kind.value for promise in tally.promises}
        started = [one for one, _ in self.world.received if one.delivery_id is not None]
        explained = [
            Explained(person=one.person, channel=one.channel, day=one.day, kind=one.kind.value)
            for one in tally.promises
            if one.reason is not None and one.kind in OF_A_STEP
        ]
        messages = [message_of(one, kinds[one.delivery_id or 0]) for one in started]
        rounds, coordinators = self._held(), frozenset({self.world.place.coordinator})
        of_rounds = judge(
            rounds,
            messages=messages,
            explained=explained,
            sights=self.eyes.sights,
            written=self.written,
            coordinators=coordinators,
        )
        of_relays = None
        if self.relaying is not None:
            unheard = (one.channel for one in tally.promises if one.reason is not None and one.kind in RELAY_KINDS)
            of_relays = self.relaying.judged(
                messages=messages,
                written=self.written,
                sights=self.eyes.sights,
                unheard=frozenset(filter(None, unheard)),
                steady=frozenset(filter(self._is_steady, self.people)),
                coordinators=coordinators,
            )
        result = RoundsResult(
            challenge=self.challenge.id,
            platforms=tuple(self.world.platforms),
            start=self.start,
            seed=self.seed,
            teams=len(self.cast.teams),
            people=len(self.people),
            in_cohort=len(self.cast.in_cohort),
            outages=tuple((outage.since, outage.until) for outage in self.world.outages),
            endings=dict(Counter(one.ending or NO_ENDING for one in rounds).most_common()),
            handed_in=len(self.written),
            promised=tally.promised,
            delivered=tally.delivered,
            explained=by_reason(tally.promises),
            messages=tally.messages,
            in_channels=sum(one.channel is not None for one in started),
            replies=tally.replies,
            unsettled=tally.unsettled,
            never_arrived=tally.never_arrived,
            unbalanced_nights=tally.unbalanced_nights,
            findings=check(
                [line for line in lines if line["person"] is not None],
                people=self.cast.in_cohort,
                weeks=self.steps,
                closed=frozenset(self.closed),
            ),
            round_findings=of_rounds,
            relay_findings=of_relays,
            refused_forms=self.stage.refused_forms,
            wall_seconds=0.0,
        )
        return result, lines

    async def _begin(self) -> None:
        for team in self.cast.teams:
            self.world.platforms[team.platform].open_channel(team.channel, team.in_channel)
        if self.relaying is not None:
            await self.relaying.begin(self.days)
            return
        for team in self.cast.teams:
            await self._begin_round(team)

    async def _begin_round(self, team: TeamCast) -> None:
        """Make the team and begin its round. Somebody who is in another team already is wanted first: when both are at
        it at the same time the coordinator is told of an overlap, and takes them out again."""
        coordinator = self.coordinators[team.platform]
        shared = team.joins[1:]
        await coordinator.make(team, [*team.members, *shared])
        begins_on = self.days[team.name][0]
        try:
            await coordinator.begin(team, self.challenge.id, begins_on)
        except CannotRehearse:
            if not shared:
                raise
            self.stage.refused_forms["coordinator: in two teams at once"] += 1
            for person in shared:
                await coordinator.remove(team, person)
            await coordinator.begin(team, self.challenge.id, begins_on)

    async def _happen(self, team: TeamCast, what: Happening) -> None:
        coordinator = self.coordinators[team.platform]
        try:
            match what:
                case happening.Leaves(person=person):
                    self.gone.add(person)
                    self.stage.later(self.world.clock.now(), self.people[person], LeaveTeam())
                case happening.IsAdded(person=person):
                    await coordinator.add(team, person)
                case happening.IsRemoved(person=person):
                    self.gone.add(person)
                    await coordinator.remove(team, person)
                case happening.ChannelGoes():
                    self.world.platforms[team.platform].close_channel(team.channel)
                    await self.stage.channel_left(team.channel, on=team.platform)
                case happening.RoundIsStopped():
                    self._stop(team)
                case happening.LegIsSkipped():
                    await coordinator.skip_leg(team)
                case happening.RoundIsEnded():
                    await coordinator.end_round(team)
                case happening.TeamIsEnded():
                    await coordinator.end_team(team)
        except CannotRehearse:  # as in life: the coordinator reads why not, and leaves it at that
            self.stage.refused_forms[f"coordinator: {type(what).__name__}"] += 1
        else:
            if self.relaying is not None:
                self.relaying.has_happened(team, what)
        self.world.machine.tick_soon()

    def _stop(self, team: TeamCast) -> None:
        person = self.people[team.facilitator]
        way = person.stop_here(team)
        if way is None:
            raise CannotRehearse("The facilitator sees no way to stop.")
        self.stage.later(self.world.clock.now(), person, way)

    def _held(self) -> list[Held]:
        """Return every round that began: in a relay those whose team had its turn, on the day it came."""
        rounds = {one.team: one for one in self.world.read(all_rounds.all_rounds)}
        return [self._held_by(team, rounds[team.name]) for team in self.cast.teams if team.name in rounds]

    def _held_by(self, team: TeamCast, one: RoundOfTeam) -> Held:
        down = [(outage.since, outage.until) for outage in self.world.outages]
        return Held(
            channel=team.channel,
            challenge=self.challenge,
            spans=timetable(self.challenge, starts_on=one.starts_on, slot=team.slot, closed=team.closed, down=down),
            closed=team.closed,
            readers=team.readers,
            ending=one.ending.value if one.ending is not None else None,
            ended_at=one.ended_at,
            has_channel=self.world.platforms[team.platform].has_channel(team.channel),
            down=down,
            steady=frozenset(person for person in team.members if self._is_steady(person)),
        )

    def _is_steady(self, person: str) -> bool:
        return person not in self.gone and self.people[person].character.kind not in GO_AWAY

    def _goes_on(self) -> bool:
        """Whether a round or a relay has not ended."""
        if any(one.ending is None for one in self.world.read(all_rounds.all_rounds)):
            return True
        return any(one.ending is None for one in self.world.read(storage_relays.of_organisation))

    def _planned(self) -> dict[str, list[date]]:
        """Return the days of each team, by its name, when nothing is delayed."""
        length = self.challenge.length
        if self.in_relay:
            return relays.planned(self.cast.teams, self.start, length)
        return {
            team.name: working_days(self.start + timedelta(days=team.starts_late), length, team.closed)
            for team in self.cast.teams
        }

    def _somebody(self, character: Character) -> TeamMember:
        return TeamMember(
            character=character,
            profile=Profile(external_id=character.person, zone=character.zone, language=character.language),
            clock=self.world.clock,
            later=self.stage.later,
            lots=Random(f"{self.seed} {character.person}"),
            teams=sorted(self.cast.of(character.person), key=lambda one: character.person not in one.members),
            pen=self.pen,
            written=self.written,
        )

    def _shown(self, event: AnyEvent, show: Show) -> None:
        self.eyes.look(event, show, self.world.clock.now())
        if self.relaying is not None:
            self.relaying.shown(event, show)
