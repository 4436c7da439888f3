"""Find the Chromium that the browser journeys run in, or install one.

`python -m tests.chromium` prints its path, and on standard error what it does; `make test` begins with it. Where
nothing goes, it fails with the command to type.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error, sync_playwright

SHELL = "chromium-headless-shell"
"""Chromium without its windows: the same pages in a third of the time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The fonts draw Swedish text and the emoji in buttons; libatomic is what Playwright's driver wants of a bare Debian.
PACKAGES = (SHELL, "fonts-liberation", "fonts-noto-color-emoji", "libatomic1")
WHAT_TO_TYPE = f"""\
No Chromium that runs was found, and none could be installed. Type one of these, then make test again:
  sudo apt-get update && sudo apt-get install --yes {" ".join(PACKAGES)}      (Debian)
  .venv/bin/playwright install --with-deps chromium      (elsewhere; on Linux, libatomic must be there)
or name the one you have: CHROMIUM=/path/to/chromium make test
"""


def find() -> Path | None:
    """The browser that CHROMIUM names, else one on PATH, else Playwright's own, else None.

    FileNotFoundError when CHROMIUM names what is not there: a wrong name is said, not worked around.
    """
    if named := os.environ.get("CHROMIUM"):
        if path := shutil.which(named):
            return Path(path)
        raise FileNotFoundError(f"CHROMIUM is {named}, and no program is there.")
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    return _playwrights_own()


def find_or_install() -> Path | None:
    """As `find`, but what is missing to drive the browser is installed first; None where that does not go.

    Where there is a browser and we are root, as in a container, the quicker one is installed beside it if it can be.
    """
    if (found := _ready()) is not None and (found.name == SHELL or "CHROMIUM" in os.environ or os.geteuid() != 0):
        return found
    _from_debian()
    if (found := _ready()) is not None:
        return found
    _from_playwright()
    return _ready()


def _ready() -> Path | None:
    return find() if _goes(sys.executable, "-m", "playwright", "--version", shows="nothing") else None


def _from_debian() -> None:
    """Install Debian's packages where that takes no password. (Ubuntu's Chromium is a stub: left to Playwright.)"""
    if _distribution() != "debian" or shutil.which("apt-get") is None:
        return
    root = () if os.geteuid() == 0 else ("sudo", "-n")
    if root and not (shutil.which("sudo") and _goes(*root, "true", shows="nothing")):
        return
    _say(f"Installing {', '.join(PACKAGES)} from Debian (a minute)")
    apt = (*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Acquire::http::Timeout=20")
    if _goes(*apt, "update", shows="failure"):
        _goes(*apt, "install", "--yes", "--no-remove", "--no-install-recommends", *PACKAGES, shows="failure")


def _from_playwright() -> None:
    _say("Installing Playwright's own Chromium (a few minutes)")
    _goes(sys.executable, "-m", "playwright", "install", "chromium")


def _playwrights_own() -> Path | None:
    try:
        with sync_playwright() as playwright:
            path = Path(playwright.chromium.executable_path)
    except Error:
        return None
    return path if path.exists() else None


def _distribution() -> str:
    release = Path("/etc/os-release")
    lines = release.read_text(encoding="utf-8").splitlines() if release.exists() else []
    return next((line[3:].strip('"') for line in lines if line.startswith("ID=")), "")


def _goes(*command: str, shows: Literal["all", "failure", "nothing"] = "all") -> bool:
    """Run it; what it prints goes to standard error, since our standard output is for the path alone."""
    output = sys.stderr if shows == "all" else subprocess.PIPE
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0 and shows == "failure":
        sys.stderr.write(done.stdout)
    return done.returncode == 0


def _say(words: str) -> None:
    print(f"       {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        path = find_or_install()
    except FileNotFoundError as error:
        sys.exit(str(error))
    if path is None:
        sys.exit(WHAT_TO_TYPE)
    print(path)
