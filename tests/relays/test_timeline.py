"""A relay's legs on the calendars of its teams."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.library import load_library
from scheduler.calendar import DAY_BEGINS, DAY_ENDS, Calendar, TooFewDays, slot_moment
from scheduler.relay_timeline import (
    CannotLayOut,
    days_later,
    expected,
    first_day,
    late_after,
    lay_out_next,
    lay_out_relay,
    open_on,
    tellable,
)
from scheduler.timeline import CannotStart, ClockBeforeSlot, TeamDays
from storage.moments import local_day
from storage.tables.deliveries import Reason
from tests.relays.builders import CONFIRMED, SHORT
from tests.scheduler.world import MONDAY, STOCKHOLM, at

RELAY = load_library().challenges["relay"]
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.builds(
    Calendar,
    closed=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 9, 30)), max_size=25),
    squeeze_days=st.booleans(),
    christmas_week=st.booleans(),
)
TEAMS = st.builds(
    TeamDays,
    calendar=CALENDARS,
    slot=st.sampled_from((time(8, 30), time(10, 0), time(13, 15))),
    zone=st.sampled_from((STOCKHOLM, "Europe/Helsinki")),
)
LONG_AGO = at("2025-12-01 10:00")


def days(*closed: date, slot: time = time(10, 0), zone: str = STOCKHOLM) -> TeamDays:
    return TeamDays(calendar=Calendar(closed=frozenset(closed)), slot=slot, zone=zone)


def test_legs_of_ten_working_days_follow_each_other() -> None:
    legs = lay_out_relay(RELAY, MONDAY, [days(), days(), days()], CONFIRMED)
    # Easter lies in the third, and the Thursday before it ends at noon.
    assert [(leg.starts_on, leg.ends_on) for leg in legs] == [
        (date(2026, 3, 2), date(2026, 3, 13)),
        (date(2026, 3, 16), date(2026, 3, 27)),
        (date(2026, 3, 30), date(2026, 4, 15)),
    ]


def test_a_team_that_is_away_lets_its_own_leg_wait_and_those_behind_it() -> None:
    away = [date(2026, 3, 16), date(2026, 3, 17)]
    legs = lay_out_relay(RELAY, MONDAY, [days(), days(*away), days()], CONFIRMED)
    assert [leg.starts_on for leg in legs] == [date(2026, 3, 2), date(2026, 3, 18), date(2026, 4, 1)]


def test_a_first_day_that_is_red_is_refused_with_the_next_that_is_not() -> None:
    with pytest.raises(CannotLayOut) as refused:
        lay_out_relay(RELAY, date(2026, 4, 3), [days(), days(), days()], CONFIRMED)
    cause = refused.value.cause
    assert isinstance(cause, CannotStart)
    assert (refused.value.position, cause.reason, cause.next_open) == (1, Reason.RED_DAY, date(2026, 4, 7))


def test_a_team_that_hears_of_things_too_late_in_the_day_is_named() -> None:
    with pytest.raises(CannotLayOut) as refused:
        lay_out_relay(RELAY, MONDAY, [days(), days(slot=time(15, 30)), days()], CONFIRMED)
    assert refused.value.position == 2
    assert isinstance(refused.value.cause, ClockBeforeSlot)


def test_the_baton_finds_a_team_whose_hour_has_become_too_late() -> None:
    """Its hour was changed after the relay was confirmed: the chain must not stop for that."""
    leg = lay_out_next(RELAY, MONDAY, days(slot=time(15, 30)), at("2026-03-05 11:00"))
    assert leg.starts_on == date(2026, 3, 6)
    assert leg.steps[0].prompt_at == at("2026-03-06 10:00")


HARDLY_ANY = days(*(MONDAY + timedelta(days=day) for day in range(1, 400) if day % 90))
"""One day in ninety."""
SCHOOL = days(*(date(2026, 6, 15) + timedelta(days=day) for day in range(64)))
"""Closed from 15 June to 17 August."""


@pytest.mark.parametrize("position", [1, 2])
def test_a_team_with_hardly_any_days_is_named_before_the_relay_begins(position: int) -> None:
    teams = [days(), days(), days()]
    teams[position - 1] = HARDLY_ANY
    with pytest.raises(CannotLayOut) as refused:
        lay_out_relay(RELAY, MONDAY, teams, CONFIRMED)
    assert refused.value.position == position
    assert isinstance(refused.value.cause, TooFewDays)


def test_the_baton_does_not_wait_for_a_team_with_hardly_any_days() -> None:
    with pytest.raises(TooFewDays):
        lay_out_next(RELAY, MONDAY, HARDLY_ANY, CONFIRMED)


def test_a_leg_whose_planned_first_day_is_closed_by_now_is_expected_on_the_next() -> None:
    planned = date(2026, 3, 9)
    assert expected([planned], [days(planned)], date(2026, 3, 4), 2) == [(date(2026, 3, 10), date(2026, 3, 11))]


def test_a_school_has_its_summer_in_the_middle_of_a_leg() -> None:
    legs = lay_out_relay(RELAY, date(2026, 6, 8), [SCHOOL, days(), days()], CONFIRMED)
    assert (legs[0].starts_on, legs[0].ends_on) == (date(2026, 6, 8), date(2026, 8, 24))


def test_what_others_wait_for_comes_on_a_common_day_where_a_team_has_hardly_any() -> None:
    now = at("2026-03-05 17:00")
    assert tellable(HARDLY_ANY, now) == at("2026-03-06 10:00")
    assert days_later(HARDLY_ANY, now, 2) == at("2026-03-09 10:00")
    assert open_on(HARDLY_ANY, date(2026, 3, 16)) == at("2026-03-16 10:00")
    assert days_later(SCHOOL, at("2026-06-12 17:00"), 2) == at("2026-08-19 10:00"), "for a summer they wait"


@settings(max_examples=30)
@given(st.lists(TEAMS, min_size=3, max_size=6), DAYS)
def test_a_leg_is_ten_of_its_teams_own_days_and_the_next_begins_on_the_next_teams_next_day(
    teams: list[TeamDays], day: date
) -> None:
    legs = lay_out_relay(RELAY, teams[0].after(day, 1), teams, LONG_AGO)
    for leg, own in zip(legs, teams, strict=True):
        assert own.why_closed(leg.starts_on) is None
        assert own.between(leg.starts_on, leg.ends_on) == RELAY.length - 1
    for before, leg, own in zip(legs, legs[1:], teams[1:], strict=False):
        assert leg.starts_on > before.ends_on
        assert own.between(before.ends_on, leg.starts_on) == 1


@given(TEAMS, DAYS, DAYS, st.times())
def test_a_leg_begins_on_an_open_day_that_is_to_come_and_not_before_it_was_planned(
    own: TeamDays, today: date, planned_on: date, clock: time
) -> None:
    now = slot_moment(today, clock.replace(tzinfo=None), own.zone)
    first = first_day(own, planned_on, now)
    assert own.why_closed(first) is None
    assert first >= planned_on
    assert first > local_day(now, own.zone)
    between = (max(planned_on, local_day(now, own.zone) + timedelta(days=1)) + timedelta(days=n) for n in range(400))
    assert first == next(day for day in between if own.why_closed(day) is None)


@given(TEAMS, DAYS, st.times())
def test_a_channel_is_told_at_once_at_work_and_else_at_its_hour_on_a_working_day(
    own: TeamDays, today: date, clock: time
) -> None:
    now = slot_moment(today, clock.replace(tzinfo=None), own.zone)
    due_at = tellable(own, now)
    day = local_day(due_at, own.zone)
    assert due_at >= now
    assert own.why_closed(day) is None
    assert slot_moment(day, DAY_BEGINS, own.zone) <= due_at < slot_moment(day, DAY_ENDS, own.zone)
    assert due_at in (now, own.slot_on(day))
    assert own.between(day, local_day(late_after(own, due_at), own.zone)) == 2


@given(TEAMS, DAYS)
def test_the_closing_day_is_kept_where_the_team_works_then(own: TeamDays, day: date) -> None:
    asked_on = local_day(open_on(own, day), own.zone)
    assert asked_on == day if own.why_closed(day) is None else asked_on == own.after(day, 1)


@settings(max_examples=40)
@given(st.lists(TEAMS, min_size=3, max_size=6), DAYS, st.integers(0, 40))
def test_a_delay_moves_what_follows_and_nothing_moves_forward(teams: list[TeamDays], day: date, late: int) -> None:
    legs = lay_out_relay(SHORT, teams[0].after(day, 1), teams, LONG_AGO)
    planned = [(leg.starts_on, leg.ends_on) for leg in legs[1:]]
    over_on = legs[0].ends_on + timedelta(days=late)
    found = expected([first for first, _last in planned], teams[1:], over_on, SHORT.length)
    begins = [first for first, _last in found]
    assert all(day >= first for day, (first, _last) in zip(begins, planned, strict=True))
    assert begins[0] > over_on
    assert begins == sorted(set(begins))
    if late == 0:
        assert found == planned
