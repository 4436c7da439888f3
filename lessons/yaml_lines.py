"""YAML that remembers on which line every key and item stands.

As in YAML 1.2, and as editors read it, only `true` and `false` are yes and no, and 15:00 is text: `on: need` has the
key "on", and a choice may be called "no".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""The way to a value: keys and list positions from 0, such as ("weeks", 0, "title")."""


DEEPEST = 50
"""Lists and keys within each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocatedYaml:
    """The value, the line of every place in it, and keys written twice (with the line of the second)."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    repeated: tuple[tuple[str, int], ...] = ()

    def line_of(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it; the first line at worst."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return min(self.lines.values(), default=1)


class UnreadableYaml(ValueError):
    """The text is not YAML. The message says why, `line` says where."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str, *, first_line: int = 1) -> LocatedYaml:
    """Read one YAML document whose first line is `first_line` of its file. Raises UnreadableYaml."""
    try:
        if trick := _trick_in(text):
            message, line = trick
            raise UnreadableYaml(message, first_line + line)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return LocatedYaml(value=None, lines={(): first_line})
        lines: dict[Place, int] = {}
        repeated = []
        for place, mark in _places(node, ()):
            if place in lines and place:
                repeated.append((str(place[-1]), first_line + mark))
            lines[place] = first_line + mark
        return LocatedYaml(value=loader.construct_document(node), lines=lines, repeated=tuple(repeated))
    except UnreadableYaml:
        raise
    except yaml.MarkedYAMLError as error:
        spot = error.problem_mark or error.context_mark
        raise UnreadableYaml(str(error.problem or error.context), first_line + (spot.line if spot else 0)) from error
    except (yaml.YAMLError, ValueError) as error:
        # A control character, a date such as 2026-13-45.
        raise UnreadableYaml(str(error).splitlines()[0], first_line) from error


def _trick_in(text: str) -> tuple[str, int] | None:
    """Return what no author needs, with its line from 0, or None.

    An alias makes a value that contains itself, or one that grows without end; a thousand brackets in each other make
    a program fall over.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            return "an alias (*name) is not read here", line
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            return "brackets or lists lie too deep here", line
    return None


class _Loader(yaml.CSafeLoader):
    """The quick one, with resolvers of its own."""


def _as_in_yaml_1_2(loader: type[_Loader]) -> None:
    narrowed = {
        "tag:yaml.org,2002:bool": ("true|True|TRUE|false|False|FALSE", "tTfF"),
        "tag:yaml.org,2002:int": ("[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    }
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in narrowed]
        for first, resolvers in loader.yaml_implicit_resolvers.items()
    }
    for tag, (pattern, firsts) in narrowed.items():
        loader.add_implicit_resolver(tag, re.compile(f"(?:{pattern})$"), list(firsts))


_as_in_yaml_1_2(_Loader)


def _places(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    if not place:
        yield place, node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield inner, key.start_mark.line
            yield from _places(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            inner = (*place, position)
            yield inner, item.start_mark.line
            yield from _places(item, inner)
