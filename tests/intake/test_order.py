"""What one person does is handled in the order in which it was kept, whichever process has it. On both databases."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from sqlmodel import Session, col, select

from bot.conversation.cards import Card
from bot.conversation.desk import House
from bot.conversation.events import AnyEvent, MessageRef, Pressed, Profile, Submitted, Wrote
from bot.conversation.shows import Refuse, Say, Show
from bot.conversation.texts import Words
from bot.handling import Handling
from bot.intake import Intake, Job
from bot.ports import Address, ChatPlatform
from bot.showing import Showing
from scheduler.clock import SystemClock
from storage import inbox
from storage.database import Store, Work, open_store
from storage.set_aside import Replayed, replay
from storage.tables.inbox import InboxEvent

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
TRY_AGAIN = [Refuse({"": Words("sv")("intake.try_again")})]


def wrote(key: str, *, person: str = "U01") -> Wrote:
    at = MessageRef(conversation=f"D{person}", message=key)
    return Wrote(key=key, platform="paper", workspace="T1", person=person, at=NOW, text=key, message=at)


def form(key: str, *, at: datetime = NOW) -> Submitted:
    return Submitted(
        key=key, platform="paper", workspace="T1", person="U01", at=at, form="x", about="", values={"cue": "y"}
    )


def press(key: str, *, on_page: bool = False) -> Pressed:
    return Pressed(
        key=key, platform="paper", workspace="T1", person="U01", at=NOW, on_page=on_page, action="a", value=""
    )


class PaperPlatform:
    name = "paper"

    def __init__(self) -> None:
        self.said: list[str] = []

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        self.said.append(card.summary)
        return MessageRef(conversation=f"D{to.person}", message="1")

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        return Profile(external_id=external_id, zone="Europe/Stockholm", language="sv")


class Desk:
    """One for all processes: remembers in which order they handled what."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.faults: set[str] = set()

    def __call__(
        self, session: Session, house: House, event: AnyEvent, profile: Profile | None, now: datetime
    ) -> list[Show]:
        if event.key in self.faults:
            raise RuntimeError("a fault of ours")
        self.seen.append(event.key)
        return [Say(Card(summary=event.key, parts=()))]


