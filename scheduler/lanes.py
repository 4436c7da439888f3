"""A lane is one workspace's sending: look at what is due, claim it, send it, settle it, at the platform's pace.

`await Lane(...).run()` sends until nothing is due and returns how many messages it settled. Any number of processes may
try; the lease lets one in. Killed at any moment, it leaves at most `in_flight` messages whose outcome is unknown, and
those are asked about.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from scheduler import buckets
from scheduler.buckets import POST, Limits
from scheduler.clock import Clock
from scheduler.ports import (
    Courier,
    DeliveryError,
    Disconnected,
    NotNeeded,
    NotSent,
    RateLimited,
    Refused,
    Sent,
    Unknown,
    Unreachable,
)
from scheduler.reconciling import ask_about
from storage import leases, pacing, sending, settling, unknown
from storage.database import Store
from storage.sending import Claimed, ClaimedByAnother, DueMessage
from storage.tables.deliveries import Reason

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


class LaneLost(Exception):
    """Somebody else took the lane: stop at once, the marks on each message keep everything right."""


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
    _held_until: datetime | None = None
    _on_its_way: set["asyncio.Task[None]"] = field(default_factory=set)
    _settled: int = 0
    _has_spare_post: bool = False
    """A reserved post that was not needed after all: the next message uses it."""

    async def run(self) -> int:
        """Send what is due in this workspace and ask about what is unknown. 0 when somebody else holds the lane."""
        if not await self.store.write(self._acquire):
            return 0
        self._held_until = self._lease_ends()
        try:
            await self._work()
        except LaneLost:
            log.warning("lane_lost", workspace_id=self.workspace_id)
        finally:
            await self._all_arrived()
            await self.store.write(lambda session: leases.release(session, self.workspace_id, self.holder))
        return self._settled

    async def _work(self) -> None:
        now = self.clock.now()
        ask_at = now + timedelta(seconds=self.rules.reconcile_after_seconds)
        left = await self.store.write(
            lambda session: unknown.take_over(session, self.workspace_id, ask_at=ask_at, now=now)
        )
        if left:
            log.warning("outcome_unknown_after_crash", workspace_id=self.workspace_id, messages=left)
        asked = set[int]()
        while not self.stopping.is_set():
            due, lost = await self.store.read(self._look)
            if not due and (lost is None or lost.delivery_id in asked):
                return  # whatever is to be asked about once more can wait for the next tick
            for message in due:
                if self.stopping.is_set():
                    return
                await self._send_when_allowed(message)
                if lost is not None and await self._searched(lost):
                    asked.add(lost.delivery_id)
                    _, lost = await self.store.read(self._look)
            if due or lost is None:
                continue
            if await self._searched(lost):
                asked.add(lost.delivery_id)
            else:
                await self.clock.sleep(SEARCH_AGAIN_SECONDS)

    async def _searched(self, lost: Claimed) -> bool:
        """Ask about one message, if a search may be made at once: what is due does not wait for it. Say whether."""
        await self._keep()
        searching = self.rules.limits.searching()
        if not await buckets.take_if_free(self.store, self.workspace_id, searching, self.clock.now()):
            return False
        await ask_about(self.store, self.courier, self.clock, lost, self.rules.reconcile_after_seconds)
        return True

    def _look(self, session: Session) -> tuple[list[DueMessage], Claimed | None]:
        """Return what is due next, and the message that should be asked about."""
        now = self.clock.now()
        due = sending.due_messages(session, self.workspace_id, now, self._look_ahead)
        return due, unknown.next_to_ask_about(session, self.workspace_id, now)

    @property
    def _look_ahead(self) -> int:
        """With a limit the next looks cost nothing, and a message that is suddenly due need not wait for the others."""
        return 50 if self.rules.limits.posts_per_minute is None else 5

    async def _send_when_allowed(self, message: DueMessage) -> None:
        await self._keep()
        await self._room()
        posting = dict(self.rules.limits.posting(message.conversation_id))
        if self._has_spare_post:
            posting.pop(POST, None)
        await self._wait_until(await buckets.take(self.store, self.workspace_id, posting, self.clock.now()))
        if self.stopping.is_set():
            return
        now = self.clock.now()
        try:
            claimed = await self.store.write(lambda session: sending.claim(session, message.delivery_id, now))
        except ClaimedByAnother:
            claimed = None
        self._has_spare_post = claimed is None
        if claimed is None:
            return
        if self.rules.in_flight == 1:
            await self._send(claimed)
        else:
            task = asyncio.create_task(self._send(claimed))
            self._on_its_way.add(task)
            task.add_done_callback(self._on_its_way.discard)

    async def _send(self, claimed: Claimed) -> None:
        """One call to the platform, settled at once. Nothing is raised: each outcome has its place in the table."""
        try:
            outcome: Sent | NotNeeded | Exception = await self.courier.deliver(claimed.delivery_id, claimed.started_at)
        except (
            Exception
        ) as error:  # one unit of work: whatever happened, this message must be settled and no other stopped
            outcome = error
        try:
            await self.store.write(self._settlement(claimed, outcome))
            self._settled += 1
        except Exception:  # the message stays marked as sending: whoever takes the lane next asks what became of it
            log.exception("settling_failed", delivery_id=claimed.delivery_id)

    def _settlement(self, claimed: Claimed, outcome: Sent | NotNeeded | Exception) -> Callable[[Session], None]:
        """Return the unit of work that writes down what became of a message."""
        now = self.clock.now()
        error = _error_class(outcome) if isinstance(outcome, Exception) else None

        def settle(session: Session) -> None:
            noted = "not_sent"
            match outcome:
                case Sent(conversation_id=conversation_id, message_id=message_id):
                    noted = "sent"
                    settling.settle_sent(
                        session, claimed, conversation_id=conversation_id, message_id=message_id, now=now
                    )
                case NotNeeded(reason=reason):
                    settling.settle_not_needed(session, claimed, reason, now)
                    return  # nothing was called
                case RateLimited(until=until, bucket=bucket):
                    pacing.pause(session, self.workspace_id, bucket, until=until)
                    settling.put_back(session, claimed, try_at=until, error=error or "")
                case Unreachable():
                    settling.settle_explained(session, claimed, Reason.NOT_REACHABLE, error=error)
                    settling.person_unreachable(session, claimed.person_id, reason=error or "", now=now)
                case Disconnected():
                    settling.workspace_disconnected(session, self.workspace_id, reason=error or "", now=now)
                    settling.put_back(session, claimed, try_at=now, error=error or "")
                case Refused():
                    settling.settle_explained(session, claimed, Reason.REFUSED, error=error)
                case NotSent():
                    settling.put_back(session, claimed, try_at=now + self._retry_after(claimed), error=error or "")
                case _:
                    noted = "unknown"
                    ask_at = now + timedelta(seconds=self.rules.reconcile_after_seconds)
                    settling.settle_unknown(session, claimed, ask_at=ask_at, error=error or "")
            settling.note_attempt(session, claimed, ended_at=now, outcome=noted, error=error)

        self._log(claimed, outcome, error)
        return settle

    def _log(self, claimed: Claimed, outcome: object, error: str | None) -> None:
        line = log.bind(delivery_id=claimed.delivery_id, workspace_id=self.workspace_id, attempt=claimed.attempts)
        match outcome:
            case Sent():
                line.info("message_sent")
            case NotNeeded():
                line.info("message_not_needed")
            case Disconnected():
                line.error("workspace_disconnected", error=error)
            case Refused():
                line.error("message_refused", error=error)
            case Unknown():
                line.warning("message_unknown", error=error)
            case DeliveryError():
                line.warning("message_not_sent", error=error)
            case Exception():
                line.error("courier_failed", error=error, exc_info=outcome)
            case _:
                raise TypeError(f"a courier returned {outcome!r}")

    def _retry_after(self, claimed: Claimed) -> timedelta:
        seconds = self.rules.retry_after_seconds * 2 ** min(claimed.attempts - 1, 10)
        return timedelta(seconds=min(seconds, self.rules.longest_retry_seconds))

    async def _wait_until(self, moment: datetime) -> None:
        """Wait in steps, so that the lane stays ours and a stop is heard."""
        while not self.stopping.is_set() and (left := (moment - self.clock.now()).total_seconds()) > 0:
            await self.clock.sleep(min(left, self.rules.lease_seconds / 3, LONGEST_DEAF_SECONDS))
            await self._keep()

    async def _keep(self) -> None:
        """Renew the lease when a third of it has passed. Raises LaneLost."""
        now = self.clock.now()
        third = timedelta(seconds=self.rules.lease_seconds / 3)
        if self._held_until is not None and now + 2 * third < self._held_until:
            return
        seconds = self.rules.lease_seconds
        if not await self.store.write(
            lambda session: leases.renew(session, self.workspace_id, self.holder, now=now, seconds=seconds)
        ):
            raise LaneLost(self.workspace_id)
        self._held_until = now + timedelta(seconds=seconds)

    async def _room(self) -> None:
        """Wait until fewer than `in_flight` messages are on their way."""
        while len(self._on_its_way) >= self.rules.in_flight:
            await asyncio.wait(
                self._on_its_way, timeout=self.rules.lease_seconds / 3, return_when=asyncio.FIRST_COMPLETED
            )
            await self._keep()

    async def _all_arrived(self) -> None:
        if self._on_its_way:
            await asyncio.gather(*self._on_its_way, return_exceptions=True)

    def _acquire(self, session: Session) -> bool:
        return leases.acquire(
            session, self.workspace_id, self.holder, now=self.clock.now(), seconds=self.rules.lease_seconds
        )

    def _lease_ends(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.rules.lease_seconds)


LONGEST_DEAF_SECONDS = 1.0
SEARCH_AGAIN_SECONDS = 0.25
"""With nothing to send: how soon it is looked whether the next search may be made."""


def _error_class(error: Exception) -> str:
    """A short class for operators: the platform's own word for it when there is one, never a text or a name."""
    if isinstance(error, DeliveryError) and error.args:
        return str(error.args[0])[:80]
    return type(error).__name__
