"""When the last person has today's message, with everybody counted who waits in the same queue."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from scheduler.calendar import Calendar
from scheduler.preview import SchedulePreview, last_reached, schedule_preview
from tests.scheduler.world import MONDAY, STOCKHOLM, at

SLOT = at("2026-03-02 08:15")
A_SECOND = timedelta(seconds=1)


def shown(**values: Any) -> SchedulePreview:
    usual: dict[str, Any] = {
        "weeks": [5], "starts_on": MONDAY, "slot": time(8, 15), "calendar": Calendar(), "people": 550,
        "zone": STOCKHOLM, "posts_per_minute": 60, "window_minutes": 60, "late_hours": 4,
    }  # fmt: skip
    return schedule_preview(**(usual | values))


@pytest.mark.parametrize(
    ("others", "minutes", "waiting"),
    [
        ([], 10, 0),
        ([("08:15", 600)], 20, 600),
        ([("09:30", 5000)], 10, 0),
        ([("08:00", 600)], 10, 0),
        ([("08:00", 1200)], 15, 1200),
        ([("07:45", 1200), ("08:00", 1200)], 20, 2400),
        ([("08:20", 600)], 15, 300),
        ([("08:20", 60)], 11, 60),
    ],
    ids=[
        "nobody else", "at the same time", "much later", "reached by then", "still being written to",
        "one behind the other", "half of them placed earlier", "all of them placed earlier",
    ],
)  # fmt: skip
def test_others_are_counted_who_have_their_place_before_our_last(
    others: list[tuple[str, int]], minutes: int, waiting: int
) -> None:
    crowds = [(at(f"2026-03-02 {slot}"), number) for slot, number in others]
    last_at, before = last_reached(SLOT, 600, crowds, each=A_SECOND)
    assert (last_at - SLOT, before) == (timedelta(minutes=minutes), waiting)


def test_more_than_the_window_holds_are_reached_at_the_platforms_pace() -> None:
    last_at, _before = last_reached(SLOT, 7200, [], each=A_SECOND)
    assert last_at - SLOT == timedelta(hours=2)


def test_a_large_crowd_that_begins_while_we_are_written_to_comes_after_us() -> None:
    """Their places begin at 08.40, and by 08.45, where our last one is, a sixth of them have had theirs."""
    last_at, before = last_reached(SLOT, 3600, [(at("2026-03-02 08:40"), 3600)], each=A_SECOND)
    assert (last_at - SLOT, before) == (timedelta(minutes=70), 600)


def test_the_slot_of_somebody_abroad_is_compared_as_a_moment() -> None:
    helsinki = shown(people=600, others=[("09:15", "Europe/Helsinki", 600)])
    assert (helsinki.last_at, helsinki.others) == (time(8, 35), 600)
    assert shown(people=600, others=[("08:15", "America/New_York", 600)]).others == 0


@pytest.mark.parametrize(("people", "fits"), [(1800, True), (1801, False)])
def test_it_warns_when_not_everybody_can_be_reached_within_half_an_hour(people: int, fits: bool) -> None:
    assert shown(people=people).fits_slot is fits
    assert shown(people=people).fits_window


def test_a_platform_without_limits_reaches_everybody_at_the_slot() -> None:
    at_once = shown(people=100_000, posts_per_minute=0, slot=time(16, 0))
    assert (at_once.last_at, at_once.fits_slot, at_once.short_days) == (time(16, 0), True, ())


def test_days_that_end_before_the_last_person_is_reached_are_told() -> None:
    """Skärtorsdag ends at noon; the other days of that week do not."""
    before_noon = shown(starts_on=date(2026, 3, 30), slot=time(11, 45), people=1200)
    assert before_noon.short_days == (date(2026, 4, 2),)
    assert shown(starts_on=date(2026, 3, 30), slot=time(11, 45), people=900).short_days == ()


def test_days_on_which_messages_may_not_come_so_late_are_told() -> None:
    impatient = shown(people=3601, window_minutes=120, late_hours=1)
    assert impatient.short_days == impatient.sent_days
    assert shown(people=3600, window_minutes=120, late_hours=1).short_days == ()
