"""After downtime: of several cohorts' steps of one day, only one comes later, as only one would have come that day."""

from datetime import date

from sqlalchemy import ColumnElement, String, bindparam, literal_column, select, update
from sqlmodel import Session

from storage.tables import metadata
from storage.tables.deliveries import Reason

_delivery = metadata.tables["delivery"]
_enrolment = metadata.tables["enrolment"]


def move_one_step_a_day(session: Session, cadence_id: int, day: date) -> None:
    """Of what was moved out of `day` for somebody in several cohorts, leave the first cohort's; the rest is explained.

    For everybody of a cadence. A week gathered in one message is one cohort's, and moves as a whole.
    """
    session.connection().execute(_EXPLAIN_THE_REST, {"cadence_id": cadence_id, "moved_out_of": day})


_earlier = _delivery.alias("earlier")
_MOVED: ColumnElement[str] = literal_column(f"'{Reason.MOVED}'", String)
_EXPLAIN_THE_REST = (
    update(_delivery)
    .where(
        _delivery.c.enrolment_id.in_(
            select(_enrolment.c.id).where(_enrolment.c.cadence_id == bindparam("cadence_id")).correlate(None)
        ),
        _delivery.c.reason == _MOVED,
        _delivery.c.day == bindparam("moved_out_of"),
        _delivery.c.subject_id.is_(None),
        select(literal_column("1"))
        .where(
            _earlier.c.person_id == _delivery.c.person_id,
            _earlier.c.day == _delivery.c.day,
            _earlier.c.reason == _MOVED,
            _earlier.c.subject_id.is_(None),
            _earlier.c.enrolment_id < _delivery.c.enrolment_id,
        )
        .exists(),
    )
    .values(reason=Reason.ONE_MESSAGE)
)
