"""What a person has chosen to practise most, and what they keep up. Every function takes the person and touches only
theirs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, literal_column, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from storage.prepared import Prepared
from storage.tables import metadata
from storage.tables.focus import MOST_FOCUS, EnrolmentFocus, KeptBehaviour
from storage.tables.programmes import Enrolment

_focus = metadata.tables["enrolment_focus"]
_kept = metadata.tables["kept_behaviour"]


def chosen(session: Session, *, person_id: int, enrolment_id: int) -> list[str]:
    """Return the behaviours the person practises most in a programme, in the order they were chosen; at most three."""
    rows = _CHOSEN.rows(session, person_id=person_id, enrolment_id=enrolment_id)
    return [row.behaviour for row in rows]


def choose(
    session: Session, *, person_id: int, enrolment_id: int, behaviours: Sequence[str], now: datetime
) -> list[str]:
    """Take these instead of those chosen before, and return them: each once, the first three. None are taken for an
    enrolment that is not the person's."""
    mine = select_rows(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.person_id == person_id)
    enrolment = session.exec(mine).first()
    if enrolment is None:
        return []
    session.execute(delete(EnrolmentFocus).where(col(EnrolmentFocus.enrolment_id) == enrolment_id))
    taken = list(dict.fromkeys(behaviours))[:MOST_FOCUS]
    session.add_all(
        EnrolmentFocus(
            organisation_id=enrolment.organisation_id,
            person_id=person_id,
            enrolment_id=enrolment_id,
            place=place,
            behaviour=behaviour,
            chosen_at=now,
        )
        for place, behaviour in enumerate(taken, start=1)
    )
    session.flush()
    return taken


def kept(session: Session, *, person_id: int) -> str | None:
    """Return the behaviour the person keeps up: the one they chose to, else the first of those they chose last to
    practise most, else None."""
    whose = {"person_id": person_id}
    behaviour: str | None = _KEPT.scalar(session, **whose) or _FIRST_FOCUS.scalar(session, **whose)
    return behaviour


def has_chosen_to_keep(session: Session, *, person_id: int) -> bool:
    """Whether what `kept` returns is their own choice of what to keep up, and not the first of what they practised."""
    return _KEPT.scalar(session, person_id=person_id) is not None


def keep(session: Session, *, person_id: int, organisation_id: int, behaviour: str, now: datetime) -> None:
    """Keep this one up from now on."""
    if not _KEEP_ANOTHER.run(session, whose=person_id, what=behaviour, at=now):
        session.add(
            KeptBehaviour(organisation_id=organisation_id, person_id=person_id, behaviour=behaviour, chosen_at=now)
        )
        session.flush()


_CHOSEN = Prepared(
    select(_focus.c.behaviour)
    .where(_focus.c.enrolment_id == bindparam("enrolment_id"), _focus.c.person_id == bindparam("person_id"))
    .order_by(_focus.c.place)
)
_KEPT = Prepared(select(_kept.c.behaviour).where(_kept.c.person_id == bindparam("person_id")))
_FIRST_FOCUS = Prepared(
    select(_focus.c.behaviour)
    .where(_focus.c.person_id == bindparam("person_id"), _focus.c.place == literal_column("1"))
    .order_by(_focus.c.chosen_at.desc(), _focus.c.id.desc())
    .limit(literal_column("1"))
)
_KEEP_ANOTHER = Prepared(
    update(_kept)
    .where(_kept.c.person_id == bindparam("whose"))
    .values(behaviour=bindparam("what"), chosen_at=bindparam("at"))
)
