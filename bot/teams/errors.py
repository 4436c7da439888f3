"""What the connector answers as our errors, by what the caller does next (Microsoft's status codes, November 2026).

What it refuses surely did not arrive. What it does not clearly answer may have, and Teams can't be asked.
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError
from msrest.exceptions import ClientException

from bot.latest import Latest
from bot.teams.credentials import NoToken, TokenRefused
from scheduler.buckets import POST
from scheduler.clock import Clock
from scheduler.ports import DeliveryError, Disconnected, NotSent, RateLimited, Refused, Unknown, Unreachable
from storage.pacing import IN_CHANNEL

NO_SUCH_CHAT = "ConversationNotFound"
DISCONNECTED = frozenset({"BotNotRegistered", "InvalidBotApiHost"})
TOKENS_IN_VAIN = "tokens_not_accepted"
"""Entra gives us tokens, and the connector takes none of them."""
LEAST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MOST_WAITING = 1000
"""Of so many chats we know how often in a row they were told to wait."""
LONGEST_TOLD = timedelta(minutes=5)
TOGETHER = timedelta(seconds=5)
"""Two chats told within this that it is too much: then it is too much in the tenant."""
NOT_CONNECTED_WAIT = timedelta(seconds=5)
NO_ANSWER = (TimeoutError, ClientError, ClientException, OSError, ValueError, AttributeError, TypeError, RecursionError)
"""What is raised when nothing answers; the last four when something between us answers 200 with words of its own,
which botbuilder takes for the connector's."""
NOT_ACCEPTED = "401"
"""The bucket of a call whose token was not accepted: nobody else waits for that."""
_SUB_CODE = re.compile(r'"subCode"\s*:\s*"(\w+)"')
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


class Declined(Exception):
    """The connector answered, and did not do it. The code is its own, or the status ("http_502") when it says none."""

    def __init__(self, status: int, code: str, retry_after: str | None) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.retry_after = retry_after


class TokenNotAccepted(NotSent):
    """The connector does not accept our token, which another one may mend."""


class Waits:
    """How long to wait where Teams does not say: longer with each time in a row, and not for everybody alike."""

    def __init__(self) -> None:
        self._times: Latest[str, int] = Latest(most=MOST_WAITING)
        self._throttled: tuple[str, datetime] | None = None

    def next(self, bucket: str) -> timedelta:
        times = self._times[bucket] = self._times.get(bucket, 0) + 1
        seconds = LEAST_WAIT.total_seconds() * 2 ** min(times - 1, 10)
        return min(LONGEST_WAIT, timedelta(seconds=seconds * random.uniform(1.0, 1.5)))  # noqa: S311 - not a secret

    def throttled(self, posting_in: str | None, now: datetime) -> str:
        """Return the bucket that a 429 is about. Teams does not say; of a post it is the chat's own, unless another
        chat was told the same a moment ago."""
        before, self._throttled = self._throttled, (posting_in, now) if posting_in else None
        is_alone = before is None or before[0] == posting_in or now - before[1] >= TOGETHER
        return bucket_of(posting_in if is_alone else None)

    def over(self, *buckets: str) -> None:
        """A call went through: the next wait is a short one again."""
        for bucket in buckets:
            self._times.pop(bucket, None)


def bucket_of(conversation: str | None) -> str:
    """Return the bucket of the posts in one conversation, named as the lane names it."""
    return f"{POST}{IN_CHANNEL}{conversation}" if conversation else POST


@contextmanager
def ours(*, conversation: str | None, is_post: bool, clock: Clock, waits: Waits) -> Iterator[None]:
    """Raise our error, chained, for whatever the call inside raises. A wait counts from when we were told."""
    try:
        yield
    except Declined as declined:
        raise _refusal(declined, conversation, is_post=is_post, now=clock.now(), waits=waits) from declined
    except TokenRefused as refused:
        raise Disconnected(str(refused)) from refused
    except NoToken as error:  # nobody was called
        raise RateLimited("no_token", until=clock.now() + NOT_CONNECTED_WAIT, bucket=POST) from error
    except (ClientConnectorError, ConnectionTimeoutError) as error:  # nobody took the call
        raise RateLimited("not_connected", until=clock.now() + NOT_CONNECTED_WAIT, bucket=POST) from error
    except NO_ANSWER as error:
        raise Unknown(type(error).__name__) from error
    waits.over(POST, NOT_ACCEPTED, bucket_of(conversation))


def code_in(body: object, status: int) -> str:
    """Return the code in an error's body; the status instead where there is none that looks like one. Some refusals to
    write in a chat bear it as `subCode` in a text."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(body, dict) and (found := _SUB_CODE.search(str(body.get("message", "")))):
        code = found[1]
    return code if isinstance(code, str) and _CODE.fullmatch(code) else _no_code(status)


def _no_code(status: int) -> str:
    return f"http_{status}"


def _refusal(
    declined: Declined, conversation: str | None, *, is_post: bool, now: datetime, waits: Waits
) -> DeliveryError:
    code = declined.code
    if code in DISCONNECTED:
        return Disconnected(code)
    match declined.status:
        case 429:
            bucket = waits.throttled(conversation if is_post else None, now)
            wait = _told(declined.retry_after) or waits.next(bucket)
            return RateLimited("rate_limited", until=now + wait, bucket=bucket)
        case 412:  # something else is being done in that conversation, and in no other
            bucket = bucket_of(conversation)
            wait = _told(declined.retry_after) or waits.next(bucket)
            return RateLimited("precondition_failed", until=now + wait, bucket=bucket)
        case 401:
            return TokenNotAccepted(code)
        case status if code == _no_code(status) and 400 <= status < 500 and status != 408:
            return NotSent(code)  # no word of Teams' own: something between us said it
        case 403:  # a chat is closed to us in more ways than are documented
            return Unreachable(code)
        case 404 if code == NO_SUCH_CHAT:
            return Unreachable(code)
        case status if 400 <= status < 500 and status != 408:
            return Refused(code)
        case _:
            return Unknown(code)


def _told(retry_after: str | None) -> timedelta | None:
    """Return the wait the connector asks for, between a second and five minutes; None when it names none."""
    try:
        return min(LONGEST_TOLD, max(LEAST_WAIT, timedelta(seconds=float(retry_after or ""))))
    except (ValueError, OverflowError):
        return None
