"""A round that is moved, given more time or ended early, and what is said of it before anybody confirms."""

from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.calendar import Calendar
from scheduler.timeline import CannotStart, StepMoments, TeamDays, Timeline, lay_out
from scheduler.timeline_changes import Changed, Difference, HasPassed, Moment, extend, move
from tests.scheduler.challenges import by, challenge, each, step, vote
from tests.scheduler.test_timeline import TEN, ours, team_days, working_days
from tests.scheduler.world import at

BEFORE = datetime(2025, 12, 1, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
SPRINT = challenge(each("need", 1), vote("choose", 2, "need"), each("ideas", 3), by("team", "answer", 5))
LAID_OUT = lay_out(SPRINT, MONDAY, TEN, BEFORE)
starts = st.dates(date(2026, 1, 1), date(2028, 11, 30))


def moments(timeline: Timeline) -> list[datetime]:
    found = [timeline.ends_at]
    for row in timeline.steps:
        found += [at for at in (row.prompt_at, row.remind_at, row.opens_at, row.closes_at) if at is not None]
    return found


def told(old: Timeline, changed: Changed) -> list[datetime]:
    """Every moment of the old timeline, as the differences say it has become."""
    found = moments(old)
    for one in changed.differences:
        assert one.before != one.after
        if one.before is not None:
            found.remove(one.before)
        if one.after is not None:
            found.append(one.after)
    return sorted(found)


def past(row: StepMoments, now: datetime) -> dict[str, datetime]:
    values = {field.name: getattr(row, field.name) for field in fields(row) if field.name.endswith("_at")}
    return {name: value for name, value in values.items() if value is not None and value <= now}


@given(days=team_days, starts_on=starts, hours=st.integers(-48, 24 * 40), by_days=st.integers(1, 5), data=st.data())
def test_more_time_moves_nothing_that_has_passed_and_all_the_rest_by_as_many_working_days(
    days: TeamDays, starts_on: date, hours: int, by_days: int, data: st.DataObject
) -> None:
    chosen = ours()[data.draw(st.sampled_from(sorted(ours())))]
    starts_on = working_days(days, starts_on, 1)[0]
    old = lay_out(chosen, starts_on, days, BEFORE)
    now = old.steps[0].prompt_at + timedelta(hours=hours)
    key = data.draw(st.sampled_from([content.key for content in chosen.steps]))
    try:
        changed = extend(old, chosen, key, by_days, days, now)
    except HasPassed:
        row = [row for row in old.steps if row.key == key][-1]
        ends = row.closes_at or row.opens_at
        assert now >= (ends or min([later.prompt_at for later in old.steps if later.day > row.day] + [old.ends_at]))
        return
    new = changed.timeline
    assert told(old, changed) == sorted(moments(new))
    assert days.between(old.ends_on, new.ends_on) == by_days
    for row in new.steps:
        assert all(days.why_closed(day) is None for day in (row.day, row.last_day))
        assert row.prompt_at < (row.opens_at or row.closes_at or new.ends_at)
        assert row.remind_at is None or row.prompt_at < row.remind_at
    prompts = [row.prompt_at for row in new.steps]
    assert prompts == sorted(set(prompts))
    daily = any(content.key == key and content.daily for content in chosen.steps)
    assert len(new.steps) == len(old.steps) + (by_days if daily else 0)
    at_step = max(number for number, row in enumerate(old.steps) if row.key == key)
    for number, before in enumerate(old.steps):
        after = new.steps[number + (by_days if daily and number > at_step else 0)]
        assert before.key == after.key
        assert past(before, now).items() <= past(after, now).items()
        moved = by_days if number > at_step else 0
        assert days.between(before.day, after.day) == moved
        assert days.between(before.last_day, after.last_day) == (by_days if number == at_step and not daily else moved)
    # What would be new and lie in the past would be done at once.
    assert {at for at in moments(new) if at <= now} == {at for at in moments(old) if at <= now}


@given(days=team_days, starts_on=starts, later=st.integers(-30, 60), data=st.data())
def test_a_round_that_begins_on_another_day_keeps_its_working_days(
    days: TeamDays, starts_on: date, later: int, data: st.DataObject
) -> None:
    chosen = ours()[data.draw(st.sampled_from(sorted(ours())))]
    starts_on = working_days(days, starts_on, 1)[0]
    old = lay_out(chosen, starts_on, days, BEFORE)
    to = max(starts_on + timedelta(days=later), date(2026, 1, 1))
    assume(days.why_closed(to) is None)
    changed = move(old, chosen, to, days, BEFORE)
    assert changed.timeline == lay_out(chosen, to, days, BEFORE)
    assert told(old, changed) == sorted(moments(changed.timeline))
    assert (changed.differences == ()) is (to == starts_on)


def test_the_difference_says_what_moves_from_when_to_when() -> None:
    changed = extend(LAID_OUT, SPRINT, "ideas", 1, TEN, at("2026-03-04 12:00"))
    assert changed.differences == (
        # A step of two days now: its reminder is on the last of them, as it was.
        Difference(
            moment=Moment.OPENING, key="ideas", before=at("2026-03-04 15:00"), after=at("2026-03-05 15:00")
        ),
        Difference(
            moment=Moment.PROMPT, key="answer", before=at("2026-03-06 10:00"), after=at("2026-03-09 10:00")
        ),
        Difference(moment=Moment.END, key=None, before=at("2026-03-06 16:30"), after=at("2026-03-09 16:30")),
    )  # fmt: skip


def test_a_round_that_was_given_more_time_and_is_moved_keeps_the_time_it_was_given() -> None:
    longer = extend(LAID_OUT, SPRINT, "ideas", 2, TEN, BEFORE).timeline
    moved = move(longer, SPRINT, MONDAY + timedelta(days=7), TEN, BEFORE).timeline
    assert [row.day - timedelta(days=7) for row in moved.steps] == [row.day for row in longer.steps]
    assert moved.steps[2].last_day - timedelta(days=7) == longer.steps[2].last_day


def test_a_round_that_waits_over_a_day_closed_since_is_moved_by_the_days_that_are_open_now() -> None:
    closed = TeamDays(calendar=Calendar(closed=frozenset({date(2026, 3, 11)})), slot=time(10, 0), zone=TEN.zone)
    moved = move(LAID_OUT, SPRINT, date(2026, 3, 9), closed, BEFORE).timeline
    assert [row.day for row in moved.steps] == [
        date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12), date(2026, 3, 16),
    ]  # fmt: skip


