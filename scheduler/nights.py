"""What is looked after once a night: whether the account of the days that are over balances, and what else is over.

A log line holds numbers and ids only.
"""

from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from scheduler.account import Sum, summed
from scheduler.calendar import Calendar
from scheduler.disposal import dispose
from scheduler.programmes import course_of
from scheduler.surveys import close_waves
from scheduler.weeks import monday_of_week
from storage import account, closing
from storage.database import Store
from storage.moments import local_day

log = structlog.get_logger()

LAST_QUESTIONS = timedelta(days=28)
"""How long after its last week a cohort stays open for follow-ups nobody could be asked about."""
SATURDAY = timedelta(days=5)
"""From Monday on: a week is over for everybody."""
SUMMED_UP = timedelta(days=7)
"""How far back days are summed up: the same every night, so that no day goes untold when Knuff was down at three."""
UNSETTLED_TOLD = timedelta(days=28)
"""For how long a promise without an end is told each night."""


async def look_after(store: Store, now: datetime, zone: str) -> bool:
    """Check the account, end what is over, close what nobody will ask about, dispose of what is old. Return whether
    every account balances and everyone was looked after."""
    today, balances = local_day(now, zone), True
    for organisation_id in await store.read(account.organisations):
        try:
            balances &= await _look_after_one(store, organisation_id, today, now)
        except Exception:  # the boundary of one organisation: the others are looked after all the same
            log.exception("organisation_not_looked_after", organisation_id=organisation_id)
            balances = False
    closed = await close_waves(store, now, zone)
    await dispose(store, today, now)
    return balances and closed


async def _look_after_one(store: Store, organisation_id: int, today: date, now: datetime) -> bool:
    left = await store.write(
        lambda session: closing.explain_left_riders(session, organisation_id, since=today - UNSETTLED_TOLD, now=now)
    )
    if left:
        log.error("riders_left_behind", organisation_id=organisation_id, promises=left)
    balances = await check_account(store, organisation_id, today, now)
    ended = await store.write(partial(end_finished_cohorts, organisation_id=organisation_id, today=today))
    for cohort_id in ended:
        log.info("cohort_finished", cohort_id=cohort_id)
    closed = await store.write(lambda session: closing.let_go_of_what_nobody_asks(session, organisation_id, today, now))
    if closed:
        log.info("commitments_let_go", organisation_id=organisation_id, commitments=closed)
    return balances


async def check_account(store: Store, organisation_id: int, today: date, now: datetime) -> bool:
    """Log the sum of the days that came to an end in the last seven days: promised = sent + explained, and nothing of
    the last four weeks is left. Say whether. A day ends when it is over everywhere: at 03.00 in Stockholm it is
    afternoon in Honolulu."""
    days, over, unsettled = await store.read(lambda session: _what_is_over(session, organisation_id, today, now))
    balances = unsettled == 0 and over.promised == over.sent + over.explained
    tell = log.info if balances else log.error
    tell(
        "account_balances" if balances else "account_does_not_balance",
        organisation_id=organisation_id,
        days=[day.isoformat() for day in days],
        promised=over.promised,
        sent=over.sent,
        explained=over.explained,
        unsettled=unsettled,
    )
    return balances


def end_finished_cohorts(session: Session, organisation_id: int, today: date) -> list[int]:
    """End the cohorts whose last week is over for everybody in them, once nothing of it is yet to be asked; none on the
    last day of a survey, which only a coordinator ends before whoever is left has been asked."""
    asking = closing.still_asking(session, organisation_id, today)
    ended = []
    for cohort in closing.running_cohorts(session, organisation_id, today):
        weeks = course_of(session, cohort.document_id, cohort.document_digest).length
        calendar = Calendar.from_choices(cohort.calendar)
        over_from = monday_of_week(weeks, starts_on=cohort.starts_on, calendar=calendar) + SATURDAY
        if today >= over_from and (cohort.id not in asking or today >= _asking_until(over_from, calendar)):
            ended.append(cohort.id)
    surveyed = closing.asked_for_the_last_time(session, ended, today)
    ended = [id for id in ended if id not in surveyed]
    if ended:
        closing.end_cohorts(session, organisation_id, ended, today)
    return ended


def _asking_until(over_from: date, calendar: Calendar) -> date:
    """Return the day on which a cohort whose last week is over is closed: days of rest, on which nobody can be asked,
    do not count."""
    day, left = over_from, LAST_QUESTIONS
    while left:
        left -= timedelta(days=day.month not in calendar.resting)
        day += timedelta(days=1)
    return day


def _what_is_over(session: Session, organisation_id: int, today: date, now: datetime) -> tuple[list[date], Sum, int]:
    days = account.days_over(session, organisation_id=organisation_id, after=now - SUMMED_UP, until=now)
    counts = []
    if days:
        counts = account.counts(session, organisation_id=organisation_id, first=days[0], last=days[-1])
    unsettled = account.unsettled(
        session, organisation_id=organisation_id, first=today - UNSETTLED_TOLD, before=today, now=now
    )
    return days, summed(count for count in counts if count.day in days), unsettled
