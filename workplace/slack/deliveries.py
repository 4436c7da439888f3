"""Getting payloads to the bot: by socket when one is open, else by HTTP; events again when not acknowledged."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from workplace.slack import payloads
from workplace.slack.faults import DELIVERIES, FaultRule, Faults
from workplace.slack.shapes import Json
from workplace.slack.socket_mode import SocketMode
from workplace.slack.transport import Answer, EnvelopeType, Retry, Transport
from workplace.slack.workspace import Workspace

# Slack: almost at once, after a minute, after five.
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)
REMEMBERED = 2000


@dataclass(slots=True)
class Deliveries:
    workspace: Workspace
    faults: Faults
    http: Transport
    socket: SocketMode
    retry_after_seconds: tuple[float, ...] = RETRY_AFTER_SECONDS
    own_messages: bool = True
    lines: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _running: set[asyncio.Task[Answer]] = field(default_factory=set)
    _held_back: asyncio.Event | None = None

    def event(self, event: Json) -> asyncio.Task[Answer]:
        """Start delivering an event; the task ends with the first attempt's answer. Retries go on by themselves."""
        payload = payloads.event_callback(self.workspace, event)
        name = f"event.{event['type']}"
        rule = self.faults.strike(name, among=DELIVERIES)
        return self._in_background(self._misdeliver(name, payload, rule))

    def own_event(self, event: Json) -> None:
        """Tell the bot of its own message, as Slack does."""
        if self.own_messages:
            self.event(event)

    async def interaction(self, payload: Json) -> Answer:
        """Deliver something a person did, once: Slack does not retry these."""
        return await self._act(f"interaction.{payload['type']}", "interactive", payload)

    async def command(self, payload: Json) -> Answer:
        return await self._act("command", "slash_commands", payload)

    async def stop(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _act(self, name: str, kind: EnvelopeType, payload: Json) -> Answer:
        rule = self.faults.strike(name, among=DELIVERIES)
        if rule and rule.kind == "delay":
            await asyncio.sleep(rule.seconds)
        if rule and rule.kind == "lose":
            return self._note(name, Answer(reason="connection_failed"), payload, retry=None)
        answer = await self._attempt(name, kind, payload)
        if rule and rule.kind == "duplicate":
            await self._attempt(name, kind, payload)
        return answer

    async def _misdeliver(self, name: str, payload: Json, rule: FaultRule | None) -> Answer:
        kind = rule.kind if rule else None
        if rule and kind == "lose":
            return self._note(name, Answer(reason="connection_failed"), payload, retry=None)
        if rule and kind == "delay":
            await asyncio.sleep(rule.seconds)
        if rule and kind == "reorder":
            await self._wait_for_the_next(rule.seconds)
        answer = await self._first_attempt(name, payload)
        self._let_go()
        if kind == "duplicate":
            await self._attempt(name, "events_api", payload)
        if rule and kind == "late":
            self._in_background(self._again_later(name, payload, rule.seconds))
        return answer

    async def _wait_for_the_next(self, longest_seconds: float) -> None:
        """Hold this event back until another one has been delivered, or for so long."""
        self._let_go()
        self._held_back = held = asyncio.Event()
        try:
            await asyncio.wait_for(held.wait(), longest_seconds)
        except TimeoutError:
            return

    def _let_go(self) -> None:
        if self._held_back:
            self._held_back.set()
            self._held_back = None

    async def _first_attempt(self, name: str, payload: Json) -> Answer:
        answer = await self._attempt(name, "events_api", payload)
        if not answer.acknowledged and not answer.no_retry:
            self._in_background(self._retry(name, payload, answer))
        return answer

    async def _retry(self, name: str, payload: Json, answer: Answer) -> Answer:
        for number, seconds in enumerate(self.retry_after_seconds, start=1):
            await asyncio.sleep(seconds)
            retry = Retry(number=number, reason=answer.reason or "unknown_error")
            answer = await self._attempt(name, "events_api", payload, retry=retry)
            if answer.acknowledged or answer.no_retry:
                break
        return answer

    async def _again_later(self, name: str, payload: Json, seconds: float) -> Answer:
        """Send an acknowledged event once more, as Slack does when the acknowledgement got lost on the way."""
        await asyncio.sleep(seconds)
        return await self._attempt(name, "events_api", payload, retry=Retry(number=1, reason="http_timeout"))

    async def _attempt(self, name: str, kind: EnvelopeType, payload: Json, *, retry: Retry | None = None) -> Answer:
        if not self.workspace.installed:
            return Answer(reason=None)
        transport: Transport = self.socket if self.socket.is_open else self.http
        answer = await transport.send(kind, payload, retry=retry)
        return self._note(name, answer, payload, retry=retry)

    def _note(self, name: str, answer: Answer, payload: Json, *, retry: Retry | None) -> Answer:
        self.lines.append(
            {
                "at": self.workspace.now().isoformat(timespec="milliseconds"),
                "name": name,
                "event_id": payload.get("event_id"),
                "retry": retry.number if retry else 0,
                "acknowledged": answer.acknowledged,
                "status": answer.status,
                "reason": answer.reason,
            }
        )
        return answer

    def _in_background(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task
