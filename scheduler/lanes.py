"""A lane is one workspace's sending: look at what is due, claim it, send it, settle it, at the platform's pace.

`await Lane(...).run()` sends until nothing is due and returns how many messages it settled. Any number of processes may
try; the lease lets one in. Killed at any moment, it leaves at most `in_flight` messages whose outcome is unknown, and
those are asked about.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from scheduler import buckets
from scheduler.buckets import POST, Limits
from scheduler.clock import Clock
from scheduler.generation import Generation
from scheduler.lease import LaneLost, Lease
from scheduler.outcomes import Outcome, log_outcome, settle
from scheduler.pauses import Pauses
from scheduler.ports import Call, Courier, NotNeeded, NotSent, Sent
from scheduler.posting import Posting
from scheduler.reconciling import ask_about
from scheduler.resting import rest, unless
from storage import pacing, putting_off, sending, unknown, work
from storage.database import Store
from storage.sending import Claimed, ClaimedByAnother, DueMessage
from storage.unknown import Lost

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class SendingRules:
    limits: Limits = field(default_factory=Limits)
    lease_seconds: float = 30
    """How long a lane is kept from others after its holder was last heard of."""
    reconcile_after_seconds: float = 60
    """How long after an attempt, and between two searches, the platform is asked what became of an unknown message."""
    retry_after_seconds: float = 5
    """Before a message that surely did not arrive is tried again; doubled with every attempt."""
    longest_retry_seconds: float = 300
    in_flight: int = 4
    """Messages on their way at once in one lane. 1: strictly one after the other, on the caller's task."""


class ChatNotFree(Exception):
    """The chat had a message a moment ago."""


