"""A small municipality to plan and send for. Builders have defaults: a test says only what matters to it."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from scheduler.planner import Planned, plan
from storage import next_moments, people, planning
from storage.database import Store
from storage.tables.answers import FollowUp, Plan
from storage.tables.deliveries import Attempt, Delivery, Kind, Reason, State
from storage.tables.people import Organisation, Pace, Person, Platform, Shift, Workspace
from storage.tables.programmes import Cohort, Enrolment, ProgrammeDocument, Role

STOCKHOLM = "Europe/Stockholm"
MONDAY = date(2026, 3, 2)
"""A week without red days; the programme begins here unless a test says otherwise."""
MONDAY_TO_FRIDAY = 0b11111


def at(text: str, zone: str = STOCKHOLM) -> datetime:
    """A moment as the wall clock says it: at("2026-03-02 08:15")."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


Lessons = int | Mapping[str, int]
"""How many lessons a week has: for everybody, or for each role ("all" is for the roles that are not named)."""


def document(weeks: Sequence[Lessons]) -> str:
    """A confirmed document with so many lessons a week."""
    text = {"sv": "Text", "en": "Text"}
    number = iter(range(1, 1000))

    def ids(count: int) -> list[str]:
        return [f"L{next(number):02}" for _ in range(count)]

    def lists(week: Lessons) -> dict[str, Any]:
        if isinstance(week, int):
            return {"lessons": ids(week)}
        rest, named = ids(week.get("all", 0)), [role for role in Role if role in week]
        return {"lessons": rest, "by_role": {role.value: ids(week[role]) for role in named}}

    programme = {
        "id": "trial",
        "title": text,
        "about": text,
        "weeks": [{"principle": "value", "title": text} | lists(week) for week in weeks],
    }
    return json.dumps({"programme": programme, "lessons": {}})


