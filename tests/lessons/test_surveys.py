from typing import Any

import pytest
from pydantic import ValidationError

from lessons.folders import CONTENT
from lessons.models import Role
from lessons.surveys import Survey, Wave
from lessons.yaml_lines import read_yaml


def ours() -> dict[str, Any]:
    survey: dict[str, Any] = read_yaml((CONTENT / "surveys" / "own-items.yaml").read_text(encoding="utf-8")).value
    return survey


def asked(wave: Wave, role: Role) -> list[str]:
    return [item.id for item in Survey.model_validate(ours()).asked(wave, role)]


def refused(**changes: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        Survey.model_validate(ours() | changes)
    return str(refusal.value)


def changed(item: str, **changes: object) -> dict[str, object]:
    return {"items": [one | changes if one["id"] == item else one for one in ours()["items"]]}


def test_thirteen_questions_are_asked_in_all() -> None:
    survey = Survey.model_validate(ours())
    assert len({item.id.rstrip("abcd") for item in survey.items}) == 13


def test_each_wave_asks_what_the_facts_say() -> None:
    assert asked(Wave.T0, Role.MANAGER) == ["S5", "S8", "S9", "S10"]
    assert asked(Wave.WEEK_3, Role.MANAGER) == ["S12", "S13"]
    assert asked(Wave.T1, Role.MANAGER) == ["S1", "S2", "S3", "S8", "S9", "S10", "S12", "S13", "S14"]
    assert asked(Wave.T2, Role.MANAGER) == ["S5", "S8", "S9", "S10", "S15"]
    assert asked(Wave.DAY, Role.POLITICIAN) == ["S4"]


def test_how_it_is_in_the_team_is_asked_of_its_members_alone() -> None:
    assert {"S11a", "S11b", "S11c", "S11d"} <= set(asked(Wave.T0, Role.TEAM_MEMBER))
    assert not any(item.startswith("S11") for item in asked(Wave.T0, Role.MANAGER))


def test_no_occasion_is_kept_apart_from_never() -> None:
    survey = Survey.model_validate(ours())
    assert survey.scales["times"].values == (0, 1, 2, 3, 5)
    assert [option.key for option in survey.scales["times"].options] == ["0", "1", "2", "3", "5", "no-occasion"]


def test_every_point_of_a_scale_has_words_in_both_languages() -> None:
    scales = Survey.model_validate(ours()).scales
    assert all(option.text.sv and option.text.en for scale in scales.values() for option in scale.options)


@pytest.mark.parametrize(
    "title",
    [
        "COPSOQ III",
        "QPS Nordic, kort",
        "Team psychological safety",
        "Edmondson (1999)",
        "Innovative Work Behavior (IWB)",
    ],
)
def test_a_scale_of_others_is_refused_without_somebody_who_holds_a_licence(title: str) -> None:
    assert "belongs to others" in refused(title={"sv": title, "en": title})


def test_a_scale_of_others_is_read_for_those_who_hold_a_licence() -> None:
    title = {"sv": "COPSOQ III", "en": "COPSOQ III"}
    survey = ours() | {"title": title, "licence": "CC BY-NC-ND 4.0", "holder": "Region Norr"}
    assert Survey.model_validate(survey).holder == "Region Norr"


def test_a_scale_that_is_not_there_is_named() -> None:
    assert 'S1 has the scale "agre"' in refused(**changed("S1", scale="agre"))


def test_a_yes_that_is_not_on_the_scale_is_named() -> None:
    assert "S1 counts 6 as yes" in refused(**changed("S1", yes=[5, 6]))


def test_a_question_that_is_there_twice_is_named() -> None:
    assert "the question S2 is there twice" in refused(items=[*ours()["items"], ours()["items"][1]])


def test_a_question_about_a_behaviour_names_it_in_both_languages() -> None:
    assert "in both its texts" in refused(
        **changed("S10", text={"sv": "Hur ofta gör du {behaviour}?", "en": "How often?"})
    )
    assert "in both its texts" in refused(**changed("S1", about="focus"))


def test_an_option_is_on_the_scale_or_apart_from_it() -> None:
    both = {"value": 1, "apart": "unsure", "text": {"sv": "Ja", "en": "Yes"}}
    assert "either a `value` or `apart`" in refused(scales=ours()["scales"] | {"yes-no": {"options": [both, both]}})
