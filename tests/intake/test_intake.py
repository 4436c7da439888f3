"""Kept before acknowledged, handled once and in order, never lost, never in anybody's way. On both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import pytest
from sqlmodel import Session, select

from bot import kept_events
from bot.conversation.cards import Card
from bot.conversation.desk import House
from bot.conversation.events import AnyEvent, MessageRef, OpenedHome, Profile, Submitted, Wrote
from bot.conversation.shows import Refuse, Say, Show
from bot.conversation.texts import Words
from bot.handling import Handling
from bot.intake import Intake, Job
from bot.ports import Address, ChatPlatform
from bot.showing import Showing
from scheduler.clock import SystemClock
from scheduler.ports import RateLimited, Unreachable
from storage import inbox, workspaces
from storage.database import Store, open_store
from storage.inbox import NewEvent
from storage.people import person_met
from storage.tables.inbox import InboxEvent

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
COORDINATOR = "U01"


def wrote(text: str, *, key: str, person: str = "U01") -> Wrote:
    at = MessageRef(conversation=f"D{person}", message=key)
    return Wrote(key=key, platform="paper", workspace="T1", person=person, at=NOW, text=text, message=at)


class PaperPlatform:
    """Writes down what it is asked to show."""

    name = "paper"

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.refuses: list[Exception] = []

    async def send(self, to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        if self.refuses:
            raise self.refuses.pop(0)
        self.said.append((to.person, card.summary))
        return MessageRef(conversation=f"D{to.person}", message="1")

    async def profile(self, workspace: str, external_id: str) -> Profile | None:
        return Profile(external_id=external_id, zone="Europe/Helsinki", language="sv")

    async def profiles(self, workspace: str, external_ids: list[str]) -> list[Profile]:
        return [Profile(external_id=external_id, zone="Europe/Oslo", language="en") for external_id in external_ids]


class Desk:
    """Answers every text with itself; remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.strangers: list[Profile | None] = []
        self.events: list[AnyEvent] = []
        self.faults: dict[str, int] = {}

    def __call__(
        self, session: Session, house: House, event: AnyEvent, profile: Profile | None, now: datetime
    ) -> list[Show]:
        if self.faults.get(event.key, 0) > 0:
            self.faults[event.key] -= 1
            raise RuntimeError("a fault of ours")
        workspace = workspaces.connected(
            session, platform="paper", external_id="T1", organisation_name="Älvsunda", now=now
        )
        person_met(session, workspace=workspace, external_id=event.person, zone=None, language=None, now=now)
        self.events.append(event)
        self.strangers.append(profile)
        text = event.text if isinstance(event, Wrote) else event.key
        self.seen.append(text)
        if isinstance(event, Submitted) and not event.text("cue"):
            return [Refuse({"cue": "Skriv något."})]
        return [Say(Card(summary=text, parts=()))]


@pytest.fixture
def store(database_url: str) -> Any:
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
def paper() -> PaperPlatform:
    return PaperPlatform()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def open_intake(store: Store, paper: PaperPlatform, desk: Desk) -> AsyncIterator[Callable[[], Intake]]:
    opened: list[Intake] = []

    def open_one() -> Intake:
        platforms = {"paper": cast(ChatPlatform, paper)}
        clock = SystemClock()
        house = House(
            library=cast(Any, None),
            organisation_name="Älvsunda",
            contact="",
            coordinators=frozenset({COORDINATOR}),
            page_address=None,
        )
        showing = Showing(platforms=platforms, clock=clock)
        handling = Handling(store=store, house=house, platforms=platforms, clock=clock, handle=desk)
        opened.append(Intake(store=store, handling=handling, showing=showing, clock=clock))
        return opened[-1]

    yield open_one
    for intake in opened:
        await intake.finish()


@pytest.fixture
def intake(open_intake: Callable[[], Intake]) -> Intake:
    return open_intake()


def rows(store: Store) -> list[InboxEvent]:
    return store.write_now(lambda session: list(session.exec(select(InboxEvent).order_by(InboxEvent.id)).all()))  # type: ignore[arg-type]


async def test_an_event_is_kept_handled_shown_and_its_body_erased(
    intake: Intake, store: Store, paper: PaperPlatform
) -> None:
    assert await intake.keep(wrote("Hej", key="1"))
    await intake.finish()
    assert paper.said == [("U01", "Hej")]
    [row] = rows(store)
    assert row.handled_at is not None
    assert row.body is None


