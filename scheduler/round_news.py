"""When a team's channel hears what has opened, how a vote went, and how its round ended."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from scheduler.calendar import Calendar
from scheduler.planner import DEFAULT_LATE_HOURS
from scheduler.timeline import TeamDays
from storage import round_news, round_reading, waking
from storage.moments import local_day
from storage.round_news import News
from storage.tables.rounds import Asks

LATE = timedelta(hours=DEFAULT_LATE_HOURS)


def tell_opened(session: Session, round_step_id: int, now: datetime) -> int:
    """Promise to the channel what has just opened, or been counted. Return how many promises were new.

    Due when it was to open: after Knuff was down the channel is not told in one go what is days old. What waited for
    enough to come is due when they had.
    """
    row, _round, team = round_reading.step_of(session, round_step_id)
    moment = row.closes_at if row.asks is Asks.VOTE else row.opens_at
    due_at = now if moment is None or row.opens_with else moment
    return _told(session, round_step_id, News.OPENED, zone=team.zone, due_at=due_at)


def tell_ending(session: Session, round_id: int, now: datetime) -> int:
    """Promise to the channel how its round ended, at the team's hour on its next working day: a last day is over when
    nobody is written to any more. Nothing, where the team has heard of no step yet."""
    last = round_news.last_step(session, round_id)
    if last is None:
        return 0
    _row, _round, team = round_reading.step_of(session, last)
    days = TeamDays(calendar=Calendar.from_choices(team.calendar), slot=time.fromisoformat(team.slot), zone=team.zone)
    due_at = days.slot_on(days.after(local_day(now, team.zone), 1))
    return _told(session, last, News.ENDING, zone=team.zone, due_at=due_at)


def _told(session: Session, round_step_id: int, news: News, *, zone: str, due_at: datetime) -> int:
    promised = round_news.promise(
        session, round_step_id, news, day=local_day(due_at, zone), due_at=due_at, late_after=due_at + LATE
    )
    if promised:
        waking.wake_lanes(session)
    return promised
