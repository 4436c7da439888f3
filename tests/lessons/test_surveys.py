from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from lessons.checking import check_content
from lessons.folders import CONTENT
from lessons.library import ContentError, load_library
from lessons.models import Programme, Role
from lessons.programme_rules import misfits_of
from lessons.surveys import Survey, SurveyDocument, Wave, weeks_of_waves
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


OURS = """\
id: egna
title: {sv: Våra frågor, en: Our questions}
licence: egna frågor
scales:
  yes-no:
    options:
      - {value: 1, text: {sv: Ja, en: "Yes"}}
      - {value: 0, text: {sv: Nej, en: "No"}}
items:
  - id: E1
    scale: yes-no
    yes: [1]
    waves: [t1]
    text: {sv: Har du haft tid att öva?, en: Have you had time to practise?}
"""


def in_a_folder(folder: Path, text: str = OURS, name: str = "egna") -> list[str]:
    (folder / "surveys").mkdir(exist_ok=True)
    (folder / "surveys" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [fault.message for fault in check_content(folder)]


def test_an_organisations_own_survey_is_asked_after_ours(tmp_path: Path) -> None:
    assert in_a_folder(tmp_path) == []
    document = load_library(tmp_path).survey_document()
    assert document is not None
    assert document.name == "own-items+egna"
    assert [item.id for item, _ in document.asked(Wave.T1, Role.MANAGER)][-1] == "E1"
    assert SurveyDocument.from_json(document.to_json()).digest() == document.digest()


def test_a_scale_of_others_is_refused_without_its_holder_and_taken_with_it(tmp_path: Path) -> None:
    scale = OURS.replace("id: egna", "id: copsoq").replace("Våra frågor", "COPSOQ i urval")
    (message,) = in_a_folder(tmp_path, scale, "copsoq")
    assert "COPSOQ belongs to others" in message
    assert "alue error" not in message
    assert not message.endswith(("..", "Correct it."))
    with pytest.raises(ContentError):
        load_library(tmp_path)
    held = scale.replace("licence: egna frågor", "licence: CC BY-NC-ND 4.0\nholder: Älvsunda kommun")
    assert in_a_folder(tmp_path, held, "copsoq") == []
    assert "copsoq" in load_library(tmp_path).surveys


def test_a_fault_in_the_only_question_is_told_once(tmp_path: Path) -> None:
    assert in_a_folder(tmp_path, OURS.replace("    scale: yes-no\n", "")) == [
        "`scale` is missing under `items`. Add it."
    ]


def test_an_unknown_key_of_a_survey_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    assert 'unknown key `waves_in`. Did you mean "waves"? Correct it or remove it.' in in_a_folder(
        tmp_path, OURS.replace("    waves:", "    waves_in:")
    )


def test_a_question_of_the_same_name_as_one_of_ours_is_refused(tmp_path: Path) -> None:
    (message,) = in_a_folder(tmp_path, OURS.replace("id: E1", "id: S1"))
    assert 'the id "S1" is already used in' in message


def test_a_long_question_and_one_that_blames_are_said(tmp_path: Path) -> None:
    long = OURS.replace("Har du haft tid att öva?", "Har du " + "mycket " * 30 + "tid?")
    assert any("words" in message for message in in_a_folder(tmp_path, long))


EIGHT = [{"principle": "value", "title": {"sv": "V", "en": "W"}, "lessons": ["L01"]}] * 8


def programme(**more: object) -> Programme:
    text = {"sv": "Text", "en": "Text"}
    return Programme.model_validate({"id": "trial", "title": text, "about": text, "weeks": EIGHT} | more)


def test_a_programme_that_says_nothing_is_asked_in_the_usual_weeks() -> None:
    assert weeks_of_waves(programme()) == {Wave.T0: 1, Wave.WEEK_3: 3, Wave.T1: 8, Wave.T2: 20}
    assert weeks_of_waves(programme(weeks=EIGHT[:2])) == {}
    assert weeks_of_waves(programme(weeks=EIGHT[:3])) == {Wave.T0: 1, Wave.T1: 3, Wave.T2: 15}


def test_a_programme_says_for_itself_when_it_asks_and_what_it_leaves_out_is_not_asked() -> None:
    assert weeks_of_waves(programme(waves={"t1": 5, "t2": 24})) == {Wave.T1: 5, Wave.T2: 24}
    assert weeks_of_waves(programme(waves={})) == {}
    assert "waves" not in programme().model_dump(mode="json", exclude_none=True), "nothing of it in older digests"


@pytest.mark.parametrize(
    ("waves", "says"),
    [
        ({"t0": 3, "week-3": 3}, "week-3 comes after t0"),
        ({"t0": 1, "t1": 9}, "there is no week 9"),
        ({"t1": 5, "t2": 4}, "t2 comes after t1"),
    ],
)
def test_waves_that_cannot_be_are_refused_in_one_sentence(waves: dict[str, int], says: str) -> None:
    ((place, message),) = misfits_of(programme(waves=waves))
    assert place[0] == "waves"
    assert says in message
