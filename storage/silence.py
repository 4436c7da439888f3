"""The back-off: after nudges without a sign of life Knuff gets quieter. Read in the statements that promise."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, or_

from storage.tables import metadata

_person = metadata.tables["person"]

FIRST_QUIET, SECOND_QUIET, WEEKLY, FAREWELL = 2, 5, 10, 20
"""Nudges in a row without a sign of life, from which the back-off gets quieter. At the last, one farewell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Quietness:
    """Whom the back-off lets through on a day: facts about the day that are the same for everybody of a cadence."""

    previous_working_day: date
    """2–4 unanswered: every other working day, so nobody who got something then."""
    is_one_of_three: bool
    """5–9 unanswered: the days of three a week."""
    is_first_of_week: bool
    """From 10 unanswered on: the first working day of the week."""
    is_weekly: bool
    """The rhythm is gathered on Mondays: as quiet as it gets."""


def is_too_quiet() -> ColumnElement[bool]:
    """The back-off: whether this person gets nothing today because of earlier silence."""
    silent = _person.c.unanswered
    one_of_three = bindparam("is_one_of_three", type_=Integer)
    first_of_week = bindparam("is_first_of_week", type_=Integer)
    return or_(
        silent >= FAREWELL,
        and_(
            bindparam("is_weekly", type_=Integer) == 0,
            or_(
                and_(silent >= WEEKLY, first_of_week == 0),
                and_(silent.between(SECOND_QUIET, WEEKLY - 1), one_of_three == 0),
                and_(
                    silent.between(FIRST_QUIET, SECOND_QUIET - 1),
                    _person.c.last_sent_on >= bindparam("previous_working_day", type_=Date),
                ),
            ),
        ),
    )


def quietness_values(quietness: Quietness) -> dict[str, Any]:
    return {
        "previous_working_day": quietness.previous_working_day,
        "is_one_of_three": int(quietness.is_one_of_three),
        "is_first_of_week": int(quietness.is_first_of_week),
        "is_weekly": int(quietness.is_weekly),
    }
