"""The planner: turns cadences whose moment has come into promises, set by set.

`plan(store, now) -> Planned`, called once a second, or whenever a virtual clock says so. Any number of processes may
call it at once: each cadence is planned by one of them, each of its days once, and every row is unique besides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from scheduler.calendar import SATURDAY, Calendar, slot_moment
from scheduler.message_day import AT_ONCE, DEFAULT_LATE_HOURS, fate, is_message_day, why_closed
from scheduler.programmes import Share, course_of
from scheduler.quietness import quietness_of
from scheduler.setbacks import Setbacks
from scheduler.sorting_out import MOVED_AT_ONCE, sort_out_everybody
from scheduler.survey_planning import plan_surveys
from scheduler.weeks import monday_of, week_number, week_plan
from scheduler.window import NO_PACES, Paces, sending_takes
from storage import catching_up, commitments, movers, planning, promising, unkept_plans, waking
from storage.cadence_days import NO_COHORT, DayOfCadence
from storage.database import Store
from storage.moments import local_day
from storage.planning import DueCadence, Group
from storage.promising import StepPromise
from storage.tables.deliveries import Reason
from storage.tables.programmes import CatchUp

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What a tick did. `promised` counts new rows, explained ones too."""

    promised: int
    failed: int = 0
    """Cadences and people that could not be planned for; they are logged and tried again."""


def never() -> bool:
    """Nothing ends it."""
    return False


async def plan(
    store: Store,
    now: datetime,
    *,
    paces: Paces = NO_PACES,
    setbacks: Setbacks | None = None,
    ended: Callable[[], bool] = never,
) -> Planned:
    """Promise everything whose moment has come by `now` (UTC). Safe to call at any time, twice, from two processes.

    `paces` says how fast a platform takes our messages: a large group is spread over so long from its slot on.
    `setbacks` is what earlier ticks could not do: given, nothing of it is complained of each time. When it has `ended`
    the other cadences are left: whoever plans next finds them due.
    """
    setbacks = Setbacks() if setbacks is None else setbacks
    moved, due = await store.read(
        lambda session: (movers.moved_enrolments(session, MOVED_AT_ONCE), planning.due_cadences(session, now))
    )
    promised, failed = await sort_out_everybody(store, moved, now, paces, setbacks)
    for cadence_id in due:
        if ended():
            break
        try:
            promised += await store.write(partial(plan_cadence, cadence_id=cadence_id, now=now, paces=paces))
        except Exception as error:  # one unit of work: the other cadences must not wait for this one
            failed += 1
            _complain(setbacks, cadence_id, now, error)
    return Planned(promised=promised, failed=failed)


def plan_cadence(session: Session, cadence_id: int, now: datetime, paces: Paces = NO_PACES) -> int:
    """Plan every day of one cadence whose slot has come, in one unit of work. Return how many promises were new."""
    if not planning.lock_cadence(session, cadence_id, wait=False):
        return 0
    cadence, next_at = planning.cadence(session, cadence_id)
    if next_at > now:
        return 0
    last = local_day(now, cadence.zone)
    if slot_moment(last, cadence.slot, cadence.zone) > now:
        last -= timedelta(days=1)
    planning.hold_messages(session, cadence_id, after=cadence.planned_through, through=last)
    groups = planning.groups_of(session, cadence_id)
    takes = sending_takes(planning.people_of(session, cadence_id), paces) if paces else {}
    day, promised = cadence.planned_through, 0
    while (day := day + timedelta(days=1)) <= last:
        promised += _plan_day(session, cadence, groups, day, now, takes)
    following = last + timedelta(days=1)
    while following.weekday() >= SATURDAY:  # planned on Monday, when there is something to say
        following += timedelta(days=1)
    next_at = slot_moment(following, cadence.slot, cadence.zone)
    planning.advance(session, cadence, through=max(last, cadence.planned_through), next_at=next_at)
    if promised:
        waking.wake_lanes(session)
    return promised


def _complain(setbacks: Setbacks, cadence_id: int, now: datetime, error: Exception) -> None:
    """It is tried at every tick, since a slot is waiting, and said less and less often."""
    if not setbacks.waits(cadence_id, now):
        setbacks.add(cadence_id, now)
        log.error("planning_failed", cadence_id=cadence_id, error=type(error).__name__, exc_info=error)


