"""What is done to the machines, drawn from a seed. Each fault begins, lasts a moment, and is over when it returns."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bench.chaos.site import LEASE_SECONDS, PLATFORMS, Site
from tests import postgres
from tests.journeys.hands import Json
from tests.journeys.platforms import SLACK, TEAMS, Platform

LONGEST_STEP_MINUTES = 8
"""Of the clock, so that a day of them is over before it is too late to be kind."""
SLOW_SECONDS = 0.08
"""What each statement that writes takes longer on a slow disk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Strike:
    """One fault, ready to be done. `takes_lanes`: after it, a process that lives may have lost its lane."""

    kind: str
    what: str
    do: Callable[[Site], None]
    takes_lanes: bool = False


@dataclass(frozen=True, slots=True)
class Targets:
    """What may be struck, by name."""

    knuff: Sequence[str]
    wires: Sequence[str]


@dataclass(frozen=True, slots=True)
class Kind:
    weight: float
    draw: Callable[[random.Random, Targets], Strike]


def drawn(chance: random.Random, targets: Targets, only: Sequence[str] = ()) -> Strike:
    """Draw the next fault; `only` of these kinds."""
    kinds = {name: kind for name, kind in KINDS.items() if not only or name in only}
    name = chance.choices(list(kinds), [kind.weight for kind in kinds.values()])[0]
    return kinds[name].draw(chance, targets)


def _kill(chance: random.Random, targets: Targets) -> Strike:
    name = chance.choice(targets.knuff)
    return Strike(kind="kill", what=name, do=lambda site: site.knuff[name].kill())


def _freeze(chance: random.Random, targets: Targets) -> Strike:
    name, seconds = chance.choice(targets.knuff), chance.uniform(1.1, 1.5) * LEASE_SECONDS

    def do(site: Site) -> None:
        site.knuff[name].freeze()
        time.sleep(seconds)
        site.knuff[name].thaw()

    return Strike(kind="freeze", what=f"{name} {seconds:.1f} s", do=do, takes_lanes=True)


def _crash_database(chance: random.Random, targets: Targets) -> Strike:
    seconds = chance.uniform(0.1, 1.5)

    def do(site: Site) -> None:
        postgres.stop_at_once(site.server)
        time.sleep(seconds)
        postgres.start_again(site.server)

    return Strike(kind="database", what=f"killed, away {seconds:.1f} s", do=do, takes_lanes=True)


def _slow_disk(chance: random.Random, targets: Targets) -> Strike:
    seconds = chance.uniform(1, 3)

    def do(site: Site) -> None:
        slow_down(site, SLOW_SECONDS)
        time.sleep(seconds)
        slow_down(site, 0)

    return Strike(kind="slow", what=f"disk {seconds:.1f} s", do=do, takes_lanes=True)


def _cut(chance: random.Random, targets: Targets) -> Strike:
    wire, seconds = chance.choice(targets.wires), chance.uniform(0.2, 1.5)

    def do(site: Site) -> None:
        site.wires[wire].cut()
        time.sleep(seconds)
        site.wires[wire].start()

    return Strike(kind="cut", what=f"wire to the {wire}, {seconds:.1f} s", do=do, takes_lanes=True)


def _hang(chance: random.Random, targets: Targets) -> Strike:
    wire, seconds = chance.choice(targets.wires), chance.uniform(0.5, 1.5) * LEASE_SECONDS

    def do(site: Site) -> None:
        site.wires[wire].freeze()
        time.sleep(seconds)
        site.wires[wire].thaw()

    return Strike(kind="hang", what=f"wire to the {wire}, {seconds:.1f} s", do=do, takes_lanes=True)


def _step(chance: random.Random, targets: Targets) -> Strike:
    step = timedelta(seconds=chance.uniform(30, LONGEST_STEP_MINUTES * 60))
    return Strike(kind="clock", what=f"{step.seconds} s on", do=lambda site: site.wind_on(step), takes_lanes=True)


def _storm(kind: str, rules: dict[str, Sequence[Json]], chance: random.Random, targets: Targets) -> Strike:
    seconds = chance.uniform(1, 2.5)

    def do(site: Site) -> None:
        for platform in PLATFORMS:
            misbehave(site, platform, storm=rules[platform.name])
        time.sleep(seconds)
        for platform in PLATFORMS:
            misbehave(site, platform)

    return Strike(kind=kind, what=f"{seconds:.1f} s", do=do)


def _calls(kinds: Sequence[str], share: float) -> dict[str, Sequence[Json]]:
    return {
        platform.name: [{"method": platform.post, "kind": kind, "probability": share, "seconds": 1} for kind in kinds]
        for platform in PLATFORMS
    }


_REFUSED = _calls(["ratelimit"], 0.5)
_FAILED = _calls(["error500", "error500_after_accept"], 0.2)
_RESET = _calls(["drop_before", "drop_after_accept"], 0.2)

KINDS = {
    "kill": Kind(4, _kill),
    "freeze": Kind(1.5, _freeze),
    "database": Kind(1, _crash_database),
    "slow": Kind(0.7, _slow_disk),
    "cut": Kind(2, _cut),
    "hang": Kind(1.2, _hang),
    "clock": Kind(1.5, _step),
    "refused": Kind(0.8, partial(_storm, "refused", _REFUSED)),
    "failed": Kind(0.8, partial(_storm, "failed", _FAILED)),
    "reset": Kind(0.8, partial(_storm, "reset", _RESET)),
}

ON_THE_WAY_IN: dict[str, Sequence[Json]] = {
    SLACK.name: (
        {"method": "event.*", "kind": "delay", "probability": 0.05, "seconds": 0.3},
        {"method": "event.*", "kind": "reorder", "probability": 0.05, "seconds": 0.3},
        {"method": "event.*", "kind": "duplicate", "probability": 0.15},
        {"method": "event.*", "kind": "late", "probability": 0.05, "seconds": 1.0},
        {"method": "event.*", "kind": "lose", "probability": 0.02},
        {"method": "interaction.block_actions", "kind": "duplicate", "probability": 0.2},
    ),
    TEAMS.name: (
        {"method": "message*", "kind": "delay", "probability": 0.05, "seconds": 0.3},
        {"method": "message*", "kind": "reorder", "probability": 0.05, "seconds": 0.3},
        {"method": "message*", "kind": "duplicate", "probability": 0.15},
        {"method": "message*", "kind": "late", "probability": 0.05, "seconds": 1.0},
        {"method": "message*", "kind": "lose", "probability": 0.02},
        {"method": "invoke *", "kind": "duplicate", "probability": 0.2},
    ),
}
"""What the workplace does all the time with what people do."""


def misbehave(site: Site, platform: Platform, *, storm: Sequence[Json] = ()) -> None:
    """Let the workplace misbehave as it always does, and as in a storm besides."""
    rules = [*storm, *platform.misbehaviour, *ON_THE_WAY_IN[platform.name]]
    site.hands.post(f"{platform.control}/faults", {"rules": rules, "seed": site.next_seed()})


def make_slowable(site: Site) -> None:
    """Let each statement that writes to the busy tables wait as long as a function says. Root could slow the disk
    itself down; this holds transactions open just as long."""
    slow_down(site, 0)
    with site.looking() as connection:
        for table in ("delivery", "inbox_event", "lane"):
            connection.execute(
                f"CREATE TRIGGER slow_disk AFTER INSERT OR UPDATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION slow_disk()"
            )


def slow_down(site: Site, seconds: float) -> None:
    wait = f"PERFORM pg_sleep({seconds});" if seconds else ""
    with site.looking() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {wait} RETURN NULL; END $$"
        )
