"""A relay: kept with its legs, begun, closed and ended. Its legs go their way in `storage.relay_legs`."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Executable, Integer, bindparam, delete, insert, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.inserting import insert_for
from storage.prepared import Prepared
from storage.promise_rows import said
from storage.tables import metadata
from storage.tables.people import Person
from storage.tables.relays import LegState, Relay, RelayEnding, RelayState

_relay = metadata.tables["relay"]
_leg = metadata.tables["relay_leg"]
_baton = metadata.tables["baton"]
_question = metadata.tables["relay_question"]
_team = metadata.tables["team"]
_round = metadata.tables["round"]


class RelayNotFound(LookupError):
    """No such relay in the organisation."""


class NotDone(StrEnum):
    """Why something in a relay is not done."""

    NO_SUCH_LEG = "no_such_leg"
    NOT_YOURS = "not_yours"
    """It is for the leg's own team."""
    NOT_YET = "not_yet"
    DONE = "done"
    """Somebody has done it already, or it is over."""
    NOT_APPROVED = "not_approved"
    APPROVED = "approved"
    """The team's own words are approved: they are handed over as they are."""
    OTHER_WORDS = "other_words"
    """What was seen is not what stands there now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLeg:
    team_id: int
    organisation: str
    planned_on: date
    deadline: date


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelay:
    name: str
    question: str
    document_id: int
    starts_on: date
    legs: tuple[NewLeg, ...]


def keep(session: Session, made_by: Person, new: NewRelay, now: datetime) -> Relay:
    """Keep a relay, with all its legs waiting."""
    kept = Relay(
        organisation_id=made_by.organisation_id,
        made_by=made_by.id,
        name=new.name,
        question=new.question,
        document_id=new.document_id,
        starts_on=new.starts_on,
        made_at=now,
    )
    session.add(kept)
    session.flush()
    legs = [
        asdict(leg) | {"relay_id": kept.id, "position": position, "state": LegState.WAITING}
        for position, leg in enumerate(new.legs, start=1)
    ]
    session.connection().execute(insert(_leg), legs)
    return kept


def find(session: Session, organisation_id: int, relay_id: int) -> Relay:
    """Return a relay of the organisation. Raises RelayNotFound."""
    wanted = select_rows(Relay).where(Relay.id == relay_id, Relay.organisation_id == organisation_id)
    found = session.exec(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise RelayNotFound(relay_id)
    return found


def of_organisation(session: Session, organisation_id: int) -> list[Relay]:
    """Return the relays of the organisation, newest first."""
    wanted = select_rows(Relay).where(Relay.organisation_id == organisation_id).order_by(col(Relay.id).desc())
    return list(session.exec(wanted, execution_options={"populate_existing": True}))


def start(session: Session, relay_id: int) -> None:
    """Note that the first team has begun."""
    _START.run(session, relay=relay_id)


def close(session: Session, relay_id: int, closing_on: date) -> bool:
    """Note that every leg is over, and when the relay closes."""
    return _CLOSE.run(session, relay=relay_id, closing=closing_on) == 1


def choose_closing_day(session: Session, relay_id: int, closing_on: date) -> bool:
    """Choose the day for a relay that has not ended."""
    return _CHOOSE_CLOSING.run(session, relay=relay_id, closing=closing_on) == 1


def forget_closing_day(session: Session, relay_id: int) -> bool:
    """Let a relay that goes on have no closing day. False: all its legs are over, or it had none."""
    return _FORGET_CLOSING.run(session, relay=relay_id) == 1


def ask_at(session: Session, leg_id: int, due_at: dict[int, datetime]) -> None:
    """Say when a leg's team is asked what, by the weeks after the closing day. What has been asked stays."""
    for weeks, moment in due_at.items():
        _ASK.run(session, leg=leg_id, weeks=weeks, due=moment)


def has_been_asked(session: Session, relay_id: int) -> bool:
    """Whether any team has been asked on the closing day."""
    return _ASKED.first(session, relay=relay_id) is not None


def end(session: Session, relay_id: int, ending: RelayEnding, now: datetime) -> bool:
    """End a relay; what no team has been asked, none is asked. False: it had ended."""
    if _END.run(session, relay=relay_id, ending=ending, now=now) != 1:
        return False
    _FORGET_QUESTIONS.run(session, relay=relay_id)
    return True


def move(session: Session, relay_id: int, starts_on: date) -> bool:
    """Let a relay that has not begun begin on another day."""
    return _MOVE.run(session, relay=relay_id, starts=starts_on) == 1


def _ask(dialect: str) -> Executable:
    new = insert_for(dialect, _question).values(
        leg_id=bindparam("leg", type_=Integer),
        weeks=bindparam("weeks", type_=Integer),
        due_at=bindparam("due", type_=UTCDateTime()),
    )
    return new.on_conflict_do_update(
        index_elements=["leg_id", "weeks"],
        set_={"due_at": bindparam("due", type_=UTCDateTime())},
        where=_question.c.asked_at.is_(None),
    )


_NOW = bindparam("now", type_=UTCDateTime())
_THIS_RELAY = _relay.c.id == bindparam("relay", type_=Integer)
_GOES_ON = or_(*(_relay.c.state == said(state) for state in (RelayState.PLANNED, RelayState.RUNNING)))

_START = Prepared(
    update(_relay).where(_THIS_RELAY, _relay.c.state == said(RelayState.PLANNED)).values(state=RelayState.RUNNING)
)
_CLOSE = Prepared(
    update(_relay)
    .where(_THIS_RELAY, _GOES_ON)
    .values(state=RelayState.CLOSING, closing_on=bindparam("closing", type_=Date))
)
_CHOOSE_CLOSING = Prepared(
    update(_relay)
    .where(_THIS_RELAY, _relay.c.state != said(RelayState.ENDED))
    .values(closing_on=bindparam("closing", type_=Date))
)
_FORGET_CLOSING = Prepared(
    update(_relay).where(_THIS_RELAY, _GOES_ON, _relay.c.closing_on.is_not(None)).values(closing_on=None)
)
_ASK = Prepared(_ask)
_ITS_LEGS = _question.c.leg_id.in_(select(_leg.c.id).where(_leg.c.relay_id == bindparam("relay", type_=Integer)))
_ASKED = Prepared(select(_question.c.leg_id).where(_ITS_LEGS, _question.c.asked_at.is_not(None)))
_END = Prepared(
    update(_relay)
    .where(_THIS_RELAY, _relay.c.state != said(RelayState.ENDED))
    .values(state=RelayState.ENDED, ending=bindparam("ending", type_=_relay.c.ending.type), ended_at=_NOW)
)
_FORGET_QUESTIONS = Prepared(delete(_question).where(_ITS_LEGS, _question.c.asked_at.is_(None)))
_MOVE = Prepared(
    update(_relay)
    .where(_THIS_RELAY, _relay.c.state == said(RelayState.PLANNED))
    .values(starts_on=bindparam("starts", type_=Date))
)
