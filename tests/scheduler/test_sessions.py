"""When a programme's meetings are: a Wednesday afternoon of their week, or the next day that everybody can come."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.library import load_library
from lessons.models import Programme, Role, Session, Text
from scheduler.calendar import Calendar
from scheduler.sessions import HOW_FAR_AHEAD, begins_at, placed, told_on
from scheduler.weeks import first_monday, monday_of, mondays, week_number, week_plan
from storage.sessions import Ahead
from storage.tables import programmes
from storage.tables.people import Pace

MONDAY = date(2026, 3, 2)
TITLE = Text(sv="Avstamp", en="Kick-off")
YEAR = load_library().programmes["year-of-ten"]


def programme(*weeks: int, minutes: int = 210, length: int = 30) -> Programme:
    """A programme of so many weeks, like the first of ours, with meetings in these."""
    meetings = tuple(Session(week=week, title=TITLE, about=TITLE, minutes=minutes) for week in weeks)
    some = load_library().programmes["eight-weeks"]
    return some.model_copy(update={"weeks": some.weeks[:1] * length, "sessions": meetings})


def days(*weeks: int, starts_on: date = MONDAY, calendar: Calendar | None = None) -> list[date]:
    found = placed(programme(*weeks), starts_on=starts_on, calendar=calendar or Calendar())
    assert [one.number for one in found] == list(range(1, len(weeks) + 1))
    return [one.day for one in found]


@pytest.mark.parametrize(
    ("week", "closed", "day"),
    [
        (1, (), date(2026, 3, 4)),
        (1, ("2026-03-04",), date(2026, 3, 5)),
        (1, ("2026-03-04", "2026-03-05", "2026-03-06"), date(2026, 3, 3)),
        (1, [f"2026-03-0{day}" for day in range(2, 7)], date(2026, 3, 9)),
        (5, (), date(2026, 4, 1)),
        (5, ("2026-04-01",), date(2026, 3, 31)),
        (9, ("2026-04-29",), date(2026, 4, 28)),
        (10, (), date(2026, 5, 6)),
        (12, (), date(2026, 5, 20)),
    ],
    ids=[
        "an ordinary Wednesday", "a closed Wednesday", "closed from Wednesday on", "a closed week",
        "Maundy Thursday is the day after", "a half eve and a red day follow", "Walpurgis and May Day follow",
        "the week after", "the week after Ascension",
    ],
)  # fmt: skip
def test_a_meeting_is_on_the_wednesday_of_its_week_or_the_next_open_day(
    week: int, closed: tuple[str, ...], day: date
) -> None:
    calendar = Calendar(closed=frozenset(map(date.fromisoformat, closed)))
    assert days(week, calendar=calendar) == [day]


def test_weeks_of_rest_do_not_count() -> None:
    resting = Calendar(resting=frozenset({7}))
    assert days(1, 3, 4, starts_on=date(2026, 6, 15), calendar=resting) == [
        date(2026, 6, 17), date(2026, 8, 5), date(2026, 8, 12),
    ]  # fmt: skip


def test_no_meeting_is_before_the_start_and_no_two_are_on_one_day() -> None:
    assert days(1, 1, 1, starts_on=date(2026, 3, 5)) == [date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)]


@pytest.mark.parametrize(
    ("minutes", "begins"), [(15, 13), (210, 13), (240, 13), (241, 12), (300, 12), (420, 10), (480, 9)]
)
def test_a_long_meeting_begins_earlier_so_that_it_is_over_by_five(minutes: int, begins: int) -> None:
    assert begins_at(minutes) == time(begins)
    assert begins * 60 + minutes <= 17 * 60


@given(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.sets(st.integers(1, 12), max_size=3),
    st.sets(st.integers(0, 400), max_size=60),
    st.booleans(),
)
def test_every_meeting_is_on_an_open_day_from_the_start_on_in_its_week_when_that_has_one(
    starts_on: date, resting: set[int], closed: set[int], squeezed: bool
) -> None:
    calendar = Calendar(
        closed=frozenset(starts_on + timedelta(days=one) for one in closed),
        resting=frozenset(resting),
        squeeze_days=squeezed,
    )
    found = placed(YEAR, starts_on=starts_on, calendar=calendar)
    assert len(found) == len(YEAR.sessions) == len({one.day for one in found})
    for one in found:
        assert one.day >= starts_on
        assert calendar.why_closed(one.day, time(13)) is None
        week = week_number(one.day, starts_on=starts_on, calendar=calendar)
        if week != YEAR.sessions[one.number - 1].week:
            monday = monday_of(one.day) - timedelta(weeks=1)
            before = {row.day for row in found}
            assert all(
                calendar.why_closed(day, time(13)) or day < starts_on or day in before
                for day in (monday + timedelta(days=offset) for offset in range(5))
            )


# Who is told, and when


def ahead(day: date, *, role: Role = Role.MANAGER, own: int = 0b11111, pace: Pace = Pace.DAILY) -> Ahead:
    return Ahead(
        number=1, day=day, begins="13:00", minutes=210, place="", role=programmes.Role(role), starts_on=MONDAY,
        slot="08:15", days=own, pace=pace,
    )  # fmt: skip


def tellers(one: Ahead, lessons: int = 5) -> list[date]:
    """The days of the meeting's week and the one before whose exercise would tell of it."""
    some = programme(1, length=9)
    week = some.weeks[0].model_copy(update={"lessons": some.weeks[0].lessons[:lessons]})
    told_by = some.model_copy(update={"weeks": (week,) * 9})
    every = (MONDAY + timedelta(days=offset) for offset in range(12))
    return [day for day in every if day < one.day and told_on(day, [one], told_by, calendar=Calendar())]


