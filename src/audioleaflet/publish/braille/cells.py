"""The words of a book in cells: contracted, but for what a reader must have letter by letter.

Uncontracted are web and mail addresses, and how to say a word. For addresses UEB (11.10.2) would normally have
contracted braille; here they are written out, so that they can be typed as they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audioleaflet.errors import PublishError
from audioleaflet.publish.braille.liblouis import LONGEST, tables, translate
from audioleaflet.publish.braille.pages import Line
from audioleaflet.publish.braille.signs import NEXT_STEP, place, signs, told
from audioleaflet.publish.transcript.links import SPACED_NUMBER, split_links

_BOUND: Final = "\u00a0"  # stands for every space at which a line does not end
_BOUND_SPACES: Final = re.compile("[ \t]*[\u00a0\u2007\u202f][ \t\u00a0\u2007\u202f]*")
# UEB 6.6: a space inside one number is a sign of its own. liblouis makes one of any space between two digits; only
# where it is one number ("020 7946 0018", a no-break space) may it.
_WORD_END: Final = re.compile(f"(?<![0-9]){_BOUND}|{_BOUND}(?![0-9])")
_GRADE_1_WORD: Final = ";;"  # UEB 5.3
_DIGITS: Final = "0123456789"
_AROUND: Final = "()[].,;:!?…\"'“”‘’"  # what a sentence puts around a word
_RUN: Final = 400  # characters translated at once, well below what the program takes


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that are translated at once. A group is a word, or several with ``_BOUND`` between them."""

    groups: tuple[str, ...]
    letters: bool

    @property
    def text(self) -> str:
        return " ".join(self.groups).replace(_BOUND, " ")


class Cells:
    """The cells of ``lines``, which are all that will be asked for: so few processes translate a whole book.

    ``language``: BCP 47. ``said``: words written as they are said ("muh-TAS-tuh-sis"), which have no contractions.
    Raises PublishError for a character that has no braille, and where liblouis does not answer word by word.
    """

    def __init__(self, language: str, said: Iterable[str], lines: Iterable[Line]) -> None:
        self._tables = tables(language)
        given = tuple(lines)
        texts = [line.text for line in given]
        known = signs(self._tables.contracted, texts)
        for sign in known.missing:
            raise PublishError(told(sign, place(sign, texts)[1]), next_step=NEXT_STEP)
        spelled = frozenset(said)
        self._runs = {line: _runs(line, known.write(line.text), language, spelled) for line in given}
        runs = list(dict.fromkeys(run for made in self._runs.values() for run in made))
        self._units: dict[_Run, tuple[str, ...]] = {}
        self._contracted([run for run in runs if not run.letters])
        self._uncontracted([run for run in runs if run.letters])

    def units(self, line: Line) -> tuple[str, ...]:
        """The cells of ``line``, a word each; words that stay on one line are one, with a space between."""
        return tuple(unit for run in self._runs[line] for unit in self._units[run])

    def _contracted(self, runs: Sequence[_Run]) -> None:
        table = self._tables.contracted
        answered = translate(table, [run.text for run in runs])
        for run, cells in zip(runs, answered, strict=True):
            self._units[run] = _cut(run, cells)

    def _uncontracted(self, runs: Sequence[_Run]) -> None:
        """Letter by letter. What would be read as a contraction gets the indicator of grade 1 (UEB 5.7)."""
        cells = translate(self._tables.uncontracted, [run.text for run in runs])
        marked = [_GRADE_1_WORD + word for word in cells]
        read = translate(self._tables.contracted, [*cells, *marked], backward=True)
        for run, bare, mark, as_bare, as_marked in zip(
            runs, cells, marked, read[: len(runs)], read[len(runs) :], strict=True
        ):
            # Capitals are told by signs of their own, and after this indicator liblouis reads only the first of them.
            word = run.text.casefold()
            self._units[run] = _cut(run, mark if as_bare.casefold() != word == as_marked.casefold() else bare)


def _cut(run: _Run, cells: str) -> tuple[str, ...]:
    """A unit for each group of ``run``. Contracted English braille has a space wherever print has one."""
    words = cells.split()
    counts = [len(_WORD_END.split(group)) for group in run.groups]
    if len(words) != sum(counts):
        raise PublishError(
            f"liblouis gave {len(words)} words of braille for {sum(counts)} in {run.text!r}",
            next_step="report this with the words above, and leave braille out of --formats",
        )
    left = iter(words)
    return tuple(" ".join(next(left) for _ in range(count)) for count in counts)


def _runs(line: Line, written: str, language: str, said: frozenset[str]) -> tuple[_Run, ...]:
    """``line``, its text ``written`` for the table, cut where letter by letter begins or ends, between two numbers, and
    before it is too long.
    """
    made: list[_Run] = []
    for group in _groups(written, language):
        letters = line.letters or _address(group, language) or group.strip(_AROUND) in said
        last = made[-1] if made else None
        if (
            last is None
            or letters
            or last.letters
            or (last.text[-1] in _DIGITS and group[0] in _DIGITS)
            or len(last.text) + len(group) >= _RUN
        ):
            made.append(_Run((group,), letters))
        else:
            made[-1] = _Run((*last.groups, group), letters)
    return tuple(made)


def _groups(text: str, language: str) -> Iterator[str]:
    bound = _BOUND_SPACES.sub(_BOUND, SPACED_NUMBER.sub(_bind, text))
    numbers = "".join(
        piece.replace(" ", _BOUND) if address.startswith("tel:") else piece
        for piece, address in split_links(bound, language)
    )
    for word in re.split(f"[^\\S{_BOUND}]+", numbers):
        group = word.strip(_BOUND)
        if len(group) > LONGEST:
            raise PublishError(
                f"a word of {len(group)} letters is too long for braille: {group[:40]!r}",
                next_step="write it as several words in the leaflet",
            )
        if group:
            yield group


def _bind(match: re.Match[str]) -> str:
    return match.group().replace(" ", _BOUND)


def _address(group: str, language: str) -> bool:
    return any(address and not address.startswith("tel:") for _, address in split_links(group, language))
