"""A message to a team's channel is claimed, sent, found again, accounted for and disposed of as any other: it has no
person, and nobody's row is touched for it. A member's own is needed at the moment of sending, or it is not sent."""

from datetime import date, timedelta
from typing import Any

import pytest

from scheduler.account import summed
from scheduler.disposal import dispose
from scheduler.ports import ChannelGone, Disconnected, RateLimited, Unknown
from storage import account, all_promises, ballots, contributions, proposals, stuck, teams
from storage.round_news import News
from storage.sending import due_messages
from storage.tables.deliveries import Delivery, Kind, Priority, Reason, State
from storage.tables.people import Person, Workspace
from storage.tables.rounds import Asks, Ending, RoundStep
from storage.tables.teams import Team
from tests.rounds.builders import NEXT_DAY, NOON, OPENS, PROMPT, SOON, TeamWorld, a_step
from tests.scheduler.couriers import TrialClock
from tests.scheduler.offices import Office
from tests.scheduler.world import MONDAY, at


@pytest.fixture
def office(world: TeamWorld) -> Office:
    office = Office(world)
    office.clock = TrialClock(PROMPT)
    return office


def fate(world: TeamWorld, id: int) -> State | Reason:
    row: Delivery = world.look_up(Delivery, id)
    return row.reason or row.state


async def test_it_goes_to_the_channel_and_touches_nobody(world: TeamWorld, office: Office) -> None:
    me, you = world.members(2)
    message = world.to_team(world.step(me, you))
    before = [world.look_up(Person, one).model_dump() for one in (me, you)]
    [due] = world.run(lambda session: due_messages(session, world.workspace, PROMPT, 9))
    assert (due.delivery_id, due.conversation_id) == (message, "C1")
    await office.send()
    row = world.look_up(Delivery, message)
    assert (row.state, row.conversation_id, row.message_id) == (State.SENT, f"C{message}", f"M{message}")
    assert [world.look_up(Person, one).model_dump() for one in (me, you)] == before
    assert [one.outcome for one in world.attempts()] == ["sent"]


async def test_what_the_channel_hears_what_a_member_gets_and_anybodys_nudge_go_side_by_side(
    world: TeamWorld, office: Office
) -> None:
    me, you, another = world.members(3)
    step = world.step(me, you)
    messages = [world.to_team(step), world.to_team(step, me), world.promise(another, step=1)]
    await office.send()
    assert sorted(office.courier.ids) == messages


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (Team, {"ended_at": NOON}, Reason.ROUND_ENDED),
        (Team, {"channel_id": None}, Reason.NOT_REACHABLE),
        (RoundStep, {"closed_at": PROMPT}, Reason.TOO_LATE),
        (Delivery, {"late_after": PROMPT - SOON}, Reason.TOO_LATE),
    ],
)
async def test_at_the_last_moment_it_is_seen_whether_the_channel_is_to_hear_it(
    world: TeamWorld, office: Office, table: type[Any], change: dict[str, Any], reason: Reason
) -> None:
    step = world.step(*world.members(2))
    message = world.to_team(step)
    world.change(table, {"Team": 1, "RoundStep": step, "Delivery": message}[table.__name__], **change)
    await office.send()
    assert (office.courier.received, fate(world, message)) == ([], reason)


async def test_of_a_round_that_has_ended_nothing_more_is_said(world: TeamWorld, office: Office) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    messages = [world.to_team(step), world.to_team(step, me), world.to_team(step, kind=Kind.ROUND_REMINDER)]
    world.ended(step, Ending.STOPPED_HERE, PROMPT)
    await office.send()
    assert {fate(world, one) for one in messages} == {Reason.ROUND_ENDED}
    assert office.courier.received == []


@pytest.mark.parametrize(
    ("asks", "ending", "became"),
    [
        (Asks.TEAM, Ending.FINISHED, State.SENT),
        (Asks.MANDATE, Ending.NOT_MADE, State.SENT),
        (Asks.FACILITATOR, Ending.STOPPED_HERE, Reason.ROUND_ENDED),
        (Asks.TEAM, Ending.ENDED_EARLY, Reason.ROUND_ENDED),
        (Asks.EACH, Ending.FINISHED, Reason.ROUND_ENDED),
    ],
)
async def test_what_was_handed_in_for_all_is_told_where_only_the_days_of_the_round_were_over(
    world: TeamWorld, office: Office, asks: Asks, ending: Ending, became: State | Reason
) -> None:
    step = world.step(*world.members(2), asks=asks)
    message = world.to_team(step, occurrence=News.OPENED)
    world.ended(step, ending, PROMPT)
    await office.send()
    assert fate(world, message) is became


