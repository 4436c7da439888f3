"""A municipality with teams that run a relay. A test says only what matters to it."""

from collections.abc import Collection
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from lessons.challenges import Challenge, ChallengeDocument
from scheduler import relay_coordinating, relay_moves
from scheduler.ports import Call, ChannelGone, NotNeeded, Sent
from scheduler.relay_coordinating import RelayTeam
from scheduler.relays import plan_relays
from scheduler.rounds import plan_rounds
from storage import batons, next_moments, relay_messages, relay_reading, relays_due, rounds
from storage.database import Store
from storage.relay_news import News, news_of
from storage.relay_reading import Chain, Leg, Words
from storage.relays import NotDone
from storage.tables.deliveries import RELAY_KINDS, Delivery, Kind, Reason, State
from storage.tables.people import Person, Platform, Workspace
from storage.tables.relays import LegState, RelayLeg
from storage.tables.rounds import Ending
from storage.tables.teams import Team
from tests.rounds.builders import TeamWorld, a_step
from tests.scheduler.challenges import by, challenge, each
from tests.scheduler.couriers import PaperCourier
from tests.scheduler.offices import Office
from tests.scheduler.world import MONDAY, at

SHORT = challenge(
    each("receive", 1, private=None, least=1),
    by("team", "baton", 2),
    length=2,
)
"""A leg of two days: the baton is written on the second."""
CONFIRMED = at("2026-02-25 12:00")
BATON_DAY = "2026-03-03 11:00"
"""When the first team writes its baton."""
QUESTION = "Hur får vi äldre att äta mer?"


def words(learning: str = "Fråga först") -> Words:
    return Words(
        learning=learning,
        sign_of_value="Maten tar slut",
        question="Gäller det på helger?",
        invitation="Kom och ät med oss",
        tested=True,
    )


