"""The judge of the kill test is not blind: it sees a double, a loss, a promise that was forgotten."""

from dataclasses import replace
from typing import Any

import pytest

from tests.journeys.promises import Promise, Received, faults, in_doubt

KARIN, ERIK = "U01KARIN", "U02ERIK"
ROWS = [
    Promise(id=1, person=KARIN, kind="nudge", step=1, state="sent"),
    Promise(id=2, person=ERIK, kind="nudge", step=1, state="sent"),
    Promise(id=3, person=ERIK, kind="welcome", step=None, state="sent", rides_on=2),
]
LOG = [Received(person=KARIN, delivery_id=1), Received(person=ERIK, delivery_id=2)]
PEOPLE = [KARIN, ERIK]


def test_sees_nothing_wrong_when_everybody_got_theirs_once() -> None:
    assert faults(LOG, ROWS, people=PEOPLE, step=1) == []


def test_sees_nothing_wrong_in_what_came_and_is_explained_where_nobody_can_know() -> None:
    explained = replace(ROWS[0], state="explained", reason="outcome_unknown")
    assert faults(LOG, [explained, *ROWS[1:]], people=PEOPLE, step=1, doubtful={1}) == []
    assert faults(LOG[1:], [explained, *ROWS[1:]], people=PEOPLE, step=1, doubtful={1}) == []


@pytest.mark.parametrize("doubtful", [1, 2])
def test_sees_what_nobody_can_know_said_to_be_sent(doubtful: int) -> None:
    found = faults(LOG, ROWS, people=PEOPLE, step=1, doubtful={doubtful})
    assert len(found) == doubtful, "with everything that rides on it"
    assert all("nobody can know" in fault for fault in found)


def test_knows_which_answers_told_nothing() -> None:
    log: list[dict[str, Any]] = [
        {"delivery_id": 1, "fault": "error502_after_accept"},
        {"delivery_id": 2, "fault": "ratelimit"},
        {"delivery_id": 3, "fault": None},
        {"metadata": {"event_payload": {"delivery_id": 4}}, "fault": "drop_before"},
        {"delivery_id": None, "fault": "drop_before"},
    ]
    assert in_doubt(log, {"error502_after_accept", "drop_before"}) == {1, 4}


def test_sees_nothing_wrong_in_a_promise_that_is_explained_and_did_not_come() -> None:
    explained = replace(ROWS[0], state="explained", reason="outcome_unknown")
    assert faults(LOG[1:], [explained, *ROWS[1:]], people=PEOPLE, step=1) == []


@pytest.mark.parametrize(
    ("forged_log", "says"),
    [
        ([*LOG, LOG[0]], "twice"),
        (LOG[1:], "lost"),
        (LOG[:1], "lost"),
        ([replace(LOG[0], person=ERIK), LOG[1]], "somebody else"),
        ([*LOG, Received(person=KARIN, delivery_id=99)], "without a promise"),
        ([*LOG, Received(person=KARIN, delivery_id=None)], "without a promise"),
        ([*LOG, Received(person=ERIK, delivery_id=3)], "although it rides"),
    ],
)
def test_sees_a_forged_log(forged_log: list[Received], says: str) -> None:
    assert any(says in fault for fault in faults(forged_log, ROWS, people=PEOPLE, step=1))


@pytest.mark.parametrize(
    ("forged_row", "says"),
    [
        (replace(ROWS[0], state="planned"), "unsettled"),
        (replace(ROWS[0], state="sending"), "unsettled"),
        (replace(ROWS[0], state="unknown"), "unsettled"),
        (replace(ROWS[0], state="explained"), "unbalanced"),
        (replace(ROWS[0], reason="outcome_unknown"), "unbalanced"),
        (replace(ROWS[0], state="explained", reason="outcome_unknown"), "received, yet explained"),
        (replace(ROWS[0], state="explained", reason="too_late"), "without need"),
        (replace(ROWS[0], step=2), "0 times step 1"),
    ],
)
def test_sees_a_forged_row(forged_row: Promise, says: str) -> None:
    assert any(says in fault for fault in faults(LOG, [forged_row, *ROWS[1:]], people=PEOPLE, step=1))


def test_sees_a_second_nudge_of_the_same_step_under_another_number() -> None:
    again = replace(ROWS[0], id=4)
    log = [*LOG, Received(person=KARIN, delivery_id=4)]
    assert faults(log, [*ROWS, again], people=PEOPLE, step=1) == ["2 times step 1 for U01KARIN"]


def test_sees_somebody_who_was_never_promised_anything() -> None:
    assert faults(LOG, ROWS, people=[*PEOPLE, "U04LARS"], step=1) == ["0 times step 1 for U04LARS"]
