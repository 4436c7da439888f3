"""The judge of a soak is given what nobody should be told, and says so."""

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.chaos import checker
from bench.chaos.evidence import read
from tests.chaos.evidence_of import SLACK, TEAMS, Soak, a_fault, a_soak, again

Doctor = Callable[[Soak], None]


def judged(soak: Soak, folder: Path) -> dict[str, str]:
    """What is found, a sentence of each kind."""
    findings, _ = checker.judge(read(soak.write(folder)))
    return {finding.kind: finding.said for finding in findings}


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path) -> None:
    assert judged(a_soak(), tmp_path) == {}


def never_planned(soak: Soak) -> None:
    soak.delivery.remove(soak.row(SLACK, 3))
    soak.received.remove(soak.message(SLACK, 2))


def never_welcomed(soak: Soak) -> None:
    welcome = soak.row(SLACK, None)
    soak.delivery.remove(welcome)
    soak.row(SLACK, 1).update(rides_on=None, id=welcome["id"])


def never_ended(soak: Soak) -> None:
    soak.row(TEAMS, 2).update(state="unknown", sent_at=None)


def never_arrived(soak: Soak) -> None:
    soak.received.remove(soak.message(TEAMS, 1))


def a_welcome_without_what_rides_on_it(soak: Soak) -> None:
    soak.row(SLACK, 1).update(state="planned", sent_at=None)


def explained_away(soak: Soak) -> None:
    soak.row(SLACK, 2).update(state="explained", reason="too_late", sent_at=None)
    soak.received.remove(soak.message(SLACK, 1))


def backed_off_from_somebody_who_writes(soak: Soak) -> None:
    soak.row(SLACK, 3).update(state="explained", reason="backed_off", sent_at=None)
    soak.received.remove(soak.message(SLACK, 2))


def sent_twice(soak: Soak) -> None:
    soak.received.append(again(soak.message(SLACK, 1), at="2026-03-03T07:15:09+00:00"))


def sent_twice_in_teams(soak: Soak) -> None:
    soak.received.append(
        again(soak.message(TEAMS, 1), at="2026-03-03T07:15:09+00:00", ok=True, fault="drop_after_accept")
    )


def planned_twice(soak: Soak) -> None:
    soak.delivery.append(again(soak.row(SLACK, 2), id=99))
    soak.received.append(again(soak.message(SLACK, 1), metadata={"event_payload": {"delivery_id": 99}}))


def received_yet_explained_in_slack(soak: Soak) -> None:
    soak.row(SLACK, 2).update(state="explained", reason="outcome_unknown", sent_at=None)
    soak.faults.append(a_fault())


def received_yet_explained_otherwise(soak: Soak) -> None:
    soak.row(TEAMS, 2).update(state="explained", reason="not_reachable", sent_at=None)


def received_by_another(soak: Soak) -> None:
    soak.message(SLACK, 1).update(person="UP000002")


def received_out_of_nothing(soak: Soak) -> None:
    soak.message(SLACK, 1)["metadata"]["event_payload"]["delivery_id"] = 98


def received_at_night(soak: Soak) -> None:
    soak.message(TEAMS, 1).update(at="2026-03-03T15:31:00+00:00")


def received_on_a_sunday(soak: Soak) -> None:
    soak.message(TEAMS, 2).update(at="2026-03-08T09:00:00+00:00")


def two_messages_a_day(soak: Soak) -> None:
    soak.message(SLACK, 2).update(at="2026-03-03T09:00:00+00:00")


def unknown_for_no_reason(soak: Soak) -> None:
    soak.row(TEAMS, 2).update(state="explained", reason="outcome_unknown", sent_at=None)


def an_answer_that_is_gone(soak: Soak) -> None:
    soak.kept.pop()


def an_answer_recorded_twice(soak: Soak) -> None:
    soak.kept.append(soak.kept[0])


def an_event_kept_twice(soak: Soak) -> None:
    soak.inbox.append(again(soak.inbox[0], id=99))


def an_event_nobody_handled(soak: Soak) -> None:
    soak.inbox[0].update(handled_at=None)


def an_event_set_aside(soak: Soak) -> None:
    soak.inbox[0].update(handled_at=None, set_aside_at="2026-03-02T07:20:00+00:00", set_aside_reason="ValueError")


def taken_from_a_holder_that_lives(soak: Soak) -> None:
    soak.attempt.append(again(soak.attempt[0], outcome="unknown", error="LeftBehind"))


def more_at_once_than_a_lane_has_hands(soak: Soak) -> None:
    began, ended = "2026-03-03T07:15:01+00:00", "2026-03-03T07:15:02+00:00"
    call = {"platform": "slack", "started_at": began, "ended_at": ended, "outcome": "sent", "error": None}
    soak.attempt += [call | {"delivery_id": number} for number in range(100, 105)]


