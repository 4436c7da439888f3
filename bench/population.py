"""People by the hundred thousand, made by the database itself: for each table an INSERT … SELECT that counts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, Subquery, case, cast, func, insert, literal, select

from bench import teams_messages
from bench.slack_stand_in import WORKSPACE
from bench.teams_stand_in import TENANT
from lessons.library import load_library
from storage.tables import metadata
from storage.tables.deliveries import Kind, State
from storage.tables.people import Pace, Platform
from storage.tables.programmes import CatchUp, CohortState, LateJoiners, Role

MONDAY = date(2026, 3, 2)
"""No red day within four weeks of it."""
SLOT = "08:15"
STARTED = datetime(2026, 2, 27, 12, 0, tzinfo=UTC)
WEEKDAYS_WITH_TUESDAY = (31, 15, 30, 23, 27)
"""Full time, and four part-time weeks that all have Tuesday in them."""
OUT_OF_SIGHT = datetime(2040, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ids:
    """How a platform names things; where it names many, they end in eight digits."""

    platform: Platform
    workspace: str
    person: str
    chat: str
    message: str


SLACK = Ids(platform=Platform.SLACK, workspace=WORKSPACE, person="U", chat="D", message="1772437")
TEAMS = Ids(
    platform=Platform.TEAMS,
    workspace=TENANT,
    person=teams_messages.PERSON,
    chat=teams_messages.CHAT,
    message=teams_messages.MESSAGE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Population:
    """`due` of the `enrolled` people have their next slot on `day`, in five rhythms; all others' rhythms rest."""

    enrolled: int
    due: int
    day: date = MONDAY + timedelta(days=8)
    starts_on: date = MONDAY
    cohorts: int = 10
    resting_cadences: int = 50
    workspaces: int = 1
    ids: Ids = SLACK


def fill(connection: Connection, population: Population) -> None:
    """Put the people, all welcomed and in the middle of the programme, into an empty database."""
    _put(connection, "organisation", id=1, name="Granby", created_at=STARTED)
    for number in range(1, population.workspaces + 1):
        _put(
            connection, "workspace",
            id=number, organisation_id=1, platform=population.ids.platform, created_at=STARTED,
            external_id=population.ids.workspace if number == 1 else f"{population.ids.workspace}-{number}",
        )  # fmt: skip
    document = load_library().document("eight-weeks")
    _put(
        connection, "programme_document",
        id=1, organisation_id=1, programme_id="eight-weeks", digest=document.digest(),
        body=document.to_json(), stored_at=STARTED,
    )  # fmt: skip
    for number in range(1, population.cohorts + 1):
        _put(
            connection, "cohort",
            id=number, organisation_id=1, workspace_id=1 + (number - 1) % population.workspaces,
            document_id=1, name=f"Grupp {number}",
            starts_on=population.starts_on, state=CohortState.RUNNING, default_slot=SLOT, window_minutes=600,
            late_hours=4, catch_up=CatchUp.LATEST_ONLY, late_joiners=LateJoiners.JOIN_COHORT, calendar={},
            created_at=STARTED,
        )  # fmt: skip
    _cadences(connection, population)
    _people(connection, population)
    if connection.dialect.name == "postgresql":
        for table in ("organisation", "workspace", "programme_document", "cohort", "cadence", "person", "enrolment"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )


def slot_moment(day: date) -> datetime:
    """08:15 in Stockholm, in winter time."""
    return datetime(day.year, day.month, day.day, 7, 15, tzinfo=UTC)


def _cadences(connection: Connection, population: Population) -> None:
    rhythm = {"organisation_id": 1, "zone": "Europe/Stockholm", "pace": Pace.DAILY}
    yesterday = population.day - timedelta(days=1)
    for number, days in enumerate(WEEKDAYS_WITH_TUESDAY, start=1):
        _put(
            connection, "cadence",
            **rhythm, id=number, slot=SLOT, days=days, planned_through=yesterday, next_at=slot_moment(population.day),
        )  # fmt: skip
    for number in range(1, population.resting_cadences + 1):
        _put(
            connection, "cadence",
            **rhythm, id=len(WEEKDAYS_WITH_TUESDAY) + number, slot=f"{9 + number // 60:02}:{number % 60:02}", days=31,
            planned_through=yesterday, next_at=OUT_OF_SIGHT,
        )  # fmt: skip


