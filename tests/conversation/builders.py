"""People, nudges and events with defaults: a test shows only what matters to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import inspect
from sqlmodel import Session, select

from bot.conversation.desk import House, handle
from bot.conversation.events import AnyEvent, Profile
from bot.conversation.shows import Show
from lessons.library import Library, load_library
from storage import people
from storage.database import Store
from storage.tables.answers import Answer, FollowUp, FollowUpState, Plan, Reflection
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person, Workspace
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument
from tests.conversation.acting import (
    CHAT,
    MONDAY,
    MORNING,
    edit,
    look_home,
    numbers,
    press,
    press_in,
    send,
    slash,
    take_away,
    type_,
)
from tests.conversation.reading import buttons_of, refused, replaced, said, the_form, the_home, written
from tests.enrolled import enrolled
from tests.in_memory import in_memory

T = TypeVar("T")


@cache
def our_library() -> Library:
    return load_library()


def a_house(**changes: Any) -> House:
    defaults: dict[str, Any] = {
        "library": our_library(),
        "organisation_name": "Exempelkommunen",
        "contact": "knuff@example.se",
        "coordinators": frozenset(),
        "page_address": None,
    }
    return House(**defaults | changes)


@dataclass
class Town:
    """A workspace in a database in memory, with a cohort in it."""

    store: Store
    house: House
    cohort_id: int
    workspace: str = "T1"
    shows: list[Show] = field(default_factory=list)
    """What the latest event led to."""

    def write(self, work: Callable[[Session], T]) -> T:
        return self.store.write_now(work)

    def happens(self, event: AnyEvent, *, profile: Profile | None = None, now: datetime | None = None) -> list[Show]:
        self.shows = self.write(lambda session: handle(session, self.house, event, profile, now or event.at))
        return self.shows

    def rows(self, table: type[T]) -> list[T]:
        """Return all of them, oldest first."""
        in_order = select(table).order_by(*inspect(table).primary_key)
        return self.write(lambda session: list(session.exec(in_order).all()))

    def person(self, name: str = "U1") -> Person:
        return next(person for person in self.rows(Person) if person.external_id == name)


def a_town(house: House | None = None, *, store: Store | None = None) -> Town:
    store, house = store or in_memory(), house or a_house()
    return Town(store=store, house=house, cohort_id=store.write_now(lambda session: _a_cohort(session, house)))


def _a_cohort(session: Session, house: House) -> int:
    workspace = people.workspace_met(
        session, platform="slack", workspace="T1", organisation_name=house.organisation_name, now=MORNING
    )
    content = house.library.document("eight-weeks")
    document = ProgrammeDocument(
        organisation_id=workspace.organisation_id,
        programme_id="eight-weeks",
        digest=content.digest(),
        body=content.to_json(),
        stored_at=MORNING,
    )
    session.add(document)
    session.flush()
    cohort = Cohort(
        organisation_id=workspace.organisation_id,
        workspace_id=workspace.id or 0,
        document_id=document.id or 0,
        name="Våren",
        starts_on=MONDAY,
        created_at=MORNING - timedelta(days=3),
    )
    session.add(cohort)
    session.flush()
    return cohort.id or 0


def a_person(
    town: Town, name: str = "U1", *, language: str = "sv", zone: str = "Europe/Stockholm", **values: Any
) -> int:
    """Return the id of somebody who is in the cohort, welcomed and heard of before."""

    def work(session: Session) -> int:
        workspace = session.exec(select(Workspace)).one()
        person = people.person_met(
            session, workspace=workspace, external_id=name, zone=zone, language=language, now=MORNING
        )
        person.welcomed_at = MORNING - timedelta(days=3)
        for key, value in values.items():
            setattr(person, key, value)
        enrolled(session, person, session.get_one(Cohort, town.cohort_id), at=MORNING)
        return person.id

    return town.write(work)


def a_delivery(town: Town, person: str = "U1", *, kind: Kind, day: date = MONDAY, **values: Any) -> int:
    """Return the id of something sent to the person at quarter past eight."""

    def work(session: Session) -> int:
        somebody = session.exec(select(Person).where(Person.external_id == person)).one()
        enrolment = session.exec(select(Enrolment).where(Enrolment.person_id == somebody.id)).first()
        at = MORNING + (day - MONDAY)
        number = next(numbers)
        row: dict[str, Any] = {
            "organisation_id": somebody.organisation_id,
            "workspace_id": somebody.workspace_id,
            "person_id": somebody.id,
            "cohort_id": town.cohort_id,
            "enrolment_id": enrolment.id if enrolment else None,
            "kind": kind,
            "day": day,
            "due_at": at,
            "late_after": at + timedelta(hours=4),
            "try_at": at,
            "state": State.SENT,
            "sent_at": at,
            "started_at": at,
            "conversation_id": CHAT,
            "message_id": f"m{number}",
        }
        if values.get("rides_on") is not None:
            row |= {"conversation_id": None, "message_id": None}
        if values.get("state", State.SENT) is not State.SENT:
            row |= {"sent_at": None, "message_id": None}
        delivery = Delivery(**row | values)
        session.add(delivery)
        session.flush()
        return delivery.id or 0

    return town.write(work)


def a_nudge(town: Town, person: str = "U1", *, lesson: str = "L02", step: int | None = None, **values: Any) -> int:
    return a_delivery(town, person, kind=Kind.NUDGE, lesson_id=lesson, step=step or next(numbers), **values)


def a_promise(town: Town, *, reason: Reason, day: date, **values: Any) -> int:
    """Return the id of a nudge that was not sent."""
    return a_nudge(town, day=day, state=State.EXPLAINED, reason=reason, sent_at=None, **values)


def a_follow_up(
    town: Town,
    person: str = "U1",
    *,
    lesson: str = "L02",
    day: date = MONDAY + timedelta(days=2),
    plan_id: int | None = None,
    rides_on: int | None = None,
    **values: Any,
) -> int:
    """Return the id of the delivery that asks about a follow-up."""

    def work(session: Session) -> int:
        somebody = session.exec(select(Person).where(Person.external_id == person)).one()
        follow_up = FollowUp(
            organisation_id=somebody.organisation_id,
            person_id=somebody.id or 0,
            cohort_id=town.cohort_id,
            lesson_id=lesson,
            plan_id=plan_id,
            due_on=day,
            made_at=MORNING,
            **cast(Any, {"state": FollowUpState.ASKED, "asked": 1} | values),
        )
        session.add(follow_up)
        session.flush()
        return follow_up.id or 0

    subject = town.write(work)
    return a_delivery(
        town, person, kind=Kind.FOLLOW_UP, day=day, subject_id=subject, lesson_id=lesson, rides_on=rides_on
    )


# A test says what it needs from here; how people act and what they are shown lie in files of their own.
__all__ = [
    "CHAT",
    "MONDAY",
    "MORNING",
    "Answer",
    "Cohort",
    "FollowUp",
    "FollowUpState",
    "Kind",
    "Plan",
    "Reason",
    "Reflection",
    "State",
    "buttons_of",
    "edit",
    "look_home",
    "press",
    "press_in",
    "refused",
    "replaced",
    "said",
    "send",
    "slash",
    "take_away",
    "the_form",
    "the_home",
    "type_",
    "written",
]
