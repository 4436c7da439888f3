# ruff: noqa: S608 all of it is our own text
"""Three years of life in one database: 200 workspaces, made by the database itself, a statement for each day.

Every workspace has had a cohort every quarter with everybody in it; the last is in its fifth week, on a Tuesday.
Of five rhythms the first is planned at the next tick, the second is planned and due, the others have got today's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from lessons.library import load_library
from lessons.models import Role
from lessons.surveys import Scale, SurveyDocument, Wave

WORKSPACES = 200
RHYTHMS = 5
STEPS = 40
FOLLOW_UP = STEPS + 1
"""Asked with the last exercise. The welcome is step 0."""
THIS_STEP = 22
LAST_QUARTER = date(2025, 12, 29)
QUARTER = timedelta(days=91)
STARTED = "2023-01-02 12:00:00.000000"
RECENT = timedelta(days=30)
WAVES = 4
"""Of each cohort."""
OPEN = timedelta(days=13)
BIG = (
    "delivery", "answer", "attempt", "enrolment", "follow_up", "inbox_event", "person", "plan", "reflection",
    "survey_response", "survey_wave",
)  # fmt: skip
"""What grows with people and with time."""
TABLES = ("organisation", "workspace", "programme_document", "survey_document", "cadence", "cohort", *BIG)


@dataclass(frozen=True, kw_only=True, slots=True)
class Age:
    """How many people each workspace has, and how many quarters. None: nothing but today."""

    people: int
    quarters: int

    @property
    def everybody(self) -> int:
        return WORKSPACES * self.people

    @property
    def slot(self) -> datetime:
        return _slot(self.day_of(self.last, THIS_STEP))

    @property
    def last(self) -> int:
        return max(self.quarters, 1) - 1

    def day_of(self, quarter: int, step: int) -> date:
        monday = LAST_QUARTER - QUARTER * (self.last - quarter)
        return monday + timedelta(days=7 * ((step - 1) // 5) + (step - 1) % 5) if step else monday - timedelta(days=3)

    def days(self) -> list[tuple[int, int]]:
        """Every quarter and step so far."""
        if not self.quarters:
            return [(0, THIS_STEP)]
        before = [(quarter, step) for quarter in range(self.last) for step in range(FOLLOW_UP + 1)]
        return before + [(self.last, step) for step in range(THIS_STEP + 1)]


def fill(connection: Connection, age: Age, told: Callable[[str], None]) -> None:
    """Put it all into an empty database. For speed nobody checks what points at what, and indexes come last."""
    is_postgres = connection.dialect.name == "postgresql"
    driver: Any = connection.connection.driver_connection
    for statement in (
        ("SET session_replication_role = replica", "SET TIME ZONE 'UTC'") if is_postgres
        else ("PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF")
    ):  # fmt: skip
        driver.execute(statement)
    indexes = _without_indexes(connection)
    connection.exec_driver_sql("CREATE TEMPORARY TABLE everybody (n integer primary key)")
    connection.exec_driver_sql(
        "INSERT INTO everybody WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n <"
        f" {age.everybody}) SELECT n FROM counted"
    )
    _world(connection, age)
    for done, (quarter, step) in enumerate(age.days()):
        _day(connection, age, quarter, step, before=done * age.everybody)
        if not done % 40:
            connection.commit()
            told(f"{done * age.everybody:,} deliveries")
    _inbox(connection, age)
    told("surveys")
    _surveys(connection, age)
    connection.exec_driver_sql("DROP TABLE everybody")
    connection.commit()
    for name, statement in indexes.items():
        told(f"index {name}")
        connection.exec_driver_sql(statement)
        connection.commit()
    if is_postgres:
        for table in TABLES:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
    connection.commit()


def _without_indexes(connection: Connection) -> dict[str, str]:
    """Drop the indexes that are no constraint's, and return how to make them again."""
    catalogue = {
        "sqlite": "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": (
            "SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
        ),
    }
    rows = connection.exec_driver_sql(catalogue[connection.dialect.name])
    found = {str(row.name): str(row.definition) for row in rows}
    for name in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    connection.commit()
    return found


