"""People answer while all that can go wrong between a platform and Knuff does: each nudge once, each answer once."""

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
from tests.journeys.hands import Hands, HandsInTeams, Json, wait_for
from tests.journeys.platforms import SLACK, TEAMS, Platform
from tests.journeys.promises import faults, in_doubt, promises_in, received_in

PEOPLE = 24
AT_ONCE = 6
"""People who do something at the same time."""
IN_SLACK: tuple[Json, ...] = (
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
    {"method": "event.*", "kind": "late", "nth": 5, "seconds": 1.0},
    {"method": "event.*", "kind": "reorder", "nth": 6, "seconds": 0.5},
    {"method": "event.*", "kind": "delay", "probability": 0.3, "seconds": 0.4},
    {"method": "event.*", "kind": "reorder", "probability": 0.2, "seconds": 0.5},
    {"method": "event.*", "kind": "duplicate", "probability": 0.4},
    {"method": "event.*", "kind": "late", "probability": 0.2, "seconds": 1.0},
    {"method": "interaction.block_actions", "kind": "duplicate", "probability": 0.5},
    {"method": "interaction.block_actions", "kind": "delay", "probability": 0.2, "seconds": 0.4},
)
_POST, _PUT = TEAMS.post, "PUT conversations/activities"
IN_TEAMS: tuple[Json, ...] = (
    # What Teams does with our calls.
    {"method": _POST, "kind": "error500_after_accept", "nth": 4},
    {"method": _POST, "kind": "drop_after_accept", "nth": 9},
    *({"method": _POST, "kind": kind, "probability": 0.025} for kind in sorted(TEAMS.tells_nothing)),
    {"method": _POST, "kind": "ratelimit", "probability": 0.05, "seconds": 1},
    {"method": _POST, "kind": "precondition", "probability": 0.05},
    {"method": _POST, "kind": "expired_token", "probability": 0.05},
    {"method": _POST, "kind": "slow", "probability": 0.05, "seconds": 0.5},
    {"method": _POST, "kind": "slow_after_accept", "probability": 0.05, "seconds": 0.5},
    {"method": _PUT, "kind": "error500", "probability": 0.1},
    {"method": _PUT, "kind": "drop_after_accept", "probability": 0.1},
    {"method": _PUT, "kind": "precondition", "probability": 0.1},
    # Tried again in five seconds, then in ten: with more than these, the longest of it is waiting.
    {"method": "POST conversations", "kind": "error502", "count": 2},
    {"method": "POST conversations", "kind": "drop_after_accept", "count": 2},
    {"method": "POST token", "kind": "token_error500", "probability": 0.3},
    {"method": "GET keys", "kind": "keys_error500", "probability": 0.3},
    # What Teams does with what people do. (It tells everything once; whoever hears no answer presses again.)
    {"method": "message*", "kind": "late", "count": 3, "seconds": 1.0},
    {"method": "message*", "kind": "reorder", "nth": 6, "seconds": 0.5},
    {"method": "message*", "kind": "delay", "probability": 0.3, "seconds": 0.4},
    {"method": "message*", "kind": "reorder", "probability": 0.2, "seconds": 0.5},
    {"method": "message*", "kind": "duplicate", "probability": 0.4},
    {"method": "invoke *", "kind": "lose", "probability": 0.15},
    {"method": "invoke *", "kind": "duplicate", "probability": 0.5},
    {"method": "invoke *", "kind": "delay", "probability": 0.2, "seconds": 0.4},
)
EDITS, DELETES = 2, 3
"""Every second person edits the reply twice, unless they are one of every third, who delete it."""
QUIET_SECONDS = 2.0
"""Longer than anything is held back or sent again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How Knuff is reached, and what goes wrong there."""

    platform: Platform
    hands: type[Hands]
    rules: tuple[Json, ...]
    settings: dict[str, str]
    deepest_doubt: int
    """People whose nudge may be in doubt for good and not have come."""


SLACK_SETTINGS = {"posts_per_minute": "0", "searches_per_minute": "0"}
WAYS = {
    "http": Way(platform=SLACK, hands=Hands, rules=IN_SLACK, settings=SLACK_SETTINGS, deepest_doubt=2),
    "socket": Way(
        platform=SLACK,
        hands=Hands,
        rules=IN_SLACK,
        settings={**SLACK_SETTINGS, "slack_app_token": programs.APP_TOKEN},
        deepest_doubt=2,
    ),
    "teams": Way(platform=TEAMS, hands=HandsInTeams, rules=IN_TEAMS, settings={}, deepest_doubt=8),
}


@dataclass(frozen=True, slots=True)
class Town:
    way: Way
    hands: Hands
    people: list[str]
    database: Path

    def number(self, person: str) -> int:
        return self.people.index(person)

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


