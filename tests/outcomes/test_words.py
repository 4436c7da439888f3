"""What may be said of how many, in both languages."""

from typing import Literal

import pytest

from bot.conversation.outcome_words import change_notes, change_text, response_text, scale_ways, share_notes, share_text
from bot.conversation.texts import Words
from bot.outcomes.tables import change_table
from lessons.models import Text
from lessons.outcomes.measures import OWN
from lessons.outcomes.released_wave import Counted, Limited, Question, ReleasedWave, ScaleChange, YesNoChange
from lessons.surveys import Wave

SV, EN = Words("sv"), Words("en")


def asked(item: str = "S1", *, of: int = 40, apart: int = 0, **told: object) -> Question:
    return Question.model_validate(
        {
            "survey": OWN,
            "item": item,
            "text": Text(sv="Stämmer det?", en="Is it true?"),
            "yes_texts": (Text(sv="4", en="4"), Text(sv="5", en="5")),
            "asked": of,
            "tells_share": "share" in told,
            "tells_change": "change" in told,
            "apart": apart,
            **told,
        }
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Counted(answers=30, yes=24), "24 av 30 svarade ”4” eller ”5”: 80 procent (osäkert: mellan 63 och 90)."),
        (Counted(answers=12, yes=10), "10 av 12 svarade ”4” eller ”5”: omkring 80 procent (osäkert: mellan 55"),
        (Counted(answers=9, yes=7), "7 av 9 svarade ”4” eller ”5”."),
        (Limited(answers=8, percent=80, is_lower=True), "Minst 80 procent av de 8 som svarade valde ”4” eller ”5”."),
        (None, "Visas inte: för få har svarat"),
    ],
)  # fmt: skip
def test_a_share_is_said_no_more_exactly_than_so_few_answers_allow(share: Counted | None, said: str) -> None:
    assert share_text(asked(share=share), SV).startswith(said)


def test_under_seven_in_ten_it_is_said_how_far_the_others_could_have_moved_it() -> None:
    few = " ".join(share_notes(asked(share=Counted(answers=20, yes=12)), Wave.T1, EN))
    assert "20 of 40 answered the question. Had everybody answered" in few
    assert "from 30 to 80 per cent" in few
    own = [Text(sv="Jag var inte med", en="I was not there")]
    enough = share_notes(asked(share=Counted(answers=20, yes=12), apart=8, apart_texts=own), Wave.T1, EN)
    assert "Had everybody" not in " ".join(enough)
    assert any("8 answered" in note and "I was not there" in note for note in enough)


def test_where_some_may_have_said_that_they_do_not_know_it_is_not_said_that_they_did_not_answer() -> None:
    """Of one to four it is not told how many they are."""
    unsure = [Text(sv="Vet inte", en="I do not know")]
    hidden = share_notes(asked("S5", share=Counted(answers=20, yes=12), apart_texts=unsure), Wave.T2, SV)
    assert hidden[0].startswith("Andelen bygger på svar från 20 av 40. Hade alla räknats med")
    known = share_notes(asked("S5", share=Counted(answers=20, yes=12), apart=5, apart_texts=unsure), Wave.T2, SV)
    assert known[0].startswith("25 av 40 svarade på frågan.")


@pytest.mark.parametrize(("answers", "is_said"), [(27, True), (28, False)])
def test_from_seven_in_ten_on_the_answers_are_trusted(answers: int, is_said: bool) -> None:
    notes = share_notes(asked(share=Counted(answers=answers, yes=12)), Wave.T1, EN)
    assert any("Had everybody" in note for note in notes) is is_said


@pytest.mark.parametrize(("is_lower", "between"), [(True, "28 to 100"), (False, "0 to 73")])
def test_where_nearly_all_said_the_same_it_is_also_said_how_far_the_others_could_have_moved_it(
    is_lower: bool, between: str
) -> None:
    alike = Limited(answers=12, percent=80 if is_lower else 20, is_lower=is_lower)
    [note, *_skl] = share_notes(asked(share=alike), Wave.T1, EN)
    assert note.startswith("12 of 40 answered the question. Had everybody answered")
    assert f"from {between} per cent" in note
    own = [Text(sv="Jag var inte med", en="I was not there")]
    [note, *_skl] = share_notes(asked("S4", share=alike, apart_texts=own), Wave.DAY, EN)
    assert note.startswith("The share is of answers from 12 of 40."), "others may have said that they were not there"
    few = Limited(answers=6, percent=80, is_lower=True)
    assert share_notes(asked(share=few), Wave.T1, EN)[0] == "With so few answers, per cent would say more than we know."
    assert "Had everybody" not in " ".join(share_notes(asked(share=alike, of=14), Wave.T1, EN))


@pytest.mark.parametrize(
    ("yes", "beside"), [(38, "osäkerheten ligger över"), (10, "osäkerheten ligger under"), (32, "inom osäkerheten")]
)  # fmt: skip
def test_skls_figure_stands_beside_ours_with_the_note_on_its_method(yes: int, beside: str) -> None:
    notes = share_notes(asked(share=Counted(answers=40, yes=yes)), Wave.T1, SV)
    assert notes[0] == "SKL redovisade 80 procent (2015)."
    assert beside in notes[1]
    assert notes[2] == "SKL redovisade inte mätmetod eller svarsfrekvens, så jämförelsen är ungefärlig."
    assert share_notes(asked(share=Counted(answers=40, yes=yes)), Wave.WEEK_3, SV) == []


