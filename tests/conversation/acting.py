"""What people do, as events with defaults: press, type, edit, take away, send a form, look at Home."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.conversation.cards import Card, Form
from bot.conversation.events import Commanded, Deleted, Edited, MessageRef, OpenedHome, Pressed, Submitted, Wrote
from bot.conversation.shows import Show
from storage.tables.deliveries import Delivery
from tests.conversation.reading import the_home

if TYPE_CHECKING:
    from tests.conversation.builders import Town

MONDAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
"""Quarter past eight in Stockholm on a Monday in March."""
CHAT = "D1"
numbers = count(1)


def press(
    action: str, value: object = "", *, person: str = "U1", at: datetime = MORNING, on: str | None = None
) -> Pressed:
    """A press on a button: on Home, unless `on` says in which message."""
    return Pressed(
        key=f"press-{next(numbers)}",
        platform="slack",
        workspace="T1",
        person=person,
        at=at,
        action=action,
        value=str(value),
        message=MessageRef(conversation=CHAT, message=on) if on else None,
        trigger="t",
    )


def press_in(town: "Town", delivery: int, action: str, value: object | None = None, **values: Any) -> list[Show]:
    """Press a button in the message a delivery came in."""
    row = next(row for row in town.rows(Delivery) if row.id == delivery)
    carrier = next(other for other in town.rows(Delivery) if other.id == (row.rides_on or row.id))
    return town.happens(press(action, delivery if value is None else value, on=carrier.message_id, **values))


def type_(
    town: "Town",
    text: str,
    *,
    person: str = "U1",
    at: datetime = MORNING + timedelta(minutes=5),
    message: str | None = None,
    done_at: datetime | None = None,
    now: datetime | None = None,
) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message or f"u{next(numbers)}")
    return town.happens(
        Wrote(
            key=f"wrote-{next(numbers)}",
            platform="slack",
            workspace="T1",
            person=person,
            at=at,
            text=text,
            message=ref,
            done_at=done_at,
        ),
        now=now,
    )


def edit(
    town: "Town",
    text: str,
    *,
    message: str,
    at: datetime = MORNING + timedelta(minutes=9),
    done_at: datetime | None = None,
    written_at: datetime | None = None,
    now: datetime | None = None,
) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message)
    return town.happens(
        Edited(
            key=f"edited-{next(numbers)}",
            platform="slack",
            workspace="T1",
            person="U1",
            at=at,
            text=text,
            message=ref,
            done_at=done_at,
            written_at=written_at,
        ),
        now=now,
    )


def take_away(
    town: "Town",
    *,
    message: str,
    at: datetime = MORNING + timedelta(minutes=9),
    done_at: datetime | None = None,
) -> list[Show]:
    ref = MessageRef(conversation=CHAT, message=message)
    return town.happens(
        Deleted(
            key=f"deleted-{next(numbers)}",
            platform="slack",
            workspace="T1",
            person="U1",
            at=at,
            message=ref,
            done_at=done_at,
        )
    )


def send(
    town: "Town",
    form: Form,
    *,
    person: str = "U1",
    at: datetime = MORNING + timedelta(minutes=2),
    values: Mapping[str, str | tuple[str, ...]] | None = None,
    **named: str | tuple[str, ...],
) -> list[Show]:
    return town.happens(
        Submitted(
            key=f"form-{next(numbers)}",
            platform="slack",
            workspace="T1",
            person=person,
            at=at,
            form=form.name,
            about=form.about,
            values={**(values or {}), **named},
        )
    )


def slash(town: "Town", text: str, *, person: str = "U1", at: datetime = MORNING) -> list[Show]:
    key = f"command-{next(numbers)}"
    return town.happens(
        Commanded(key=key, platform="slack", workspace="T1", person=person, at=at, text=text, trigger="t")
    )


def look_home(town: "Town", *, person: str = "U1", at: datetime = MORNING) -> Card:
    key = f"home-{next(numbers)}"
    town.happens(OpenedHome(key=key, platform="slack", workspace="T1", person=person, at=at))
    return the_home(town.shows)
