"""Knuff is killed at random moments while it sends the nudges of one morning, and started again each time.

Everything is as in production: the workplace and `knuff serve` are processes of their own, a kill is `kill -9`, and
the platform accepts messages that it says it did not.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.journeys import enrolled, programs
from tests.journeys.hands import Hands, Json
from tests.journeys.platforms import Platform
from tests.journeys.programs import Program
from tests.journeys.promises import Promise, Received, faults, in_doubt, next_work_at, promises_in, received_in

STALLED_SECONDS = 6.0
LOOK_SECONDS = 0.05
WORTH_WINDING = timedelta(seconds=1)
LEASE_SECONDS = "1"
RECONCILE_SECONDS = "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an auditor found when all was over."""

    people: int
    kills: int
    received: list[Received]
    promises: list[Promise]
    faults: list[str]
    misbehaved: int
    """Calls whose answer was wrong, late or missing."""
    in_doubt: frozenset[str]
    """People of whose message nobody can know whether it arrived; nobody where Knuff can ask."""
    stopped_with: int
    """The exit code of the last process, asked to stop."""
    seconds: float
    killed_after: list[int] = field(default_factory=list)
    """How many messages had been received at each kill."""

    @property
    def received_once(self) -> int:
        """How many nudges are said to be sent and were received exactly once."""
        times = Counter(message.delivery_id for message in self.received)
        return sum(times[nudge.carrier] == 1 for nudge in self.nudges if nudge.reason is None)

    @property
    def explained(self) -> int:
        return sum(nudge.reason is not None for nudge in self.nudges)

    @property
    def struck(self) -> int:
        """How many nudges were explained because a kill struck them on their way, and for nothing else."""
        return sum(nudge.reason is not None and nudge.person not in self.in_doubt for nudge in self.nudges)

    @property
    def nudges(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.kind == "nudge"]

    def summary(self) -> str:
        """One line, with what was really received."""
        why = f" ({len(self.in_doubt)} in doubt, {self.struck} struck by a kill)" if self.in_doubt else ""
        return (
            f"{self.kills} kills, {self.people} people: {len(self.nudges)} nudges promised,"
            f" {self.received_once} received once, {self.explained} explained{why};"
            f" {self.misbehaved} calls misbehaved, {len(self.faults)} faults, {self.seconds:.0f} s"
        )


def send_and_kill(
    *,
    platform: Platform,
    people: int,
    kills: int,
    seed: int,
    folder: Path,
    database_url: str,
    longest_seconds: float,
    channel_posts_per_second: int = 1,
    progress: Callable[[str], None] = lambda _line: None,
) -> Outcome:
    """Send one nudge to each of `people` under `kills` kills. TimeoutError when it is not over in `longest_seconds`.

    `channel_posts_per_second=0`: with no limit at all, not even in one chat.
    """
    began = time.monotonic()
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(1, people), kills))
    port = programs.free_port()
    with programs.workplace(
        "--no-limits", "--clock-start", enrolled.SUNDAY_EVENING.isoformat(), "--seed", str(seed),
        folder=folder, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = Hands(workplace.address)
        generated = {"people": 0, platform.population: people, "seed": seed, "zones": ["Europe/Stockholm"]}
        hands.post("/_control/reset", {"generate": generated})
        hands.post(f"{platform.control}/faults", {"rules": list(platform.misbehaviour), "seed": seed})
        everybody = [person["id"] for person in hands.get(f"{platform.control}/people")["people"]]
        enrolled.a_cohort_of(everybody, database_url=database_url, platform=platform)
        run = _Run(hands=hands, platform=platform, database_url=database_url, until=began + longest_seconds)

        def knuff() -> Program:
            return programs.serve(
                folder=folder, port=port, database_url=database_url, workplace=workplace.address,
                platforms=[platform.name], lease_seconds=LEASE_SECONDS, reconcile_seconds=RECONCILE_SECONDS,
                **platform.no_limits, **{platform.channel_limit: str(channel_posts_per_second)},
            )  # fmt: skip

        process = knuff()
        killed_after = []
        try:
            run.wait_for_promises(people)
            hands.post("/clock", {"to": enrolled.MONDAYS_SLOT.isoformat()})
            for number, moment in enumerate(moments, start=1):
                run.wait_for_messages(moment)
                time.sleep(chance.uniform(0, 0.1))
                if not process.runs:
                    raise programs.DidNotStart(f"knuff ended by itself:\n{process.said.read_text('utf-8')[-4000:]}")
                process.kill()
                killed_after.append(len(run.log))
                progress(f"kill {number} of {kills}, {len(run.log)} messages received")
                process = knuff()
            run.wait_until_settled(people)
            stopped_with = process.stop()
        finally:
            if process.runs:
                process.kill()
        log = run.read_log()
    received, promises = received_in(log), promises_in(database_url)
    doubtful = None if platform.can_be_asked else in_doubt(log, platform.tells_nothing)
    return Outcome(
        people=people,
        kills=kills,
        received=received,
        promises=promises,
        faults=faults(received, promises, people=everybody, step=1, doubtful=doubtful),
        misbehaved=sum(line["fault"] is not None for line in log),
        in_doubt=frozenset(promise.person for promise in promises if promise.id in (doubtful or ())),
        stopped_with=stopped_with,
        seconds=time.monotonic() - began,
        killed_after=killed_after,
    )


@dataclass(slots=True)
class _Run:
    hands: Hands
    platform: Platform
    database_url: str
    until: float
    log: list[Json] = field(default_factory=list)

    def read_log(self) -> list[Json]:
        """Return every post so far, whatever became of it."""
        after = self.log[-1]["n"] if self.log else 0
        self.log += self.hands.log(method=self.platform.post, after=after, under=self.platform.control)
        return self.log

    def wait_for_promises(self, number: int) -> None:
        """Return when so much has been planned: on Sunday evening, everybody's welcome."""
        while len(promises_in(self.database_url)) < number:
            self._rest(0.1)

    def wait_for_messages(self, number: int) -> None:
        """Return when so many posts have come, or when nothing comes any more (what is left is in doubt)."""
        seen, moved = len(self.log), time.monotonic()
        while len(self.read_log()) < number:
            if len(self.log) > seen:
                seen, moved = len(self.log), time.monotonic()
            elif self.log and time.monotonic() - moved > STALLED_SECONDS:
                return
            self._rest()

    def wait_until_settled(self, people: int) -> None:
        """Return when every promise has come to its end. Where nothing can be done before a later moment, the clock is
        wound on: a message that cannot be found out about is asked about more and more rarely."""
        while not self._is_settled(people):
            next_at = next_work_at(self.database_url)
            if next_at is not None and next_at > self._now() + WORTH_WINDING:
                self.hands.post("/clock", {"to": next_at.isoformat()})
            self._rest(0.25)

    def _now(self) -> datetime:
        return datetime.fromisoformat(self.hands.get("/clock")["now"])

    def _is_settled(self, people: int) -> bool:
        promises = promises_in(self.database_url)
        nudges = [promise for promise in promises if promise.kind == "nudge"]
        return len(nudges) >= people and all(promise.is_settled for promise in promises)

    def _rest(self, seconds: float = LOOK_SECONDS) -> None:
        if time.monotonic() > self.until:
            open_rows = [promise for promise in promises_in(self.database_url) if not promise.is_settled]
            raise TimeoutError(f"{len(self.log)} posts, {len(open_rows)} open promises: {open_rows[:5]}")
        time.sleep(seconds)
