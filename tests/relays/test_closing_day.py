"""The day of the closing meeting: told to every team when it is known, and once each time it is another."""

from datetime import date, timedelta

from scheduler.calendar import Calendar
from scheduler.relays import plan_relays
from storage import relays_due
from storage.relay_news import News
from storage.relays import NotDone
from storage.tables.deliveries import Reason, State
from storage.tables.relays import RelayState
from storage.tables.teams import Team
from tests.relays.builders import BATON_DAY, RelayWorld
from tests.relays.test_closing import choose, closed
from tests.relays.test_coordinating import move
from tests.scheduler.world import at

DAY, LAST = News.CLOSING_DAY, News.LAST
FIVE_DAYS_OFF = Calendar(closed=frozenset(date(2026, 3, 9) + timedelta(days=day) for day in range(5))).to_choices()


def days_told(world: RelayWorld, relay: int) -> list[int]:
    """How often each team is told of it, the end of the last leg with it."""
    return [sum(news in (DAY, LAST) for news in world.told(leg)) for leg in world.chain(relay).legs]


def states_of_days(world: RelayWorld) -> list[State | Reason]:
    return [row.reason or row.state for row in world.of_relays() if row.occurrence >= DAY]


async def test_every_team_hears_of_the_day_when_the_last_leg_is_over(memory: RelayWorld) -> None:
    relay = await closed(memory)
    assert days_told(memory, relay) == [1, 1, 1]
    await memory.ticks_until("2026-03-09 11:01")
    assert [memory.fate(leg, LAST) for leg in memory.chain(relay).legs] == [State.SENT] * 3


async def test_a_team_that_has_no_channel_any_more_is_not_told_and_holds_nobody_up(memory: RelayWorld) -> None:
    relay = memory.relay()
    await memory.ticks_until("2026-03-03 11:00")
    memory.change(Team, memory.leg(relay, 2).team_id, channel_id=None)
    memory.skip(memory.leg(relay, 3))
    memory.approved(memory.leg(relay, 1))
    memory.hand_over(memory.leg(relay, 1))
    assert memory.chain(relay).state is RelayState.CLOSING
    assert days_told(memory, relay) == [1, 0, 1]


async def test_another_day_is_told_once_to_each_team(world: RelayWorld) -> None:
    relay = await closed(world)
    await world.ticks_until("2026-03-10 11:00")
    assert choose(world, relay, date(2026, 3, 20)) is None
    assert choose(world, relay, date(2026, 3, 20)) is None
    assert days_told(world, relay) == [2, 2, 2]
    await world.ticks_until("2026-03-10 11:01")
    await world.ticks_until("2026-03-11 12:00")
    assert states_of_days(world) == [State.SENT] * 3
    assert choose(world, relay, date(2026, 3, 20)) is None, "the day that holds"
    assert days_told(world, relay) == [2, 2, 2]
    assert choose(world, relay, date(2026, 3, 23)) is None
    assert choose(world, relay, date(2026, 3, 20)) is None, "as it was: of that they have to hear too"
    assert days_told(world, relay) == [3, 3, 3]
    await world.ticks_until("2026-03-11 12:01")
    assert states_of_days(world) == [State.SENT] * 6


async def test_a_day_chosen_before_its_message_has_gone_out_is_in_that_message(memory: RelayWorld) -> None:
    relay = await closed(memory)
    memory.now = at("2026-03-09 18:00")
    assert choose(memory, relay, date(2026, 3, 20)) is None
    assert days_told(memory, relay) == [1, 1, 1], "the end of the last leg is not told yet, and says the day"
    await memory.ticks_until("2026-03-10 10:00")
    memory.now = at("2026-03-10 17:30")
    for day in (23, 24, 25):
        assert choose(memory, relay, date(2026, 3, day)) is None
    assert days_told(memory, relay) == [2, 2, 2]


