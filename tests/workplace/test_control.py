"""Starting over, refusing nonsense, and answering this machine only."""

import json
import sys
from asyncio import create_subprocess_exec, wait_for
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.workplace.conftest import Hands
from workplace.municipality import ALVSUNDA, generated
from workplace.seed import Seed

KARIN = "U01KARIN"


async def test_starting_over_forgets_everything_but_the_address_of_the_bot(hands: Hands, slack: AsyncWebClient) -> None:
    await hands.post("/_control/settings", {"request_url": "http://127.0.0.1:9/here"})
    await slack.chat_postMessage(channel=KARIN, text="Hej")
    await hands.faults({"kind": "slow"})
    await hands.post("/_control/reset", {"generate": {"people": 500, "zones": ["Europe/London"]}})
    state = await hands.get("/_control/state")
    assert (len(state["people"]), state["received"], state["calls"]) == (500, {}, {})
    assert {person["tz"] for person in state["people"]} == {"Europe/London"}
    assert (await hands.get("/_control/faults"))["rules"] == []
    assert (await hands.post("/_control/settings"))["request_url"] == "http://127.0.0.1:9/here"
    await hands.post("/_control/reset")
    assert len((await hands.get("/_control/state"))["people"]) == len(ALVSUNDA.people)


def test_the_same_seed_invents_the_same_people() -> None:
    assert generated(50, seed=3) == generated(50, seed=3)
    assert generated(50, seed=3) != generated(50, seed=4)


def test_a_seed_survives_being_written_down() -> None:
    assert Seed.model_validate_json(ALVSUNDA.model_dump_json()) == ALVSUNDA


@pytest.mark.parametrize(
    ("seed", "fault"),
    [
        ({"people": [{"id": "U1", "name": "a", "real_name": "A"}]}, "people.0.id"),
        ({"people": [{"id": "U01", "name": "a", "real_name": "A", "tz": "Mars"}]}, "no IANA time zone"),
        ({"people": [{"id": "U01", "name": "a", "real_name": "A"}] * 2}, "share an id"),
        ({"channels": [{"id": "C01", "name": "c", "members": ["U99"]}]}, "nobody knows: U99"),
    ],
)
async def test_a_seed_that_does_not_hold_together_is_refused(hands: Hands, seed: dict[str, object], fault: str) -> None:
    answer = await hands.post("/_control/reset", {"seed": seed}, status=400)
    assert fault in answer["error"]


async def test_an_unknown_field_is_named(hands: Hands) -> None:
    answer = await hands.post(f"/_control/people/{KARIN}/write", {"text": "Hej", "colour": "red"}, status=400)
    assert "colour" in answer["error"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
async def test_other_sites_in_the_same_browser_cannot_reach_in(hands: Hands, headers: dict[str, str]) -> None:
    async with hands.session.get(f"{hands.address}/_control/state", headers=headers) as response:
        assert response.status == 403


async def test_it_runs_as_a_program_of_its_own(hands: Hands, tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"people": [{"id": "U77", "name": "eva", "real_name": "Eva Ek"}]}), "utf-8")
    arguments = ("-m", "workplace", "--port", "0", "--data", str(seed), "--clock-start", "2026-03-02T08:14:00+01:00")
    program = await create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    try:
        assert program.stdout
        line = (await wait_for(program.stdout.readline(), 20)).decode()
        there = Hands(line.removeprefix("workplace: ").strip(), hands.session)
        state = await there.get("/_control/state")
    finally:
        program.terminate()
        await program.wait()
    assert [person["real_name"] for person in state["people"]] == ["Eva Ek"]
    assert state["now"].startswith("2026-03-02T08:14")


async def test_a_seed_that_is_broken_is_said_so_without_a_stack_trace(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"people": [{"id": "x"}]}', "utf-8")
    arguments = ("-m", "workplace", "--port", "0", "--data", str(seed))
    program = await create_subprocess_exec(sys.executable, *arguments, stdout=PIPE, stderr=PIPE)
    _, errors = await wait_for(program.communicate(), 20)
    assert program.returncode == 1
    assert b"people.0.id" in errors
    assert b"Traceback" not in errors


async def test_looking_at_someone_opens_no_direct_messages(hands: Hands, slack: AsyncWebClient) -> None:
    direct = (await hands.sees(KARIN))["direct"]
    assert (direct["id"], direct["messages"]) == ("D01KARIN", [])
    assert (await slack.conversations_list(types="im"))["channels"] == []
