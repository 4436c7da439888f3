"""JSON Schema for editors: the heads of Markdown files and whole YAML files, from the models."""

import json
from pathlib import Path
from typing import Any

from lessons.challenges import Challenge
from lessons.folders import CONTENT
from lessons.methods import Method
from lessons.models import LessonHead, Programme
from lessons.reading import read_taxonomy
from lessons.recall_cards import RecallHead
from lessons.surveys import Survey
from lessons.taxonomy import Taxonomy

LESSON_SCHEMA = "lesson.schema.json"
PROGRAMME_SCHEMA = "programme.schema.json"
CHALLENGE_SCHEMA = "challenge.schema.json"
RECALL_SCHEMA = "recall.schema.json"
METHOD_SCHEMA = "method.schema.json"
SURVEY_SCHEMA = "survey.schema.json"

DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def lesson_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    """What may stand in the YAML head of a lesson; the sections below it are no YAML."""
    schema = {**DIALECT, **LessonHead.model_json_schema()}
    properties = schema["properties"]
    properties["principle"]["enum"] = list(taxonomy.principles)
    properties["behaviour"]["enum"] = list(taxonomy.behaviours)
    properties["element"]["enum"] = list(taxonomy.elements)
    return schema


def programme_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    schema = {**DIALECT, **Programme.model_json_schema()}
    schema["$defs"]["Week"]["properties"]["principle"]["enum"] = list(taxonomy.principles)
    return schema


def challenge_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    schema = {**DIALECT, **Challenge.model_json_schema(by_alias=True)}
    properties = schema["properties"]
    properties["principles"]["items"]["enum"] = list(taxonomy.principles)
    properties["behaviours"]["items"]["enum"] = list(taxonomy.behaviours)
    return schema


def recall_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    """What may stand in the YAML head of a recall card."""
    schema = {**DIALECT, **RecallHead.model_json_schema()}
    schema["properties"]["behaviour"]["enum"] = list(taxonomy.behaviours)
    return schema


def method_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    schema = {**DIALECT, **Method.model_json_schema()}
    schema["properties"]["principles"]["items"]["enum"] = list(taxonomy.principles)
    schema["properties"]["behaviours"]["items"]["enum"] = list(taxonomy.behaviours)
    return schema


def survey_schema() -> dict[str, Any]:
    return {**DIALECT, **Survey.model_json_schema()}


def schemas() -> dict[str, str]:
    """File name → the text of the file, as it is shipped."""
    taxonomy = read_taxonomy(CONTENT / "taxonomy.yaml")
    made = {
        LESSON_SCHEMA: lesson_schema(taxonomy),
        PROGRAMME_SCHEMA: programme_schema(taxonomy),
        CHALLENGE_SCHEMA: challenge_schema(taxonomy),
        RECALL_SCHEMA: recall_schema(taxonomy),
        METHOD_SCHEMA: method_schema(taxonomy),
        SURVEY_SCHEMA: survey_schema(),
    }
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in made.items()}


def write_schema(path: Path) -> None:
    """Write every schema into the folder `path`, made if it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (path / name).write_text(text, encoding="utf-8")
