"""Getting activities to the bot, each with a fresh token, and what became of them. Teams repeats nothing."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from workplace.answers import Answer
from workplace.mishaps import Errand, Mishaps
from workplace.shapes import Json
from workplace.teams.keys import Keys, claims
from workplace.teams.tenant import Tenant
from workplace.teams.transport import BotHttp

REMEMBERED = 2000


@dataclass(slots=True)
class Deliveries:
    tenant: Tenant
    mishaps: Mishaps
    http: BotHttp
    keys: Keys
    lines: deque[Json] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def tell(self, activity: Json) -> asyncio.Task[Answer]:
        """Start delivering what Teams tells the bot; the task ends with the bot's answer."""
        return self.mishaps.send(self._errand(activity["type"], activity))

    async def ask(self, activity: Json) -> Answer:
        """Deliver an invoke and return the bot's answer."""
        return await self.mishaps.ask(self._errand(f"invoke {activity['name']}", activity))

    async def stop(self) -> None:
        await self.mishaps.stop()

    def _errand(self, name: str, activity: Json) -> Errand:
        async def attempt() -> Answer:
            return self._note(name, activity, await self.http.post(activity, authorization=self._token(activity)))

        def lose() -> Answer:
            return self._note(name, activity, Answer(reason="connection_failed"))

        return Errand(name=name, go=attempt, again=attempt, later=attempt, lose=lose)

    def _token(self, activity: Json) -> str:
        now = self.tenant.clock.seconds()
        said = claims(app_id=self.tenant.app_id, service_url=activity["serviceUrl"], now=now)
        return f"Bearer {self.keys.teams.sign(said)}"

    def _note(self, name: str, activity: Json, answer: Answer) -> Answer:
        self.lines.append(
            {
                "at": self.tenant.clock.now().isoformat(timespec="milliseconds"),
                "name": name,
                "id": activity["id"],
                "person": activity["from"]["aadObjectId"],
                "acknowledged": answer.acknowledged,
                "status": answer.status,
                "reason": answer.reason,
            }
        )
        return answer
