"""One soak: working days one after the other; faults while messages go out and people answer, quiet before the next."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.chaos import faults as chaos
from bench.chaos.faults import Targets
from bench.chaos.people import People
from bench.chaos.records import write_down
from bench.chaos.site import FLEET, PLATFORMS, RECONCILE_SECONDS, Role, Site, site
from bot.teams.attached import IN_FLIGHT as TEAMS_IN_FLIGHT
from scheduler.lanes import SendingRules
from tests.journeys import enrolled
from tests.journeys.enrolled import STOCKHOLM
from tests.journeys.hands import Hands, Json

DAYS_BEFORE_EASTER = 24
"""Working days from the programme's first to the Thursday before Good Friday: each of them brings a step."""
SECONDS_EARLY = timedelta(seconds=5)
"""So long before the slot the clock is wound to, for every process to know the day."""
LOOK_SECONDS = 0.25
BETWEEN_FAULTS = (0.05, 0.6)
CALL_SECONDS = 10.0
"""The longest a call to a platform may take."""
HOURS = ("07:30", "16:30")
IN_FLIGHT = {"slack": SendingRules().in_flight, "teams": TEAMS_IN_FLIGHT}
"""Messages that one lane may have on their way at once; there is one lane on each platform."""
KNUFF = ("bot.cli",)
STARTING_SECONDS = 120.0
MOST_DOWN = 1
"""So many processes may still be starting when the next fault begins: it must find something that runs."""
LONGEST_START_SECONDS = 30.0
MOST_STEPPED_MINUTES = 120
"""Of the clock, in one day: far from too late."""
_LEFT = """
    SELECT (SELECT count(*) FROM delivery WHERE kind = 'nudge' AND day = %(day)s),
           (SELECT count(*) FROM delivery WHERE state NOT IN ('sent', 'explained')),
           (SELECT count(*) FROM inbox_event WHERE handled_at IS NULL AND set_aside_at IS NULL),
           (SELECT min(CASE state WHEN 'sending' THEN started_at ELSE try_at END) FROM delivery
            WHERE state NOT IN ('sent', 'explained') AND rides_on IS NULL)
"""
LAST_SHARE = 0.02
"""When so few are left, no new fault begins, and the day comes to rest."""
WORTH_WINDING = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large a soak is."""

    seed: int
    people: int
    """On each platform, half of them."""
    days: int = DAYS_BEFORE_EASTER
    seconds: float = float("inf")
    """No new day begins after so long."""
    patience_seconds: float = 90.0
    """How long a day may take to come to rest once the faults are over."""
    least_faults_a_day: int = 10
    most_faults_a_day: int = 1000
    only: Sequence[str] = ()
    """These kinds of faults and no other."""
    program: Sequence[str] = KNUFF
    fleet: Mapping[str, Role] = field(default_factory=lambda: FLEET)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """What the run itself noticed; the rest is the judge's to say."""

    days: int
    faults: int
    seconds: float
    ended_by_themselves: dict[str, int]
    stopped_with: dict[str, int]
    restless: list[str]
    """Days that did not come to rest in time, and what was left."""


def soak(plan: Plan, folder: Path, *, progress: Callable[[str], None] = lambda _line: None) -> Ran:
    """Run it and leave the evidence in the folder."""
    began = time.monotonic()
    with site(folder=folder, seed=plan.seed, fleet=plan.fleet, program=plan.program) as place:
        run = _Run(plan=plan, site=place, progress=progress, began=began, folder=folder)
        run.set_up()
        run.play()
        stopped_with = place.stop()
        run.read_log()
        write_down(place, folder, script=run.script(), received=run.log, did=run.people.did, faults=run.struck)
        return Ran(
            days=len(run.played),
            faults=len(run.struck),
            seconds=time.monotonic() - began,
            ended_by_themselves={name: one.ended_by_itself for name, one in place.knuff.items() if one.ended_by_itself},
            stopped_with=stopped_with,
            restless=run.restless,
        )


