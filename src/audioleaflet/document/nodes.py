"""A YAML file that a person wrote, as text, lists and mappings that know their lines.

YAML 1.1 as libyaml reads it, with less in it: every scalar is text (``no``, ``1.0`` and ``2026-01-01`` stay
what was typed), no tags, one document a file. Lines count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from audioleaflet.errors import Origin, Problem

Location = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNode:
    """A scalar. ``lines``: for each line of ``text`` the file's line where it is written, or the nearest."""

    line: int
    text: str
    lines: tuple[int, ...]

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read in it."""
        return not self.text.strip()

    def line_at(self, row: int) -> int:
        """The file's line of the text's line ``row``, counted from 0."""
        return self.lines[min(row, len(self.lines) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListNode:
    """A sequence."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of a mapping. ``line`` is the line of its name."""

    line: int
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingNode:
    """Names with values, in the order of the file."""

    line: int
    fields: dict[str, Field]


Node = TextNode | ListNode | MappingNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's content. ``problems``: faults found on the way that do not keep the rest from being read."""

    path: Path
    root: Node
    problems: tuple[Problem, ...] = field(default=())

    def node(self, *location: str | int) -> Node | None:
        """The node there, or None: a place that a faulty file does not have is no fault of the caller."""
        node: Node | None = self.root
        for step in location:
            if isinstance(node, MappingNode) and isinstance(step, str):
                found = node.fields.get(step)
                node = found.node if found else None
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node

    def text(self, *location: str | int) -> TextNode | None:
        """The text there if there is any."""
        node = self.node(*location)
        return node if isinstance(node, TextNode) and not node.blank else None

    def items(self, *location: str | int) -> tuple[Node, ...]:
        """The items of the list there, none if it is no list."""
        node = self.node(*location)
        return node.items if isinstance(node, ListNode) else ()

    def line(self, *location: str | int) -> int:
        """The line of a field's name, of an item's start, or of the nearest around the place that exists."""
        line, node = self.root.line, self.root
        for step in location:
            if isinstance(node, MappingNode) and isinstance(step, str) and step in node.fields:
                line, node = node.fields[step].line, node.fields[step].node
            elif isinstance(node, ListNode) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                line = node.line
            else:
                break
        return line

    def origin(self, *location: str | int) -> Origin:
        """The place of a location in the file."""
        return Origin(path=self.path, line=self.line(*location))

    def walk(self) -> Iterator[tuple[Location, Node]]:
        """Every node with its location, parents first."""
        waiting: list[tuple[Location, Node]] = [((), self.root)]
        while waiting:
            location, node = waiting.pop()
            yield location, node
            if isinstance(node, ListNode):
                waiting += [((*location, index), item) for index, item in enumerate(node.items)]
            elif isinstance(node, MappingNode):
                waiting += [((*location, name), value.node) for name, value in node.fields.items()]