async def test_a_day_chosen_while_the_relay_runs_is_told_to_those_it_has_come_to(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert choose(memory, relay, date(2026, 4, 1)) is None
    assert days_told(memory, relay) == [0, 0, 0], "the first team hears of the relay on its first day"
    await memory.ticks_until("2026-03-02 10:00")
    await memory.ticks_until(BATON_DAY)
    memory.approved(memory.leg(relay, 1))
    memory.hand_over(memory.leg(relay, 1))
    assert choose(memory, relay, date(2026, 4, 8)) is None
    assert days_told(memory, relay) == [1, 1, 0]


async def test_a_day_that_waits_for_the_morning_is_not_said_beside_the_end_of_the_last_leg(world: RelayWorld) -> None:
    relay = await world.second_runs()
    await world.ticks_until("2026-03-05 11:00")
    world.approved(world.leg(relay, 2))
    world.skip(world.leg(relay, 3))
    world.now = at("2026-03-05 18:00")
    assert choose(world, relay, date(2026, 3, 20)) is None
    assert world.hand_over(world.leg(relay, 2)) is None
    await world.ticks_until("2026-03-06 10:01")
    assert states_of_days(world) == [Reason.ROUND_ENDED] * 2
    assert [world.fate(leg, LAST) for leg in world.chain(relay).legs] == [State.SENT] * 3
    assert choose(world, relay, date(2026, 3, 23)) is None
    await world.ticks_until("2026-03-06 10:02")
    assert states_of_days(world) == [Reason.ROUND_ENDED] * 2 + [State.SENT] * 3, "another day is told all the same"


async def test_on_the_day_itself_nobody_is_told_that_it_comes(memory: RelayWorld) -> None:
    relay = await closed(memory)
    assert choose(memory, relay, date(2026, 3, 20)) is None
    await memory.ticks_until("2026-03-10 10:00")
    memory.now = at("2026-03-13 17:00")
    before = days_told(memory, relay)
    assert choose(memory, relay, date(2026, 3, 16)) is None
    assert days_told(memory, relay) == before, "they would hear on Monday, as they are asked what they go on with"


async def test_a_message_of_the_day_that_comes_on_the_day_is_not_sent(memory: RelayWorld) -> None:
    """Knuff was down."""
    relay = await closed(memory)
    await memory.ticks_until("2026-03-09 11:01")
    memory.now = at("2026-03-16 08:00")
    assert choose(memory, relay, date(2026, 3, 18)) is None
    await memory.tick("2026-03-18 10:00")
    assert states_of_days(memory) == [Reason.ROUND_ENDED] * 3
    assert [News.CLOSING in memory.told(leg) for leg in memory.chain(relay).legs] == [True] * 3


async def test_a_closing_too_near_to_be_told_before_is_told_on_its_day(memory: RelayWorld) -> None:
    relay = memory.relay()
    await memory.ticks_until("2026-03-02 10:00")
    await memory.ticks_until(BATON_DAY)
    memory.approved(memory.leg(relay, 1))
    for position in (2, 3):
        memory.skip(memory.leg(relay, position))
    assert choose(memory, relay, date(2026, 3, 4)) is None
    memory.now = at("2026-03-03 17:30")
    memory.hand_over(memory.leg(relay, 1))
    assert [LAST in memory.told(leg) for leg in memory.chain(relay).legs] == [True, False, False]


async def test_a_relay_that_is_ended_before_it_began_is_told_to_nobody(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert memory.end_early(relay) is None
    assert [memory.told(leg) for leg in memory.chain(relay).legs] == [[], [], []]


async def test_of_a_leg_that_went_on_before_the_relay_closed_only_the_closing_is_told(memory: RelayWorld) -> None:
    """It went on in the evening, and the legs after it too: in the morning one message tells all."""
    relay = await memory.second_runs()
    memory.now = at("2026-03-04 18:00")
    assert memory.pass_on(memory.leg(relay, 2)) is None
    assert memory.pass_on(memory.leg(relay, 3)) is None
    await memory.ticks_until("2026-03-05 10:00")
    second = memory.leg(relay, 2)
    assert memory.fate(second, News.PASSED_ON) is Reason.ROUND_ENDED
    assert memory.fate(second, LAST) is State.SENT


async def test_a_day_that_comes_before_the_last_leg_is_over_is_not_chosen(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert [choose(memory, relay, date(2026, 3, day)) for day in (6, 9)] == [NotDone.NOT_YET] * 2
    assert memory.chain(relay).closing_on is None
    assert choose(memory, relay, date(2026, 3, 10)) is None, "the day after the last leg's last day"
    await memory.ticks_until("2026-03-03 16:31")
    assert choose(memory, relay, date(2026, 3, 11)) is NotDone.NOT_YET, "the first team is two days late"


async def test_a_leg_that_waits_is_as_long_as_its_teams_days_are_by_now(memory: RelayWorld) -> None:
    """It was planned for 6 and 9 March, on the days that the team had then."""
    relay = memory.relay()
    await memory.ticks_until("2026-03-02 10:00")
    third = memory.leg(relay, 3).team_id
    memory.change(Team, third, calendar=FIVE_DAYS_OFF)
    assert [choose(memory, relay, date(2026, 3, day)) for day in (10, 16)] == [NotDone.NOT_YET] * 2
    assert choose(memory, relay, date(2026, 3, 17)) is None
    memory.change(Team, third, calendar=Calendar().to_choices())
    assert choose(memory, relay, date(2026, 3, 9)) is NotDone.NOT_YET
    assert choose(memory, relay, date(2026, 3, 10)) is None


async def test_days_that_a_team_opens_again_make_its_leg_no_longer(memory: RelayWorld) -> None:
    in_order = memory.teams()
    memory.change(Team, in_order[2], calendar=FIVE_DAYS_OFF)
    relay = memory.relay(in_order)
    memory.change(Team, in_order[2], calendar=Calendar().to_choices())
    assert memory.leg(relay, 3).deadline == date(2026, 3, 16), "as it was planned"
    assert choose(memory, relay, date(2026, 3, 10)) is None


async def test_a_day_that_a_delay_goes_past_is_taken_away_and_who_heard_of_it_hears_that(world: RelayWorld) -> None:
    relay = await world.second_runs()
    assert choose(world, relay, date(2026, 3, 10)) is None
    await world.ticks_until("2026-03-05 10:00")
    assert world.chain(relay).closing_on == date(2026, 3, 10)
    await world.ticks_until("2026-03-05 16:31")
    assert world.leg(relay, 2).stalled_at is not None
    assert world.chain(relay).closing_on is None, "its third team cannot be ready by then"
    assert days_told(world, relay) == [2, 2, 0]
    await world.ticks_until("2026-03-06 10:01")
    assert states_of_days(world) == [State.SENT] * 4
    await world.ticks_until("2026-03-13 12:00")
    assert world.leg(relay, 3).stalled_at is not None
    assert (world.chain(relay).closing_on, days_told(world, relay)) == (None, [2, 2, 0]), "once"
    await world.ticks_until("2026-03-17 10:01")
    assert world.chain(relay).closing_on == date(2026, 3, 24)
    assert [world.fate(leg, LAST) for leg in world.chain(relay).legs] == [State.SENT] * 3


async def test_a_team_that_is_busy_with_another_round_has_all_its_days_still_to_come(world: RelayWorld) -> None:
    """Its leg was planned for 4 and 5 March, and the next for 6 and 9: its other round is over on Friday 13."""
    in_order = world.teams()
    relay = world.relay(in_order)
    await world.ticks_until(BATON_DAY)
    world.another_round(in_order[1], at("2026-03-13 16:30"))
    world.approved(world.leg(relay, 1))
    assert world.hand_over(world.leg(relay, 1)) is None
    await world.ticks_until("2026-03-10 12:00")
    assert [choose(world, relay, date(2026, 3, day)) for day in (11, 19)] == [NotDone.NOT_YET] * 2
    world.skip(world.leg(relay, 3))
    assert [choose(world, relay, date(2026, 3, day)) for day in (11, 16, 17)] == [NotDone.NOT_YET] * 3
    assert choose(world, relay, date(2026, 3, 18)) is None
    await world.ticks_until("2026-03-17 11:00")
    leg = world.leg(relay, 2)
    assert (leg.starts_on, leg.deadline) == (date(2026, 3, 16), date(2026, 3, 17)), "as it looked"
    world.approved(leg)
    assert world.hand_over(leg) is None
    await world.ticks_until("2026-03-18 10:00")
    assert world.chain(relay).closing_on == date(2026, 3, 18)
    assert [world.fate(one, News.CLOSING) for one in world.chain(relay).legs[:2]] == [State.SENT] * 2


async def test_a_day_that_a_busy_team_cannot_keep_is_taken_away_before_it_comes(memory: RelayWorld) -> None:
    in_order = memory.teams()
    relay = memory.relay(in_order)
    assert choose(memory, relay, date(2026, 3, 12)) is None
    await memory.ticks_until(BATON_DAY)
    memory.another_round(in_order[1], at("2026-03-13 16:30"))
    memory.approved(memory.leg(relay, 1))
    assert memory.hand_over(memory.leg(relay, 1)) is None
    await memory.tick("2026-03-03 11:05")
    assert memory.chain(relay).closing_on is None


async def test_a_day_that_nobody_has_heard_of_is_taken_away_in_silence(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert choose(memory, relay, date(2026, 3, 10)) is None
    assert move(memory, relay, date(2026, 2, 27)) is None
    await memory.tick()
    assert memory.chain(relay).closing_on == date(2026, 3, 10)
    assert move(memory, relay, date(2026, 3, 9)) is None
    await memory.tick()
    assert memory.chain(relay).closing_on is None
    assert days_told(memory, relay) == [0, 0, 0]


async def test_who_read_another_day_with_its_first_step_hears_that_it_is_moved(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert choose(memory, relay, date(2026, 4, 1)) is None
    await memory.ticks_until("2026-03-02 10:00")
    assert choose(memory, relay, date(2026, 4, 8)) is None
    [told] = [row.occurrence for row in memory.of_relays() if row.occurrence >= DAY]
    assert told == DAY + 1


async def test_a_relay_whose_day_cannot_be_looked_at_stops_no_other(memory: RelayWorld) -> None:
    broken, other = memory.relay(), memory.relay()
    for relay in (broken, other):
        assert choose(memory, relay, date(2026, 3, 10)) is None
        assert move(memory, relay, date(2026, 3, 9)) is None
    memory.change(Team, memory.leg(broken, 3).team_id, slot="noon")
    planned = await plan_relays(memory.store, memory.now)
    assert planned.failed == 1
    assert [memory.chain(relay).closing_on for relay in (broken, other)] == [date(2026, 3, 10), None]


async def test_days_are_worked_out_only_of_a_relay_that_may_be_late(memory: RelayWorld) -> None:
    relay = memory.relay()
    assert choose(memory, relay, date(2026, 3, 10)) is None

    def looked_at(text: str) -> bool:
        found = memory.run(lambda session: relays_due.may_miss_its_day(session, at(text)))
        return [one.id for one in found] == [relay]

    assert not looked_at("2026-03-02 12:00")
    assert looked_at("2026-03-02 17:00"), "its first leg is over in a day"
    await memory.ticks_until(BATON_DAY)
    memory.approved(memory.leg(relay, 1))
    assert memory.hand_over(memory.leg(relay, 1)) is None
    await memory.ticks_until("2026-03-03 11:01")
    assert not looked_at("2026-03-03 12:00"), "its second has just begun, in time"
    assert looked_at("2026-03-04 17:00")
