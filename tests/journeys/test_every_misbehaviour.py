"""People answer while all that can go wrong between Slack and Knuff does: each nudge once, each answer once."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import enrolled, programs
from tests.journeys.hands import Hands, wait_for
from tests.journeys.promises import faults, promises_in, received_in

PEOPLE = 24
AT_ONCE = 6
"""People who do something at the same time."""
EVERY_MISBEHAVIOUR = (
    # What Slack does with our calls. (By their number: what every run must have seen. The rest is by chance.)
    {"method": "chat.postMessage", "kind": "error500_after_accept", "nth": 4},
    {"method": "chat.postMessage", "kind": "drop_after_accept", "nth": 9},
    {"method": "chat.postMessage", "kind": "error500_after_accept", "probability": 0.1},
    {"method": "chat.postMessage", "kind": "drop_after_accept", "probability": 0.1},
    {"method": "chat.postMessage", "kind": "drop_before", "probability": 0.1},
    {"method": "chat.postMessage", "kind": "ratelimit", "probability": 0.05, "seconds": 1},
    {"method": "chat.postMessage", "kind": "slow", "probability": 0.05, "seconds": 0.5},
    {"method": "chat.update", "kind": "error500", "probability": 0.1},
    {"method": "chat.update", "kind": "ratelimit", "probability": 0.1, "seconds": 1},
    {"method": "conversations.*", "kind": "error500", "probability": 0.1},
    {"method": "users.info", "kind": "drop_before", "probability": 0.1},
    # What Slack does with what people do.
    {"method": "event.*", "kind": "delay", "probability": 0.3, "seconds": 0.4},
    {"method": "event.*", "kind": "reorder", "probability": 0.2, "seconds": 0.5},
    {"method": "event.*", "kind": "duplicate", "probability": 0.4},
    {"method": "event.*", "kind": "late", "probability": 0.2, "seconds": 1.0},
    {"method": "interaction.block_actions", "kind": "duplicate", "probability": 0.5},
    {"method": "interaction.block_actions", "kind": "delay", "probability": 0.2, "seconds": 0.4},
)
EDITS, DELETES = 2, 3
"""Every second person edits the reply twice, unless they are one of every third, who delete it."""
QUIET_SECONDS = 2.0
"""Longer than anything is held back or sent again."""


@dataclass(frozen=True, slots=True)
class Town:
    hands: Hands
    people: list[str]
    database: Path

    def rows(self, statement: str) -> list[tuple[str, str]]:
        """Read pairs with plain SQL."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return [(str(one), str(other)) for one, other in connection.execute(statement)]

    def replies(self) -> list[tuple[str, str]]:
        """Who wrote what, as it is kept."""
        return self.rows(
            "SELECT person.external_id, reflection.body FROM reflection"
            " JOIN person ON person.id = reflection.person_id ORDER BY reflection.id"
        )

    def answers(self) -> Counter[tuple[str, str]]:
        """How often who gave which kind of answer."""
        return Counter(
            self.rows("SELECT person.external_id, answer.kind FROM answer JOIN person ON person.id = answer.person_id")
        )


