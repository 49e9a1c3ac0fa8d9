"""From a leaflet to its script: every word that will be said, in order, beside what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from audioleaflet.errors import Origin
from audioleaflet.leaflet.annotation import Settled, plain, separated
from audioleaflet.leaflet.model import Block, Leaflet, Section
from audioleaflet.phrases import Phrases
from audioleaflet.script.estimate import minutes
from audioleaflet.script.lexicon import Lexicon, Reading
from audioleaflet.script.model import (
    Kind,
    Node,
    Pause,
    Role,
    Script,
    ScriptChapter,
    ScriptTerm,
    Spelled,
    Spoken,
    Syllables,
    Text,
    Told,
    Utterance,
)
from audioleaflet.script.sentences import split
from audioleaflet.script.verbalizer import Mark, Verbalizer
from audioleaflet.settings import Settings
from audioleaflet.units import Ms


class Draft:
    """All of a leaflet's script but for what depends on the day: written once, finished by ``script``."""

    def __init__(self, leaflet: Leaflet, lexicon: Lexicon, phrases: Phrases, settings: Settings) -> None:
        self._writer = _Writer(leaflet, lexicon, phrases, settings)
        self._chapters = tuple(
            self._writer.chapter(number, section) for number, section in enumerate(leaflet.sections, 1)
        )

    def script(self, status: Sequence[str]) -> Script:
        """The script, whose introduction says ``status``: sentences about who checked the leaflet.

        The introduction tells how long the recording is before there is one: estimated from words and pauses.
        """
        rate_wpm = self._writer.settings.rate_wpm
        length = 1
        for _ in range(3):  # the sentence that tells the length is part of it; it settles at once
            introduction, terms = self._writer.introduction(length, status)
            script = Script(chapters=(introduction, *self._chapters), terms=terms)
            told, length = length, minutes(script, rate_wpm)
            if told == length:
                break
        return script


def notice(leaflet: Leaflet, lines: Sequence[str], lexicon: Lexicon, phrases: Phrases, settings: Settings) -> Script:
    """The script of a leaflet that is withdrawn: its title, and ``lines`` that say so, each a paragraph.

    One chapter, number 0: the numbers from 1 are those of a leaflet's sections, and this has none.
    """
    chapter = _Chapter(_Writer(leaflet, lexicon, phrases, settings), 0, leaflet.origin)
    chapter.heading(leaflet.title, level=0, kind="title")
    for line in lines:
        chapter.paragraph((line,), kind="notice")
    chapter.announce(phrases.end, kind="end")
    return Script(chapters=(chapter.finished("withdrawn", phrases.withdrawn_heading),), terms=())


@dataclass(slots=True)
class _Writer:
    leaflet: Leaflet
    lexicon: Lexicon
    phrases: Phrases
    settings: Settings
    verbalizer: Verbalizer = field(init=False)

    def __post_init__(self) -> None:
        self.verbalizer = Verbalizer.of(self.leaflet.language, self.lexicon, self.phrases, self.settings.pauses)

    def introduction(self, length: int, status: Sequence[str]) -> tuple[ScriptChapter, tuple[ScriptTerm, ...]]:
        """Chapter 0: what this is, how long, who checked it, and how to say its hard words."""
        phrases, pauses = self.phrases, self.settings.pauses
        chapter = _Chapter(self, 0, self.leaflet.origin)
        chapter.heading(self.leaflet.title, level=0, kind="title")
        chapter.announce(phrases.opening.format(publisher=self.leaflet.publisher))
        chapter.announce(
            phrases.length.format(
                minutes=phrases.plural(phrases.minutes, length),
                chapters=phrases.plural(phrases.chapters, len(self.leaflet.sections) + 1),
            ),
            kind="length",
        )
        chapter.statement(status)
        chapter.announce(phrases.skip)
        terms: list[ScriptTerm] = []
        if self.leaflet.say:
            chapter.announce(phrases.plural(phrases.teach, len(self.leaflet.say)))
            chapter.pause(Ms(pauses.paragraph))
            terms = [chapter.teach(term) for term in self.leaflet.say]
            chapter.nodes.append(Node(kind="list", children=tuple(chapter.taught)))
        return chapter.finished("introduction", phrases.introduction), tuple(terms)

    def chapter(self, number: int, section: Section) -> ScriptChapter:
        """A section of the leaflet, with what belongs before and after it."""
        leaflet, phrases = self.leaflet, self.phrases
        chapter = _Chapter(self, number, section.origin)
        chapter.announce(phrases.chapter.format(number=number), kind="heading", pause=Ms(self.settings.pauses.phrase))
        chapter.heading(section.title, level=1)
        if number == 1 and leaflet.summary:
            chapter.origin = leaflet.summary.origin
            chapter.paragraph((f"{phrases.in_short} {leaflet.summary.text}",), kind="sentence")
        for block in section.blocks:
            chapter.block(block)
        if leaflet.urgent and leaflet.urgent_after == section.id:
            chapter.origin = leaflet.urgent.origin
            chapter.paragraph((leaflet.urgent.text,), kind="urgent")
        if number == len(leaflet.sections):
            self._close(chapter)
        return chapter.finished(section.id, section.title)

    def _close(self, chapter: _Chapter) -> None:
        leaflet, phrases = self.leaflet, self.phrases
        chapter.origin = leaflet.origin
        chapter.heading(phrases.about, level=2)
        if leaflet.notice:
            chapter.origin = leaflet.notice.origin
            chapter.paragraph((leaflet.notice.text,), kind="notice")
        if leaflet.sources:
            chapter.origin = leaflet.sources[0].origin
            chapter.paragraph((phrases.sources,), kind="sentence")
            chapter.items(
                [
                    phrases.source.format(
                        parts=", ".join(
                            filter(None, (source.title, source.publisher, phrases.day(source.date), source.url))
                        )
                    )
                    for source in leaflet.sources
                ]
            )
        chapter.origin = leaflet.origin
        edition = (
            phrases.version_of.format(version=leaflet.version, date=phrases.day(leaflet.date))
            if leaflet.date
            else phrases.version.format(version=leaflet.version)
        )
        report = phrases.report.format(contact=leaflet.contact) if leaflet.contact else ""
        chapter.paragraph((f"{edition} {report}".strip(),), kind="sentence")
        chapter.announce(phrases.end, kind="end")


