"""A small schema language for Block Kit. Faults are named by their place, as in `[json-pointer:/blocks/0]`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Rule(Protocol):
    def check(self, value: Any, at: str, faults: list[str]) -> None:
        """Add to `faults` what is wrong with `value`, which stands at `at`."""


def fault(message: str, at: str) -> str:
    return f"{message} [json-pointer:{at or '/'}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A string of `least` to `most` characters."""

    most: int | None = None
    least: int = 1
    like: str | None = None

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, str):
            faults.append(fault("must be a string", at))
        elif len(value) < self.least:
            faults.append(fault(f"must be more than {self.least - 1} characters", at))
        elif self.most is not None and len(value) > self.most:
            faults.append(fault(f"must be less than {self.most + 1} characters", at))
        elif self.like and not re.fullmatch(self.like, value):
            faults.append(fault("does not match the pattern", at))


@dataclass(frozen=True, slots=True)
class Kind:
    """Exactly a Python type; a bool is no int here."""

    of: type

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        if type(value) is not self.of:
            faults.append(fault(f"must be a valid {self.of.__name__}", at))


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[str, ...]

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        if value not in self.values:
            faults.append(fault(f"must be one of {', '.join(self.values)}", at))


@dataclass(frozen=True, slots=True)
class Anything:
    def check(self, value: Any, at: str, faults: list[str]) -> None:
        """Anything at all is right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    of: Rule
    most: int
    least: int = 1

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, list):
            faults.append(fault("must be an array", at))
            return
        if len(value) < self.least:
            faults.append(fault(f"no fewer than {self.least} items allowed", at))
        if len(value) > self.most:
            faults.append(fault(f"no more than {self.most} items allowed", at))
        for index, item in enumerate(value):
            self.of.check(item, f"{at}/{index}", faults)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these fields and no others."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        if not isinstance(value, dict):
            faults.append(fault("must be an object", at))
            return
        for name, rule in self.required.items():
            if name in value:
                rule.check(value[name], f"{at}/{name}", faults)
            else:
                faults.append(fault(f"missing required field: {name}", at))
        for name in value.keys() - self.required.keys():
            if name in self.optional:
                self.optional[name].check(value[name], f"{at}/{name}", faults)
            elif name != "type":
                faults.append(fault(f"invalid additional property: {name}", at))


@dataclass(frozen=True, slots=True)
class ByType:
    """An object whose `type` says which of these shapes it has."""

    shapes: Mapping[str, Rule]

    def check(self, value: Any, at: str, faults: list[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str):
            faults.append(fault("missing required field: type", at))
        elif kind not in self.shapes:
            faults.append(fault(f"unsupported type: {kind}", f"{at}/type"))
        else:
            self.shapes[kind].check(value, at, faults)
