"""When the channel of a relay's team hears something of it."""

from datetime import datetime

from sqlmodel import Session

from scheduler.relay_timeline import late_after, tellable
from scheduler.round_changes import days_of
from storage import relay_news, waking
from storage.moments import local_day
from storage.relay_news import News
from storage.tables.deliveries import Kind
from storage.tables.teams import Team


def tell(session: Session, leg_id: int, team: Team, news: News, now: datetime) -> int:
    """Promise it to the team's channel: at once while the team is at work, else at its hour on its next working day.
    Return how many promises were new."""
    return _told(session, leg_id, team, Kind.RELAY, news, now)


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
