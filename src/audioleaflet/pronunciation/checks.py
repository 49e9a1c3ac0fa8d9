"""What an editor should look at before a leaflet is heard: words that can be said in two ways, and words unknown.

A word is unknown where neither lexicon nor dictionary has it, so that an engine reads it by its letters alone. English
texts alone are judged: for other languages there is no dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from audioleaflet.errors import Origin, Problem, Severity
from audioleaflet.leaflet.annotation import Settled, separated
from audioleaflet.leaflet.cmudict import Dictionary
from audioleaflet.leaflet.ipa import respell
from audioleaflet.leaflet.model import Block, Leaflet
from audioleaflet.phrases import Phrases
from audioleaflet.pronunciation import function_words, teller
from audioleaflet.pronunciation.spelled import respelled
from audioleaflet.script.heteronyms import Choice
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Text
from audioleaflet.script.sentences import split
from audioleaflet.script.settling import Read
from audioleaflet.script.verbalizer import Mark, Verbalizer
from audioleaflet.settings import Settings

# On Zipf's scale (the logarithm of uses in a thousand million words): "nebulizer" has 2.0, "diuretic" 2.6.
_RARE = 2.3
_USUAL = 3.0  # a spelling so frequent is a British one, not a name
_SHORTEST = 3
_LONGEST_INITIALS = 5
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# As written by itself: no part of an address, of a name with digits, or of what a hyphen joins to one.
_WRITTEN = re.compile(r"(?<![\w@./])(?<!\d-)[^\W\d_]+(?:['’][^\W\d_]+)*(?![\w@/]|-\d|\.\w)")
_ENDINGS = (
    *(("'s", ""), ("’s", ""), ("s'", "s"), ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e")),
    *(("ing", ""), ("ing", "e"), ("ly", ""), ("ness", ""), ("less", ""), ("ful", ""), ("er", ""), ("er", "e")),
    *(("ization", "ize"), ("isation", "ize"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing")),
)
_BEGINNINGS = ("un", "non", "re", "pre", "post", "self", "over", "under", "anti")


def check(leaflet: Leaflet, lexicon: Lexicon, phrases: Phrases, settings: Settings) -> tuple[Problem, ...]:
    """Warnings and notes about the words of a leaflet, each word once, in the order of the text.

    Raises ConfigError where the dictionary is missing.
    """
    verbalizer = Verbalizer.of(leaflet.language, lexicon, phrases, settings.pauses)
    places = _Places(leaflet.origin.path)
    problems: list[Problem] = []
    with _Judge(leaflet, settings) as judge:
        for text, origin in _texts(leaflet):
            for sentence in split(text, leaflet.language):
                shown, settled = separated(sentence)
                reads = verbalizer.read(shown, _marks(settled))
                here = places.of(shown, origin)
                problems += _heteronyms(reads, here)
                problems += judge.words(shown, reads, here)
    return tuple(problems)


def _texts(leaflet: Leaflet) -> Iterator[tuple[str, Origin]]:
    """Everything that an editor writes to be read, in order, with readings that are settled still in it."""
    yield leaflet.title, leaflet.origin
    for passage in (leaflet.summary, leaflet.urgent, leaflet.notice):
        if passage is not None:
            yield passage.text, passage.origin
    for section in leaflet.sections:
        yield section.title, section.origin
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[tuple[str, Origin]]:
    for line in block.lines:
        yield line, block.origin
    for item in block.items:
        for part in item:
            yield from _block(part)


def _marks(settled: tuple[Settled, ...]) -> tuple[Mark, ...]:
    return tuple(Mark(begin=begin, end=end, ipa=ipa) for begin, end, ipa in settled)


class _Places:
    """The line of each word: a block knows only where it begins."""

    def __init__(self, path: Path) -> None:
        self._lines = path.read_text(encoding="utf-8-sig").splitlines()
        self._origin = Origin(path=path, line=0)
        self._seen: Counter[str] = Counter()

    def of(self, shown: str, origin: Origin) -> Callable[[str], Origin]:
        """Counts the words of a sentence, and answers where one of them is written."""
        if origin != self._origin:
            self._origin = origin
            self._seen.clear()
        before = self._seen.copy()
        self._seen.update(word.lower() for word in _WORD.findall(shown))
        return lambda word: self._line(word, before[word.lower()])

    def _line(self, word: str, nth: int) -> Origin:
        sought = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", re.IGNORECASE)
        for number, line in enumerate(self._lines[max(0, self._origin.line - 1) :], max(1, self._origin.line)):
            count = len(sought.findall(line))
            if count > nth:
                return Origin(path=self._origin.path, line=number)
            nth -= count
        return self._origin


def _heteronyms(reads: tuple[Read, ...], place: Callable[[str], Origin]) -> Iterator[Problem]:
    for read in reads:
        if read.choice is not None and not read.choice.settled:
            yield _two_ways(read.choice, place)


def _two_ways(choice: Choice, place: Callable[[str], Origin]) -> Problem:
    shown = choice.word
    ways = " or ".join(f"{respell(way.ipa)} ({way.meaning})" for way in choice.ways)
    marks = " or ".join(f"[{shown}](say:{respell(way.ipa)})" for way in choice.ways)
    return Problem(
        origin=place(choice.word),
        code="HETERONYM",
        message=f"'{shown}' can be said {ways}; it is said {respell(choice.way.ipa)}",
        next_step=f"write {marks}",
        severity="warning",
    )


class _Judge:
    """Knows which words are known. A context manager."""

    def __init__(self, leaflet: Leaflet, settings: Settings) -> None:
        self._english = leaflet.language.split("-")[0] == "en"
        self._british = self._english and leaflet.language not in ("en", "en-US")
        self._voices = settings.voices_for(leaflet.language)
        self._told: set[str] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._dictionary = self._stack.enter_context(Dictionary())
        self._tell = teller(self._voices, self._stack)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def words(self, shown: str, reads: tuple[Read, ...], place: Callable[[str], Origin]) -> Iterator[Problem]:
        """A problem for each word of a sentence that is not known, or rare, and was not told before."""
        if not self._english:
            return
        plain = {word.lower() for read in reads if _is_plain(read) for word in _WORD.findall(_text(read))}
        for match in _WRITTEN.finditer(shown):
            word = match.group().replace("’", "'").rstrip("'")
            key = re.sub("'s$", "", word.lower())
            if key in self._told or word.lower() not in plain or len(key) < _SHORTEST or key in function_words():
                continue
            if word.isupper() and len(word) <= _LONGEST_INITIALS:
                continue
            self._told.add(key)
            name = word[0].isupper() and bool(shown[: match.start()].strip("\"'“‘( "))
            problem = self._problem(re.sub("['’]s$", "", word), key, place(word), name=name)
            if problem is not None:
                yield problem

    def _problem(self, word: str, key: str, origin: Origin, *, name: bool) -> Problem | None:
        related = self._known_relatives(key)
        known = bool(related)
        frequency = max(map(_frequency, (key, *related)))
        if (known and frequency >= _RARE) or (self._british and frequency >= _USUAL):
            return None
        severity: Severity = "note" if known or name else "warning"
        what = "is a rare word" if known else "is in no lexicon and no dictionary"
        said = self._said(key)
        if not said:
            step = f"hear it with: audioleaflet say {word}"
            message = f"'{word}' {what}; how the voice would say it cannot be written here"
        else:
            step = f'if that is wrong: audioleaflet lexicon add {word} --say "{said}"'
            message = f"'{word}' {what}; the voice would say {said}"
        return Problem(origin=origin, code="WORD", message=message, next_step=step, severity=severity)

    def _known_relatives(self, word: str) -> tuple[str, ...]:
        """The word, or those that it is formed from in a regular way, as far as the dictionary has them."""
        if word in self._dictionary:
            return (word,)
        stems = {word, *(word.removeprefix(begin) for begin in _BEGINNINGS if word.startswith(begin))}
        stems |= {stem[: -len(end)] + instead for stem in stems for end, instead in _ENDINGS if stem.endswith(end)}
        return tuple(stem for stem in sorted(stems) if len(stem) >= _SHORTEST and stem in self._dictionary)

    def _said(self, word: str) -> str:
        if self._tell is None:
            return ""
        try:
            return respelled(self._tell(word))
        except ValueError:
            return ""


def _is_plain(read: Read) -> bool:
    return read.source == "engine" and isinstance(read.span, Text)


def _text(read: Read) -> str:
    assert isinstance(read.span, Text)
    return read.span.text.replace("’", "'")


def _frequency(word: str) -> float:
    from wordfreq import zipf_frequency  # 0.4 s to load: only where a leaflet is checked

    return float(zipf_frequency(word, "en"))
