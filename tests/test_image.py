"""The Dockerfile says what we promise of the image; `make image-steps` carries its steps out."""

import json
from pathlib import Path

from tools.image_steps import Step, sent_to_the_builder, steps

PROJECT = Path(__file__).parents[1]
SAID = list(steps((PROJECT / "Dockerfile").read_text(encoding="utf-8")))
LAST_STAGE = SAID[max(index for index, step in enumerate(SAID) if step.word == "FROM") :]


def said(word: str, *, among: list[Step]) -> list[str]:
    return [step.rest for step in among if step.word == word]


def test_the_image_runs_as_somebody_who_is_not_root() -> None:
    assert said("USER", among=LAST_STAGE) == ["knuff"]
    last_run = max(index for index, step in enumerate(LAST_STAGE) if step.word == "RUN")
    assert last_run < LAST_STAGE.index(Step(word="USER", rest="knuff"))


def test_the_image_serves_and_says_how_it_is() -> None:
    assert [json.loads(command) for command in said("CMD", among=LAST_STAGE)] == [["knuff", "serve"]]
    (health,) = said("HEALTHCHECK", among=LAST_STAGE)
    assert "/health" in health
    assert "KNUFF_PORT" in health


def test_the_image_keeps_its_database_on_the_volume() -> None:
    assert said("VOLUME", among=LAST_STAGE) == ["/data"]
    assert any("KNUFF_DATABASE_URL=sqlite:////data/" in variables for variables in said("ENV", among=LAST_STAGE))


def test_every_package_of_the_image_is_checked_against_its_hash() -> None:
    fetching = [run for run in said("RUN", among=SAID) if "pip" in run and "--no-index" not in run]
    assert fetching
    assert [run for run in fetching if "--require-hashes" not in run] == []
    assert not any("requirements-dev" in step.rest for step in SAID)


def test_everything_copied_into_the_image_is_sent_to_the_builder() -> None:
    sent = sent_to_the_builder((PROJECT / ".dockerignore").read_text(encoding="utf-8"))
    copied = {part for copy in said("COPY", among=SAID) if "--from=" not in copy for part in copy.split()[:-1]}
    assert copied == sent
    assert {"bot", "lessons", "scheduler", "storage", "workplace", "LICENSE", "LICENSE-CONTENT"} <= copied
