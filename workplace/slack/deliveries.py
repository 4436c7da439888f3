"""Getting payloads to the bot: by socket when one is open, else by HTTP; events again when not acknowledged."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from workplace.answers import Answer
from workplace.mishaps import Errand, Mishaps
from workplace.shapes import Json
from workplace.slack import payloads
from workplace.slack.socket_mode import SocketMode
from workplace.slack.transport import EnvelopeType, Retry, Transport
from workplace.slack.workspace import Workspace

# Slack: almost at once, after a minute, after five.
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)
REMEMBERED = 2000
# As Slack counts when the acknowledgement got lost on the way.
LATE = Retry(number=1, reason="http_timeout")


@dataclass(slots=True)
class Deliveries:
    workspace: Workspace
    mishaps: Mishaps
    http: Transport
    socket: SocketMode
    retry_after_seconds: tuple[float, ...] = RETRY_AFTER_SECONDS
    own_messages: bool = True
    lines: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def event(self, event: Json) -> asyncio.Task[Answer]:
        """Start delivering an event; the task ends with the first attempt's answer. Retries go on by themselves."""
        payload = payloads.event_callback(self.workspace, event)
        name = f"event.{event['type']}"
        return self.mishaps.send(
            Errand(
                name=name,
                go=lambda: self._first_attempt(name, payload),
                again=lambda: self._attempt(name, "events_api", payload),
                later=lambda: self._attempt(name, "events_api", payload, retry=LATE),
                lose=lambda: self._lose(name, payload),
            )
        )

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
        await self.mishaps.stop()

    async def _act(self, name: str, kind: EnvelopeType, payload: Json) -> Answer:
        async def attempt() -> Answer:
            return await self._attempt(name, kind, payload)

        return await self.mishaps.ask(
            Errand(name=name, go=attempt, again=attempt, later=attempt, lose=lambda: self._lose(name, payload))
        )

    async def _first_attempt(self, name: str, payload: Json) -> Answer:
        answer = await self._attempt(name, "events_api", payload)
        if not answer.acknowledged and not answer.no_retry:
            self.mishaps.in_background(self._retry(name, payload, answer))
        return answer

    async def _retry(self, name: str, payload: Json, answer: Answer) -> Answer:
        for number, seconds in enumerate(self.retry_after_seconds, start=1):
            await asyncio.sleep(seconds)
            retry = Retry(number=number, reason=answer.reason or "unknown_error")
            answer = await self._attempt(name, "events_api", payload, retry=retry)
            if answer.acknowledged or answer.no_retry:
                break
        return answer

    async def _attempt(self, name: str, kind: EnvelopeType, payload: Json, *, retry: Retry | None = None) -> Answer:
        if not self.workspace.installed:
            return Answer(reason=None)
        transport: Transport = self.socket if self.socket.is_open else self.http
        answer = await transport.send(kind, payload, retry=retry)
        return self._note(name, answer, payload, retry=retry)

    def _lose(self, name: str, payload: Json) -> Answer:
        return self._note(name, Answer(reason="connection_failed"), payload, retry=None)

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
