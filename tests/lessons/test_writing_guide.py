"""The examples an author copies from the guide are good content of every kind."""

import re
from pathlib import Path

from lessons.challenge_steps import HandIn, Input, Step, Vote
from lessons.challenges import Challenge, TeamSize, WrapUpLine
from lessons.checking import check_content, report
from lessons.folders import FOLDERS
from lessons.methods import Method, MethodStep, Part
from lessons.recall_cards import RecallHead
from lessons.schema import schemas
from lessons.surveys import Item, Option, Scale, Survey
from tests.lessons.written import TRY_IT, ContentFolder

GUIDE = Path(__file__).parents[2] / "docs" / "writing-lessons.md"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_guide_pass_the_check(own: ContentFolder) -> None:
    lesson, quiz_sections, recall_card = examples("markdown")
    programme, challenge, method, survey = examples("yaml")
    own.lesson(lesson)
    own.lesson(TRY_IT.replace("kind: try-it", "kind: quiz") + quiz_sections)
    own.programme(programme, name="our-autumn.yaml")
    own.challenge(challenge, name="our-needs.yaml")
    own.recall_card(recall_card)
    own.method(method, name="our-round.yaml")
    own.survey(survey, name="our-questions.yaml")

    assert report(check_content(own.path)) == []


def test_the_fault_shown_in_the_guide_is_the_one_an_author_gets(own: ContentFolder) -> None:
    lesson = re.sub(r"(## why\nsv: .*\n)en: .*\n", r"\1", examples("markdown")[0])
    path = own.lesson(lesson)

    [line] = report(check_content(own.path))

    assert line.replace(str(path), "/srv/our-content/lessons/UK01.md") in GUIDE.read_text(encoding="utf-8")


def test_every_key_is_explained_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    surveys = (Survey, Item, Option, Scale)
    methods = (Method, MethodStep, Part)
    for part in (Challenge, TeamSize, Step, HandIn, Input, Vote, WrapUpLine, RecallHead, *methods, *surveys):
        for name, field in part.model_fields.items():
            assert f"`{field.alias or name}" in guide, f"{part.__name__}.{name}"


def test_every_folder_and_every_schema_is_named_in_the_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [name for name in FOLDERS if f"\n{name}/" not in guide or f"`{name}/`" not in guide] == []
    assert [name for name in schemas() if name not in guide] == []
