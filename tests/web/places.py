"""A served page, a browser without script, and two people with a nudge each."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from html import unescape
from typing import Any, TypeVar, cast

import aiohttp
import pytest
from sqlmodel import Session, select

from bot.conversation.visiting import House
from bot.handling import Handling
from bot.intake import Intake
from bot.ports import ChatPlatform
from bot.showing import Showing
from bot.web.app import web_app
from bot.web.pages import routes
from bot.web.visits import Visits
from lessons.library import Library, load_library
from scheduler.clock import ShiftedClock
from storage import pages, workspaces
from storage.database import Store, open_store
from storage.people import person_met
from storage.tables.answers import FollowUp, FollowUpState, Reflection
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person
from tests.web.serving import served

T = TypeVar("T")
START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
LESSON = "L02"


@cache
def library() -> Library:
    return load_library()


class QuietPlatform:
    """Takes what it is told to show; pages must not depend on it."""

    name = "slack"

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.said: list[str] = []
        self.homes: list[str] = []

    async def send(self, to: Any, card: Any, *, delivery_id: int | None) -> Any:
        self.said.append(repr(card))

    async def update(self, workspace: str, message: Any, card: Any) -> None:
        self.shown.append(repr(card))

    async def show_home(self, to: Any, card: Any) -> None:
        self.homes.append(repr(card))


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A served page, a browser, and two people with a nudge each."""

    browser: aiohttp.ClientSession
    address: str
    store: Store
    clock: ShiftedClock
    intake: Intake
    platform: "QuietPlatform"
    karin: int
    erik: int
    karins_nudge: int
    eriks_nudge: int

    def link(self, person: int, leads_to: str) -> str:
        return "/open/" + self.store.write_now(
            lambda session: pages.make_link(session, person, leads_to, self.clock.now())
        )

    async def open(self, person: int, leads_to: str = "/my") -> str:
        """Open a link as a person would. Return the page it leads to."""
        link = self.link(person, leads_to)
        async with self.browser.get(link) as asked:
            assert asked.status == 200
        async with self.browser.post(link) as opened:
            assert opened.status == 200
            return await opened.text()

    async def send(self, html: str, form: str, **values: str) -> tuple[int, str]:
        """Send one of a page's forms: the one whose address, or hidden action, is `form`."""
        found = next(one for one in forms_in(html) if form in (one.address, one.hidden.get("action")))
        async with self.browser.post(found.address, data=found.hidden | values) as answer:
            return answer.status, await answer.text()

    async def get(self, path: str) -> str:
        async with self.browser.get(path) as answer:
            assert answer.status == 200, path
            return await answer.text()

    def sent(self, person: int, kind: Kind, lesson_id: str, *, about: int | None = None) -> int:
        """Return the id of one thing more in today's message."""

        def add(session: Session) -> int:
            whose = session.get_one(Person, person)
            carrier = self.karins_nudge if person == self.karin else self.eriks_nudge
            delivery = Delivery(
                organisation_id=whose.organisation_id, workspace_id=whose.workspace_id, person_id=person, kind=kind,
                step=3 if kind is Kind.NUDGE else None, lesson_id=lesson_id if kind is Kind.NUDGE else None,
                subject_id=about, day=date(2026, 3, 2), due_at=START, late_after=START, try_at=START,
                state=State.SENT, sent_at=START, rides_on=carrier,
            )  # fmt: skip
            session.add(delivery)
            session.flush()
            return delivery.id or 0

        return self.store.write_now(add)

    def asked(self, person: int, lesson_id: str) -> int:
        """Return the id of a message that asks how an exercise went."""

        def add(session: Session) -> int:
            whose = session.get_one(Person, person)
            follow_up = FollowUp(
                organisation_id=whose.organisation_id, person_id=person, lesson_id=lesson_id,
                due_on=date(2026, 3, 2), state=FollowUpState.ASKED, made_at=START,
            )  # fmt: skip
            session.add(follow_up)
            session.flush()
            return follow_up.id or 0

        return self.sent(person, Kind.FOLLOW_UP, lesson_id, about=self.store.write_now(add))

    def explained(self, person: int, reason: Reason, day: date) -> None:
        """An exercise that somebody did not get."""

        def add(session: Session) -> None:
            whose = session.get_one(Person, person)
            session.add(
                Delivery(
                    organisation_id=whose.organisation_id, workspace_id=whose.workspace_id, person_id=person,
                    kind=Kind.NUDGE, step=9, lesson_id=LESSON, day=day, due_at=START, late_after=START, try_at=START,
                    state=State.EXPLAINED, reason=reason,
                )
            )  # fmt: skip

        self.store.write_now(add)

    def rows(self, table: type[T]) -> list[T]:
        return self.store.write_now(lambda session: list(session.exec(select(table)).all()))

    def written(self) -> list[Reflection]:
        return self.store.write_now(lambda session: list(session.exec(select(Reflection)).all()))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = open_store(database_url)
    yield store
    store.close()


