"""A world with teams that do challenges."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from lessons.challenges import Challenge, ChallengeDocument
from scheduler.calendar import Calendar
from scheduler.planner import Planned
from scheduler.rounds import plan_rounds
from scheduler.timeline import TeamDays, lay_out, new_round
from storage import contributions, known_members, rounds, teams
from storage.contributions import Inputs
from storage.round_news import News
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person
from storage.tables.rounds import Round, RoundStep
from storage.tables.teams import Team
from storage.teams import NewTeam
from tests.scheduler.world import MONDAY, STOCKHOLM, World

CONFIRMED = datetime(2026, 2, 25, 12, 0, tzinfo=UTC)
ANY = "any"
"""A channel that no team has."""


def people(world: World, number: int = 3, **fields: Any) -> list[int]:
    cohort = world.cohort()
    return [world.person(cohort, **fields) for _ in range(number)]


def team(
    world: World, people: Sequence[int], *, mandate: int | None = None, facilitator: int | None = None,
    channel: str | None = ANY, slot: str = "10:00",
) -> int:  # fmt: skip
    """A team of these people; the first facilitates unless somebody else is said to."""

    def make(session: Session) -> int:
        its = free_channel(session) if channel == ANY else channel
        new = NewTeam(name="Laget", channel_id=its, language="sv", zone=STOCKHOLM, slot=slot, calendar={})
        leads = session.get_one(Person, people[0] if facilitator is None else facilitator)
        decides = session.get_one(Person, mandate) if mandate is not None else None
        made = teams.make(session, leads, new, CONFIRMED, mandate=decides)
        assert known_members.add(session, people, made.id, CONFIRMED) == len(set(people))
        return made.id

    return world.store.write_now(make)


def free_channel(session: Session) -> str:
    """The first of C1, C2 … that no team has."""
    taken = set(session.exec(select(Team.channel_id)).all())
    return next(channel for channel in map("C{}".format, count(1)) if channel not in taken)


def begin(world: World, team_id: int, challenge: Challenge, starts_on: date = MONDAY) -> int:
    """Confirm a round and return its id."""
    body = ChallengeDocument(challenge=challenge).to_json()

    def confirm(session: Session) -> int:
        slot = time.fromisoformat(session.get_one(Team, team_id).slot)
        days = TeamDays(calendar=Calendar(), slot=slot, zone=STOCKHOLM)
        timeline = lay_out(challenge, starts_on, days, CONFIRMED)
        new = new_round(challenge, timeline, team_id=team_id, body=body)
        return rounds.confirm(session, world.organisation, new, CONFIRMED).id

    return world.store.write_now(confirm)


async def plan(world: World, now: datetime) -> Planned:
    planned = await plan_rounds(world.store, now)
    assert planned.failed == 0
    return planned


def step_of(world: World, round_id: int, key: str) -> RoundStep:
    wanted = select(RoundStep).where(RoundStep.round_id == round_id, RoundStep.key == key).order_by(col(RoundStep.day))
    return world.store.write_now(lambda session: session.exec(wanted).one())


def round_of(world: World, round_id: int) -> Round:
    found: Round = world.look_up(Round, round_id)
    return found


def write(world: World, person_id: int, step: RoundStep, now: datetime) -> None:
    inputs: Inputs = {"words": "Ett behov"}

    def hand_in(session: Session) -> Any:
        return contributions.hand_in(session, session.get_one(Person, person_id), step.id, inputs, now)

    assert isinstance(world.store.write_now(hand_in), int)


def messages(world: World, kind: Kind = Kind.ROUND) -> list[tuple[int | None, State | Reason]]:
    """To whom (None: the channel), and what became of it: the channel first. What a step begins with, or a reminder."""
    rows = [row for row in world.deliveries(kind=kind) if row.occurrence == News.MORNING]
    found = [(row.person_id, row.reason or row.state) for row in rows]
    return sorted(found, key=lambda one: one[0] or 0)


def fates(world: World, person_id: int) -> dict[Kind, State | Reason]:
    return {row.kind: row.reason or row.state for row in world.deliveries(person_id)}


def prompts_a_day(world: World, person_id: int) -> dict[date, int]:
    """How many messages a person was, or is to be, sent on each day."""
    rows: list[Delivery] = [row for row in world.deliveries(person_id) if row.reason is None and row.rides_on is None]
    return {day: sum(row.day == day for row in rows) for day in {row.day for row in rows}}
