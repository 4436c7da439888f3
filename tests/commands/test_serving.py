"""`knuff serve` as an operator has it: it says how it is, and finds a workspace again by itself."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import orjson
import pytest

from tests.journeys import programs
from tests.journeys.hands import Hands, wait_for


@pytest.mark.journey
def test_an_app_that_is_removed_and_installed_again_is_connected_without_a_restart(tmp_path: Path) -> None:
    port = programs.free_port()
    with programs.workplace(
        "--clock-start", "2026-03-02T12:00:00+01:00",
        folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = Hands(workplace.address)
        knuff = programs.serve(
            folder=tmp_path, port=port, database_url=f"sqlite:///{tmp_path / 'knuff.db'}", workplace=workplace.address
        )
        try:
            in_order = {"ok": True, "database": True, "platform": True, "metronome": True, "socket": True}
            wait_for("the first connection", lambda: _ready(knuff.address) == in_order, seconds=20)
            hands.post("/_control/uninstall", {})
            wait_for(
                "the loss", lambda: _ready(knuff.address) == in_order | {"ok": False, "platform": False}, seconds=20
            )
            hands.post("/_control/install", {})
            hands.post("/clock", {"advance_seconds": 320})
            wait_for("the connection", lambda: _ready(knuff.address) == in_order, seconds=20)
        finally:
            knuff.kill()
        said = knuff.said.read_text("utf-8")
        assert said.index("workspace_lost") < said.index("workspace_connected_again")


@pytest.mark.journey
def test_an_app_token_that_slack_refuses_is_named(tmp_path: Path) -> None:
    with programs.workplace(folder=tmp_path, request_url="http://127.0.0.1:9/slack/events") as workplace:
        database_url = f"sqlite:///{tmp_path / 'knuff.db'}"

        def serve(app_token: str) -> programs.Program:
            return programs.serve(
                folder=tmp_path, port=0, database_url=database_url, workplace=workplace.address,
                slack_app_token=app_token,
            )  # fmt: skip

        knuff = serve("xapp-1-WRONG")
        try:
            wait_for("the platform", lambda: _ready(knuff.address)["platform"], seconds=20)
            wait_for("a word about it", lambda: "socket_not_connected" in knuff.said.read_text("utf-8"), seconds=20)
            assert "invalid_auth" in knuff.said.read_text("utf-8")
            assert (_ready(knuff.address)["ok"], _ready(knuff.address)["socket"]) == (False, False)
            assert "xapp-1" not in knuff.said.read_text("utf-8")
        finally:
            knuff.kill()
        assert "✗ Socket Mode\n    Slack refuses the app token (invalid_auth)" in _doctor(
            "xapp-1-WRONG", workplace, tmp_path
        )
        assert "✓ Socket Mode" in _doctor(programs.APP_TOKEN, workplace, tmp_path)
        knuff = serve(programs.APP_TOKEN)
        try:
            wait_for("the socket", lambda: _ready(knuff.address)["ok"], seconds=20)
        finally:
            knuff.kill()


def _doctor(app_token: str, workplace: programs.Program, folder: Path) -> str:
    settings = {
        "KNUFF_DATABASE_URL": f"sqlite:///{folder / 'none.db'}",
        "KNUFF_SLACK_BOT_TOKEN": programs.BOT_TOKEN,
        "KNUFF_SLACK_APP_TOKEN": app_token,
        "KNUFF_SLACK_API_URL": f"{workplace.address}/api/",
    }
    command = [sys.executable, "-m", "bot.cli", "doctor"]
    return subprocess.run(
        command, env=os.environ | settings, capture_output=True, encoding="utf-8", check=False, timeout=60
    ).stdout


def _ready(address: str) -> dict[str, bool]:
    try:
        with urlopen(f"{address}/ready", timeout=5) as answer:
            found: dict[str, bool] = orjson.loads(answer.read())
    except HTTPError as refused:  # 503
        found = orjson.loads(refused.read())
    return found
