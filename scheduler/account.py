"""The account: promised = sent + explained + on the way, for every workspace, cohort and day.

A coordinator reads numbers. Why something was not sent is shown only where that cannot point at somebody: in cohorts of
five people or more, for reasons that concern five or more of them, never so that a hidden one follows by subtraction.
Reasons are told a whole week at a time, once it is over, each week by itself: what is told today less what was told
yesterday is a week that could be told, and never one person's day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from scheduler.weeks import monday_of
from storage import account
from storage.account import Count
from storage.tables.deliveries import Reason, State

FEWEST = 5
"""The smallest group of people about whom a reason is shown."""
A_DAY_ENDS_EVERYWHERE = timedelta(days=2)
"""So long after a day it is over wherever somebody is."""
FAULTS_OF_OURS = frozenset(
    {Reason.REFUSED, Reason.OUTCOME_UNKNOWN, Reason.WORKSPACE_DISCONNECTED, Reason.KNUFF_WAS_DOWN}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """Promises of a day or a span. It balances by construction: every promise is in exactly one state."""

    promised: int
    sent: int
    explained: int
    on_the_way: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CohortAccount:
    """What a coordinator reads. `reasons` is None for a group too small to be told of reasons."""

    days: tuple[tuple[date, Sum], ...]
    """Days with promises, latest first."""
    reasons: dict[Reason, int] | None
    """Of the weeks that are over."""
    other: int
    """Promises explained for reasons that are not shown."""
    operator_must_look: bool


def cohort_account(
    session: Session, *, organisation_id: int, cohort_id: int, people: int, first: date, last: date
) -> CohortAccount:
    """Return the account of a cohort of `people` from `first` to `last`, both included."""
    counts = account.counts(session, organisation_id=organisation_id, cohort_id=cohort_id, first=first, last=last)
    shown, explained = dict[Reason, int](), 0
    for monday, sunday in weeks_over(first, last):
        by_reason = account.people_by_reason(
            session, organisation_id=organisation_id, cohort_id=cohort_id, first=monday, last=sunday
        )
        explained += sum(promises for promises, _people in by_reason.values())
        for reason, promises in shown_reasons(by_reason).items():
            shown[reason] = shown.get(reason, 0) + promises
    if people < FEWEST:
        shown = {}
    return CohortAccount(
        days=tuple(
            (day, summed(c for c in counts if c.day == day)) for day in sorted({c.day for c in counts}, reverse=True)
        ),
        reasons=_most_first(shown) if people >= FEWEST else None,
        other=explained - sum(shown.values()),
        operator_must_look=any(count.reason in FAULTS_OF_OURS for count in counts),
    )


def weeks_over(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield Monday and Sunday of every week from that of `first` that is over everywhere when it is `last`."""
    monday = monday_of(first)
    while (sunday := monday + timedelta(days=6)) + A_DAY_ENDS_EVERYWHERE <= last:
        yield monday, sunday
        monday += timedelta(weeks=1)


def summed(counts: Iterable[Count]) -> Sum:
    by_state = dict.fromkeys(State, 0)
    for count in counts:
        by_state[count.state] += count.promises
    return Sum(
        promised=sum(by_state.values()),
        sent=by_state[State.SENT],
        explained=by_state[State.EXPLAINED],
        on_the_way=by_state[State.PLANNED] + by_state[State.SENDING] + by_state[State.UNKNOWN],
    )


def shown_reasons(by_reason: Mapping[Reason, tuple[int, int]]) -> dict[Reason, int]:
    """Return the reasons that may be shown with their promises, most first.

    Reasons of fewer than five people are hidden; while what is hidden is one reason, or could be worked out to concern
    fewer than five, the smallest shown one is hidden as well.
    """
    ordered = sorted(by_reason.items(), key=lambda item: (-item[1][1], item[0]))
    shown = [item for item in ordered if item[1][1] >= FEWEST]
    hidden = [item for item in ordered if item[1][1] < FEWEST]
    while shown and hidden and (len(hidden) == 1 or sum(people for _, (_, people) in hidden) < FEWEST):
        hidden.append(shown.pop())  # what is hidden follows by subtraction
    return {reason: promises for reason, (promises, _people) in shown}


def _most_first(reasons: dict[Reason, int]) -> dict[Reason, int]:
    return dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
