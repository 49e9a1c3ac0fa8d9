"""A lexicon file with entries added and changed in it: only their lines, every other byte stays as its editor wrote it.

The lines are edited as text, at the places that the reader of documents tells. What comes out is read again, and holds
only if it says what it should and nothing else has changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from audioleaflet.document import MappingNode, read_document
from audioleaflet.errors import ConfigError, ContentError, Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NAME = r"""\s*(?:-\s+)?(?:"[^"]*"|'[^']*'|[^\s:"'&*!{\[][^:]*?)\s*:"""
# A field on one line: its name, its value, a comment. A value that starts with one of "&*!|>{[" is more than text.
_FIELD = re.compile(
    rf"(?P<head>{_NAME}\s+)"
    r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'&*!|>{\[#](?:(?!\s\#).)*?)"""
    r"(?P<tail>\s*|\s+\#.*)"
)
_HEAD = re.compile(_NAME)
_FLOW_COMMENT = re.compile(r".*\}\s+(\#.*)")
_NO_ITEMS = re.compile(r"\[\s*\]\s*(?:\#.*)?")
_ORDER = ("term", "ipa", "say", "meaning", "forms", "alias")
_UNFOLDED = 10_000_000  # a width at which YAML folds no line


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry in the file: its lines from ``start`` to before ``end``, counted from 0; columns of dash and names."""

    node: MappingNode
    start: int
    end: int
    dash: int
    names: int
    flow: bool


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines ``start`` to before ``end`` to be replaced. ``rank``: which insertion comes first at one place."""

    start: int
    end: int
    rank: int
    lines: tuple[str, ...]


def write_edited(path: Path, entries: Sequence[Entry], to: Path) -> None:
    """Write the lexicon at ``path`` to the file ``to``, with each of ``entries`` in alphabetical place, or changed.

    A term that is there gets the new ``ipa`` and ``say`` (none, if empty), and the meaning, forms and aliases that are
    given. A term that is a form of another entry gets the new ``ipa`` there. No term may stand twice in ``entries``.
    Raises ContentError for a file with faults, ConfigError where its lines cannot be changed without changing others.
    """
    before = read_lexicon(path)
    wanted = merged(before, entries)
    to.write_bytes(_Sheet(path).edited(before, wanted))
    try:
        after = read_lexicon(to)
    except ContentError as error:
        raise _by_hand(path, 0, error.problems[0].message) from error
    missed = {_said(entry) for entry in wanted} ^ {_said(entry) for entry in after}
    if missed:
        term = min(missed)[0]
        line = next((entry.origin.line for entry in before if entry.term == term), 0)
        raise _by_hand(path, line, f"'{term}' shares its lines with another entry")


