"""A day of everybody who keeps a cadence, and whose calendar holds for what comes back on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, func, literal_column, or_, select

from storage.places import Moments
from storage.prepared import one_of
from storage.promise_rows import said
from storage.silence import Quietness
from storage.tables import metadata
from storage.tables.deliveries import Reason

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_cohort = metadata.tables["cohort"]

NO_COHORT = 0
"""Stands for a cohort where there is none: what somebody who is in no cohort took from the library."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DayOfCadence:
    """A day of everybody who keeps a cadence. What comes from the library belongs to the newest cohort its person is
    in, so that it keeps that calendar, or to NO_COHORT."""

    cadence_id: int
    day: date
    moments: Moments
    quietness: Quietness
    asking_cohorts: Sequence[int]
    """Cohorts whose follow-ups and moved steps may be sent today."""
    open_cohorts: Sequence[int]
    """Cohorts for which today is a working day: a plan comes back on its own morning, whatever the pace."""
    why_not: Mapping[int, Reason]
    """Cohorts whose plans fall away today, and why: one of WHY_NOT."""

    @property
    def values(self) -> dict[str, Any]:
        return {"cadence_id": self.cadence_id, "day": self.day, **self.moments.values}


def keeps_calendar_of(dialect: str, cohorts: str, cohort: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the calendar that holds is that of one of the cohorts bound as `cohorts`."""
    return one_of(dialect, func.coalesce(cohort, _newest_cohort(), literal_column(str(NO_COHORT))), cohorts)


def _newest_cohort() -> ColumnElement[int]:
    """The cohort whose calendar holds for what a person took from the library: the newest that runs, else is paused."""
    enrolled, cohort = _enrolment.alias("enrolled"), _cohort.alias("newest")
    return (
        select(cohort.c.id)
        .select_from(enrolled)
        .join(cohort, cohort.c.id == enrolled.c.cohort_id)
        .where(
            enrolled.c.person_id == _person.c.id,
            or_(enrolled.c.ends_on.is_(None), enrolled.c.ends_on > bindparam("day", type_=Date)),
            cohort.c.state != said("ended"),
        )
        .order_by(cohort.c.state != said("running"), cohort.c.starts_on.desc(), cohort.c.id.desc())
        .limit(literal_column("1"))
        .correlate(_person)
        .scalar_subquery()
    )
