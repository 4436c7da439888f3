"""Two who do something at the same moment: on PostgreSQL, whose writers do not wait for each other by themselves."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlmodel import Session, select

from scheduler import round_news, round_notes
from scheduler.rounds import end_rounds, open_and_close, prompt
from storage import rounds, rounds_due, sending, settling, teams, wrap_ups
from storage.database import Store
from storage.round_news import News
from storage.rounds import DueRound, DueStep, NewRound, RoundUnderWay
from storage.sending import Claimed
from storage.tables.deliveries import Delivery
from storage.tables.people import Person
from storage.tables.rounds import Asks, Ending, Round, RoundState, RoundStep
from storage.teams import ChannelTaken, NewTeam
from tests.rounds.builders import ENDS, NEXT_DAY, NOON, PROMPT, TeamWorld, a_step
from tests.scheduler.world import MONDAY, STOCKHOLM

pytestmark = pytest.mark.postgres
T = TypeVar("T")


@pytest.fixture
def world(emptied_postgres: Store) -> TeamWorld:
    return TeamWorld(emptied_postgres)


@pytest.fixture
def meanwhile() -> Iterator[Callable[[Callable[[], T]], "Future[T]"]]:
    """Begin something beside the test. It must come to wait for what the test has not finished."""
    with ThreadPoolExecutor(1) as beside:

        def begun(work: Callable[[], T]) -> "Future[T]":
            future = beside.submit(work)
            with pytest.raises(NotYet):
                future.result(0.3)
            return future

        yield begun


Meanwhile = Callable[[Callable[[], T]], "Future[T]"]


def confirm(session: Session, world: TeamWorld, team: int) -> None:
    new = NewRound(
        team_id=team, challenge_id="idea-sprint", body="{}", starts_on=MONDAY, ends_at=ENDS, steps=(a_step(),)
    )  # fmt: skip
    rounds.confirm(session, world.organisation, new, world.founded_at)


def test_two_who_begin_a_round_of_one_team_begin_one(world: TeamWorld, meanwhile: Meanwhile[int]) -> None:
    team = world.team(*world.members(2))
    with Session(world.store.engine) as first:
        confirm(first, world, team)
        second = meanwhile(lambda: world.round(team, a_step()))
        first.commit()
    with pytest.raises(RoundUnderWay):
        second.result(20)
    assert len(world.run(lambda session: session.exec(select(Round)).all())) == 1


def test_a_team_that_begins_a_round_is_not_ended(world: TeamWorld, meanwhile: Meanwhile[bool]) -> None:
    team = world.team(*world.members(2))
    with Session(world.store.engine) as first:
        confirm(first, world, team)
        second = meanwhile(lambda: world.run(lambda session: teams.end(session, world.organisation, team, NOON)))
        first.commit()
    assert second.result(20) is False


def test_two_who_make_a_team_of_one_channel_make_one(world: TeamWorld, meanwhile: Meanwhile[int]) -> None:
    me = world.person()
    new = NewTeam(name="Norr", channel_id="C7", language="sv", zone=STOCKHOLM, slot="10:00", calendar={})
    with Session(world.store.engine) as first:
        teams.make(first, first.get_one(Person, me), new, NOON)
        second = meanwhile(lambda: world.team(me, channel_id="C7"))
        first.commit()
    with pytest.raises(ChannelTaken):
        second.result(20)


@pytest.mark.parametrize("mark", [rounds_due.mark_prompted, rounds_due.mark_reminded])
def test_a_round_that_is_ended_while_its_steps_are_prompted_lets_both_finish(
    world: TeamWorld, meanwhile: Meanwhile[list[int]], mark: Callable[..., list[int]]
) -> None:
    round_id = world.round(world.team(*world.members(2)), a_step("one", remind_at=PROMPT), a_step("two"))
    steps = [step.id for step in world.steps_of(round_id)]
    with Session(world.store.engine) as first:
        first.exec(select(Round).where(Round.id == round_id).with_for_update()).one()
        second = meanwhile(lambda: world.run(lambda session: mark(session, steps, PROMPT)))
        assert rounds.end(first, round_id, Ending.ENDED_EARLY, PROMPT)
        first.commit()
    assert second.result(20) == []
    assert world.look_up(Round, round_id).state is RoundState.ENDED


def test_a_step_that_gets_more_time_while_the_tick_ends_its_round_goes_on(
    world: TeamWorld, meanwhile: Meanwhile[int]
) -> None:
    """It is too small a team that day, but its day is another."""
    round_id = world.round(world.team(world.person()), a_step())
    [step] = world.steps_of(round_id)
    due = world.run(lambda session: rounds_due.prompts_due(session, PROMPT, 9))
    with Session(world.store.engine) as first:
        first.get_one(Round, round_id, with_for_update=True)
        first.get_one(RoundStep, step.id).prompt_at = NEXT_DAY
        first.flush()
        second = meanwhile(lambda: world.run(lambda session: prompt(session, due, PROMPT)))
        first.commit()
    assert second.result(20) == 0
    assert world.look_up(Round, round_id).ending is None
    assert [one.prompted_at for one in world.steps_of(round_id)] == [None]


def test_a_round_that_gets_more_time_while_the_tick_ends_it_goes_on(
    world: TeamWorld, meanwhile: Meanwhile[int]
) -> None:
    round_id = world.round(world.team(*world.members(2)), a_step())
    due = world.run(lambda session: rounds.due_ends(session, ENDS, 9))
    with Session(world.store.engine) as first:
        first.get_one(Round, round_id, with_for_update=True).ends_at = ENDS + timedelta(days=1)
        first.flush()
        second = meanwhile(lambda: world.run(lambda session: end_rounds(session, due, ENDS)))
        first.commit()
    assert second.result(20) == 0
    assert world.look_up(Round, round_id).ending is None


def test_whatever_closes_or_ends_rounds_holds_them_in_the_order_of_all_others(
    world: TeamWorld, meanwhile: Meanwhile[int]
) -> None:
    """However they are due: two who hold them in different orders wait for each other."""
    one, other = (world.round(world.team(*world.members(2)), a_step(closes_at=ENDS)) for _ in range(2))
    steps = [world.steps_of(id)[0] for id in (other, one)]
    to_close = [DueStep(id=step.id, round_id=step.round_id, asks=step.asks, due_at=ENDS) for step in steps]
    to_end = [DueRound(id=id, organisation_id=world.organisation, due_at=ENDS) for id in (other, one)]
    with Session(world.store.engine) as first:
        first.get_one(Round, one, with_for_update=True)
        closing = meanwhile(lambda: world.run(lambda session: open_and_close(session, to_close, ENDS)))
        first.get_one(Round, other, with_for_update=True)
        first.get_one(RoundStep, steps[0].id, with_for_update={"nowait": True})
        first.commit()
    closing.result(20)
    with Session(world.store.engine) as first:
        first.get_one(Round, one, with_for_update=True)
        ending = meanwhile(lambda: world.run(lambda session: end_rounds(session, to_end, ENDS)))
        first.get_one(Round, other, with_for_update={"nowait": True})
        first.commit()
    ending.result(20)
    assert {world.look_up(Round, id).state for id in (one, other)} == {RoundState.ENDED}


def test_whoever_ends_rounds_takes_hold_of_no_message_while_it_waits_for_one_of_them(
    world: TeamWorld, meanwhile: Meanwhile[int]
) -> None:
    """Whoever holds that round may want the message: it carries what its coordinator is told of all of them."""
    coordinator = world.person()
    told, one, other = (world.round(world.team(*world.members(2)), a_step()) for _ in range(3))
    for id in (told, one, other):
        world.change(Round, id, begun_by=coordinator)
    assert world.run(lambda session: round_notes.tell_ending(session, told, ENDS)) == 1
    [carrier] = world.deliveries(coordinator)
    to_end = [DueRound(id=id, organisation_id=world.organisation, due_at=ENDS) for id in (one, other)]
    with Session(world.store.engine) as first:
        first.get_one(Round, other, with_for_update=True)
        ending = meanwhile(lambda: world.run(lambda session: end_rounds(session, to_end, ENDS)))
        first.get_one(Delivery, carrier.id, with_for_update={"nowait": True})
        first.commit()
    assert ending.result(20) > 0
    assert [row.rides_on for row in world.deliveries(coordinator)] == [None, carrier.id, carrier.id]


def test_words_that_are_written_while_the_wrap_up_is_shared_wait_for_their_approval(
    world: TeamWorld, meanwhile: Meanwhile[bool]
) -> None:
    anna, bo, cia = world.members(3)
    round_id = world.round(world.team(anna, bo, cia), a_step())
    assert world.by(anna, wrap_ups.write, round_id, {"a": "Nu"}) is None
    for who in (anna, bo):
        assert world.by(who, wrap_ups.approve, round_id, {"a": "Nu"}, NOON, kept={"a": "Nu"}, least=3) is None
    with Session(world.store.engine) as first:
        assert wrap_ups.write(first, first.get_one(Person, anna), round_id, {"a": "Sedan"}) is None
        second = meanwhile(lambda: world.by(bo, wrap_ups.share, round_id, NOON, least=2))
        first.commit()
    assert second.result(20) is False
    kept = world.look_up(Round, round_id)
    assert (kept.wrap_up, kept.shared_at) == ({"a": "Sedan"}, None)


@pytest.mark.parametrize("is_on_its_way", [False, True], ids=["written", "settled"])
def test_the_message_of_a_hand_in_waits_for_what_is_just_being_handed_in(
    world: TeamWorld, meanwhile: Meanwhile[bool], is_on_its_way: bool
) -> None:
    """Written without it, or settled as sent before it is there, the message would never show it."""
    step = world.step(*world.members(2), asks=Asks.TEAM)
    assert world.run(lambda session: round_news.tell_handed_in(session, step, NOON)) == 1
    [message] = [row.id or 0 for row in world.deliveries() if row.occurrence == News.OPENED]

    def claim(session: Session) -> Claimed | None:
        return sending.claim(session, message, NOON)

    def settle(session: Session) -> bool:
        assert marked is not None
        return settling.settle_sent(session, marked, conversation_id="C1", message_id="M1", now=NOON)

    marked = world.run(claim) if is_on_its_way else None
    with Session(world.store.engine) as first:
        assert round_news.tell_handed_in(first, step, NOON) == 0
        waits = meanwhile(lambda: world.run(settle) if is_on_its_way else world.run(claim) is not None)
        first.commit()
    assert waits.result(20)
