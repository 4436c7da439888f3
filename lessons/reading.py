"""One YAML file in, one model and its faults out; every fault with its line. Markdown is for `markdown_reading`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from lessons.challenges import Challenge
from lessons.faults import ContentError, Fault
from lessons.files import located, wrong_name
from lessons.methods import Method
from lessons.models import Content, Programme
from lessons.programme_rules import misfits_of
from lessons.surveys import Survey
from lessons.taxonomy import Taxonomy
from lessons.validation import validated
from lessons.yaml_lines import LocatedYaml

Model = TypeVar("Model", bound=Content)


@dataclass(frozen=True, kw_only=True, slots=True)
class YamlFile:
    """A file as it stands, and what is wrong with it."""

    path: Path
    yaml: LocatedYaml = field(default_factory=lambda: LocatedYaml(value={}))
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeFile(YamlFile):
    programme: Programme | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeFile(YamlFile):
    challenge: Challenge | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MethodFile(YamlFile):
    method: Method | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyFile(YamlFile):
    survey: Survey | None = None


def read_programme(path: Path) -> ProgrammeFile:
    """Read one programme file. Never raises for what an author can do wrong: that is in `faults`."""
    file, programme = _read(path, Programme)
    misfits = misfits_of(programme) if programme is not None else []
    faults = [Fault(path=path, line=file.yaml.line_of(place), message=message) for place, message in misfits]
    return ProgrammeFile(path=path, yaml=file.yaml, faults=(*file.faults, *faults), programme=programme)


def read_challenge(path: Path) -> ChallengeFile:
    """Read one challenge file. Never raises for what an author can do wrong: that is in `faults`."""
    file, challenge = _read(path, Challenge)
    return ChallengeFile(path=path, yaml=file.yaml, faults=file.faults, challenge=challenge)


def read_method(path: Path) -> MethodFile:
    """Read one method file. Never raises for what an author can do wrong: that is in `faults`."""
    file, method = _read(path, Method)
    return MethodFile(path=path, yaml=file.yaml, faults=file.faults, method=method)


def read_survey(path: Path) -> SurveyFile:
    """Read one survey file. Never raises for what an author can do wrong: that is in `faults`."""
    file, survey = _read(path, Survey)
    return SurveyFile(path=path, yaml=file.yaml, faults=file.faults, survey=survey)


def read_taxonomy(path: Path) -> Taxonomy:
    """Read the taxonomy. Raises ContentError."""
    file, taxonomy = _read(path, Taxonomy)
    if taxonomy is None or file.faults:
        raise ContentError(list(file.faults))
    return taxonomy


def _read(path: Path, model: type[Model]) -> tuple[YamlFile, Model | None]:
    yaml = located(path)
    if isinstance(yaml, Fault):
        return YamlFile(path=path, faults=(yaml,)), None
    content, faults = validated(path, yaml, model)
    return YamlFile(path=path, yaml=yaml, faults=(*faults, *wrong_name(path, yaml))), content
