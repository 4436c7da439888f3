"""Whoever joins or changes rhythm: the welcome, and the rest of their week so that every step is promised exactly once.

Planning works for groups, from a plan that is the same for everybody of a cadence. Somebody who changes cadence has had
some of the week's steps on other days, so what is left of their week is promised ahead, row by row. In the next week
they are one of the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from scheduler.calendar import Calendar, on, slot_moment
from scheduler.programmes import Week, course_of
from scheduler.weeks import PlannedStep, monday_of, mondays, week_number, week_plan, weeks_over
from scheduler.window import NO_PACES, Paces, sending_takes, spread
from storage import movers, planning, rescheduling
from storage.commitments import MOST_RIDERS
from storage.moments import local_day
from storage.movers import Moved
from storage.places import Moments
from storage.rescheduling import Welcome
from storage.tables.deliveries import Kind, Reason, State
from storage.tables.people import Pace

LONGEST_WAIT_DAYS = 366


def sort_out(session: Session, enrolment_ids: Sequence[int], now: datetime, paces: Paces = NO_PACES) -> int:
    """Sort out the enrolments that are marked as moved and take the mark away. Return how many promises were new."""
    movers.lock_movers(session)
    found = movers.moved_with_rhythm(session, enrolment_ids)
    cadences = {one.cadence.id for one in found} if paces else ()
    takes = {id: sending_takes(planning.people_of(session, id), paces) for id in cadences}
    moved = [
        _Mover(
            moved=one,
            calendar=Calendar.from_choices(one.group.calendar),
            now=now,
            takes=takes.get(one.cadence.id, {}).get(one.workspace_id, timedelta(0)),
        )
        for one in found
    ]
    for cadence_id in dict.fromkeys(person.moved.cadence.id for person in moved):
        planning.lock_cadence(session, cadence_id, wait=True)
    planning.hold_messages_of(session, {person.moved.person_id for person in moved})
    # From all of them first: what one cohort promised ahead must not be in the way of the other's new days.
    going_on = [person for person in moved if person.goes_on]
    rescheduling.withdraw_steps_ahead(session, [person.moved.enrolment_id for person in going_on], now)
    promised = 0
    for person in going_on:
        _end_with_the_day(session, person)
        promised += _welcome(session, person)
        promised += _rest_of_week(session, person)
        promised += _plans_of_today(session, person)
    for person in moved:
        movers.settle_move(session, person.moved)
    return promised


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mover:
    """Somebody who moved, and what day and hour it is for them."""

    moved: Moved
    calendar: Calendar
    now: datetime
    takes: timedelta
    """How long a message to everybody with the same rhythm in the same workspace takes."""

    @property
    def today(self) -> date:
        return local_day(self.now, self.moved.cadence.zone)

    @property
    def goes_on(self) -> bool:
        """Whether neither the cohort nor their part in it has ended."""
        moved = self.moved
        return not moved.group.has_ended(self.today) and (moved.ends_on is None or moved.ends_on > self.today)

    def slot_on(self, day: date) -> datetime:
        return slot_moment(day, self.moved.cadence.slot, self.moved.cadence.zone)

    def ends_on(self, day: date) -> datetime:
        return slot_moment(day, self.calendar.day_ends(day, self.moved.cadence.hours), self.moved.cadence.zone)

    def is_open(self, day: date) -> bool:
        cadence = self.moved.cadence
        return on(cadence.days, day) and self.calendar.why_closed(day, cadence.slot) is None

    def can_be_written_to_now(self) -> bool:
        """Whether it is a humane hour of a working day for them, with time enough to send."""
        local = self.now.astimezone(ZoneInfo(self.moved.cadence.zone)).time()
        hours = self.moved.cadence.hours
        last = min(hours.last_slot, self.calendar.day_ends(self.today, hours))
        works = on(self.moved.cadence.days, self.today) and self.calendar.why_closed(self.today, local) is None
        return works and hours.begin <= local < last

    def is_free_on(self, session: Session, day: date) -> bool:
        """Whether no message of that day is in the way of a welcome; a welcome is not in its own way."""
        message = rescheduling.todays_message(session, self.moved.person_id, day)
        return message is None or message[1:] == (Kind.WELCOME, State.PLANNED)

    def moments(self, due_at: datetime, day: date, *, all_day: bool = False) -> Moments:
        """At a slot of theirs they have the same place as among everybody. `all_day`: kind until the day ends."""
        ends_at = self.ends_on(day)
        late_after = ends_at if all_day else min(due_at + timedelta(hours=self.moved.group.late_hours), ends_at)
        late_after = max(due_at, late_after)
        at_slot = due_at > self.now and due_at == self.slot_on(day)
        over = spread(self.takes, kind_for=late_after - due_at) if at_slot else timedelta(0)
        return Moments(due_at=due_at, late_after=late_after, try_at=due_at, spread=over)


def _end_with_the_day(session: Session, person: _Mover) -> None:
    """What is due but not out yet goes by the day they have now: it may end sooner there, or be a day off."""
    is_open = person.calendar.why_closed(person.today, person.moved.cadence.hours.begin) is None
    last_at = max(person.now, person.ends_on(person.today)) if is_open else person.now
    since = person.today - timedelta(days=1)
    rescheduling.end_sooner(session, person.moved, last_at=last_at, since=since, now=person.now)


def _welcome(session: Session, person: _Mover) -> int:
    moved = person.moved
    if moved.welcomed or moved.stopped:
        return 0
    promised = rescheduling.welcome_of(session, moved.person_id)
    if promised is not None and not _has_lost_its_slot(person, promised):
        return 0
    moment = _welcome_moment(session, person)
    if moment is None:
        return 0
    day, due_at = moment
    # A welcome is as good in the afternoon as in the morning.
    moments = person.moments(due_at, day, all_day=True)
    if promised is not None:
        rescheduling.retime_welcome(session, moved, promised.id, day=day, moments=moments)
        return 0
    return rescheduling.promise_welcome(session, moved, day=day, moments=moments)


def _has_lost_its_slot(person: _Mover, welcome: Welcome) -> bool:
    """Whether it is promised ahead, for a slot that is no longer theirs."""
    keeps_it = on(person.moved.cadence.days, welcome.day) and welcome.due_at == person.slot_on(welcome.day)
    return welcome.is_untouched and welcome.due_at > person.now and not keeps_it


def _welcome_moment(session: Session, person: _Mover) -> tuple[date, datetime] | None:
    """Return the next slot before the first exercise; or now; or the slot of that exercise, which then rides on it.

    None when they have no open day for weeks.
    """
    span = (person.today + timedelta(days=offset) for offset in range(LONGEST_WAIT_DAYS))
    slots = (day for day in span if person.is_open(day) and person.slot_on(day) > person.now)
    free = (day for day in slots if person.is_free_on(session, day))
    first_day = max(person.moved.first_day, person.moved.group.starts_on)
    day = next(free, None)
    # On the morning of the first exercise that slot is soon enough; once it has passed, tomorrow's would come after it.
    slot_is_too_late = day is None or (day >= first_day and day > person.today)
    if slot_is_too_late and person.can_be_written_to_now() and person.is_free_on(session, person.today):
        return person.today, person.now
    return (day, person.slot_on(day)) if day else None


def _rest_of_week(session: Session, person: _Mover) -> int:
    moved, today = person.moved, person.today
    course = course_of(session, moved.group.document_id, moved.group.document_digest)
    weeks, starts_on = course.of_role[moved.role], moved.group.starts_on
    over = weeks_over(today, starts_on=starts_on, calendar=person.calendar)
    number = week_number(today, starts_on=starts_on, calendar=person.calendar)
    promised = rescheduling.promised_steps(session, moved.enrolment_id)
    there = {step.step for step in promised}
    count = _explain_earlier_weeks(session, person, weeks[: max(over, 0)], there)
    if number is None or not 1 <= number <= len(weeks):
        return count
    lessons = dict(weeks[number - 1])
    group_plan = _plan(person, list(lessons), starts_on=starts_on, first_day=moved.first_day)
    left = [planned.step for planned in group_plan if planned.step not in there]
    with_the_group = {planned.step for planned in group_plan if planned.day > moved.cadence.planned_through}
    if set(left) <= with_the_group:
        return count  # each of them still has a day of its own in the group's plan
    todays = any(step.day == today and step.step in lessons and step.reason not in _OF_A_RHYTHM for step in promised)
    due_at = None if todays else _still_today(session, person)
    carrier = None
    for planned in _plan_ahead(person, sorted(left), first_day=today if due_at else today + timedelta(days=1)):
        due = due_at if planned.day == today and due_at else person.slot_on(planned.day)
        count += rescheduling.promise_one_step(
            session,
            moved,
            step=planned.step,
            lesson_id=lessons[planned.step],
            day=planned.day,
            moments=person.moments(due, planned.day),
            reason=planned.reason,
            rides_on_step=None if planned.carrier else carrier,
        )
        carrier = planned.step if planned.carrier else carrier
    return count


def _plans_of_today(session: Session, person: _Mover) -> int:
    """Promise the plans of today that nobody else will: the new rhythm's day was planned before they came to it."""
    today = person.today
    if person.moved.cadence.planned_through < today or person.moved.group.is_paused(today):
        return 0
    person_id, enrolment_id = person.moved.person_id, person.moved.enrolment_id
    count = 0
    due = rescheduling.plans_of(session, person_id=person_id, enrolment_id=enrolment_id, day=today)
    for plan in due[:MOST_RIDERS]:
        message = rescheduling.todays_message(session, person_id, today)
        due_at = person.now if message else _still_today(session, person)
        if due_at is None or (message and message[2] is not State.PLANNED):
            break
        moments = person.moments(due_at, today)
        count += rescheduling.promise_plan(
            session, person.moved, plan, moments, day=today, rides_on=message and message[0]
        )
    return count


