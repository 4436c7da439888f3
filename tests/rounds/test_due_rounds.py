"""What is due of rounds is found by index, in order, and done once; a round always ends in a named way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from storage import contributions, rounds, rounds_due, teams
from storage.round_progress import progress
from storage.rounds import DueStep, RoundNotFound, RoundUnderWay, TeamHasEnded
from storage.tables.deliveries import Delivery, Kind
from storage.tables.rounds import Asks, ChallengeDocument, Ending, Round, RoundState, RoundStep
from tests.rounds.builders import ENDS, NEXT_DAY, NOON, OPENS, PROMPT, SOON, TeamWorld, a_step
from tests.scheduler.world import MONDAY

Due = Callable[[Session, datetime, int], list[DueStep]]
Done = Callable[[Session, int, datetime], bool]


def keys(world: TeamWorld, due: Due, now: datetime, limit: int = 9) -> list[str]:
    return [world.look_up(RoundStep, one.id).key for one in world.run(lambda session: due(session, now, limit))]


def test_a_round_is_kept_with_its_challenge_as_it_was_and_all_its_steps(world: TeamWorld) -> None:
    steps = (a_step("need", remind_at=NEXT_DAY, least=3), a_step("vote", asks=Asks.VOTE, day=MONDAY, closes_at=ENDS))
    first, second = (world.round(world.team(*world.members(2)), *steps, body="as it was") for _ in range(2))
    kept = world.look_up(Round, first)
    assert (kept.state, kept.ending, kept.organisation_id) == (RoundState.PLANNED, None, world.organisation)
    assert world.look_up(Round, second).document_id == kept.document_id, "the same text is kept once"
    assert world.run(lambda session: rounds.document_body(session, kept.document_id)) == "as it was"
    assert len(world.run(lambda session: session.exec(select(ChallengeDocument)).all())) == 1
    need, vote = world.steps_of(first)
    assert (need.key, need.remind_at, need.least, need.opens_at) == ("need", NEXT_DAY, 3, OPENS)
    assert (vote.asks, vote.closes_at, vote.outcome) == (Asks.VOTE, ENDS, None)
    with pytest.raises(RoundNotFound):
        world.run(lambda session: rounds.find(session, world.organisation + 1, first))


def test_nothing_is_kept_of_a_round_that_cannot_be(world: TeamWorld) -> None:
    team = world.team(*world.members(2))
    with pytest.raises(IntegrityError):
        world.round(team, a_step("twice"), a_step("twice"))
    assert world.run(lambda session: session.exec(select(Round)).all()) == []
    assert world.run(lambda session: session.exec(select(ChallengeDocument)).all()) == []
    assert world.run(lambda session: teams.end(session, world.organisation, team, NOON))
    with pytest.raises(TeamHasEnded):
        world.round(team, a_step())


def test_a_team_does_one_round_at_a_time(world: TeamWorld) -> None:
    team = world.team(*world.members(2))
    [step] = world.steps_of(world.round(team, a_step()))
    with pytest.raises(RoundUnderWay):
        world.round(team, a_step())
    world.ended(step.id, Ending.ENDED_EARLY, NOON)
    again = world.round(team, a_step())
    with pytest.raises(IntegrityError, match=r"uq_round_under_way|round\.team_id"):
        world.change(Round, world.round_of(step.id).id, state=RoundState.PLANNED, ending=None, ended_at=None)
    assert world.look_up(Round, again).state is RoundState.PLANNED


@pytest.mark.parametrize(
    ("due", "done", "moment"),
    [
        (rounds.due_openings, rounds.open_step, OPENS),
        (rounds.due_closings, rounds.close_step, ENDS),
    ],
)
def test_each_moment_comes_once_and_not_before(world: TeamWorld, due: Due, done: Done, moment: datetime) -> None:
    fields: dict[str, Any] = {"remind_at": NEXT_DAY, "closes_at": ENDS}
    world.round(world.team(*world.members(2)), a_step("second", **fields), a_step("third", **fields))
    [first] = world.steps_of(world.round(world.team(*world.members(2)), a_step("first", **fields)))
    column = {OPENS: "opens_at", ENDS: "closes_at"}[moment]
    world.change(RoundStep, first.id, **{column: moment - SOON})
    assert keys(world, due, moment - 2 * SOON) == []
    assert keys(world, due, moment - SOON) == ["first"]
    assert keys(world, due, moment) == ["first", "second", "third"]
    assert keys(world, due, moment, limit=2) == ["first", "second"]
    assert not world.run(lambda session: done(session, first.id, moment - 2 * SOON)), "not before it is due"
    assert world.run(lambda session: done(session, first.id, moment))
    assert not world.run(lambda session: done(session, first.id, moment)), "somebody else was first"
    assert keys(world, due, moment) == ["second", "third"]


def test_a_round_is_under_way_with_its_first_prompt_and_ends_once(world: TeamWorld) -> None:
    team = world.team(*world.members(2))
    round_id = world.round(team, a_step("first"), a_step("second"))
    first, second = world.steps_of(round_id)
    world.run(lambda session: rounds_due.mark_prompted(session, [first.id], PROMPT))
    assert world.look_up(Round, round_id).state is RoundState.RUNNING
    assert world.run(lambda session: rounds.due_ends(session, ENDS - SOON, 9)) == []
    assert [one.id for one in world.run(lambda session: rounds.due_ends(session, ENDS, 9))] == [round_id]
    world.ended(second.id, Ending.NOT_MADE, ENDS)
    ended = world.look_up(Round, round_id)
    assert (ended.state, ended.ending, ended.ended_at) == (RoundState.ENDED, Ending.NOT_MADE, ENDS)
    assert not world.run(lambda session: rounds.end(session, round_id, Ending.FINISHED, ENDS + SOON))
    assert world.look_up(Round, round_id).ending is Ending.NOT_MADE
    assert world.run(lambda session: rounds.due_ends(session, ENDS, 9)) == []


def test_of_a_round_that_has_ended_nothing_is_due(world: TeamWorld) -> None:
    step = world.step(*world.members(2), remind_at=NEXT_DAY, closes_at=ENDS)
    assert world.run(rounds.next_moment) == PROMPT
    world.ended(step, Ending.STOPPED_HERE, PROMPT - SOON)
    for due in (rounds_due.prompts_due, rounds_due.reminders_due, rounds.due_openings, rounds.due_closings):
        assert world.run(lambda session, due=due: due(session, ENDS, 9)) == []  # type: ignore[misc]
    assert world.run(rounds.next_moment) is None


def test_the_next_moment_is_the_earliest_of_all_that_waits(world: TeamWorld) -> None:
    step = world.step(*world.members(2), remind_at=NEXT_DAY, opens_with=1)
    moments = []
    for done in (rounds_due.mark_prompted, rounds_due.mark_reminded):
        moments.append(world.run(rounds.next_moment))
        world.run(lambda session, done=done: done(session, [step], ENDS))  # type: ignore[misc]
    assert moments == [PROMPT, NEXT_DAY], "what waits for more to come is not due"
    assert world.run(rounds.next_moment) == ENDS
    me = world.round_of(step).team_id
    member = world.run(lambda session: teams.members(session, me, NOON))[0]
    world.by(member, contributions.hand_in, step, {"need": "x"}, NOON)
    assert world.run(rounds.next_moment) == OPENS


def test_when_its_channel_is_gone_the_round_ends_and_says_so(world: TeamWorld) -> None:
    step = world.step(*world.members(2))
    message, alone = world.to_team(step), world.to_team(step, world.members(1)[0])
    assert not world.run(lambda session: rounds.channel_gone(session, alone, NOON)), "that is about one person"
    assert world.run(lambda session: rounds.channel_gone(session, message, NOON))
    assert world.round_of(step).ending is Ending.CHANNEL_GONE


def test_what_is_answered_once_for_all_is_enough_when_everything_has_an_answer(world: TeamWorld) -> None:
    people = world.members(3)
    round_id = world.round(
        world.team(*people), a_step("ideas", most_each=2), a_step("answer", asks=Asks.TEAM, most_each=9)
    )
    ideas, answer = (step.id for step in world.steps_of(round_id))
    for person in people:
        world.by(person, contributions.hand_in, ideas, {"idea": "x"}, NOON)
    world.opened(ideas)
    reached = []
    for one in world.run(lambda s: contributions.shown(s, world.organisation, ideas, OPENS)):
        about = contributions.About(contribution_id=one.id)
        assert isinstance(world.by(people[0], contributions.hand_in, answer, {"a": "no"}, OPENS, about=about), int)
        reached.append(world.run(lambda s: progress(s, round_id))[1].reached)
    assert reached == [False, False, True]


def test_a_row_cannot_end_without_saying_how(world: TeamWorld) -> None:
    round_id = world.round(world.team(*world.members(2)), a_step())
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("ended", {"state": RoundState.ENDED}),
        ("ended", {"ending": Ending.FINISHED, "ended_at": ENDS}),
        ("shared", {"shared_at": ENDS}),
    ]
    for check, values in wrong:
        with pytest.raises(IntegrityError, match=f"ck_round_{check}"):
            world.change(Round, round_id, **values)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (rounds_due._PROMPTS_DUE, "ix_round_step_prompt_at"),
        (rounds_due._REMINDERS_DUE, "ix_round_step_remind_at"),
        (rounds._TO_OPEN, "ix_round_step_opens_at"),
        (rounds._TO_CLOSE, "ix_round_step_closes_at"),
        (rounds._TO_END, "ix_round_ends_at"),
        (rounds._NEXT, "ix_round_step_prompt_at"),
    ],
)
def test_of_all_rounds_only_what_is_to_come_is_read(memory: TeamWorld, statement: Any, index: str) -> None:
    with memory.store.engine.connect() as connection:
        written = statement._statement.compile(dialect=connection.dialect)
        values = [None] * len(written.positiontup or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", tuple(values)).all()
    steps = [row.detail for row in plan]
    assert any(index in one for one in steps), steps
    assert not [one for one in steps if one.startswith("SCAN round") and "INDEX" not in one], steps


def test_the_database_has_one_message_a_step_for_each_member_and_for_the_channel(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you)
    for whom in (None, me, you):
        world.to_team(step, whom)
    world.to_team(step, kind=Kind.ROUND_REMINDER)
    for whom in (None, me):
        with pytest.raises(IntegrityError, match=r"uq_delivery_round|round_step_id"):
            world.to_team(step, whom, day=MONDAY + timedelta(days=1))


def test_a_message_is_to_somebody_or_to_a_team_never_to_neither(world: TeamWorld) -> None:
    step = world.step(*world.members(2))
    message = world.to_team(step)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("receiver|round", {"person_id": None, "round_step_id": None}),
        ("round", {"person_id": 1, "round_step_id": None, "kind": Kind.ROUND}),
        ("round", {"person_id": 1, "round_step_id": step, "kind": Kind.NUDGE}),
        ("receiver", {"person_id": None, "round_step_id": None, "kind": Kind.NUDGE}),
    ]
    for check, values in wrong:
        with pytest.raises(IntegrityError, match=f"ck_delivery_({check})"):
            world.change(Delivery, message, **values)
