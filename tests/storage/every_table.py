"""A database with rows in every table, and in them what is hard to carry: signs of all kinds, instants to the
microsecond, nothing, nested documents, rows that point at later ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Column, Connection, Enum, Integer, Table, TypeDecorator, UniqueConstraint, insert

from storage.tables import metadata
from storage.tables.deliveries import OF_A_STEP, RELAY_KINDS, Kind, Reason, State
from storage.tables.relays import Afterwards, LegState, RelayEnding, RelayState
from storage.tables.rounds import Ending, RoundState

ROWS = 60
FIRST = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
"""A microsecond before clocks go forward in Stockholm."""
HARD_TEXT = ("", "Åsa 😀 ", "tab\tnew\nline\\N \\.", "e\u0301 \u200b \u202e", "'; DROP TABLE person; --", "\ufeff{}")
HARD_DOCUMENTS: tuple[dict[str, Any], ...] = (
    {},
    {"closed": ["2026-12-24"], "eves": True, "å": {"b": [1, 2.5, None, "😀"], "a": "\\u0041"}},
    {"z": 1, "a": 10**15, "m": -0.125},
)


def fill(connection: Connection, *, rows: int = ROWS) -> None:
    """Put so many rows into every table of an empty SQLite database."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in metadata.sorted_tables:
        connection.execute(insert(table), [_row(table, number, rows) for number in range(1, rows + 1)])


def _row(table: Table, number: int, rows: int) -> dict[str, Any]:
    row = {column.name: _value(table, column, number) for column in table.columns}
    match table.name:
        case "delivery":
            return row | _delivered(number, rows)
        case "round":
            return row | _ended(number)
        case "round_step":
            return row | {"opens_at": _moment(number), "closes_at": _moment(number)}
        case "relay":
            return row | _relay_ended(number)
        case "relay_leg":
            return row | _leg(number)
        case "baton":
            return row | _baton(number, rows)
        case "relay_question":
            return row | _said(number)
        case "contribution":
            return row | _about(number, rows)
        case "vote":
            return row | _chosen(number)
        case "enrolment_focus":
            return row | {"place": number % 3 + 1}
        case _:
            return row


def _delivered(number: int, rows: int) -> dict[str, Any]:
    """What the checks of the table let stand together. Some ride on a message that comes later."""
    state = (State.SENT, State.EXPLAINED, State.PLANNED, State.SENDING, State.UNKNOWN)[number % 5]
    rides = state is State.SENT and number + 5 <= rows and number % 10 == 0
    return {
        "state": state,
        "reason": list(Reason)[number % len(Reason)] if state is State.EXPLAINED else None,
        "sent_at": _moment(number) if state is State.SENT else None,
        "message_id": f"{number}.000100" if state is State.SENT else None,
        "started_at": _moment(number),
        "rides_on": number + 5 if rides else None,
        **_received(number),
    }


def _received(number: int) -> dict[str, Any]:
    """To a person, to a team's channel, or to a member of a team; and to a team's channel about a relay."""
    nobody: dict[str, Any] = {"person_id": None, "round_step_id": None, "relay_leg_id": None, "survey_wave_id": None}
    if number % 6 == 5:
        return nobody | {"relay_leg_id": number, "kind": RELAY_KINDS[number % len(RELAY_KINDS)]}
    if number % 3:
        alone = [kind for kind in Kind if kind not in (*OF_A_STEP, *RELAY_KINDS)]
        kind = alone[number % len(alone)]
        wave = number if kind is Kind.SURVEY else None
        return nobody | {"person_id": number, "kind": kind, "survey_wave_id": wave}
    return nobody | {
        "person_id": number if number % 2 else None,
        "round_step_id": number,
        "kind": OF_A_STEP[number % len(OF_A_STEP)],
    }


def _ended(number: int) -> dict[str, Any]:
    state = list(RoundState)[number % len(RoundState)]
    is_over = state is RoundState.ENDED
    return {
        "state": state,
        "ending": list(Ending)[number % len(Ending)] if is_over else None,
        "ended_at": _moment(number) if is_over else None,
        "approved_at": _moment(number),
    }


def _relay_ended(number: int) -> dict[str, Any]:
    state = list(RelayState)[number % len(RelayState)]
    is_over = state is RelayState.ENDED
    return {
        "state": state,
        "ending": list(RelayEnding)[number % len(RelayEnding)] if is_over else None,
        "ended_at": _moment(number) if is_over else None,
        "closing_on": _moment(number).date(),
    }


def _leg(number: int) -> dict[str, Any]:
    state = list(LegState)[number % len(LegState)]
    return {
        "state": state,
        "round_id": number,
        "begun_at": _moment(number),
        "stalled_at": None,
        "passes_on_at": None,
        "ended_at": _moment(number) if state in (LegState.HANDED_OVER, LegState.SKIPPED) else None,
    }


def _baton(number: int, rows: int) -> dict[str, Any]:
    """Words of a team's own, or those of one that comes later."""
    words = dict.fromkeys(("learning", "sign_of_value", "question", "invitation"), _text(number))
    if number % 2:
        return words | {"written_at": _moment(number), "passed_on_from": None}
    nothing = dict.fromkeys((*words, "tested", "written_at", "approved_at"))
    return nothing | {"passed_on_from": min(number + 5, rows)}


def _said(number: int) -> dict[str, Any]:
    said = list(Afterwards)[number % len(Afterwards)] if number % 2 else None
    return {"said": said, "said_at": _moment(number) if said else None}


def _about(number: int, rows: int) -> dict[str, Any]:
    """About one that comes later, about a proposal, or about nothing."""
    about = number % 3
    return {
        "about_id": min(number + 5, rows) if about == 1 else None,
        "about_proposal_id": _text(number) if about == 2 else None,
    }


def _chosen(number: int) -> dict[str, Any]:
    chosen = number % 3
    return {
        "contribution_id": number if chosen == 0 else None,
        "proposal_id": _text(number) if chosen == 1 else None,
        "scores": {"12": [1, 2, 3], "å": []} if chosen == 2 else None,
    }


def _value(table: Table, column: Column[Any], number: int) -> Any:
    if column.primary_key and isinstance(column.type, Integer):
        return number
    if column.foreign_keys:
        return number if not column.nullable or number % 2 else None
    if column.nullable and number % 3 == 0:
        return None
    if isinstance(column.type, Enum):
        members = list(column.type.enum_class or ())
        return members[number % len(members)]
    if isinstance(column.type, JSON):
        return HARD_DOCUMENTS[number % len(HARD_DOCUMENTS)]
    stored_as = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    kind = stored_as.python_type
    if kind is str:
        return _text(number) if _must_differ(table, column) else HARD_TEXT[number % len(HARD_TEXT)]
    values = {
        bool: number % 2 == 0,
        int: number,
        float: number / 7,
        datetime: _moment(number),
        date: date(2026, 2, 27) + timedelta(days=number),
    }
    return values[kind]


def _text(number: int) -> str:
    return f"{number}{HARD_TEXT[number % len(HARD_TEXT)]}"


def _must_differ(table: Table, column: Column[Any]) -> bool:
    if column.primary_key:
        return True
    return any(isinstance(one, UniqueConstraint) and column.name in one.columns for one in table.constraints)


def _moment(number: int) -> datetime:
    return FIRST + timedelta(hours=13, microseconds=1) * (number - 1)