_OF_A_RHYTHM = frozenset({Reason.PACE, Reason.OWN_DAY_OFF})
"""A step that their old rhythm had no room for was explained on a day: that was not the day's message."""


def _still_today(session: Session, person: _Mover) -> datetime | None:
    """Return when today's message can still go: at the new slot, or now if that has passed, or None: not today."""
    message = rescheduling.todays_message(session, person.moved.person_id, person.today)
    if message is not None and message[1:] != (Kind.WELCOME, State.PLANNED):  # that one would carry it
        return None
    slot = person.slot_on(person.today)
    if slot > person.now:
        return slot
    return person.now if person.can_be_written_to_now() else None


def _plan_ahead(person: _Mover, left: list[int], *, first_day: date) -> list[PlannedStep]:
    """Spread the steps that are left over what is left of the week."""
    moved = person.moved
    first_day = max(first_day, moved.first_day, moved.group.starts_on)
    gathered = _plan(person, left, starts_on=moved.group.starts_on, first_day=date.min)
    if moved.cadence.pace is Pace.MONDAYS and gathered[0].reason is None and gathered[0].day < first_day:
        # The week's gathering has been: the next one is next week's.
        return [PlannedStep(step=step, day=_end_of_week(person), reason=Reason.PACE) for step in left]
    planned = _plan(person, left, starts_on=first_day, first_day=date.min)
    return [
        PlannedStep(step=each.step, day=_end_of_week(person), reason=Reason.PACE)
        if each.reason is Reason.BEFORE_START
        else each
        for each in planned
    ]


