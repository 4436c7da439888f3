"""A team whose workspace lets Knuff in no more for a while: it is not judged as if it had been silent."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime

import pytest
from sqlmodel import Session

from lessons.challenges import Challenge
from lessons.library import load_library
from scheduler.ports import Call, Disconnected, NotNeeded, NotSent, Sent
from scheduler.relays import wait_for_workspaces
from storage import relays_due
from storage.database import Store
from storage.relay_news import News, news_of
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Platform, Workspace
from storage.tables.relays import LegState
from tests.relays.builders import BATON_DAY, SHORT, RelayCourier, RelayWorld
from tests.scheduler.world import at

WAITING, RUNNING, HANDED_OVER, SKIPPED = LegState
AWAY = "C2"


class LockedOut(RelayCourier):
    """Finds the second team's workspace closed, or in trouble."""

    is_closed = False
    fails = False

    async def _bring(self, call: Call, heard: tuple[str, int, Kind, int]) -> Sent | NotNeeded:
        if self.is_closed and heard[0] == AWAY:
            raise Disconnected("account_inactive")
        if self.fails and heard[0] == AWAY:
            raise NotSent("internal_error")
        return await super()._bring(call, heard)


class Elsewhere(RelayWorld):
    """A relay whose second team, in a workspace of its own, has got the baton; its days are Wednesday and Thursday."""

    async def begins(self, content: Challenge = SHORT) -> int:
        first = self.teams(1)
        here, self.closes = self.workspace, self.workspace_on(Platform.TEAMS)
        second = self.teams(1)
        self.workspace = here
        relay = self.relay([*first, *second, *self.teams(1)], content=content)
        self.courier: LockedOut = LockedOut()
        return relay

    async def hands_over_first(self, relay: int, day: str = BATON_DAY) -> None:
        await self.ticks_until(day)
        self.approved(self.leg(relay, 1))
        assert self.hand_over(self.leg(relay, 1)) is None
        await self.ticks_until(day)

    def closed(self, since: datetime | None = None) -> None:
        """It is known, or (with `since`) will be found when something is sent there."""
        self.courier.is_closed = True
        if since is None:
            self.change(Workspace, self.closes, disconnected_at=self.now)

    def connected_again(self) -> None:
        self.courier.is_closed = False
        self.change(Workspace, self.closes, disconnected_at=None)

    def heard(self) -> list[News]:
        return [news_of(one[3]) for one in self.courier.heard if one[0] == AWAY]


@pytest.fixture
def away(store: Store) -> Elsewhere:
    return Elsewhere(store)


async def test_a_team_that_cannot_be_reached_hears_that_its_days_are_over_when_it_can_and_has_two_more(
    away: Elsewhere,
) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    await away.ticks_until("2026-03-03 12:00")
    away.closed()
    await away.ticks_until("2026-03-10 11:00")
    leg = away.leg(relay, 2)
    assert (leg.state, leg.stalled_at) == (RUNNING, at("2026-03-05 16:30"))
    assert leg.passes_on_at == at("2026-03-12 10:00"), "the others do not wait without end"
    assert away.heard() == [News.ARRIVED]
    away.connected_again()
    await away.tick("2026-03-10 11:01")
    await away.tick("2026-03-10 11:02")
    assert away.heard() == [News.ARRIVED, News.STALLED], "it is not reminded besides"
    assert away.leg(relay, 2).passes_on_at == at("2026-03-12 10:00")
    assert away.message(leg, News.STALLED).due_at == at("2026-03-06 10:00"), "what was promised for then"
    assert away.fate(leg, News.STALLED) is State.SENT
    await away.ticks_until("2026-03-12 09:59")
    assert away.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    await away.ticks_until("2026-03-12 10:01")
    assert away.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    assert away.told(leg) == [News.ARRIVED, News.STALLED, News.PASSED_ON]


@pytest.mark.parametrize(
    ("opens", "goes_on"),
    [("2026-03-09 11:00", "2026-03-11 10:00"), ("2026-03-11 18:00", "2026-03-16 10:00")],
    ids=["soon", "on the evening before the others would go on"],
)
async def test_a_team_that_could_not_be_told_has_two_working_days_from_when_it_is(
    away: Elsewhere, opens: str, goes_on: str
) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    await away.ticks_until("2026-03-05 17:00")
    away.closed(since=away.now)  # found when it is told that its days are over
    await away.ticks_until(opens)
    assert away.leg(relay, 2).state is RUNNING
    assert News.STALLED not in away.heard()
    away.connected_again()
    await away.ticks_until("2026-03-12 10:01")
    assert away.heard().count(News.STALLED) == 1
    await away.ticks_until("2026-03-16 10:01")
    ended_at = away.leg(relay, 2).ended_at
    assert ended_at is not None
    assert at(goes_on) <= ended_at <= at(goes_on.replace(":00", ":01"))