def _world(connection: Connection, age: Age) -> None:
    document = load_library().document("eight-weeks")
    today, tomorrow = age.slot.date(), _text(age.slot + timedelta(days=1))
    some = f"FROM everybody WHERE n <= {WORKSPACES}"
    put = _putting(connection)
    put(f"INSERT INTO organisation (id, name, created_at) SELECT n, 'Granby', '{STARTED}' {some}")
    put(
        "INSERT INTO workspace (id, organisation_id, platform, external_id, created_at)"
        f" SELECT n, n, 'slack', 'T' || n, '{STARTED}' {some}"
    )
    body = document.to_json().replace("'", "''")
    put(
        "INSERT INTO programme_document (id, organisation_id, programme_id, digest, body, stored_at)"
        f" SELECT n, n, 'eight-weeks', '{document.digest()}', '{body}', '{STARTED}' {some}"
    )
    for rhythm in range(RHYTHMS):
        through, next_at = (today - timedelta(days=1), _text(age.slot)) if not rhythm else (today, tomorrow)
        put(
            "INSERT INTO cadence (id, organisation_id, zone, slot, days, pace, planned_through, next_at) SELECT"
            f" n * {RHYTHMS} + {rhythm}, n, 'Europe/Stockholm', '08:{15 + rhythm}', 31, 'daily', '{through}',"
            f" '{next_at}' {some}"
        )
    put(
        "INSERT INTO person (id, organisation_id, workspace_id, external_id, conversation_id, cadence_id, language,"
        " language_chosen, zone_chosen, rhythm_chosen, saves_text, is_coordinator, welcomed_at, unanswered, created_at)"
        f" SELECT n, {_W}, {_W}, 'U' || n, 'D' || n, {_W} * {RHYTHMS} + {_RHYTHM}, 'sv',"
        f" false, false, false, true, false, '{STARTED}', 0, '{STARTED}' FROM everybody"
    )
    for quarter in range(age.last + 1):
        starts_on, is_last = age.day_of(quarter, 1), quarter == age.last
        ended_on = "NULL" if is_last else f"'{starts_on + timedelta(days=61)}'"
        put(
            "INSERT INTO cohort (id, organisation_id, workspace_id, document_id, name, starts_on, state, ended_on,"
            " default_slot, window_minutes, late_hours, catch_up, late_joiners, calendar, created_at)"
            f" SELECT {quarter * WORKSPACES} + n, n, n, n, 'Chefer', '{starts_on}',"
            f" '{'running' if is_last else 'ended'}', {ended_on}, '08:15', 600, 4, 'latest_only', 'join_cohort',"
            f" '{{}}', '{STARTED}' {some}"
        )
        put(
            "INSERT INTO enrolment (id, organisation_id, cohort_id, person_id, cadence_id, role, starts_on, first_day,"
            f" created_at) SELECT {quarter * age.everybody} + n, {_W}, {quarter * WORKSPACES} + {_W}, n,"
            f" {_W} * {RHYTHMS} + {_RHYTHM}, 'manager', '{starts_on}', '{starts_on}', '{STARTED}' FROM everybody"
        )


