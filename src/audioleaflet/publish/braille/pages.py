"""Lines and pages of braille: 40 cells a line, 25 lines a page, as the Braille Authority of North America sets them.

Sections are those of its "Braille Formats: Principles of Print-to-Braille Transcription, 2016" (page size 1.7, running
heads 1.8, paragraphs 1.9, no divided words 1.10, page numbers 1.15, contents 2.10, headings 4.3 to 4.6, lists 8.3).
As nothing has a print page number, that of braille stands where it is found first: at the right of line 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from audioleaflet.publish.braille.cells import Cells

WIDTH: Final = 40
LINES: Final = 25
_BODY: Final = LINES - 1  # line 1 is the running head
_CLEAR: Final = 3  # blank cells on either side of a centred heading or a running head (Formats 1.8, 4.4)
_PAGE_COLUMN: Final = 6  # cells at the right that the words of contents leave to the page number (Formats 2.10)
_NUMBER: Final = 4  # cells of a page number up to 999
_GUIDE: Final = '"'  # dot 5
_CONTINUED: Final = '"'  # dot 5 at the end of a line: what follows belongs to the same word
_PREFIXES: Final = frozenset('@^_".;,#')  # UEB 1.2.5: the first cells of a sign of several
_WHOLE: Final = 4  # an item of up to so many lines is not divided between pages


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print. ``letters``: letter by letter, with no contractions."""

    text: str
    letters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands together in print: a heading, a paragraph, an item. Each of ``lines`` begins a line of braille.

    ``first`` and ``rest``: blank cells before its first line and before all others. ``before`` and ``after``: whether a
    blank line parts it from what stands there. ``level``: of its entry in the contents, from 1; 0 for none.
    """

    kind: Literal["centred", "heading", "paragraph", "item"]
    lines: tuple[Line, ...]
    first: int = 0
    rest: int = 0
    before: bool = False
    after: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block in lines of braille. ``leads``: it must not end a page. ``together``: its first lines that stay so."""

    lines: tuple[str, ...]
    before: bool
    after: bool
    leads: bool
    together: int


@dataclass(slots=True)
class Page:
    """Lines 2 to 25. ``begun``: the indexes of the blocks that begin on it."""

    lines: list[str] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)


def place(block: Block, cells: Cells) -> Placed:
    """The lines of ``block``."""
    made: list[str] = []
    if block.kind == "centred":
        for line in block.lines:
            made += [_centred(text) for text in _wrap(cells.units(line), 0, 0, WIDTH - 2 * _CLEAR)]
    else:
        for line in block.lines:
            made += _wrap(cells.units(line), block.rest if made else block.first, block.rest, WIDTH)
    leads = block.kind in ("centred", "heading")
    whole = leads or (block.kind == "item" and len(made) <= _WHOLE)
    return Placed(
        lines=tuple(made),
        before=block.before,
        after=block.after,
        leads=leads,
        together=len(made) if whole else min(2, len(made)),
    )


def entry(block: Block, page: int, deepest: int, cells: Cells, *, last: bool) -> Placed:
    """The entry of ``block`` in contents of ``deepest`` levels: its words, guide dots, and its page at the right."""
    first, rest = 2 * (block.level - 1), 2 * deepest
    units = tuple(unit for line in block.lines for unit in cells.units(line))
    made = _wrap(units, first, rest, WIDTH - _PAGE_COLUMN)
    told = number(page)
    room = WIDTH - len(made[-1]) - len(told) - 2
    made[-1] += f" {_GUIDE * room} {told}" if room >= 2 else f"{' ' * (room + 2)}{told}"
    return Placed(lines=tuple(made), before=False, after=last, leads=False, together=len(made))


def number(count: int) -> str:
    """A number in cells (UEB 6.1): the numeric indicator, and a to j for 1 to 0."""
    return "#" + "".join("JABCDEFGHI"[int(digit)] for digit in str(count))


def running_head(units: Iterable[str], told: str) -> str:
    """Line 1: the title in the middle, as many of its words as there is room for, and the page number at the right."""
    # The same room on every page, so that the head is felt at the same place.
    end = WIDTH - max(_NUMBER, len(told)) - _CLEAR
    head = ""
    for unit in units:
        longer = f"{head} {unit}".lstrip()
        if len(longer) > end - _CLEAR:
            break
        head = longer
    start = min((WIDTH - len(head)) // 2, end - len(head)) if head else 0
    return (" " * start + head).ljust(WIDTH - len(told)) + told


def paginate(blocks: Sequence[Placed]) -> list[Page]:
    """The blocks on pages. No heading ends a page; no page begins with a blank line but where a block asks for one."""
    pages = [Page()]
    for index, block in enumerate(blocks):
        page = pages[-1]
        blank = block.before or (bool(page.lines) and index > 0 and blocks[index - 1].after)
        if page.lines and len(page.lines) + blank + _needed(blocks, index) > _BODY:
            page = Page()
            pages.append(page)
            blank = block.before
        page.lines += [""] * blank
        page.begun.append(index)
        for line in block.lines:
            if len(page.lines) == _BODY:
                page = Page()
                pages.append(page)
            page.lines.append(line)
    return pages


def _needed(blocks: Sequence[Placed], index: int) -> int:
    """The lines that a page must have left for a block to begin on it: headings take what they head with them."""
    block, after = blocks[index], blocks[index + 1 : index + 2]
    if not block.leads or not after:
        return block.together
    return block.together + (block.after or after[0].before) + _needed(blocks, index + 1)


def _centred(text: str) -> str:
    return " " * ((WIDTH - len(text)) // 2) + text


def _wrap(units: Iterable[str], first: int, rest: int, width: int) -> list[str]:
    """The units on lines of up to ``width`` cells; only a unit that is longer than a line is divided."""
    made: list[str] = []
    line, margin = " " * first, first
    for unit in _short(units, width - max(first, rest)):
        if len(line) > margin and len(line) + 1 + len(unit) <= width:
            line += f" {unit}"
            continue
        if len(line) > margin:
            made.append(line)
            line, margin = " " * rest, rest
        left = unit
        while len(line) + len(left) > width:
            at = _division(left, width - len(line) - len(_CONTINUED))
            made.append(line + left[:at] + _CONTINUED)
            left = left[at:]
            line, margin = " " * rest, rest
        line += left
    if len(line) > margin:
        made.append(line)
    return made or [""]


def _short(units: Iterable[str], room: int) -> Iterable[str]:
    """Words that should stay on one line do not where they are longer than it."""
    for unit in units:
        if len(unit) > room:
            yield from unit.split(" ")
        else:
            yield unit


def _division(unit: str, room: int) -> int:
    """Where to divide a unit: after a dot, a slash or a hyphen in the second half of ``room``, else where it is full.

    Never inside a sign: not after one of the cells that only begin a sign.
    """
    ends = [at for at in range(1, room + 1) if unit[at - 1] not in _PREFIXES]
    after_mark = [at for at in ends if at > room // 2 and unit[at - 1] in "4/-"]
    return max(after_mark or ends, default=room)