@pytest.fixture(params=WAYS)
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A workplace that misbehaves in every way it can, and Knuff in one of the ways to reach it, Monday 08:15."""
    way, database, port = WAYS[request.param], tmp_path / "knuff.db", programs.free_port()
    url = f"sqlite:///{database}"
    with programs.workplace(
        "--clock-start", enrolled.SUNDAY_EVENING.isoformat(),
        folder=tmp_path, request_url=f"http://127.0.0.1:{port}/slack/events",
    ) as workplace:  # fmt: skip
        hands = way.hands(workplace.address)
        generated = {"people": 0, way.platform.population: PEOPLE, "zones": ["Europe/Stockholm"]}
        hands.post("/_control/reset", {"generate": generated})
        hands.post("/_control/settings", {"event_retry_seconds": [0, 1, 2]})
        people = [person["id"] for person in hands.get(f"{hands.under}/people")["people"]]
        enrolled.a_cohort_of(people, database_url=url, platform=way.platform)
        knuff = programs.serve(
            folder=tmp_path, port=port, database_url=url, workplace=workplace.address, platforms=[way.platform.name],
            lease_seconds="2", reconcile_seconds="1", **way.settings,
        )  # fmt: skip
        try:
            if "slack_app_token" in way.settings:
                wait_for("a socket", lambda: hands.get("/_control/state")["sockets"], seconds=20)
            wait_for("everybody's welcome to be planned", lambda: len(promises_in(url)) == PEOPLE, seconds=20)
            hands.post(f"{hands.under}/faults", {"rules": list(way.rules), "seed": 1})
            hands.post("/clock", {"to": enrolled.MONDAYS_SLOT.isoformat()})
            yield Town(way, hands, people, database)
            assert knuff.runs, knuff.said.read_text("utf-8")[-4000:]
        finally:
            knuff.kill()


@pytest.mark.journey
def test_each_nudge_and_each_answer_counts_once_whatever_the_platform_does(town: Town) -> None:
    wait_for("everybody's nudge", lambda: _nudged(town), seconds=90)
    # Those whose nudge is in doubt for good may have nothing to answer.
    reached = [person for person in town.people if _can_answer(town.hands, person)]
    assert len(reached) >= PEOPLE - town.way.deepest_doubt
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        list(crowd.map(lambda person: _answers(town, person), reached))

    kept = sorted((person, text) for person in reached if (text := _final(town, person)) is not None)
    wait_for("every reply as it was left", lambda: sorted(town.replies()) == kept, seconds=30)
    time.sleep(QUIET_SECONDS)
    assert sorted(town.replies()) == kept, "what came late brought something back"
    assert town.answers() == Counter({(person, "choice"): 1 for person in reached})

    hands, platform = town.hands, town.way.platform
    log = hands.log(method=platform.post)
    deliveries = [message for message in received_in(log) if message.delivery_id is not None]
    doubtful = None if platform.can_be_asked else in_doubt(log, platform.tells_nothing)
    promises = promises_in(f"sqlite:///{town.database}")
    assert faults(deliveries, promises, people=town.people, step=1, doubtful=doubtful) == []
    fired = Counter(name.split()[-1] for name in hands.get(f"{hands.under}/state")["faults_fired"])
    assert fired.keys() >= {"duplicate", "reorder", "delay", "late", "drop_after_accept", "error500_after_accept"}


def _answers(town: Town, person: str) -> None:
    """Press an answer, write a reply and change one's mind about it: at once, or when it is kept.

    (That it is kept is read in the database: the receipt in the chat may be what the platform drops.)
    """
    hands, number = town.hands, town.number(person)
    wait_for(f"the press of {person}", lambda: hands.press(person, "nudge.choice")["acknowledged"], seconds=10)
    with ThreadPoolExecutor(2) as other_hand:
        writing = other_hand.submit(hands.act, person, "write", text=_first(person))
        written = wait_for(f"the reply of {person} in the chat", lambda: _own(hands, person), seconds=10)
        if number % 4 >= 2:  # the others do it at once, while the reply may still be held back
            wait_for(f"the reply of {person}", lambda: (person, _first(person)) in town.replies(), seconds=30)
        if number % DELETES == 0:
            hands.act(person, "delete", **{hands.key: written})
        elif number % EDITS == 0:
            editing = other_hand.submit(hands.act, person, "edit", text=_between(person), **{hands.key: written})
            wait_for(
                f"the first edit of {person}", lambda: _says(hands, person, written) == _between(person), seconds=10
            )
            # The first one may still be held back.
            hands.act(person, "edit", text=_last(person), **{hands.key: written})
            assert editing.result()["acknowledged"]
        assert writing.result()["acknowledged"]


def _own(hands: Hands, person: str) -> str | None:
    """Return when the person wrote their reply, as soon as it stands in the chat."""
    return next((str(one[hands.key]) for one in hands.messages(person) if one.get("text") == _first(person)), None)


def _says(hands: Hands, person: str, written: str) -> str:
    return next(str(one["text"]) for one in hands.messages(person) if one[hands.key] == written)


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


def _final(town: Town, person: str) -> str | None:
    number = town.number(person)
    if number % DELETES == 0:
        return None
    return _last(person) if number % EDITS == 0 else _first(person)
