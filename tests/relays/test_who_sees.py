"""What of a relay is to be seen, and by whom: the words once they are handed over, and never anybody's name."""

from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from scheduler import relay_coordinating
from scheduler.relay_outlook import outlook
from storage import batons, my_data, relay_legs, relay_messages, relay_reading, relays
from storage.relay_news import News
from storage.relay_reading import LegNotFound
from storage.relays import NotDone, RelayNotFound
from storage.rounds import TeamHasEnded
from storage.tables import metadata
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Organisation
from storage.tables.relays import RelayLeg
from storage.tables.teams import Team
from tests.relays.builders import BATON_DAY, RelayWorld, words
from tests.scheduler.world import MONDAY, at

SECRET = "Hemligt tills det lämnas över"


async def test_a_baton_is_its_teams_own_until_it_is_handed_over(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg, mine, theirs = (
        world.leg(relay, 1),
        world.of[world.leg(relay, 1).team_id],
        world.of[world.leg(relay, 2).team_id],
    )
    world.approved(leg, SECRET)
    assert SECRET not in str(world.chain(relay))
    assert world.by(theirs[0], batons.own, leg.id) is None
    own = world.by(mine[3], batons.own, leg.id)
    assert own is not None
    assert own.words == words(SECRET)
    world.hand_over(leg)
    assert SECRET in str(world.chain(relay))


async def test_another_organisation_sees_and_moves_nothing_of_it(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg)
    other = world.run(lambda session: _other_organisation(session, world))
    with pytest.raises(RelayNotFound):
        world.run(lambda session: relay_reading.chain(session, other, relay))
    with pytest.raises(RelayNotFound):
        world.run(lambda session: relays.find(session, other, relay))
    with pytest.raises(RelayNotFound):
        world.run(lambda session: relay_legs.held_legs(session, other, relay))
    with pytest.raises(LegNotFound):
        world.run(lambda session: relay_reading.leg(session, other, leg.id))
    assert world.run(lambda session: relay_reading.of_team(session, other, leg.team_id)) == []
    assert world.run(lambda session: relays.of_organisation(session, other)) == []
    skipped = world.run(lambda session: relay_coordinating.skip(session, other, leg.id, world.now))
    assert skipped is NotDone.NO_SUCH_LEG
    with pytest.raises(RelayNotFound):
        world.run(lambda session: relay_coordinating.end_early(session, other, relay, world.now))


def test_no_row_of_a_baton_or_commitment_says_whose_hand_it_was() -> None:
    for name in ("relay_leg", "baton", "relay_commitment", "relay_question"):
        points_at = {key.column.table.name for key in metadata.tables[name].foreign_keys}
        assert "person" not in points_at
    persons = [key.parent.name for key in metadata.tables["relay"].foreign_keys if key.column.table.name == "person"]
    assert persons == ["made_by"]


async def test_nothing_a_relay_shows_has_a_person_in_it(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    names = set(_names(asdict(world.chain(relay))))
    assert not {name for name in names if "person" in name or name in ("made_by", "facilitator_id", "approved_by")}


async def test_a_leg_is_found_by_its_round_and_a_relay_by_its_team(world: RelayWorld) -> None:
    relay = world.relay()
    leg = world.leg(relay, 1)
    round_id = leg.round_id or 0
    found = world.run(lambda session: relay_reading.of_round(session, round_id))
    assert found == (world.chain(relay), leg)
    assert world.run(lambda session: relay_reading.of_round(session, round_id + 1)) is None
    last = world.leg(relay, 3)
    assert world.run(lambda session: relay_reading.of_team(session, world.organisation, last.team_id)) == [
        world.chain(relay)
    ]
    assert [one.id for one in world.run(lambda session: relays.of_organisation(session, world.organisation))] == [relay]


async def test_the_board_says_when_what_waits_begins_as_it_looks_now(world: RelayWorld) -> None:
    relay = world.relay()
    second, third = (world.leg(relay, position).id for position in (2, 3))

    def looks() -> dict[int, str]:
        found = world.run(
            lambda session: outlook(session, relay_reading.chain(session, world.organisation, relay), world.now)
        )
        return {leg_id: f"{day:%a %d}" for leg_id, (day, _last) in found.items()}

    assert looks() == {second: "Wed 04", third: "Fri 06"}
    await world.ticks_until("2026-03-03 16:30")
    assert looks() == {second: "Mon 09", third: "Wed 11"}
    await world.ticks_until("2026-03-04 12:00")
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    assert looks() == {third: "Mon 09"}


async def test_a_message_says_where_it_goes_and_what_it_is_about(world: RelayWorld) -> None:
    relay = world.relay([*world.teams(1), *world.teams(1, language="en"), *world.teams(1)])
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    second = world.leg(relay, 2)
    arrived = world.message(second, News.ARRIVED)
    found = world.run(lambda session: relay_messages.message(session, arrived.id))
    assert found is not None
    assert (found.kind, found.occurrence, found.relay_id, found.leg_id) == (Kind.RELAY, News.ARRIVED, relay, second.id)
    assert (found.channel, found.language, found.platform, found.since) == ("C2", "en", "paper", world.now)
    assert world.run(lambda session: relay_messages.message(session, arrived.id + 1000)) is None


async def test_what_is_not_so_any_more_is_not_said(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    second = world.leg(relay, 2)
    world.pass_on(second)  # before anything was sent
    await world.ticks_until(BATON_DAY)
    assert world.fate(second, News.ARRIVED) is Reason.ROUND_ENDED
    assert world.fate(second, News.PASSED_ON) is State.SENT


async def test_a_message_that_waits_for_a_team_that_ends_is_explained(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    second = world.leg(relay, 2)
    world.change(Team, second.team_id, ended_at=world.now)
    await world.ticks_until(BATON_DAY)
    assert world.fate(second, News.ARRIVED) is Reason.ROUND_ENDED


async def test_a_message_waits_two_working_days_for_its_channel_and_no_longer(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    second = world.leg(relay, 2)
    assert world.message(second, News.ARRIVED).late_after == at("2026-03-05 16:30")
    world.now = at("2026-03-06 08:00")
    await world.tick()
    assert world.fate(second, News.ARRIVED) is Reason.TOO_LATE


async def test_a_team_that_has_ended_takes_part_in_no_new_relay(world: RelayWorld) -> None:
    teams = world.teams()
    world.change(Team, teams[1], ended_at=world.now)
    with pytest.raises(TeamHasEnded):
        world.relay(teams)
    assert world.run(lambda session: relays.of_organisation(session, world.organisation)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "handed_over"}, {"state": "waiting", "ended_at": "2026-03-03 10:00:00+00:00"},
        {"stalled_at": "2026-03-03 10:00:00+00:00"}, {"begun_at": None}, {"state": "lost"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_leg_that_is_in_no_state(world: RelayWorld, wrong: dict[str, Any]) -> None:
    relay = world.relay()
    leg = world.leg(relay, 1)
    columns = ", ".join(f"{name} = {'NULL' if value is None else repr(value)}" for name, value in wrong.items())
    with pytest.raises(IntegrityError):
        world.run(
            lambda session: session.connection().exec_driver_sql(f"UPDATE relay_leg SET {columns} WHERE id = {leg.id}")  # noqa: S608
        )


def test_a_channel_is_told_each_thing_once_whoever_promises_it(world: RelayWorld) -> None:
    leg = world.leg(world.relay(), 1)
    row: dict[str, Any] = {
        "organisation_id": world.organisation, "workspace_id": world.workspace, "relay_leg_id": leg.id,
        "kind": Kind.RELAY, "day": MONDAY, "due_at": world.now, "late_after": world.now, "try_at": world.now,
    }  # fmt: skip
    world._add(Delivery(**row))
    with pytest.raises(IntegrityError):
        world._add(Delivery(**row))
    with pytest.raises(IntegrityError):
        world._add(Delivery(**row | {"kind": Kind.ROUND}))


async def test_data_of_a_member_has_no_words_of_the_team_in_it(world: RelayWorld) -> None:
    """What was handed in to the round is the writer's own; the baton is nobody's."""
    relay = world.relay()
    await world.ticks_until(BATON_DAY)
    leg = world.leg(relay, 1)
    world.approved(leg, SECRET)
    other = world.by(world.of[leg.team_id][1], lambda session, person: my_data.collect(session, person))
    assert SECRET not in str(other)


def _other_organisation(session: Session, world: RelayWorld) -> int:
    other = Organisation(name="Grannkommunen", created_at=world.founded_at)
    session.add(other)
    session.flush()
    return other.id


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for key, one in value.items() for name in [str(key), *_names(one)]]
    if isinstance(value, tuple | list):
        return [name for one in value for name in _names(one)]
    return []


def test_every_leg_keeps_its_place(world: RelayWorld) -> None:
    leg = world.leg(world.relay(), 2)
    with pytest.raises(IntegrityError):
        world.run(lambda session: _place(session, leg.id, 1))


def _place(session: Session, leg_id: int, position: int) -> None:
    leg = session.get_one(RelayLeg, leg_id)
    leg.position = position
    session.add(leg)
    session.flush()
