"""Which case is asked next: at most one a day, and nobody is ever shown how many wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from lessons.recall import Memory, most_forgotten

FIRST_AFTER = timedelta(weeks=1)
"""Nothing is asked in the first week of a programme."""
LET_BE_FOR = timedelta(weeks=1)
"""A case that was shown and left unanswered is not shown again before."""


def next_case(
    order: Sequence[str],
    *,
    memories: Mapping[str, Memory],
    shown_on: Mapping[str, date],
    can_begin: Collection[str],
    on: date,
) -> str | None:
    """Return the id of the case to ask on this day, None when there is none.

    `order` is the programme's, `shown_on` when each that has been asked was last asked, and `can_begin` what can be
    asked for the first time. The most forgotten of those that are due goes first, then a new one.
    """
    asked = [one for one in order if not _is_let_be(memories.get(one), shown_on.get(one), on)]
    forgotten = most_forgotten({one: memories[one] for one in asked if one in memories}, on=on)
    if forgotten is not None:
        return forgotten
    return next((one for one in asked if one not in memories and one in can_begin), None)


def begins_on(starts_on: date) -> date:
    """Return the Monday of the second week, for somebody whose first is the week of `starts_on`."""
    return starts_on - timedelta(days=starts_on.weekday()) + FIRST_AFTER


def _is_let_be(memory: Memory | None, shown_on: date | None, on: date) -> bool:
    was_answered = memory is not None and shown_on is not None and memory.last_on >= shown_on
    return shown_on is not None and not was_answered and on < shown_on + LET_BE_FOR
