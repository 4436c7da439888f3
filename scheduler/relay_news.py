"""When the channel of a relay's team hears something of it."""

from datetime import date, datetime

from sqlmodel import Session

from scheduler.relay_timeline import late_after, tellable
from scheduler.round_changes import days_of
from storage import relay_news, waking
from storage.moments import local_day
from storage.relay_legs import HeldLeg
from storage.relay_news import News
from storage.tables.deliveries import Kind
from storage.tables.relays import RelayState
from storage.tables.teams import Team


def tell(session: Session, leg_id: int, team: Team, news: News, now: datetime) -> int:
    """Promise it to the team's channel: at once while the team is at work, else at its hour on its next working day.
    Return how many promises were new."""
    return _told(session, leg_id, team, Kind.RELAY, news, now)


def tell_closing_day(
    session: Session, leg_id: int, team: Team, closing_on: date | None, now: datetime, *, is_another: bool
) -> int:
    """As `tell`: the day of the closing meeting, each time it is another; with none, that it has no day any more.
    `is_another`: there was one before."""
    if closing_on is not None and not hears_before(team, closing_on, now):
        return 0
    number = relay_news.next_of_closing_day(session, leg_id, is_another=is_another)
    return 0 if number is None else _told(session, leg_id, team, Kind.RELAY, number, now)


def hears_before(team: Team, closing_on: date, now: datetime) -> bool:
    """Whether a team that is told now hears of the closing meeting before its day: on that day CLOSING tells it."""
    return local_day(tellable(days_of(team), now), team.zone) < closing_on


def put_off(session: Session, leg_id: int, team: Team, news: News, until: datetime) -> bool:
    """Let what the team has not been told yet be told at another moment. False: it is on its way."""
    late = late_after(days_of(team), until)
    if not relay_news.put_off(session, leg_id, news, until=until, late_after=late):
        return False
    waking.wake_lanes(session)
    return True


def has_heard(leg: HeldLeg) -> bool:
    """Whether the relay has come to the leg's team, or told all of them that it closes. The first team hears of it on
    its first day."""
    match leg.relay_state:
        case RelayState.PLANNED:
            return False
        case RelayState.RUNNING:
            return leg.begun_at is not None
        case RelayState.CLOSING | RelayState.ENDED:
            return True


def ask_how_it_goes(session: Session, leg_id: int, team: Team, weeks: int, now: datetime) -> int:
    """As `tell`: how it goes with what the team promised."""
    return _told(session, leg_id, team, Kind.RELAY_FOLLOW_UP, weeks, now)


def _told(session: Session, leg_id: int, team: Team, kind: Kind, occurrence: int, now: datetime) -> int:
    days = days_of(team)
    due_at = tellable(days, now)
    day = local_day(due_at, team.zone)
    promised = relay_news.promise(
        session, leg_id, kind, occurrence, day=day, due_at=due_at, late_after=late_after(days, due_at)
    )
    if promised:
        waking.wake_lanes(session)
    return promised