class RelayCourier(PaperCourier):
    """Keeps what each channel heard of a relay, as long as it lets us in."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        self.heard: list[tuple[str, int, Kind, int]] = []
        """Which channel heard what of which leg."""

    def compose(self, session: Session, delivery_id: int, now: datetime) -> Call:
        message = relay_messages.message(session, delivery_id)
        if message is None:
            return super().compose(session, delivery_id, now)
        assert message.channel is not None
        heard = (message.channel, message.leg_id, message.kind, message.occurrence)
        return partial(self._bring, super().compose(session, delivery_id, now), heard)

    async def _bring(self, call: Call, heard: tuple[str, int, Kind, int]) -> Sent | NotNeeded:
        if heard[0] in self.gone:
            raise ChannelGone("is_archived")
        self.heard.append(heard)
        return await call()


class RelayWorld(TeamWorld):
    """Teams of four, in channels C1, C2 …; `of` says who is in each."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.of: dict[int, list[int]] = {}
        self.courier = RelayCourier()
        self.now = CONFIRMED

    def teams(self, number: int = 3, *, size: int = 4, **fields: Any) -> list[int]:
        made = []
        for _ in range(number):
            members = self.members(size)
            place = len(self.of) + 1
            team = self.team(*members, **{"name": f"Lag {place}", "channel_id": f"C{place}"} | fields)
            self.of[team] = members
            made.append(team)
        return made

    def workspace_on(self, platform: Platform) -> int:
        """Another workspace of the organisation; who is made from now on is in it."""
        new = Workspace(
            organisation_id=self.organisation,
            platform=platform,
            external_id=f"T-{platform}",
            created_at=self.founded_at,
        )
        self.workspace = self._add(new)
        return self.workspace

    def relay(
        self,
        teams: Collection[int] | None = None,
        *,
        starts_on: date = MONDAY,
        content: Challenge = SHORT,
        **fields: Any,
    ) -> int:
        """Confirm a relay of these teams, or of three new ones."""
        wanted: dict[str, Any] = {"name": "Matstafetten", "question": QUESTION} | fields
        in_order = [RelayTeam(team_id=team, organisation="Kommunen") for team in (teams or self.teams())]
        made_by = self.person(is_coordinator=True)

        def confirm(session: Session) -> int:
            person, document = session.get_one(Person, made_by), ChallengeDocument(challenge=content)
            return relay_coordinating.confirm(
                session, person, document, in_order, self.now, starts_on=starts_on, **wanted
            ).id

        return self.run(confirm)

    async def second_runs(self) -> int:
        """A relay whose second team has got the baton, on Tuesday; its days are Wednesday and Thursday."""
        relay = self.relay()
        await self.ticks_until(BATON_DAY)
        self.approved(self.leg(relay, 1))
        assert self.hand_over(self.leg(relay, 1)) is None
        return relay

    def another_round(self, team: int, ends_at: datetime) -> int:
        """Something else the team does meanwhile, that begins now."""
        today = self.now.date()
        step = a_step(day=today, last_day=today, prompt_at=self.now, opens_at=ends_at)
        body = ChallengeDocument(challenge=challenge(each("need", 1))).to_json()
        return self.round(team, step, body=body, starts_on=today, ends_at=ends_at)

    def chain(self, relay: int) -> Chain:
        return self.run(lambda session: relay_reading.chain(session, self.organisation, relay))

    def leg(self, relay: int, position: int) -> Leg:
        return self.chain(relay).legs[position - 1]

    def row(self, leg: Leg) -> RelayLeg:
        found: RelayLeg = self.look_up(RelayLeg, leg.id)
        return found

    def states(self, relay: int) -> list[LegState]:
        return [leg.state for leg in self.chain(relay).legs]

    # What people do.

    def write(self, leg: Leg, text: str = "Fråga först", *, by: int = 0) -> NotDone | None:
        return self.by(self.of[leg.team_id][by], batons.write, leg.id, words(text), self.now)

    def approve(self, leg: Leg, text: str = "Fråga först", *, by: Collection[int] = (0, 1, 2)) -> list[NotDone | None]:
        members = self.of[leg.team_id]
        return [self.by(members[one], batons.approve, leg.id, words(text), self.now) for one in by]

    def approved(self, leg: Leg, text: str = "Fråga först") -> None:
        assert self.write(leg, text) is None
        assert set(self.approve(leg, text)) == {None}

    def hand_over(self, leg: Leg, *, by: int = 0) -> NotDone | None:
        return self.by(self.of[leg.team_id][by], relay_moves.hand_over, leg.id, self.now)

    def pass_on(self, leg: Leg, *, by: int = 0) -> NotDone | None:
        return self.by(self.of[leg.team_id][by], relay_moves.pass_on, leg.id, self.now)

    def acknowledge(self, leg: Leg, *, by: int = 0) -> NotDone | None:
        return self.by(self.of[leg.team_id][by], relay_moves.acknowledge, leg.id, self.now)

    def skip(self, leg: Leg) -> NotDone | None:
        return self.run(lambda session: relay_coordinating.skip(session, self.organisation, leg.id, self.now))

    def end_early(self, relay: int) -> NotDone | None:
        return self.run(lambda session: relay_coordinating.end_early(session, self.organisation, relay, self.now))

    def end_round(self, leg: Leg, ending: Ending = Ending.STOPPED_HERE) -> None:
        assert leg.round_id is not None
        round_id = leg.round_id
        assert self.run(lambda session: rounds.end(session, round_id, ending, self.now))

    # What time does.

    async def tick(self, text: str | datetime | None = None) -> None:
        """Let it be that time in Stockholm, plan, and send."""
        if text is not None:
            self.now = at(text) if isinstance(text, str) else text
        await self.plan_teams()
        here = self.workspace
        for workspace in self._workspaces():
            self.workspace = workspace
            await self._office().send()
        self.workspace = here

    async def plan_teams(self) -> None:
        for planner in (plan_rounds, plan_relays):
            planned = await planner(self.store, self.now)
            assert planned.failed == 0

    async def ticks_until(self, text: str) -> None:
        """Tick whenever something is due, up to a time."""
        until = at(text)
        while (moment := self.next_of_teams()) is not None and moment <= until:
            await self.tick(max(moment, self.now))
        await self.tick(until)

    def next_of_teams(self) -> datetime | None:
        moments = [self.run(rounds.next_moment), self.run(relays_due.next_moment)]
        moments.append(self.run(next_moments.next_to_send))
        return min((moment for moment in moments if moment is not None), default=None)

    # What there is to see.

    def told(self, leg: Leg) -> list[News]:
        """What was promised to the leg's channel, in the order of its moments."""
        rows = [row for row in self.of_relays() if row.relay_leg_id == leg.id and row.kind is Kind.RELAY]
        return [news_of(row.occurrence) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]

    def message(self, leg: Leg, news: News) -> Delivery:
        [found] = [row for row in self.of_relays() if row.relay_leg_id == leg.id and row.occurrence == news]
        return found

    def fate(self, leg: Leg, news: News) -> State | Reason:
        found = self.message(leg, news)
        return found.reason or found.state

    def of_relays(self) -> list[Delivery]:
        wanted = select(Delivery).where(col(Delivery.kind).in_(RELAY_KINDS)).order_by(col(Delivery.id))
        return list(self.run(lambda session: session.exec(wanted).all()))

    def lose_channel(self, team: int) -> None:
        found: Team = self.look_up(Team, team)
        assert found.channel_id is not None
        self.courier.gone.add(found.channel_id)

    def _workspaces(self) -> list[int]:
        return list(self.run(lambda session: session.exec(select(Workspace.id)).all()))

    def _office(self) -> Office:
        office = Office(self)
        office.clock.wind_to(self.now)
        office.courier = self.courier
        return office
