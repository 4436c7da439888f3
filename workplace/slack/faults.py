"""What can go wrong with a call of Slack's Web API."""

from typing import Literal, get_args

from workplace.faults import DeliveryKind, Rule

CallKind = Literal[
    "ratelimit",
    "error",
    "error500",
    "error500_after_accept",
    "internal_error",
    "internal_error_after_accept",
    "drop_before",
    "drop_after_accept",
    "slow",
    "slow_after_accept",
    "non_json",
    "non_json_after_accept",
]
CALLS = frozenset(get_args(CallKind))


class FaultRule(Rule):
    kind: CallKind | DeliveryKind
    error: str = "fatal_error"
