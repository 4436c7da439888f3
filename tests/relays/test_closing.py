"""After the last leg: one commitment for each organisation, and how it goes with it."""

from datetime import date
from functools import partial

from sqlmodel import select

from scheduler import relay_closing_day
from storage import disposing, my_data, relay_commitments, relay_disposal, teams
from storage.relay_news import News
from storage.relay_reading import Leg
from storage.relays import NotDone
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Person
from storage.tables.relays import Afterwards, BatonApproval, LegState, Relay, RelayBaton, RelayLeg, RelayState
from tests.relays.builders import RelayWorld
from tests.scheduler.world import at

CLOSING_DAY = "2026-03-16"
FOUR_WEEKS, TWELVE_WEEKS = "2026-04-13", "2026-06-08"


async def closed(world: RelayWorld) -> int:
    """All three have handed over, the last on Monday 9 March."""
    relay = world.relay()
    for position, day in enumerate(("2026-03-03", "2026-03-05", "2026-03-09"), start=1):
        await world.ticks_until(f"{day} 11:00")
        world.approved(world.leg(relay, position), f"Lärdom {position}")
        world.hand_over(world.leg(relay, position))
    return relay


def promise(world: RelayWorld, leg: Leg, text: str = "Frukost på vårdcentralen", *, by: int = 0) -> NotDone | None:
    who, due_on = world.of[leg.team_id][by], date(2026, 5, 4)
    return world.by(
        who, relay_commitments.promise, leg.id, text, owner_role="Enhetschefen", due_on=due_on, now=world.now
    )


def say(world: RelayWorld, leg: Leg, weeks: int, said: Afterwards = Afterwards.UNDER_WAY) -> NotDone | None:
    who = world.of[leg.team_id][0]
    return world.by(who, relay_commitments.say, leg.id, weeks, said, "Vi har börjat", world.now)


def choose(world: RelayWorld, relay: int, day: date) -> NotDone | None:
    where = world.organisation
    return world.run(lambda session: relay_closing_day.choose(session, where, relay, day, world.now))


async def test_on_the_closing_day_every_team_is_asked_for_one_commitment(world: RelayWorld) -> None:
    relay = await closed(world)
    assert [promise(world, leg) for leg in world.chain(relay).legs] == [NotDone.NOT_YET] * 3
    await world.ticks_until(f"{CLOSING_DAY} 09:59")
    assert not any(News.CLOSING in world.told(leg) for leg in world.chain(relay).legs)
    await world.ticks_until(f"{CLOSING_DAY} 10:00")
    assert [world.fate(leg, News.CLOSING) for leg in world.chain(relay).legs] == [State.SENT] * 3
    assert [promise(world, leg) for leg in world.chain(relay).legs] == [None] * 3
    assert promise(world, world.leg(relay, 1), "Lunch också", by=1) is None
    kept = world.leg(relay, 1).commitment
    assert kept is not None
    assert (kept.words, kept.owner_role, kept.due_on) == ("Lunch också", "Enhetschefen", date(2026, 5, 4))


async def test_four_and_twelve_weeks_later_each_is_asked_once_and_then_the_relay_is_over(world: RelayWorld) -> None:
    relay = await closed(world)
    await world.ticks_until(f"{CLOSING_DAY} 11:00")
    first, second, third = world.chain(relay).legs
    assert [promise(world, leg) for leg in (first, second)] == [None, None]
    assert say(world, first, 4) is NotDone.NOT_YET
    await world.ticks_until(f"{FOUR_WEEKS} 10:00")
    asked = [(row.relay_leg_id, row.occurrence) for row in world.of_relays() if row.kind is Kind.RELAY_FOLLOW_UP]
    assert asked == [(first.id, 4), (second.id, 4)]
    assert say(world, first, 4) is None
    assert say(world, first, 4, Afterwards.DONE) is None
    assert say(world, third, 4) is NotDone.NOT_YET
    assert promise(world, first, "Något annat") is NotDone.DONE
    assert world.chain(relay).state is RelayState.CLOSING
    await world.ticks_until(f"{TWELVE_WEEKS} 10:00")
    asked = [(row.relay_leg_id, row.occurrence) for row in world.of_relays() if row.kind is Kind.RELAY_FOLLOW_UP]
    assert asked[2:] == [(first.id, 12), (second.id, 12)]
    chain = world.chain(relay)
    assert chain.state is RelayState.ENDED
    assert say(world, second, 12) is None
    questions = world.leg(relay, 1).questions
    assert [(one.weeks, one.said, one.words) for one in questions] == [
        (0, None, None), (4, Afterwards.DONE, "Vi har börjat"), (12, None, None)
    ]  # fmt: skip
    await world.ticks_until(f"{TWELVE_WEEKS} 10:01")
    rows = [row for row in world.of_relays() if row.kind is Kind.RELAY_FOLLOW_UP]
    assert {row.state for row in rows} == {State.SENT}


async def test_who_has_told_already_is_not_asked(world: RelayWorld) -> None:
    """The question was held up, and the team told on its own page meanwhile."""
    relay = await closed(world)
    await world.ticks_until(f"{CLOSING_DAY} 11:00")
    leg = world.leg(relay, 1)
    promise(world, leg)
    world.now = at(f"{FOUR_WEEKS} 10:00")
    await world.plan_teams()
    assert say(world, leg, 4) is None
    await world.ticks_until(f"{FOUR_WEEKS} 10:00")
    [row] = [row for row in world.of_relays() if row.kind is Kind.RELAY_FOLLOW_UP]
    assert row.reason is Reason.ALREADY_ANSWERED


