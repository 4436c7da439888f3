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


def second(at: datetime, words: Words, zone: str) -> str:
    """Return the time of day to the second: "08.15.30". Leases last some seconds."""
    clock = words.clock(at, zone)
    return f"{clock}{clock[2]}{at:%S}"


def where_sent(lane: Sending, words: Words, zone: str) -> str:
    """Say whether somebody is sending for a workspace."""
    if lane.disconnected_at is not None:
        return words("operator.sends_disconnected")
    if lane.held_until is not None:
        return words("operator.sends_yes", moment=second(lane.held_until, words, zone))
    if lane.silent_since is not None:
        return words("operator.sends_left", moment=moment(lane.silent_since, words, zone))
    return words("operator.sends_no" if lane.due else "operator.sends_nothing")


def _value(name: str, value: Value, words: Words, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, words, zone)
    if isinstance(value, date):
        return words.day(value)
    if name == "platform":
        return words(f"operator.{value}")
    return str(value)