def test_the_exercise_of_the_day_before_tells_of_a_meeting() -> None:
    wednesday = date(2026, 3, 11)
    assert tellers(ahead(wednesday))[0] == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("one", "lessons", "last"),
    [
        (ahead(date(2026, 3, 11)), 5, date(2026, 3, 10)),
        (ahead(date(2026, 3, 11)), 2, date(2026, 3, 9)),
        (ahead(date(2026, 3, 9)), 5, date(2026, 3, 6)),
        (ahead(date(2026, 3, 11), pace=Pace.MONDAYS), 5, date(2026, 3, 9)),
        (ahead(date(2026, 3, 11), pace=Pace.THREE), 5, date(2026, 3, 10)),
        (ahead(date(2026, 3, 11), own=0b10001), 5, date(2026, 3, 9)),
    ],
    ids=["every day", "two a week", "a meeting on a Monday", "gathered on Mondays", "three a week", "own days"],
)
def test_whoever_gets_no_exercise_the_day_before_is_told_in_the_last_one_before(
    one: Ahead, lessons: int, last: date
) -> None:
    sent = [day for day in tellers(one, lessons) if day <= last]
    assert sent == [last], "once, and not a day earlier"


def test_nobody_is_told_of_a_meeting_for_another_role() -> None:
    some = programme(1)
    (meeting,) = some.sessions
    for_politicians = meeting.model_copy(update={"roles": (Role.POLITICIAN,)})
    told_by = some.model_copy(update={"sessions": (for_politicians,)})
    wednesday, tuesday = date(2026, 3, 4), date(2026, 3, 3)
    assert told_on(tuesday, [ahead(wednesday)], told_by, calendar=Calendar()) == ()
    assert told_on(tuesday, [ahead(wednesday, role=Role.POLITICIAN)], told_by, calendar=Calendar()) != ()


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from(YEAR.roles),
    st.integers(1, 31),
    st.sampled_from(list(Pace)),
    st.sets(st.integers(0, 400), max_size=40),
)
def test_everybody_with_an_exercise_in_the_nine_days_before_is_told_of_each_meeting_once(
    starts_on: date, role: Role, own: int, pace: Pace, closed: set[int]
) -> None:
    calendar = Calendar(
        closed=frozenset(starts_on + timedelta(days=one) for one in closed), resting=frozenset(YEAR.rests)
    )
    begins = max(starts_on, first_monday(starts_on))
    meetings = {one.number: one.day for one in placed(YEAR, starts_on=begins, calendar=calendar)}
    exercises = [
        step.day
        for monday, week in zip(mondays(begins, calendar), YEAR.weeks, strict=False)
        for step in week_plan(
            monday, steps=range(len(week.lessons_for(role))), starts_on=begins, first_day=begins, days=own,
            slot=time(8, 15), pace=pace, calendar=calendar,
        )
        if step.reason is None and step.carrier
    ]  # fmt: skip
    told = Counter[int]()
    for day in exercises:
        soon = [
            replace(ahead(when, role=role, own=own, pace=pace), number=number, starts_on=begins)
            for number, when in meetings.items()
            if day < when <= day + HOW_FAR_AHEAD
        ]
        told.update(when.number for _what, when in told_on(day, soon, YEAR, calendar=calendar))
    invited = {number for number, one in enumerate(YEAR.sessions, start=1) if role in one.roles}
    can_be = {
        number for number in invited if any(timedelta(0) < meetings[number] - day <= HOW_FAR_AHEAD for day in exercises)
    }
    assert told == Counter(can_be)
