"""The schemas editors use are the ones the models give."""

from pathlib import Path

from lessons.folders import CONTENT
from lessons.schema import schemas, write_schema


def test_the_shipped_schemas_are_up_to_date() -> None:
    renew = 'renew them: python -c "from lessons.schema import *; write_schema(CONTENT)"'

    for name, text in schemas().items():
        assert (CONTENT / name).read_text(encoding="utf-8") == text, renew


def test_the_schemas_can_be_written_to_another_folder(tmp_path: Path) -> None:
    write_schema(tmp_path / "new")

    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "lesson.schema.json",
        "programme.schema.json",
        "challenge.schema.json",
        "recall.schema.json",
        "method.schema.json",
        "survey.schema.json",
    }


def test_an_editor_can_offer_every_behaviour_and_refuse_an_unknown_key() -> None:
    lesson = schemas()["lesson.schema.json"]

    assert '"ask_first"' in lesson
    assert '"additionalProperties": false' in lesson
