"""YAML that remembers on which line every key and item stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""The way to a value: keys and list positions from 0, such as ("weeks", 0, "title")."""


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
        loader = _WithoutAliases(text)
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
    except yaml.MarkedYAMLError as error:
        spot = error.problem_mark or error.context_mark
        raise UnreadableYaml(str(error.problem or error.context), first_line + (spot.line if spot else 0)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # A control character, a date such as 2026-13-45, a thousand brackets.
        raise UnreadableYaml(str(error).splitlines()[0], first_line) from error


class _WithoutAliases(yaml.SafeLoader):
    """An alias makes a value that contains itself, or one that grows without end; no author needs one."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not read here", mark)
        return super().compose_node(parent, index)


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