def _day(connection: Connection, age: Age, quarter: int, step: int, *, before: int) -> None:
    """What was promised for a day, and what people did with it."""
    is_today, is_follow_up = (quarter, step) == (age.last, THIS_STEP), step == FOLLOW_UP
    day = age.day_of(quarter, min(step, STEPS))
    due, late, did = (_text(_slot(day) + timedelta(hours=hours)) for hours in (0, 4, 1))
    enrolment, cohort = f"{quarter * age.everybody} + n", f"{quarter * WORKSPACES} + {_W}"
    planned = f"{is_today and _RHYTHM + ' = 1'}".replace("False", "1 = 0")
    kind = "follow_up" if is_follow_up else "nudge" if step else "welcome"
    subject = f"{before} + n" if is_follow_up else "NULL" if step else enrolment
    carrier_sent = f"{_lot(STEPS)} < 85"
    rides = f"CASE WHEN {_lot(step)} < 85 AND {carrier_sent} THEN {before - age.everybody} + n END"
    put, as_moment = _putting(connection), "::timestamptz" if connection.dialect.name == "postgresql" else ""
    sent = f"{_lot(step)} < 85"
    put(
        "INSERT INTO delivery (id, organisation_id, workspace_id, person_id, cohort_id, enrolment_id, kind, step,"
        " lesson_id, subject_id, occurrence, day, due_at, late_after, try_at, priority, state, reason, rides_on,"
        " attempts, started_at, searches, sent_at, conversation_id, message_id)"
        f" SELECT {before} + n, {_W}, {_W}, n, {cohort}, {enrolment}, '{kind}',"
        f" {step if kind == 'nudge' else 'NULL'}, 'L{1 + step % STEPS:02}', {subject}, 1, '{day}', '{due}', '{late}',"
        f" '{due}', {2 if is_follow_up else 0},"
        f" CASE WHEN {planned} THEN 'planned' WHEN {sent} THEN 'sent' ELSE 'explained' END,"
        f" CASE WHEN {planned} OR {sent} THEN NULL WHEN {_lot(step)} < 95 THEN 'paused' WHEN {_lot(step)} < 96"
        f" AND {int(kind == 'nudge')} = 1 THEN 'moved' ELSE 'red_day' END,"
        f" {rides if is_follow_up else 'NULL'}, CASE WHEN {planned} THEN 0 ELSE 1 END,"
        f" CASE WHEN {planned} THEN NULL ELSE '{due}' END{as_moment}, 0,"
        f" CASE WHEN NOT ({planned}) AND {sent} THEN '{due}' END{as_moment}, 'D' || n,"
        f" CASE WHEN NOT ({planned}) AND {sent} THEN '17{before}-' || n END"
        f" FROM everybody{f' WHERE {_RHYTHM} > 0' if is_today else ''}"
    )
    if is_follow_up:
        put(
            "INSERT INTO follow_up (id, organisation_id, person_id, enrolment_id, cohort_id, source_delivery_id,"
            " lesson_id, due_on, asked, postponed, smaller, state, made_at, closed_at)"
            f" SELECT {before} + n, {_W}, n, {enrolment}, {cohort}, {before - age.everybody} + n, 'L40', '{day}', 1, 0,"
            f" false, 'answered', '{due}', '{did}' FROM everybody"
        )
        return
    if not step:
        return
    got_it = f"FROM everybody WHERE {sent} AND NOT ({planned}) AND {_RHYTHM} > {0 if is_today else -1}"
    chance = f"(n * 11 + {step * 17}) % 100"
    put(
        "INSERT INTO answer (organisation_id, person_id, delivery_id, lesson_id, kind, given_at)"
        f" SELECT {_W}, n, {before} + n, 'L{step:02}', 'doing', '{did}' {got_it} AND {chance} < 40"
    )
    put(
        "INSERT INTO reflection (organisation_id, person_id, delivery_id, lesson_id, prompt, body, conversation_id,"
        " message_id, written_on_page, can_be_undone, written_at)"
        f" SELECT {_W}, n, {before} + n, 'L{step:02}', 'reply', 'Vi provade och det gick bra.', 'D' || n,"
        f" '18{before}-' || n, false, true, '{did}' {got_it} AND {chance} < 5"
    )
    put(
        "INSERT INTO plan (organisation_id, person_id, delivery_id, lesson_id, cue, action, can_be_undone,"
        " written_on_page, cue_on, made_at, closed_at)"
        f" SELECT {_W}, n, {before} + n, 'L{step:02}', 'På mötet', 'frågar jag', true, false,"
        f" '{day + timedelta(days=2)}', '{did}',"
        f" {'NULL' if quarter == age.last else f'{chr(39)}{did}{chr(39)}'} {got_it} AND {chance} < 2"
    )
    open_ones = quarter == age.last and step >= THIS_STEP - 2
    put(
        "INSERT INTO follow_up (id, organisation_id, person_id, enrolment_id, cohort_id, source_delivery_id, lesson_id,"
        " due_on, asked, postponed, smaller, state, made_at, closed_at)"
        f" SELECT {before} + n, {_W}, n, {enrolment}, {cohort}, {before} + n, 'L{step:02}',"
        f" '{day + timedelta(days=2)}', {int(not open_ones)}, 0, false, '{'open' if open_ones else 'answered'}',"
        f" '{did}', {'NULL' if open_ones else f'{chr(39)}{did}{chr(39)}'} {got_it} AND {chance} < 9"
    )
    if _slot(day) > age.slot - RECENT:
        put(
            "INSERT INTO attempt (delivery_id, started_at, ended_at, outcome)"
            f" SELECT {before} + n, '{due}', '{due}', 'sent' {got_it}"
        )


def _inbox(connection: Connection, age: Age) -> None:
    put = _putting(connection)
    for days in range(31 if age.quarters else 1):
        at = _text(age.slot - timedelta(days=days, hours=1))
        put(
            "INSERT INTO inbox_event (platform, workspace, key, person, received_at, handled_at, tries)"
            f" SELECT 'slack', 'T' || {_W}, 'k{days}-' || n, 'U' || n, '{at}', '{at}', 0 FROM everybody"
            f" WHERE n <= {2 * age.everybody // 5}"
        )


