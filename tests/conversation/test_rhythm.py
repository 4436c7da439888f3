from datetime import date, timedelta

import pytest

from bot.conversation.cards import ChoiceInput, DateInput
from bot.conversation.coordinating_sample_hands import as_opened
from bot.conversation.events import Profile, ProfileChanged
from storage.tables.people import Cadence, Pace
from tests.conversation.builders import (
    MORNING,
    Town,
    a_nudge,
    a_person,
    look_home,
    press,
    press_in,
    refused,
    replaced,
    said,
    send,
    the_form,
    type_,
    written,
)

CHOICES: dict[str, str | tuple[str, ...]] = {
    "slot": "10:00",
    "days": ("0", "1", "2"),
    "pace": "three",
    "language": "en",
    "zone": "profile",
    "save": "no",
}
AS_IT_WAS: dict[str, str | tuple[str, ...]] = {"slot": "08:15", "days": ("0", "1", "2", "3", "4"), "pace": "daily"}


def cadence(town: Town, name: str = "U1") -> Cadence:
    person = town.person(name)
    return next(row for row in town.rows(Cadence) if row.id == person.cadence_id)


def a_form_sent(town: Town, **changes: str | tuple[str, ...]) -> None:
    form = the_form(town.happens(press("rhythm.open")))
    send(town, form, values=CHOICES | changes)


def test_the_form_shows_every_quarter_of_the_humane_hours(town: Town) -> None:
    form = the_form(town.happens(press("rhythm.open")))
    slot = next(part for part in form.body if isinstance(part, ChoiceInput) and part.name == "slot")
    assert (slot.options[0].value, slot.options[-1].value, slot.initial) == ("07:30", "16:00", ("08:15",))
    assert len(slot.options) == 35


def test_a_new_rhythm_is_kept_and_shown_in_the_language_chosen(town: Town) -> None:
    a_form_sent(town)
    kept = cadence(town)
    assert (kept.slot, kept.days, kept.pace, kept.zone) == ("10:00", 0b111, Pace.THREE, "Europe/Stockholm")
    assert "Your rhythm is changed" in said(town.shows)
    assert town.person().saves_text is False


def test_a_rhythm_saved_as_it_was_is_said_to_be_so(town: Town) -> None:
    form = the_form(town.happens(press("rhythm.open")))
    receipt = said(send(town, form, values=as_opened(form)))
    assert "Din rytm är som förut" in receipt
    assert "('Dagar', 'måndag–fredag')" in receipt


def test_days_are_not_told_where_the_pace_says_them(town: Town) -> None:
    assert "('Dagar', 'måndag–fredag')" in said(type_(town, "inställningar"))
    assert "måndag, tisdag och torsdag" in said(type_(town, "takt tre"))
    assert "('Dagar', 'måndag, tisdag och torsdag')" in said(type_(town, "inställningar"))
    type_(town, "takt måndag")
    assert "Dagar" not in said(type_(town, "inställningar"))


def test_whoever_works_other_days_reads_which_three_they_get(town: Town) -> None:
    type_(town, "dagar ons fre")
    assert "de här dagarna: onsdag och fredag." in said(type_(town, "takt tre"))
    assert "('Dagar', 'onsdag och fredag')" in said(type_(town, "inställningar"))


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("days mon to wed", "måndag, tisdag och onsdag"),
        ("dagar mån–ons, fre", "måndag, tisdag, onsdag och fredag"),
        ("dagar tisdag till torsdag", "tisdag, onsdag och torsdag"),
        ("dagar må on to", "måndag, onsdag och torsdag"),
        ("dagar mån och tors", "måndag och torsdag"),
        ("dagar fre - mån", "måndag och fredag"),
    ],
)
def test_days_are_named_one_by_one_or_from_one_to_another(town: Town, typed: str, days: str) -> None:
    assert f"('Dagar', '{days}')" in said(type_(town, typed))


@pytest.mark.parametrize("choice", ["tid 08.15", "dagar mån tis", "takt tre"])
def test_a_rhythm_chosen_in_words_is_the_persons_own(town: Town, choice: str) -> None:
    assert not town.person().rhythm_chosen
    type_(town, choice)
    assert town.person().rhythm_chosen


@pytest.mark.parametrize("change", [{"slot": "10:00"}, {"days": ("0", "1")}, {"pace": "mondays"}])
def test_a_rhythm_chosen_in_the_form_is_the_persons_own(town: Town, change: dict[str, str | tuple[str, ...]]) -> None:
    a_form_sent(town, **AS_IT_WAS)
    assert not town.person().rhythm_chosen, "choosing a language is no choice of a time"
    a_form_sent(town, **AS_IT_WAS | change)
    assert town.person().rhythm_chosen


def test_a_pace_chosen_by_button_is_the_persons_own(town: Town) -> None:
    press_in(town, a_nudge(town), "pace.three", "")
    assert town.person().rhythm_chosen


@pytest.mark.parametrize("slot", ["07:15", "16:15", "23:59", "99:99", "", "åtta"])
def test_a_slot_outside_the_humane_hours_is_refused_in_a_sentence(town: Town, slot: str) -> None:
    a_form_sent(town, slot=slot)
    assert "från 07.30 till 16.00" in refused(town.shows)["slot"]
    assert cadence(town).slot == "08:15"


