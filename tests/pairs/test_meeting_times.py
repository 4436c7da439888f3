"""Three suggested times: of the working day, of everybody's, and the same for all who are to meet."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduler.meeting_times import SUGGESTED, Hours, half_hours, suggested
from tests.scheduler.world import MONDAY_TO_FRIDAY, STOCKHOLM

DAYS = [date(2026, 3, day) for day in (3, 4, 5)]
OFFICE = Hours(zone=STOCKHOLM, days=MONDAY_TO_FRIDAY)
MOMENTS = half_hours(DAYS, STOCKHOLM)
ZONES = ("Europe/Stockholm", "Europe/Helsinki", "Europe/London", "America/New_York", "Asia/Tokyo")


def test_three_times_on_three_days_in_the_working_day_and_not_at_lunch() -> None:
    for pair in range(200):
        times = suggested(MOMENTS, {OFFICE}, seed=str(pair))
        local = [one.astimezone(ZoneInfo(STOCKHOLM)) for one in times]
        assert [one.date() for one in local] == DAYS
        assert all(9 <= one.hour < 16 and one.hour != 12 and one.minute in (0, 30) for one in local)


def test_pairs_get_different_times_and_one_pair_always_the_same() -> None:
    of = {str(pair): suggested(MOMENTS, {OFFICE}, seed=str(pair)) for pair in range(100)}
    assert len(set(of.values())) > 90
    assert all(suggested(MOMENTS, [OFFICE, OFFICE], seed=pair) == times for pair, times in of.items())


def test_nobody_is_asked_to_come_on_a_weekday_that_is_not_theirs() -> None:
    part_time = Hours(zone=STOCKHOLM, days=0b00010)  # Tuesdays
    times = suggested(MOMENTS, {OFFICE, part_time}, seed="1")
    assert {one.date() for one in times} == {date(2026, 3, 3)}
    assert len(times) == SUGGESTED


def test_without_a_common_hour_nothing_is_suggested() -> None:
    assert suggested(MOMENTS, {OFFICE, Hours(zone="Asia/Tokyo", days=MONDAY_TO_FRIDAY)}, seed="1") == ()
    assert suggested(half_hours([], STOCKHOLM), {OFFICE}, seed="1") == ()


@given(
    who=st.sets(st.builds(Hours, zone=st.sampled_from(ZONES), days=st.integers(0, MONDAY_TO_FRIDAY)), min_size=1),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    seed=st.text(max_size=5),
)
def test_what_is_suggested_suits_everybody_wherever_they_are(who: set[Hours], first: date, seed: str) -> None:
    moments = half_hours([first + timedelta(days=offset) for offset in range(4)], STOCKHOLM)
    times = suggested(moments, who, seed=seed)
    assert len(set(times)) == len(times) <= SUGGESTED
    assert list(times) == sorted(times)
    for one in times:
        for hours in who:
            local = one.astimezone(ZoneInfo(hours.zone))
            assert hours.days >> local.weekday() & 1
            assert "08:30" <= f"{local:%H:%M}" <= "16:00"
