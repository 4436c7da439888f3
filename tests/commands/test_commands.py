"""What an operator types, and what it says."""

import resource
from pathlib import Path
from zipfile import ZipFile

import orjson
import pytest

from tests.commands.typed import Knuff, in_a_process

APP_ID = "a1b2c3d4-0000-4000-8000-000000000001"
ABOUT = ("--about", "https://example.se/personuppgifter")
SLACK = {"KNUFF_SLACK_BOT_TOKEN": "x", "KNUFF_SLACK_SIGNING_SECRET": "y"}


def test_help_takes_less_than_half_a_second_of_work() -> None:
    in_a_process("--help")
    assert min(_work_seconds() for _ in range(3)) < 0.5


def _work_seconds() -> float:
    """Time on the processor, not on the wall: other tests run beside this one."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert in_a_process("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    ("arguments", "environment", "names"),
    [
        (("serve",), {}, "KNUFF_SLACK_BOT_TOKEN"),
        (("serve",), {"KNUFF_TEAMS_APP_ID": APP_ID}, "KNUFF_TEAMS_APP_PASSWORD"),
        (("serve",), {"KNUFF_PORT": "x"}, "KNUFF_PORT"),
        (("serve", "--clock-start", "2026-03-02T08:29:50+01:00"), SLACK, "--clock-start"),
        (("serve", "--clock-start", "soon"), SLACK, "--clock-start"),
        (("worker",), SLACK, "needs PostgreSQL"),
        (("worker",), {"KNUFF_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/knuff"}, "KNUFF_SLACK_BOT_TOKEN"),
        (("db", "upgrade"), {"KNUFF_DATABASE_URL": "nonsense"}, "KNUFF_DATABASE_URL"),
        (("rehearse", "no-such-programme"), {}, "eight-weeks"),
        (
            ("rehearse", "eight-week", "--teams", "3"),
            {},
            "There is no programme or challenge 'eight-week'. Did you mean \"eight-weeks\"?",
        ),
        (("rehearse", "eight-weeks", "--start", "monday"), {}, "--start"),
        (("rehearse", "eight-weeks", "--start", "9999-12-31"), {}, "--start takes a day from 2000 to 2099"),
        (("rehearse", "eight-weeks", "--people", "100000000"), {}, "--people takes at most 100000"),
        (("rehearse", "eight-weeks", "--closed", "2026-03-20", "--closed", "friday"), {}, "--closed"),
        (("rehearse", "eight-weeks", "--platform", "irc"), {}, "slack, teams, both"),
        (("rehearse", "eight-weeks", "--platform", "both", "--people", "1"), {}, "--people 2"),
        (("preview", "--language", "fi"), {}, "--language"),
        (("preview", "--platform", "paper"), {}, "--platform"),
        (("manifest", "slack", "--url", "http://knuff.example.se"), {}, "--url"),
        (("manifest", "teams", "--url", "http://knuff.example.se", "--app-id", APP_ID, *ABOUT), {}, "--url"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: tuple[str, ...], environment: dict[str, str], names: str, knuff: Knuff
) -> None:
    ended = knuff(*arguments, **environment)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert names in ended.stderr
    assert not ended.stderr.startswith("\n")


def test_a_rehearsal_draws_no_progress_where_nobody_looks_on(knuff: Knuff) -> None:
    ended = knuff("rehearse", "keep-going", "--people", "2", "--json")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_that_is_not_to_send_needs_others_that_do() -> None:
    ended = in_a_process("serve", **SLACK, KNUFF_SENDS="false")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "KNUFF_SENDS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_broken_lesson_keeps_serve_from_starting_and_its_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "M01.md").write_text("---\nid: M01\nkind: nonsense\n---\n", encoding="utf-8")
    ended = in_a_process(
        "serve", **SLACK, KNUFF_CONTENT_PATH=str(tmp_path), KNUFF_DATABASE_URL=f"sqlite:///{tmp_path / 'knuff.db'}"
    )
    assert ended.returncode == 2
    assert "M01.md:" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "knuff.db").exists()


def test_the_manifest_asks_for_little_and_lets_people_write_to_us(knuff: Knuff) -> None:
    manifest = orjson.loads(knuff("manifest", "slack", "--url", "https://knuff.example.se/").stdout)
    assert manifest["oauth_config"]["scopes"]["bot"] == [
        "chat:write", "commands", "im:history", "im:write", "users:read",
    ]  # fmt: skip
    assert manifest["settings"]["interactivity"]["request_url"] == "https://knuff.example.se/slack/events"
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_the_manifest_for_a_socket_names_no_address_and_audiences_need_two_scopes_more(knuff: Knuff) -> None:
    manifest = orjson.loads(knuff("manifest", "slack", "--socket-mode", "--audiences").stdout)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "url" not in orjson.dumps(manifest).decode()
    assert {"usergroups:read", "channels:read"} <= set(manifest["oauth_config"]["scopes"]["bot"])


def test_the_package_for_teams_is_written_ready_to_upload(tmp_path: Path, knuff: Knuff) -> None:
    out = tmp_path / "knuff-teams.zip"
    ended = knuff(
        "manifest", "teams", "--url", "https://knuff.example.se", "--app-id", APP_ID.upper(), *ABOUT, "--out", str(out)
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "ready to upload" in ended.stdout
    with ZipFile(out) as package:
        assert orjson.loads(package.read("manifest.json"))["id"] == APP_ID


def test_the_preview_for_teams_is_one_object_a_line() -> None:
    ended = in_a_process("preview", "--platform", "teams", "--all", "--json")
    shown = [orjson.loads(line) for line in ended.stdout.splitlines()]
    assert {line["surface"] for line in shown} == {"message", "dialog", "home"}
    assert len(shown) > 300


def test_the_database_is_brought_to_the_newest_schema_as_often_as_one_likes(tmp_path: Path, knuff: Knuff) -> None:
    url = f"sqlite:///{tmp_path / 'knuff.db'}"
    assert [knuff("db", "upgrade", KNUFF_DATABASE_URL=url).returncode for _ in range(2)] == [0, 0]
