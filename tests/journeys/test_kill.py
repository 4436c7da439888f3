"""`kill -9` ten times while five hundred nudges go out and Slack's answers cannot be trusted."""

from pathlib import Path

import pytest

from tests.journeys.killing import send_and_kill


@pytest.mark.journey
def test_ten_kills_lose_no_nudge_and_send_none_twice(database_url: str, tmp_path: Path) -> None:
    outcome = send_and_kill(
        people=500, kills=10, seed=1, folder=tmp_path, database_url=database_url, longest_seconds=200,
        channel_posts_per_second=1 if database_url.startswith("sqlite") else 0,  # each way of sending on one of them
    )  # fmt: skip
    assert outcome.faults == []
    # In doubt twice is in doubt for good, and explained: rare, and never instead of what can be found out.
    assert outcome.received_once + outcome.explained == 500
    assert outcome.explained <= 5, outcome.summary()
    assert outcome.in_doubt > 20, "the workplace misbehaved too little to prove anything"
    assert sum(1 <= posts < 500 for posts in outcome.killed_after) >= 5, "too few kills struck while nudges went out"
    assert outcome.stopped_with == 0