def merged(before: Iterable[Entry], entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """``before`` with ``entries`` added and changed, as ``write_edited`` writes them. Raises ConfigError."""
    result = list(before)
    for entry in entries:
        found = find_term(result, entry.term)
        if found is not None:
            result[result.index(found)] = _changed(found, entry)
            continue
        owner = find_form(result, entry.term)
        if owner is None:
            result.append(entry)
        elif entry.meaning or entry.forms or entry.alias:
            message = f"'{entry.term}' is a form of '{owner.term}' ({owner.origin}), and has that meaning"
            raise ConfigError(message, next_step=f"give its pronunciation alone, or the meaning to '{owner.term}'")
        else:
            forms = tuple((form, entry.ipa if _same(form, entry.term) else ipa) for form, ipa in owner.forms)
            result[result.index(owner)] = replace(owner, forms=forms)
    return tuple(result)


def find_term(entries: Iterable[Entry], term: str) -> Entry | None:
    """The entry of that term, in any case of letters, or None."""
    return next((entry for entry in entries if _same(entry.term, term)), None)


def find_form(entries: Iterable[Entry], spelling: str) -> Entry | None:
    """The entry that lists that spelling among its forms, or None."""
    return next((entry for entry in entries if any(_same(form, spelling) for form, _ in entry.forms)), None)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _changed(old: Entry, new: Entry) -> Entry:
    return replace(
        old,
        ipa=new.ipa,
        say=new.say,
        meaning=new.meaning or old.meaning,
        forms=_updated(old.forms, new.forms),
        alias=_updated(old.alias, new.alias),
    )


def _updated(old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    names = {name.casefold(): name for name, _ in old}
    return tuple((dict(old) | {names.get(name.casefold(), name): value for name, value in new}).items())


def _said(entry: Entry) -> tuple[object, ...]:
    """All that an entry says, without where it stands."""
    return (entry.term, entry.ipa, entry.say, entry.meaning, frozenset(entry.forms), frozenset(entry.alias))


def _by_hand(path: Path, line: int, reason: str) -> ConfigError:
    place = Origin(path=path, line=line)
    return ConfigError(f"{place} cannot be changed by this program: {reason}", next_step="change it in an editor")


class _Sheet:
    """The lines of a lexicon file, and where in them its entries stand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        data = path.read_bytes()
        self.bom = data.startswith(_BOM)
        text = data.decode("utf-8-sig")
        self.ends = [found.group() for found in _LINE.finditer(text)]
        self.lines = [line.rstrip("\r\n") for line in self.ends]
        self.newline = "\r\n" if "\r\n" in text else "\n"
        document = read_document(path)
        self.root = document.root.line - 1
        if self.lines[self.root].lstrip().startswith("[") and document.items():
            raise _by_hand(path, self.root + 1, "its entries stand in brackets; write each on lines of its own")
        nodes = [node for node in document.items() if isinstance(node, MappingNode)]
        self.items = self._items(nodes)

    def _items(self, nodes: list[MappingNode]) -> list[_Item]:
        starts: list[int] = []
        for node in nodes:
            start = node.line - 1
            while not self.lines[start].lstrip().startswith("-"):
                start -= 1
            starts.append(start)
        items = []
        for node, start, after in zip(nodes, starts, [*starts, len(self.lines)][1:], strict=True):
            dash = _indent(self.lines[start])
            first = min(field.line for field in node.fields.values()) - 1
            line = self.lines[first]
            names = _indent(line.replace("-", " ", 1)) if first == start else _indent(line)
            flow = self.lines[start].lstrip("- \t").startswith("{")
            items.append(_Item(node, start, self._last(start, after, dash), dash, names, flow))
        return items

    def _last(self, start: int, end: int, indent: int) -> int:
        """``end`` without the blank lines and comments before it that belong to what follows."""
        while end > start + 1:
            line = self.lines[end - 1]
            comment = line.lstrip().startswith("#") and _indent(line) <= indent
            if line.strip() and not comment and line.rstrip() not in ("---", "..."):
                break
            end -= 1
        return end

    def edited(self, before: Sequence[Entry], wanted: Sequence[Entry]) -> bytes:
        """The file's bytes with ``wanted`` for ``before``: changed where both have the place, else added."""
        edits: list[_Edit] = []
        for item, old, new in zip(self.items, before, wanted, strict=False):
            if _said(old) != _said(new):
                edits += self._rewritten(item, new) if item.flow else self._changes(item, old, new)
        added = sorted(wanted[len(before) :], key=lambda entry: entry.term.casefold())
        edits += [self._insertion(entry, before, rank) for rank, entry in enumerate(added, 1)]
        return self._joined(edits)

    def _joined(self, edits: list[_Edit]) -> bytes:
        out: list[str] = []
        position = 0
        for made in sorted(edits, key=lambda made: (made.start, made.end, made.rank)):
            out += self.ends[position : made.start]
            out += (line + self.newline for line in made.lines)
            position = max(position, made.end)
        out += self.ends[position:]
        whole = [line if line.endswith(("\n", "\r")) else line + self.newline for line in out[:-1]]
        return (_BOM if self.bom else b"") + "".join([*whole, *out[-1:]]).encode()

    def _insertion(self, entry: Entry, before: Sequence[Entry], rank: int) -> _Edit:
        if not self.items:
            empty = next((index for index, line in enumerate(self.lines) if _NO_ITEMS.fullmatch(line.strip())), None)
            if empty is None:
                raise _by_hand(self.path, self.root + 1, "it has no list of entries")
            return _Edit(empty if rank == 1 else empty + 1, empty + 1, rank, tuple(_block(entry, 0, 2)))
        ahead = [old.term.casefold() <= entry.term.casefold() for old in before]
        count = ahead.index(False) if False in ahead else len(ahead)
        near = self.items[max(count - 1, 0)]
        names = near.dash + 2 if near.flow else near.names
        lines = _block(entry, near.dash, names)
        spaced = len(self.items) > 1 and not self.lines[self.items[0].end].strip()
        place = self.items[count - 1].end if count else self.items[0].start
        if spaced:
            lines = ["", *lines] if count else [*lines, ""]
        return _Edit(place, place, rank, tuple(lines))

    def _rewritten(self, item: _Item, new: Entry) -> Iterator[_Edit]:
        lines = _block(new, item.dash, item.dash + 2)
        comment = _FLOW_COMMENT.fullmatch(self.lines[item.end - 1])
        if comment:
            lines[0] += f"  {comment.group(1)}"
        yield _Edit(item.start, item.end, 0, tuple(lines))

    def _changes(self, item: _Item, old: Entry, new: Entry) -> Iterator[_Edit]:
        for name in ("ipa", "say", "meaning"):
            was, value = getattr(old, name), getattr(new, name)
            if was != value and not value:
                yield self._removed(item, name)
            elif was != value:
                yield self._set(item, name, value)
        for name, was, pairs in (("forms", old.forms, new.forms), ("alias", old.alias, new.alias)):
            yield from self._nested(item, name, dict(was), dict(pairs))

    def _span(self, item: _Item, name: str) -> tuple[int, int]:
        """The lines of a field, its value's included."""
        start = item.node.fields[name].line - 1
        following = [field.line - 1 for field in item.node.fields.values() if field.line - 1 > start]
        return start, self._last(start, min(following, default=item.end), item.names)

    def _after(self, item: _Item, name: str) -> int:
        """Where a field that is not there yet belongs."""
        ahead = [known for known in _ORDER[: _ORDER.index(name)] if known in item.node.fields]
        return self._span(item, ahead[-1])[1]

    def _set(self, item: _Item, name: str, value: str) -> _Edit:
        if name not in item.node.fields:
            place = self._after(item, name)
            return _Edit(place, place, 0, (f"{' ' * item.names}{name}: {_scalar(value)}",))
        start, end = self._span(item, name)
        return self._with_value(start, end, value)

    def _with_value(self, start: int, end: int, value: str) -> _Edit:
        line = self.lines[start]
        found = _FIELD.fullmatch(line) if end == start + 1 else None
        if found:
            return _Edit(start, end, 0, (f"{found['head']}{_scalar(value)}{found['tail']}",))
        head = _HEAD.match(line)
        if head is None:
            raise _by_hand(self.path, start + 1, "the line is not written as 'name: text'")
        return _Edit(start, end, 0, (f"{head.group()} {_scalar(value)}",))

    def _removed(self, item: _Item, name: str) -> _Edit:
        start, end = self._span(item, name)
        if start == item.start:
            raise _by_hand(self.path, start + 1, f"'{name}' begins the entry and is to go")
        return _Edit(start, end, 0, ())

    def _nested(self, item: _Item, name: str, old: dict[str, str], new: dict[str, str]) -> Iterator[_Edit]:
        """The edits of ``forms`` or ``alias``: names with values, each on a line of its own."""
        if old == new:
            return
        field = item.node.fields.get(name)
        added = {key: value for key, value in new.items() if key not in old}
        if field is None:
            place = self._after(item, name)
            lines = [f"{name}:", *(f"  {_pair(key, value)}" for key, value in added.items())]
            yield _Edit(place, place, 0, tuple(" " * item.names + line for line in lines))
            return
        node = field.node
        if not isinstance(node, MappingNode) or node.line == field.line:
            raise _by_hand(self.path, field.line, f"'{name}' stands in braces; write each on a line of its own")
        places = {key: value.line - 1 for key, value in node.fields.items()}
        end = self._span(item, name)[1]
        for key, start in places.items():
            if key in new and old.get(key) != new[key]:
                after = min((place for place in places.values() if place > start), default=end)
                yield self._with_value(start, self._last(start, after, _indent(self.lines[start])), new[key])
        indent = " " * _indent(self.lines[node.line - 1])
        if added:
            yield _Edit(end, end, 0, tuple(indent + _pair(key, value) for key, value in added.items()))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _scalar(text: str) -> str:
    """A text as a YAML value on one line, in quotes where it needs them."""
    return _pair("x", text).removeprefix("x: ")


def _pair(name: str, text: str) -> str:
    dumped: str = yaml.safe_dump({name: text}, allow_unicode=True, width=_UNFOLDED, default_flow_style=False)
    return dumped.strip("\n")


def _block(entry: Entry, dash: int, names: int) -> list[str]:
    """The lines of an entry, written as the packaged lexicon is."""
    fields = [("term", entry.term), ("ipa", entry.ipa), ("say", entry.say), ("meaning", entry.meaning)]
    lines = [_pair(name, value) for name, value in fields if value]
    for name, pairs in (("forms", entry.forms), ("alias", entry.alias)):
        if pairs:
            lines += [f"{name}:", *(f"  {_pair(key, value)}" for key, value in pairs)]
    lead = " " * dash + "-"
    first = lead + " " * (names - dash - 1) + lines[0]
    return [first, *(" " * names + line for line in lines[1:])]
