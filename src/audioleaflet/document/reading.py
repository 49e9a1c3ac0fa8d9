"""Bytes of a file to nodes. Nothing in a file can make it construct, recurse or swell.

The parser's events are composed here without recursion, so that depth, and the size of what aliases stand
for, are bounded before anything is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from audioleaflet.document.characters import NOT_TEXT, bad_characters, describe, mend
from audioleaflet.document.nodes import Document, Field, ListNode, MappingNode, Node, TextNode
from audioleaflet.document.syntax import syntax_problem
from audioleaflet.errors import ContentError, Origin, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is about ten times as fast
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# A no-break space or the like, pasted, in front of a line: it looks like indentation and is meant as such.
_INDENT = re.compile(r"(?m)^[ \u00a0\u2000-\u200a\u202f]+")
# "Room #5" unquoted loses its number to a YAML comment.
_NUMBER_SIGN = re.compile(r" +#\d")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def read_document(path: Path) -> Document:
    """The content of the YAML file at ``path``: a mapping or a list at its top.

    Raises ContentError with every fault that keeps the file from being read at all.
    """
    return parse_document(path, read_file(path))


def parse_document(path: Path, data: bytes) -> Document:
    """The same of ``data``, which ``path`` holds."""
    text = _decode(path, data)
    composer = _Composer(path, text.split("\n"))
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    # The parser written in Python lets ValueError and OverflowError through on odd escapes.
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise ContentError([syntax_problem(path, composer.lines, error)]) from error
    root = composer.root
    if root is None or (isinstance(root, TextNode) and root.blank):
        raise _fatal(path, 0, "EMPTY", "the file has nothing in it", "write 'title: …' and the other fields")
    if isinstance(root, TextNode):
        message = "the file is one text, not names with values or a list"
        raise _fatal(path, root.line, "KIND", message, "write 'name: text' on each line")
    return Document(path=path, root=root, problems=tuple(composer.problems))


def _fatal(path: Path, line: int, code: str, message: str, next_step: str = "") -> ContentError:
    origin = Origin(path=path, line=line)
    return ContentError([Problem(origin=origin, code=code, message=message, next_step=next_step)])


def read_file(path: Path) -> bytes:
    """What a YAML file of at most 2 MB holds. Raises ContentError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _fatal(path, 0, "UNREADABLE", reason, "give the path of a YAML file") from error
    if len(data) > MAX_BYTES:
        raise _fatal(path, 0, "TOO-LARGE", "the file is over 2 MB", "divide it into several files")
    return data