async def test_a_coordinator_chooses_another_closing_day_until_it_has_come(world: RelayWorld) -> None:
    relay = await closed(world)
    assert choose(world, relay, date(2026, 3, 9)) is NotDone.NOT_YET
    assert choose(world, relay, date(2026, 3, 20)) is None
    await world.ticks_until("2026-03-20 09:59")
    assert not any(News.CLOSING in world.told(leg) for leg in world.chain(relay).legs)
    await world.ticks_until("2026-03-20 10:00")
    assert all(News.CLOSING in world.told(leg) for leg in world.chain(relay).legs)
    assert choose(world, relay, date(2026, 3, 25)) is NotDone.DONE
    due = [one.due_at for one in world.leg(relay, 1).questions]
    assert due == [at("2026-03-20 10:00"), at("2026-04-17 10:00"), at("2026-06-12 10:00")]


async def test_a_closing_day_chosen_early_is_kept_unless_it_comes_too_soon(world: RelayWorld) -> None:
    relay, hurried = world.relay(), world.relay()
    assert choose(world, relay, date(2026, 4, 1)) is None
    await world.ticks_until("2026-03-03 11:00")
    for one in (relay, hurried):
        for position in (2, 3):
            world.skip(world.leg(one, position))
        world.approved(world.leg(one, 1))
    assert choose(world, hurried, date(2026, 3, 4)) is None
    world.hand_over(world.leg(relay, 1))
    world.now = at("2026-03-04 09:00")  # and nobody has planned anything since
    world.hand_over(world.leg(hurried, 1))
    assert world.chain(relay).closing_on == date(2026, 4, 1)
    assert world.chain(hurried).closing_on == date(2026, 3, 11)


async def test_a_team_that_works_not_on_the_closing_day_is_asked_on_its_next_one(world: RelayWorld) -> None:
    away = {"closed": ["2026-03-16", "2026-03-17"]}
    relay = world.relay([*world.teams(2), *world.teams(1, calendar=away)])
    await world.ticks_until("2026-03-03 11:00")
    for position in (2, 3):
        world.skip(world.leg(relay, position))
    world.approved(world.leg(relay, 1))
    world.hand_over(world.leg(relay, 1))
    assert choose(world, relay, date(2026, 3, 16)) is None
    due = [leg.questions[0].due_at for leg in world.chain(relay).legs]
    assert due == [at("2026-03-16 10:00"), at("2026-03-16 10:00"), at("2026-03-18 10:00")]


async def test_a_team_that_has_ended_is_not_asked_and_holds_nobody_up(world: RelayWorld) -> None:
    relay = await closed(world)
    ended = world.leg(relay, 1)
    await world.ticks_until("2026-03-13 10:00")
    assert world.run(lambda session: teams.end(session, world.organisation, ended.team_id, world.now))
    await world.ticks_until(f"{TWELVE_WEEKS} 12:00")
    assert News.CLOSING not in world.told(ended)
    assert world.chain(relay).state is RelayState.ENDED


async def test_a_relay_is_disposed_of_a_year_after_its_end_with_all_that_is_in_it(world: RelayWorld) -> None:
    relay = await closed(world)
    await world.ticks_until(f"{CLOSING_DAY} 11:00")
    promise(world, world.leg(relay, 1))
    await world.ticks_until(f"{TWELVE_WEEKS} 12:00")
    a_year_later = at("2027-06-09 00:00")
    too_soon = partial(relay_disposal.forget, ended_before=at(f"{TWELVE_WEEKS} 09:00"))
    forget = partial(relay_disposal.forget, ended_before=a_year_later)
    assert world.run(too_soon) == 0
    assert world.run(forget) == 0, "what was promised goes first"
    promises = partial(disposing.dispose_of_no_cohort, organisation_id=world.organisation, before=a_year_later.date())
    assert world.run(promises) > 0
    assert world.run(forget) == 1
    assert world.run(forget) == 0
    assert world.run(lambda session: session.exec(select(Relay)).first()) is None
    assert world.run(lambda session: session.exec(select(RelayLeg)).first()) is None
    assert world.run(lambda session: session.exec(select(RelayBaton)).first()) is None


async def test_who_deletes_their_data_is_nowhere_in_a_relay_and_the_chain_holds(world: RelayWorld) -> None:
    relay = world.relay()
    await world.ticks_until("2026-03-03 11:00")
    leg = world.leg(relay, 1)
    made_by = world.run(lambda session: session.get_one(Relay, relay)).made_by
    assert made_by is not None
    world.write(leg)
    world.approve(leg, by=[0, 1])
    writer = world.of[leg.team_id][0]
    mine = world.by(writer, lambda session, person: my_data.collect(session, person))
    assert [row["leg_id"] for row in mine["baton_approvals"]] == [leg.id]
    theirs = world.by(made_by, lambda session, person: my_data.collect(session, person))
    assert theirs["relays"] == ["Matstafetten"]
    for who in (writer, made_by):
        world.by(who, my_data.erase, world.now)
    assert world.run(lambda session: session.get_one(Relay, relay)).made_by is None
    approved_by = world.run(lambda session: session.exec(select(BatonApproval.person_id)).all())
    assert approved_by == [world.of[leg.team_id][1]]
    assert world.chain(relay).legs[0].state is LegState.RUNNING
    assert world.look_up(Person, writer).id == writer