def test_what_has_begun_is_not_moved_and_what_is_over_gets_no_more_time() -> None:
    with pytest.raises(HasPassed):
        move(LAID_OUT, SPRINT, MONDAY + timedelta(days=7), TEN, at("2026-03-02 10:00"))
    for key, now in (("need", "2026-03-03 10:00"), ("choose", "2026-03-03 15:00"), ("answer", "2026-03-06 16:30")):
        with pytest.raises(HasPassed):
            extend(LAID_OUT, SPRINT, key, 1, TEN, at(now))
        assert extend(LAID_OUT, SPRINT, key, 1, TEN, at(now) - timedelta(minutes=1)).differences


def test_a_step_that_too_few_have_answered_gets_more_time_until_the_next_begins() -> None:
    evening = at("2026-03-02 18:00")
    longer = extend(LAID_OUT, SPRINT, "need", 1, TEN, evening).timeline
    assert (longer.steps[0].opens_at, longer.steps[0].last_day.day) == (at("2026-03-02 15:00"), 3)
    assert longer.steps[1].prompt_at == at("2026-03-04 10:00")


def test_a_round_is_not_moved_to_a_red_day() -> None:
    with pytest.raises(CannotStart) as refused:
        move(LAID_OUT, SPRINT, date(2026, 4, 3), TEN, BEFORE)
    assert refused.value.next_open == date(2026, 4, 7)


def test_there_is_no_more_time_for_a_step_that_is_not_there_nor_for_no_days() -> None:
    with pytest.raises(LookupError):
        extend(LAID_OUT, SPRINT, "nothing", 1, TEN, BEFORE)
    with pytest.raises(ValueError, match="a day or more"):
        extend(LAID_OUT, SPRINT, "need", 0, TEN, BEFORE)


def test_a_step_that_comes_every_day_comes_on_the_days_it_was_given_too() -> None:
    daily = challenge(each("seen", 1, until=2, daily=True), step("rest", 3))
    changed = extend(lay_out(daily, MONDAY, TEN, BEFORE), daily, "seen", 2, TEN, at("2026-03-03 12:00"))
    assert [row.day.day for row in changed.timeline.steps] == [2, 3, 4, 5, 6]
    new = [one for one in changed.differences if one.before is None]
    assert [(one.moment, one.after) for one in new] == [
        (Moment.PROMPT, at("2026-03-04 10:00")), (Moment.OPENING, at("2026-03-04 15:00")),
        (Moment.PROMPT, at("2026-03-05 10:00")), (Moment.OPENING, at("2026-03-05 15:00")),
    ]  # fmt: skip
