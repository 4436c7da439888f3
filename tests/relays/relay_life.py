"""One relay with everything that may happen to it, and what may never be."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import date, timedelta
from typing import TypeVar

from sqlmodel import Session, select

from scheduler import relay_closing_day, relay_moves
from scheduler.calendar import Calendar
from scheduler.relays import plan_relays
from storage import relay_commitments, rounds, teams
from storage.relay_news import News
from storage.relay_reading import Chain, Leg
from storage.rounds import RoundUnderWay
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Person
from storage.tables.relays import Afterwards, LegState, RelayEnding, RelayState
from storage.tables.rounds import Ending, Round, RoundState
from storage.tables.teams import Team
from tests.in_memory import in_memory
from tests.relays.builders import RelayWorld, words
from tests.scheduler.world import at

T = TypeVar("T")
OVER = (LegState.HANDED_OVER, LegState.SKIPPED)
LONGEST = timedelta(days=200)
"""Six legs of two days with two days' patience, a closing day, and twelve weeks; with every weekend and Easter."""
NO_DAYS = Calendar(closed=frozenset(date(2026, 3, 2) + timedelta(days=day) for day in range(1000))).to_choices()
HARDLY_ANY = Calendar(
    closed=frozenset(date(2026, 3, 3) + timedelta(days=day) for day in range(1000) if day % 100 != 50)
).to_choices()
AT_ONE_MOMENT = 5
"""Ticks: whatever one brings about, the next has seen."""


class CutShort(Exception):
    """The process is gone before the commit."""


