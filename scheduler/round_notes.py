"""When somebody hears of a round alone, beside its steps: that they have got a part to play while it runs, or that what
they began is over though nobody chose that. On a day that is theirs and the team's, and has no other message."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from scheduler.calendar import DAY_ENDS, on, slot_moment
from scheduler.relay_timeline import days_later, tellable
from scheduler.round_changes import days_of
from storage import round_news, round_notes, round_promising, round_reading, waking
from storage.moments import local_day
from storage.round_notes import Note
from storage.round_promising import RoundPromise
from storage.tables.deliveries import Reason
from storage.tables.rounds import AloneTo, Round
from storage.tables.teams import Team

MOST_DAYS = 5
"""Days of the person's own on which a note may find that there is another message. Then it is explained."""
FARTHEST_DAYS = 25
"""Working days of the team among which those are looked for: of five weeks, for who works one day in each."""


def tell_of_part(session: Session, round_id: int, person_id: int, note: Note, now: datetime) -> int:
    """Promise to whoever has got a part in a round under way that they have. Nothing before its first step: that says
    it. Return how many promises were new."""
    last = round_news.last_step(session, round_id)
    return 0 if last is None else _tell(session, last, person_id, note, now)


def tell_ending(session: Session, round_id: int, now: datetime) -> int:
    """Promise to whoever began a round that it has ended: nobody of theirs chose that. What they are to be told in the
    same way already goes out with it. Return as above."""
    begun_by = session.get_one(Round, round_id).begun_by
    if begun_by is None:
        return 0
    last = round_news.last_step(session, round_id) or round_reading.steps(session, round_id)[0].id
    return _tell(session, last, begun_by, Note.HAS_ENDED, now)


def make_way(session: Session, promised: RoundPromise, alone_to: AloneTo) -> None:
    """Free these people's day for what the round says to them alone. A note that was promised for it comes later."""
    for one in round_promising.make_way(session, promised, alone_to):
        _tell(session, one.round_step_id, one.person_id, Note(one.occurrence), promised.moments.due_at, later=True)


def _tell(
    session: Session, round_step_id: int, person_id: int, note: Note, now: datetime, *, later: bool = False
) -> int:
    """`later`: not today."""
    if note is Note.HAS_ENDED and round_notes.join_ending(session, round_step_id, person_id, now):
        return 1
    _row, _round, team = round_reading.step_of(session, round_step_id)
    mornings = _mornings(team, now, later=later)
    own = round_notes.own_days(session, person_id)
    possible = [due_at for due_at in mornings if on(own, local_day(due_at, team.zone))][:MOST_DAYS]
    for due_at in possible:
        if round_notes.promise(session, round_step_id, person_id, note, **_moments(team, due_at)):
            waking.wake_lanes(session)
            return 1
    reason = Reason.ONE_MESSAGE if possible else Reason.OWN_DAY_OFF
    moments = _moments(team, (possible or mornings)[-1])
    return round_notes.explain(session, round_step_id, person_id, note, reason, **moments)


def _mornings(team: Team, now: datetime, *, later: bool) -> list[datetime]:
    days = days_of(team)
    found = [days_later(days, now, 1) if later else tellable(days, now)]
    while len(found) < FARTHEST_DAYS:
        found.append(days_later(days, found[-1], 1))
    return found


def _moments(team: Team, due_at: datetime) -> dict[str, Any]:
    day = local_day(due_at, team.zone)
    return {"day": day, "due_at": due_at, "late_after": slot_moment(day, DAY_ENDS, team.zone)}
