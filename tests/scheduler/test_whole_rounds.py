"""Every challenge from its first day to its last, beside everybody's exercises: the promises that hold all the way."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, select

from lessons.challenges import Form
from lessons.library import load_library
from storage import ballots, contributions, proposals
from storage.round_news import News
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Person
from storage.tables.rounds import Asks, Contribution, Ending, Proposal, RoundStep
from tests.scheduler.offices import Office
from tests.scheduler.rounds_world import begin, people, plan, prompts_a_day, round_of, team
from tests.scheduler.test_timeline import TEN
from tests.scheduler.world import MONDAY, World, at

CHALLENGES = load_library().challenges


def steps_of(world: World, round_id: int) -> list[RoundStep]:
    wanted = select(RoundStep).where(RoundStep.round_id == round_id).order_by(col(RoundStep.prompt_at))
    return list(world.store.write_now(lambda session: session.exec(wanted).all()))


def take_part(session: Session, step: RoundStep, members: list[int], now: datetime) -> None:
    """Everybody does at once what the step asks for."""
    for person in (session.get_one(Person, id) for id in members):
        match step.asks:
            case Asks.NOTHING:
                return
            case Asks.ANONYMOUS:
                form = f"the form of {person.id}"
                assert proposals.hand_in(session, step.id, form, [{"words": "Bort"}], now=now, day=step.day) is None
            case Asks.VOTE:
                named = session.exec(select(Contribution.id).order_by(col(Contribution.id))).all()
                chosen: ballots.Candidate = (named or session.exec(select(Proposal.id)).all())[0]
                assert ballots.cast(session, person, step.id, chosen, now) is None
            case _:
                contributions.hand_in(session, person, step.id, {"words": "Något"}, now)


@pytest.mark.parametrize("everybody", [True, False], ids=["everybody takes part", "nobody does"])
@pytest.mark.parametrize("id", sorted(CHALLENGES))
async def test_a_round_asks_nobody_twice_a_day_opens_nothing_early_and_ends_with_a_name(
    memory: World, id: str, everybody: bool
) -> None:
    office = Office(memory)
    members = people(memory, 6)
    # As small as it goes, the same one decides and facilitates; all are members.
    began = begin(memory, team(memory, members, mandate=members[1]), CHALLENGES[id])
    steps = steps_of(memory, began)
    weekdays = [MONDAY + timedelta(days=days) for days in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    moments = {at(f"{day} {clock}") for day in weekdays for clock in ("08:15", "10:00", "16:30")}
    for step in steps:
        moments |= {moment for moment in (step.opens_at, step.closes_at, step.remind_at) if moment is not None}
    for now in sorted(moments):
        office.clock.wind_to(now)
        await memory.plan(now)
        await plan(memory, now)
        await office.send()
        for step in steps:
            if everybody and step.prompt_at == now:
                memory.store.write_now(partial(take_part, step=step, members=members, now=now))
        for step in steps_of(memory, began):
            assert step.opened_at is None or (step.opens_at is not None and step.opened_at >= step.opens_at)
            if step.closed_at is not None and step.closes_at is not None and round_of(memory, began).ending is None:
                assert step.closed_at >= step.closes_at
    ended = round_of(memory, began)
    # Where all of it is voluntary, it is finished without anybody too.
    assert ended.ending is (Ending.FINISHED if everybody or id == "innovationsfika" else Ending.NOT_MADE)
    for member in members:
        assert max(prompts_a_day(memory, member).values(), default=1) == 1
    asked = {step.day for step in steps_of(memory, began) if step.prompted_at is not None}
    for row in memory.deliveries():
        # An ending is told on the day after, and what came of it is asked weeks later.
        if row.occurrence != News.ENDING and row.kind is not Kind.ROUND_FOLLOW_UP:
            assert row.state in (State.SENT, State.EXPLAINED)
        if row.kind is Kind.NUDGE and row.day in asked:
            assert row.reason in (Reason.REPLACED_BY_ROUND, Reason.BACKED_OFF)
    questions = memory.deliveries(kind=Kind.ROUND_FOLLOW_UP)
    is_asked = ended.ending is Ending.FINISHED and CHALLENGES[id].form is Form.TEAM
    assert [(row.person_id, TEN.between(steps[-1].last_day, row.day)) for row in questions] == (
        [(None, CHALLENGES[id].follow_up_days)] if is_asked else []
    )
    to_channel = [row for row in memory.deliveries(kind=Kind.ROUND) if row.person_id is None]
    told = [row.day for row in to_channel if row.occurrence == News.MORNING]
    assert len(told) == len(set(told)) == len(asked)