@pytest.mark.parametrize(
    ("doctor", "kind"),
    [
        (never_planned, "lost"),
        (never_welcomed, "lost"),
        (never_ended, "lost"),
        (never_arrived, "lost"),
        (a_welcome_without_what_rides_on_it, "lost"),
        (explained_away, "lost"),
        (backed_off_from_somebody_who_writes, "lost"),
        (sent_twice, "twice in slack"),
        (sent_twice_in_teams, "twice in teams"),
        (planned_twice, "twice in slack"),
        (received_yet_explained_in_slack, "denied"),
        (received_yet_explained_otherwise, "denied"),
        (received_by_another, "misdirected"),
        (received_out_of_nothing, "unpromised"),
        (received_at_night, "outside hours"),
        (received_on_a_sunday, "outside hours"),
        (two_messages_a_day, "two a day"),
        (unknown_for_no_reason, "unnamed"),
        (an_answer_that_is_gone, "answer lost"),
        (an_answer_recorded_twice, "answer twice"),
        (an_event_kept_twice, "event twice"),
        (an_event_nobody_handled, "event unhandled"),
        (an_event_set_aside, "event set aside"),
        (taken_from_a_holder_that_lives, "lane taken"),
        (more_at_once_than_a_lane_has_hands, "lane shared"),
    ],
    ids=lambda value: value.__name__.replace("_", " ") if callable(value) else "",
)
def test_what_should_not_be_is_found(doctor: Doctor, kind: str, tmp_path: Path) -> None:
    soak = a_soak()
    doctor(soak)
    assert kind in judged(soak, tmp_path)


def silent_for_two_days(soak: Soak) -> None:
    soak.did = [act for act in soak.did if act["person"] != SLACK]
    soak.inbox = [event for event in soak.inbox if event["person"] != SLACK]
    soak.kept = [one for one in soak.kept if one["person"] != SLACK]
    backed_off_from_somebody_who_writes(soak)


def unknown_after_a_call_that_broke(soak: Soak) -> None:
    unknown_for_no_reason(soak)
    soak.message(TEAMS, 1).update(fault="drop_after_accept")


def unknown_after_a_kill(soak: Soak) -> None:
    unknown_for_no_reason(soak)
    soak.faults.append(a_fault())


def not_acknowledged_and_not_kept(soak: Soak) -> None:
    soak.did[0].update(acknowledged=False)
    soak.kept.pop(0)
    soak.inbox.pop(0)


def taken_from_a_holder_that_stood_still(soak: Soak) -> None:
    taken_from_a_holder_that_lives(soak)
    soak.faults.append(a_fault("freeze", takes_lanes=True))


@pytest.mark.parametrize(
    "doctor",
    [
        silent_for_two_days,
        unknown_after_a_call_that_broke,
        unknown_after_a_kill,
        not_acknowledged_and_not_kept,
        taken_from_a_holder_that_stood_still,
    ],
    ids=lambda value: value.__name__.replace("_", " "),
)
def test_what_may_be_is_not_found(doctor: Doctor, tmp_path: Path) -> None:
    soak = a_soak()
    doctor(soak)
    assert judged(soak, tmp_path) == {}


def test_every_unknown_is_named_with_what_did_it(tmp_path: Path) -> None:
    soak = a_soak()
    unknown_after_a_kill(soak)
    _, unknown = checker.judge(read(soak.write(tmp_path)))
    assert [(one.promise.id, one.promise.platform, one.cause) for one in unknown] == [
        (soak.row(TEAMS, 2)["id"], "teams", "fault 1: kill worker-1")
    ]


def test_it_ends_with_one_line_and_says_by_its_exit_code_whether_all_is_well(tmp_path: Path) -> None:
    soak = a_soak()
    well = _run(soak.write(tmp_path))
    assert (well.returncode, well.stderr) == (0, "")
    assert "0 lost; " not in well.stdout
    assert "0 lost, 0 twice in Slack, 0 twice in Teams" in well.stdout
    assert well.stdout.count("\n") == 1
    sent_twice(soak)
    ill = _run(soak.write(tmp_path))
    assert ill.returncode == 1
    assert "1 twice in Slack" in ill.stdout


def test_the_judge_knows_nothing_of_our_code() -> None:
    for module in ("checker", "evidence"):
        assert _imported(Path(checker.__file__).with_name(f"{module}.py")) <= sys.stdlib_module_names | {
            "bench.chaos.evidence"
        }


def _run(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench.chaos.checker", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module) if str(node.module).startswith("bench") else str(node.module).partition(".")[0])
    return found
