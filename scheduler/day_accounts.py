"""The account as an operator reads it: day by day, for each workspace and cohort by its number.

A group of fewer than five people is told of as little as shows whether it balances: how much was promised, and how much
of that is settled. What was sent and what explained would be somebody's own. Of reasons only the faults of ours are
told, which say nothing about anybody: four days' pauses taken from those that a coordinator is told of a week would be
the fifth day's.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from scheduler.account import FAULTS_OF_OURS, FEWEST, summed
from storage import account
from storage.account import Part
from storage.tables.deliveries import Reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What was promised for one day to the people of one cohort in one workspace."""

    workspace_id: int
    cohort_id: int | None
    """None: what belongs to no cohort, such as a question about an exercise from the library."""
    promised: int
    settled: int
    """Sent or explained."""
    on_the_way: int
    sent: int | None
    """None, like the next, where it would concern fewer than five people."""
    explained: int | None
    faults: dict[Reason, int]
    """How many promises were explained by each fault of ours, most first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DayAccount:
    day: date
    organisation_id: int
    is_over: bool
    """Whether the day is over everywhere anything was promised for it."""
    groups: tuple[Group, ...]

    @property
    def on_the_way(self) -> int:
        return sum(group.on_the_way for group in self.groups)

    @property
    def balances(self) -> bool:
        """Whether nothing is lost: what is still on the way when its day is over is."""
        return not (self.is_over and self.on_the_way)


def day_accounts(session: Session, *, organisation_id: int, first: date, last: date, now: datetime) -> list[DayAccount]:
    """Return the days from `first` to `last`, both included, for which anything was promised."""
    ends = account.days_end(session, organisation_id=organisation_id, first=first, last=last)
    parts = account.parts(session, organisation_id=organisation_id, first=first, last=last)
    return [
        DayAccount(
            day=day,
            organisation_id=organisation_id,
            is_over=over_at <= now,
            groups=tuple(_group(part) for part in parts if part.day == day),
        )
        for day, over_at in sorted(ends.items())
    ]


def _group(part: Part) -> Group:
    total = summed(part.counts)
    is_told = part.people >= FEWEST
    faults = {
        one.reason: one.promises for one in part.counts if one.reason is not None and one.reason in FAULTS_OF_OURS
    }
    return Group(
        workspace_id=part.workspace_id,
        cohort_id=part.cohort_id,
        promised=total.promised,
        settled=total.sent + total.explained,
        on_the_way=total.on_the_way,
        sent=total.sent if is_told else None,
        explained=total.explained if is_told else None,
        faults=dict(sorted(faults.items(), key=lambda item: (-item[1], item[0]))),
    )