async def test_nothing_is_said_at_night_where_the_team_is(world: TeamWorld, office: Office) -> None:
    message = world.to_team(world.step(*world.members(2)), late_after=NEXT_DAY)
    world.change(Team, 1, zone="America/New_York")
    await office.send()
    row = world.look_up(Delivery, message)
    assert (row.state, row.try_at) == (State.PLANNED, at("2026-03-02 07:30", "America/New_York"))
    world.change(Delivery, message, late_after=NOON)
    office.clock.wind_to(row.try_at)
    await office.send()
    assert fate(world, message) is Reason.TOO_LATE


async def test_while_the_workspace_is_disconnected_it_waits_and_is_then_explained(
    world: TeamWorld, office: Office
) -> None:
    message = world.to_team(world.step(*world.members(2)))
    office.courier.before[message] = [Disconnected("account_inactive")]
    await office.send()
    assert fate(world, message) is State.PLANNED
    assert world.look_up(Workspace, world.workspace).disconnected_reason == "account_inactive"
    await office.go_on(hours=5)
    assert fate(world, message) is Reason.WORKSPACE_DISCONNECTED


async def test_a_channel_that_is_gone_ends_the_round_by_name_and_nobody_is_unreachable(
    world: TeamWorld, office: Office
) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    message, later = world.to_team(step), world.to_team(step, me, try_at=PROMPT + SOON)
    office.courier.before[message] = [ChannelGone("channel_not_found")]
    await office.send()
    assert fate(world, message) is Reason.NOT_REACHABLE
    assert world.round_of(step).ending is Ending.CHANNEL_GONE
    assert world.look_up(Person, me).unreachable_at is None
    await office.go_on(hours=1)
    assert fate(world, later) is Reason.ROUND_ENDED


async def test_what_nobody_knows_of_is_searched_for_and_found(world: TeamWorld, office: Office) -> None:
    message = world.to_team(world.step(*world.members(2)))
    office.courier.after[message] = [Unknown("timeout")]
    await office.send()
    assert fate(world, message) is State.UNKNOWN
    await office.go_on(minutes=2)
    assert (fate(world, message), office.courier.ids) == (State.SENT, [message])


async def test_what_the_platform_would_not_take_yet_is_tried_again(world: TeamWorld, office: Office) -> None:
    message = world.to_team(world.step(*world.members(2)))
    office.courier.before[message] = [RateLimited("ratelimited", until=PROMPT + SOON, bucket="chat.postMessage")]
    await office.send()
    await office.go_on(minutes=10)
    assert (fate(world, message), office.courier.ids) == (State.SENT, [message])


@pytest.mark.parametrize("asks", [Asks.EACH, Asks.TEAM, Asks.VOTE, Asks.ANONYMOUS])
async def test_only_who_has_not_handed_in_is_reminded(world: TeamWorld, office: Office, asks: Asks) -> None:
    me, you = world.members(2)
    team = world.team(me, you)
    idea = a_step("idea", asks=Asks.TEAM)
    first, step = world.steps_of(world.round(team, idea, a_step("asked", asks=asks)))
    handed_in = world.by(me, contributions.hand_in, first.id, {"need": "x"}, NOON)
    assert isinstance(handed_in, int)
    match asks:
        case Asks.VOTE:
            assert world.by(me, ballots.cast, step.id, handed_in, NOON) is None
        case Asks.ANONYMOUS:
            said: list[dict[str, Any]] = [{"need": "x"}]
            world.run(lambda s: proposals.hand_in(s, step.id, "my form", said, now=NOON, day=MONDAY))
        case _:
            world.by(me, contributions.hand_in, step.id, {"need": "x"}, NOON)
    mine, yours = (
        world.to_team(
            step.id, one, kind=Kind.ROUND_REMINDER, day=MONDAY + timedelta(days=1), late_after=NEXT_DAY + SOON
        )
        for one in (me, you)
    )
    office.clock.wind_to(NEXT_DAY)
    await office.send()
    answered, sent = Reason.ALREADY_ANSWERED, State.SENT
    assert (fate(world, mine), fate(world, yours)) == {
        Asks.EACH: (answered, sent),
        Asks.VOTE: (answered, sent),
        Asks.TEAM: (answered, answered),
        Asks.ANONYMOUS: (sent, sent),
    }[asks]