class World:
    """One organisation with one workspace; cohorts and people are added as a test needs them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.founded_at = at("2026-02-20 12:00")
        self.organisation, self.workspace = store.write_now(self._found)
        self._people = 0

    def cohort(self, *, weeks: Sequence[Lessons] = (5, 5, 5), starts_on: date = MONDAY, **fields: Any) -> int:
        """A cohort; `weeks` says how many steps each of its weeks has."""
        body = document(weeks)

        def make(session: Session) -> int:
            kept = session.exec(select(ProgrammeDocument).where(ProgrammeDocument.digest == str(hash(body)))).first()
            if kept is None:
                kept = ProgrammeDocument(
                    organisation_id=self.organisation,
                    programme_id="trial",
                    digest=str(hash(body)),
                    body=body,
                    stored_at=self.founded_at,
                )
                session.add(kept)
                session.flush()
            cohort = Cohort(
                organisation_id=self.organisation,
                workspace_id=self.workspace,
                document_id=kept.id,
                name="Chefer",
                starts_on=starts_on,
                created_at=self.founded_at,
                **fields,
            )
            session.add(cohort)
            session.flush()
            return cohort.id

        return self.store.write_now(make)

    def person(
        self,
        *cohorts: int,
        slot: str = "08:15",
        zone: str = STOCKHOLM,
        days: int = MONDAY_TO_FRIDAY,
        pace: Pace = Pace.DAILY,
        shift: Shift = Shift.DAY,
        now: datetime | None = None,
        starts_on: date | None = None,
        first_day: date | None = None,
        welcomed: bool = True,
        role: Role = Role.MANAGER,
        **fields: Any,
    ) -> int:
        """Somebody enrolled in these cohorts, met at `now` (before everything, unless said) and welcomed."""
        self._people += 1
        number, met_at = self._people, now or self.founded_at

        def make(session: Session) -> int:
            rhythm: dict[str, Any] = {"zone": zone, "slot": slot, "days": days, "pace": pace, "shift": shift}
            cadence = planning.cadence_for(session, organisation_id=self.organisation, now=met_at, **rhythm)
            person = Person(
                organisation_id=self.organisation,
                workspace_id=self.workspace,
                external_id=f"U{number}",
                conversation_id=f"D{number}",
                cadence_id=cadence,
                welcomed_at=met_at if welcomed else None,
                created_at=met_at,
                **fields,
            )
            session.add(person)
            session.flush()
            for cohort_id in cohorts:
                cohort = session.get_one(Cohort, cohort_id)
                enrolment = Enrolment(
                    organisation_id=self.organisation,
                    cohort_id=cohort_id,
                    person_id=person.id,
                    cadence_id=cadence,
                    role=role,
                    starts_on=starts_on or cohort.starts_on,
                    first_day=first_day or starts_on or cohort.starts_on,
                    created_at=met_at,
                    moved_at=None if welcomed else met_at,
                )
                session.add(enrolment)
            return person.id

        return self.store.write_now(make)

    def move(self, person_id: int, *, now: datetime, **rhythm: Any) -> None:
        """The person chooses another rhythm; what is not given stays."""

        def go(session: Session) -> None:
            people.set_rhythm(session, session.get_one(Person, person_id), now=now, **rhythm)

        self.store.write_now(go)

    def follow_up(self, person_id: int, due_on: date, *, cohort: int | None = None, **fields: Any) -> int:
        return self._add(
            FollowUp(
                organisation_id=self.organisation,
                person_id=person_id,
                cohort_id=cohort,
                lesson_id="L01",
                due_on=due_on,
                made_at=self.founded_at,
                **fields,
            )
        )

    def plan_of(self, person_id: int, cue_on: date, **fields: Any) -> int:
        return self._add(
            Plan(
                organisation_id=self.organisation,
                person_id=person_id,
                lesson_id="L01",
                cue="mötet börjar",
                action="jag frågar först",
                cue_on=cue_on,
                made_at=self.founded_at,
                **fields,
            )
        )

    def change(self, table: type[Any], id: int | None, **values: Any) -> None:
        """`id`: never None, but whose message it is may be nobody, for all the types know."""

        def set_values(session: Session) -> None:
            row = session.get_one(table, id)
            for name, value in values.items():
                setattr(row, name, value)
            session.add(row)

        self.store.write_now(set_values)

    def look_up(self, table: type[Any], id: int | None) -> Any:
        return self.store.write_now(lambda session: session.get_one(table, id))

    def next_moment(self) -> datetime | None:
        """When something must be looked at next."""
        moments = [self.store.write_now(next_moments.next_to_plan), self.store.write_now(next_moments.next_to_send)]
        return min((moment for moment in moments if moment is not None), default=None)

    async def plan(self, now: datetime) -> Planned:
        planned = await plan(self.store, now)
        assert planned.failed == 0
        return planned

    async def plan_until(self, first: datetime, last: datetime, every: timedelta = timedelta(hours=3)) -> None:
        """Tick from `first` to `last`, as the metronome would (only less often)."""
        now = first
        while now <= last:
            await self.plan(now)
            now += every

    def deliveries(self, person_id: int | None = None, kind: Kind | None = None) -> list[Delivery]:
        wanted = select(Delivery).order_by(col(Delivery.day), col(Delivery.step), col(Delivery.id))
        if person_id is not None:
            wanted = wanted.where(Delivery.person_id == person_id)
        if kind is not None:
            wanted = wanted.where(Delivery.kind == kind)
        return list(self.store.write_now(lambda session: session.exec(wanted).all()))

    def attempts(self) -> list[Attempt]:
        return list(self.store.write_now(lambda session: session.exec(select(Attempt).order_by(col(Attempt.id))).all()))

    def steps(self, person_id: int) -> list[tuple[int | None, str, State | Reason]]:
        """Each of a person's steps, the weekday it lies on, and what became of it: (1, "mon", State.PLANNED)."""
        rows = self.deliveries(person_id, Kind.NUDGE)
        return [(row.step, f"{row.day:%a}".lower(), row.reason or row.state) for row in rows]

    def promise(self, person_id: int, *, reason: Reason | None = None, day: date = MONDAY, **fields: Any) -> int:
        """A promise as the planner would make it: on its way, or explained with a reason."""
        kept = self.look_up(Person, person_id)
        enrolment = self.store.write_now(
            lambda session: session.exec(select(Enrolment).where(Enrolment.person_id == person_id)).first()
        )
        due_at = at(f"{day} 08:15")
        values: dict[str, Any] = {
            "workspace_id": kept.workspace_id, "kind": Kind.NUDGE, "day": day, "due_at": due_at, "try_at": due_at,
            "late_after": due_at + timedelta(hours=4), "state": State.EXPLAINED if reason else State.PLANNED,
        }  # fmt: skip
        if enrolment is not None:
            values |= {"cohort_id": enrolment.cohort_id, "enrolment_id": enrolment.id}
        return self._add(
            Delivery(organisation_id=kept.organisation_id, person_id=person_id, reason=reason, **values | fields)
        )

    def settle(self, delivery: Delivery, state: State = State.SENT, reason: Reason | None = None) -> None:
        """Say what became of a promise, with what the table wants to be told of it."""
        self.change(
            Delivery,
            delivery.id,
            state=state,
            reason=reason,
            rides_on=None if reason else delivery.rides_on,
            started_at=None if state is State.PLANNED else delivery.started_at or delivery.due_at,
            sent_at=delivery.due_at if state is State.SENT else None,
            message_id=delivery.message_id if state is State.SENT else None,
        )

    def _found(self, session: Session) -> tuple[int, int]:
        organisation = Organisation(name="Kommunen", created_at=self.founded_at)
        session.add(organisation)
        session.flush()
        workspace = Workspace(
            organisation_id=organisation.id, platform=Platform.PAPER, external_id="T1", created_at=self.founded_at
        )
        session.add(workspace)
        session.flush()
        return organisation.id, workspace.id

    def _add(self, row: Any) -> int:
        def add(session: Session) -> int:
            session.add(row)
            session.flush()
            return int(row.id)

        return self.store.write_now(add)
