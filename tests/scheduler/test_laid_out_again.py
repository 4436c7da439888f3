"""A round whose team gets other days: from tomorrow on it follows them, and today stays as it was."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar import Calendar
from scheduler.timeline import TeamDays, lay_out
from scheduler.timeline_changes import Moment, lay_out_again
from storage.moments import local_day
from tests.scheduler.test_timeline import TEN, ours, team_days, working_days
from tests.scheduler.test_timeline_changes import BEFORE, LAID_OUT, SPRINT, moments, starts, told
from tests.scheduler.world import STOCKHOLM, at


def closing(*days: date) -> TeamDays:
    return TeamDays(calendar=Calendar(closed=frozenset(days)), slot=TEN.slot, zone=STOCKHOLM)


@given(old_days=team_days, new_days=team_days, starts_on=starts, hours=st.integers(-24 * 20, 24 * 40), data=st.data())
def test_what_is_to_come_keeps_its_place_among_the_days_and_what_has_been_keeps_its_day(
    old_days: TeamDays, new_days: TeamDays, starts_on: date, hours: int, data: st.DataObject
) -> None:
    chosen = ours()[data.draw(st.sampled_from(sorted(ours())))]
    old = lay_out(chosen, working_days(old_days, starts_on, 1)[0], old_days, BEFORE)
    now = old.steps[0].prompt_at + timedelta(hours=hours)
    today = local_day(now, STOCKHOLM)
    changed = lay_out_again(old, chosen, old_days, new_days, now)
    new = changed.timeline
    assert told(old, changed) == sorted(moments(new))
    assert all(local_day(one.before, STOCKHOLM) > today for one in changed.differences if one.before is not None)
    assert all(local_day(one.after, STOCKHOLM) > today for one in changed.differences if one.after is not None)
    for before, after in zip(old.steps, new.steps, strict=True):
        assert before.key == after.key
        for was, is_ in ((before.day, after.day), (before.last_day, after.last_day)):
            if was <= today:
                assert is_ == was
            else:
                assert new_days.why_closed(is_) is None
                since = max(today, old.starts_on)
                assert old_days.between(since, was) == new_days.between(max(today, new.starts_on), is_)
    prompts = [row.prompt_at for row in new.steps]
    assert prompts == sorted(set(prompts))


def test_a_day_that_closes_in_the_week_moves_what_comes_after_it() -> None:
    wednesday = date(2026, 3, 4)
    changed = lay_out_again(LAID_OUT, SPRINT, TEN, closing(wednesday), at("2026-03-02 11:00"))
    days = [row.day.isoformat() for row in changed.timeline.steps]
    assert days == ["2026-03-02", "2026-03-03", "2026-03-05", "2026-03-09"]
    assert {one.key for one in changed.differences if one.moment is Moment.PROMPT} == {"ideas", "answer"}


def test_today_cannot_be_closed_any_more() -> None:
    assert lay_out_again(LAID_OUT, SPRINT, TEN, closing(date(2026, 3, 2)), at("2026-03-02 08:00")).differences == ()


def test_a_round_that_has_not_begun_keeps_its_first_day_or_begins_on_the_next_open_one() -> None:
    before: datetime = at("2026-02-20 09:00")
    assert lay_out_again(LAID_OUT, SPRINT, TEN, closing(date(2026, 2, 24)), before).differences == ()
    moved = lay_out_again(LAID_OUT, SPRINT, TEN, closing(date(2026, 3, 2)), before).timeline
    assert (moved.starts_on, moved.ends_on) == (date(2026, 3, 3), date(2026, 3, 9))


def test_another_hour_holds_from_tomorrow_on() -> None:
    earlier = TeamDays(calendar=Calendar(), slot=time(8, 30), zone=STOCKHOLM)
    changed = lay_out_again(LAID_OUT, SPRINT, TEN, earlier, at("2026-03-02 07:00"))
    prompts = [row.prompt_at for row in changed.timeline.steps]
    assert prompts[:2] == [at("2026-03-02 10:00"), at("2026-03-03 08:30")]
