"""Several organisations' outcomes side by side, in words: what is counted is called what it is."""

from datetime import date

import pytest

from bot.commands.outcomes import in_lines
from bot.conversation.texts import Words
from bot.outcomes.joint_report import joint_report
from lessons.outcomes.released_cohort import ReleasedCohort
from tests.outcomes.made import a_cohort

AUTUMN = a_cohort(32)
WINTER = a_cohort(30, name="Vintern", seed=3)
TWICE = a_cohort(32, meetings=2)
OTHER = a_cohort(40, organisation="Kommun Exempel", seed=4)
SMALL = a_cohort(4, organisation="Lilla kommunen", seed=5)


def said(*cohorts: ReleasedCohort, language: str = "sv") -> str:
    words = Words(language)
    return "\n".join(in_lines(joint_report(cohorts, words, made_on=date(2027, 3, 1)), words))


def test_one_organisation_that_measured_two_meetings_is_one_organisation() -> None:
    text = said(TWICE, SMALL)
    for time in (1, 2):
        assert f"(träff {time} av 2)\n    Ingen summa visas, för färre än två organisationer visar sin siffra." in text
    assert "Summan gäller" not in text


def test_of_a_cohort_whose_questions_are_open_it_is_not_said_that_none_have_been_asked() -> None:
    waits = tuple(wave.model_copy(update={"told": None}) for wave in OTHER.waves)
    text = said(AUTUMN, OTHER.model_copy(update={"waves": waits}))
    assert "Kommun Exempel: Inga resultat kan visas än." in text
    assert "Inga frågor är ställda" not in text


@pytest.mark.parametrize(
    ("cohorts", "title", "of"),
    [
        ((AUTUMN, OTHER), "Results from several organisations", "of 2 of 2 organisations"),
        ((AUTUMN, WINTER), "Results from several cohorts", "of 2 of 2 cohorts"),
        ((AUTUMN, WINTER, SMALL), "Results from several organisations", "of 2 of 3 cohorts"),
    ],
)
def test_cohorts_are_called_cohorts_where_an_organisation_has_several(
    cohorts: tuple[ReleasedCohort, ...], title: str, of: str
) -> None:
    text = said(*cohorts, language="en")
    assert text.startswith(title)
    assert of in text
    assert ("organisations:" in text) is of.endswith("organisations")