async def test_a_team_that_can_be_reached_at_the_very_moment_when_the_others_would_go_on_has_its_days(
    away: Elsewhere,
) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    away.closed()
    await away.ticks_until("2026-03-12 09:59")
    away.connected_again()
    await away.tick("2026-03-12 10:00")
    await away.tick("2026-03-12 10:01")
    assert away.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    assert away.heard().count(News.STALLED) == 1
    assert away.leg(relay, 2).passes_on_at == at("2026-03-16 10:00")


async def test_a_team_whose_message_fails_time_and_again_is_not_waited_for_without_end(away: Elsewhere) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    await away.ticks_until("2026-03-05 17:00")
    away.courier.fails = True  # its workspace lets us in all the while
    await away.ticks_until("2026-03-10 09:59")
    leg = away.leg(relay, 2)
    assert (leg.state, leg.passes_on_at) == (RUNNING, at("2026-03-10 10:00"))
    await away.ticks_until("2026-03-10 10:06")
    assert away.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]


async def test_a_team_that_is_never_reached_is_waited_for_a_week_and_then_gone_past(away: Elsewhere) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    away.closed()
    await away.ticks_until("2026-03-12 09:59")
    assert away.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    await away.ticks_until("2026-03-12 10:01")
    assert away.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
    assert away.chain(relay).received_by(away.leg(relay, 3)) == away.leg(relay, 1)
    await away.ticks_until("2026-04-08 12:00")
    leg = away.leg(relay, 2)
    assert away.fate(leg, News.STALLED) is Reason.ROUND_ENDED
    assert away.fate(leg, News.PASSED_ON) is Reason.WORKSPACE_DISCONNECTED
    assert {row.state for row in away.of_relays()} == {State.SENT, State.EXPLAINED}, "promised = delivered + explained"
    assert away.heard() == [News.ARRIVED]


async def test_a_team_is_not_reminded_while_it_cannot_be_reached_but_on_the_day_after(away: Elsewhere) -> None:
    relay = await away.begins(load_library().challenges["relay"])
    await away.ticks_until("2026-03-12 11:00")
    away.closed()
    await away.hands_over_first(relay, "2026-03-12 11:00")
    await away.ticks_until("2026-03-19 11:00")  # it would have been reminded on Tuesday the 17th
    leg = away.leg(relay, 2)
    assert (leg.reminded_at, leg.waits_for_word) == (None, False)
    away.connected_again()
    await away.ticks_until("2026-03-20 09:59")
    assert News.REMINDED not in away.heard()
    await away.ticks_until("2026-03-20 10:01")
    assert away.heard() == [News.REMINDED]
    assert away.fate(leg, News.ARRIVED) is Reason.WORKSPACE_DISCONNECTED


async def test_a_reminder_that_has_not_arrived_gives_way_to_what_says_more(away: Elsewhere) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    away.closed(since=away.now)
    await away.ticks_until("2026-03-05 09:59")
    away.change(Workspace, away.closes, disconnected_at=None)
    await away.ticks_until("2026-03-06 12:00")  # the reminder was tried in vain
    leg = away.leg(relay, 2)
    assert away.told(leg)[1:] == [News.REMINDED, News.STALLED]
    away.connected_again()
    await away.ticks_until("2026-03-06 12:10")
    assert away.heard() == [News.ARRIVED, News.STALLED]
    assert away.fate(leg, News.REMINDED) is Reason.ROUND_ENDED


async def test_words_that_are_approved_wait_as_well_and_then_go_on(away: Elsewhere) -> None:
    relay = await away.begins()
    await away.hands_over_first(relay)
    await away.ticks_until("2026-03-05 11:00")
    away.approved(away.leg(relay, 2), "Bjud in dem")
    away.closed()
    await away.ticks_until("2026-03-12 09:59")
    assert away.states(relay) == [HANDED_OVER, RUNNING, WAITING]
    await away.ticks_until("2026-03-12 10:01")
    assert away.chain(relay).received_by(away.leg(relay, 3)) == away.leg(relay, 2)


@pytest.mark.postgres
async def test_two_processes_that_see_it_connected_again_give_it_its_days_once(emptied_postgres: Store) -> None:
    away = Elsewhere(emptied_postgres)
    relay = await away.begins()
    await away.hands_over_first(relay)
    away.closed()
    await away.ticks_until("2026-03-09 10:59")
    away.connected_again()
    now = at("2026-03-09 11:00")
    unreached = away.run(lambda session: relays_due.due(session, now)).unreached
    assert [one.id for one in unreached] == [away.leg(relay, 2).id]
    with Session(away.store.engine) as first, ThreadPoolExecutor(1) as beside:
        wait_for_workspaces(first, unreached, now)
        second = beside.submit(away.run, lambda session: wait_for_workspaces(session, unreached, now))
        with pytest.raises(NotYet):
            second.result(0.3)
        first.commit()
        second.result(20)
    assert away.leg(relay, 2).passes_on_at == at("2026-03-11 10:00")
    await away.ticks_until("2026-03-11 12:00")
    assert away.heard().count(News.STALLED) == 1
    assert away.states(relay) == [HANDED_OVER, HANDED_OVER, RUNNING]
