"""`knuff serve` as an operator has it: it says how it is, and finds a workspace again by itself."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson
import pytest

from tests.contracts.pretend import TEAMS_APP_ID, TEAMS_APP_PASSWORD, TEAMS_TENANT_ID
from tests.journeys import programs
from tests.journeys.hands import Hands, wait_for
from workplace.municipality import MATS

OPERATOR_TOKEN = "the-token-that-opens-the-operators-page"


@pytest.mark.journey
def test_an_app_that_is_removed_and_installed_again_is_connected_without_a_restart(tmp_path: Path) -> None:
    port = programs.free_port()
    with programs.workplace(
        "--clock-start", "2026-03-02T12:00:00+01:00",
        folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = Hands(workplace.address)
        knuff = programs.serve(
            folder=tmp_path, port=port, database_url=f"sqlite:///{tmp_path / 'knuff.db'}", workplace=workplace.address,
            operator_token=OPERATOR_TOKEN,
        )  # fmt: skip
        try:
            in_order = {"ok": True, "database": True, "slack": True, "metronome": True, "listening": True}
            wait_for("the first connection", lambda: _ready(knuff.address) == in_order, seconds=20)
            assert "Nothing is stuck." in _operators_page(knuff.address)
            hands.post("/_control/uninstall", {})
            wait_for("the loss", lambda: _ready(knuff.address) == in_order | {"ok": False, "slack": False}, seconds=20)
            assert "Workspace 1 (Slack) has not let us in since" in _operators_page(knuff.address)
            hands.post("/_control/install", {})
            hands.post("/clock", {"advance_seconds": 320})
            wait_for("the connection", lambda: _ready(knuff.address) == in_order, seconds=20)
        finally:
            knuff.kill()
        said = knuff.said.read_text("utf-8")
        assert OPERATOR_TOKEN not in said
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
            wait_for("the platform", lambda: _ready(knuff.address)["slack"], seconds=20)
            wait_for("a word about it", lambda: "socket_not_connected" in knuff.said.read_text("utf-8"), seconds=20)
            assert "invalid_auth" in knuff.said.read_text("utf-8")
            assert (_ready(knuff.address)["ok"], _ready(knuff.address)["listening"]) == (False, False)
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


@pytest.mark.journey
def test_teams_alone_is_served_and_one_platform_that_refuses_us_keeps_no_other_from_its_work(tmp_path: Path) -> None:
    port = programs.free_port()
    with programs.workplace(
        "--teams-url", f"http://127.0.0.1:{port}/api/messages", "--clock-start", "2026-03-02T12:00:00+01:00",
        folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = Hands(workplace.address)
        in_order = {"ok": True, "database": True, "teams": True, "metronome": True, "listening": True}
        knuff = _serve_teams(tmp_path, port, workplace)
        try:
            wait_for("Teams alone", lambda: _ready(knuff.address) == in_order, seconds=20)
            assert _status(f"{knuff.address}/slack/events", b"{}") == 404
            assert _status(f"{knuff.address}/api/messages", b"{}") == 401
            assert "✓ Messaging endpoint" in _doctor_of_teams(workplace, KNUFF_PAGE_ADDRESS=knuff.address)
            _answered(hands, 1)
        finally:
            knuff.kill()
        knuff = _serve_teams(
            tmp_path, port, workplace,
            slack_bot_token="xoxb-wrong", slack_signing_secret="s", slack_api_url=f"{workplace.address}/api/",
        )  # fmt: skip
        try:
            wait_for("Teams", lambda: _ready(knuff.address)["teams"], seconds=20)
            _answered(hands, 2)
            assert _ready(knuff.address) == in_order | {"ok": False, "slack": False}
        finally:
            knuff.kill()
        said = knuff.said.read_text("utf-8")
        assert "platform_does_not_know_us" in said
        assert "xoxb-wrong" not in said


def _teams_settings(workplace: programs.Program) -> dict[str, str]:
    return {
        "KNUFF_TEAMS_APP_ID": TEAMS_APP_ID,
        "KNUFF_TEAMS_APP_PASSWORD": TEAMS_APP_PASSWORD,
        "KNUFF_TEAMS_TENANT_ID": TEAMS_TENANT_ID,
        "KNUFF_TEAMS_OPENID_URL": f"{workplace.address}/teams/openid/.well-known/openidconfiguration",
        "KNUFF_TEAMS_TOKEN_URL": f"{workplace.address}/teams/token",
        "KNUFF_TEAMS_SERVICE_URL": f"{workplace.address}/teams/emea/",
    }


def _serve_teams(folder: Path, port: int, workplace: programs.Program, **more: str) -> programs.Program:
    settings = _teams_settings(workplace) | {
        "KNUFF_DATABASE_URL": f"sqlite:///{folder / 'teams.db'}",
        "KNUFF_CLOCK_URL": f"{workplace.address}/clock",
        "KNUFF_PORT": str(port),
    }
    named = {f"KNUFF_{key.upper()}": value for key, value in more.items()}
    return programs.start("knuff", "bot.cli", "serve", folder=folder, settings=settings | named)


def _answered(hands: Hands, times: int) -> None:
    """Somebody in Teams writes to us and is answered."""
    hands.post(f"/_control/teams/people/{MATS}/write", {"text": "hjälp"})
    wait_for(
        "an answer", lambda: len(hands.get("/_control/teams/state")["received"].get(MATS, [])) >= times, seconds=20
    )


def _status(address: str, body: bytes) -> int:
    try:
        with urlopen(Request(address, data=body), timeout=5) as answer:
            status: int = answer.status
    except HTTPError as refused:
        return refused.code
    return status


def _doctor_of_teams(workplace: programs.Program, **more: str) -> str:
    own = {key: value for key, value in os.environ.items() if not key.startswith("KNUFF_")}
    command = [sys.executable, "-m", "bot.cli", "doctor"]
    return subprocess.run(
        command, env=own | _teams_settings(workplace) | more, capture_output=True, encoding="utf-8", check=False,
        timeout=60,
    ).stdout  # fmt: skip


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


def _operators_page(address: str) -> str:
    asked = Request(f"{address}/operator", headers={"Authorization": f"Bearer {OPERATOR_TOKEN}"})
    with urlopen(asked, timeout=5) as answer:
        return str(answer.read().decode())


def _ready(address: str) -> dict[str, bool]:
    try:
        with urlopen(f"{address}/ready", timeout=5) as answer:
            found: dict[str, bool] = orjson.loads(answer.read())
    except HTTPError as refused:  # 503
        found = orjson.loads(refused.read())
    return found
