"""Short-lived things Slack hands a bot: trigger ids and response URLs."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from workplace.slack.refusals import Refused

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_URL_LIFE = timedelta(minutes=30)
RESPONSE_URL_USES = 5


@dataclass(slots=True)
class _Trigger:
    person_id: str
    expires_at: datetime
    spent: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an answer goes: the message that was pressed (`ts`), or only the channel."""

    person_id: str
    channel_id: str
    ts: str | None
    expires_at: datetime
    uses_left: int = RESPONSE_URL_USES


class Handles:
    def __init__(self) -> None:
        self._triggers: dict[str, _Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}
        self._tickets: set[str] = set()

    def trigger_for(self, person_id: str, *, now: datetime) -> str:
        """Return a trigger id that lives three seconds and opens one view."""
        trigger_id = f"{int(now.timestamp() * 1000)}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = _Trigger(person_id=person_id, expires_at=now + TRIGGER_LIFE)
        return trigger_id

    def exchange(self, trigger_id: str, *, now: datetime) -> str:
        """Return whose trigger this is and spend it; Refused when it is unknown, spent or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.spent:
            raise Refused("exchanged_trigger_id")
        if now > trigger.expires_at:
            raise Refused("expired_trigger_id")
        trigger.spent = True
        return trigger.person_id

    def response_url_for(self, person_id: str, *, channel_id: str, ts: str | None, now: datetime) -> str:
        key = secrets.token_urlsafe(18)
        self._response_urls[key] = ResponseUrl(
            person_id=person_id, channel_id=channel_id, ts=ts, expires_at=now + RESPONSE_URL_LIFE
        )
        return key

    def use_response_url(self, key: str, *, now: datetime) -> ResponseUrl:
        """Return where the answer goes; Refused after five uses or thirty minutes."""
        url = self._response_urls.get(key)
        if url is None or now > url.expires_at:
            raise Refused("expired_url")
        if url.uses_left == 0:
            raise Refused("used_url")
        url.uses_left -= 1
        return url

    def new_ticket(self) -> str:
        """Return a ticket that opens one socket."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    def spend_ticket(self, ticket: str) -> bool:
        """Return whether the ticket was good; it is not good twice."""
        if ticket not in self._tickets:
            return False
        self._tickets.remove(ticket)
        return True
