"""Some in Slack, some in Teams, one `knuff serve`: a cohort and an account in each, and nobody gets anything twice."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.conversation.texts import Words
from tests.journeys import programs
from tests.journeys.coordinator import AMINA, SOFIA, start_a_cohort, start_a_cohort_in_teams
from tests.journeys.hands import Hands, HandsInTeams, wait_for
from tests.journeys.platforms import TEAMS
from tests.journeys.promises import faults, promises_in, received_in
from workplace.municipality import ASA, EMILY, HASSAN, MATS, TUULA

WORDS = Words("sv")
IN_SLACK = ("U01KARIN", "U02ERIK", "U04LARS", "U08MALIN", "U09DAVID")
IN_TEAMS = (MATS, ASA, EMILY, TUULA, HASSAN)
FRIDAY = "2026-02-27T08:00:00+01:00"
MONDAY = "2026-03-02T08:15:00+01:00"


@dataclass(frozen=True, slots=True)
class House:
    slack: Hands
    teams: HandsInTeams
    database: Path

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Read with plain SQL."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database, port = tmp_path / "knuff.db", programs.free_port()
    with programs.workplace(
        "--clock-start", FRIDAY, folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events"
    ) as workplace:
        knuff = programs.serve(
            folder=tmp_path, port=port, database_url=f"sqlite:///{database}", workplace=workplace.address,
            platforms=["slack", "teams"], coordinators=f"{AMINA},{SOFIA}",
        )  # fmt: skip
        try:
            yield House(Hands(workplace.address), HandsInTeams(workplace.address), database)
            assert knuff.runs, knuff.said.read_text("utf-8")[-4000:]
        finally:
            knuff.kill()


@pytest.mark.journey
def test_a_cohort_in_slack_and_one_in_teams_each_have_their_account_and_nobody_gets_two(house: House) -> None:
    slack, teams = house.slack, house.teams
    start_a_cohort(slack, IN_SLACK)
    start_a_cohort_in_teams(teams, IN_TEAMS)
    slack.post("/clock", {"to": "2026-02-27T09:00:00+01:00"})
    wait_for("everybody's welcome", lambda: _settled(house, "welcome", 10), seconds=40)
    slack.post("/clock", {"to": MONDAY})
    wait_for("everybody's nudge", lambda: _settled(house, "nudge", 10), seconds=40)

    assert house.rows("SELECT count(DISTINCT organisation_id), count(*) FROM workspace") == [(1, 2)]
    received = received_in(slack.log()) + received_in(teams.log(method=TEAMS.post, under=TEAMS.control))
    deliveries = [message for message in received if message.delivery_id is not None]
    promises = promises_in(f"sqlite:///{house.database}")
    assert faults(deliveries, promises, people=[*IN_SLACK, *IN_TEAMS], step=1) == []
    assert Counter(message.person for message in deliveries) == Counter(dict.fromkeys((*IN_SLACK, *IN_TEAMS), 2))

    in_account = (WORDS("coordinating.account_ok"), WORDS("coordinating.account_promised"))
    of_amina, of_sofia = _amina_reads_her_account(slack), _sofia_reads_hers(teams)
    for account in (of_amina, of_sofia):
        assert all(text in account for text in in_account), account
        assert "utlovat 5 · skickat 5 · förklarat 0" in account, account
    assert "Chefer i Teams" in of_sofia
    assert "Chefer i Teams" not in of_amina


def _settled(house: House, kind: str, number: int) -> bool:
    promises = [one for one in promises_in(f"sqlite:///{house.database}") if one.kind == kind]
    return len(promises) == number and all(one.is_settled for one in promises)


def _amina_reads_her_account(hands: Hands) -> str:
    """In Slack each step opens or changes a form, a moment later."""
    hands.act(AMINA, "command", command="/knuff", text="")
    wait_for("the cohort in her list", lambda: _has_button(hands, AMINA, "form:cohort.open"), seconds=20)
    hands.press(AMINA, "form:cohort.open")
    opened = wait_for("the cohort", lambda: _button_in_form(hands, "cohort.account"), seconds=20)
    hands.act(AMINA, "press", action_id=opened)
    title = WORDS("coordinating.account_title")
    wait_for("the account", lambda: title in str(hands.sees(AMINA)["stack"][-1]["title"]), seconds=20)
    return str(hands.sees(AMINA)["stack"][-1]["blocks"])


def _sofia_reads_hers(hands: HandsInTeams) -> str:
    hands.act(SOFIA, "write", text="omgångar")
    wait_for("the cohort in her list", lambda: _has_button(hands, SOFIA, "cohort.open"), seconds=20)
    hands.press(SOFIA, "cohort.open")
    hands.act(SOFIA, "press_in_dialog", action="cohort.account")
    return str(hands.sees(SOFIA)["dialog"]["card"])


def _has_button(hands: Hands, person: str, action: str) -> bool:
    try:
        hands.button(person, action)
    except LookupError:
        return False
    return True


def _button_in_form(hands: Hands, action: str) -> str | None:
    """Return the `action_id` of a button in the form on top."""
    stack = hands.sees(AMINA)["stack"]
    elements = (one for block in (stack[-1]["blocks"] if stack else ()) for one in block.get("elements", ()))
    return next((str(one["action_id"]) for one in elements if action in one.get("action_id", "")), None)
