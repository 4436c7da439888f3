"""What each team's organisation goes on with after a relay, and how that went: said for the team, by whoever says it.

A role owns a commitment. Nobody is named in it, and who wrote it is not kept.
"""

from datetime import date, datetime

from sqlalchemy import Date, Executable, Integer, String, bindparam, select, update
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.relay_legs import held_leg, is_theirs
from storage.relays import NotDone
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.relays import Afterwards, RelayState

_commitment = metadata.tables["relay_commitment"]
_question = metadata.tables["relay_question"]

CLOSING, FOUR_WEEKS, TWELVE_WEEKS = 0, 4, 12
"""How many weeks after the closing day each is asked."""
QUESTIONS = (CLOSING, FOUR_WEEKS, TWELVE_WEEKS)


def promise(
    session: Session, person: Person, leg_id: int, words: str, *, owner_role: str, due_on: date, now: datetime
) -> NotDone | None:
    """Keep what the team's organisation goes on with: from the closing day on, and until it has told how it went.
    Return why not, or None when it is done."""
    leg = held_leg(session, leg_id)
    if leg is None:
        return NotDone.NO_SUCH_LEG
    if not is_theirs(session, person, leg):
        return NotDone.NOT_YOURS
    asked = {row.weeks: row for row in _ASKED.rows(session, leg=leg_id)}
    if CLOSING not in asked:
        return NotDone.DONE if leg.relay_state is RelayState.ENDED else NotDone.NOT_YET
    if leg.relay_state is RelayState.ENDED or any(row.said is not None for row in asked.values()):
        return NotDone.DONE
    _PROMISE.run(session, leg=leg_id, words=words, role=owner_role, due=due_on, now=now)
    return None


def say(
    session: Session, person: Person, leg_id: int, weeks: int, said: Afterwards, words: str | None, now: datetime
) -> NotDone | None:
    """Keep how it goes, once the team has been asked; what is said last counts. Return why not, or None when it is
    done."""
    leg = held_leg(session, leg_id)
    if leg is None or weeks not in (FOUR_WEEKS, TWELVE_WEEKS):
        return NotDone.NO_SUCH_LEG
    if not is_theirs(session, person, leg):
        return NotDone.NOT_YOURS
    if not has_committed(session, leg_id):
        return NotDone.NOT_YET
    return None if _SAY.run(session, leg=leg_id, weeks=weeks, said=said, words=words, now=now) else NotDone.NOT_YET


def has_committed(session: Session, leg_id: int) -> bool:
    return _COMMITTED.first(session, leg=leg_id) is not None


def _promise(dialect: str) -> Executable:
    new = {
        "words": bindparam("words", type_=String),
        "owner_role": bindparam("role", type_=String),
        "due_on": bindparam("due", type_=Date),
        "written_at": bindparam("now", type_=UTCDateTime()),
    }
    row = insert_for(dialect, _commitment).values(leg_id=bindparam("leg", type_=Integer), **new)
    return row.on_conflict_do_update(index_elements=["leg_id"], set_=new)


_OF_LEG = _question.c.leg_id == bindparam("leg", type_=Integer)
_WAS_ASKED = _question.c.asked_at.is_not(None)
_ASKED = Prepared(select(_question.c.weeks, _question.c.said).where(_OF_LEG, _WAS_ASKED))
_PROMISE = Prepared(_promise)
_COMMITTED = Prepared(select(_commitment.c.leg_id).where(_commitment.c.leg_id == bindparam("leg", type_=Integer)))
_SAY = Prepared(
    update(_question)
    .where(_OF_LEG, _question.c.weeks == bindparam("weeks", type_=Integer), _WAS_ASKED)
    .values(
        said=bindparam("said", type_=_question.c.said.type),
        words=bindparam("words", type_=String),
        said_at=bindparam("now", type_=UTCDateTime()),
    )
)