def test_a_change_whose_interval_holds_zero_cannot_be_told() -> None:
    change = ScaleChange(people=20, higher=9, same=6, lower=5, mean=0.3, interval=(-0.2, 0.8))
    found = asked("S8", change=change)
    assert change_text(found, SV) == "9 av 20 valde ett högre svar än före programmet, 6 samma svar och 5 ett lägre."
    assert change_notes(found, SV) == [
        "I genomsnitt ändrades svaret +0,3 steg på skalan (osäkert mellan −0,2 och +0,8).",  # noqa: RUF001
        "Vi kan inte avgöra om det har ändrats.",
    ]
    surer = asked("S8", change=change.model_copy(update={"interval": (0.1, 0.5)}))
    assert change_notes(surer, EN)[1] == "It has increased."
    few = asked("S8", change=ScaleChange(people=12, higher=7))
    assert change_text(few, EN).startswith("7 of 12 chose a higher answer")
    assert change_notes(few, EN) == ["The average is shown only when at least fifteen have answered both times."]
    for people in (15, 20):
        held_back = asked("S8", change=ScaleChange(people=people, higher=7))
        assert change_notes(held_back, EN) == [
            "The average is not shown, since what individuals answered could then be worked out."
        ]


@pytest.mark.parametrize(
    ("higher", "lower", "verdict"),
    [(10, 2, "Det har ökat."), (2, 10, "Det har minskat."), (9, 3, "Vi kan inte avgöra om det har ändrats.")],
)
def test_of_fewer_than_fifteen_the_sign_test_tells_whether_it_has_changed(
    higher: int, lower: int, verdict: str
) -> None:
    """Of fourteen with two alike, ten against two is p 0.04 and nine against three 0.15."""
    found = asked("S8", change=ScaleChange(people=14, higher=higher, same=2, lower=lower))
    assert change_notes(found, SV) == ["Genomsnittet visas först när minst femton har svarat båda gångerna.", verdict]


@pytest.mark.parametrize(
    ("lower", "verdict"),
    [(2, "Det har ökat."), (4, "Vi kan inte avgöra om det har ändrats.")],
)
def test_where_no_mean_is_told_the_sign_test_decides_of_many_too(lower: int, verdict: str) -> None:
    found = asked("S8", change=ScaleChange(people=20, higher=11, same=9 - lower, lower=lower))
    assert change_notes(found, SV)[1:] == [verdict]


@pytest.mark.parametrize(("limit", "said"), [(20, "Högst 20 procent av 16"), (80, "Minst 80 procent av 16")])
def test_where_nearly_all_went_higher_or_did_not_it_is_told_as_a_limit(limit: Literal[20, 80], said: str) -> None:
    found = asked("S8", change=ScaleChange(people=16, limit=limit))
    assert change_text(found, SV).startswith(f"{said} valde ett högre svar än före programmet.")
    assert scale_ways(ScaleChange(people=16, limit=limit), SV) == []
    assert change_table(found, "S8", SV) == (), "not one without rows"


@pytest.mark.parametrize(
    "change",
    [YesNoChange(both=2, lost=2, gained=8, neither=2), YesNoChange(both=2, lost=4, gained=12, neither=42)],
)
def test_of_yes_and_no_something_has_changed_when_interval_and_test_agree(change: YesNoChange) -> None:
    """In the first the interval is above zero and mid-p 0.065; in the second mid-p is 0.049 and the interval holds
    zero."""
    assert change_notes(asked("S5", change=change), SV)[1] == "Vi kan inte avgöra om det har ändrats."


def test_yes_and_no_before_and_after_is_told_with_who_moved() -> None:
    found = asked("S5", change=YesNoChange(both=10, lost=2, gained=12, neither=6))
    assert change_text(found, SV) == (
        "12 av 30 svarade ”4” eller ”5” före programmet och 22 av samma 30 efteråt: +33 procentenheter (osäkert"
        " mellan +10 och +52)."
    )
    assert change_notes(found, SV) == ["12 gick från nej till ja och 2 från ja till nej.", "Det har ökat."]


@pytest.mark.parametrize(
    ("gained", "said"),
    [(12, ": omkring +30 procentenheter (osäkert"), (2, ": omkring 0 procentenheter"), (13, ": +37 procentenheter")],
)
def test_a_change_of_fewer_than_thirty_is_said_in_whole_tens(gained: int, said: str) -> None:
    change = YesNoChange(both=9, lost=2, gained=gained, neither=6)
    assert said in change_text(asked("S5", change=change), SV)


def test_how_many_answered_is_said_first_and_of_fewer_than_five_nothing() -> None:
    def told(asked_of: int, answered: int | None) -> str:
        return response_text(
            ReleasedWave(wave=Wave.T1, digest="d", asked=asked_of, answered=answered, questions=()), SV
        )

    assert told(30, 24) == "24 av 30 har svarat, 80 procent."
    assert told(12, 10) == "10 av 12 har svarat, omkring 80 procent."
    assert told(9, 7) == "7 av 9 har svarat."
    assert told(9, None).startswith("Färre än fem av 9 har svarat.")
    assert told(4, None).startswith("Färre än fem fick frågorna.")
