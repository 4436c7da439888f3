"""A judge who knows nothing of our code: was every promise kept, once, and every answer?

    python -m bench.chaos.checker FOLDER

Reads the files that `evidence.py` describes, works out by itself what must have been promised, and says what was not
kept. One line at the end; exit code 1 on any loss, any double and anything else that should not be. Standard library
only: whoever doubts us can run it without us.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path

from bench.chaos.evidence import Act, Evidence, Promise, read

SENT, EXPLAINED, UNKNOWN = "sent", "explained", "outcome_unknown"
STEP = "nudge"
MAY_EXPLAIN_A_COMMITMENT = frozenset({"already_answered", "moved", "backed_off", UNKNOWN})
"""What people take on themselves may become unnecessary; a step of the programme may not."""
SILENCE = 2
"""After so many steps in a row without a word, the bot may come less often."""
MARGIN = timedelta(seconds=3)
"""Clocks differ, and what is done to a machine shows a moment later."""
LEFT_BEHIND = "LeftBehind"
"""What the bot calls an attempt whose maker it has given up."""
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not be. `kind` is the word in the summary."""

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A promise of which nobody knows whether it was kept, and what did that; None when nothing is known of."""

    promise: Promise
    cause: str | None


def judge(evidence: Evidence) -> tuple[list[Finding], list[Unknown]]:
    """Return everything that should not be, and every promise whose outcome nobody knows."""
    unknown = list(_unknown(evidence))
    findings = [
        *_lost(evidence),
        *_twice(evidence),
        *_received_otherwise(evidence),
        *_hours(evidence),
        *_two_a_day(evidence),
        *(
            Finding("unnamed", f"unknown, and nothing was done to it: {one.promise}")
            for one in unknown
            if not one.cause
        ),
        *_answers(evidence),
        *_inbox(evidence),
        *_taken_from_the_living(evidence),
        *_crowded(evidence),
    ]
    return findings, unknown


def _lost(evidence: Evidence) -> Iterator[Finding]:
    """Every enrolled person has the step of every day that was played, and each comes to an end that it may come to."""
    steps = Counter((row.platform, row.person, row.step) for row in evidence.promises if row.kind == STEP)
    welcomed = {(row.platform, row.person) for row in evidence.promises if row.kind == "welcome"}
    for one in evidence.script["people"]:
        whose = (one["platform"], one["person"])
        if whose not in welcomed:
            yield Finding("lost", f"{whose} was never promised a welcome")
        for day in evidence.script["days"]:
            if not steps[*whose, day["step"]]:
                yield Finding("lost", f"{whose} was never promised step {day['step']} of {day['day']}")
    came = {message.delivery_id for message in evidence.received}
    for row in evidence.promises:
        if row.state not in (SENT, EXPLAINED):
            yield Finding("lost", f"promised and without an end: {row}")
        elif row.state == SENT and row.carrier not in came:
            yield Finding("lost", f"said to be sent, and never received: {row}")
        elif row.state == EXPLAINED and not _may_be_explained(row, evidence):
            yield Finding("lost", f"explained without need: {row}")


def _may_be_explained(row: Promise, evidence: Evidence) -> bool:
    if row.reason == UNKNOWN:
        return True
    if row.kind not in (STEP, "welcome"):
        return row.reason in MAY_EXPLAIN_A_COMMITMENT
    return row.reason == "backed_off" and _was_silent(row, evidence)


def _was_silent(row: Promise, evidence: Evidence) -> bool:
    """Whether steps have come since the day of the person's last word, in such number as may quieten the bot."""
    whose = (row.platform, row.person)
    words = [act.day for act in evidence.acts_of[whose] if act.acknowledged and act.day < row.day]
    unanswered = [one for one in evidence.promises_of[whose] if one.kind == STEP and one.state == SENT]
    return sum(one.day < row.day and (not words or one.day >= max(words)) for one in unanswered) >= SILENCE


