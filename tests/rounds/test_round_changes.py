"""A round's days are changed all at once or not at all, and never under what has happened meanwhile."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from scheduler import outcomes
from scheduler.ports import ChannelGone, Sent
from storage import round_changes, round_news, rounds, rounds_due, sending, team_channels
from storage.round_changes import RoundHasChanged, StepTimes
from storage.round_news import News
from storage.rounds_due import mark_prompted
from storage.tables.deliveries import Kind
from storage.tables.people import Workspace
from storage.tables.rounds import Ending, Round, RoundStep
from storage.tables.teams import Team
from tests.rounds.builders import NEXT_DAY, NOON, PROMPT, TeamWorld, a_step
from tests.scheduler.world import MONDAY

DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY


def later(row: RoundStep, days: int) -> StepTimes:
    span = DAY * days

    def moved(at: datetime | None) -> datetime | None:
        return None if at is None else at + span

    return StepTimes(
        day=row.day + span,
        last_day=row.last_day + span,
        prompt_at=row.prompt_at + span,
        remind_at=moved(row.remind_at),
        opens_at=moved(row.opens_at),
        closes_at=moved(row.closes_at),
    )


def write(world: TeamWorld, seen: Round, rows: list[RoundStep], days: int = 1, **more: object) -> None:
    def work(session: Session) -> None:
        round_changes.write(
            session,
            seen,
            starts_on=seen.starts_on + DAY * days,
            ends_at=seen.ends_at + DAY * days,
            steps=[(row, later(row, days)) for row in rows],
            **more,  # type: ignore[arg-type]
        )

    world.run(work)


def daily(world: TeamWorld, number: int) -> tuple[Round, list[RoundStep]]:
    """A round with a step that comes on so many days in a row."""
    days = [MONDAY + DAY * offset for offset in range(number)]
    steps = [
        a_step(day=day, last_day=day, prompt_at=PROMPT + (day - MONDAY), opens_at=NOON + (day - MONDAY)) for day in days
    ]
    id = world.round(world.team(*world.members(2)), *steps)
    return world.look_up(Round, id), world.steps_of(id)


def test_days_move_past_each_other_without_a_collision_and_the_calendar_knows_the_newest(world: TeamWorld) -> None:
    seen, rows = daily(world, 4)
    for days, times in ((1, 1), (-2, 2)):
        write(world, seen, rows, days)
        seen, moved = world.look_up(Round, seen.id), world.steps_of(seen.id)
        assert [one.day - DAY * days for one in moved] == [one.day for one in rows]
        assert [one.opens_at for one in moved] == [one.opens_at and one.opens_at + DAY * days for one in rows]
        assert seen.times_changed == times
        rows = moved


def test_days_that_come_to_a_step_are_steps_as_any(world: TeamWorld) -> None:
    seen, rows = daily(world, 2)
    wednesday = MONDAY + 2 * DAY
    new = a_step(day=wednesday, last_day=wednesday, prompt_at=PROMPT + 2 * DAY, opens_at=NOON + 2 * DAY)
    write(world, seen, [], 0, added=[new])
    assert [one.day for one in world.steps_of(seen.id)] == [MONDAY, TUESDAY, wednesday]
    due = world.run(lambda session: rounds_due.prompts_due(session, PROMPT + 2 * DAY, 9))
    assert [one.day for one in due] == [MONDAY, TUESDAY, wednesday]
    assert rows


def test_what_has_happened_since_it_was_looked_at_keeps_a_change_from_being_made(world: TeamWorld) -> None:
    seen, rows = daily(world, 2)
    assert world.run(lambda session: mark_prompted(session, [rows[0].id], PROMPT)) == [rows[0].id]
    with pytest.raises(RoundHasChanged):
        write(world, seen, rows)
    assert [one.day for one in world.steps_of(seen.id)] == [MONDAY, TUESDAY], "all of it or nothing"
    assert world.look_up(Round, seen.id).times_changed == 0


def test_of_two_who_change_it_at_once_the_second_looks_again(world: TeamWorld) -> None:
    seen, rows = daily(world, 1)
    write(world, seen, rows)
    with pytest.raises(RoundHasChanged):
        write(world, seen, rows)
    assert [one.day for one in world.steps_of(seen.id)] == [TUESDAY]


def test_a_round_that_has_ended_is_not_changed(world: TeamWorld) -> None:
    seen, rows = daily(world, 1)
    assert world.run(lambda session: rounds.end(session, seen.id, Ending.ENDED_EARLY, NOON))
    with pytest.raises(RoundHasChanged):
        write(world, seen, [])
    assert rows


def test_a_planner_that_saw_it_due_before_it_was_moved_promises_nothing(world: TeamWorld) -> None:
    seen, rows = daily(world, 1)
    assert len(world.run(lambda session: rounds_due.prompts_due(session, PROMPT, 9))) == 1
    write(world, seen, rows)
    assert world.run(lambda session: mark_prompted(session, [rows[0].id], PROMPT)) == []


def test_a_lost_channel_is_known_by_the_event_by_a_message_that_finds_none_and_given_back_by_one_that_arrives(
    world: TeamWorld,
) -> None:
    step = world.step(*world.members(2))
    team = world.round_of(step).team_id
    here: Workspace = world.look_up(Workspace, world.workspace)
    of_channel = {"platform": here.platform.value, "workspace": here.external_id, "channel": "C1"}

    def lost_at() -> datetime | None:
        found: Team = world.look_up(Team, team)
        return found.channel_lost_at

    for now in (NOON, NEXT_DAY):
        world.run(lambda session, now=now: team_channels.lost(session, **of_channel, now=now))  # type: ignore[misc]
    assert lost_at() == NOON, "since when, not how often"
    settle(world, world.to_team(step), Sent(conversation_id="C1", message_id="1.1"))
    assert lost_at() is None
    settle(world, world.to_team(step, occurrence=2), ChannelGone("not_in_channel"))
    assert lost_at() == PROMPT
    assert world.round_of(step).ending is Ending.CHANNEL_GONE
    world.run(lambda session: team_channels.found(session, **of_channel | {"channel": "C2"}))
    assert lost_at() == PROMPT, "another's channel"
    world.run(lambda session: team_channels.found(session, **of_channel))
    assert lost_at() is None


def settle(world: TeamWorld, message: int, outcome: Sent | ChannelGone) -> None:
    def work(session: Session) -> None:
        claimed = sending.claim(session, message, PROMPT)
        assert claimed is not None
        outcomes.settle(session, claimed, outcome, now=PROMPT, ask_at=NOON, retry_at=NOON)

    world.run(work)


def test_what_is_promised_for_later_is_taken_back_once_and_not_when_it_has_come_due(world: TeamWorld) -> None:
    step = world.step(*world.members(2))
    team = world.round_of(step).team_id
    for news, kind in ((News.ENDING, Kind.ROUND), (News.MORNING, Kind.ROUND_FOLLOW_UP)):
        promised = world.run(
            lambda session, news=news, kind=kind: round_news.promise(  # type: ignore[misc]
                session, step, news, day=TUESDAY, due_at=NEXT_DAY, late_after=NEXT_DAY, kind=kind
            )
        )
        assert promised == 1
    assert world.run(lambda session: round_news.ahead(session, team, NEXT_DAY)) == []
    ending, question = world.run(lambda session: round_news.ahead(session, team, NOON))
    assert (ending.occurrence, question.kind) == (News.ENDING, Kind.ROUND_FOLLOW_UP)
    assert [world.run(lambda session: round_news.take_back(session, ending.id)) for _ in range(2)] == [True, False]
    assert world.run(lambda session: round_news.ahead(session, team, NOON)) == [question]
