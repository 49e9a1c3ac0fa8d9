"""From what is shown to what is spoken: lexicon terms, telephone numbers, web and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audioleaflet.phrases import Phrases
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Span, Spelled, Spoken, Text
from audioleaflet.settings import Pauses, canonical_language
from audioleaflet.units import Ms

_TELEPHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d().\- ]{4,}\d(?!\w)")
_ADDRESS = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|https?://[^\s<>\"')]+"
    r"|www\.[\w-]+(?:\.[\w-]+)+(?:/[^\s<>\"')]*)?"
    r"|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu|info|int|uk|eu)(?:/[^\s<>\"')]*)?(?![\w])"
)
_TRAILING = ".,;:!?"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*['’]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbalizer:
    """Turns one sentence at a time into spans. ``region`` is the country whose telephone numbers are meant."""

    lexicon: Lexicon
    phrases: Phrases
    region: str
    between_groups: Ms

    @classmethod
    def of(cls, language: str, lexicon: Lexicon, phrases: Phrases, pauses: Pauses) -> Verbalizer:
        """For texts of one BCP 47 language; its region, else the United States, is where short numbers are dialled."""
        _, _, region = canonical_language(language).partition("-")
        return cls(lexicon=lexicon, phrases=phrases, region=region[-2:] or "US", between_groups=Ms(pauses.group))

    def spoken(self, shown: str) -> Spoken:
        """The spans of a sentence, in order. Every character of ``shown`` is in one of them, as itself or in words."""
        spans: list[Span] = []
        position = 0
        for begin, end, span in self._special(shown):
            spans.extend(self._words(shown[position:begin]))
            spans.append(span)
            position = end
        spans.extend(self._words(shown[position:]))
        return tuple(spans)

    def telephones(self, shown: str) -> tuple[Spelled, ...]:
        """The telephone numbers in a sentence, in order."""
        return tuple(span for _, _, span in self._special(shown) if isinstance(span, Spelled))

    def spelled(self, number: str) -> Spelled:
        """A number digit by digit, in the groups in which it is written."""
        groups = []
        for group in re.findall(r"\+?\d+", number):
            digits = [self.phrases.digits[int(digit)] for digit in group.lstrip("+")]
            groups.append(tuple([self.phrases.symbols["+"], *digits] if group.startswith("+") else digits))
        return Spelled(text=number, groups=tuple(groups), between=self.between_groups)

    def address(self, address: str) -> str:
        """A web or e-mail address in words: ``www.cancer.org`` is "w w w dot cancer dot org"."""
        bare = re.sub(r"^https?://", "", address).rstrip("/")
        parts = re.split(r"([^\w]|_)", bare)
        words = [" ".join(part) if part == "www" else self.phrases.symbols.get(part, part) for part in parts]
        return " ".join(filter(None, words))

    def _special(self, shown: str) -> Iterator[tuple[int, int, Span]]:
        found: list[tuple[int, int, Span]] = []
        for match in _ADDRESS.finditer(shown):
            address = match.group().rstrip(_TRAILING)
            found.append((match.start(), match.start() + len(address), Text(text=self.address(address))))
        taken = [(begin, end) for begin, end, _ in found]
        for first, last in self._numbers(shown):
            if not any(begin < last and first < end for begin, end in taken):
                found.append((first, last, self.spelled(shown[first:last])))
        yield from sorted(found, key=lambda place: place[0])

    def _numbers(self, shown: str) -> Iterator[tuple[int, int]]:
        if not _TELEPHONE.search(shown):
            return
        # Loading the numbering plans takes 40 ms, so only where something looks like a number.
        from phonenumbers import Leniency, PhoneNumberMatcher

        for match in PhoneNumberMatcher(shown, self.region, Leniency.POSSIBLE):
            if len(re.sub(r"\D", "", match.raw_string)) >= 7:
                yield match.start, match.end

    def _words(self, text: str) -> Iterator[Span]:
        words = list(_WORD.finditer(text))
        position = index = 0
        while index < len(words):
            for count in range(min(self.lexicon.longest, len(words) - index), 0, -1):
                begin, end = words[index].start(), words[index + count - 1].end()
                reading = self.lexicon.get(" ".join(text[begin:end].replace("’", "'").split()))
                if reading is not None:
                    if text[position:begin]:
                        yield Text(text=text[position:begin])
                    yield self.lexicon.term(text[begin:end], reading)
                    position = end
                    break
            else:
                count = 1
            index += count
        if text[position:]:
            yield Text(text=text[position:])
