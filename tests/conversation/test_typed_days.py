from datetime import date

import pytest

from bot.conversation.typed_days import last_day, last_paused_day, weekday_in

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("fredag", "2026-03-06"),
        ("till fredag", "2026-03-06"),
        ("until Friday", "2026-03-06"),
        ("t.o.m. onsdag", "2026-03-04"),
        ("till och med på onsdag", "2026-03-04"),
        ("måndag", "2026-03-09"),
        ("nästa måndag", "2026-03-09"),
        ("until monday", "2026-03-09"),
        ("söndag", "2026-03-08"),
        ("i morgon", "2026-03-03"),
        ("tomorrow", "2026-03-03"),
        ("2026-04-01", "2026-04-01"),
        ("till 2026-04-01", "2026-04-01"),
        ("1/4", "2026-04-01"),
        ("till den 1 april", "2026-04-01"),
        ("1 april", "2026-04-01"),
        ("April 1", None),
        ("24 dec", "2026-12-24"),
        ("3rd May", "2026-05-03"),
        ("10/1", "2026-01-10"),
        ("15/11", "2026-11-15"),
        ("1/12 2027", None),
        ("1/12/2027", "2027-12-01"),
        ("en vecka", "2026-03-08"),
        ("i en vecka", "2026-03-08"),
        ("a week", "2026-03-08"),
        ("for 2 weeks", "2026-03-15"),
        ("2 veckor", "2026-03-15"),
        ("tre dagar", "2026-03-04"),
        ("5 days", "2026-03-06"),
        ("en månad", "2026-03-31"),
        ("31/2", None),
        ("2026-13-01", None),
        ("0 veckor", None),
        ("9999999999 veckor", None),
        ("förra veckan", None),
        ("", None),
        ("snart", None),
    ],
)
def test_days_and_spans_are_understood_as_people_type_them(text: str, day: str | None) -> None:
    assert last_day(text, MONDAY) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("till måndag", "2026-03-08"),
        ("till fredag", "2026-03-05"),
        ("until friday", "2026-03-05"),
        ("till den 1 april", "2026-03-31"),
        ("tills 1/4", "2026-03-31"),
        ("till i morgon", "2026-03-02"),
        ("till och med måndag", "2026-03-09"),
        ("t.o.m. fredag", "2026-03-06"),
        ("through friday", "2026-03-06"),
        ("fredag", "2026-03-06"),
        ("en vecka", "2026-03-08"),
        ("i 2 veckor", "2026-03-15"),
        ("snart", None),
    ],
)
def test_a_pause_until_a_day_is_over_on_that_day(text: str, last: str | None) -> None:
    assert last_paused_day(text, MONDAY) == (date.fromisoformat(last) if last else None)


def test_a_date_early_next_year_is_next_years() -> None:
    assert last_day("7/1", date(2026, 12, 1)) == date(2027, 1, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("någon föreslår en lösning på mötet på torsdag", "2026-03-05"),
        ("torsdagens möte börjar", "2026-03-05"),
        ("at Thursday’s meeting", "2026-03-05"),
        ("mötet på måndag öppnas", "2026-03-09"),
        ("mötet öppnas", None),
    ],
)
def test_a_weekday_is_found_inside_a_plan(text: str, day: str | None) -> None:
    assert weekday_in(text, MONDAY) == (date.fromisoformat(day) if day else None)
