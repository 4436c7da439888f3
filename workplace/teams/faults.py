"""What can go wrong with calls of the connector, with tokens and with keys."""

from typing import Literal, get_args

from pydantic import Field

from workplace.faults import DeliveryKind, Rule

CallKind = Literal[
    "ratelimit",
    "precondition",
    "error",
    "error500",
    "error500_after_accept",
    "error502",
    "error502_after_accept",
    "error503",
    "error503_after_accept",
    "error504",
    "error504_after_accept",
    "expired_token",
    "drop_before",
    "drop_after_accept",
    "slow",
    "slow_after_accept",
    "non_json",
    "non_json_after_accept",
]
TokenKind = Literal["token_error500", "token_slow", "token_refused"]
KeyKind = Literal["keys_error500", "keys_slow"]
CALLS = frozenset(get_args(CallKind))
TOKENS = frozenset(get_args(TokenKind))
KEYS = frozenset(get_args(KeyKind))


class FaultRule(Rule):
    """`status` and `error` are those of the kind `error`."""

    kind: CallKind | TokenKind | KeyKind | DeliveryKind
    status: int = Field(default=403, ge=400, le=599)
    error: str = "ServiceError"