def _end_of_week(person: _Mover) -> date:
    """Return the day for what this week has no room left for: whoever moves again before it may still get it."""
    return max(person.today, monday_of(person.today) + timedelta(days=4))


def _plan(person: _Mover, steps: list[int], *, starts_on: date, first_day: date) -> list[PlannedStep]:
    cadence = person.moved.cadence
    return week_plan(
        monday_of(person.today),
        steps=steps,
        starts_on=starts_on,
        first_day=first_day,
        days=cadence.days,
        slot=cadence.slot,
        pace=cadence.pace,
        calendar=person.calendar,
    )


def _explain_earlier_weeks(session: Session, person: _Mover, weeks: Sequence[Week], there: set[int]) -> int:
    """Account for what nobody planned in earlier weeks: the new rhythm was planned for days the old one was not."""
    moved, count = person.moved, 0
    for week, monday in zip(weeks, mondays(moved.group.starts_on, person.calendar), strict=False):
        if moved.first_day > max(monday, moved.group.starts_on):
            continue  # the week they joined in: what came before their first day was never promised
        for step, lesson_id in week:
            if step not in there:
                count += rescheduling.promise_one_step(
                    session,
                    moved,
                    step=step,
                    lesson_id=lesson_id,
                    day=person.today,
                    moments=person.moments(person.now, person.today),
                    reason=Reason.KNUFF_WAS_DOWN,
                )
    return count
