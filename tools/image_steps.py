"""Run the steps of the Dockerfile on clean Debian roots, where no container engine runs (`make image-steps`, as root).

Each stage begins as a fresh Debian 12 with Python 3.11; COPY, RUN, ENV, WORKDIR and USER are carried out in it, and in
the last one the image's command is started as the image's user and asked by the image's own health check.

Seen this way: every step succeeds, nothing that .dockerignore holds back is needed, and Knuff starts and answers with
what is in the image and nothing else. Not seen: the real base image, layers and sizes, volumes, an engine asking for
health. Borrowed from this machine: name resolution, trusted certificates and the way to the package registry.
"""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).parents[1]
DEBIAN = ("debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates", "bookworm")
BORROWED_FILES = ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt")
BORROWED_VARIABLES = (
    *("PIP_CERT", "PIP_INDEX_URL", "PIP_TRUSTED_HOST", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    *("NODE_EXTRA_CA_CERTS", "npm_config_registry"),
)
# `serve` asks for these before it starts. They are invented, and the platform's address leads nowhere.
INVENTED = {
    "KNUFF_SLACK_BOT_TOKEN": "xoxb-invented",
    "KNUFF_SLACK_SIGNING_SECRET": "invented",
    "KNUFF_SLACK_API_URL": "http://127.0.0.1:9/api/",
}
HEALTHY_WITHIN_SECONDS = 60
NOTHING: Mapping[str, str] = {}


class StepFailed(Exception):
    """A step of the Dockerfile did not go, or is one this program does not know; `args[0]` says which."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    word: str
    rest: str


@dataclass(kw_only=True, slots=True)
class Stage:
    """A root under construction, and what the image would remember of it."""

    root: Path
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"})
    user: str = "root"
    folder: str = "/"
    health: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def inside(self, command: list[str], extra: Mapping[str, str] = NOTHING) -> list[str]:
        """The command line that runs `command` in the root, as the stage's user, in its folder, with its variables."""
        variables = [f"{name}={value}" for name, value in {**self.variables, **extra}.items()]
        enter = f"cd {shlex.quote(self.folder)} && exec {shlex.join(command)}"
        return [
            "chroot",
            f"--userspec={self.user}",
            str(self.root),
            "/usr/bin/env",
            "-i",
            *variables,
            "/bin/sh",
            "-c",
            enter,
        ]


def steps(dockerfile: str) -> Iterator[Step]:
    """The instructions in order, with continued lines joined and comments left out."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, rest = line.split(maxsplit=1)
            yield Step(word=word.upper(), rest=" ".join(rest.split()) if word != "RUN" else rest)


def sent_to_the_builder(dockerignore: str) -> set[str]:
    """The names at the top of the project that .dockerignore lets through: ours refuses all and names exceptions."""
    return {line[1:] for line in dockerignore.splitlines() if line.startswith("!")}


def build(dockerfile: str, *, debian: Path, at: Path) -> Stage:
    """Carry out every stage below `at`, each beginning as a copy of `debian`; return the last one."""
    stages: dict[str, Stage] = {}
    stage = Stage(root=at)
    for step in steps(dockerfile):
        _say(f"{step.word} {step.rest}")
        if step.word == "FROM":
            name = step.rest.split(" AS ")[1] if " AS " in step.rest else "final"
            stage = stages[name] = Stage(root=at / name)
            _run("cp", "-a", str(debian), str(stage.root))
        else:
            _carry_out(step, stage, stages)
    return stage


def _carry_out(step: Step, stage: Stage, stages: Mapping[str, Stage]) -> None:
    match step.word:
        case "RUN":
            borrowed = {name: os.environ[name] for name in BORROWED_VARIABLES if name in os.environ}
            _run(*stage.inside(["/bin/sh", "-c", step.rest], borrowed))
        case "COPY":
            _copy(step.rest.split(), stage, stages)
        case "ENV":
            stage.variables |= dict(part.split("=", 1) for part in shlex.split(step.rest))
        case "WORKDIR":
            stage.folder = step.rest
            _inside(stage, step.rest).mkdir(parents=True, exist_ok=True)
        case "USER":
            stage.user = step.rest
        case "HEALTHCHECK":
            stage.health = json.loads(step.rest.split(" CMD ", 1)[1])
        case "CMD":
            stage.command = json.loads(step.rest)
        case "VOLUME" | "EXPOSE":
            pass
        case _:
            raise StepFailed(f"{step.word} is not known here: teach tools/image_steps.py")


def _copy(arguments: list[str], stage: Stage, stages: Mapping[str, Stage]) -> None:
    source_stage = next((part.removeprefix("--from=") for part in arguments if part.startswith("--from=")), None)
    *sources, target = [part for part in arguments if not part.startswith("--")]
    into = _inside(stage, target)
    for source in sources:
        if source_stage is not None:
            origin = _inside(stages[source_stage], source)
        elif source in sent_to_the_builder((PROJECT / ".dockerignore").read_text(encoding="utf-8")):
            origin = PROJECT / source
        else:
            raise StepFailed(f"COPY {source}: .dockerignore holds it back")
        into.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "*.db*", "vendor")
            shutil.copytree(origin, into, symlinks=True, ignore=left_out, dirs_exist_ok=True)
        else:
            shutil.copy(origin, into)


def _inside(stage: Stage, path: str) -> Path:
    return stage.root / (Path(stage.folder) / path).relative_to("/")


def start_and_ask(stage: Stage) -> None:
    """Start the image's command and wait until its own health check passes; StepFailed if it stops or never does."""
    port = _free_port()
    settings = {**INVENTED, "KNUFF_PORT": str(port)}
    _say(f"{shlex.join(stage.command)} as {stage.user}, on port {port}")
    with subprocess.Popen(stage.inside(stage.command, settings)) as served:
        try:
            deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
            while subprocess.run(
                stage.inside(stage.health, settings), stderr=subprocess.DEVNULL, check=False
            ).returncode:
                if served.poll() is not None:
                    raise StepFailed(f"{shlex.join(stage.command)} stopped by itself ({served.returncode})")
                if time.monotonic() > deadline:
                    raise StepFailed(f"not healthy within {HEALTHY_WITHIN_SECONDS} s")
                time.sleep(0.5)
            _say("the health check passes")
        finally:
            served.terminate()


@contextmanager
def clean_debian() -> Iterator[tuple[Path, Path]]:
    """A fresh Debian and an empty folder to build in, both removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="knuff-image-") as made:
        debian = Path(made) / "debian"
        debian.mkdir(mode=0o755)
        _say("fetching a clean Debian (a minute)")
        _run(*DEBIAN, str(debian), quiet=True)
        (debian / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        for name in BORROWED_FILES:
            shutil.copy(f"/{name}", debian / name)
        yield debian, Path(made)


def _run(*command: str, quiet: bool = False) -> None:
    done = subprocess.run(command, stdout=subprocess.DEVNULL if quiet else None, check=False)
    if done.returncode != 0:
        raise StepFailed(f"{shlex.join(command)} failed ({done.returncode})")


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def _say(words: str) -> None:
    print(f"[image] {words}", flush=True)


def main() -> None:
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("This needs root and debootstrap. On Debian: apt-get install debootstrap")
    try:
        with clean_debian() as (debian, at):
            final = build((PROJECT / "Dockerfile").read_text(encoding="utf-8"), debian=debian, at=at)
            _run("du", "-sh", str(final.root / "opt/knuff"))
            _run(*final.inside(["knuff", "--help"]))
            start_and_ask(final)
    except StepFailed as error:
        sys.exit(f"[image] {error}")


if __name__ == "__main__":
    main()
