"""Were the promises kept? Read from the log alone, with a calendar of its own: none of the planner's code is used here.

A line of the log is a message somebody received, or (with `reason`) a promise that was explained.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Line = Mapping[str, Any]

HOURS = {
    "day": ("07:30", "16:30"), "morning": ("07:00", "15:00"), "evening": ("13:30", "21:00"), "night": ("21:30", "23:30")
}  # fmt: skip
"""By the shift somebody works: nothing is started by us before or after, where they are."""

NOON = time(12, 0)
OF_A_TEAM = {"round", "round_reminder"}
"""What a team's challenge asks somebody alone: it goes on while a cohort that they are in is paused."""
COHORT_ENDED = "cohort_ended"
"""After this reason a person's later steps need not be promised."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What was wrong; each entry is a sentence for whoever looks into it. All empty: every promise was kept."""

    duplicates: tuple[str, ...]
    """The same thing received twice."""
    outside_hours: tuple[str, ...]
    """Started by us at an hour or on a day when we keep quiet."""
    lost: tuple[str, ...]
    """Steps that were neither received nor explained."""
    several_a_day: tuple[str, ...]
    """More than one message from us to the same person on one of their days."""
    in_rest: tuple[str, ...] = ()
    """Started by us in a month of rest, or an exercise in a week that has a working day in one."""
    of_others: tuple[str, ...] = ()
    """Steps of the programme that were promised to somebody whose role has others."""


def check(
    lines: Sequence[Line],
    *,
    people: Iterable[str],
    weeks: Sequence[int],
    closed: frozenset[date] = frozenset(),
    own: Mapping[str, Sequence[Sequence[int]]] | None = None,
    resting: frozenset[int] = frozenset(),
) -> Findings:
    """Go through a log. Everybody in `people` was promised every step, so many in each of the `weeks`; or their `own`,
    which has the steps of each week by person. `closed` are our own closed days, `resting` the months of rest."""
    started_by_us = [line for line in lines if "reason" not in line and line["started_by"] == "knuff"]
    return Findings(
        duplicates=tuple(_duplicates(started_by_us)),
        outside_hours=tuple(
            f"{line['person']} {line['kind']} {line['at']} ({line['zone']}): {why}"
            for line in started_by_us
            if (why := why_outside(line, closed))
        ),
        lost=tuple(_lost(lines, {person: own[person] if own else _by_week(weeks) for person in people})),
        several_a_day=tuple(_several_a_day(started_by_us)),
        in_rest=tuple(_in_rest(started_by_us, resting)),
        of_others=tuple(_of_others(lines, own or {})),
    )


def _duplicates(received: Iterable[Line]) -> Iterable[str]:
    seen = Counter(
        (line["person"], part["kind"], str(part.get("subject") or part.get("step")), part["occurrence"])
        for line in received
        for part in _parts(line)
    )
    return (f"{' '.join(map(str, key))}: {times} times" for key, times in seen.items() if times > 1)


def _parts(line: Line) -> list[Line]:
    """Return everything that one message carried."""
    return [line, *line.get("riders", ())]


def why_outside(line: Line, closed: frozenset[date]) -> str | None:
    local = datetime.fromisoformat(line["at"]).astimezone(_zone(line["zone"]))
    day, hour = local.date(), local.time()
    first, last = HOURS[line.get("shift", "day")]
    if not time.fromisoformat(first) <= hour <= time.fromisoformat(last):
        return f"outside {first}–{last}"
    if day.isoweekday() > 5:
        return "on a weekend"
    if day in closed:
        return "on a closed day"
    if day in free_days(day.year):
        return f"on {free_days(day.year)[day]}"
    if hour > NOON and day in half_days(day.year):
        return f"after noon on {half_days(day.year)[day]}"
    if line.get("days") and day.isoweekday() not in line["days"]:
        return "on the person's own day off"
    if line.get("paused_until") and day <= date.fromisoformat(line["paused_until"]):
        return "in a pause"
    if line.get("cohort_paused") and line["kind"] not in OF_A_TEAM:
        return "in a pause of the cohort"
    if line.get("removed"):
        return "after being removed"
    return "after a stop" if line.get("stopped") else None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def free_days(year: int) -> dict[date, str]:
    """Red days, whole eves, and the days between Christmas and New Year."""
    days = dict(holidays.country_holidays("SE", years=year, categories=("public", "de_facto"), language="en_US"))
    christmas = date(year, 12, 24)
    for day in (christmas + timedelta(days=offset) for offset in range(8)):
        days.setdefault(day, "a day of Christmas week")
    return days


@cache
def half_days(year: int) -> dict[date, str]:
    """The days on which banks close early: the package says when."""
    banks = holidays.country_holidays("SE", years=year, categories=("bank",), language="en_US")
    return {day: name for day, name in banks.items() if "from" in name}


def _lost(lines: Iterable[Line], weeks_of: Mapping[str, Sequence[Sequence[int]]]) -> Iterable[str]:
    """Everybody's steps are all there; or all of the weeks after the one that person came in or before the one they
    were taken out in. Within that week only what had its day was promised."""
    promised: dict[str, set[int]] = {person: set() for person in weeks_of}
    added, released = set[str](), set[str]()
    for line in lines:
        for part in _parts(line):
            if part.get("kind") == "nudge" and part.get("step") is not None:
                promised.setdefault(line["person"], set()).add(part["step"])
        if line.get("reason") == COHORT_ENDED or (line.get("kind") == "removed" and "reason" not in line):
            released.add(line["person"])
        if line.get("kind") == "added":
            added.add(line["person"])
    for person, weeks in weeks_of.items():
        there, whole = promised[person], [week for week in weeks if week]
        seen = [week for week in whole if there.intersection(week)]
        if person in added and seen:
            whole = whole[whole.index(seen[0]) + 1 :]
        if person in released:
            whole = whole[: whole.index(seen[-1])] if seen and seen[-1] in whole else []
        for step in (step for week in whole for step in week if step not in there):
            yield f"{person} step {step}"


def _in_rest(received: Iterable[Line], resting: frozenset[int]) -> Iterable[str]:
    """With months of its own, as the rest of this file: none of the planner's code is used."""
    for line in received if resting else ():
        day = datetime.fromisoformat(line["at"]).astimezone(_zone(line["zone"])).date()
        monday = day - timedelta(days=day.weekday())
        weekdays = {(monday + timedelta(days=offset)).month for offset in range(5)}
        teaches = any(part["kind"] == "nudge" for part in _parts(line))
        if day.month in resting or (teaches and weekdays & resting):
            yield f"{line['person']} {line['kind']} {day}"


def _of_others(lines: Iterable[Line], own: Mapping[str, Sequence[Sequence[int]]]) -> Iterable[str]:
    theirs = {person: {step for week in weeks for step in week} for person, weeks in own.items()}
    for line in lines:
        for part in _parts(line):
            if (
                part.get("kind") == "nudge"
                and part.get("step")
                and part["step"] not in theirs.get(line["person"], {part["step"]})
            ):
                yield f"{line['person']} step {part['step']}"


def _by_week(weeks: Sequence[int]) -> list[range]:
    """Return the steps of each week."""
    ends = list(accumulate(weeks, initial=1))
    return [range(first, end) for first, end in pairwise(ends)]


def _several_a_day(received: Iterable[Line]) -> Iterable[str]:
    seen = Counter(
        (line["person"], datetime.fromisoformat(line["at"]).astimezone(_zone(line["zone"])).date()) for line in received
    )
    return (f"{person} {day}: {times} messages" for (person, day), times in seen.items() if times > 1)