def _surveys(connection: Connection, age: Age) -> None:
    """What cohorts were asked, and what six in ten answered. Of the last one, one wave opens today and one is over
    tonight."""
    surveys = load_library().survey_document()
    assert surveys is not None
    put, today = _putting(connection), age.slot.date()
    body = surveys.to_json().replace("'", "''")
    put(
        "INSERT INTO survey_document (id, organisation_id, survey_id, digest, body, stored_at)"
        f" SELECT n, n, '{surveys.name}', '{surveys.digest()}', '{body}', '{STARTED}' FROM everybody"
        f" WHERE n <= {WORKSPACES}"
    )
    for quarter in range(age.last):
        for number, (wave, step) in enumerate(((Wave.T0, 1), (Wave.WEEK_3, 11), (Wave.T1, 36), (Wave.T2, STEPS))):
            opens_on = age.day_of(quarter, step)
            _wave(put, age, quarter, number, wave, (opens_on, opens_on + OPEN), is_closed=True)
            _responses(put, age, quarter, number, wave, surveys)
    for number, (wave, opens_on, closes_on) in enumerate((
        (Wave.T0, age.day_of(age.last, 1), today - timedelta(days=14)),
        (Wave.WEEK_3, today, today + OPEN),
        (Wave.DAY, today - timedelta(days=7), today),
        (Wave.T1, today + timedelta(weeks=4), today + timedelta(weeks=4) + OPEN),
    )):  # fmt: skip
        _wave(put, age, age.last, number, wave, (opens_on, closes_on), is_closed=wave is Wave.T0)
        if wave in (Wave.T0, Wave.DAY):
            _responses(put, age, age.last, number, wave, surveys)
    connection.commit()


def _wave(
    put: Callable[[str], Any], age: Age, quarter: int, number: int, wave: Wave, days: tuple[date, date], *,
    is_closed: bool,
) -> None:  # fmt: skip
    opens_on, closes_on = days
    closed = f"'{closes_on} 23:00:00.000000', {age.people}, '{{}}'" if is_closed else "NULL, NULL, NULL"
    put(
        "INSERT INTO survey_wave (id, organisation_id, cohort_id, wave, document_id, roles, opens_on, closes_on,"
        f" closed_at, asked, released) SELECT {_wave_id(quarter, number, 'n')}, n, {quarter * WORKSPACES} + n,"
        f" '{wave}', n, '[\"manager\"]', '{opens_on}', '{closes_on}', {closed} FROM everybody WHERE n <= {WORKSPACES}"
    )


def _responses(
    put: Callable[[str], Any], age: Age, quarter: int, number: int, wave: Wave, surveys: SurveyDocument
) -> None:
    for place, (item, scale) in enumerate(surveys.asked(wave, Role.MANAGER)):
        put(
            "INSERT INTO survey_response (organisation_id, wave_id, enrolment_id, person_id, item_id, about, value,"
            f" answered_at) SELECT {_W}, {_wave_id(quarter, number, _W)}, {quarter * age.everybody} + n, n,"
            f" '{item.id}', '{'debrief' if item.about else ''}', {_some_of(scale, place)},"
            f" '{age.day_of(quarter, 1)} 09:00:00.000000' FROM everybody WHERE {_lot(quarter + number)} < 60"
        )


def _wave_id(quarter: int, number: int, workspace: str) -> str:
    return f"({quarter * WORKSPACES} + {workspace}) * {WAVES} + {number}"


def _some_of(scale: Scale, place: int) -> str:
    keys = [option.key for option in scale.options]
    chosen = " ".join(f"WHEN {at} THEN '{key}'" for at, key in enumerate(keys))
    return f"CASE (n * 3 + {place}) % {len(keys)} {chosen} END"


_W = f"(1 + n % {WORKSPACES})"
_RHYTHM = f"((n / {WORKSPACES}) % {RHYTHMS})"


def _putting(connection: Connection) -> Callable[[str], Any]:
    """Run a statement as it stands; to psycopg a single % would be a placeholder."""
    percent = "%%" if connection.dialect.name == "postgresql" else "%"
    return lambda statement: connection.exec_driver_sql(statement.replace("%", percent))


def _lot(step: int) -> str:
    return f"((n * 7 + {step * 13}) % 100)"


def _slot(day: date) -> datetime:
    """08:15 in Stockholm in winter; summer does not matter here."""
    return datetime(day.year, day.month, day.day, 7, 15, tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