def _twice(evidence: Evidence) -> Iterator[Finding]:
    """No message is received twice, and no step of anybody's in two messages."""
    for (platform, number), times in Counter((one.platform, one.delivery_id) for one in evidence.received).items():
        if times > 1:
            yield Finding(f"twice in {platform}", f"received {times} times: {evidence.by_id.get(number, number)}")
    came = {message.delivery_id for message in evidence.received}
    carriers = defaultdict[tuple[str, str, int], set[int]](set)
    for row in evidence.promises:
        if row.kind == STEP and row.step is not None and row.carrier in came:
            carriers[row.platform, row.person, row.step].add(row.carrier)
    for (platform, person, step), ids in carriers.items():
        if len(ids) > 1:
            yield Finding(f"twice in {platform}", f"step {step} of {person} came in messages {sorted(ids)}")


def _received_otherwise(evidence: Evidence) -> Iterator[Finding]:
    """What came was promised to whom it came, on its own, and nothing else is said of it."""
    for message in evidence.received:
        row = evidence.by_id.get(message.delivery_id)
        if row is None:
            yield Finding("unpromised", f"received without a promise: {message}")
        elif (row.platform, row.person) != (message.platform, message.person):
            yield Finding("misdirected", f"received by somebody else: {row}")
        elif row.rides_on is not None:
            yield Finding("unpromised", f"received on its own although it rides: {row}")
        elif row.state == EXPLAINED and row.reason != UNKNOWN:
            yield Finding("denied", f"received, and explained otherwise: {row}")
        elif row.state == EXPLAINED and row.platform == "slack":
            yield Finding("denied", f"received, and could have been found out: {row}")


def _hours(evidence: Evidence) -> Iterator[Finding]:
    begin, end = evidence.hours
    days = {day["day"] for day in evidence.script["days"]}
    for message in evidence.received:
        local = message.local(evidence.zone)
        if local.date().isoformat() not in days or not begin <= local.time() <= end:
            yield Finding("outside hours", f"received at {local:%Y-%m-%d %H:%M}: {message}")


def _two_a_day(evidence: Evidence) -> Iterator[Finding]:
    messages = defaultdict[tuple[str, str, str], set[int]](set)
    for one in evidence.received:
        messages[one.platform, one.person, one.local(evidence.zone).date().isoformat()].add(one.delivery_id)
    for (platform, person, day), ids in messages.items():
        if len(ids) > 1:
            yield Finding("two a day", f"{platform} {person} on {day}: {sorted(ids)}")


def _unknown(evidence: Evidence) -> Iterator[Unknown]:
    for row in evidence.promises:
        if row.reason == UNKNOWN:
            yield Unknown(row, _cause(row, evidence))


def _cause(row: Promise, evidence: Evidence) -> str | None:
    """Name what was done to a call: by the workplace itself, or to the machines while it may have been on its way."""
    started_at = row.started_at
    if started_at is None:
        return None
    # What rode on a message shares its attempt, and lies apart once it is explained.
    for one in evidence.promises_of[row.platform, row.person]:
        if one.started_at == started_at and (called := evidence.misbehaved.get(one.id)):
            return f"call: {' '.join(called)}"
    began, ended = started_at - MARGIN, started_at + evidence.call_seconds + MARGIN
    near = [fault for fault in evidence.faults if fault.began <= ended and fault.ended >= began]
    if not near:
        return None
    nearest = min(near, key=lambda fault: abs(fault.began - started_at))
    return f"fault {nearest.n}: {nearest.kind} {nearest.what}".strip()


def _answers(evidence: Evidence) -> Iterator[Finding]:
    """What was acknowledged is recorded exactly once; what was not, once at most."""
    did = defaultdict[tuple[str, str, str, str], list[Act]](list)
    for act in evidence.acts:
        if act.leaves is not None:
            did[act.platform, act.person, *act.leaves].append(act)
    for what, acts in did.items():
        promised, kept = sum(act.acknowledged for act in acts), evidence.kept[what]
        if kept < promised:
            yield Finding("answer lost", f"acknowledged {promised} times, recorded {kept} times: {what}")
        elif kept > len(acts):
            yield Finding("answer twice", f"done {len(acts)} times, recorded {kept} times: {what}")


