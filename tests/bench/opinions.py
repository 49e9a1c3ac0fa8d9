"""A second opinion on the verbalizer: test cases of another text normalizer, compared with ours by how they sound.

    python tests/bench/opinions.py FOLDER

FOLDER holds a file a class, ``<class>.txt``, of lines ``written~spoken``. Both readings go through the default voice,
and its phonemes are compared without stress, pauses and spaces. Prints a Markdown table: how many sound the same, how
many differ by one of the choices named below, how many differ otherwise; and then the latter, one a line.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from pathlib import Path

from audioleaflet import phrases
from audioleaflet.errors import Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import Pause, Span, Spoken, Text, Utterance
from audioleaflet.script.print import in_words
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.script.verbalizer.letters import spelled
from audioleaflet.settings import Pauses, packaged_content
from audioleaflet.speech.espeak import Espeak
from audioleaflet.units import Ms

_LETTERS = re.compile(r"\b(?:[B-HJ-Z]|[A-Z]{2,3}|[B-DF-HJ-NP-TV-XZ]+)\b|\b[a-z](?= (?:at|dot|one|b|c|d)\b)")
_NUMBER = r"(?:hundred|thousand|million|billion|quadrillion|quintillion|trillion)"


@dataclass(frozen=True, slots=True)
class Choice:
    """A form that we read otherwise on purpose. ``classes``: where it counts; ``written``: the form."""

    classes: str
    written: str
    reason: str

    def covers(self, name: str, written: str) -> bool:
        """Whether this is why a case of class ``name`` differs."""
        return name in self.classes.split() and re.search(self.written, written) is not None


CHOICES = (
    Choice("cardinal", r"^\d{5,6}$", "a count is a count, with its comma or without; theirs says digits"),
    Choice("cardinal range", r"^(?:from )?\d+ ?- ?\d+$", "two bare numbers with a hyphen are a range: 'two to five'"),
    Choice("date", r"^(?:1000|1155)$", "a bare number below 1900 is a count unless something says that it is a year"),
    Choice("date", r"^\d\d/\d\d/\d\d$", "a year of two digits is said in full"),
    Choice("date", r"^\d\d[-.]\d\d[-.]\d{4}$", "the order of day and month is the region's, whatever stands between"),
    Choice("date", r"^1998/2/30$", "there is no such day: told, not read"),
    Choice("date", r"A\.D", "an age so far back stands in no leaflet"),
    Choice("date", r"\dQ\d", "a quarter in a banker's shorthand is told, not guessed"),
    Choice(
        "electronic",
        r"^(?:https?|file)://",
        "'https', colon and slashes are not said: no one needs them to find a page",
    ),
    Choice("electronic", r"\.abc\b|&", "what is no address, with a made-up end or an ampersand, is told, not guessed"),
    Choice("electronic", r"@.*/", "an e-mail address has no path"),
    Choice("electronic", r"^cdf@", "letters that are no word are said one by one"),
    Choice("electronic", r"nvidia|dgx", "a name that the voice joins otherwise in one word than in two"),
    Choice("electronic", r"^upgrade", "in prose a slash is a short pause"),
    Choice(
        "fraction",
        r"^\d+ ?/ ?\d{2,}$|^22/3$|/1$|^3 5/2$",
        "an uncommon fraction is said 'over', which cannot be misheard",
    ),
    Choice("measure", r"covid-19\.5|&", "what is no name and no measure is told, not guessed"),
    Choice("measure", r"^80 s$", "80 s is eighty seconds"),
    Choice("measure range", r"\dx", "x after a number is 'times'"),
    Choice("measure", r"cc", "cc is cubic centimeters"),
    Choice("measure", r"Elm St", "a house number is said as a number"),
    Choice("money", r"^(?:[$£][\d,]+\.\d\d|\$150)", "'and' before the cents"),
    Choice("money", r"^\$[\d.]*\.(?:\d|\d{3,})(?:/hr.*)?$|^\$0\.5/", "digits that are no cents are said as written"),
    Choice("money", r"/(?:mo|yr|wk|d)\b", "'a month', as people say it, for 'per month'"),
    Choice("money", r"^US\$", "the country before the currency, once"),
    Choice("money", r"₩", "a currency that no leaflet of ours has is told, not guessed"),
    Choice("ordinal", r"^(?:[123]th|4rd|11st|12nd|13rd|21th|111st)$", "a mistyped ordinal is told, not guessed"),
    Choice("range", r"^\$150", "'and' before the cents"),
    Choice("range", r"m2$|^1960-80$", "said in full"),
    Choice("roman", r"^Sam II|^PART", "a king's number and capitals stand in no leaflet: told, not guessed"),
    Choice("telephone", r"1-800-GO", "letters to dial are said as letters, and then as the digits they stand for"),
    Choice(
        "time", r"^23:00$|^\d\d?:\d\d:\d\d", "a clock of 24 hours is 'twenty-three hundred'; seconds are no time of day"
    ),
)


@dataclass(slots=True)
class Tally:
    """The cases of one class: ``same`` and ``by_choice`` are numbers, ``other`` what was read otherwise."""

    cases: int = 0
    same: int = 0
    by_choice: int = 0
    other: list[str] = field(default_factory=list)


class Ear:
    """The default voice's phonemes for what is said."""

    def __init__(self) -> None:
        self.engine = Espeak()
        self.voice = self.engine.voice("en-us")
        lexicon = Lexicon(read_lexicon(packaged_content() / "lexicon" / "en.yaml"))
        self.verbalizer = Verbalizer.of("en-US", lexicon, phrases.load("en-US"), Pauses())

    def ours(self, written: str) -> tuple[str, str]:
        """Our words for a written form, and their sound."""
        spoken = self.verbalizer.spoken(written)
        return in_words(spoken), self.sound(spoken)

    def theirs(self, spoken: str) -> str:
        """The sound of the words that the other normalizer gives."""
        # "one hundred and five" is British; what it counts is the same.
        words = re.sub(rf"\b{_NUMBER} and (?!a\b)", lambda match: match.group().removesuffix("and "), spoken)
        spans: list[Span] = []
        position = 0
        for found in _LETTERS.finditer(words):  # what they print in capitals is said letter by letter
            spans += [Text(text=words[position : found.start()]), spelled(found.group(), "en-US")]
            position = found.end()
        return self.sound((*spans, Text(text=words[position:])))

    def sound(self, spoken: Spoken) -> str:
        """Phonemes alone: no stress, no spaces, no length of a reduced vowel."""
        spans = tuple(Text(text=" ") if isinstance(span, Pause) else span for span in spoken)
        utterance = Utterance(
            id="ear",
            kind="sentence",
            role="text",
            shown="",
            spoken=spans,
            pause_after=Ms(0),
            origin=Origin(path=Path("-"), line=0),
        )
        ipa = self.engine.phonemes(utterance, self.voice)
        plain = re.sub(r"[ˈˌ\s_.,ː‿-]", "", ipa)
        # The voice itself says these now one way, now another, by what stands beside them.
        for strong, weak in (("ɐ", "ə"), ("ᵻ", "ɪ"), ("ɾ", "t"), ("ɚ", "əɹ"), ("i", "ɪ")):
            plain = plain.replace(strong, weak)
        return plain


