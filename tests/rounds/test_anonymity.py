"""What is anonymous never meets an identity: not in a row, not by a moment, not by an order, not by where it lies."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, DateTime, Engine, Integer, select, text
from sqlmodel import Session
from sqlmodel import select as select_rows

from storage import proposals, rounds, teams
from storage.round_steps import NotTaken
from storage.tables import metadata
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.rounds import Asks, Ending, FormToken, Proposal, TokenGiven
from tests.rounds.builders import NEXT_DAY, NOON, OPENS, PROMPT, SOON, TeamWorld
from tests.scheduler.world import MONDAY

ANONYMOUS: dict[str, Any] = {"asks": Asks.ANONYMOUS, "most_each": 2}
RULE = {"rule": "Dubbel attest"}


def form(world: TeamWorld, person: int, step: int) -> str:
    """Give somebody a form. Return its digest, which storage gets from whoever has the secret."""
    assert world.by(person, proposals.give_form, step, NOON) is None
    return secrets.token_hex(16)


def handed_in(world: TeamWorld, step: int, token: str, *said: dict[str, str], now: Any = NOON) -> NotTaken | None:
    return world.run(lambda session: proposals.hand_in(session, step, token, said or [RULE], now=now, day=MONDAY))


def rows(world: TeamWorld, table: type[Any]) -> list[Any]:
    return list(world.run(lambda session: session.exec(select_rows(table)).all()))


def test_a_form_is_handed_in_once_and_nobody_gets_two(world: TeamWorld) -> None:
    me, you, stranger = world.members(3)
    step = world.step(me, you, **ANONYMOUS)
    token = form(world, me, step)
    assert world.by(me, proposals.give_form, step, NOON) is NotTaken.ENOUGH
    assert world.by(stranger, proposals.give_form, step, NOON) is NotTaken.NOT_YOURS
    assert handed_in(world, step, token, RULE, RULE, RULE) is NotTaken.ENOUGH, "more than two, and the form is not used"
    assert handed_in(world, step, token, RULE, RULE) is None
    assert handed_in(world, step, token) is NotTaken.ENOUGH
    assert len(rows(world, Proposal)) == 2


@pytest.mark.parametrize(
    ("kind", "state", "is_given"),
    [
        (Kind.ROUND, State.SENT, False),
        (Kind.ROUND, State.UNKNOWN, True),  # it may not have arrived: one more, and then it is enough
        (Kind.ROUND, State.PLANNED, False),
        (Kind.ROUND, State.EXPLAINED, True),
        (Kind.ROUND_REMINDER, State.SENT, False),
        (Kind.ROUND_REMINDER, State.EXPLAINED, True),
    ],
)
def test_whoever_has_a_form_in_their_own_message_is_given_no_second(
    memory: TeamWorld, kind: Kind, state: State, is_given: bool
) -> None:
    me, you = memory.members(2)
    step = memory.step(me, you, **ANONYMOUS)
    memory.to_team(step, me, kind=kind, **_in_state(state))
    assert memory.by(me, proposals.give_form, step, NOON) is (None if is_given else NotTaken.ENOUGH)
    assert memory.by(me, proposals.give_form, step, NOON) is NotTaken.ENOUGH, "nor anybody a third"
    assert memory.by(you, proposals.give_form, step, NOON) is None


def test_a_form_is_taken_in_its_own_time(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you, **ANONYMOUS)
    token = form(world, me, step)
    assert handed_in(world, step, token, now=PROMPT - SOON) is NotTaken.NOT_YET
    world.opened(step)
    assert handed_in(world, step, token, now=OPENS + SOON) is NotTaken.OPENED, "it would be known by when it came"
    assert world.by(you, proposals.give_form, step, NEXT_DAY) is NotTaken.OPENED


def test_what_stays_after_a_proposal_leads_nobody_from_it_to_its_author(world: TeamWorld) -> None:
    """Every row of every table: what a row of a proposal says is in no row that says who."""
    people = world.members(5)
    step = world.step(*people, **ANONYMOUS)
    tokens = {person: form(world, person, step) for person in people}
    author = people[2]
    before = everything(world)
    assert handed_in(world, step, tokens[author], RULE) is None
    after = everything(world)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"proposal", "form_token"}
    assert after["form_token"] == [(step, tokens[author])]
    [proposal] = after["proposal"]
    assert proposal == (proposal[0], world.organisation, step, RULE, MONDAY)
    unique = {proposal[0], tokens[author]}
    for name in after.keys() - {"proposal", "form_token"}:
        assert not [row for row in after[name] if unique & {str(value) for value in row}], name
    # What the table of tokens given says of the author, it says of everybody who has handed in nothing.
    assert {row[1] for row in after["token_given"]} == set(people)


@pytest.mark.parametrize("name", ["proposal", "form_token"])
def test_no_column_says_who_or_when(name: str) -> None:
    table = metadata.tables[name]
    assert "person" not in {key.column.table.name for key in table.foreign_keys}
    assert {column.name for column in table.columns if isinstance(column.type, Integer)} <= {
        "organisation_id",
        "round_step_id",
    }
    moments = [column.name for column in table.columns if isinstance(column.type, DateTime)]
    days = [column.name for column in table.columns if isinstance(column.type, Date)]
    assert (moments, days) == ([], ["day"] if name == "proposal" else [])
    # Nor does a table that points at it: a vote or an answer comes when it has opened, and is about it, not by it.
    pointing = {one.name for one in metadata.sorted_tables for key in one.foreign_keys if key.column.table is table}
    assert pointing <= {"contribution", "vote"}


@given(order=st.permutations(range(6)))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_ids_nor_where_rows_lie_tell_in_which_order_they_came(world: TeamWorld, order: list[int]) -> None:
    people = world.members(6)
    step = world.step(*people, **ANONYMOUS)
    tokens = [form(world, person, step) for person in people]
    for who in order:
        assert handed_in(world, step, tokens[who], {"rule": str(who)}) is None
    lying = lying_as(world.store.engine, "proposal", step)
    ids = [row[0] for row in lying]
    assert ids == sorted(ids), "they lie in the order of what was drawn"
    assert len({len(one) for one in ids}) == 1
    if world.store.engine.dialect.name == "postgresql":
        assert len({row[1] for row in lying}) == 1, "the database's own number of who wrote it when is the same"
    shown = world.run(lambda session: proposals.shown(session, world.organisation, step, OPENS))
    assert shown == []
    world.opened(step)
    shown = world.run(lambda session: proposals.shown(session, world.organisation, step, OPENS))
    assert [one.id for one in shown] == ids


def test_neither_do_the_forms_that_have_been_handed_in(world: TeamWorld) -> None:
    people = world.members(6)
    step = world.step(*people, **ANONYMOUS)
    for token in [form(world, person, step) for person in people]:
        assert handed_in(world, step, token) is None
    lying = lying_as(world.store.engine, "form_token", step, "digest")
    assert len(lying) == 6
    assert [row[0] for row in lying] == sorted(row[0] for row in lying)
    if world.store.engine.dialect.name == "postgresql":
        assert len({row[1] for row in lying}) == 1


def test_once_it_has_opened_nobody_can_say_who_was_given_a_form(world: TeamWorld) -> None:
    for ends in (False, True):
        people = world.members(3)
        step = world.step(*people, **ANONYMOUS)
        for person in people:
            handed_in(world, step, form(world, person, step))
        if ends:
            world.ended(step, Ending.STOPPED_HERE, NOON)
        else:
            world.opened(step)
        assert (rows(world, FormToken), rows(world, TokenGiven)) == ([], [])


def test_it_opens_only_with_so_many_that_nobody_stands_out(world: TeamWorld) -> None:
    people = world.members(5)
    step = world.step(*people, **ANONYMOUS, opens_with=3)
    for person in people[:2]:
        handed_in(world, step, form(world, person, step))
    assert world.run(lambda session: rounds.due_openings(session, OPENS, 9)) == []
    assert not world.run(lambda session: rounds.open_step(session, step, OPENS))
    handed_in(world, step, form(world, people[2], step), now=OPENS + SOON)
    [due] = world.run(lambda session: rounds.due_openings(session, OPENS + SOON, 9))
    world.opened(due.id, OPENS + SOON)
    assert len(world.run(lambda s: proposals.shown(s, world.organisation, step, OPENS + SOON))) == 3


def test_whoever_left_the_team_gets_no_form(world: TeamWorld) -> None:
    me, you = world.members(2)
    step = world.step(me, you, **ANONYMOUS)
    world.by(me, teams.leave, world.round_of(step).team_id, NOON)
    assert world.by(me, proposals.give_form, step, NOON) is NotTaken.NOT_YOURS


@pytest.mark.postgres
def test_all_who_hand_in_at_the_same_moment_are_kept_and_a_form_sent_twice_counts_once(world: TeamWorld) -> None:
    people = world.members(6)
    step = world.step(*people, **ANONYMOUS)
    tokens = [form(world, person, step) for person in people]
    with ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(handed_in, world, step, token) for token in [*tokens, *tokens]]
        taken = [one.result() for one in sent].count(None)
    assert (taken, len(rows(world, Proposal)), len(rows(world, FormToken))) == (6, 6, 6)


def _in_state(state: State) -> dict[str, Any]:
    match state:
        case State.EXPLAINED:
            return {"state": state, "reason": Reason.PAUSED}
        case State.SENT:
            return {"state": state, "sent_at": NOON, "started_at": NOON}
        case State.UNKNOWN:
            return {"state": state, "started_at": NOON}
        case _:
            return {"state": state}


def everything(world: TeamWorld) -> dict[str, list[tuple[Any, ...]]]:
    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        connection = session.connection()
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }

    return world.run(read)


def lying_as(engine: Engine, table: str, step: int, key: str = "id") -> list[tuple[Any, ...]]:
    """The rows of a step as they lie: on PostgreSQL by page and place, with the number of the transaction."""
    own = {"postgresql": (", xmin", "ORDER BY ctid"), "sqlite": ("", "")}[engine.dialect.name]
    wanted = f"SELECT {key}{own[0]} FROM {table} WHERE round_step_id = :step {own[1]}"  # noqa: S608
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(wanted), {"step": step})]