def _people(connection: Connection, population: Population) -> None:
    numbers = counting(population.enrolled)
    number: ColumnElement[int] = numbers.c.number
    # Spread over the whole table, as in life: those who are due do not sit on neighbouring pages.
    every = population.enrolled // population.due
    is_due = (number % every == 0) & (number <= every * population.due)
    rhythms = len(WEEKDAYS_WITH_TUESDAY)
    resting = rhythms + 1 + number % population.resting_cadences
    cadence = case((is_due, 1 + (number // every) % rhythms), else_=resting)
    cohort = 1 + (number // (every * rhythms)) % population.cohorts
    insert_selected(
        connection, "person", numbers,
        id=number, organisation_id=1, workspace_id=1 + (cohort - 1) % population.workspaces,
        external_id=eight_digits(population.ids.person, number),
        conversation_id=eight_digits(population.ids.chat, number), cadence_id=cadence, language="sv",
        language_chosen=False, zone_chosen=False, rhythm_chosen=False, saves_text=True,
        is_coordinator=False, welcomed_at=STARTED, unanswered=0, created_at=STARTED,
    )  # fmt: skip
    insert_selected(
        connection, "enrolment", numbers,
        id=number, organisation_id=1, cohort_id=cohort, person_id=number, cadence_id=cadence,
        role=Role.MANAGER, starts_on=population.starts_on, first_day=population.starts_on, created_at=STARTED,
    )  # fmt: skip


def fill_nudges(connection: Connection, most: int, *, state: State, due_at: datetime, ids: Ids = SLACK) -> None:
    """A nudge for each of the first `most` people, planned or sent, numbered as its person and enrolment are."""
    numbers = counting(most)
    number: ColumnElement[int] = numbers.c.number
    enrolment, person = metadata.tables["enrolment"], metadata.tables["person"]
    arrived = {
        "sent_at": due_at, "conversation_id": eight_digits(ids.chat, number),
        "message_id": eight_digits(ids.message, number).concat(".000100"),
    }  # fmt: skip
    insert_selected(
        connection, "delivery", numbers,
        id=number, organisation_id=1, person_id=number, enrolment_id=number, kind=Kind.NUDGE, step=1,
        workspace_id=select(person.c.workspace_id).where(person.c.id == number).scalar_subquery(),
        cohort_id=select(enrolment.c.cohort_id).where(enrolment.c.id == number).scalar_subquery(), lesson_id="L01",
        occurrence=1, day=due_at.date(), due_at=due_at, late_after=due_at + timedelta(hours=4), try_at=due_at,
        state=state, attempts=int(state is State.SENT), searches=0, **(arrived if state is State.SENT else {}),
    )  # fmt: skip
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('delivery', 'id'), {most})")


def insert_selected(connection: Connection, table: str, source: Subquery, **values: Any) -> None:
    """Insert one row for each row of `source`; what is no expression is the same in all of them."""
    columns = metadata.tables[table].c
    expressions = [
        value if isinstance(value, ColumnElement) else literal(value, columns[name].type)
        for name, value in values.items()
    ]
    rows = select(*expressions).select_from(source)
    connection.execute(insert(metadata.tables[table]).from_select(list(values), rows, include_defaults=False))


def counting(most: int) -> Subquery:
    """A query of the numbers from 1 to `most`."""
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < most))
    return select(numbers.c.number).subquery("counted")


def eight_digits(prefix: str, number: ColumnElement[int]) -> ColumnElement[str]:
    return literal(prefix).concat(func.substr(cast(100_000_000 + number, String), 2))


def _put(connection: Connection, table: str, **values: Any) -> None:
    connection.execute(insert(metadata.tables[table]).values(**values))