async def test_a_member_is_not_asked_who_has_left_paused_or_stopped(world: TeamWorld, office: Office) -> None:
    left, paused, stopped, there, stranger, mandate = world.members(6)
    step = world.step(left, paused, stopped, there)
    world.change(Team, 1, mandate_id=mandate)
    messages = [world.to_team(step, one) for one in (left, paused, stopped, there, stranger, mandate)]
    world.by(left, teams.leave, 1, PROMPT)
    world.change(Person, paused, paused_from=MONDAY, paused_until=MONDAY)
    world.change(Person, stopped, stopped_at=PROMPT)
    await office.send()
    assert [fate(world, one) for one in messages] == [
        Reason.LEFT_TEAM, Reason.PAUSED, Reason.STOPPED, State.SENT, Reason.LEFT_TEAM, State.SENT,
    ]  # fmt: skip
    assert world.look_up(Person, there).unanswered == 0, "it is no nudge"


async def test_what_rides_on_a_members_prompt_goes_by_itself_when_the_round_is_over(
    world: TeamWorld, office: Office
) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    carrier = world.to_team(step, me)
    rider = world.promise(
        me, kind=Kind.FOLLOW_UP, subject_id=world.follow_up(me, MONDAY), rides_on=carrier, late_after=OPENS,
        priority=Priority.COMES_BACK,
    )  # fmt: skip
    world.ended(step, Ending.ENDED_EARLY, PROMPT)
    await office.send()
    await office.send()
    assert (fate(world, carrier), fate(world, rider)) == (Reason.ROUND_ENDED, State.SENT)


async def test_the_account_of_its_day_balances_and_counts_no_person_for_it(world: TeamWorld, office: Office) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    sent, night = world.to_team(step), world.to_team(step, me, late_after=PROMPT - SOON)
    world.to_team(step, you, try_at=OPENS)
    await office.send()
    assert [fate(world, one) for one in (sent, night)] == [State.SENT, Reason.TOO_LATE]
    found = world.run(lambda s: account.parts(s, organisation_id=world.organisation, first=MONDAY, last=MONDAY))
    [part] = found
    total = summed(part.counts)
    assert (total.promised, total.sent, total.explained, total.on_the_way) == (3, 1, 1, 1)
    assert (part.cohort_id, part.people) == (None, 2)
    listed = world.run(lambda session: all_promises.all_promises(session, world.organisation))
    assert [one.person for one in listed] == [None, "U1", "U2"]


async def test_what_has_no_end_when_its_day_is_over_is_seen_but_for_what_a_channel_hears_rather_late_than_never(
    world: TeamWorld,
) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    late = PROMPT + timedelta(days=7)
    mine, channels = world.to_team(step, me, late_after=late), world.to_team(step, late_after=late)

    def left(day: date) -> set[int]:
        return world.run(lambda s: all_promises.unsettled_before(s, organisation_id=world.organisation, day=day))

    assert left(MONDAY) == set()
    assert left(MONDAY + timedelta(days=1)) == left(late.date()) == {mine}
    assert left(late.date() + timedelta(days=1)) == {mine, channels}


async def test_an_operator_sees_it_among_what_waits_and_what_failed(world: TeamWorld, office: Office) -> None:
    message = world.to_team(world.step(*world.members(2)))
    [waiting] = world.run(lambda session: stuck.sending(session, PROMPT, lease_seconds=30))
    assert (waiting.due, waiting.due_since) == (1, PROMPT)
    office.courier.after[message] = [Unknown("timeout")]
    await office.send()
    assert [one.messages for one in world.run(stuck.unsettled)] == [1]


async def test_it_is_kept_for_a_year_and_disposed_of(world: TeamWorld, office: Office) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    messages = [world.to_team(step), world.to_team(step, me)]
    await office.send()
    await dispose(world.store, date(2027, 3, 2), NOON)
    assert [row.id for row in world.deliveries()] == messages
    await dispose(world.store, date(2027, 3, 3), NOON)
    assert world.deliveries() == []
