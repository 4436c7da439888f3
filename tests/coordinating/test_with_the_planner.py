"""What a coordinator decides, carried out by the planner day by day: every step promised once, whatever is changed."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import groupby

from scheduler.planner import plan
from storage.tables.deliveries import Delivery, Kind, Reason, State
from storage.tables.programmes import Enrolment
from tests.coordinating.office import Office, form_in, home, managers, read

EASTER = {date(2026, 4, 3), date(2026, 4, 6)}


async def live(office: Office, first: date, last: date) -> None:
    """Let the planner tick through the days at every quarter of the morning, and everything that is due be sent."""
    day = first
    while day <= last:
        for hour, minute in ((7, 0), (8, 0), (8, 15), (9, 30), (10, 0)):
            now = home(day.year, day.month, day.day, hour, minute)
            planned = await plan(office.store, now)
            assert planned.failed == 0
            send_what_is_due(office, now)
        day += timedelta(days=1)


def send_what_is_due(office: Office, now: datetime) -> None:
    for delivery in office.rows(Delivery):
        if delivery.state is State.PLANNED and delivery.try_at <= now:
            delivery.state, delivery.sent_at = State.SENT, now
            office.look(lambda session, row=delivery: session.merge(row))  # type: ignore[misc]


def steps_of(office: Office, external_id: str) -> list[Delivery]:
    person = office.person(external_id).id
    rows = [row for row in office.rows(Delivery) if row.person_id == person and row.kind is Kind.NUDGE]
    return sorted(rows, key=lambda row: row.step or 0)


def assert_one_message_a_day(office: Office) -> None:
    sent = [row for row in office.rows(Delivery) if row.state is State.SENT and row.rides_on is None]
    assert [one for one, times in Counter((row.person_id, row.day) for row in sent).items() if times > 1] == []


async def test_what_was_previewed_is_what_happens(office: Office) -> None:
    office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 4, 27))
    steps = steps_of(office, "U0000")
    assert [step.step for step in steps] == list(range(1, 41))
    sent = [step.day for step in steps if step.state is State.SENT]
    assert (len(sent), sent[0], sent[-1]) == (38, date(2026, 3, 2), date(2026, 4, 24))
    assert {step.reason for step in steps} == {None, Reason.RED_DAY}
    assert_one_message_a_day(office)


async def test_a_change_in_the_middle_of_a_week_sends_nothing_twice_and_loses_nothing(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 4))
    wednesday = office.at(home(2026, 3, 4, 13))
    before = {step.id: (step.day, step.sent_at) for step in steps_of(office, "U0000")}
    asked = form_in(wednesday.press("cohort.edit", cohort))
    difference = wednesday.send(asked, slot="10:00", closed="2026-03-06\n2026-03-12")
    assert "Faller bort: fredag 6 mars (stängt hos er)" in read(difference)
    wednesday.send(form_in(difference))
    await live(office, date(2026, 3, 5), date(2026, 4, 27))
    steps = steps_of(office, "U0000")
    assert [step.step for step in steps] == list(range(1, 41))
    assert {step.id: (step.day, step.sent_at) for step in steps if step.id in before} == before
    sent = {step.day for step in steps if step.state is State.SENT}
    assert not sent & (EASTER | {date(2026, 3, 6), date(2026, 3, 12)})
    assert len(sent) == 36
    assert {step.due_at.hour for step in steps if date(2026, 3, 9) <= step.day < date(2026, 3, 27)} == {9}, "10:00 here"
    assert_one_message_a_day(office)


async def test_whoever_is_removed_and_comes_back_gets_nothing_twice(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 5))
    removing = office.at(home(2026, 3, 5, 13))
    removing.send(form_in(removing.press("cohort.remove", cohort)), profiles={"people": managers(1)})
    await live(office, date(2026, 3, 6), date(2026, 3, 17))
    assert [step.step for step in steps_of(office, "U0000")] == [1, 2, 3, 4]
    later = office.at(home(2026, 3, 17, 13))
    later.send(form_in(later.send(form_in(later.press("cohort.add", cohort)), profiles={"people": managers(1)})))
    await live(office, date(2026, 3, 18), date(2026, 4, 27))
    steps = steps_of(office, "U0000")
    assert [step.step for step in steps if step.state is State.SENT][4] == 13
    assert all(times == 1 for times in Counter(step.step for step in steps).values())
    assert_one_message_a_day(office)


async def test_a_late_joiner_gets_a_welcome_and_then_what_the_others_get(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 10))
    later = office.at(home(2026, 3, 10, 13))
    later.send(form_in(later.send(form_in(later.press("cohort.add", cohort)), profiles={"people": managers(3)})))
    await live(office, date(2026, 3, 11), date(2026, 4, 27))
    theirs, mine = steps_of(office, "U0000"), steps_of(office, "U0002")
    assert {step.step: step.day for step in mine if step.state is State.SENT} == {
        step.step: step.day for step in theirs if step.state is State.SENT and step.day > date(2026, 3, 10)
    }
    joined = office.person("U0002").id
    assert [row.kind for row in office.rows(Delivery) if row.person_id == joined].count(Kind.WELCOME) == 1
    assert_one_message_a_day(office)


async def test_a_paused_cohort_accounts_for_what_it_does_not_send(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 6))
    office.at(home(2026, 3, 6, 13)).press("cohort.pause", cohort)
    await live(office, date(2026, 3, 9), date(2026, 3, 13))
    office.at(home(2026, 3, 13, 13)).press("cohort.resume", cohort)
    await live(office, date(2026, 3, 16), date(2026, 3, 20))
    by_week = {
        week: {step.reason for step in steps}
        for week, steps in groupby(steps_of(office, "U0000"), key=lambda step: ((step.step or 0) - 1) // 5)
    }
    assert by_week == {0: {None}, 1: {Reason.COHORT_PAUSED}, 2: {None}}


async def test_what_has_ended_promises_nothing_more(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    await live(office, date(2026, 2, 23), date(2026, 3, 5))
    office.at(home(2026, 3, 5, 13)).press("cohort.end", cohort)
    await live(office, date(2026, 3, 6), date(2026, 3, 20))
    assert [step.step for step in steps_of(office, "U0000")] == [1, 2, 3, 4]


async def test_a_start_that_was_moved_begins_on_the_new_day(office: Office) -> None:
    cohort = office.start_cohort(managers(2))
    difference = office.send(form_in(office.press("cohort.edit", cohort)), starts_on="2026-03-09")
    office.send(form_in(difference))
    await live(office, date(2026, 2, 23), date(2026, 3, 13))
    assert [(step.step, step.day) for step in steps_of(office, "U0000")] == [
        (number, date(2026, 3, 8 + number)) for number in range(1, 6)
    ]
    assert {enrolment.starts_on for enrolment in office.rows(Enrolment)} == {date(2026, 3, 9)}
