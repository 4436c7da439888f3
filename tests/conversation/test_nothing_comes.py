"""Nobody is told of a day on which nothing will come without hearing that it will not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, update

from bot.conversation.cards import Form
from bot.conversation.shows import Show
from storage.tables.programmes import Cohort, CohortState, Enrolment
from tests.conversation.builders import (
    MONDAY,
    MORNING,
    Plan,
    Town,
    a_follow_up,
    a_nudge,
    look_home,
    press,
    press_in,
    said,
    send,
    the_form,
    type_,
    written,
)

HAS_STOPPED = "Du har slutat, så du hör inget från mig"
IS_OVER = "Det här hör till ett program som är slut för dig"
Way = Callable[[], list[Show]]


def stop(town: Town) -> None:
    town.happens(press("stop.now", on="m1"))


def remove(town: Town) -> None:
    town.write(lambda session: session.execute(update(Enrolment).values(ends_on=MORNING.date())))


def end(town: Town) -> None:
    def work(session: Session) -> None:
        session.execute(update(Cohort).values(state=CohortState.ENDED, ended_on=MORNING.date()))

    town.write(work)


ENDS = [
    pytest.param(stop, HAS_STOPPED, id="stopped"),
    pytest.param(remove, IS_OVER, id="removed"),
    pytest.param(end, IS_OVER, id="the cohort has ended"),
]


def ways_to_be_told_a_day(town: Town, end: Callable[[Town], None]) -> dict[str, Way]:
    """Return what somebody can do in messages they got before something ended."""
    doing, planned = a_nudge(town), a_nudge(town, lesson="L04", day=MONDAY + timedelta(days=1))
    asked = [a_follow_up(town, day=MONDAY + timedelta(days=days)) for days in (2, 3, 4)]
    for question in asked:
        press_in(town, question, "follow_up.not_yet")
    end(town)
    plan = the_form(press_in(town, planned, "nudge.plan"))
    made: dict[str, str | tuple[str, ...]] = {
        "cue": "mötet drar över tiden",
        "cue_on": "2026-03-05",
        "action": "avslutar jag",
    }
    a_nudge(town, lesson="L05", day=MONDAY + timedelta(days=5))

    def changed_plan() -> Form:
        return the_form(town.happens(press("plan.change", town.rows(Plan)[0].id)))

    return {
        "doing, typed": lambda: type_(town, "jag gör det"),
        "doing": lambda: press_in(town, doing, "nudge.doing"),
        "planned": lambda: send(town, plan, values=made),
        "planned for another day": lambda: send(town, changed_plan(), values=made, cue_on="2026-03-06"),
        "a smaller step": lambda: press_in(town, asked[0], "follow_up.smaller"),
        "another day": lambda: send(town, the_form(press_in(town, asked[1], "follow_up.new_date")), day="2026-03-12"),
        "another day, typed": lambda: type_(town, "ny dag 2026-03-13"),
    }


@pytest.mark.parametrize(("end", "sentence"), ENDS)
def test_whoever_is_told_a_day_after_the_end_hears_that_nothing_comes(
    town: Town, end: Callable[[Town], None], sentence: str
) -> None:
    ways = ways_to_be_told_a_day(town, end)
    assert {way: sentence in said(happens()) for way, happens in ways.items()} == dict.fromkeys(ways, True)


@pytest.mark.parametrize(("end", "sentence"), ENDS)
def test_whoever_says_not_yet_after_the_end_and_before_we_asked_hears_so_too(
    town: Town, end: Callable[[Town], None], sentence: str
) -> None:
    press_in(town, a_nudge(town), "nudge.doing")
    assert sentence not in said(type_(town, "inte än"))
    end(town)
    assert sentence in said(type_(town, "inte än"))


def test_while_it_goes_on_nobody_hears_of_an_end(town: Town) -> None:
    heard = " ".join(said(happens()) for happens in ways_to_be_told_a_day(town, lambda _: None).values())
    assert HAS_STOPPED not in heard
    assert IS_OVER not in heard


def test_whoever_begins_again_is_asked_after_all_and_sees_it_at_home(town: Town) -> None:
    for happens in ways_to_be_told_a_day(town, stop).values():
        happens()
    assert "frågar jag hur det gick" not in written(look_home(town))
    town.happens(press("start.again", on="m1"))
    assert HAS_STOPPED not in said(type_(town, "ny dag 2026-03-16"))
    assert "frågar jag hur det gick" in written(look_home(town))


def test_at_home_there_is_no_heading_with_nothing_under_it_for_who_has_stopped(town: Town) -> None:
    press_in(town, a_nudge(town), "nudge.doing")
    assert "Öppet just nu" in written(look_home(town))
    stop(town)
    assert "Öppet just nu" not in written(look_home(town))