class Process:
    """A process of ours with a store of its own on the same database."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self.store = store
        self.paper = PaperPlatform()
        platforms = {"paper": cast(ChatPlatform, self.paper)}
        clock = SystemClock()
        house = House(
            library=cast(Any, None), organisation_name="Älvsunda", contact="", coordinators=frozenset(),
            page_address=None,
        )  # fmt: skip
        handling = Handling(store=store, house=house, platforms=platforms, clock=clock, handle=desk)
        showing = Showing(platforms=platforms, clock=clock)
        self.intake = Intake(store=store, handling=handling, showing=showing, clock=clock)

    def dies_before_it_handles(self) -> None:
        self.intake._queue = lambda *_: None  # type: ignore[method-assign]

    def holds_back(self) -> Callable[[], None]:
        """Handle nothing until what is returned is called."""
        queue, held = self.intake._queue, list[Job]()
        self.intake._queue = held.append  # type: ignore[method-assign,assignment]

        def go_on() -> None:
            self.intake._queue = queue  # type: ignore[method-assign]
            for job in held:
                queue(job)

        return go_on


def rows_of(store: Store) -> list[InboxEvent]:
    return store.write_now(lambda session: list(session.exec(select(InboxEvent).order_by(col(InboxEvent.id))).all()))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def start(database_url: str, desk: Desk) -> Iterator[Callable[[], Process]]:
    stores: list[Store] = []

    def start_one() -> Process:
        stores.append(open_store(database_url))
        return Process(stores[-1], desk)

    yield start_one
    for store in stores:
        store.close()


async def until(come: Callable[[], bool], *, seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not come():  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)


async def test_what_somebody_does_is_handled_in_order_over_two_processes(
    start: Callable[[], Process], desk: Desk
) -> None:
    processes = [start(), start()]
    people = ("U01", "U02", "U03")
    for number in range(20):
        await asyncio.gather(
            *(processes[number % 2].intake.keep(wrote(f"{one} {number}", person=one)) for one in people)
        )
    await asyncio.gather(*(one.intake.finish(10) for one in processes))
    for person in people:
        seen = [key for key in desk.seen if key.startswith(person)]
        assert seen == [f"{person} {number}" for number in range(20)]


async def test_what_a_dead_process_left_is_handled_soon_when_the_same_person_does_more(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.LEFT_BEHIND_SECONDS", 0.3)
    dead, living = start(), start()
    dead.dies_before_it_handles()
    for key in ("1", "2"):
        await dead.intake.keep(wrote(key))
    await living.intake.keep(wrote("3"))
    await living.intake.keep(wrote("other", person="U02"))
    await until(lambda: len(desk.seen) == 4)
    assert desk.seen == ["other", "1", "2", "3"]
    await living.intake.finish()
    assert sorted(living.paper.said) == ["1", "2", "3", "other"]


async def test_what_a_dead_process_left_is_found_by_the_second_look_of_another(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.SWEEP_SECONDS", 0.05)
    living, dead = start(), start()
    running = asyncio.create_task(living.intake.run())
    await asyncio.sleep(0.1)
    dead.dies_before_it_handles()
    await dead.intake.keep(wrote("1"))
    await until(lambda: desk.seen == ["1"])
    running.cancel()


async def test_a_form_behind_what_a_dead_process_left_is_handled_in_time_and_in_order(
    start: Callable[[], Process], desk: Desk
) -> None:
    dead, living = start(), start()
    dead.dies_before_it_handles()
    await dead.intake.keep(wrote("1"))
    async with asyncio.timeout(2):
        shows = await living.intake.handle_at_once(form("2"))
    assert shows == [Say(Card(summary="2", parts=()))]
    assert desk.seen == ["1", "2"]
    await living.intake.finish()


async def test_a_form_whose_turn_does_not_come_in_time_is_refused_and_can_be_sent_again(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.TURN_COMES_WITHIN_SECONDS", 0.3)
    monkeypatch.setattr("bot.intake.WAITS", (5.0, 5.0, 5.0, 5.0))
    process = start()
    desk.faults.add("1")
    await process.intake.keep(wrote("1"))
    async with asyncio.timeout(2):
        assert await process.intake.handle_at_once(form("2")) == TRY_AGAIN
    assert [row.key for row in rows_of(process.store)] == ["1"]
    desk.faults.clear()
    assert await process.intake.handle_at_once(form("2")) == [Say(Card(summary="2", parts=()))]
    assert desk.seen == ["1", "2"]
    await process.intake.finish()


async def test_a_press_whose_turn_does_not_come_in_time_keeps_its_place_and_is_shown_in_the_chat(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.TURN_COMES_WITHIN_SECONDS", 0.2)
    monkeypatch.setattr("bot.intake.WAITS", (0.5, 0.5, 0.5, 0.5))
    process = start()
    desk.faults.add("1")
    await process.intake.keep(wrote("1"))
    assert await process.intake.handle_at_once(press("2")) is None
    desk.faults.clear()
    await process.intake.finish()
    assert desk.seen == ["1", "2"]
    assert process.paper.said == ["1", "2"]


async def test_what_was_pressed_on_our_own_page_is_not_said_in_the_chat_afterwards(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.05, 0.05, 0.05, 0.05))
    process = start()
    desk.faults.add("1")
    assert await process.intake.handle_at_once(press("1", on_page=True)) is None
    desk.faults.clear()
    await process.intake.finish()
    assert desk.seen == ["1"]
    assert process.paper.said == []


async def test_a_form_that_somebody_waits_for_is_not_taken_up_by_a_process_that_starts(
    start: Callable[[], Process], desk: Desk
) -> None:
    """It would be answered where nobody sees it. One whose sender has long given up is."""
    dead, living = start(), start()
    dead.dies_before_it_handles()
    now = datetime.now(UTC)
    for key, at in (("waited for", now), ("given up", now - timedelta(minutes=1))):
        await dead.intake.keep(replace(form(key, at=at), person=key))
    running = asyncio.create_task(living.intake.run())
    await until(lambda: bool(desk.seen))
    await living.intake.finish()
    running.cancel()
    assert desk.seen == ["given up"]


async def test_while_something_is_tried_again_nothing_later_of_the_same_person_overtakes_it(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.2, 0.2, 0.2, 0.2))
    process = start()
    desk.faults.add("1")
    for key in ("1", "2", "3"):
        await process.intake.keep(wrote(key))
    await until(lambda: rows_of(process.store)[0].tries == 1)
    desk.faults.clear()
    await process.intake.finish()
    assert desk.seen == ["1", "2", "3"]


async def test_what_is_replayed_is_handled_by_whoever_runs_and_before_what_comes_later(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.0, 0.0, 0.0, 0.0))
    monkeypatch.setattr("bot.intake.SWEEP_SECONDS", 0.05)
    process = start()
    desk.faults.add("1")
    await process.intake.keep(wrote("1"))
    await until(lambda: rows_of(process.store)[0].set_aside_at is not None)
    running = asyncio.create_task(process.intake.run())
    assert process.store.write_now(lambda session: replay(session, 1)) is Replayed.REPLAYED
    desk.faults.clear()
    await process.intake.keep(wrote("2"))
    await until(lambda: len(desk.seen) == 2)
    assert desk.seen == ["1", "2"]
    running.cancel()
    await process.intake.finish()
    assert process.store.write_now(lambda session: replay(session, 1)) is Replayed.HANDLED


async def test_a_form_that_was_taken_back_never_settles_what_somebody_else_did_after_it(
    start: Callable[[], Process], desk: Desk
) -> None:
    """Its row is gone, and a database might give the next event the same id."""
    process = start()
    kept = await process.store.write(partial(inbox.keep_all, events=[an_event("form", "U01")]))
    [event_id] = kept
    assert event_id is not None
    assert await process.store.write(partial(inbox.take_back, event_id=event_id))
    [next_id] = await process.store.write(partial(inbox.keep_all, events=[an_event("2", "U02")]))
    assert next_id != event_id
    assert await process.store.write(partial(inbox.settle, event_id=event_id, now=NOW)) is None
    assert rows_of(process.store)[0].handled_at is None


async def test_of_many_that_were_left_only_a_few_are_taken_up_at_once_and_all_are_handled(
    start: Callable[[], Process], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.MOST_AT_HAND", 3)
    monkeypatch.setattr("bot.intake.ROOM_IN_SECONDS", 0.001)
    dead, living = start(), start()
    dead.dies_before_it_handles()
    for number in range(20):
        await dead.intake.keep(wrote(str(number), person=f"U{number:02}"))
    at_hand: list[int] = []
    queue = living.intake._queue

    def counted(job: Job) -> None:
        queue(job)
        at_hand.append(len(living.intake._mine))

    living.intake._queue = counted  # type: ignore[method-assign]
    running = asyncio.create_task(living.intake.run())
    await until(lambda: len(desk.seen) == 20)
    running.cancel()
    assert max(at_hand) == 3


def an_event(key: str, person: str) -> inbox.NewEvent:
    return inbox.NewEvent(platform="paper", workspace="T1", key=key, person=person, body="{}", received_at=NOW)


async def test_what_has_been_set_aside_is_handled_by_nobody_who_still_has_it(start: Callable[[], Process]) -> None:
    process = start()
    go_on = process.holds_back()
    await process.intake.keep(wrote("1"))
    process.store.write_now(lambda session: inbox.failed(session, 1, error="KeyError", is_last=True, now=NOW))
    go_on()
    await process.intake.finish()
    assert process.paper.said == []
    assert rows_of(process.store)[0].handled_at is None


def test_row_by_row_only_one_settles_and_only_what_is_first(start: Callable[[], Process]) -> None:
    """Two transactions that are open at the same time, where a database has two."""
    process = start()
    kept = [
        inbox.NewEvent(platform="paper", workspace="T1", key=key, person="U01", body="{}", received_at=NOW)
        for key in ("1", "2")
    ]
    first, second = process.store.write_now(lambda session: inbox.keep_all(session, kept))
    assert first is not None
    assert second is not None
    engine = process.store.engine
    if engine.dialect.name == "postgresql":
        with engine.connect() as one, Session(one) as handling:
            assert inbox.settle(handling, first, now=NOW)
            assert _settles(process.store, second) is inbox.NotItsTurn
            one.rollback()
        assert _settles(process.store, second) is inbox.NotItsTurn
    assert _settles(process.store, second) is inbox.NotItsTurn
    assert isinstance(_settles(process.store, first), inbox.Settled)
    assert _settles(process.store, first) is None
    assert isinstance(_settles(process.store, second), inbox.Settled)


def _settles(store: Store, event_id: int) -> object:
    work: Work[object] = lambda session: inbox.settle(session, event_id, now=NOW)  # noqa: E731
    try:
        return store.write_now(work)
    except inbox.NotItsTurn as error:
        return type(error)
