"""Promises to ask: a wave of a cohort's surveys, set by set, for everybody of a cadence who has not been asked yet.

It rides on the day's message, last of all that does, or is one where the day has none; never on a welcome. Who cannot
be asked today is asked on another day while the wave is open, and on its last day it is explained why not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlmodel import Session

from storage.commitments import MOST_RIDERS
from storage.places import Moments
from storage.prepared import Prepared, one_of
from storage.promise_rows import insert_rows, moments_columns, own_reason, own_reasons, said, todays_message, written
from storage.silence import Quietness, is_too_quiet, quietness_values
from storage.tables import metadata
from storage.tables.deliveries import Kind, Priority, Reason

_person = metadata.tables["person"]
_enrolment = metadata.tables["enrolment"]
_workspace = metadata.tables["workspace"]
_delivery = metadata.tables["delivery"]
_wave = metadata.tables["survey_wave"]
_response = metadata.tables["survey_response"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenWave:
    id: int
    wave: str
    cohort_id: int
    roles: Sequence[str]
    opens_on: date
    closes_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class WavePromise:
    """A wave for everybody of a cadence who is in its cohort, on a day."""

    cadence_id: int
    wave: OpenWave
    day: date
    moments: Moments

    @property
    def values(self) -> dict[str, Any]:
        return {
            "cadence_id": self.cadence_id,
            "wave_id": self.wave.id,
            "cohort_id": self.wave.cohort_id,
            "roles": [*self.wave.roles],
            "day": self.day,
            **self.moments.values,
        }


def open_waves(session: Session, cohorts: Collection[int], day: date) -> list[OpenWave]:
    """Return the waves that are open in these cohorts on a day, the oldest first."""
    rows = _OPEN.rows(session, cohorts=list(cohorts), day=day) if cohorts else []
    return [OpenWave(**row._asdict()) for row in rows]


def promise_wave(session: Session, promise: WavePromise, quietness: Quietness) -> int:
    """Promise to ask today whoever can be asked. Return how many that are."""
    values = promise.values | quietness_values(quietness)
    return _CARRIERS.run(session, **values) + _RIDERS.run(session, **values)


def explain_wave(session: Session, promise: WavePromise, why: Reason, quietness: Quietness) -> int:
    """Account for whoever has not been asked at all when the wave's last day has come: their own reason, or `why`."""
    return _EXPLAINED.run(session, **promise.values, **quietness_values(quietness), falls_away=why)


def _carriers(dialect: str) -> Executable:
    message, same_day = todays_message("message")
    rows = (
        _to_ask(
            dialect,
            *_what(),
            *moments_columns(dialect, _person.c.id),
            written(Priority.COMES_BACK),
            said("planned"),
            null(),
            null(),
            *_rest(),
        )
        .outerjoin(message, same_day)
        .where(message.c.id.is_(None), own_reason().is_(None), ~is_too_quiet(), ~_was_asked())
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows, "survey_wave_id")


def _riders(dialect: str) -> Executable:
    carrier, same_day = todays_message("carrier")
    rider = _delivery.alias("rider")
    # A gathered week is one exercise after another, and they are the message itself.
    riding = (
        select(func.count())
        .select_from(rider)
        .where(rider.c.rides_on == carrier.c.id, rider.c.kind != said(Kind.NUDGE))
        .scalar_subquery()
    )
    room = case((carrier.c.kind == said(Kind.NUDGE), MOST_RIDERS), else_=MOST_RIDERS - 1)
    another_survey = (
        select(literal_column("1"))
        .select_from(rider)
        .where(rider.c.rides_on == carrier.c.id, rider.c.kind == said(Kind.SURVEY))
        .exists()
    )
    rows = (
        _to_ask(
            dialect,
            *_what(),
            carrier.c.due_at,
            carrier.c.late_after,
            carrier.c.try_at,
            written(Priority.COMES_BACK),
            said("planned"),
            null(),
            carrier.c.id,
            *_rest(),
        )
        .join(carrier, same_day)
        .where(
            carrier.c.state == said("planned"),
            or_(*(carrier.c.kind == said(kind) for kind in (Kind.NUDGE, Kind.FOLLOW_UP, Kind.PLAN))),
            own_reason().is_(None),
            riding < room,
            ~another_survey,
            ~_was_asked(),
        )
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows, "survey_wave_id")