class RelayLife:
    """`approved` is what a team has approved, by its place: words that may not be lost any more."""

    def __init__(self, number: int) -> None:
        self.world = RelayWorld(in_memory())
        self.loop = asyncio.new_event_loop()
        self.relay = self.world.relay(self.world.teams(number))
        self.written: dict[int, str] = {}
        self.approved: dict[int, str] = {}
        self.approvers: set[int] = set()
        """Who in the holder's team has approved of its words as they stand."""
        self.gone: dict[int, set[int]] = {}
        """Who has left each team."""
        self.texts = 0
        self.begun_at = self.world.now
        self.was_down = False
        self.world.now = at("2026-03-02 09:00")

    @property
    def chain(self) -> Chain:
        return self.world.chain(self.relay)

    @property
    def holder(self) -> Leg | None:
        return self.chain.holder

    # What people do.

    def write(self, by: int) -> None:
        if (leg := self.holder) is not None:
            self.texts += 1
            if self.world.write(leg, text := f"Lärdom {self.texts}", by=by % 3) is None:
                self.written[leg.position] = text
                self.approved.pop(leg.position, None)
                self.approvers = set()

    def approve(self, by: list[int]) -> None:
        leg = self.holder
        if leg is None or leg.position not in self.written:
            return
        said = self.world.approve(leg, self.written[leg.position], by=by)
        self.approvers |= {one for one, why_not in zip(by, said, strict=True) if why_not is None}
        self._count_approvers()

    def hand_over(self) -> None:
        if (leg := self.holder) is not None:
            done = [self.world.hand_over(leg, by=by) is None for by in (0, 1)]
            assert not all(done)

    def pass_on(self) -> None:
        if (leg := self.holder) is not None:
            assert not (self.world.pass_on(leg) is None and self.world.pass_on(leg, by=1) is None)

    def acknowledge(self) -> None:
        if (leg := self.holder) is not None:
            self.world.acknowledge(leg)

    def skip(self, position: int) -> None:
        if position <= len(self.chain.legs):
            self.world.skip(self.world.leg(self.relay, position))

    def stop_round(self) -> None:
        leg = self.holder
        if leg is not None and leg.round_id and self.world.look_up(Round, leg.round_id).state is not RoundState.ENDED:
            self.world.end_round(leg, Ending.STOPPED_HERE)

    def choose_closing_day(self, days: int) -> None:
        day, where = self.world.now.date() + timedelta(days=days), self.world.organisation
        self.world.run(lambda session: relay_closing_day.choose(session, where, self.relay, day, self.world.now))

    def promise_and_tell(self, position: int) -> None:
        if position > len(self.chain.legs):
            return
        leg, now = self.world.leg(self.relay, position), self.world.now
        who = self.world.of[leg.team_id][0]
        self.world.by(
            who, relay_commitments.promise, leg.id, "Frukost", owner_role="Chefen", due_on=date(2026, 9, 1), now=now
        )
        self.world.by(who, relay_commitments.say, leg.id, 4, Afterwards.UNDER_WAY, None, now)

    def end_early(self) -> None:
        self.world.end_early(self.relay)

    # What happens to teams.

    def end_team(self, position: int) -> None:
        if position <= len(self.chain.legs):
            team, world = self.chain.legs[position - 1].team_id, self.world
            world.run(lambda session: teams.end(session, world.organisation, team, world.now))

    def shrink_team(self, position: int) -> None:
        if position <= len(self.chain.legs):
            team = self.chain.legs[position - 1].team_id
            for one in (1, 2, 3):
                self._leaves(team, one)

    def one_leaves(self, position: int) -> None:
        """One of those who are left, but for the first."""
        if position <= len(self.chain.legs):
            team = self.chain.legs[position - 1].team_id
            self._leaves(team, max({1, 2, 3} - self.gone.get(team, set()), default=3))

    def has_no_days_left(self, position: int) -> None:
        if position <= len(self.chain.legs):
            self.world.change(Team, self.chain.legs[position - 1].team_id, calendar=NO_DAYS)

    def has_hardly_any_days(self, position: int) -> None:
        if position <= len(self.chain.legs):
            self.world.change(Team, self.chain.legs[position - 1].team_id, calendar=HARDLY_ANY)

    def stops_everything_and_ends(self, position: int) -> None:
        """Its round is ended, and then the team: before the planner sees either."""
        if position <= len(self.chain.legs):
            team, now = self.chain.legs[position - 1].team_id, self.world.now

            def stop(session: Session) -> None:
                for round_id in session.exec(select(Round.id).where(Round.team_id == team)).all():
                    rounds.end(session, round_id, Ending.ENDED_EARLY, now)

            self.world.run(stop)
            self.end_team(position)

    def does_something_else(self, position: int) -> None:
        """A team that does not have the baton yet begins another round, of its own."""
        leg = self.world.leg(self.relay, min(position, len(self.chain.legs)))
        if leg.state is LegState.WAITING and leg.can_run:
            ends_at = self.world.now + timedelta(days=self.texts % 9 + 1)
            with suppress(RoundUnderWay):
                self.world.another_round(leg.team_id, ends_at)

    def channel_goes(self, position: int) -> None:
        if position <= len(self.chain.legs):
            self.world.lose_channel(self.chain.legs[position - 1].team_id)

    # What the clock and the machine do.

    def tick(self) -> None:
        self._wait(self.world.tick())

    def until_something_is_due(self) -> None:
        moment = self.world.next_of_teams()
        if moment is not None:
            self._wait(self.world.tick(max(moment, self.world.now)))

    def is_down(self, days: int) -> None:
        self.world.now += timedelta(days=days)
        self.tick()

    def two_plan_at_once(self) -> None:
        async def both() -> None:
            await asyncio.gather(*(plan_relays(self.world.store, self.world.now) for _ in range(2)))

        self._wait(both())

    def cut_short(self) -> None:
        """Whatever the holder's team does now, the process is gone before it is kept."""
        leg, world = self.holder, self.world
        if leg is None:
            return
        member = world.of[leg.team_id][0]

        def do(session: Session) -> None:
            person = session.get_one(Person, member)
            if relay_moves.hand_over(session, person, leg.id, world.now) is not None:
                relay_moves.pass_on(session, person, leg.id, world.now)
            raise CutShort

        before = self.chain
        try:
            world.run(do)
        except CutShort:
            assert self.chain == before

    # What may never be.

    def check(self) -> None:
        chain = self.chain
        self._one_has_the_baton(chain)
        self._no_words_are_lost(chain)
        self._everybody_hears_it_once(chain)

    def finish(self) -> None:
        """Whatever has happened, the relay comes to its end by itself, and every message to its own."""
        stood_still = 0
        while self.world.next_of_teams() is not None:
            before = self.world.now
            self.until_something_is_due()
            self.check()
            stood_still = stood_still + 1 if self.world.now == before else 0
            assert stood_still < AT_ONE_MOMENT, "something is due for ever"
            assert self.world.now - self.begun_at < LONGEST
        chain = self.chain
        assert chain.state is RelayState.ENDED
        if chain.ending is RelayEnding.FINISHED:
            assert all(one.asked_at is not None for leg in chain.legs for one in leg.questions)
            assert {len(leg.questions) for leg in chain.legs} == {3}
        assert {row.state for row in self.world.of_relays()} <= {State.SENT, State.EXPLAINED}
        assert all(row.reason is not Reason.TOO_LATE for row in self.world.of_relays() if not self.was_down)
        self.check()

    def close(self) -> None:
        self.loop.close()
        self.world.store.close()

    def _leaves(self, team: int, one: int) -> None:
        self.world.by(self.world.of[team][one], teams.leave, team, self.world.now)
        self.gone.setdefault(team, set()).add(one)
        self._count_approvers()

    def _count_approvers(self) -> None:
        leg = self.holder
        if leg is None or leg.position not in self.written:
            return
        there = {0, 1, 2, 3} - self.gone.get(leg.team_id, set())
        if len(self.approvers & there) >= min(3, len(there)):
            self.approved[leg.position] = self.written[leg.position]

    def _one_has_the_baton(self, chain: Chain) -> None:
        holders = [leg for leg in chain.legs if leg.state is LegState.RUNNING]
        if chain.state in (RelayState.CLOSING, RelayState.ENDED):
            assert all(leg.state in OVER for leg in chain.legs)
            return
        [holder] = holders
        assert holder.begun_at is not None
        assert all(leg.state in OVER for leg in chain.legs[: holder.position - 1])
        assert all(leg.begun_at is None for leg in chain.legs[holder.position :])

    def _no_words_are_lost(self, chain: Chain) -> None:
        kept: str | None = None
        for leg in chain.legs:
            received = chain.received_by(leg)
            assert (received.baton.words.learning if received and received.baton else None) == kept
            text = self.approved.get(leg.position)
            if leg.state is LegState.HANDED_OVER and text is not None:
                assert leg.baton is not None
                assert leg.baton.words == words(text)
                kept = text
            elif leg.state is LegState.HANDED_OVER:
                assert leg.passed_on
                assert kept is not None
            else:
                assert leg.baton is None
            if leg.state is LegState.SKIPPED:
                assert text is None, "approved words went nowhere"

    def _everybody_hears_it_once(self, chain: Chain) -> None:
        heard = self.world.courier.heard
        assert len(heard) == len(set(heard))
        promised = {(row.relay_leg_id, row.occurrence) for row in self.world.of_relays() if row.kind is Kind.RELAY}
        for leg in chain.legs:
            if not leg.can_run or chain.ending is RelayEnding.ENDED_EARLY:
                continue
            has_come = leg.begun_at is not None
            expected = {
                News.ARRIVED: has_come and leg.position > 1,
                News.STALLED: leg.stalled_at is not None,
                News.REMINDED: leg.reminded_at is not None,
                News.PASSED_ON: has_come
                and leg.state in OVER
                and leg.baton is None
                and self._goes_on_after(chain, leg),
                News.CLOSING: any(one.weeks == 0 and one.asked_at for one in leg.questions),
            }
            assert {news: (leg.id, news) in promised for news in expected} == expected

    def _goes_on_after(self, chain: Chain, leg: Leg) -> bool:
        return any(one.begun_at is not None for one in chain.legs[leg.position :])

    def _wait(self, work: Awaitable[T]) -> T:
        async def done() -> T:
            return await work

        return self.loop.run_until_complete(done())
