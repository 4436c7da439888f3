"""The evidence, written down for the judge: plain SQL from outside, the workplace's own log, what was done and when."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench.chaos.site import Site
from tests.journeys.hands import Json

_DELIVERIES = """
    SELECT delivery.id, workspace.platform, person.external_id AS person, delivery.kind, delivery.step, delivery.day,
           delivery.state, delivery.reason, delivery.rides_on, delivery.started_at, delivery.sent_at
    FROM delivery JOIN person ON person.id = delivery.person_id JOIN workspace ON workspace.id = delivery.workspace_id
    ORDER BY delivery.id
"""
_ATTEMPTS = """
    SELECT attempt.delivery_id, workspace.platform, attempt.started_at, attempt.ended_at, attempt.outcome, attempt.error
    FROM attempt JOIN delivery ON delivery.id = attempt.delivery_id
    JOIN workspace ON workspace.id = delivery.workspace_id ORDER BY attempt.id
"""
_INBOX = (
    "SELECT id, platform, person, received_at, handled_at, set_aside_at, set_aside_reason FROM inbox_event ORDER BY id"
)
_KEPT = """
    SELECT workspace.platform, person.external_id AS person, answer.kind, CAST(delivery.day AS TEXT) AS words
    FROM answer JOIN person ON person.id = answer.person_id JOIN workspace ON workspace.id = person.workspace_id
    JOIN delivery ON delivery.id = answer.delivery_id
    UNION ALL
    SELECT workspace.platform, person.external_id, 'text', reflection.body
    FROM reflection JOIN person ON person.id = reflection.person_id
    JOIN workspace ON workspace.id = person.workspace_id
"""
_SELECTS = {
    "delivery": _DELIVERIES,
    "attempt": _ATTEMPTS,
    "inbox": _INBOX,
    "kept": _KEPT,
}
_SHOWN = ("text", "summary")
"""What messages said is nobody's business here."""


def write_down(
    site: Site, folder: Path, *, script: Json, received: Iterable[Json], did: Iterable[Json], faults: Iterable[Json]
) -> None:
    """Write every file the judge reads into a folder."""
    (folder / "run.json").write_text(json.dumps(script, indent=1), "utf-8")
    with site.looking() as connection:
        for name, statement in _SELECTS.items():
            found = connection.execute(statement)
            columns = [column.name for column in found.description or ()]
            _write(folder / f"{name}.jsonl", [dict(zip(columns, row, strict=True)) for row in found])
    _write(folder / "received.jsonl", [{k: v for k, v in line.items() if k not in _SHOWN} for line in received])
    _write(folder / "did.jsonl", list(did))
    _write(folder / "faults.jsonl", list(faults))


def _write(path: Path, lines: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as written:
        for line in lines:
            written.write(json.dumps(line, default=_as_text) + "\n")


def _as_text(value: Any) -> str:
    return str(value.isoformat())
