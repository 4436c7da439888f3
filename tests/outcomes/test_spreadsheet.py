import csv
from typing import Literal

import pytest

from bot.conversation.texts import Words
from bot.outcomes.spreadsheet import COLUMNS, outcomes_csv
from lessons.outcomes.released_wave import AT_MOST, ScaleChange
from tests.outcomes.made import a_cohort

SV = Words("sv")


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    [_names, *found] = csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=delimiter)
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def test_a_figure_that_is_not_shown_has_no_number_anywhere_in_its_row() -> None:
    found = rows(outcomes_csv(a_cohort(32), SV))
    hidden = [row for row in found if row["group"] == "Förtroendevalda"]
    assert len(hidden) > 4
    numbers = ("answered", "yes", "percent", "at_least", "at_most", "low", "high", "change_people", "count")
    assert not [row for row in hidden if row["shown"] != "visas inte" or any(row[name] for name in numbers)]


def test_nine_answers_have_a_count_and_no_per_cent() -> None:
    found = rows(outcomes_csv(a_cohort(9, answering=1.0), SV))
    told = [row for row in found if row["yes"]]
    assert told
    assert not [row for row in told if row["percent"] or row["low"]]


def test_a_name_that_a_spreadsheet_would_calculate_stays_a_name() -> None:
    found = rows(outcomes_csv(a_cohort(32, name="=HYPERLINK(1)"), SV))
    assert {row["cohort"] for row in found} == {"'=HYPERLINK(1)"}
    found = rows(outcomes_csv(a_cohort(32, name="Vår; =HYPERLINK(1)"), SV))
    assert {row["cohort"] for row in found} == {"Vår; '=HYPERLINK(1)"}


def test_steps_on_a_scale_and_percentage_points_have_columns_of_their_own_and_who_said_is_not_who_was_asked() -> None:
    made = rows(outcomes_csv(a_cohort(90, likely=0.6), SV))
    points = [row for row in made if row["change_points"]]
    assert {row["item"] for row in points} == {"S5"}
    assert not [row for row in points if row["change_mean"]]
    assert "S8" in {row["item"] for row in made if row["change_mean"]}
    [units] = [row for row in made if row["measure"] == SV("outcomes.skl_units_model")]
    assert (units["asked"], units["answered"], units["count"]) == ("", "3", "2")


@pytest.mark.parametrize("limit", [20, 80])
def test_a_change_that_is_told_as_a_limit_is_so_in_the_table_too(limit: Literal[20, 80]) -> None:
    told = ScaleChange(people=16, limit=limit)
    made = a_cohort(32)
    waves = [
        wave.model_copy(update={"told": wave.told.model_copy(update={"questions": tuple(
            one.model_copy(update={"change": told}) if one.tells_change and not one.tells_share else one
            for one in wave.told.questions
        )})})
        for wave in made.waves
        if wave.told is not None
    ]  # fmt: skip
    found = [
        (row["change_at_least"], row["change_at_most"])
        for row in rows(outcomes_csv(made.model_copy(update={"waves": tuple(waves)}), SV))
        if row["change_people"] == "16"
    ]
    assert found
    assert set(found) == {("", "20") if limit == AT_MOST else ("80", "")}


def test_with_semicolons_numbers_have_a_decimal_comma_as_in_swedish() -> None:
    made = a_cohort(32)
    with_points, with_commas = rows(outcomes_csv(made, SV)), rows(outcomes_csv(made, SV, semicolon=True), ";")
    means = [(one["change_mean"], other["change_mean"]) for one, other in zip(with_points, with_commas, strict=True)]
    assert any("." in one for one, _other in means)
    assert [one.replace(".", ",") for one, _ in means] == [other for _, other in means]
