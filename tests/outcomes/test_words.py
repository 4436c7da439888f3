"""What may be said of how many, in both languages."""

import pytest

from bot.conversation.outcome_words import change_notes, change_text, response_text, share_notes, share_text
from bot.conversation.texts import Words
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
    assert change_notes(few, EN) == ["With fewer than fifteen we cannot tell whether it has changed."]
    held_back = asked("S8", change=ScaleChange(people=20, higher=7))
    assert change_notes(held_back, EN) == [
        "The average is not shown, since what individuals answered could then be worked out."
    ]


def test_yes_and_no_before_and_after_is_told_with_who_moved() -> None:
    found = asked("S5", change=YesNoChange(both=10, lost=2, gained=12, neither=6))
    assert change_text(found, SV) == (
        "12 av 30 svarade ”4” eller ”5” före programmet och 22 av samma 30 efteråt: +33 procentenheter (osäkert"
        " mellan +10 och +52)."
    )
    assert change_notes(found, SV) == ["12 gick från nej till ja och 2 från ja till nej.", "Det har ökat."]


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
