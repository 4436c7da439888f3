"""What others see of whether an exercise was of use: figures that are added to by five or more at a time."""

import asyncio
from datetime import date, timedelta
from random import Random

import pytest
from sqlmodel import Session, select

from lessons.outcomes.figures import Answers
from lessons.outcomes.suppression import may_stand_beside
from scheduler.counting_feedback import answers_of, count_feedback
from storage import feedback
from storage.database import Store
from storage.feedback import Counted
from storage.tables.feedback import Feedback, Useful
from storage.tables.people import Person
from tests.conversation.builders import MONDAY, MORNING, Town, a_person, a_town

YES, PARTLY, NO = Useful.YES, Useful.PARTLY, Useful.NO
LESSON = "L02"


def say(town: Town, *said: Useful, first: int = 1) -> None:
    """Let as many people, from U`first` on, say this."""

    def work(session: Session) -> None:
        people = {one.external_id: one for one in session.exec(select(Person)).all()}
        for number, useful in enumerate(said, start=first):
            feedback.give(session, people[f"U{number}"], LESSON, useful, MORNING)

    there = {one.external_id for one in town.rows(Person)}
    for number in range(first, first + len(said)):
        if f"U{number}" not in there:
            a_person(town, f"U{number}")
    town.write(work)


async def night(town: Town, day: date = MONDAY) -> list[Counted]:
    await count_feedback(town.store, day)
    return list(town.write(lambda session: feedback.counted(session, 1)))


def figure(**told: int) -> Counted:
    nothing = {"answers": 0, "halves": 0, "nearly_all": 0, "nearly_none": 0}
    return Counted(lesson_id=LESSON, counted_on=MONDAY, **nothing | told)


async def test_four_answers_are_no_figure_and_five_are_one(store: Store) -> None:
    town = a_town(store=store)
    say(town, YES, YES, PARTLY, NO)
    assert await night(town) == []
    say(town, NO, first=5)
    assert await night(town) == [figure(answers=5, halves=5)]


@pytest.mark.parametrize(
    ("said", "told"), [([YES] * 5, "nearly_all"), ([YES] * 4 + [NO], "nearly_all"), ([NO] * 5, "nearly_none")]
)
async def test_of_five_who_nearly_all_say_the_same_no_more_is_told(store: Store, said: list[Useful], told: str) -> None:
    town = a_town(store=store)
    say(town, *said)
    assert await night(town) == [figure(**{told: 5})]


async def test_who_comes_after_is_counted_with_four_others_and_never_alone(store: Store) -> None:
    town = a_town(store=store)
    say(town, YES, YES, YES, NO, NO)
    [before] = await night(town)
    for number in range(6, 10):
        say(town, PARTLY, first=number)
        assert await night(town, MONDAY + timedelta(days=number)) == [before]
    say(town, PARTLY, first=10)
    [after] = await night(town, MONDAY + timedelta(days=10))
    assert (after.answers, after.halves) == (10, 11)


async def test_a_change_of_mind_and_a_deletion_change_no_figure(store: Store) -> None:
    town = a_town(store=store)
    say(town, YES, YES, YES, NO, NO)
    before = await night(town)
    say(town, NO)
    town.write(lambda session: session.delete(session.exec(select(Feedback).where(Feedback.person_id == 2)).one()))
    assert await night(town, MONDAY + timedelta(days=1)) == before
    assert {one.person_id: one.useful for one in town.rows(Feedback)}[1] is NO, "their own answer is the new one"


async def test_two_who_count_at_the_same_time_count_once(store: Store) -> None:
    town = a_town(store=store)
    say(town, YES, YES, YES, NO, NO)
    await asyncio.gather(*(count_feedback(town.store, MONDAY) for _ in range(4)))
    assert await night(town) == [figure(answers=5, halves=6)]


async def test_whatever_is_taken_from_one_figure_leaves_five_or_more_who_did_not_agree() -> None:
    """Nights in random numbers, with changes of mind between: all figures there ever were, each beside each."""
    lots, town = Random(6), a_town()
    counted: dict[int, Useful] = {}
    figures: list[Answers] = []
    number = 1
    for day in range(40):
        if lots.random() < 0.8:
            some = [lots.choice((YES, YES, YES, PARTLY, NO)) for _ in range(lots.randint(1, 4))]
            say(town, *some, first=number)
            number += len(some)
        if number > 3 and lots.random() < 0.5:
            say(town, lots.choice((YES, NO)), first=lots.randint(1, number - 1))
        waiting = uncounted(town)
        before = (await looked(town)).answers
        await night(town, MONDAY + timedelta(days=day))
        newly = {id: useful for id, useful in waiting.items() if id not in uncounted(town)}
        now = await looked(town)
        if now.answers > before:
            everybody = answers_of((counted | newly).items())
            assert may_stand_beside(everybody, figures)
            figures.append(everybody)
            counted |= newly
        assert now.halves == 2 * answers_of(counted.items()).total
        assert now.answers == len(counted)
    assert len(figures) > 5


def uncounted(town: Town) -> dict[int, Useful]:
    return {one.id: one.useful for one in town.rows(Feedback) if one.counted_on is None}


async def looked(town: Town) -> Counted:
    found = town.write(lambda session: feedback.counted(session, 1))
    return found[0] if found else figure()


async def test_a_lesson_that_cannot_be_counted_keeps_no_other_from_it() -> None:
    town = a_town()
    say(town, YES, YES, NO, NO, PARTLY)
    fails = "CREATE TRIGGER broken BEFORE INSERT ON feedback_figure BEGIN SELECT RAISE(ABORT, 'broken'); END"
    town.write(lambda session: session.connection().exec_driver_sql(fails))
    assert await night(town) == []
    town.write(lambda session: session.connection().exec_driver_sql("DROP TRIGGER broken"))
    assert await night(town) == [figure(answers=5, halves=5)]
    town.store.close()
