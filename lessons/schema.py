"""JSON Schema for editors: the head of a lesson file, the programme file and the challenge file, from the models."""

import json
from pathlib import Path
from typing import Any

from lessons.challenges import Challenge
from lessons.gathering import CONTENT
from lessons.models import LessonHead, Programme
from lessons.reading import read_taxonomy
from lessons.taxonomy import Taxonomy

LESSON_SCHEMA = "lesson.schema.json"
PROGRAMME_SCHEMA = "programme.schema.json"
CHALLENGE_SCHEMA = "challenge.schema.json"


def lesson_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    """What may stand in the YAML head of a lesson; the sections below it are no YAML."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **LessonHead.model_json_schema()}
    properties = schema["properties"]
    properties["principle"]["enum"] = list(taxonomy.principles)
    properties["behaviour"]["enum"] = list(taxonomy.behaviours)
    properties["element"]["enum"] = list(taxonomy.elements)
    return schema


def programme_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Programme.model_json_schema()}
    schema["$defs"]["Week"]["properties"]["principle"]["enum"] = list(taxonomy.principles)
    return schema


def challenge_schema(taxonomy: Taxonomy) -> dict[str, Any]:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Challenge.model_json_schema(by_alias=True)}
    properties = schema["properties"]
    properties["principles"]["items"]["enum"] = list(taxonomy.principles)
    properties["behaviours"]["items"]["enum"] = list(taxonomy.behaviours)
    return schema


def schemas() -> dict[str, str]:
    """File name → the text of the file, as it is shipped."""
    taxonomy = read_taxonomy(CONTENT / "taxonomy.yaml")
    made = {
        LESSON_SCHEMA: lesson_schema(taxonomy),
        PROGRAMME_SCHEMA: programme_schema(taxonomy),
        CHALLENGE_SCHEMA: challenge_schema(taxonomy),
    }
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in made.items()}


def write_schema(path: Path) -> None:
    """Write every schema into the folder `path`, made if it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (path / name).write_text(text, encoding="utf-8")
