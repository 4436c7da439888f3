"""Misbehaviour on request: rules that make calls and deliveries go wrong, repeatably. The kinds of calls that go wrong
are each platform's own; deliveries to the bot go wrong alike."""

import random
from collections import Counter
from fnmatch import fnmatchcase
from typing import Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field

DeliveryKind = Literal["duplicate", "reorder", "delay", "late", "lose"]
DELIVERIES = frozenset(get_args(DeliveryKind))


class Rule(BaseModel):
    """`method` is a pattern: "chat.*", "POST *", "event.message", "*". It fires on the `nth` matching call,
    or by `probability`, and at most `count` times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str = "*"
    kind: str
    probability: float = Field(default=1.0, ge=0, le=1)
    nth: int | None = Field(default=None, ge=1)
    count: int | None = Field(default=None, ge=1)
    seconds: float = Field(default=1.0, ge=0)

    @property
    def after_accept(self) -> bool:
        return self.kind.endswith("_after_accept")


RuleT = TypeVar("RuleT", bound=Rule)


class Faults(Generic[RuleT]):
    """The same rules, seed and order of calls give the same faults."""

    def __init__(self, *, seed: int = 1) -> None:
        self.fired: Counter[str] = Counter()
        self.rules: tuple[RuleT, ...] = ()
        self._chance = random.Random(seed)
        self._seen: Counter[int] = Counter()
        self._used: Counter[int] = Counter()

    def change(self, rules: tuple[RuleT, ...], *, seed: int) -> None:
        """Replace every rule; counting begins anew, `fired` goes on."""
        self.rules = rules
        self._chance = random.Random(seed)
        self._seen.clear()
        self._used.clear()

    def strike(self, name: str, *, among: frozenset[str]) -> RuleT | None:
        """Return the first rule that fires for this call or delivery; `among` is the kinds that can strike it."""
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

    def _fires(self, index: int, rule: RuleT) -> bool:
        if rule.count is not None and self._used[index] >= rule.count:
            return False
        if rule.nth is not None:
            return self._seen[index] == rule.nth
        return rule.probability >= 1 or self._chance.random() < rule.probability
