"""Who is in Teams when the workplace begins, and begins anew."""

import json
import sys
from asyncio import create_subprocess_exec, wait_for
from asyncio.subprocess import PIPE
from typing import Any

import pytest

from tests.workplace.conftest import Hands
from tests.workplace.teams.conftest import Bot, Desk, ask_for_token, form_of
from workplace.municipality import ALVSUNDA, BRITT, EMILY, MATS, PETER, SOFIA, TUULA, generated
from workplace.settings import Secrets

Json = dict[str, Any]
EVA = {"id": "0a0000ee-0000-4000-8000-0000000000ee", "name": "Eva Ek"}


async def test_one_municipality_has_some_people_in_slack_and_some_in_teams(desk: Desk) -> None:
    there = await desk.get("people")
    people = {person["id"]: person for person in there["people"]}
    assert there["tenant"]["name"] == "Älvsunda kommun"
    assert there["bot"]["name"] == "Knuff"
    assert people[SOFIA]["title"] == "Samordnare, innovation"
    assert people[TUULA]["tz"] == "Europe/Helsinki"
    assert people[EMILY]["locale"] == "en-GB"
    assert [p for p in people if not people[p]["installed"]] == [BRITT]
    assert [p for p in people if people[p]["blocked"]] == [PETER]
    assert [team["installed"] for team in there["teams"]] == [True, False]
    in_slack = {person["real_name"] for person in (await desk.hands.get("/_control/people"))["people"]}
    assert in_slack.isdisjoint(person["name"] for person in people.values())


async def test_starting_over_forgets_what_was_said_but_not_the_bot(desk: Desk, bot: Bot) -> None:
    await desk.post("settings", request_url="http://127.0.0.1:9/here")
    await bot.say(await desk.chat())
    await desk.faults({"kind": "slow"})
    key = (await desk.post("rotate_keys"))["kid"]
    answer = await desk.hands.post("/_control/reset", {"generate": {"teams_people": 300, "zones": ["Europe/London"]}})
    assert (answer["people"], answer["teams_people"]) == (0, 300)
    state = await desk.get("state")
    assert (state["received"], state["calls"], state["faults_fired"]) == ({}, {}, {})
    assert {person["tz"] for person in state["people"]} == {"Europe/London"}
    assert (await desk.get("settings"))["request_url"] == "http://127.0.0.1:9/here"
    assert (await desk.get("faults"))["rules"] == []
    keys = await desk.hands.get("/teams/openid/.well-known/keys")
    assert key in [published["kid"] for published in keys["keys"]]
    await bot.say(await desk.chat(state["people"][0]["id"]))


def test_people_of_slack_do_not_change_by_those_of_teams() -> None:
    both, alone = generated(50, teams_people=50, seed=3), generated(50, seed=3)
    assert both.people == alone.people
    assert (len(both.teams.people), alone.teams.people) == (50, ())
    assert generated(50, teams_people=50, seed=3) == both
    assert generated(50, teams_people=50, seed=4).teams != both.teams


@pytest.mark.parametrize(
    ("teams", "fault"),
    [
        ({"people": [{"id": "kari", "name": "Kari"}]}, "people.0.id"),
        ({"people": [EVA, EVA]}, "share an id"),
        ({"people": [EVA | {"tz": "Mars"}]}, "no IANA time zone"),
        ({"teams": [{"id": "19:x@thread.tacv2", "name": "X", "members": [MATS]}]}, f"nobody knows: {MATS}"),
        ({"teams": [{"id": "C01", "name": "X"}]}, "teams.0.id"),
    ],
)
async def test_a_seed_that_does_not_hold_together_is_refused(hands: Hands, teams: Json, fault: str) -> None:
    answer = await hands.post("/_control/reset", {"seed": {"teams": teams}}, status=400)
    assert fault in answer["error"]


def test_a_seed_says_both_halves() -> None:
    written = json.loads(ALVSUNDA.model_dump_json())
    assert (len(written["people"]), len(written["teams"]["people"])) == (11, 8)


async def test_it_takes_its_secrets_and_the_address_of_the_bot_from_whoever_starts_it(hands: Hands) -> None:
    program = await create_subprocess_exec(
        sys.executable, "-m", "workplace", "--port", "0", "--teams-url", "http://127.0.0.1:9/api/messages",
        "--teams-app-id", "another-app", "--teams-tenant-id", "another-tenant",
        stdout=PIPE, env={"KNUFF_TEAMS_APP_PASSWORD": "from-the-environment", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    try:
        assert program.stdout
        line = (await wait_for(program.stdout.readline(), 20)).decode()
        there = Desk(Hands(line.removeprefix("workplace: ").strip(), hands.session))
        secrets = Secrets(teams_app_id="another-app", teams_app_password="from-the-environment")
        status, _ = await ask_for_token(there.hands, form_of(secrets))
        state = await there.get("people")
        address = (await there.get("settings"))["request_url"]
    finally:
        program.terminate()
        await program.wait()
    assert (status, state["tenant"]["id"], state["bot"]["id"]) == (200, "another-tenant", "28:another-app")
    assert address == "http://127.0.0.1:9/api/messages"
