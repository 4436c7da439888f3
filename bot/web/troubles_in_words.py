"""What is stuck, in words for an operator: what it is, and what to do or when it goes on."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.conversation.texts import Words
from scheduler.troubles import Trouble, Value
from storage.moments import local_day
from storage.stuck import Sending


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    what: str
    then: str
    """When it goes on by itself, or what to do."""


def told(trouble: Trouble, words: Words, zone: str) -> Told:
    said = {name: _value(name, value, words, zone) for name, value in trouble.values.items()}
    what = words(f"operator.{trouble.name}", **said)
    return Told(what=what[:1].upper() + what[1:], then=words(f"operator.{trouble.name}_then", **said))


def moment(at: datetime, words: Words, zone: str) -> str:
    """Return day and time of day as people say them, in the zone: "måndag 2 mars 08.15"."""
    return f"{words.day(local_day(at, zone))} {words.clock(at, zone)}"


def where_sent(lane: Sending, now: datetime, words: Words, zone: str) -> str:
    """Say whether somebody is sending for a workspace."""
    if lane.disconnected_at is not None:
        return words("operator.sends_disconnected")
    if not lane.is_held or lane.leased_until is None or (lane.leased_until > now and not lane.is_held_at(now)):
        return words("operator.sends_no")
    name = "sends_yes" if lane.is_held_at(now) else "sends_left"
    return words(f"operator.{name}", moment=moment(lane.leased_until, words, zone))


def _value(name: str, value: Value, words: Words, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, words, zone)
    if isinstance(value, date):
        return words.day(value)
    if name == "platform":
        return words(f"operator.{value}")
    return str(value)