@pytest.fixture(params=["http", "socket"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A workplace that misbehaves in every way it can, and Knuff reached over HTTP or over a socket, Monday 08:15."""
    database, port = tmp_path / "knuff.db", programs.free_port()
    over_socket = {"slack_app_token": programs.APP_TOKEN} if request.param == "socket" else {}
    with programs.workplace(
        "--clock-start", enrolled.SUNDAY_EVENING.isoformat(),
        folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = Hands(workplace.address)
        hands.post("/_control/reset", {"generate": {"people": PEOPLE, "zones": ["Europe/Stockholm"]}})
        hands.post("/_control/settings", {"event_retry_seconds": [0, 1, 2]})
        people = [person["id"] for person in hands.get("/_control/people")["people"]]
        enrolled.a_cohort_of(people, database_url=f"sqlite:///{database}")
        knuff = programs.serve(
            folder=tmp_path, port=port, database_url=f"sqlite:///{database}", workplace=workplace.address,
            lease_seconds="2", reconcile_seconds="1", posts_per_minute="0", searches_per_minute="0", **over_socket,
        )  # fmt: skip
        try:
            if over_socket:
                wait_for("a socket", lambda: hands.get("/_control/state")["sockets"], seconds=20)
            url = f"sqlite:///{database}"
            wait_for("everybody's welcome to be planned", lambda: len(promises_in(url)) == PEOPLE, seconds=20)
            hands.post("/_control/faults", {"rules": list(EVERY_MISBEHAVIOUR), "seed": 1})
            hands.post("/clock", {"to": enrolled.MONDAYS_SLOT.isoformat()})
            yield Town(hands, people, database)
            assert knuff.runs, knuff.said.read_text("utf-8")[-4000:]
        finally:
            knuff.kill()


@pytest.mark.journey
def test_each_nudge_and_each_answer_counts_once_whatever_slack_does(town: Town) -> None:
    wait_for("everybody's nudge", lambda: _nudged(town), seconds=90)
    # Those whose nudge is in doubt for good have nothing to answer.
    reached = [person for person in town.people if _can_answer(town.hands, person)]
    assert len(reached) >= PEOPLE - 2
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(lambda person: _answers(town, person), reached))

    kept = sorted((person, text) for person in reached if (text := _final(person)) is not None)
    wait_for("every reply as it was left", lambda: sorted(town.replies()) == kept, seconds=30)
    time.sleep(QUIET_SECONDS)
    assert sorted(town.replies()) == kept, "what came late brought something back"
    assert town.answers() == Counter({(person, "choice"): 1 for person in reached})

    deliveries = [message for message in received_in(town.hands.log()) if message.delivery_id is not None]
    url = f"sqlite:///{town.database}"
    assert faults(deliveries, promises_in(url), people=town.people, step=1) == []
    fired = Counter(name.split()[-1] for name in town.hands.get("/_control/state")["faults_fired"])
    assert fired.keys() >= {"duplicate", "reorder", "delay", "late", "drop_after_accept", "error500_after_accept"}


def _answers(town: Town, person: str) -> None:
    """Press an answer, write a reply and change one's mind about it: at once, or when it is kept.

    (That it is kept is read in the database: the receipt in the chat may be what Slack drops.)
    """
    hands, number = town.hands, _number(person)
    hands.press(person, "nudge.choice")
    with ThreadPoolExecutor(2) as other_hand:
        writing = other_hand.submit(hands.act, person, "write", text=_first(person))
        written = wait_for(f"the reply of {person} in the chat", lambda: _own(hands, person), seconds=10)
        if number % 4 >= 2:  # the others do it at once, while Slack may still be holding the reply back
            wait_for(f"the reply of {person}", lambda: (person, _first(person)) in town.replies(), seconds=30)
        if number % DELETES == 0:
            hands.act(person, "delete", ts=written)
        elif number % EDITS == 0:
            editing = other_hand.submit(hands.act, person, "edit", ts=written, text=_between(person))
            wait_for(
                f"the first edit of {person}", lambda: _says(hands, person, written) == _between(person), seconds=10
            )
            hands.act(person, "edit", ts=written, text=_last(person))  # Slack may still be holding the first one back
            assert editing.result()["acknowledged"]
        assert writing.result()["acknowledged"]


def _own(hands: Hands, person: str) -> str | None:
    """Return when the person wrote their reply, as soon as it stands in the chat."""
    return next((str(one["ts"]) for one in hands.messages(person) if one.get("text") == _first(person)), None)


def _says(hands: Hands, person: str, ts: str) -> str:
    return next(str(one["text"]) for one in hands.messages(person) if one["ts"] == ts)


def _nudged(town: Town) -> bool:
    promises = promises_in(f"sqlite:///{town.database}")
    return sum(promise.kind == "nudge" for promise in promises) == PEOPLE and all(one.is_settled for one in promises)


def _can_answer(hands: Hands, person: str) -> bool:
    try:
        hands.button(person, "nudge.choice")
    except LookupError:
        return False
    return True


def _first(person: str) -> str:
    return f"Jag frågade medborgarna i {person}."


def _between(person: str) -> str:
    return f"{_first(person)} Ändrat."


def _last(person: str) -> str:
    return f"{_first(person)} Ändrat igen."


def _final(person: str) -> str | None:
    number = _number(person)
    if number % DELETES == 0:
        return None
    return _last(person) if number % EDITS == 0 else _first(person)


def _number(person: str) -> int:
    return int(person.removeprefix("UP"))