async def test_the_same_event_twice_is_handled_once(intake: Intake, desk: Desk) -> None:
    first, second = await asyncio.gather(intake.keep(wrote("Hej", key="1")), intake.keep(wrote("Hej", key="1")))
    assert {first, second} == {True, False}
    await intake.finish()
    assert desk.seen == ["Hej"]


async def test_one_persons_events_are_handled_in_order(intake: Intake, desk: Desk) -> None:
    for number in range(30):
        await intake.keep(wrote(str(number), key=str(number)))
    await intake.finish()
    assert desk.seen == [str(number) for number in range(30)]


async def test_what_was_kept_before_a_crash_is_handled_after_it(
    open_intake: Callable[[], Intake], store: Store, paper: PaperPlatform, desk: Desk
) -> None:
    crashed = open_intake()
    crashed._queue = lambda *_: None  # type: ignore[method-assign]  # it dies between the commit and the work
    await crashed.keep(wrote("Före", key="1"))
    assert desk.seen == []
    restarted = open_intake()
    running = asyncio.create_task(restarted.run())
    async with asyncio.timeout(5):
        while not paper.said:  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
    running.cancel()
    assert paper.said == [("U01", "Före")]
    assert rows(store)[0].body is None


async def test_two_processes_that_take_up_the_same_event_handle_it_once(
    open_intake: Callable[[], Intake], desk: Desk
) -> None:
    first, second = open_intake(), open_intake()
    event = wrote("En gång", key="1")
    await first.keep(event)
    second._queue(Job(event_id=1, event=event))
    await first.finish()
    await second.finish()
    assert desk.seen == ["En gång"]


async def test_a_fault_that_passes_is_tried_again(intake: Intake, desk: Desk, paper: PaperPlatform) -> None:
    desk.faults["1"] = 2
    await intake.keep(wrote("Till slut", key="1"))
    await intake.finish()
    assert paper.said == [("U01", "Till slut")]


async def test_a_poisonous_event_is_set_aside_and_holds_up_nobody(
    intake: Intake, store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.0, 0.0, 0.0, 0.0))
    desk.faults["1"] = 99
    await intake.keep(wrote("Gift", key="1"))
    await intake.keep(wrote("Nästa", key="2"))
    await intake.finish()
    assert desk.seen == ["Nästa"]
    poison = rows(store)[0]
    assert poison.tries == 5
    assert poison.set_aside_at is not None
    assert poison.set_aside_reason == "RuntimeError"
    assert "Gift" in (poison.body or ""), "an operator can have it handled once more"


async def test_whoever_caused_a_poisonous_event_is_told(
    intake: Intake, desk: Desk, paper: PaperPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.0, 0.0, 0.0, 0.0))
    desk.faults["1"] = 99
    await intake.keep(wrote("Gift", key="1"))
    await intake.finish()
    assert [said for _, said in paper.said] == [Words("sv")("intake.set_aside").replace("_", "")]


async def test_a_form_that_cannot_be_handled_stays_open_and_can_be_sent_again(
    intake: Intake, desk: Desk, store: Store
) -> None:
    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="x", about="", values={"cue": "y"}
    )
    desk.faults["f"] = 1
    assert await intake.handle_at_once(form) == [Refuse({"": Words("sv")("intake.try_again")})]
    assert rows(store) == []
    assert isinstance((await intake.handle_at_once(form) or [])[0], Say)


async def test_a_form_is_handled_at_once_and_a_repeat_is_recognised(intake: Intake, paper: PaperPlatform) -> None:
    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="plan", about="1", values={"cue": "När"}
    )
    shows = await intake.handle_at_once(form)
    assert shows is not None
    assert isinstance(shows[0], Say)
    assert paper.said == []
    assert await intake.handle_at_once(form) is None


async def test_a_form_that_was_refused_may_be_sent_again(intake: Intake, store: Store) -> None:
    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="plan", about="1", values={"cue": ""}
    )
    assert await intake.handle_at_once(form) == [Refuse({"cue": "Skriv något."})]
    assert await intake.handle_at_once(form) == [Refuse({"cue": "Skriv något."})]
    assert rows(store) == []