def _decode(path: Path, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _fatal(path, 1, "NOT-UTF8", "the file is UTF-16", "save it as UTF-8")
    if b"\0" in data:
        line = _line_of(data, data.index(b"\0"))
        raise _fatal(path, line, "BINARY", "the file is not text", "give a YAML file, saved as plain text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_of(data, error.start)
        message = f"the byte {data[error.start]:#04x} is not UTF-8"
        raise _fatal(path, line, "NOT-UTF8", message, "save the file as UTF-8") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    problems = []
    for found in NOT_TEXT.finditer(text):
        origin = Origin(path=path, line=text.count("\n", 0, found.start()) + 1)
        message = f"the line holds {describe(found.group())}"
        problems.append(Problem(origin=origin, code="CHARACTER", message=message, next_step="delete it"))
        if len(problems) == 20:  # a file of nothing else needs no longer list
            break
    if problems:
        raise ContentError(problems)
    # YAML 1.1 counts three more line ends than any editor does; a space keeps both counts the same.
    text = _LINE_ENDS.sub(" ", text.replace("\ufeff", ""))
    return _INDENT.sub(lambda found: " " * len(found.group()), text)


def _line_of(data: bytes, position: int) -> int:
    before = data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def _start(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.line + 1 if event.end_mark else 0


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open. ``size``: characters with every alias written out."""

    line: int
    mapping: bool
    anchor: str | None
    children: list[Node] = field(default_factory=list)
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    node: Node
    size: int
    height: int


class _Composer:
    """Nodes from parser events, one at a time. Raises ContentError for what must stop it."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Frame] = []
        self._anchors: dict[str, _Anchored | None] = {}

    def take(self, event: yaml.Event) -> None:
        line = _start(event)
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            message = "a second document starts here"
            raise _fatal(self.path, line, "DOCUMENTS", message, "keep one; a line of '---' divides documents")
        if isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.ScalarEvent):
            self._tag(event.tag, line)
            self._add(self._scalar(event), event.anchor, size=len(event.value) + 1, height=0)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._tag(event.tag, line)
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            mapping = isinstance(event, yaml.MappingStartEvent)
            self._open.append(_Frame(line=line, mapping=mapping, anchor=event.anchor))
            self._bound(line, len(self._open))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            frame = self._open.pop()
            self._add(self._closed(frame), frame.anchor, size=frame.size, height=frame.height)

    def _add(self, node: Node, anchor: str | None, *, size: int, height: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, size, height)
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.children.append(node)
        frame.size += size
        frame.height = max(frame.height, height + 1)

    def _alias(self, name: str, line: int) -> None:
        hint = "write the text itself; a text that starts with * needs quotes around it"
        if name not in self._anchors:
            raise _fatal(self.path, line, "ALIAS", f"'*{name}' names nothing in this file", hint)
        known = self._anchors[name]
        if known is None:
            raise _fatal(self.path, line, "ALIAS", f"'*{name}' stands inside what it names", hint)
        self._bound(line, len(self._open) + known.height)
        self._add(known.node, None, size=known.size, height=known.height)
        # Sizes are added up from inside outwards, so what is open may be no larger than all of it would be.
        if sum(frame.size for frame in self._open) > MAX_BYTES:
            raise _fatal(self.path, line, "ALIAS", "the aliases of the file stand for more than 2 MB", hint)

    def _bound(self, line: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            message = f"values stand more than {MAX_DEPTH} deep inside one another"
            raise _fatal(self.path, line, "TOO-DEEP", message, "write them side by side")

    def _tag(self, tag: str | None, line: int) -> None:
        if tag is not None and tag != "!":
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            step = "leave it out; a text that starts with ! needs quotes around it"
            self._problem(line, "TAG", f"the tag {shown} has no meaning here", step)

    def _scalar(self, event: yaml.ScalarEvent) -> TextNode:
        line = _start(event)
        plain = event.style in (None, "")
        text = "" if plain and event.value in _NULLS else mend(event.value)
        rows = self._rows(event, text)
        for row, what in bad_characters(text):
            where = rows[min(row, len(rows) - 1)]
            self._problem(where, "CHARACTER", f"the text holds {what}", "delete it or type it anew")
        if plain and _NUMBER_SIGN.match(self._after(event)):
            step = "put quotes around the text; for a comment, leave a space after the #"
            self._problem(_end(event), "QUOTES", "the text would end before ' #'", step)
        return TextNode(line=line, text=text, lines=rows)

    def _after(self, event: yaml.Event) -> str:
        """What follows on the line where the event ends, which may be one past the last."""
        mark = event.end_mark
        return self.lines[mark.line][mark.column :] if mark and mark.line < len(self.lines) else ""

    def _rows(self, event: yaml.ScalarEvent, text: str) -> tuple[int, ...]:
        """Where each line of a scalar is written: exact in a literal block, else by counting words."""
        first, last = _start(event), _end(event)
        count = text.count("\n") + 1
        if event.style == "|":
            return tuple(range(first + 1, first + 1 + count))
        if first == last or count == 1:
            return (first + 1 if event.style == ">" else first,)
        source = [(number, self.lines[number - 1]) for number in range(first, min(last, len(self.lines)) + 1)]
        column = event.start_mark.column if event.start_mark else 0
        # Before the first word stands the field's name, and the '>' of a folded block.
        source[0] = (first, "" if event.style == ">" else self.lines[first - 1][column:])
        # Folding changes only white space, so the n-th word of the text is the n-th word of the source.
        owners = [number for number, words in source for _ in words.split()] or [first]
        rows, words_before = [], 0
        for row in text.split("\n"):
            rows.append(owners[min(words_before, len(owners) - 1)])
            words_before += len(row.split())
        return tuple(rows)

    def _closed(self, frame: _Frame) -> Node:
        if not frame.mapping:
            return ListNode(line=frame.line, items=tuple(frame.children))
        fields: dict[str, Field] = {}
        for key, value in zip(frame.children[::2], frame.children[1::2], strict=True):
            if not isinstance(key, TextNode) or key.blank:
                step = "write a name, a colon and a space before the value"
                self._problem(key.line, "KEY", "the name before a colon is not plain text", step)
            elif key.text in fields:
                message = f"'{key.text}' stands here and on line {fields[key.text].line}"
                self._problem(key.line, "DUPLICATE-KEY", message, "keep one of them")
            else:
                fields[key.text] = Field(line=key.line, node=value)
        return MappingNode(line=frame.line, fields=fields)

    def _problem(self, line: int, code: str, message: str, next_step: str) -> None:
        origin = Origin(path=self.path, line=line)
        self.problems.append(Problem(origin=origin, code=code, message=message, next_step=next_step))
