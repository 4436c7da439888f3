"""When a team's channel hears what has opened, how a vote went, that its wrap-up is to be read, how its round ended,
and weeks later the question what came of it."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from lessons.challenges import Form
from scheduler.calendar import DAY_ENDS, SATURDAY, slot_moment
from scheduler.confirmed import challenge_kept
from scheduler.message_day import DEFAULT_LATE_HOURS
from scheduler.relay_timeline import days_later, open_on, tellable
from scheduler.round_changes import days_of
from scheduler.timeline import ONE_DAY, TeamDays
from storage import relay_reading, round_news, round_reading, waking
from storage.contributions import ONCE_FOR_ALL
from storage.moments import local_day
from storage.round_news import News
from storage.tables.deliveries import Kind
from storage.tables.relays import LegState
from storage.tables.rounds import Asks, Ending, Round
from storage.tables.teams import Team

LATE = timedelta(hours=DEFAULT_LATE_HOURS)
JUST_BEFORE = timedelta(seconds=1)


def tell_opened(session: Session, round_step_id: int, now: datetime) -> int:
    """Promise to the channel what has just opened, or been counted. Return how many promises were new.

    Due when it was to open: after Knuff was down the channel is not told in one go what is days old. What waited for
    enough to come is due when they had.
    """
    row, _round, team = round_reading.step_of(session, round_step_id)
    moment = row.closes_at if row.asks is Asks.VOTE else row.opens_at
    due_at = now if moment is None or row.opens_with else moment
    return _told(session, round_step_id, News.OPENED, days_of(team), due_at=due_at)


def tell_handed_in(session: Session, round_step_id: int, now: datetime) -> int:
    """Promise to the channel what has been handed in once for all of the team: the first time it is. What comes after
    it is shown in that one message, and whoever sends it waits until that is kept."""
    days = _days(session, round_step_id)
    promised = _told(session, round_step_id, News.OPENED, days, due_at=tellable(days, now))
    if not promised:
        round_news.hold(session, round_step_id, News.OPENED)
    return promised


def tell_ending(session: Session, round_id: int, now: datetime, *, at_once: bool = False) -> int:
    """Promise to the channel how its round ended, at the team's hour on the working day after: a last day is over when
    nobody is written to any more. Seen to be over only then, it is told on that day still. `at_once`: the team has
    ended it itself, and is to hear so while it sits together, if it is a humane hour. Nothing, where the team has heard
    of no step yet, or has a relay's baton still: what it can do with that is told by the relay."""
    last = round_news.last_step(session, round_id)
    if last is None or _still_has_the_baton(session, round_id):
        return 0
    days, over_at = _days(session, last), min(now, round_reading.step_of(session, last)[1].ends_at)
    due_at = days_later(days, over_at, 1)
    if at_once or due_at < now:
        due_at = tellable(days, now)
    return _told(session, last, News.ENDING, days, due_at=due_at)


def tell_wrap_up(session: Session, round_id: int, now: datetime) -> int:
    """Promise to the channel that its wrap-up is written and waits for it: the first time it is."""
    last = round_news.last_step(session, round_id)
    if last is None:
        return 0
    days = _days(session, last)
    return _told(session, last, News.WRAP_UP, days, due_at=tellable(days, now))


def ask_later(session: Session, round_id: int, ending: Ending, now: datetime) -> int:
    """Promise to the channel the question what came of it, as many of the team's working days from now as its challenge
    says. Nothing where it came to no end of its own. Pairs have nothing to tell, and a relay asks in its own way."""
    last = round_news.last_step(session, round_id)
    if last is None or ending not in (Ending.FINISHED, Ending.STOPPED_HERE):
        return 0
    _row, round_, team = round_reading.step_of(session, last)
    challenge = challenge_kept(session, round_.document_id)
    if challenge.form is not Form.TEAM:
        return 0
    days = days_of(team)
    due_at = days_later(days, now, challenge.follow_up_days)
    return _told(session, last, News.MORNING, days, due_at=due_at, kind=Kind.ROUND_FOLLOW_UP)


def follow_days(session: Session, team: Team, now: datetime) -> None:
    """Let what the team's channel is to hear later follow its new days and hour: an ending that is told in the morning,
    a question in some weeks."""
    days, today = days_of(team), local_day(now, team.zone)
    for one in round_news.ahead(session, team.id, now):
        day = local_day(one.due_at, team.zone)
        due_at = open_on(days, day)
        if day > today and due_at != one.due_at and round_news.take_back(session, one.id):
            _told(session, one.round_step_id, News(one.occurrence), days, due_at=due_at, kind=one.kind)


def _told(
    session: Session,
    round_step_id: int,
    news: News,
    days: TeamDays,
    *,
    due_at: datetime,
    kind: Kind = Kind.ROUND,
) -> int:
    late_after = _late_after(session, round_step_id, news, days, due_at)
    day = local_day(due_at, days.zone)
    promised = round_news.promise(
        session, round_step_id, news, day=day, due_at=due_at, late_after=late_after, kind=kind
    )
    if promised:
        waking.wake_lanes(session)
    return promised


def _late_after(session: Session, round_step_id: int, news: News, days: TeamDays, due_at: datetime) -> datetime:
    """Return until when it may come. How a round ended, and what was handed in for all of the team, is said once, and
    rather late than never; of the latter the next step speaks where it is about nothing before it."""
    soon = due_at + LATE
    last = max(soon, _last_moment(days, local_day(due_at, days.zone)))
    if news is News.ENDING:
        return last
    if news is not News.OPENED:
        return soon
    row, round_, _team = round_reading.step_of(session, round_step_id)
    if row.asks not in ONCE_FOR_ALL:
        return soon
    prompts = (one.prompt_at for one in round_reading.steps(session, round_.id))
    following = min((moment for moment in prompts if moment > row.prompt_at), default=None)
    if following is None or _looks_back(session, round_, row.key):
        return last
    return min(last, following - JUST_BEFORE) if following > due_at else soon


def _looks_back(session: Session, round_: Round, key: str) -> bool:
    step = challenge_kept(session, round_.document_id).step(key)
    return step is not None and step.looks_back_on is not None


def _last_moment(days: TeamDays, day: date) -> datetime:
    """Return until when it may come: for a week, but not beyond a day on which the team is to hear nothing."""
    last = day
    for offset in range(1, 8):
        following = day + ONE_DAY * offset
        if following.weekday() >= SATURDAY:  # when nothing goes out anyway
            continue
        if days.why_closed(following) is not None:
            break
        last = following
    return slot_moment(last, DAY_ENDS, days.zone)


def _still_has_the_baton(session: Session, round_id: int) -> bool:
    found = relay_reading.of_round(session, round_id)
    return found is not None and found[1].state is LegState.RUNNING


def _days(session: Session, round_step_id: int) -> TeamDays:
    _row, _round, team = round_reading.step_of(session, round_step_id)
    return days_of(team)