def _plan_day(
    session: Session,
    cadence: DueCadence,
    groups: list[Group],
    day: date,
    now: datetime,
    takes: Mapping[int, timedelta],
) -> int:
    promised = 0
    asking, why_not = set(), dict[int, Reason | None]()
    for group in groups:
        if group.has_ended(day):
            continue
        calendar = Calendar.from_choices(group.calendar)
        promised += _plan_steps(session, cadence, group, calendar, day, now, takes.get(group.workspace_id, AT_ONCE))
        paused = Reason.COHORT_PAUSED if group.is_paused(day) else None
        # A commitment that was not asked in time waits for the next day by itself: it is never moved.
        catch_up = CatchUp.SKIP if group.catch_up is CatchUp.SKIP else CatchUp.LATEST_ONLY
        _, falls_away = fate(cadence, calendar, day, now, late_hours=group.late_hours, catch_up=catch_up)
        why_not[group.cohort_id] = paused or why_closed(cadence, calendar, day) or falls_away
        if why_not[group.cohort_id] is None and is_message_day(cadence, calendar, day):
            asking.add(group.cohort_id)
    if len(groups) > 1 and Reason.KNUFF_WAS_DOWN in why_not.values():
        catching_up.move_one_step_a_day(session, cadence.id, day)
    # One statement for everybody of the cadence, who may be in several workspaces: the slowest gives the time.
    slowest = max(takes.values(), default=AT_ONCE)
    promised += _plan_commitments(session, cadence, day, now, slowest, asking=asking, why_not=why_not)
    return promised + plan_surveys(session, cadence, groups, day, now, slowest)


def _plan_steps(
    session: Session,
    cadence: DueCadence,
    group: Group,
    calendar: Calendar,
    day: date,
    now: datetime,
    takes: timedelta,
) -> int:
    course = course_of(session, group.document_id, group.document_digest)
    week = week_number(day, starts_on=group.starts_on, calendar=calendar)
    shares = course.shares_of(week)
    return sum(_plan_share(session, cadence, group, share, calendar, day, now, takes) for share in shares)


def _plan_share(
    session: Session,
    cadence: DueCadence,
    group: Group,
    share: Share,
    calendar: Calendar,
    day: date,
    now: datetime,
    takes: timedelta,
) -> int:
    """Plan a day for those of a group who have the same steps that week."""
    lessons = dict(share.week)
    plan_of_week = week_plan(
        monday_of(day),
        steps=list(lessons),
        starts_on=group.starts_on,
        first_day=date.min,  # each person's own is compared in the statement
        days=cadence.days,
        slot=cadence.slot,
        pace=cadence.pace,
        calendar=calendar,
    )
    todays = [planned for planned in plan_of_week if planned.day == day]
    if not todays:
        return 0
    moments, falls_away = fate(
        cadence, calendar, day, now, late_hours=group.late_hours, catch_up=group.catch_up, takes=takes
    )
    if group.is_paused(day):
        falls_away = Reason.COHORT_PAUSED
    quietness = quietness_of(cadence, calendar, day)
    promised, carrier_step = 0, 0
    for planned in todays:
        promise = StepPromise(
            cadence_id=cadence.id,
            cohort_id=group.cohort_id,
            starts_on=group.starts_on,
            step=planned.step,
            lesson_id=lessons[planned.step],
            day=day,
            moments=moments,
            roles=share.roles,
        )
        if planned.reason is not None:
            promised += promising.explain_step(session, promise, planned.reason)
        elif planned.carrier:
            promised += promising.promise_step(session, promise, quietness, falls_away=falls_away)
            if falls_away is None:
                promised += promising.promise_farewells(session, promise, quietness)
            carrier_step = planned.step
        else:
            promised += promising.promise_riding_step(session, promise, carrier_step=carrier_step)
    return promised


def _plan_commitments(
    session: Session,
    cadence: DueCadence,
    day: date,
    now: datetime,
    takes: timedelta,
    *,
    asking: set[int],
    why_not: dict[int, Reason | None],
) -> int:
    calendar = Calendar()
    moments, falls_away = fate(
        cadence, calendar, day, now, late_hours=DEFAULT_LATE_HOURS, catch_up=CatchUp.LATEST_ONLY, takes=takes
    )
    why_not = why_not | {NO_COHORT: why_closed(cadence, calendar, day) or falls_away}
    if why_not[NO_COHORT] is None and is_message_day(cadence, calendar, day):
        asking = asking | {NO_COHORT}
    due = DayOfCadence(
        cadence_id=cadence.id,
        day=day,
        moments=moments,
        quietness=quietness_of(cadence, calendar, day),
        asking_cohorts=sorted(asking),
        open_cohorts=sorted(cohort for cohort, reason in why_not.items() if reason is None),
        why_not={cohort: reason for cohort, reason in why_not.items() if reason is not None},
    )
    promised = commitments.promise_commitments(session, due) if due.open_cohorts else 0
    return promised + unkept_plans.explain_plans(session, due)
