"""Misbehaviour on request: rules that make calls and deliveries go wrong, repeatably."""

import random
from collections import Counter
from fnmatch import fnmatchcase
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

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
DeliveryKind = Literal["duplicate", "reorder", "delay", "late", "lose"]
CALLS = frozenset(get_args(CallKind))
DELIVERIES = frozenset(get_args(DeliveryKind))


class FaultRule(BaseModel):
    """`method` is a pattern: "chat.*", "event.message", "block_actions", "*". It fires on the `nth` matching call,
    or by `probability`, and at most `count` times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str = "*"
    kind: CallKind | DeliveryKind
    probability: float = Field(default=1.0, ge=0, le=1)
    nth: int | None = Field(default=None, ge=1)
    count: int | None = Field(default=None, ge=1)
    seconds: float = Field(default=1.0, ge=0)
    error: str = "fatal_error"

    @property
    def after_accept(self) -> bool:
        return self.kind.endswith("_after_accept")


class Faults:
    """The same rules, seed and order of calls give the same faults."""

    def __init__(self, *, seed: int = 1) -> None:
        self.fired: Counter[str] = Counter()
        self.rules: tuple[FaultRule, ...] = ()
        self._chance = random.Random(seed)
        self._seen: Counter[int] = Counter()
        self._used: Counter[int] = Counter()

    def change(self, rules: tuple[FaultRule, ...], *, seed: int) -> None:
        """Replace every rule; counting begins anew, `fired` goes on."""
        self.rules = rules
        self._chance = random.Random(seed)
        self._seen.clear()
        self._used.clear()

    def strike(self, name: str, *, among: frozenset[str]) -> FaultRule | None:
        """Return the first rule that fires for this call or delivery; `among` is CALLS or DELIVERIES."""
        struck = None
        for index, rule in enumerate(self.rules):
            if rule.kind not in among or not fnmatchcase(name, rule.method):
                continue
            self._seen[index] += 1
            if struck is None and self._fires(index, rule):
                self._used[index] += 1
                self.fired[f"{name} {rule.kind}"] += 1
                struck = rule
        return struck

    def _fires(self, index: int, rule: FaultRule) -> bool:
        if rule.count is not None and self._used[index] >= rule.count:
            return False
        if rule.nth is not None:
            return self._seen[index] == rule.nth
        return rule.probability >= 1 or self._chance.random() < rule.probability
