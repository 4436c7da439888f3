"""Once a day, whichever process comes first; again by any of them when whoever took it on has not finished it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, case, literal, or_, select, update
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata

GIVEN_UP_AFTER = timedelta(hours=2)
"""What was taken on so long ago and is not finished has failed, or its process is no more."""
MOST_TRIES = 3
"""So often it is taken on for one day. Then it waits for the next."""
_chore = metadata.tables["chore"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """How it stands with a chore that somebody has taken on: when last, for which day, and how often for that."""

    taken_on: date
    taken_at: datetime
    tries: int
    finished_on: date | None
    """The last day that it was finished for; None: it never has been."""

    @property
    def is_finished(self) -> bool:
        return self.finished_on == self.taken_on


def take_on(session: Session, name: str, day: date, now: datetime) -> bool:
    """Take on what is to be done once a day. False: somebody has, for that day or a later one, and has finished it, may
    still be at it, or has failed often enough.

    A day later than tomorrow was written by a clock that was ahead, and holds nobody off.
    """
    moments = {"now": now, "given_up": now - GIVEN_UP_AFTER}
    return _TAKE_ON.run(session, chore=name, day=day, too_late=day + timedelta(days=1), **moments) == 1


def finish(session: Session, name: str, day: date) -> None:
    """Note that what was taken on for a day has been done."""
    _FINISH.run(session, chore=name, day=day)


def taken(session: Session, name: str) -> Taken | None:
    """Return how it stands with it; None when nobody has ever taken it on."""
    row = _TAKEN.first(session, chore=name)
    return None if row is None else Taken(**row._asdict())


_IS_ANOTHER_DAY = or_(_chore.c.taken_on < bindparam("day"), _chore.c.taken_on > bindparam("too_late"))
_WAS_GIVEN_UP = and_(
    _chore.c.taken_on == bindparam("day"),
    or_(_chore.c.finished_on.is_(None), _chore.c.finished_on != bindparam("day")),
    _chore.c.taken_at < bindparam("given_up"),
    _chore.c.tries < MOST_TRIES,
)
_TAKE_ON = Prepared(
    lambda dialect: (
        insert_for(dialect, _chore)
        .values(name=bindparam("chore"), taken_on=bindparam("day"), taken_at=bindparam("now"), tries=literal(1))
        .on_conflict_do_update(
            index_elements=["name"],
            set_={
                "taken_on": bindparam("day"),
                "taken_at": bindparam("now"),
                "tries": case((_chore.c.taken_on == bindparam("day"), _chore.c.tries + 1), else_=1),
            },
            where=or_(_IS_ANOTHER_DAY, _WAS_GIVEN_UP),
        )
    )
)
_FINISH = Prepared(
    update(_chore)
    .where(_chore.c.name == bindparam("chore"), _chore.c.taken_on == bindparam("day"))
    .values(finished_on=bindparam("day"))
)
_TAKEN = Prepared(
    select(_chore.c.taken_on, _chore.c.taken_at, _chore.c.tries, _chore.c.finished_on).where(
        _chore.c.name == bindparam("chore")
    )
)
