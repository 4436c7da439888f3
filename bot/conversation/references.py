"""What a button is about, as text and back: a delivery ("12"), or an exercise taken from the library on a day
("lib:L07:2026-03-02"); after it, where needed, one thing more ("12:1")."""

from dataclasses import dataclass
from datetime import date

from bot.conversation.visiting import CannotAnswer

LIBRARY = "lib"
FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2100, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """Either `delivery_id`, or `lesson_id` and `taken_on`."""

    delivery_id: int | None = None
    lesson_id: str = ""
    taken_on: date | None = None

    def __str__(self) -> str:
        if self.delivery_id is not None:
            return str(self.delivery_id)
        return f"{LIBRARY}:{self.lesson_id}:{self.taken_on or ''}"


def parse(value: str) -> tuple[Reference, str]:
    """Return what a value is about, and what comes after that. Raises CannotAnswer when it is no reference."""
    head, _, rest = value.partition(":")
    if head == LIBRARY:
        lesson_id, _, rest = rest.partition(":")
        day, _, extra = rest.partition(":")
        return Reference(lesson_id=lesson_id, taken_on=_day(day)), extra
    return Reference(delivery_id=number(head)), rest


def number(value: str) -> int:
    """Return an id. Raises CannotAnswer when it is none."""
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise CannotAnswer("typed.unknown_button")
    return int(value)


def _day(text: str) -> date | None:
    """Return the day. Raises CannotAnswer for one that no button of ours can hold."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CannotAnswer("typed.unknown_button") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise CannotAnswer("typed.unknown_button")
    return day
