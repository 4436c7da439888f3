"""Those who work shifts say so once, in the form or in words."""

import pytest

from bot.conversation.cards import ChoiceInput, Form
from bot.conversation.coordinating_sample_hands import as_opened
from storage.tables.people import Cadence, Pace, Shift
from tests.conversation.builders import Town, press, said, send, the_form, type_


def cadence(town: Town) -> Cadence:
    return next(row for row in town.rows(Cadence) if row.id == town.person().cadence_id)


def the_rhythm_form(town: Town) -> Form:
    return the_form(town.happens(press("rhythm.open")))


def times(form: Form) -> list[str]:
    slot = next(part for part in form.body if isinstance(part, ChoiceInput) and part.name == "slot")
    return [option.value for option in slot.options]


@pytest.mark.parametrize(
    ("said_so", "shift", "slot", "pace"),
    [
        ("pass morgon", Shift.MORNING, "08:15", Pace.DAILY),
        ("skift kväll", Shift.EVENING, "13:30", Pace.DAILY),
        ("shift night", Shift.NIGHT, "21:30", Pace.MONDAYS),
    ],
)
def test_a_shift_in_words_brings_a_time_of_its_own_unless_the_old_one_fits(
    town: Town, said_so: str, shift: Shift, slot: str, pace: Pace
) -> None:
    type_(town, said_so)
    kept = cadence(town)
    assert (kept.shift, kept.slot, kept.pace) == (shift, slot, pace)
    assert town.person().rhythm_chosen


def test_a_shift_in_the_form_brings_a_time_of_its_own_and_the_receipt_says_which(town: Town) -> None:
    form = the_rhythm_form(town)
    receipt = said(send(town, form, values=as_opened(form) | {"shift": "evening"}))
    assert "Kvällspass, 13.30–21.00" in receipt
    assert "13.30 (Stockholm)" in receipt
    assert town.person().rhythm_chosen


def test_the_form_offers_the_times_of_ones_own_shift_alone(town: Town) -> None:
    assert (times(the_rhythm_form(town))[0], times(the_rhythm_form(town))[-1]) == ("07:30", "16:00")
    type_(town, "pass kväll")
    assert (times(the_rhythm_form(town))[0], times(the_rhythm_form(town))[-1]) == ("13:30", "20:30")


def test_a_time_outside_the_shift_is_refused_with_the_times_there_are(town: Town) -> None:
    assert "från 07.30 till 16.00" in said(type_(town, "tid 21.30"))
    type_(town, "pass kväll")
    assert "från 13.30 till 20.30" in said(type_(town, "tid 8.15"))
    assert cadence(town).slot == "13:30"
    type_(town, "tid 19.45")
    assert cadence(town).slot == "19:45"


def test_at_night_a_closer_pace_is_refused_and_comes_with_another_shift(town: Town) -> None:
    type_(town, "pass natt")
    assert "en gång i veckan" in said(type_(town, "takt daglig"))
    assert cadence(town).pace is Pace.MONDAYS
    form = the_rhythm_form(town)
    send(town, form, values=as_opened(form) | {"pace": "daily"})
    assert cadence(town).pace is Pace.MONDAYS
    type_(town, "pass dag")
    type_(town, "takt daglig")
    kept = cadence(town)
    assert (kept.shift, kept.slot, kept.pace) == (Shift.DAY, "08:15", Pace.DAILY)


def test_who_works_in_the_daytime_is_told_nothing_of_shifts_by_their_rhythm(town: Town) -> None:
    assert "Arbetstid" not in said(type_(town, "inställningar"))
    assert "Arbetstid" in said(type_(town, "pass natt"))


@pytest.mark.parametrize("answer", ["pass på nu kommer det", "skift efter skift, utan paus", "pass 3"])
def test_an_answer_that_begins_with_a_shift_is_an_answer(town: Town, answer: str) -> None:
    type_(town, answer)
    assert cadence(town).shift is Shift.DAY


def test_whoever_leaves_the_nights_is_told_that_the_week_is_still_gathered(town: Town) -> None:
    type_(town, "pass nätter")
    assert "fortfarande" in said(type_(town, "pass dag"))
    assert "fortfarande" not in said(type_(town, "pass kväll"))


@pytest.mark.parametrize(("shift", "slot"), [("day", "08:15"), ("evening", "13:30")])
def test_a_form_that_is_older_than_the_shift_is_still_taken(town: Town, shift: str, slot: str) -> None:
    form = the_rhythm_form(town)
    type_(town, "pass natt")
    send(town, form, values=as_opened(form) | {"shift": shift})
    kept = cadence(town)
    assert (kept.shift.value, kept.slot) == (shift, slot)
