"""Whom somebody does not want to meet is nobody else's to find out: not in a card, a page, an export, a log or an
error; and what others see is the same whoever made the choice."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.conversation.desk import House
from bot.conversation.routes import ROUTES
from lessons.library import Library, load_library
from lessons.pairing import Exclusions
from scheduler import pairings
from scheduler.putting_together import Arranged, Gathered
from scheduler.rounds import plan_rounds
from storage import my_data
from storage.database import Store
from storage.tables.audit import AuditEntry
from storage.tables.people import Person
from storage.tables.rounds import RoundStep
from tests.coordinating.office import SAM, form_in, somebody
from tests.in_memory import in_memory
from tests.pairs.fika import FIRST_DAY, KEY, FikaWorld
from tests.pairs.room import FikaRoom, meets, to_each
from tests.rounds_in_chat.team_room import ANNA, BO, CIA, TEAM

HATED = "U0HATED"
"""Somebody whom nobody has met, and whom no other row names: in no team, so no card could name them but by mistake."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture
def kept() -> Iterator[Store]:
    store = in_memory()
    yield store
    store.close()


@pytest.fixture
def room(kept: Store, library: Library) -> FikaRoom:
    """Bo does not want to meet two: one of the team, and somebody nobody else names."""
    room = FikaRoom(store=kept, library=library)
    room.begin_fika(*TEAM)
    form = form_in(room.press("exclusions.open", who=BO))
    room.send(form, who=BO, profiles={"people": (somebody(ANNA), somebody(HATED))})
    return room


async def test_no_card_no_page_and_no_export_of_anybody_else_has_a_trace_of_it(room: FikaRoom) -> None:
    for day in (2, 3, 6):
        await room.at_clock(2026, 3, day, 10)
    assert not any(HATED in str(heard.card) for heard in room.heard)
    assert not any(ANNA in meets(heard) for heard in room.heard if heard.who == BO)
    steps = room.rows(RoundStep)
    for who in (SAM, ANNA, CIA):
        for action in sorted(ROUTES.presses.keys() - {"my_data.delete", "team.leave", "team.end", "round.end"}):
            for value in ("", "1", str(steps[0].id), str(steps[-1].id)):
                assert HATED not in str(room.press(action, value, who=who)), action
        for word in ("lag", "mina uppgifter", "hjälp", "omgångar"):
            assert HATED not in str(room.write(word, who=who))
        assert HATED not in repr(_export_of(room, who))
    assert HATED in repr(_export_of(room, BO))
    assert HATED not in repr([one.detail for one in room.rows(AuditEntry)])


@pytest.mark.parametrize("size", [4, 5])
async def test_who_is_chosen_between_the_days_is_not_left_alone_by_it_and_nobody_is_told_of_that_pair(
    library: Library, kept: Store, size: int
) -> None:
    """Whoever was chosen, is alone, and reads that the other is not, has been told."""
    room = FikaRoom(store=kept, library=library)
    room.begin_fika(*TEAM[:size])
    first = to_each(await room.at_clock(2026, 3, 2, 10))
    who, other = next((who, meets(one)[0]) for who, one in first.items() if len(meets(one)) == 1)
    form = form_in(room.press("exclusions.open", who=who))
    room.send(form, who=who, profiles={"people": (somebody(other),)})
    second = to_each(await room.at_clock(2026, 3, 3, 10))
    assert set(second) == set(TEAM[:size])
    for one, heard in second.items():
        assert meets(heard), "everybody has somebody"
        assert not {who, other} <= {one, *meets(heard)}
        assert ("paras" in heard.text, "valt" in heard.text) == (False, False)


async def test_what_the_other_hears_is_the_same_whoever_of_the_two_made_the_choice(
    kept: Store, library: Library
) -> None:
    said = []
    for who, other in ((BO, ANNA), (ANNA, BO)):
        store = in_memory()
        room = FikaRoom(store=store, library=library)
        room.begin_fika(*TEAM)
        form = form_in(room.press("exclusions.open", who=who))
        room.send(form, who=who, profiles={"people": (somebody(other),)})
        told = to_each(await room.at_clock(2026, 3, 2, 10))
        said.append({one: heard.card for one, heard in told.items()})
        store.close()
    assert said[0] == said[1]


async def test_a_log_and_an_error_say_nothing_of_it(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = in_memory()
    world = FikaWorld(store)
    _team, people, fika = world.fika(4)
    world.not_with(people[0], people[1])
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        await world.come(FIRST_DAY)
    assert logs == []
    assert caplog.text == ""

    def broken(gathered: Gathered) -> Arranged:
        raise RuntimeError(gathered)

    [step] = [row for row in world.steps_of(fika) if row.key == "coffee"]
    monkeypatch.setattr(pairings, "put_together", broken)
    with capture_logs() as logs:
        planned = await plan_rounds(store, step.prompt_at, pair_key=KEY)
    store.close()
    assert planned.failed == 1
    [told] = logs
    assert (told["event"], told["work"], told["error"]) == ("round_not_planned", "pairs", "RuntimeError")
    assert "Exclusions(confidential)" in repr(told["exc_info"]), "the error does hold it, and does not tell"
    assert f"({people[0]}, {people[1]})" not in repr(told)
    assert "secret of" not in repr(told)
    assert repr(Exclusions([(1, 2)])) == "Exclusions(confidential)"


def _export_of(room: FikaRoom, who: str) -> dict[str, Any]:
    person = next(one for one in room.rows(Person) if one.external_id == who)
    return room.look(lambda session: my_data.collect(session, person))


def test_the_secret_of_the_house_is_not_printed_with_it(library: Library) -> None:
    house = House(
        library=library, organisation_name="", contact="", coordinators=frozenset(), page_address=None, secret=b"MINE"
    )
    assert "MINE" not in repr(house)