def test_a_rhythm_without_days_is_refused_in_a_sentence(town: Town) -> None:
    a_form_sent(town, days=())
    assert "minst en dag" in refused(town.shows)["days"]


def test_the_zone_follows_the_profile_until_one_is_chosen(town: Town) -> None:
    def moves(zone: str) -> None:
        profile = Profile(external_id="U1", zone=zone, language="sv")
        town.happens(
            ProfileChanged(key=zone, platform="slack", workspace="T1", person="U1", at=MORNING, profile=profile)
        )

    moves("Europe/Helsinki")
    assert cadence(town).zone == "Europe/Helsinki"
    a_form_sent(town, zone="Europe/Athens")
    moves("America/New_York")
    assert cadence(town).zone == "Europe/Athens"
    a_form_sent(town, zone="profile")
    moves("America/New_York")
    assert cadence(town).zone == "America/New_York"


def test_a_language_chosen_stays_whatever_the_profile_says(town: Town) -> None:
    type_(town, "english")
    profile = Profile(external_id="U1", zone="Europe/Stockholm", language="sv")
    town.happens(ProfileChanged(key="k", platform="slack", workspace="T1", person="U1", at=MORNING, profile=profile))
    assert town.person().language == "en"


def test_a_zone_nobody_knows_changes_nothing(town: Town) -> None:
    profile = Profile(external_id="U1", zone="Mars/Olympus", language=None)
    town.happens(ProfileChanged(key="k", platform="slack", workspace="T1", person="U1", at=MORNING, profile=profile))
    assert cadence(town).zone == "Europe/Stockholm"


def test_the_pause_form_takes_a_last_day_and_refuses_one_that_has_been(town: Town) -> None:
    form = the_form(town.happens(press("pause.open")))
    assert any(isinstance(part, DateInput) for part in form.body)
    assert "redan varit" in refused(send(town, form, last="2026-02-27"))["last"]
    assert "mer än ett år" in refused(send(town, form, last="2028-01-01"))["last"]
    assert "förstod inte" in refused(send(town, form, last=""))["last"]
    assert "hör av mig igen måndag 16 mars." in said(send(town, form, last="2026-03-15"))
    person = town.person()
    assert (person.paused_from, person.paused_until) == (date(2026, 3, 2), date(2026, 3, 15))


def test_what_is_to_be_asked_waits_for_the_end_of_a_pause_and_is_said_to(town: Town) -> None:
    press_in(town, a_nudge(town), "nudge.doing")
    type_(town, "paus till och med 2026-03-15")
    assert "måndag 16 mars frågar jag hur det gick" in written(look_home(town))
    assert "Jag hör av mig måndag 16 mars och frågar" in said(type_(town, "inte än"))


def test_whoever_comes_back_on_a_tuesday_and_gets_all_on_mondays_is_told_the_monday(town: Town) -> None:
    type_(town, "takt måndagar")
    assert "hör av mig igen måndag 16 mars." in said(type_(town, "paus till och med 2026-03-09"))


@pytest.mark.parametrize("text", ["paus till 2026-01-01", "pause until 2026-01-01"])
def test_a_pause_typed_with_a_day_that_has_been_is_a_sentence(town: Town, text: str) -> None:
    assert "redan varit (torsdag 1 januari 2026)" in said(type_(town, text))
    assert town.person().paused_until is None


def test_stopping_and_starting_again_is_done_at_once(town: Town) -> None:
    town.happens(press("stop.now", on="m1"))
    assert town.person().stopped_at == MORNING
    assert "Du har slutat." in written(look_home(town))
    assert "Vi tar det som är aktuellt nu" in said(town.happens(press("start.again", on="m1")))
    assert town.person().stopped_at is None


def test_any_sign_of_life_ends_the_silence_and_heals_the_unreachable(town: Town) -> None:
    a_person(town, "U2", unanswered=7, unreachable_at=MORNING, unreachable_reason="channel_not_found")
    look_home(town, person="U2", at=MORNING + timedelta(hours=1))
    person = town.person("U2")
    assert (person.unanswered, person.unreachable_at, person.unreachable_reason) == (0, None, None)
    assert person.last_seen_at == MORNING + timedelta(hours=1)


def test_an_event_from_before_somebody_left_does_not_bring_them_back(town: Town) -> None:
    a_person(town, "U2", left_at=MORNING)
    look_home(town, person="U2", at=MORNING - timedelta(hours=1))
    assert town.person("U2").left_at == MORNING


def test_the_pace_is_changed_where_it_is_asked_about(town: Town) -> None:
    nudge = a_nudge(town)
    assert "samlade på måndagar" in said(press_in(town, nudge, "pace.mondays", ""))
    assert cadence(town).pace == Pace.MONDAYS
    assert "fortsätter vi så" in said(press_in(town, nudge, "pace.keep", ""))


def test_moving_to_another_rhythm_keeps_the_days_exercise_answerable(town: Town) -> None:
    nudge = a_nudge(town)
    a_form_sent(town)
    assert "You’ve chosen to do this exercise. On Wednesday 4 March I’ll ask how it went." in replaced(
        press_in(town, nudge, "nudge.doing")
    )