@dataclass(kw_only=True)
class _Run:
    plan: Plan
    site: Site
    progress: Callable[[str], None]
    began: float
    folder: Path
    everybody: list[tuple[str, str]] = field(default_factory=list)
    log: list[Json] = field(default_factory=list)
    struck: list[Json] = field(default_factory=list)
    played: list[date] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(hands=Hands(self.site.by_wire), seed=self.plan.seed)
        self._chance = random.Random(self.plan.seed)

    def set_up(self) -> None:
        """Invent the people, enrol them, start the fleet, and wait until everybody's welcome is planned."""
        half = self.plan.people // len(PLATFORMS)
        generated = {platform.population: half for platform in PLATFORMS}
        self.site.hands.post(
            "/_control/reset", {"generate": generated | {"seed": self.plan.seed, "zones": ["Europe/Stockholm"]}}
        )
        self.site.hands.post("/_control/settings", {"event_retry_seconds": [0.5, 2, 5]})
        for platform in PLATFORMS:
            ids = [person["id"] for person in self.site.hands.get(f"{platform.control}/people")["people"]]
            enrolled.a_cohort_of(ids, database_url=self.site.database, platform=platform)
            self.everybody += [(platform.name, id) for id in ids]
            chaos.misbehave(self.site, platform)
        chaos.make_slowable(self.site)
        for machine in self.site.knuff.values():
            machine.start()
        self.progress(f"{len(self.everybody)} people enrolled")
        if not self._waited(self._welcomes_are_planned, STARTING_SECONDS):
            raise TimeoutError(f"welcomes were not planned within {STARTING_SECONDS:g} s; see {self.folder}")
        self.progress("the fleet runs, and everybody's welcome is planned")

    def play(self) -> None:
        with self.people.about():
            for day in _working_days(self.plan.days):
                if time.monotonic() - self.began > self.plan.seconds and self.played:
                    break
                self._play(day)

    def _play(self, day: date) -> None:
        slot = datetime.combine(day, datetime.strptime(enrolled.SLOT, "%H:%M").time(), STOCKHOLM)  # noqa: DTZ007
        self.site.wind_to(slot - SECONDS_EARLY)
        time.sleep(0.5)
        self.site.wind_to(slot)
        before = self.played[-1] if self.played else None
        self.played.append(day)
        over, faults_before = threading.Event(), len(self.struck)
        striking = threading.Thread(target=self._strike, args=(over,), name="faults", daemon=True)
        striking.start()
        until = time.monotonic() + self.plan.patience_seconds
        while not self._is_nearly_over(day, before) or len(self.struck) - faults_before < self.plan.least_faults_a_day:
            time.sleep(LOOK_SECONDS)
            if time.monotonic() > until:
                break
        over.set()
        striking.join()
        if not self._waited(lambda: not self._unrest(day, before), self.plan.patience_seconds):
            self.restless.append(f"{day}: {self._unrest(day, before)}")
        so_far = f"{len(self.struck)} faults, {len(self.log)} posts, {len(self.people.did)} acts so far"
        self.progress(f"{day}: {so_far}")

    def _strike(self, over: threading.Event) -> None:
        targets = Targets(sorted(self.site.knuff), sorted(self.site.wires))
        left, minutes = self.plan.most_faults_a_day, 0.0
        while left > 0 and not over.wait(self._chance.uniform(*BETWEEN_FAULTS)):
            strike = chaos.drawn(self._chance, targets, self.plan.only)
            if strike.kind == "clock" and (minutes := minutes + chaos.LONGEST_STEP_MINUTES) > MOST_STEPPED_MINUTES:
                continue
            self._waited(lambda: over.is_set() or self.site.down <= MOST_DOWN, LONGEST_START_SECONDS)
            began = self.site.now()
            strike.do(self.site)
            left -= 1
            self.struck.append(
                {
                    "n": len(self.struck) + 1,
                    "kind": strike.kind,
                    "what": strike.what,
                    "began": began.isoformat(),
                    "ended": self.site.now().isoformat(),
                    "takes_lanes": strike.takes_lanes,
                }
            )

    def _is_nearly_over(self, day: date, before: date | None) -> bool:
        """Tell people what has come, and say whether all but a few of the day's promises have come to their end."""
        self.read_log(day=day, before=before)
        left = self._look(_LEFT, {"day": day})
        return left is not None and left[0] >= len(self.everybody) and left[1] <= len(self.everybody) * LAST_SHARE

    def _unrest(self, day: date, before: date | None) -> str:
        """Tell people what has come, and return what is left to do for anybody; "" when all is quiet.

        The clock is wound on when nothing can be done before a later moment.
        """
        self.read_log(day=day, before=before)
        found = self._look(_LEFT, {"day": day})
        if found is None:
            return "the database is away"
        promised, without_end, unhandled, next_at = found
        if next_at is not None and not unhandled and not self.people.busy:
            wait = next_at - self.site.now()
            self.site.wind_on(wait if wait > WORTH_WINDING else timedelta(0))
        left = {
            "not promised": len(self.everybody) - promised,
            "without an end": without_end,
            "events unhandled": unhandled,
            "people busy": self.people.busy,
        }
        return ", ".join(f"{number} {what}" for what, number in left.items() if number)

    def read_log(self, *, day: date | None = None, before: date | None = None) -> None:
        for platform in PLATFORMS:
            lines = self.site.hands.log(
                method=platform.post, after=self._seen.get(platform.name, 0), under=platform.control
            )
            for line in lines:
                self._seen[platform.name] = line["n"]
                if day is not None and line["ok"] and line["person"] and _is_delivery(line):
                    self.people.got(platform.name, line["person"], day=day, before=before)
            self.log += lines

    def _look(self, statement: str, values: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        """Return the first row of what is found; None while the database is away."""
        with suppress(psycopg.OperationalError), self.site.looking() as connection:
            return connection.execute(statement, values).fetchone()
        return None

    def _welcomes_are_planned(self) -> bool:
        found = self._look("SELECT count(*) FROM delivery")
        return found is not None and found[0] >= len(self.everybody) and self.site.down == 0

    def _waited(self, is_so: Callable[[], bool], seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_SECONDS)
        return True

    def script(self) -> Json:
        return {
            "seed": self.plan.seed,
            "zone": "Europe/Stockholm",
            "hours": HOURS,
            "call_seconds": CALL_SECONDS + RECONCILE_SECONDS,
            "in_flight": IN_FLIGHT,
            "days": [{"day": day.isoformat(), "step": step} for step, day in enumerate(self.played, start=1)],
            "people": [{"platform": platform, "person": person} for platform, person in self.everybody],
        }


def _working_days(most: int) -> list[date]:
    days = (enrolled.MONDAY + timedelta(days=number) for number in range(7 * 8))
    return [day for day in days if day.weekday() < 5][: min(most, DAYS_BEFORE_EASTER)]


def _is_delivery(line: Json) -> bool:
    payload = line if "delivery_id" in line else (line["metadata"] or {}).get("event_payload") or {}
    return payload.get("delivery_id") is not None