@pytest.fixture
async def place(store: Store) -> AsyncIterator[Place]:
    clock = ShiftedClock(START)
    house = House(
        library=library(), organisation_name="Älvsunda kommun", contact="Amina", coordinators=frozenset(),
        page_address="http://127.0.0.1",
    )  # fmt: skip
    platform = QuietPlatform()
    platforms = {"slack": cast(ChatPlatform, platform)}
    handling = Handling(store=store, house=house, platforms=platforms, clock=clock)
    showing = Showing(platforms=platforms, clock=clock)
    intake = Intake(store=store, handling=handling, showing=showing, clock=clock)
    karin, erik, karins_nudge, eriks_nudge = store.write_now(two_people)

    async def readiness() -> dict[str, bool]:
        return {}

    visits = Visits(store=store, house=house, clock=clock, secure=False)
    app = web_app(slack=None, readiness=readiness, pages=routes(visits, intake))
    jar = aiohttp.CookieJar(unsafe=True)
    async with served(app) as address, aiohttp.ClientSession(address, cookie_jar=jar) as browser:
        yield Place(
            browser=browser, address=address, store=store, clock=clock, intake=intake, platform=platform,
            karin=karin, erik=erik, karins_nudge=karins_nudge, eriks_nudge=eriks_nudge,
        )  # fmt: skip
        await intake.finish()


def two_people(session: Session) -> tuple[int, int, int, int]:
    workspace = workspaces.connected(
        session, platform="slack", external_id="T1", organisation_name="Älvsunda", now=START
    )
    ids: list[int] = []
    nudges: list[int] = []
    for external_id, language in (("U01", "sv"), ("U02", "en")):
        person = person_met(
            session, workspace=workspace, external_id=external_id, zone=None, language=language, now=START
        )
        ids.append(person.id or 0)
        nudge = Delivery(
            organisation_id=person.organisation_id, workspace_id=workspace.id or 0, person_id=person.id or 0,
            kind=Kind.NUDGE, step=1, lesson_id=LESSON, day=date(2026, 3, 2), due_at=START, late_after=START,
            try_at=START, state=State.SENT, sent_at=START, conversation_id=f"D{external_id}", message_id="1.1",
        )  # fmt: skip
        session.add(nudge)
        session.flush()
        nudges.append(nudge.id or 0)
    return ids[0], ids[1], nudges[0], nudges[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class SentForm:
    """A form as a browser would send it, before anybody fills it in."""

    address: str
    hidden: dict[str, str]


def forms_in(html: str) -> list[SentForm]:
    return [
        SentForm(
            address=unescape(address),
            hidden={
                name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body)
            },
        )
        for address, body in re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', html, re.DOTALL)
    ]


def reply_address(html: str) -> str:
    return next(one.address for one in forms_in(html) if one.address.startswith("/my/form/reply.open"))


def form_token(html: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', html)
    assert found
    return found[1]