@dataclass(kw_only=True)
class Lane:
    """One holder's way of sending for one workspace."""

    store: Store
    courier: Courier
    clock: Clock
    rules: SendingRules
    workspace_id: int
    holder: str
    """Who we are: unique for each process."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to stop after what is on its way."""
    generation: Generation | None = None
    """Asked before each message; None: nobody else brings this database to another schema."""
    _on_its_way: set["asyncio.Task[None]"] = field(default_factory=set)
    _search: "asyncio.Task[None] | None" = None
    """The latest, which may still be going on beside what is sent."""
    _settled: int = 0
    _failure: BaseException | None = None
    """What went wrong with the database and a message on its way: nothing more is sent."""
    _refused: int = 0
    """Of how many messages the database will not have what became of them: for as long nothing is claimed."""
    _is_left_to_others: bool = False
    """The database is another Knuff's by now."""

    def __post_init__(self) -> None:
        self._lease = Lease(
            store=self.store, clock=self.clock, workspace_id=self.workspace_id, holder=self.holder,
            seconds=self.rules.lease_seconds,
        )  # fmt: skip
        self._pauses = Pauses(clock=self.clock, wait_after=self._after)
        self._posting = Posting(
            store=self.store, clock=self.clock, limits=self.rules.limits, workspace_id=self.workspace_id,
            pauses=self._pauses,
        )  # fmt: skip

    async def run(self) -> int:
        """Send what is due in this workspace and ask about what is unknown. 0 when somebody else holds the lane."""
        left = await self._lease.take(reconcile_after_seconds=self.rules.reconcile_after_seconds)
        if left is None:
            return 0
        if left:
            log.warning("outcome_unknown_after_crash", workspace_id=self.workspace_id, messages=left)
        try:
            await self._work()
        except LaneLost:
            log.warning("lane_lost", workspace_id=self.workspace_id)
        finally:
            await self._all_arrived()
            await self._lease.give_back(wake=self.stopping.is_set())
        return self._settled

    async def _work(self) -> None:
        asked = set[tuple[int, datetime]]()
        while not await self._ends():
            due, lost = await self._next()
            if not due and (lost is None or lost.turn in asked):
                if await self._more_comes():
                    continue
                return  # whatever is to be asked about once more can wait for the next look
            for message in due:
                if await self._ends() or await self._waited_for_pause():
                    break  # what is due now is to be looked at anew
                await self._send_when_allowed(message)
                if lost is None or self._is_searching:
                    continue
                if lost.turn in asked:
                    _, lost = await self._next()
                if lost is not None and lost.turn not in asked and await self._searched(lost, beside=True):
                    asked.add(lost.turn)
            if due or lost is None:
                continue
            if await self._searched(lost):
                asked.add(lost.turn)
            else:
                await rest(self.clock, SEARCH_AGAIN_SECONDS, event=self.stopping)

    async def _ends(self) -> bool:
        """Whether nothing more is to be sent by us, now or later."""
        if self.generation is not None and not self._is_left_to_others:
            self._is_left_to_others = not await self.generation.is_ours(self.store)
        return self.stopping.is_set() or self._is_left_to_others

    async def _more_comes(self) -> bool:
        """Wait for the next message, if it is due so soon that giving the lane back is not worth while. Say whether."""
        next_at = await self.store.read(lambda session: work.next_in(session, self.workspace_id))
        if next_at is None or next_at > self.clock.now() + timedelta(seconds=LINGER_SECONDS):
            return False
        await self._wait_until(next_at)
        return True

    async def _searched(self, lost: Lost, *, beside: bool = False) -> bool:
        """Ask about one message, if a search may be made at once; `beside` what is due, if there may be anything beside
        anything. Say whether."""
        await self._lease.keep()
        searching = self.rules.limits.searching()
        if self._is_searching or not await buckets.take_if_free(
            self.store, self.workspace_id, searching, self.clock.now()
        ):
            return False
        asking = ask_about(self.store, self.courier, self.clock, lost, self.rules.reconcile_after_seconds)
        self._search = asyncio.create_task(unless(self.stopping, asking))  # whoever takes the lane next asks again
        if beside and self.rules.in_flight > 1:
            self._search.add_done_callback(self._arrived)
        else:
            await self._search
        return True

    @property
    def _is_searching(self) -> bool:
        return self._search is not None and not self._search.done()

    async def _next(self) -> tuple[list[DueMessage], Lost | None]:
        """Return what is due next, and the message that should be asked about."""
        due, lost, paused_until = await self.store.read(self._look)
        self._pauses.heard_of(paused_until)
        return due, lost

    def _look(self, session: Session) -> tuple[list[DueMessage], Lost | None, datetime | None]:
        now = self.clock.now()
        due = sending.due_messages(session, self.workspace_id, now, self._look_ahead)
        lost = unknown.next_to_ask_about(session, self.workspace_id, now)
        return due, lost, pacing.paused_until(session, self.workspace_id, POST, now)

    async def _waited_for_pause(self) -> bool:
        """Wait for the end of a pause, if there is one. Say whether there was."""
        await self._room()
        if (until := self._pauses.until) is None:
            return False
        await self._wait_until(until)
        return True

    @property
    def _look_ahead(self) -> int:
        """With a limit the next looks cost nothing, and a message that is suddenly due need not wait for the others."""
        return 50 if self.rules.limits.posts_per_minute is None else 5

    async def _send_when_allowed(self, message: DueMessage) -> None:
        await self._lease.keep()
        if (posting := self._posting.with_claim(message)) is not None:
            await self._start(self._claim_and_send(message, posting))
            return
        if (allowed_at := await self._posting.place(message)) is None:
            return
        await self._wait_until(allowed_at)
        await self._posting.hear_of_pause()
        if await self._ends() or self._holds_back:
            self._posting.has_spare = False
            if self.stopping.is_set():
                await self._posting.give_back(message, allowed_at)
            return
        ready = await self._ready(message)
        self._posting.has_spare = ready is None
        if ready is not None:
            await self._start(self._send(*ready))

    async def _start(self, sending: Coroutine[None, None, None]) -> None:
        """Let a message be on its way, beside others where that is allowed."""
        if self.rules.in_flight == 1:
            await sending
            return
        task = asyncio.create_task(sending)
        self._on_its_way.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: "asyncio.Task[None]") -> None:
        self._on_its_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failure = error

    async def _claim_and_send(self, message: DueMessage, posting: Mapping[str, float]) -> None:
        """Send at once. A chat that had a message a moment ago is left to the next look, which waits for it."""
        if self._holds_back:
            return
        try:
            ready = await self._ready(message, posting)
        except ChatNotFree:
            self._posting.not_free.add(message.delivery_id)
            return
        if ready is not None:
            await self._send(*ready)

    @property
    def _holds_back(self) -> bool:
        """Whether nothing is to be claimed just now."""
        return self._pauses.until is not None or self._refused > 0 or self._failure is not None

    async def _ready(
        self, message: DueMessage, posting: Mapping[str, float] | None = None
    ) -> tuple[Claimed, Call] | None:
        """Claim a message and write it. None when there is nothing left of it to send now, or somebody else has it.

        With `posting`, one call is reserved in these buckets with the claim. Raises ChatNotFree, having done nothing,
        when it would have to wait, and the database's own errors. A message that we can make no sense of is put off,
        and refused when it is too late: it must not stop what comes after it.
        """
        id = message.delivery_id
        try:
            return await self._claimed(id, posting or {})
        except ClaimedByAnother:
            return None
        except (ChatNotFree, SQLAlchemyError, MemoryError):  # not this message's own
            raise
        except Exception as error:  # one unit of work: a zone nobody knows, a row that a hand has changed, no file left
            await self._not_claimed(id, error=type(error).__name__)
            return None

    async def _not_claimed(self, delivery_id: int, *, error: str) -> None:
        now = self.clock.now()
        again_at = now + timedelta(seconds=self.rules.longest_retry_seconds)
        put_off = partial(putting_off.not_claimed, delivery_id=delivery_id, error=error, now=now, again_at=again_at)
        if await self.store.write(put_off):
            log.error("message_not_claimed", delivery_id=delivery_id, workspace_id=self.workspace_id, error=error)

    async def _claimed(self, delivery_id: int, posting: Mapping[str, float]) -> tuple[Claimed, Call] | None:
        now = self.clock.now()
        try:
            return await self.store.write(lambda session: self._claim(session, delivery_id, now, posting))
        except SQLAlchemyError:  # undone with the claim: what cannot be read must not stop what comes after it
            claimed = await self.store.write(lambda session: sending.claim(session, delivery_id, now))
            return (claimed, _unreadable) if claimed is not None else None

    def _claim(
        self, session: Session, delivery_id: int, now: datetime, posting: Mapping[str, float]
    ) -> tuple[Claimed, Call] | None:
        """Mark a message and write it, in one transaction: nothing is sent before it is committed."""
        claimed = sending.claim(session, delivery_id, now)
        if claimed is None:
            return None
        if posting and not pacing.take_if_free(session, self.workspace_id, posting, now):
            raise ChatNotFree  # which undoes the claim
        return claimed, self.courier.compose(session, claimed.delivery_id, now)

    async def _send(self, claimed: Claimed, call: Call) -> None:
        """One call to the platform, settled at once. Nothing is raised: each outcome has its place in the table."""
        pauses_so_far = self._pauses.so_far
        try:
            if self.clock.now() - claimed.started_at > timedelta(seconds=self.rules.lease_seconds):
                raise NotSent("held_up")  # we stood still for so long that somebody else may have seen to it
            outcome: Outcome = await call()
        except (
            Exception
        ) as error:  # one unit of work: whatever happened, this message must be settled and no other stopped
            outcome = error
        self._pauses.note(outcome, begun_after=pauses_so_far)
        if await self._written_down(claimed, outcome):
            log_outcome(claimed, outcome)
            if isinstance(outcome, Sent) and outcome.afterwards is not None:
                await outcome.afterwards()

    async def _written_down(self, claimed: Claimed, outcome: Outcome) -> bool:
        """Settle a message, for a lease long if the database will not have it at once: it is known what became of it,
        and the settlement is this attempt's alone, so that it may be repeated. Say whether it changed the row."""
        settlement = self._settlement(claimed, outcome)
        refused = log.bind(delivery_id=claimed.delivery_id, workspace_id=self.workspace_id)
        try:
            return await self._settle(settlement)
        except Exception as error:  # one unit of work, of which the platform's part is done
            refused.warning("settling_refused", error=type(error).__name__)
        self._refused += 1  # the next would fare no better
        try:
            return await self._settle_later(settlement)
        except Exception as error:  # it stays marked as sending: whoever takes the lane next asks what became of it
            refused.exception("settling_failed")
            self._failure = error
            return False
        finally:
            self._refused -= 1

    async def _settle_later(self, settlement: Callable[[Session], bool]) -> bool:
        """Try again until the database takes it. Raises its last refusal after a lease, or when we are to stop."""
        given_up_at = self.clock.now() + timedelta(seconds=self.rules.lease_seconds)
        while True:
            await rest(self.clock, SETTLE_AGAIN_SECONDS, event=self.stopping)
            try:
                return await self._settle(settlement)
            except Exception:  # as above
                if self.stopping.is_set() or self.clock.now() >= given_up_at:
                    raise

    async def _settle(self, settlement: Callable[[Session], bool]) -> bool:
        is_changed = await self.store.write(settlement)
        self._settled += 1
        return is_changed

    def _settlement(self, claimed: Claimed, outcome: Outcome) -> Callable[[Session], bool]:
        """Return the unit of work that writes down what became of a message."""
        now = self.clock.now()
        ask_at = now + timedelta(seconds=self.rules.reconcile_after_seconds)
        retry_at = now + self._after(claimed.attempts - 1)
        return lambda session: settle(session, claimed, outcome, now=now, ask_at=ask_at, retry_at=retry_at)

    def _after(self, earlier: int) -> timedelta:
        """Return how long to wait after so many vain tries before this one."""
        seconds = self.rules.retry_after_seconds * 2 ** min(earlier, 10)
        return timedelta(seconds=min(seconds, self.rules.longest_retry_seconds))

    async def _wait_until(self, moment: datetime) -> None:
        """Wait in steps, so that the lane stays ours and a stop is heard."""
        while not await self._ends() and (left := (moment - self.clock.now()).total_seconds()) > 0:
            await rest(self.clock, min(left, self.rules.lease_seconds / 3), event=self.stopping)
            await self._lease.keep()

    async def _room(self) -> None:
        """Wait until one more may be on its way, and until the database has what is known of the others. Raises what
        could not be claimed, or written down."""
        while self._refused or len(self._on_its_way) >= (1 if self._pauses.in_trouble else self.rules.in_flight):
            await asyncio.wait(
                self._on_its_way, timeout=self.rules.lease_seconds / 3, return_when=asyncio.FIRST_COMPLETED
            )
            if not self._refused:  # the lease would be refused too, and is not worth more than what is known
                await self._lease.keep()
        if self._failure is not None:
            raise self._failure

    async def _all_arrived(self) -> None:
        still = [*self._on_its_way, *([self._search] if self._search else [])]
        await asyncio.gather(*still, return_exceptions=True)


LINGER_SECONDS = 2.0
"""A lane that has nothing to send stays ours for so long if there will be more by then."""
SETTLE_AGAIN_SECONDS = 0.5
SEARCH_AGAIN_SECONDS = 0.25
"""With nothing to send: how soon it is looked whether the next search may be made."""


async def _unreadable() -> Sent | NotNeeded:
    raise NotSent("database")
