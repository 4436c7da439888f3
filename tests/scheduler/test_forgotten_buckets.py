"""Buckets are kept as long as somebody may have to wait for them, and a day longer."""

from datetime import timedelta

from sqlmodel import select

from bot.nightly import at_night
from scheduler.buckets import POST, Limits
from storage import pacing
from storage.tables.lanes import Bucket
from tests.scheduler.world import World, at

SLOT = at("2026-03-02 08:15")
LIMITS = Limits()


async def test_where_nothing_was_written_for_a_day_is_forgotten_at_night(world: World) -> None:
    store, workspace = world.store, world.workspace
    store.write_now(lambda session: pacing.take(session, workspace, LIMITS.posting("D1"), SLOT))
    store.write_now(lambda session: pacing.pause(session, workspace, f"{POST}/D2", until=SLOT))
    store.write_now(lambda session: pacing.take(session, workspace, LIMITS.posting("D3"), SLOT + timedelta(hours=20)))

    def kept() -> set[str]:
        return set(store.write_now(lambda session: session.exec(select(Bucket.name)).all()))

    await at_night(store, {}, SLOT + timedelta(hours=23))
    assert kept() == {POST, f"{POST}/D1", f"{POST}/D2", f"{POST}/D2 paused", f"{POST}/D3"}
    await at_night(store, {}, SLOT + timedelta(hours=25))
    assert kept() == {POST, f"{POST}/D3"}


def test_a_great_many_are_forgotten_a_few_at_a_time(world: World) -> None:
    five = {f"{POST}/D{number}": 1.0 for number in range(5)}
    world.store.write_now(lambda session: pacing.take(session, world.workspace, five, SLOT))
    gone = [
        world.store.write_now(lambda session: pacing.forget(session, free_before=SLOT + timedelta(hours=1), most=2))
        for _ in range(4)
    ]
    assert gone == [2, 2, 1, 0]
