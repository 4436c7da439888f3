"""Who the simulated people are: where they live, how they answer, and what happens to them meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import cycle, islice
from random import Random
from typing import TypeVar

from bot.rehearsal.acts import (
    Act,
    Browse,
    ChangeRhythm,
    DeleteEverything,
    Install,
    Leave,
    NoteLed,
    OpenHome,
    Rewrite,
    Say,
    Travel,
    Uninstall,
)
from storage.moments import slot_moment

T = TypeVar("T")


class Kind(StrEnum):
    KEEN = "keen"
    STEADY = "steady"
    OCCASIONAL = "occasional"
    FADING = "fading"
    SILENT = "silent"
    PAUSES = "pauses"
    TRAVELS = "travels"
    LEAVES = "leaves"
    STOPS = "stops"
    COMES_BACK = "comes back"
    PART_TIME = "part-time"
    THREE_A_WEEK = "three a week"
    MONDAYS = "mondays"
    CHANGES_SLOT = "changes slot"
    WORKS_SHIFTS = "works shifts"
    EXPLORES = "explores"
    REWRITES = "rewrites"
    DELETES = "deletes everything"
    JOINS_LATE = "joins late"
    IS_REMOVED = "is removed"


SHARES = {
    Kind.KEEN: 4, Kind.STEADY: 6, Kind.OCCASIONAL: 4, Kind.FADING: 2, Kind.SILENT: 2, Kind.PAUSES: 2,
    Kind.TRAVELS: 2, Kind.LEAVES: 1, Kind.STOPS: 1, Kind.COMES_BACK: 1, Kind.PART_TIME: 2, Kind.THREE_A_WEEK: 2,
    Kind.MONDAYS: 2, Kind.CHANGES_SLOT: 1, Kind.WORKS_SHIFTS: 1, Kind.EXPLORES: 1, Kind.REWRITES: 1, Kind.DELETES: 1,
}  # fmt: skip
"""Of 36 people; a small group has at least one of each as far as it reaches."""

STAYING = {
    kind: SHARES[kind]
    for kind in (Kind.KEEN, Kind.STEADY, Kind.OCCASIONAL, Kind.FADING, Kind.SILENT, Kind.PAUSES, Kind.THREE_A_WEEK)
}
"""Those who are there from the first day to the last, in one place."""

COME_AND_GO = {Kind.JOINS_LATE: 1, Kind.IS_REMOVED: 1}
"""Two more, where people come and go meanwhile."""

ZONES = {"Europe/Stockholm": 12, "Europe/Helsinki": 3, "Europe/London": 2, "America/New_York": 2, "Asia/Tokyo": 1}
SHIFTS = ("morning", "evening", "night")
SWEDISH_SPOKEN = {"Europe/Stockholm", "Europe/Helsinki"}

ANSWERS = {Kind.KEEN: 0.9, Kind.OCCASIONAL: 0.25, Kind.FADING: 0.8, Kind.SILENT: 0.0, Kind.STOPS: 0.3}
"""How often a message is answered; whoever is not named answers every other one."""

Happening = tuple[datetime, Act]


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    person: str
    platform: str
    kind: Kind
    zone: str
    language: str
    answers: float
    writes: float
    fades_on: date | None

    def share_answered(self, day: date) -> float:
        return 0.0 if self.fades_on is not None and day >= self.fades_on else self.answers


def draw(
    people: int,
    *,
    start: date,
    lots: Random,
    platforms: Sequence[str] = ("slack",),
    comings_and_goings: bool = False,
    kinds: Mapping[Kind, int] = SHARES,
    zones: Mapping[str, int] = ZONES,
    ids: Sequence[str] | None = None,
) -> list[Character]:
    """Return `people` characters, with `ids` or "p0001" and on, as many on each platform. Everybody is there from the
    start and stays, unless some are to come and go. The platforms change nothing else about who they are."""
    if comings_and_goings:
        kinds = {**kinds, **COME_AND_GO}
    return [
        Character(
            person=ids[number - 1] if ids else f"p{number:04}",
            platform=platforms[number % len(platforms)],
            kind=kind,
            zone=zone,
            language="sv" if zone in SWEDISH_SPOKEN else "en",
            answers=ANSWERS.get(kind, 0.5),
            writes=0.3 if kind in (Kind.KEEN, Kind.REWRITES) else 0.08,
            fades_on=start + timedelta(days=lots.randrange(10, 25)) if kind is Kind.FADING else None,
        )
        for number, (kind, zone) in enumerate(
            zip(dealt(kinds, people, lots), dealt(zones, people, lots), strict=True), start=1
        )
    ]


def dealt(shares: Mapping[T, int], people: int, lots: Random) -> list[T]:
    """Return one of each first, as far as it reaches, then the rest by their shares; in an order drawn by lot."""
    first = list(islice(shares, people))
    rest = [one for one, share in shares.items() for _ in range(share)]
    lots.shuffle(rest)
    dealt = [*first, *islice(cycle(rest), people - len(first))]
    lots.shuffle(dealt)
    return dealt


def life(
    character: Character, *, start: date, weeks: int, lots: Random, has_app_of_own: bool = False
) -> Iterator[Happening]:
    """Return what happens to somebody during the programme whatever we send, in any order.

    Whoever has the app in a chat of their own (`has_app_of_own`) can take it out; others say stop.
    """
    swedish = character.language == "sv"
    last = start + timedelta(weeks=weeks)

    def some_day(first: date = start, until: date = last) -> date:
        return first + timedelta(days=lots.randrange(max(1, (until - first).days)))

    def at(day: date, *, first_hour: int = 6, last_hour: int = 20) -> datetime:
        moment = time(lots.randrange(first_hour, last_hour), lots.randrange(60))
        return slot_moment(day, moment, character.zone)

    match character.kind:
        case Kind.PAUSES:
            for first in sorted({some_day(), some_day()}):
                until = first + timedelta(days=lots.randrange(2, 16))
                yield (
                    at(first),
                    Say(text=f"{'pausa till och med' if swedish else 'pause through'} {until}", pauses_until=until),
                )
        case Kind.TRAVELS:
            zones = [zone for zone in ZONES if zone != character.zone]
            for _ in range(2):
                away = some_day()
                yield at(away, first_hour=0, last_hour=24), Travel(zone=lots.choice(zones))
                home = away + timedelta(days=lots.randrange(1, 12))
                yield at(home, first_hour=0, last_hour=24), Travel(zone=character.zone)
        case Kind.LEAVES:
            yield at(some_day(), first_hour=0, last_hour=24), Leave()
        case Kind.STOPS:
            yield at(some_day()), Say(text="stopp" if swedish else "stop", stops=True)
        case Kind.COMES_BACK:
            away = some_day(until=last - timedelta(weeks=2))
            stop: Act = Say(text="stopp" if swedish else "stop", stops=True)
            yield at(away), Uninstall() if has_app_of_own else stop
            back = away + timedelta(days=lots.randrange(3, 13))
            start_again: Act = Say(text="starta" if swedish else "start", starts_again=True)
            yield at(back), Install() if has_app_of_own else start_again
        case Kind.PART_TIME:
            yield at(some_day(start - timedelta(days=3), start + timedelta(days=10))), _days(lots)
        case Kind.THREE_A_WEEK:
            yield at(some_day(start - timedelta(days=3), start)), ChangeRhythm(pace="three")
            yield at(some_day()), ChangeRhythm(pace=lots.choice(("daily", "mondays", "three")))
        case Kind.MONDAYS:
            yield at(some_day(start - timedelta(days=3), start)), ChangeRhythm(pace="mondays")
            yield at(some_day()), ChangeRhythm(pace=lots.choice(("daily", "mondays", "mondays")))
        case Kind.CHANGES_SLOT:
            for _ in range(3):
                yield at(some_day()), ChangeRhythm(slot=f"{lots.randrange(8, 16):02}:{lots.choice((0, 15, 30, 45)):02}")
            yield at(some_day()), _days(lots)
        case Kind.WORKS_SHIFTS:
            for number, shift in enumerate(lots.sample(SHIFTS, len(SHIFTS))):
                first = start + timedelta(weeks=weeks * number // len(SHIFTS))
                yield at(some_day(first - timedelta(days=3), first)), ChangeRhythm(shift=shift)
        case Kind.EXPLORES:
            for _ in range(weeks):
                yield at(some_day()), Browse()
        case Kind.REWRITES:
            for number in range(2 * weeks):
                yield at(some_day()), Rewrite(text=None if number % 3 == 2 else _second_thought(swedish))
        case Kind.DELETES:
            yield at(some_day()), DeleteEverything()
        case _:
            pass  # nothing but the exercises, and what the coordinator does
    if lots.random() < 0.2:
        yield at(some_day()), OpenHome()
    if character.kind in (Kind.KEEN, Kind.STEADY) and lots.random() < 0.2:
        yield at(some_day()), Browse()
    if character.kind in (Kind.KEEN, Kind.STEADY) and lots.random() < 0.3:
        yield at(some_day()), NoteLed()


def _days(lots: Random) -> ChangeRhythm:
    """Between two and four days a week."""
    return ChangeRhythm(days=tuple(sorted(lots.sample(range(5), lots.randrange(2, 5)))))


def _second_thought(swedish: bool) -> str:
    return (
        "Efter en natts sömn: vi frågade fler än vi brukar." if swedish else "Having slept on it: we asked more people."
    )
