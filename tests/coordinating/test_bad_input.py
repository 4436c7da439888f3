"""What can't be done is said in a clear sentence, at the input that must change, in the coordinator's language."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.cards import Form
from bot.conversation.cohort_outline import Outline, choices_from, outline_from
from bot.conversation.events import Profile, Submitted
from lessons.library import Library
from storage.tables.programmes import Cohort, CohortDraft
from tests.coordinating.office import FRIDAY, SAM, Office, Picked, Value, form_in, managers, read, refusal_in, somebody

BAD: list[tuple[str, dict[str, Value], Picked, str, str, str]] = [
    ("no name", {"name": " \n "}, {}, "name", "Ge omgången ett namn.", "Give the cohort a name."),
    ("nobody", {}, {"people": ()}, "people", "Välj minst en person.", "Pick at least one person."),
    (
        "a bot",
        {},
        {"people": (somebody("B1", is_bot=True), somebody("U1"))},
        "people",
        "En av dem du valde är en bot eller ett stängt konto. Ta bort den och skicka igen.",
        "One of those you picked is a bot or a closed account. Take it out and send again.",
    ),
    (
        "a bot and a closed account",
        {},
        {"people": (somebody("B1", is_bot=True), somebody("U1", gone=True))},
        "people",
        "2 av dem du valde är botar eller stängda konton. Ta bort dem och skicka igen.",
        "2 of those you picked are bots or closed accounts. Take them out and send again.",
    ),
    (
        "a channel that can't be read",
        {"audience": ("C1",)},
        {"people": (), "audience": (somebody("C1", gone=True),)},
        "audience",
        "Knuff kommer inte åt medlemmarna i en av kanalerna. Lägg till Knuff där och skicka igen.",
        "Knuff cannot see who is in one of the channels. Add Knuff there and send again.",
    ),
    (
        "a group that is none",
        {"group": ("@chefr",)},
        {"group": (somebody("@chefr", gone=True),)},
        "group",
        "Det finns ingen grupp som heter ”@chefr”. Skriv namnet som det står i chatten, med @ först.",
        'There is no group called "@chefr". Write the name as it stands in the chat, with an @ first.',
    ),
    ("no day", {"starts_on": ""}, {}, "starts_on", "Välj en dag.", "Pick a day."),
    (
        "a day that has been",
        {"starts_on": "2026-02-02"},
        {},
        "starts_on",
        "Välj en dag från och med i morgon, så hinner alla få ett välkomstmeddelande.",
        "Pick a day from tomorrow on, so that everyone can be welcomed first.",
    ),
    (
        "today",
        {"starts_on": "2026-02-20"},
        {},
        "starts_on",
        "Välj en dag från och med i morgon, så hinner alla få ett välkomstmeddelande.",
        "Pick a day from tomorrow on, so that everyone can be welcomed first.",
    ),
    (
        "far away",
        {"starts_on": "9999-12-31"},
        {},
        "starts_on",
        "Välj en dag inom ett år.",
        "Pick a day within a year.",
    ),
    (
        "Good Friday",
        {"starts_on": "2026-04-03"},
        {},
        "starts_on",
        "Den dagen skickas inget. Närmaste möjliga dag är tisdag 7 april.",
        "Nothing is sent on that day. The nearest possible day is Tuesday 7 April.",
    ),
    (
        "a Sunday",
        {"starts_on": "2026-03-01"},
        {},
        "starts_on",
        "Den dagen skickas inget. Närmaste möjliga dag är måndag 2 mars.",
        "Nothing is sent on that day. The nearest possible day is Monday 2 March.",
    ),
    (
        "a closed day of one's own",
        {"starts_on": "2026-03-02", "closed": "2026-03-02 – 2026-03-03"},
        {},
        "closed",
        "Programmet börjar måndag 2 mars, och då skulle inget skickas. "
        "Ändra här eller ändra starten. Närmaste möjliga dag är onsdag 4 mars.",
        "The programme starts on Monday 2 March, and then nothing would be sent. "
        "Change it here, or change the start. The nearest possible day is Wednesday 4 March.",
    ),
    (
        "a half eve and a time in the afternoon",
        {"starts_on": "2026-04-30", "slot": "13:00"},
        {},
        "flags",
        "Programmet börjar torsdag 30 april, och då skulle inget skickas. "
        "Ändra här eller ändra starten. Närmaste möjliga dag är måndag 4 maj.",
        "The programme starts on Thursday 30 April, and then nothing would be sent. "
        "Change it here, or change the start. The nearest possible day is Monday 4 May.",
    ),
    (
        "too early in the morning",
        {"slot": "06:00"},
        {},
        "slot",
        "Välj en tid mellan 07.30 och 16.00.",
        "Pick a time between 07:30 and 16:00.",
    ),
    (
        "too late in the day",
        {"slot": "16:01"},
        {},
        "slot",
        "Välj en tid mellan 07.30 och 16.00.",
        "Pick a time between 07:30 and 16:00.",
    ),
    (
        "a window that outlasts the day",
        {"slot": "15:45"},
        {},
        "window",
        "Utskicket skulle hålla på efter 16.30. Låt det ta kortare tid, eller välj en tidigare tid för övningen.",
        "Sending would go on after 16:30. Let it take less time, or pick an earlier time for the exercise.",
    ),
    (
        "a window too small for the pace",
        {"window": "15"},
        {"people": managers(1000)},
        "window",
        "Det tar 17 minuter att nå 1000 personer med 60 meddelanden i minuten. "
        "Den sista skulle få sin övning omkring 08.32. Välj en längre tid.",
        "Reaching 1000 people takes 17 minutes at 60 messages a minute. "
        "The last one would get the exercise at about 08:32. Pick a longer time.",
    ),
    (
        "closed days nobody can read",
        {"closed": "2026-06-15\nmidsommar"},
        {},
        "closed",
        "Jag förstår inte ”midsommar”. Skriv som 2026-06-15 eller 2026-06-15 – 2026-08-14.",
        'I do not understand "midsommar". Write it like 2026-06-15 or 2026-06-15 – 2026-08-14.',
    ),
    (
        "a day that does not exist",
        {"closed": "2026-02-30"},
        {},
        "closed",
        "Jag förstår inte ”2026-02-30”. Skriv som 2026-06-15 eller 2026-06-15 – 2026-08-14.",
        'I do not understand "2026-02-30". Write it like 2026-06-15 or 2026-06-15 – 2026-08-14.',
    ),
    (
        "a period backwards",
        {"closed": "2026-08-14 – 2026-06-15"},
        {},
        "closed",
        "Perioden ”2026-08-14 – 2026-06-15” är bakvänd eller längre än 120 dagar. Rätta den raden.",
        'The period "2026-08-14 – 2026-06-15" is backwards or longer than 120 days. Correct that line.',
    ),
    (
        "a period of 121 days",
        {"closed": "2026-03-12 – 2026-07-10"},
        {},
        "closed",
        "Perioden ”2026-03-12 – 2026-07-10” är bakvänd eller längre än 120 dagar. Rätta den raden.",
        'The period "2026-03-12 – 2026-07-10" is backwards or longer than 120 days. Correct that line.',
    ),
    (
        "periods that follow on each other",
        {"closed": "2026-03-12 – 2026-06-30\n2026-07-01 – 2026-08-14"},
        {},
        "closed",
        "Perioden ”2026-03-12 – 2026-08-14” är bakvänd eller längre än 120 dagar. Rätta den raden.",
        'The period "2026-03-12 – 2026-08-14" is backwards or longer than 120 days. Correct that line.',
    ),
    (
        "closed nearly all year",
        {"closed": "2026-03-12 – 2026-06-30\n2026-07-02 – 2026-10-20\n2026-10-22 – 2027-02-10"},
        {},
        "closed",
        "Det blir för få arbetsdagar kvar. Minst 60 på ett år behöver vara öppna. Ta bort några dagar.",
        "Too few working days are left. At least 60 in a year need to be open. Take some days out.",
    ),
    (
        "too many closed days",
        {"closed": "\n".join(f"20{year}-05-01 – 20{year}-08-14" for year in range(26, 32))},
        {},
        "closed",
        "Fler än 400 dagar får inte plats. Ta bort några.",
        "There is no room for more than 400 days. Take some out.",
    ),
]


ODD_CHOICES: list[tuple[str, dict[str, Value], Picked, str, str, str]] = [
    (f"an odd {name}", {name: "?"}, {}, name, "Välj ett av alternativen.", "Pick one of the choices.")
    for name in ("programme", "role", "window", "late_hours", "catch_up", "late_joiners")
]
EVERY_ONE = BAD + ODD_CHOICES
IN_THE_FIRST_FORM = ("name", "programme", "starts_on")


@pytest.mark.parametrize(
    ("values", "people", "at", "swedish", "english"),
    [bad[1:] for bad in EVERY_ONE],
    ids=[bad[0] for bad in EVERY_ONE],
)
def test_a_new_cohort_is_refused_with_a_sentence_at_the_input(
    office: Office, values: dict[str, Value], people: Picked, at: str, swedish: str, english: str
) -> None:
    office.extra_audiences = True
    for language, sentence in (("en", english), ("sv", swedish)):
        office.language = language
        sam = SAM if language == "sv" else "U0KIM"
        chosen: dict[str, Value] = {"name": "Våren", "starts_on": "2026-03-02", **values}
        first: dict[str, Any] = {name: value for name, value in chosen.items() if name in IN_THE_FIRST_FORM}
        shows = office.send(form_in(office.press("cohort.new", who=sam)), who=sam, **first)
        if at not in IN_THE_FIRST_FORM:
            picked: Picked = {"people": managers(1), **people}
            second: dict[str, Any] = {name: value for name, value in chosen.items() if name not in first}
            shows = office.send(form_in(shows), who=sam, profiles=picked, **second)
        assert refusal_in(shows)[at] == sentence
    assert (office.rows(Cohort), office.rows(CohortDraft)) == ([], [])


def test_an_untouched_good_form_is_not_refused(office: Office) -> None:
    assert form_in(office.send(office.plan(), profiles={"people": managers(1)})).name == "cohort.confirm"


def test_every_fault_of_a_form_is_said_at_once(office: Office) -> None:
    first = form_in(office.press("cohort.new"))
    assert set(refusal_in(office.send(first, name="", starts_on="", programme=""))) == {
        "name",
        "starts_on",
        "programme",
    }
    errors = refusal_in(office.send(office.plan(), slot="03:00", closed="x", profiles={"people": ()}))
    assert set(errors) == {"slot", "closed", "people"}


@pytest.mark.parametrize("members", [(), (somebody("@ledning", gone=True),)])
def test_a_group_that_stands_for_nobody_is_refused(office: Office, members: tuple[Profile, ...]) -> None:
    office.extra_audiences = True
    asked = office.plan()
    picked: Picked = {"people": managers(3)}
    shows = office.send(asked, who=SAM, profiles=picked | {"group": members}, group=("@ledning",))
    assert "heter ”@ledning”" in refusal_in(shows)["group"]


def test_one_unknown_group_among_two_is_named(office: Office) -> None:
    office.extra_audiences = True
    nobody = somebody("@ledning", gone=True)
    asked = office.plan()
    picked: Picked = {"people": (), "group": (*managers(3), nobody)}
    errors = refusal_in(office.send(asked, group=("@chefer", "@ledning"), profiles=picked))
    assert "heter ”@ledning”" in errors["group"]
    assert "people" not in errors


ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "08:15", "08+01", "8:15", "24:00", "2026-03-02", "0001-01-01", "9999-12-31", "60", "-1", "٣"]),
    st.lists(st.sampled_from(["eves", "half_eves", "nonsense", ""]), max_size=3).map(tuple),
)


@given(values=st.dictionaries(st.sampled_from(["name", "programme", "starts_on"]), ODD))
def test_nothing_that_is_sent_makes_reading_the_first_form_fail(library: Library, values: dict[str, Value]) -> None:
    good: dict[str, Value] = {"name": "V", "programme": "eight-weeks", "starts_on": "2026-03-02"}
    today = FRIDAY.date()
    outline, faults = outline_from(_sent(good | values), today=today, programmes=library.programmes)
    assert (outline is None) == bool(faults)
    assert outline is None or Outline.from_text(outline.as_text()) == outline
    assert outline is None or " " not in outline.as_text(), "behind a space Teams reads which chat a form is about"


@given(text=st.one_of(st.text(), st.builds("{}:{}:{}".format, st.text(), st.dates(), st.text(max_size=200))))
def test_nothing_that_comes_back_as_what_was_chosen_first_makes_reading_it_fail(text: str) -> None:
    outline = Outline.from_text(text)
    assert outline is None or outline.is_ahead(FRIDAY.date()) in (True, False)


@given(
    values=st.dictionaries(
        st.sampled_from(
            ["people", "group", "role", "slot", "window", "closed", "flags", "late_hours", "catch_up", "late_joiners"]
        ),
        ODD,
    )
)
def test_nothing_that_is_sent_makes_reading_the_second_form_fail(library: Library, values: dict[str, Value]) -> None:
    good: dict[str, Value] = {
        "role": "manager",
        "slot": "08:15",
        "window": "60",
        "late_hours": "4",
        "catch_up": "skip",
        "late_joiners": "day_one",
    }
    outline = Outline(programme_id="eight-weeks", starts_on=date(2026, 3, 2), name="V")
    choices, faults = choices_from(_sent(good | values), outline, library.programmes["eight-weeks"])
    assert (choices is None) == bool(faults)


def _sent(values: dict[str, Value]) -> Submitted:
    return Submitted(
        key="k", platform="slack", workspace="T0", person=SAM, at=FRIDAY, form="cohort.new", about="",
        values=values,
        profiles={"people": managers(1)},
    )  # fmt: skip


@pytest.mark.parametrize("value", ["", "0", "17", "-1", "abc", "9" * 30, "٣", "1;drop", "1-0123456789abcdef"])
@pytest.mark.parametrize(
    "action", ["cohort.open", "cohort.edit", "cohort.add", "cohort.remove", "cohort.colleague", "cohort.test",
               "cohort.account", "cohort.pause", "cohort.resume", "cohort.end"]
)  # fmt: skip
def test_a_button_about_no_cohort_is_answered_in_words(office: Office, action: str, value: str) -> None:
    assert "Den omgången finns inte bland dina." in read(office.press(action, value))


@pytest.mark.parametrize("form", ["cohort.confirm", "cohort.change", "cohort.add_confirm"])
@pytest.mark.parametrize("about", ["", "0", "abc", "1-0123456789abcdef"])
def test_a_confirmation_of_nothing_is_answered_in_words(office: Office, form: str, about: str) -> None:
    forged = Form(name=form, title="x", submit="x", close="x", body=(), about=about)
    assert "gäller inte längre" in read(office.send(forged))


@pytest.mark.parametrize("form", ["cohort.confirm", "cohort.change", "cohort.add_confirm"])
def test_a_draft_of_one_thing_confirms_nothing_else(office: Office, form: str) -> None:
    cohort = office.start_cohort(managers(2))
    edited = office.send(form_in(office.press("cohort.edit", cohort)), name="Hösten")
    added = office.send(form_in(office.press("cohort.add", cohort)), profiles={"people": managers(5)})
    new = office.send(office.plan(name="N"), profiles={"people": managers(5)})
    for shows in (edited, added, new):
        draft = form_in(shows)
        if draft.name != form:
            assert "gäller inte längre" in read(office.send(replace(draft, name=form)))
    assert [row.name for row in office.rows(Cohort)] == ["Våren"]
