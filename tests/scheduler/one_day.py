"""One day of a small office, with what really happened: what reached whom, what searches saw, and what may never be.

`OneDay` knows nothing of how Knuff decides. It lets lanes go on, answers for the platform, and raises AssertionError as
soon as a promise of the house is broken (`Ledger`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from scheduler.buckets import NO_LIMITS, POST, SEARCH
from scheduler.lanes import SendingRules
from scheduler.planner import plan
from scheduler.ports import (
    DeliveryError,
    Disconnected,
    Found,
    NotNeeded,
    NotSent,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreachable,
)
from storage import cohorts, my_data, pacing, people
from storage import work as storage_work
from storage.database import Store
from storage.tables.answers import Answer, AnswerKind
from storage.tables.deliveries import Reason
from storage.tables.people import Person, Workspace
from storage.tables.programmes import Cohort, CohortState
from tests.scheduler.happenings import LONGEST_CALL, LONGEST_ROAD, Answers, Request, Searching, Sees
from tests.scheduler.ledger import Ledger
from tests.scheduler.offices import SLOT
from tests.scheduler.promised_day import ENDS, Row, Step, a_promised_day, driver_of, role_of, rows_of
from tests.scheduler.stepped import Wait, Worker, all_came_to_wait
from tests.scheduler.world import MONDAY

RULES = SendingRules(limits=NO_LIMITS, lease_seconds=30, reconcile_after_seconds=60)


@dataclass(eq=False)
class OneDay:
    """Two people: one with an exercise on which a follow-up rides, one with an exercise alone. Two workers."""

    teams: bool = False
    in_flight: int = 1
    now: datetime = SLOT
    steps: set[Step] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    searches: list[Searching] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store: Store = a_promised_day()
        self._driver = driver_of(self.store)
        self.ledger = Ledger(teams=self.teams)
        self.loop = asyncio.new_event_loop()
        self.workspace = 1
        self._processes = 0
        self.workers = [self._new_worker(), self._new_worker()]
        self.rows = self._look()
        self.ledger.check(self.rows)

    # What a test may do.

    def tick(self, number: int) -> None:
        """A process looks for work, as every second. A dead one is started anew."""
        if self.workers[number].is_dead:
            self.workers[number] = self._new_worker()
        worker = self.workers[number]
        now = self.now + worker.clock_differs
        due = self.store.write_now(lambda session: storage_work.due(session, now))
        if due and not worker.is_busy:
            self._run(lambda: worker.take_up(self.workspace))

    def go_on(self, number: int, *, freeze: bool = False) -> bool:
        """A worker does what it waits to do: one commit, or what comes after its sleep. `freeze`: and nothing more,
        however long, until it goes on once more. False when it has nothing to go on with."""
        worker = self.workers[number]
        wait = worker.ready()
        if wait is None:
            return False
        worker.freezes = freeze and wait.kind == "commit"
        self._run(lambda: wait.done.set_result(None))
        return True

    def work(self, number: int) -> None:
        """A process looks for work and goes on until it waits for the platform, for time, or for nothing."""
        self.tick(number)
        while self.go_on(number):
            pass

    def answer(self, request: Request, how: Answers, *, late_by: int = 20) -> None:
        """The platform answers a call, or the connection is lost."""
        request.is_answered = True
        match how:
            case Answers.ARRIVED | Answers.ARRIVED_UNHEARD | Answers.A_BUG:
                self._arrive(request)
            case Answers.ARRIVES_LATE:
                request.arrives_at = min(self.now + timedelta(seconds=late_by), request.began_at + LONGEST_ROAD)
            case Answers.LOST:
                pass
            case _:
                request.surely_not_sent = True
        if (wait := request.worker.waits_for(request)) is not None:
            outcome = self._outcome(request, how)
            self._run(lambda: _resolve(wait, outcome))

    def look(self, searching: Searching, sees: Sees) -> None:
        """A search ends."""
        searching.is_over = True
        wait = searching.worker.waits_for(searching)
        if wait is None:
            return
        result: Found | DeliveryError
        match sees:
            case Sees.EVERYTHING:
                result = Found(at=place_of(searching.message) if searching.sees else None, complete=True)
                if not searching.sees:
                    self.ledger.not_found[searching.message].append(searching.began_at)
            case Sees.A_PART:
                result = Found(at=None, complete=False)
            case Sees.NOTHING:
                result = Unknown("timeout")
            case Sees.A_PAUSE:
                until = self.now + timedelta(seconds=30)
                self.store.write_now(lambda session: pacing.pause(session, self.workspace, SEARCH, until=until))
                result = RateLimited("ratelimited", until=until, bucket=SEARCH)
        self._run(lambda: _resolve(wait, result))

    def time_passes(self, seconds: float) -> None:
        """Messages arrive that were long on the road; whoever waits for an answer too long gives up."""
        until = self.now + timedelta(seconds=seconds)
        moments = {request.arrives_at for request in self.requests if not request.has_arrived}
        moments |= {request.began_at + LONGEST_CALL for request in self.open_requests}
        moments |= {searching.began_at + LONGEST_CALL for searching in self.open_searches}
        for moment in sorted(moment for moment in moments if moment is not None and moment <= until):
            self.now = max(self.now, moment)
            self._what_is_over()
        self.now = max(self.now, until)
        self._what_is_over()
        self.ledger.all_kept()

    def stand_still(self, number: int, minutes: int) -> None:
        """A process gets no time (SIGSTOP), while all goes well for the other."""
        other = self.workers[1 - number]
        for _ in range(minutes):
            self.time_passes(61)
            self.work(1 - number)
            for searching in self.open_searches:
                if searching.worker is other:
                    self.look(searching, Sees.EVERYTHING)
            self.work(1 - number)
            for request in self.open_requests:
                if request.worker is other:
                    self.answer(request, Answers.ARRIVED)
            self.work(1 - number)

    def kill(self, number: int) -> None:
        """kill -9: nothing is settled and nothing released. What has left the machine may still arrive."""
        worker = self.workers[number]
        self._run(worker.die)

    def stop(self, number: int) -> None:
        """A worker is asked to stop after what is on its way."""
        self._run(self.workers[number].stopping.set)

    def press(self) -> None:
        """Whoever has got something answers it."""
        for message, _, person in self.ledger.received[-1:]:
            answer = Answer(
                organisation_id=1, person_id=person, delivery_id=message, lesson_id="L01",
                kind=AnswerKind.DOING, given_at=self.now,
            )  # fmt: skip
            self.store.write_now(lambda session, answer=answer: session.add(answer))  # type: ignore[misc]

    def leave(self, person: int) -> None:
        self._change_person(
            person,
            lambda session, one: people.profile_changed(
                session, one, zone=None, language=None, is_gone=True, now=self.now
            ),
        )

    def pause(self, person: int) -> None:
        self._change_person(person, lambda _session, one: people.pause(one, first=MONDAY, last=MONDAY))

    def erase(self, person: int) -> None:
        """Somebody deletes everything we hold about them."""
        self._change_person(person, lambda session, one: my_data.erase(session, one, self.now))

    def sign_of_life(self, person: int) -> None:
        self._change_person(person, lambda session, one: people.seen(session, one, at=self.now, now=self.now))

    def end_cohort(self) -> None:
        def end(session: Session) -> None:
            cohorts.set_state(session, session.get_one(Cohort, 1), CohortState.ENDED, MONDAY, self.now)

        self._outside("coordinator", end)

    def connect_again(self) -> None:
        def connect(session: Session) -> None:
            session.get_one(Workspace, self.workspace).disconnected_at = None

        self._outside("connection", connect)

    def plan_again(self) -> None:
        """Any process plans, at any time."""
        before = self._look()
        self.loop.run_until_complete(plan(self.store, self.now))
        self._watch("planner", before)
        self.ledger.all_kept()

    def all_is_quiet(self) -> None:
        """Nothing more goes wrong, and time goes by: every promise has come to its end. Raises when one has not."""
        self.connect_again()
        for turn in range(400):
            for request in self.open_requests:
                self.answer(request, Answers.ARRIVED)
            for searching in self.open_searches:
                self.look(searching, Sees.EVERYTHING)
            for number in (0, 1):
                self.tick(number)
                self.go_on(number)
            if all(row.state in ENDS for row in self.rows.values()) and not any(one.is_busy for one in self.workers):
                break
            self.time_passes(5 if turn < 100 else 300)
        lost = [row for row in self.rows.values() if row.state not in ENDS]
        assert not lost, f"without an end: {lost}"

    def close(self) -> None:
        async def all_gone() -> None:
            for worker in self.workers:
                worker.die()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others, return_exceptions=True)

        self.loop.run_until_complete(all_gone())
        self.loop.close()

    @property
    def is_over(self) -> bool:
        """Everything has its end, and nobody does anything any more."""
        return (
            all(row.state in ENDS for row in self.rows.values())
            and not any(worker.is_busy and not worker.is_dead for worker in self.workers)
            and all(request.is_answered for request in self.requests)
        )

    @property
    def open_requests(self) -> list[Request]:
        return [request for request in self.requests if not request.is_answered]

    @property
    def open_searches(self) -> list[Searching]:
        return [searching for searching in self.searches if not searching.is_over]

    # What the lanes meet.

    def commit(self, worker: Worker, who: str, work: Callable[[], Any]) -> Any:
        before = self._look()
        try:
            return work()
        finally:
            self._watch(who, before)

    def composed(self, worker: Worker, session: Session, delivery_id: int) -> Request:
        rows = self._look()
        ids = frozenset(
            row.id for row in rows.values() if delivery_id in (row.id, row.rides_on) and row.state == "sending"
        )
        (person,) = session.connection().exec_driver_sql(
            "SELECT person_id FROM delivery WHERE id = ?", (delivery_id,)
        ).one()  # fmt: skip
        return Request(message=delivery_id, ids=ids, person=person, worker=worker, began_at=self.now)

    def called(self, worker: Worker, composed: Request) -> None:
        composed.began_at = self.now
        self.ledger.called(composed, self.requests)
        self.requests.append(composed)

    def searching(self, worker: Worker, delivery_id: int) -> "Searching | Found":
        if self.teams:
            return Found(at=None, complete=False, can_be_asked=False)
        sees = any(message == delivery_id for message, _, _ in self.ledger.received)
        self.searches.append(Searching(message=delivery_id, worker=worker, began_at=self.now, sees=sees))
        return self.searches[-1]

    def _watch(self, who: str, before: dict[int, Row]) -> None:
        self.rows = self._look()
        for row in self.rows.values():
            if row.id not in before:
                self.steps.add(Step(who, "", row.state))
            elif row != before[row.id]:
                self.steps.add(Step(role_of(who, before[row.id], row), before[row.id].state, row.state))
        self.ledger.check(self.rows)

    # The rest.

    def _new_worker(self) -> Worker:
        self._processes += 1
        rules = SendingRules(
            limits=RULES.limits,
            lease_seconds=RULES.lease_seconds,
            reconcile_after_seconds=RULES.reconcile_after_seconds,
            in_flight=self.in_flight,
        )
        return Worker(around=self, name=f"process {self._processes}", rules=rules)

    def _run(self, act: Callable[[], Any]) -> None:
        """Do something and let every lane come to its next wait."""

        async def go() -> None:
            act()
            await all_came_to_wait()

        self.loop.run_until_complete(go())
        for worker in self.workers:
            if worker.lane is not None and worker.lane.done() and not worker.is_dead:
                error = worker.lane.exception()
                worker.lane = None
                if error is not None:
                    raise error
        self.ledger.all_kept()

    def _arrive(self, request: Request) -> None:
        request.has_arrived = True
        self.ledger.received.append((request.message, request.ids, request.person))
        self.ledger.check(self.rows)

    def _what_is_over(self) -> None:
        for request in self.requests:
            if request.arrives_at is not None and not request.has_arrived and request.arrives_at <= self.now:
                self._arrive(request)
        for request in self.open_requests:
            if request.began_at + LONGEST_CALL <= self.now:
                self.answer(request, Answers.LOST)
        for searching in self.open_searches:
            if searching.began_at + LONGEST_CALL <= self.now:
                self.look(searching, Sees.NOTHING)

    def _outcome(self, request: Request, how: Answers) -> Sent | NotNeeded | Exception:
        match how:
            case Answers.ARRIVED:
                return place_of(request.message)
            case Answers.ARRIVED_UNHEARD | Answers.ARRIVES_LATE | Answers.LOST:
                return Unknown("timeout")
            case Answers.RATE_LIMITED:
                until = self.now + timedelta(seconds=30)
                self.store.write_now(lambda session: pacing.pause(session, self.workspace, POST, until=until))
                return RateLimited("ratelimited", until=until, bucket=POST)
            case Answers.NOT_CONNECTED:
                return NotSent("not_connected")
            case Answers.UNREACHABLE:
                return Unreachable("user_disabled")
            case Answers.REFUSED:
                return Refused("invalid_blocks")
            case Answers.DISCONNECTED:
                return Disconnected("token_revoked")
            case Answers.NOT_NEEDED:
                return NotNeeded(reason=Reason.ALREADY_ANSWERED)
            case Answers.A_BUG:
                return KeyError("a bug")

    def _change_person(self, person: int, change: Callable[[Session, Person], Any]) -> None:
        self._outside("person", lambda session: change(session, session.get_one(Person, person)))

    def _outside(self, who: str, work: Callable[[Session], Any]) -> None:
        before = self._look()
        self.store.write_now(work)
        self._watch(who, before)
        self.ledger.all_kept()

    def _look(self) -> dict[int, Row]:
        return rows_of(self._driver)


def place_of(message: int) -> Sent:
    return Sent(conversation_id=f"C{message}", message_id=f"M{message}")


def _resolve(wait: Wait, outcome: Any) -> None:
    if isinstance(outcome, BaseException):
        wait.done.set_exception(outcome)
    else:
        wait.done.set_result(outcome)
