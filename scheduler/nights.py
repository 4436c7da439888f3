"""What is looked after once a night: whether yesterday's account balances, and what is over.

A log line holds numbers and ids only.
"""

from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from scheduler.account import Sum, summed
from scheduler.programmes import weeks_of
from scheduler.weeks import first_monday
from storage import account, closing
from storage.database import Store
from storage.moments import local_day

log = structlog.get_logger()

LAST_QUESTIONS = timedelta(days=28)
"""How long after its last week a cohort stays open for follow-ups nobody could be asked about."""
ATTEMPTS_KEPT = timedelta(days=30)


async def look_after(store: Store, now: datetime, zone: str) -> None:
    """Check the account of the day before, end what is over, close what nobody will ask about."""
    today = local_day(now, zone)
    for organisation_id in await store.read(account.organisations):
        await check_account(store, organisation_id, today)
        ended = await store.write(partial(end_finished_cohorts, organisation_id=organisation_id, today=today))
        for cohort_id in ended:
            log.info("cohort_finished", cohort_id=cohort_id)
        closed = await store.write(
            lambda session, id=organisation_id: closing.let_go_of_what_nobody_asks(session, id, today, now)  # type: ignore[misc]
        )
        if closed:
            log.info("follow_ups_let_go", organisation_id=organisation_id, follow_ups=closed)
    await store.write(lambda session: closing.forget_attempts(session, ended_before=now - ATTEMPTS_KEPT))


async def check_account(store: Store, organisation_id: int, today: date) -> bool:
    """Log the sum of the day before `today`: promised = sent + explained, and nothing older is left. Say whether."""
    yesterday, unsettled = await store.read(lambda session: _account_before(session, organisation_id, today))
    balances = unsettled == 0 and yesterday.promised == yesterday.sent + yesterday.explained
    tell = log.info if balances else log.error
    tell(
        "account_balances" if balances else "account_does_not_balance",
        organisation_id=organisation_id,
        day=(today - timedelta(days=1)).isoformat(),
        promised=yesterday.promised,
        sent=yesterday.sent,
        explained=yesterday.explained,
        unsettled=unsettled,
    )
    return balances


def end_finished_cohorts(session: Session, organisation_id: int, today: date) -> list[int]:
    """End the cohorts whose last week is over for everybody in them, once nothing of it is yet to be asked."""
    asking = closing.still_asking(session, organisation_id, today)
    ended = []
    for cohort in closing.running_cohorts(session, organisation_id, today):
        weeks = len(weeks_of(session, cohort.document_id, cohort.document_digest))
        over_from = first_monday(cohort.starts_on) + timedelta(weeks=weeks, days=-2)  # the Saturday of the last week
        if today >= over_from and (cohort.id not in asking or today >= over_from + LAST_QUESTIONS):
            ended.append(cohort.id)
    if ended:
        closing.end_cohorts(session, organisation_id, ended, today)
    return ended


def _account_before(session: Session, organisation_id: int, today: date) -> tuple[Sum, int]:
    day = today - timedelta(days=1)
    yesterday = summed(account.counts(session, organisation_id=organisation_id, first=day, last=day))
    return yesterday, account.unsettled_before(session, organisation_id=organisation_id, day=today)
