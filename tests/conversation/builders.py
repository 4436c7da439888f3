"""People, nudges and events with defaults: a test shows only what matters to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar, cast

from sqlmodel import Session, select

from bot.conversation.cards import Button, Buttons, Card, Form, Heading, Note, Paragraph
from bot.conversation.desk import House, handle
from bot.conversation.events import (
    AnyEvent,
    Commanded,
    Deleted,
    Edited,
    MessageRef,
    OpenedHome,
    Pressed,
    Profile,
    Submitted,
    Wrote,
)
from bot.conversation.shows import OpenForm, Refuse, Replace, Say, Show, ShowHome
from lessons.library import Library, load_library
from storage import people
from storage.database import Store, open_store
from storage.tables import metadata
from storage.tables.answers import Answer, FollowUp, FollowUpState, Plan, Reflection
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.people import Person, Workspace
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument

T = TypeVar("T")
MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
"""Quarter past eight in Stockholm on a Monday in March."""
CHAT = "D1"
_numbers = count(1)


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
        return self.write(lambda session: list(session.exec(select(table)).all()))

    def person(self, name: str = "U1") -> Person:
        return next(person for person in self.rows(Person) if person.external_id == name)


def a_town(house: House | None = None) -> Town:
    store = open_store("sqlite://")
    metadata.create_all(store.engine)
    house = house or a_house()
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
        session.add(
            Enrolment(
                organisation_id=person.organisation_id,
                cohort_id=town.cohort_id,
                person_id=person.id or 0,
                cadence_id=person.cadence_id,
                starts_on=MONDAY,
                first_day=MONDAY,
                created_at=MORNING,
            )
        )
        session.flush()
        return person.id or 0

    return town.write(work)


def a_delivery(town: Town, person: str = "U1", *, kind: Kind, day: date = MONDAY, **values: Any) -> int:
    """Return the id of something sent to the person at quarter past eight."""

    def work(session: Session) -> int:
        somebody = session.exec(select(Person).where(Person.external_id == person)).one()
        enrolment = session.exec(select(Enrolment).where(Enrolment.person_id == somebody.id)).first()
        at = MORNING + (day - MONDAY)
        number = next(_numbers)
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
        delivery = Delivery(**row | values)
        session.add(delivery)
        session.flush()
        return delivery.id or 0

    return town.write(work)


def a_nudge(town: Town, person: str = "U1", *, lesson: str = "L02", step: int | None = None, **values: Any) -> int:
    return a_delivery(town, person, kind=Kind.NUDGE, lesson_id=lesson, step=step or next(_numbers), **values)


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


def press(
    action: str, value: object = "", *, person: str = "U1", at: datetime = MORNING, on: str | None = None
) -> Pressed:
    """A press on a button: on Home, unless `on` says in which message."""
    return Pressed(
        key=f"press-{next(_numbers)}",
        platform="slack",
        workspace="T1",
        person=person,
        at=at,
        action=action,
        value=str(value),
        message=MessageRef(conversation=CHAT, message=on) if on else None,
        trigger="t",
    )


def press_in(town: Town, delivery: int, action: str, value: object | None = None, **values: Any) -> list[Show]:
    """Press a button in the message a delivery came in."""
    row = next(row for row in town.rows(Delivery) if row.id == delivery)
    carrier = next(other for other in town.rows(Delivery) if other.id == (row.rides_on or row.id))
    return town.happens(press(action, delivery if value is None else value, on=carrier.message_id, **values))


def type_(
    town: Town,
    text: str,
    *,
    person: str = "U1",
    at: datetime = MORNING + timedelta(minutes=5),
    message: str | None = None,
) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message or f"u{next(_numbers)}")
    key = f"wrote-{next(_numbers)}"
    return town.happens(Wrote(key=key, platform="slack", workspace="T1", person=person, at=at, text=text, message=ref))


def edit(town: Town, text: str, *, message: str, at: datetime = MORNING + timedelta(minutes=9)) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message)
    key = f"edited-{next(_numbers)}"
    return town.happens(Edited(key=key, platform="slack", workspace="T1", person="U1", at=at, text=text, message=ref))


def take_away(town: Town, *, message: str, at: datetime = MORNING + timedelta(minutes=9)) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message)
    return town.happens(
        Deleted(key=f"deleted-{next(_numbers)}", platform="slack", workspace="T1", person="U1", at=at, message=ref)
    )


def send(
    town: Town,
    form: Form,
    *,
    person: str = "U1",
    at: datetime = MORNING + timedelta(minutes=2),
    values: Mapping[str, str | tuple[str, ...]] | None = None,
    **named: str | tuple[str, ...],
) -> list[Show]:
    return town.happens(
        Submitted(
            key=f"form-{next(_numbers)}",
            platform="slack",
            workspace="T1",
            person=person,
            at=at,
            form=form.name,
            about=form.about,
            values={**(values or {}), **named},
        )
    )


def slash(town: Town, text: str, *, person: str = "U1", at: datetime = MORNING) -> list[Show]:
    key = f"command-{next(_numbers)}"
    return town.happens(
        Commanded(key=key, platform="slack", workspace="T1", person=person, at=at, text=text, trigger="t")
    )


def look_home(town: Town, *, person: str = "U1", at: datetime = MORNING) -> Card:
    key = f"home-{next(_numbers)}"
    town.happens(OpenedHome(key=key, platform="slack", workspace="T1", person=person, at=at))
    return the_home(town.shows)


def the_form(shows: list[Show]) -> Form:
    return next(show.form for show in shows if isinstance(show, OpenForm))


def the_home(shows: list[Show]) -> Card:
    return next(show.card for show in shows if isinstance(show, ShowHome))


def replaced(shows: list[Show]) -> str:
    """Return everything written on the cards that were replaced."""
    return "\n".join(written(show.card) for show in shows if isinstance(show, Replace))


def said(shows: list[Show]) -> str:
    """Return everything said in new messages."""
    return "\n".join(written(show.card) for show in shows if isinstance(show, Say))


def refused(shows: list[Show]) -> dict[str, str]:
    return next((show.errors for show in shows if isinstance(show, Refuse)), {})


def written(card: Card | Form) -> str:
    """Return every word of a card, buttons in square brackets."""
    lines: list[str] = []
    for part in card.parts if isinstance(card, Card) else card.body:
        match part:
            case Heading(text) | Paragraph(text) | Note(text):
                lines.append(text)
            case Buttons(buttons):
                lines.append(" ".join(f"[{button.text}]" for button in buttons))
            case _:
                lines.append(str(part))
    return "\n".join(lines)


def buttons_of(card: Card | Form) -> list[Button]:
    parts = card.parts if isinstance(card, Card) else card.body
    return [button for part in parts if isinstance(part, Buttons) for button in part.buttons]


__all__ = ["Answer", "Cohort", "FollowUp", "FollowUpState", "Kind", "Plan", "Reason", "Reflection", "State"]