async def test_a_form_waits_for_what_the_person_did_before(intake: Intake, desk: Desk) -> None:
    await intake.keep(wrote("Först", key="1"))
    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="x", about="", values={"cue": "y"}
    )
    await intake.handle_at_once(form)
    assert desk.seen == ["Först", "f"]


async def test_a_stranger_comes_with_a_profile_and_an_acquaintance_without(intake: Intake, desk: Desk) -> None:
    for key in ("1", "2"):
        await intake.keep(OpenedHome(key=key, platform="paper", workspace="T1", person="U01", at=NOW))
        await intake.finish()
    stranger, acquaintance = desk.strangers
    assert stranger is not None
    assert stranger.zone == "Europe/Helsinki"
    assert acquaintance is None


async def test_what_a_stranger_wrote_is_not_lost_when_the_platform_does_not_say_who_it_is(
    intake: Intake, store: Store, desk: Desk, paper: PaperPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.intake.WAITS", (0.0, 0.0, 0.0, 0.0))
    asked = nobody_says_who_anybody_is(paper)
    await intake.keep(wrote("Mitt första ord", key="1"))
    await intake.finish()
    assert desk.seen == ["Mitt första ord"]
    assert desk.strangers == [Profile(external_id="U01", zone=None, language=None)]
    assert len(asked) == 5
    [row] = rows(store)
    assert row.handled_at is not None
    assert row.set_aside_at is None


async def test_tries_before_a_restart_count_as_tries_of_a_strangers_first_message(
    intake: Intake, store: Store, desk: Desk, paper: PaperPlatform
) -> None:
    asked = nobody_says_who_anybody_is(paper)
    event = wrote("Mitt första ord", key="1")
    kept = NewEvent(
        platform="paper", workspace="T1", key="1", person="U01", body=kept_events.to_json(event), received_at=NOW
    )
    [event_id] = await store.write(partial(inbox.keep_all, events=[kept]))
    for _ in range(4):
        failed = partial(inbox.failed, event_id=event_id or 0, error="RateLimited", is_last=False, now=NOW)
        assert await store.write(failed)
    running = asyncio.create_task(intake.run())
    async with asyncio.timeout(5):
        while not desk.seen:  # noqa: ASYNC110 - what it waits for has no event
            await asyncio.sleep(0.01)
    running.cancel()
    assert len(asked) == 1


def nobody_says_who_anybody_is(paper: PaperPlatform) -> list[str]:
    """Let the platform refuse to say who somebody is. Return whom it is asked about from now on."""
    asked: list[str] = []

    async def refuse(workspace: str, external_id: str) -> Profile | None:
        asked.append(external_id)
        raise RateLimited("rate_limited", until=datetime.now(UTC), bucket="users.info")

    paper.profile = refuse  # type: ignore[method-assign]
    return asked


async def test_a_limit_is_waited_for_and_the_answer_shown_once(intake: Intake, paper: PaperPlatform) -> None:
    paper.refuses = [RateLimited("rate_limited", until=datetime.now(UTC), bucket="chat.postMessage")]
    await intake.keep(wrote("Hej", key="1"))
    await intake.finish()
    assert paper.said == [("U01", "Hej")]


async def test_what_cannot_be_shown_is_not_tried_blindly_and_loses_no_answer(
    intake: Intake, paper: PaperPlatform, store: Store, desk: Desk
) -> None:
    paper.refuses = [Unreachable("channel_not_found")]
    await intake.keep(wrote("Hej", key="1"))
    await intake.finish()
    assert paper.said == []
    assert desk.seen == ["Hej"]
    assert rows(store)[0].handled_at is not None


async def test_showing_slowly_never_delays_the_answer_to_a_form(intake: Intake, paper: PaperPlatform) -> None:
    shown = asyncio.Event()

    async def slowly(to: Address, card: Card, *, delivery_id: int | None) -> MessageRef:
        await shown.wait()
        return MessageRef(conversation="D", message="1")

    paper.send = slowly  # type: ignore[method-assign]
    await intake.keep(wrote("Hej", key="1"))
    form = Submitted(
        key="f", platform="paper", workspace="T1", person="U01", at=NOW, form="x", about="", values={"cue": "y"}
    )
    assert await asyncio.wait_for(intake.handle_at_once(form), 2)
    shown.set()