class _Chapter:
    """The chapter being written: its utterances so far and their structure."""

    def __init__(self, writer: _Writer, number: int, origin: Origin) -> None:
        self.writer = writer
        self.number = number
        self.origin = origin
        self.utterances: list[Utterance] = []
        self.nodes: list[Node] = []
        self.taught: list[Node] = []
        self.pauses = writer.settings.pauses

    def say(self, shown: str, *, kind: Kind, role: Role, pause: int, spoken: Spoken | None = None) -> str:
        """Add one utterance and answer its id."""
        identifier = f"c{self.number:02}-{len(self.utterances) + 1:03}"
        shown, settled = separated(shown)
        self.utterances.append(
            Utterance(
                id=identifier,
                kind=kind,
                role=role,
                shown=shown,
                spoken=self.writer.verbalizer.spoken(shown, _marks(settled)) if spoken is None else spoken,
                pause_after=Ms(pause),
                origin=self.origin,
            )
        )
        return identifier

    def pause(self, length: Ms) -> None:
        """Let the silence after the last utterance be at least this long."""
        last = self.utterances[-1]
        self.utterances[-1] = replace(last, pause_after=Ms(max(last.pause_after, length)))

    def announce(self, text: str, *, kind: Kind = "sentence", pause: int | None = None) -> None:
        """Words for the ear alone."""
        self.say(text, kind=kind, role="announcement", pause=self.pauses.sentence if pause is None else pause)

    def heading(self, title: str, *, level: int, kind: Kind = "heading") -> None:
        """A heading of the text; silence before it as after a paragraph."""
        if level > 1:
            self.pause(Ms(self.pauses.heading))
        utterance = self.say(title, kind=kind, role="heading", pause=self.pauses.heading)
        self.nodes.append(Node(kind="heading", utterance=utterance, level=level))

    def paragraph(self, lines: Iterable[str], *, kind: Kind) -> None:
        """A paragraph, sentence by sentence; its lines stay lines."""
        self.nodes.append(self._sentences(lines, kind))
        self.pause(Ms(self.pauses.paragraph))

    def statement(self, sentences: Iterable[str]) -> None:
        """A paragraph about the leaflet's approval. Each sentence is whole: names in it may have full stops."""
        spoken = [self.say(text, kind="status", role="text", pause=self.pauses.sentence) for text in sentences]
        leaves = tuple(Node(kind="sentence", utterance=utterance) for utterance in spoken)
        self.nodes.append(Node(kind="paragraph", children=leaves))
        self.pause(Ms(self.pauses.paragraph))

    def block(self, block: Block) -> None:
        """A block of the leaflet."""
        self.origin = block.origin
        if block.kind == "paragraph":
            self.paragraph(block.lines, kind="sentence")
        else:
            self.nodes.append(self._list(block))
            self.pause(Ms(self.pauses.paragraph))

    def items(self, texts: Iterable[str]) -> None:
        """A list of the program's own, announced like one of the leaflet's."""
        paragraphs = tuple((Block(kind="paragraph", lines=(text,), origin=self.origin),) for text in texts)
        self.block(Block(kind="list", items=paragraphs, origin=self.origin))

    def teach(self, word: str) -> ScriptTerm:
        """How to say one term: the word, slowly by syllables, the word again, its meaning."""
        reading = self.writer.lexicon.get(word)
        assert reading is not None, f"{word} was checked to be in a lexicon"
        shown = f"{word[:1].upper()}{word[1:]}."
        once: Spoken = (self.writer.lexicon.term(word, reading), Text(text="."))
        slow: Spoken = (Syllables(text=word, ipa=reading.ipa, respelling=reading.respelling),)
        said = self.say(shown, kind="term", role="text", pause=self.pauses.sentence, spoken=once)
        again = [
            self.say(shown, kind="term", role="repeat", pause=self.pauses.sentence, spoken=slow),
            self.say(shown, kind="term", role="repeat", pause=self.pauses.sentence, spoken=once),
        ]
        sentences = [Node(kind="sentence", utterance=said)]
        meaning = reading.entry.meaning
        if meaning:
            text = f"{meaning[:1].upper()}{meaning[1:]}."
            again.append(self.say(text, kind="meaning", role="text", pause=self.pauses.sentence))
            sentences.append(Node(kind="sentence", utterance=again[-1]))
        self.pause(Ms(self.pauses.paragraph))
        paragraph = Node(kind="paragraph", children=tuple(sentences))
        self.taught.append(Node(kind="item", children=(paragraph,)))
        return _term(word, reading, (said, *again))

    def finished(self, identifier: str, title: str) -> ScriptChapter:
        """The chapter, its last silence long enough to tell that it is over."""
        self.pause(Ms(self.pauses.chapter_tail))
        return ScriptChapter(
            number=self.number,
            id=identifier,
            title=title,
            lead=Ms(self.pauses.chapter_head),
            utterances=tuple(self.utterances),
            structure=tuple(self.nodes),
        )

    def _sentences(self, lines: Iterable[str], kind: Kind) -> Node:
        children: list[Node] = []
        for number, line in enumerate(lines):
            if number:
                children.append(Node(kind="break"))
            children.extend(
                Node(kind="sentence", utterance=self._sentence(sentence, kind))
                for sentence in split(line, self.writer.leaflet.language)
            )
        return Node(kind="paragraph", children=tuple(children))

    def _sentence(self, shown: str, kind: Kind) -> str:
        telephones = self.writer.verbalizer.telephones(plain(shown))
        contact: Kind = "contact" if telephones else kind
        utterance = self.say(shown, kind=contact, role="text", pause=self.pauses.sentence)
        for number in telephones:
            self._repeat(number)
        return utterance

    def _repeat(self, number: Spelled) -> None:
        shown = self.writer.phrases.repeat_number.format(number=number.text)
        before, _, after = self.writer.phrases.repeat_number.partition("{number}")
        spoken: Spoken = (Text(text=before), Pause(length=Ms(self.pauses.phrase)), number)
        if after.strip(" ."):
            spoken = (*spoken, Text(text=after))
        self.say(shown, kind="contact", role="repeat", pause=self.pauses.sentence, spoken=spoken)

    def _list(self, block: Block) -> Node:
        phrases = self.writer.phrases
        self.announce(phrases.plural(phrases.list, len(block.items)), kind="item")
        items: list[Node] = []
        for number, parts in enumerate(block.items, 1):
            if block.ordered:
                text = phrases.numbered_item.format(number=phrases.count(number))
                self.announce(text, kind="item", pause=self.pauses.phrase)
            children: list[Node] = []
            for part in parts:
                self.origin = part.origin
                children.append(self._list(part) if part.kind == "list" else self._sentences(part.lines, "item"))
            self.pause(Ms(self.pauses.item))
            items.append(Node(kind="item", children=tuple(children)))
        return Node(kind="list", ordered=block.ordered, children=tuple(items))


def _term(word: str, reading: Reading, utterances: tuple[str, ...]) -> ScriptTerm:
    return ScriptTerm(
        term=word,
        ipa=reading.ipa,
        respelling=reading.respelling,
        meaning=reading.entry.meaning,
        utterances=utterances,
    )


def _marks(settled: tuple[Settled, ...]) -> tuple[Mark, ...]:
    return tuple(Mark(begin=begin, end=end, ipa=ipa) for begin, end, ipa in settled)


def is_told(utterance: Utterance) -> bool:
    """Whether an utterance tells of the recording and of the day, and is no part of what anybody can approve."""
    return utterance.kind in get_args(Told)


def wording(script: Script) -> str:
    """What a reader sees, one utterance a line: what an approval of the wording is about."""
    return "\n".join(
        re.sub(r"\s+", " ", utterance.shown)
        for utterance in script.utterances()
        if utterance.role in ("text", "heading") and not is_told(utterance)
    )
