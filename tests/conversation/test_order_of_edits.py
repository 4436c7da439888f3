"""What is done to one message in the chat, and reaches us in another order."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from storage import chat_messages
from storage.tables.answers import ChatMessage
from tests.conversation.builders import MORNING, Reflection, Town, a_nudge, edit, said, take_away, type_

SECOND = timedelta(seconds=1)
Done = Callable[[Town], object]


def _wrote(town: Town) -> object:
    return type_(town, "Först", message="u1", at=MORNING + 60 * SECOND, done_at=MORNING)


def _edited(town: Town) -> object:
    return edit(town, "Däremellan", message="u1", at=MORNING + 60 * SECOND, done_at=MORNING + SECOND)


def _edited_again(town: Town) -> object:
    return edit(town, "Sist", message="u1", at=MORNING + 60 * SECOND, done_at=MORNING + 2 * SECOND)


def _deleted(town: Town) -> object:
    return take_away(town, message="u1", at=MORNING + 60 * SECOND, done_at=MORNING + 3 * SECOND)


def _in_order(order: Sequence[Done]) -> str:
    return " ".join(done.__name__.strip("_") for done in order)


@pytest.mark.parametrize("order", list(permutations([_wrote, _edited, _edited_again])), ids=_in_order)
def test_what_was_edited_last_is_kept_in_whichever_order_it_reaches_us(town: Town, order: Sequence[Done]) -> None:
    a_nudge(town)
    for done in order:
        done(town)
        assert "Ändringen" not in said(town.shows)
    assert [row.body for row in town.rows(Reflection)] == ["Sist"]
    assert [row.body for row in town.rows(ChatMessage)] == [None]


@pytest.mark.parametrize("order", list(permutations([_wrote, _edited, _edited_again, _deleted])), ids=_in_order)
def test_what_was_deleted_is_gone_in_whichever_order_it_reaches_us(town: Town, order: Sequence[Done]) -> None:
    a_nudge(town)
    for done in order:
        done(town)
    assert town.rows(Reflection) == []
    assert [row.body for row in town.rows(ChatMessage)] == [None]


def test_what_is_done_to_a_deleted_message_is_met_with_silence(town: Town) -> None:
    a_nudge(town)
    for done in (_wrote, _deleted):
        done(town)
    for late in (_edited, _wrote, _edited_again):
        assert late(town) == []
    assert edit(town, "Eleven är 20100102-1234", message="u1") == [], "an edit without a moment of its own"


def test_a_text_older_than_its_edit_is_not_saved_beside_it(town: Town) -> None:
    a_nudge(town)
    for done in (_wrote, _edited, _wrote):
        done(town)
    assert [row.body for row in town.rows(Reflection)] == ["Däremellan"]


def test_edits_of_a_text_written_long_ago_may_come_in_any_order(town: Town) -> None:
    a_nudge(town)
    _wrote(town)
    town.write(lambda session: chat_messages.forget(session, noted_before=MORNING + timedelta(days=3)))
    _edited_again(town)
    _edited(town)
    assert [row.body for row in town.rows(Reflection)] == ["Sist"]
    assert [row.body for row in town.rows(ChatMessage)] == [None]


def test_an_edit_of_a_message_too_old_to_be_on_its_way_keeps_nothing_and_says_so(town: Town) -> None:
    a_nudge(town)
    at = MORNING + timedelta(days=3)
    recent = edit(town, "På väg", message="u1", at=at, written_at=at - timedelta(days=2))
    assert recent == [], "one that may be on its way waits for it"
    old = edit(town, "Gammalt", message="u2", at=at, written_at=at - timedelta(days=2, seconds=1))
    assert "Ändringen sparades inte" in said(old)
    assert [row.body for row in town.rows(ChatMessage)] == ["På väg", None]


def test_an_edit_that_overtook_its_message_counts_although_both_were_kept_waiting_for_days(town: Town) -> None:
    a_nudge(town)
    later = MORNING + timedelta(days=3)
    edit(town, "Ändrat", message="u1", at=MORNING + SECOND, done_at=MORNING + SECOND, written_at=MORNING, now=later)
    assert town.shows == []
    type_(town, "Först", message="u1", at=MORNING + 2 * SECOND, done_at=MORNING, now=later)
    assert [row.body for row in town.rows(Reflection)] == ["Ändrat"]


def test_an_edit_of_a_saved_text_is_saved_however_old_the_text_is(town: Town) -> None:
    a_nudge(town)
    _wrote(town)
    late = MORNING + timedelta(days=9)
    town.write(lambda session: chat_messages.forget(session, noted_before=late))
    edit(town, "Ändrat", message="u1", at=late, written_at=MORNING)
    assert [row.body for row in town.rows(Reflection)] == ["Ändrat"]


def test_an_older_edit_brings_nothing_back_after_one_with_a_personal_number(town: Town) -> None:
    a_nudge(town)
    _wrote(town)
    assert "personnummer" in said(edit(town, "Eleven är 20100102-1234", message="u1", done_at=MORNING + 2 * SECOND))
    assert _edited(town) == []
    assert town.rows(Reflection) == []


def test_a_personal_number_edited_away_before_the_message_reached_us_stops_nothing(town: Town) -> None:
    a_nudge(town)
    assert "personnummer" in said(edit(town, "Eleven är 20100102-1234", message="u1", done_at=MORNING + SECOND))
    _edited_again(town)
    _wrote(town)
    assert [row.body for row in town.rows(Reflection)] == ["Sist"]
