"""`kill -9` while hundreds of nudges go out and the platform's answers cannot be trusted. On each platform ten kills
over both databases; `make soak` has fifty."""

from pathlib import Path

import pytest

from tests.journeys.killing import Outcome, send_and_kill
from tests.journeys.platforms import SLACK, TEAMS

IN_FLIGHT = 16
"""Messages that one process has on their way at once in Teams: as many may be struck by one kill."""


@pytest.mark.journey
def test_kills_lose_no_nudge_and_send_none_twice(database_url: str, tmp_path: Path) -> None:
    outcome = send_and_kill(
        platform=SLACK, people=250, kills=5, seed=1, folder=tmp_path, database_url=database_url, longest_seconds=200,
        channel_posts_per_second=1 if database_url.startswith("sqlite") else 0,  # each way of sending on one of them
    )  # fmt: skip
    assert_sound(outcome)
    # In doubt twice is in doubt for good, and explained: rare, and never instead of what can be found out.
    assert outcome.explained <= 5, outcome.summary()
    assert outcome.misbehaved > 10, "the workplace misbehaved too little to prove anything"


@pytest.mark.journey
def test_where_nobody_can_be_asked_kills_send_no_nudge_twice_and_what_is_in_doubt_is_explained(
    database_url: str, tmp_path: Path
) -> None:
    outcome = send_and_kill(
        platform=TEAMS, people=250, kills=5, seed=1, folder=tmp_path, database_url=database_url, longest_seconds=200,
        channel_posts_per_second=1 if database_url.startswith("sqlite") else 0,
    )  # fmt: skip
    assert_sound(outcome)
    assert 5 <= len(outcome.in_doubt) <= 30, outcome.summary()
    assert outcome.explained == len(outcome.in_doubt) + outcome.struck
    assert outcome.struck <= outcome.kills * IN_FLIGHT, "only what was on its way may be in doubt after a kill"


def assert_sound(outcome: Outcome) -> None:
    assert outcome.faults == []
    assert outcome.received_once + outcome.explained == outcome.people
    during = sum(1 <= posts < outcome.people for posts in outcome.killed_after)
    assert 2 * during >= outcome.kills, "too few kills struck while nudges went out"
    assert outcome.stopped_with == 0