def compare(folder: Path) -> dict[str, Tally]:
    """Every class of cases in ``folder``."""
    ear = Ear()
    tallies: dict[str, Tally] = {}
    for path in sorted(folder.glob("*.txt")):
        tally = tallies.setdefault(path.stem, Tally())
        for line in path.read_text(encoding="utf-8").splitlines():
            written, tilde, spoken = line.partition("~")
            if not tilde:
                continue
            tally.cases += 1
            words, sound = ear.ours(written)
            if sound == ear.theirs(spoken):
                tally.same += 1
                continue
            choice = next((choice for choice in CHOICES if choice.covers(path.stem, written)), None)
            tally.by_choice += choice is not None
            if choice is None:
                tally.other.append(f"{written}: theirs {spoken!r}, ours {words!r}")
    return tallies


def table(tallies: dict[str, Tally]) -> str:
    """The tallies as Markdown, with the sum."""
    lines = ["| class | cases | sound the same | differ by choice | differ otherwise | same of the rest |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    whole = Tally()
    for name, tally in tallies.items():
        lines.append(_row(name, tally))
        whole.cases += tally.cases
        whole.same += tally.same
        whole.by_choice += tally.by_choice
        whole.other += tally.other
    return "\n".join([*lines, _row("**all**", whole)])


def _row(name: str, tally: Tally) -> str:
    rest = tally.cases - tally.by_choice
    share = f"{tally.same / rest:.0%}" if rest else ""
    return f"| {name} | {tally.cases} | {tally.same} | {tally.by_choice} | {len(tally.other)} | {share} |"


def report(folder: Path) -> str:
    """The table, the choices, and everything read otherwise. Raises SystemExit for a folder without cases."""
    if not any(folder.glob("*.txt")):
        raise SystemExit(f"there are no cases in {folder}")
    tallies = compare(folder)
    lines = [table(tallies), "", "Read otherwise by choice:"]
    lines += [f"- {choice.classes}: {choice.reason}" for choice in CHOICES]
    lines += ["", "Read otherwise:", *(f"- {line}" for tally in tallies.values() for line in tally.other)]
    return "\n".join(lines)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description="Our readings beside those of another text normalizer, by sound.")
    parser.add_argument("folder", type=Path, help="a file a class, of lines written~spoken")
    print(report(parser.parse_args().folder))


if __name__ == "__main__":
    main()
