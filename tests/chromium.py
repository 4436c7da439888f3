"""Find the Chromium that the browser journeys run in, or install one.

`python -m tests.chromium` prints its path, and on standard error what it does; `make test` begins with it. Where
nothing goes, it fails with the command to type.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The fonts draw Swedish text and the emoji in buttons; without them screenshots show boxes.
PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-color-emoji")
WHAT_TO_TYPE = f"""\
No Chromium was found, and none could be installed. Type one of these, then make test again:
  sudo apt-get update && sudo apt-get install --yes {" ".join(PACKAGES)}      (Debian)
  .venv/bin/playwright install --with-deps chromium                                   (elsewhere)
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
    own = _playwrights_own()
    return own if own.exists() else None


def find_or_install() -> Path | None:
    return find() or _from_debian() or _from_playwright()


def _from_debian() -> Path | None:
    """Install Debian's package where that takes no password. (Ubuntu's is a stub for snap: left to Playwright.)"""
    if _distribution() != "debian" or not shutil.which("apt-get"):
        return None
    root: tuple[str, ...] = ()
    if os.geteuid() != 0:
        if not _goes("sudo", "-n", "true"):
            return None
        root = ("sudo", "-n")
    _say(f"Installing {', '.join(PACKAGES)} from Debian (a minute)")
    quietly = (*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    if _goes(*quietly, "update") and _goes(*quietly, "install", "--yes", "--no-install-recommends", *PACKAGES):
        return find()
    return None


def _from_playwright() -> Path | None:
    _say("Installing Playwright's own Chromium (a few minutes)")
    return find() if _goes(sys.executable, "-m", "playwright", "install", "chromium") else None


def _playwrights_own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _distribution() -> str:
    release = Path("/etc/os-release")
    lines = release.read_text(encoding="utf-8").splitlines() if release.exists() else []
    return next((line[3:].strip('"') for line in lines if line.startswith("ID=")), "")


def _goes(*command: str) -> bool:
    """Run it, its words on standard error; our standard output is for the path alone."""
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode == 0


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
