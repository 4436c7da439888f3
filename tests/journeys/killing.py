"""Knuff is killed at random moments while it sends the nudges of one morning, and started again each time.

Everything is as in production: the workplace and `knuff serve` are processes of their own, a kill is `kill -9`, and
Slack accepts messages that it says it did not.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.journeys import enrolled, programs
from tests.journeys.hands import Hands, Json
from tests.journeys.programs import Program
from tests.journeys.promises import Promise, Received, faults, promises_in, received_in

AMBIGUOUS = (
    {"method": "chat.postMessage", "kind": "error500_after_accept", "probability": 0.05},
    {"method": "chat.postMessage", "kind": "drop_after_accept", "probability": 0.05},
    {"method": "chat.postMessage", "kind": "drop_before", "probability": 0.02},
    {"method": "chat.postMessage", "kind": "internal_error", "probability": 0.01},
    {"method": "chat.postMessage", "kind": "non_json_after_accept", "probability": 0.01},
    {"method": "chat.postMessage", "kind": "slow", "probability": 0.01, "seconds": 0.3},
    {"method": "chat.postMessage", "kind": "ratelimit", "probability": 0.005, "seconds": 1},
    {"method": "conversations.history", "kind": "error500", "probability": 0.05},
    {"method": "conversations.history", "kind": "drop_before", "probability": 0.05},
)
"""One message in seven or so is in doubt, and so is one look in ten."""
STALLED_SECONDS = 6.0
LOOK_SECONDS = 0.05
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
    in_doubt: int
    """Calls whose answer was wrong, late or missing."""
    stopped_with: int
    """The exit code of the last process, asked to stop."""
    seconds: float
    killed_after: list[int] = field(default_factory=list)
    """How many messages had been received at each kill."""

    @property
    def received_once(self) -> int:
        """How many nudges were received exactly once."""
        times = Counter(message.delivery_id for message in self.received)
        return sum(times[nudge.rides_on or nudge.id] == 1 for nudge in self.nudges)

    @property
    def explained(self) -> int:
        return sum(nudge.reason is not None for nudge in self.nudges)

    @property
    def nudges(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.kind == "nudge"]

    def summary(self) -> str:
        """One line, with what was really received."""
        return (
            f"{self.kills} kills, {self.people} people: {len(self.nudges)} nudges promised,"
            f" {self.received_once} received once, {self.explained} explained;"
            f" {self.in_doubt} calls in doubt, {len(self.faults)} faults, {self.seconds:.0f} s"
        )


def send_and_kill(
    *,
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
        hands.post("/_control/reset", {"generate": {"people": people, "seed": seed, "zones": ["Europe/Stockholm"]}})
        hands.post("/_control/faults", {"rules": list(AMBIGUOUS), "seed": seed})
        everybody = [person["id"] for person in hands.get("/_control/people")["people"]]
        enrolled.a_cohort_of(everybody, database_url=database_url)
        run = _Run(hands=hands, database_url=database_url, until=began + longest_seconds)

        def knuff() -> Program:
            return programs.serve(
                folder=folder, port=port, database_url=database_url, workplace=workplace.address,
                posts_per_minute="0", searches_per_minute="0", slack_tier3_per_minute="0",
                channel_posts_per_second=str(channel_posts_per_second),
                lease_seconds=LEASE_SECONDS, reconcile_seconds=RECONCILE_SECONDS,
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
    return Outcome(
        people=people,
        kills=kills,
        received=received,
        promises=promises,
        faults=faults(received, promises, people=everybody, step=1),
        in_doubt=sum(line["fault"] is not None for line in log),
        stopped_with=stopped_with,
        seconds=time.monotonic() - began,
        killed_after=killed_after,
    )


@dataclass(slots=True)
class _Run:
    hands: Hands
    database_url: str
    until: float
    log: list[Json] = field(default_factory=list)

    def read_log(self) -> list[Json]:
        """Return every post so far, whatever became of it."""
        after = self.log[-1]["n"] if self.log else 0
        self.log += self.hands.log(after=after)
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
        while not self._is_settled(people):
            self._rest(0.25)

    def _is_settled(self, people: int) -> bool:
        promises = promises_in(self.database_url)
        nudges = [promise for promise in promises if promise.kind == "nudge"]
        return len(nudges) >= people and all(promise.is_settled for promise in promises)

    def _rest(self, seconds: float = LOOK_SECONDS) -> None:
        if time.monotonic() > self.until:
            open_rows = [promise for promise in promises_in(self.database_url) if not promise.is_settled]
            raise TimeoutError(f"{len(self.log)} posts, {len(open_rows)} open promises: {open_rows[:5]}")
        time.sleep(seconds)