def _inbox(evidence: Evidence) -> Iterator[Finding]:
    """As many events are kept as people did things, at most, and each has been handled."""
    done = Counter((act.platform, act.person) for act in evidence.acts)
    kept = Counter((row["platform"], row["person"]) for row in evidence.inbox)
    for whose, events in kept.items():
        if events > done[whose]:
            yield Finding("event twice", f"{whose} did {done[whose]} things, and {events} were kept")
    for row in evidence.inbox:
        if row["set_aside_at"] is not None:
            yield Finding("event set aside", f"event {row['id']}: {row['set_aside_reason']}")
        elif row["handled_at"] is None:
            yield Finding("event unhandled", f"event {row['id']} was kept and never handled")


def _taken_from_the_living(evidence: Evidence) -> Iterator[Finding]:
    """A message that its sender settled itself, after somebody else had given the sender up: a lease that is no lease.

    It may happen to what a lane has on its way when its holder was stopped, cut off, or overtaken by a clock.
    """
    outcomes = defaultdict[tuple[int, str], set[str]](set)
    for one in evidence.attempts:
        outcomes[one.delivery_id, one.started_at.isoformat()].add(one.error or one.outcome)
    taken = sum(LEFT_BEHIND in found and len(found) > 1 for found in outcomes.values())
    faults = sum(fault.takes_lanes for fault in evidence.faults)
    permitted = faults * sum(evidence.script["in_flight"].values())
    if taken > permitted:
        yield Finding(
            "lane taken",
            f"{taken} messages were given up while their sender lived; {faults} faults explain {permitted}",
        )


def _crowded(evidence: Evidence) -> Iterator[Finding]:
    """A message whose sending began while as many others of its workspace were on their way as one lane may have.

    One holder never does that. It may happen while a lane passes from one that lives to another.
    """
    begun = 0
    for platform, hands in evidence.script["in_flight"].items():
        under_way: list[datetime] = []
        calls = [one for one in evidence.attempts if one.platform == platform and one.error != LEFT_BEHIND]
        for call in sorted(calls, key=lambda one: one.started_at):
            while under_way and under_way[0] <= call.started_at:
                heappop(under_way)
            begun += len(under_way) >= hands
            heappush(under_way, call.ended_at)
    faults = sum(fault.takes_lanes for fault in evidence.faults)
    permitted = faults * sum(evidence.script["in_flight"].values())
    if begun > permitted:
        yield Finding("lane shared", f"{begun} calls beside a lane's full hands; {faults} faults explain {permitted}")


def summary(evidence: Evidence, findings: list[Finding], unknown: list[Unknown]) -> str:
    """One line, with what was really received."""
    count = Counter(finding.kind for finding in findings)
    promised = Counter(row.platform for row in evidence.promises)
    received = Counter(message.platform for message in evidence.received)
    named = sum(one.cause is not None for one in unknown)
    rest = sum(n for kind, n in count.items() if kind not in ("lost", "twice in slack", "twice in teams"))
    recorded = sum(act.acknowledged and act.leaves is not None for act in evidence.acts)
    parts = [
        f"{len(evidence.faults)} faults and {evidence.struck} calls that misbehaved",
        f"{len(evidence.script['days'])} days",
        *(f"{name} {promised[name]} promised, {received[name]} received" for name in sorted(promised)),
        f"{count['lost']} lost, {count['twice in slack']} twice in Slack, {count['twice in teams']} twice in Teams",
        f"{len(unknown)} unknown, {named} of them named",
        f"{recorded} answers acknowledged",
        f"{rest} other faults",
    ]
    return "; ".join(parts)


def main(folder: str) -> int:
    evidence = read(Path(folder))
    findings, unknown = judge(evidence)
    with Path(folder, "unknown.txt").open("w", encoding="utf-8") as said:
        said.writelines(f"{one.promise}: {one.cause or 'nothing that is known of'}\n" for one in unknown)
    by_kind = defaultdict[str, list[str]](list)
    for finding in findings:
        by_kind[finding.kind].append(finding.said)
    for kind, sentences in by_kind.items():
        for sentence in sentences[:MOST_SHOWN]:
            sys.stderr.write(f"{kind}: {sentence}\n")
        if len(sentences) > MOST_SHOWN:
            sys.stderr.write(f"{kind}: and {len(sentences) - MOST_SHOWN} more\n")
    sys.stdout.write(summary(evidence, findings, unknown) + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
