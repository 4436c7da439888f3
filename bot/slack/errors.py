"""Slack's errors as ours, by what the caller does next (classes: Slack's method reference, November 2026).

Most failures are HTTP 200 with `ok: false`. What is in no list surely did not arrive, and is ours to look at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from scheduler.clock import Clock
from scheduler.ports import (
    ChannelGone,
    DeliveryError,
    Disconnected,
    NotSent,
    RateLimited,
    Refused,
    Unknown,
    Unreachable,
)

UNREACHABLE = frozenset({
    "user_not_found", "user_disabled", "user_not_visible", "channel_not_found", "messages_tab_disabled", "is_archived",
    "not_in_channel", "restricted_action", "app_access_restricted", "team_access_not_granted", "ekm_access_denied",
    "cannot_dm_bot", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
})  # fmt: skip
RESTRICTED = "restricted_action"
"""How Slack's codes begin when somebody has set who may write there."""
DISCONNECTED = frozenset({
    "account_inactive", "invalid_auth", "token_revoked", "token_expired", "not_authed", "missing_scope",
    "no_permission",
    "org_login_required", "accesslimited", "not_allowed_token_type",
})  # fmt: skip
RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
LATER = {"message_limit_exceeded": timedelta(hours=1), "team_added_to_org": timedelta(minutes=10)}
AMBIGUOUS = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
LEAST_WAIT = timedelta(seconds=1)
NO_ANSWER = (SlackClientError, ClientError, OSError, TimeoutError, AttributeError, ValueError, TypeError, KeyError)
"""What is raised when Slack refuses or does not answer; the last four by calling, or by reading the answer, when
something between us answers 200 with words of its own: the SDK takes them for Slack's, or cannot decode them."""


@contextmanager
def ours(*, method: str, clock: Clock) -> Iterator[None]:
    """Raise our error, chained, for whatever the SDK raises inside, where the answer is read too. A wait counts from
    when we were told."""
    try:
        yield
    except SlackApiError as error:
        raise _refusal(error, method=method, now=clock.now()) from error
    except ClientConnectorError as error:  # nobody took the call
        raise RateLimited("not_connected", until=clock.now() + LEAST_WAIT * 5, bucket=method) from error
    except NO_ANSWER as error:
        raise Unknown(type(error).__name__) from error


def of_channel(error: Unreachable) -> NotSent:
    """Return what it means of a channel: that it is gone or closed to us. Who may write in it can be set back, and is
    for an operator to see to."""
    return (Refused if str(error).startswith(RESTRICTED) else ChannelGone)(*error.args)


def code_of(error: SlackApiError) -> str:
    """Return Slack's code for the error, or the HTTP status ("http_502") when there is none."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return str(code or f"http_{getattr(error.response, 'status_code', 0)}")


def cause_of(error: Exception) -> str:
    """Return Slack's code, or what kind of error it is when Slack said nothing."""
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__


def _refusal(error: SlackApiError, *, method: str, now: datetime) -> DeliveryError:
    code, status = code_of(error), getattr(error.response, "status_code", 0)
    if status == 429 or code in RATE_LIMITED:
        return RateLimited("rate_limited", until=now + _retry_after(error), bucket=method)
    if code in LATER:
        return RateLimited(code, until=now + LATER[code], bucket=method)
    if code in UNREACHABLE or code.startswith(RESTRICTED):
        return Unreachable(code)
    if code in DISCONNECTED:
        return Disconnected(code)
    if code in AMBIGUOUS or status >= 500 or code.startswith("http_"):
        return Unknown(code)
    return Refused(code)


def _retry_after(error: SlackApiError) -> timedelta:
    headers = {name.lower(): value for name, value in dict(getattr(error.response, "headers", {}) or {}).items()}
    try:
        return max(LEAST_WAIT, timedelta(seconds=float(headers.get("retry-after", 1))))
    except ValueError:
        return LEAST_WAIT
