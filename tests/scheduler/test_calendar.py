"""Which days are working days in Sweden, and when a slot is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.calendar import Calendar, on, slot_moment, working_day_after
from storage.tables.deliveries import Reason

MORNING, AFTERNOON = time(8, 15), time(12, 45)
MONDAY_TO_FRIDAY = 0b11111


@pytest.mark.parametrize(
    ("day", "reason", "name"),
    [
        (date(2026, 1, 1), Reason.RED_DAY, "Nyårsdagen"),
        (date(2026, 1, 6), Reason.RED_DAY, "Trettondedag jul"),
        (date(2026, 4, 3), Reason.RED_DAY, "Långfredagen"),
        (date(2026, 4, 6), Reason.RED_DAY, "Annandag påsk"),
        (date(2026, 5, 1), Reason.RED_DAY, "Första maj"),
        (date(2026, 5, 14), Reason.RED_DAY, "Kristi himmelsfärdsdag"),
        (date(2028, 6, 6), Reason.RED_DAY, "Nationaldagen"),
        (date(2026, 6, 19), Reason.EVE, "Midsommarafton"),
        (date(2026, 12, 24), Reason.EVE, "Julafton"),
        (date(2026, 12, 25), Reason.RED_DAY, "Juldagen"),
        (date(2026, 12, 28), Reason.CLOSED_DAY, "Mellandagarna"),
        (date(2026, 12, 30), Reason.CLOSED_DAY, "Mellandagarna"),
        (date(2026, 12, 31), Reason.EVE, "Nyårsafton"),
        (date(2026, 3, 7), Reason.OWN_DAY_OFF, None),
        (date(2026, 3, 8), Reason.OWN_DAY_OFF, None),
        (date(2026, 6, 20), Reason.OWN_DAY_OFF, "Midsommardagen"),
        (date(2026, 3, 9), None, None),
        (date(2026, 12, 23), None, "Dag före Julafton"),
    ],
)
def test_nothing_is_sent_on_days_off(day: date, reason: Reason | None, name: str | None) -> None:
    calendar = Calendar()
    assert calendar.why_closed(day, MORNING) is reason
    assert calendar.name_of(day, "sv") == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 5), "Trettondagsafton"),
        (date(2026, 4, 2), "Skärtorsdag"),
        (date(2026, 4, 30), "Valborgsmässoafton"),
        (date(2026, 10, 30), "Allhelgonaafton"),
        (date(2026, 12, 23), "Dag före Julafton"),
    ],
)
def test_on_a_half_eve_nothing_is_sent_from_noon_on(day: date, name: str) -> None:
    calendar = Calendar()
    assert calendar.why_closed(day, time(11, 59)) is None
    assert calendar.why_closed(day, time(12, 0)) is Reason.EVE
    assert calendar.why_closed(day, AFTERNOON) is Reason.EVE
    assert calendar.day_ends(day) == time(12, 0)
    assert calendar.name_of(day, "sv") == name


def test_each_kind_of_day_off_is_a_choice() -> None:
    open_minded = Calendar(eves=False, half_eves=False, christmas_week=False)
    for day in (date(2026, 12, 24), date(2026, 12, 28), date(2026, 4, 2)):
        assert open_minded.why_closed(day, AFTERNOON) is None
    assert open_minded.day_ends(date(2026, 4, 2)) == time(16, 30)
    assert open_minded.why_closed(date(2026, 12, 25), MORNING) is Reason.RED_DAY


@pytest.mark.parametrize(
    "day", [date(2026, 1, 2), date(2026, 1, 5), date(2026, 5, 15), date(2028, 6, 5)], ids=lambda day: f"{day:%d %b %Y}"
)
def test_a_squeeze_day_is_closed_when_the_cohort_says_so(day: date) -> None:
    assert Calendar().why_closed(day, MORNING) is None
    squeezing = Calendar(squeeze_days=True)
    assert squeezing.why_closed(day, MORNING) is Reason.CLOSED_DAY
    assert (squeezing.name_of(day, "sv"), squeezing.name_of(day, "en")) == ("Klämdag", "Squeeze day")


def test_two_days_between_days_off_are_not_squeezed() -> None:
    assert Calendar(squeeze_days=True).why_closed(date(2026, 6, 8), MORNING) is None
    assert Calendar(squeeze_days=True).why_closed(date(2026, 4, 29), MORNING) is None


def test_an_organisations_own_closed_days_are_closed() -> None:
    calendar = Calendar(closed=frozenset({date(2026, 3, 4)}))
    assert calendar.why_closed(date(2026, 3, 4), MORNING) is Reason.CLOSED_DAY
    assert calendar.why_closed(date(2026, 3, 5), MORNING) is None


def test_a_calendar_is_kept_and_read_back_as_it_was() -> None:
    calendar = Calendar(closed=frozenset({date(2026, 3, 4), date(2026, 3, 5)}), squeeze_days=True, eves=False)
    assert Calendar.from_choices(calendar.to_choices()) == calendar
    assert Calendar.from_choices({}) == Calendar()


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2026, 3, 27), "Europe/Stockholm", datetime(2026, 3, 27, 7, 30, tzinfo=UTC)),
        (date(2026, 3, 30), "Europe/Stockholm", datetime(2026, 3, 30, 6, 30, tzinfo=UTC)),
        (date(2026, 10, 23), "Europe/Stockholm", datetime(2026, 10, 23, 6, 30, tzinfo=UTC)),
        (date(2026, 10, 26), "Europe/Stockholm", datetime(2026, 10, 26, 7, 30, tzinfo=UTC)),
        (date(2026, 3, 9), "America/New_York", datetime(2026, 3, 9, 12, 30, tzinfo=UTC)),
        (date(2026, 3, 9), "Asia/Kolkata", datetime(2026, 3, 9, 3, 0, tzinfo=UTC)),
        (date(2026, 3, 9), "Australia/Sydney", datetime(2026, 3, 8, 21, 30, tzinfo=UTC)),
    ],
    ids=["before spring", "clocks go forward", "before autumn", "clocks go back", "New York", "Kolkata", "Sydney"],
)
def test_a_slot_is_at_half_past_eight_on_the_wall(day: date, zone: str, moment: datetime) -> None:
    assert slot_moment(day, time(8, 30), zone) == moment


def test_a_time_the_clock_jumps_over_moves_forward() -> None:
    skipped = slot_moment(date(2026, 3, 29), time(2, 30), "Europe/Stockholm")
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 on the wall


def test_a_time_the_clock_shows_twice_is_the_first() -> None:
    assert slot_moment(date(2026, 10, 25), time(2, 30), "Europe/Stockholm") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_working_days_leave_out_what_is_closed_and_not_ones_own() -> None:
    found = [
        working_day_after(date(2026, 3, 27), count, days=0b10111, slot=MORNING, calendar=Calendar())
        for count in (1, 2, 3, 4, 5)
    ]
    assert found == [date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 7), date(2026, 4, 8)]


def test_two_working_days_after_maundy_thursday_is_after_easter() -> None:
    after = working_day_after(date(2026, 4, 2), 2, days=MONDAY_TO_FRIDAY, slot=MORNING, calendar=Calendar())
    assert after == date(2026, 4, 8)


def test_a_rhythm_without_days_is_refused_and_not_searched_for_ever() -> None:
    with pytest.raises(ValueError, match="no 1 working days"):
        working_day_after(date(2026, 4, 2), 1, days=0, slot=MORNING, calendar=Calendar())


def test_weekdays_are_bits_from_monday() -> None:
    week = [date(2026, 3, 2) + timedelta(days=offset) for offset in range(7)]
    assert [on(0b10001, day) for day in week] == [True, False, False, False, True, False, False]