def _explained(dialect: str) -> Executable:
    mentioned = _delivery.alias("mentioned")
    promised = (
        select(literal_column("1"))
        .select_from(mentioned)
        .where(
            mentioned.c.survey_wave_id == bindparam("wave_id", type_=Integer),
            mentioned.c.enrolment_id == _enrolment.c.id,
        )
        .exists()
    )
    reason = case(
        *own_reasons(),
        (is_too_quiet(), said(Reason.BACKED_OFF)),
        else_=bindparam("falls_away", type_=String),
    )
    rows = (
        _to_ask(
            dialect,
            *_what(),
            *moments_columns(dialect, _person.c.id),
            written(Priority.COMES_BACK),
            said("explained"),
            reason,
            null(),
            *_rest(),
        )
        .where(~promised)
        .order_by(_enrolment.c.id)
    )
    return insert_rows(dialect, rows, "survey_wave_id")


def _to_ask(dialect: str, *columns: Any) -> Select[Any]:
    """Everybody of the cadence whom the wave asks, and who has not answered of their own accord."""
    day = bindparam("day", type_=Date)
    answered = (
        select(literal_column("1"))
        .select_from(_response)
        .where(_response.c.wave_id == bindparam("wave_id", type_=Integer), _response.c.enrolment_id == _enrolment.c.id)
        .exists()
    )
    return (
        select(*columns)
        .select_from(_enrolment)
        .join(_person, _person.c.id == _enrolment.c.person_id)
        .join(_workspace, _workspace.c.id == _person.c.workspace_id)
        .where(
            _enrolment.c.cadence_id == bindparam("cadence_id", type_=Integer),
            _enrolment.c.cohort_id == bindparam("cohort_id", type_=Integer),
            one_of(dialect, _enrolment.c.role, "roles", String),
            _enrolment.c.first_day <= day,
            or_(_enrolment.c.ends_on.is_(None), _enrolment.c.ends_on > day),
            ~answered,
        )
    )


def _was_asked() -> ColumnElement[bool]:
    """Whether it is on its way, has come, or may have come. What fell away is promised again on another day."""
    earlier = _delivery.alias("earlier")
    final = (Reason.REFUSED, Reason.OUTCOME_UNKNOWN)
    return select(literal_column("1")).select_from(earlier).where(
        earlier.c.survey_wave_id == bindparam("wave_id", type_=Integer),
        earlier.c.enrolment_id == _enrolment.c.id,
        or_(
            earlier.c.state != said("explained"),
            earlier.c.day >= bindparam("day", type_=Date),
            *(earlier.c.reason == said(reason) for reason in final),
        ),
    ).exists()  # fmt: skip


def _what() -> list[Any]:
    earlier = _delivery.alias("before")
    last = select(func.max(earlier.c.occurrence)).where(
        earlier.c.survey_wave_id == bindparam("wave_id", type_=Integer), earlier.c.enrolment_id == _enrolment.c.id
    )
    return [
        _enrolment.c.organisation_id,
        _person.c.workspace_id,
        _person.c.id,
        _enrolment.c.cohort_id,
        _enrolment.c.id,
        said(Kind.SURVEY),
        null(),
        null(),
        null(),
        func.coalesce(last.scalar_subquery(), literal_column("0")) + 1,
        bindparam("day", type_=Date),
    ]


def _rest() -> list[Any]:
    return [literal_column("0"), literal_column("0"), bindparam("wave_id", type_=Integer)]


_OPEN = Prepared(
    lambda dialect: (
        select(_wave.c.id, _wave.c.wave, _wave.c.cohort_id, _wave.c.roles, _wave.c.opens_on, _wave.c.closes_on)
        .where(
            one_of(dialect, _wave.c.cohort_id, "cohorts"),
            _wave.c.closed_at.is_(None),
            _wave.c.opens_on <= bindparam("day", type_=Date),
            _wave.c.closes_on >= bindparam("day", type_=Date),
        )
        .order_by(_wave.c.opens_on, _wave.c.id)
    )
)
_CARRIERS = Prepared(_carriers)
_RIDERS = Prepared(_riders)
_EXPLAINED = Prepared(_explained)
