"""An answer and the closing of its wave at the same moment: it is counted, or refused, on PostgreSQL too."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from storage import survey_waves, surveys
from storage.database import Store
from storage.survey_waves import Closing
from storage.surveys import AskedOf, Question
from tests.scheduler.surveyed import LAST, asked_cohort, waves
from tests.scheduler.world import MONDAY, World, at

pytestmark = pytest.mark.postgres
NIGHT = at(f"{LAST + timedelta(days=1)} 03:00")


@pytest.fixture
def world(emptied_postgres: Store) -> World:
    return World(emptied_postgres)


def begun(beside: ThreadPoolExecutor, work: Callable[[], Any]) -> "Future[Any]":
    """Begin something that comes to wait."""
    future = beside.submit(work)
    with pytest.raises(NotYet):
        future.result(0.3)
    return future


def respond(session: Session, asked: AskedOf, person: int) -> bool:
    return surveys.respond(session, asked, {Question("S8"): "4"}, person_id=person, now=NIGHT)


def test_what_was_answered_before_it_closed_is_counted_and_what_came_after_is_refused(world: World) -> None:
    person = world.person(asked_cohort(world))
    seen: list[Closing] = []

    def release(closing: Closing) -> dict[str, Any]:
        seen.append(closing)
        return {}

    wave_id = waves(world)[0].id
    close = partial(survey_waves.close, wave_id=wave_id, now=NIGHT, release=release)
    with Session(world.store.engine) as answering, ThreadPoolExecutor(1) as beside:
        [asked] = surveys.open_waves(answering, person_id=person, on=MONDAY)
        assert respond(answering, asked, person)
        closing = begun(beside, lambda: world.store.write_now(close))
        answering.commit()
        assert closing.result(20)
    assert [one.value for one in seen[0].responses] == ["4"]
    assert not world.store.write_now(partial(respond, asked=asked, person=person))


def test_who_answers_while_it_closes_waits_and_is_refused(world: World) -> None:
    person = world.person(asked_cohort(world))
    wave_id = waves(world)[0].id
    with Session(world.store.engine) as closing, ThreadPoolExecutor(1) as beside:
        [asked] = surveys.open_waves(closing, person_id=person, on=MONDAY)
        assert survey_waves.close(closing, wave_id, NIGHT, lambda _: {})
        late = begun(beside, lambda: world.store.write_now(partial(respond, asked=asked, person=person)))
        closing.commit()
        assert not late.result(20)


def test_two_nodes_that_close_a_wave_release_it_once(world: World) -> None:
    world.person(asked_cohort(world))
    wave_id = waves(world)[0].id
    with Session(world.store.engine) as first, ThreadPoolExecutor(1) as beside:
        assert survey_waves.close(first, wave_id, NIGHT, lambda _: {"by": "first"})
        close = partial(survey_waves.close, wave_id=wave_id, now=NIGHT, release=lambda _: {"by": "second"})
        second = begun(beside, lambda: world.store.write_now(close))
        first.commit()
        assert not second.result(20)
    assert waves(world)[0].released == {"by": "first"}
