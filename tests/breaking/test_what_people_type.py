"""What people type when they did not mean to break anything."""

from datetime import timedelta

import pytest

from bot.conversation.saving import has_personal_number
from tests.conversation.builders import MORNING, Reflection, Town, a_nudge, edit, said, type_


@pytest.mark.parametrize("between", ["-", "+", " ", "", "\u2013", "\u2011", " - ", " \u2013 ", "\u00a0", "\n"])
def test_a_personal_number_is_seen_however_its_hyphen_is_typed(between: str) -> None:
    assert has_personal_number(f"Jag pratade med 121212{between}1212 i dag")


def test_a_refused_text_that_is_corrected_in_place_is_not_lost_in_silence(town: Town) -> None:
    a_nudge(town)
    type_(town, "Anna, 19121212-1212, var med", message="u9")
    shows = edit(town, "En kollega var med", message="u9")
    assert [row.body for row in town.rows(Reflection)] == ["En kollega var med"] or said(shows)


def test_undo_twice_takes_back_one_text_only(town: Town) -> None:
    a_nudge(town)
    type_(town, "Den första tanken")
    type_(town, "Den andra tanken", at=MORNING + timedelta(hours=3))
    for minute in (1, 2):
        type_(town, "ångra", at=MORNING + timedelta(hours=3, minutes=minute))
    assert [row.body for row in town.rows(Reflection)] == ["Den första tanken"]


@pytest.mark.parametrize("hours", [0, 3])
def test_undo_reaches_no_further_back_until_something_new_is_written(town: Town, hours: int) -> None:
    a_nudge(town)
    later = MORNING + timedelta(hours=hours)
    type_(town, "Den första tanken")
    type_(town, "Den andra tanken", at=later + timedelta(minutes=10))
    type_(town, "ångra", at=later + timedelta(minutes=11))
    assert "inget att ångra" in said(type_(town, "ångra", at=later + timedelta(minutes=12)))
    type_(town, "Den tredje tanken", at=later + timedelta(minutes=13))
    type_(town, "ångra", at=later + timedelta(minutes=14))
    assert [row.body for row in town.rows(Reflection)] == ["Den första tanken"]
