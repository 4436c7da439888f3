"""What the page draws cards with: from npm, pinned, from wherever a machine fetches, into the wheel and the image."""

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

from tools.image_steps import steps

PROJECT = Path(__file__).parents[1]
LOCK = json.loads((PROJECT / "package-lock.json").read_text(encoding="utf-8"))
VENDOR = "workplace/page/vendor"


def test_every_npm_package_is_checked_against_its_hash_and_bound_to_no_registry() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert {"node_modules/adaptivecards", "node_modules/markdown-it"} <= set(packages)
    assert [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_what_is_asked_of_npm_is_what_is_pinned() -> None:
    asked = json.loads((PROJECT / "package.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


def test_the_page_loads_exactly_the_bundles_that_are_fetched() -> None:
    page = (PROJECT / "workplace/page/index.html").read_text(encoding="utf-8")
    fetched = {file.name for file in (PROJECT / VENDOR).iterdir()}
    assert fetched == {"adaptivecards.min.js", "markdown-it.min.js", "LICENSES.txt"}
    assert all(f'src="/page/vendor/{name}"' in page for name in fetched if name.endswith(".js"))


def test_the_bundles_come_with_the_licence_of_every_package_in_them() -> None:
    licences = (PROJECT / VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    shipped = {name.removeprefix("node_modules/") for name, package in LOCK["packages"].items() if name}
    shipped -= {name.removeprefix("node_modules/") for name, one in LOCK["packages"].items() if one.get("dev")}
    # argparse is for markdown-it's command line alone, and in no bundle.
    assert {name for name in shipped if f"{name}\n\n" not in licences} == {"argparse"}


def test_what_is_taken_away_of_them_is_fetched_again(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "Makefile", tmp_path)
    written_in_order = [
        "requirements-dev.lock", "pyproject.toml", "tools/setup", ".venv/.ready",
        "package-lock.json", ".npmrc", "requirements-node.lock", "tools/page_assets",
        f"{VENDOR}/LICENSES.txt", "node_modules/.ready",
    ]  # fmt: skip
    for seconds, name in enumerate(written_in_order):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (seconds, seconds))
    assert "page_assets" not in would_run("setup", tmp_path)
    shutil.rmtree(tmp_path / VENDOR)
    assert "tools/page_assets .venv/bin/python" in would_run("setup", tmp_path)


def would_run(target: str, place: Path) -> str:
    """The commands make would run; it is not told of a make that we may run under."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    dry = subprocess.run(
        ["make", "--dry-run", target], cwd=place, env=around, capture_output=True, text=True, check=True
    )
    return dry.stdout


def test_git_leaves_the_bundles_out_and_the_wheel_takes_them_in() -> None:
    ignored = subprocess.run(["git", "check-ignore", "-q", f"{VENDOR}/adaptivecards.min.js"], cwd=PROJECT, check=False)
    assert ignored.returncode == 0
    build = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert f"{VENDOR}/*" in build["targets"]["wheel"]["artifacts"]


def test_the_image_fetches_them_itself_and_carries_no_node() -> None:
    said = list(steps((PROJECT / "Dockerfile").read_text(encoding="utf-8")))
    fetches = [step.rest for step in said if step.word == "RUN" and "page_assets" in step.rest]
    assert fetches == ["tools/page_assets /opt/build/bin/python --omit=dev"]
    last = max(index for index, step in enumerate(said) if step.word == "FROM")
    assert not any("node" in step.rest for step in said[last:])
