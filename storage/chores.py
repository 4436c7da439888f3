"""Once a day, whichever process comes first."""

from datetime import date, timedelta

from sqlalchemy import bindparam, or_
from sqlmodel import Session

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.tables import metadata

_chore = metadata.tables["chore"]


def take_on(session: Session, name: str, day: date) -> bool:
    """Take on what is to be done once a day. False: somebody has, on that day or later.

    A day later than tomorrow was written by a clock that was ahead, and holds nobody off.
    """
    return _TAKE_ON.run(session, chore=name, day=day, too_late=day + timedelta(days=1)) == 1


_TAKE_ON = Prepared(
    lambda dialect: (
        insert_for(dialect, _chore)
        .values(name=bindparam("chore"), done_on=bindparam("day"))
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"done_on": bindparam("day")},
            where=or_(_chore.c.done_on < bindparam("day"), _chore.c.done_on > bindparam("too_late")),
        )
    )
)
