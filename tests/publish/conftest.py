"""A small book made by hand, and one whose words try to break every format."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from audioleaflet.book.model import Book, Chapter, Cue, Node, Part, Source, Term, Voice

WORDS = {
    "page_title": "{title} – transcript",
    "skip_to_text": "Skip to the text",
    "contents": "Contents",
    "starts_at": "Starts at {time} in the recording",
    "word_list": "Word list",
}
STATUS = "This is a sample. No health professional has checked it."
LEAD_MS, SPEECH_MS, PAUSE_MS = 500, 2000, 300


@dataclass
class Writing:
    """A chapter being written: each call adds a cue and gives the node that names it."""

    number: int
    id: str
    title: str
    cues: list[Cue] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def cue(self, text: str, role: str = "text", kind: str = "sentence") -> str:
        begin = self.cues[-1].end_ms if self.cues else 0
        speech = begin + (LEAD_MS if begin == 0 else 0)
        cue_id = f"c{self.number:02}-{len(self.cues) + 1:03}"
        self.cues.append(
            Cue.model_validate(
                {
                    "id": cue_id,
                    "kind": kind,
                    "role": role,
                    "begin_ms": begin,
                    "speech_begin_ms": speech,
                    "speech_end_ms": speech + SPEECH_MS,
                    "end_ms": speech + SPEECH_MS + PAUSE_MS,
                    "text": text,
                }
            )
        )
        return cue_id

    def heading(self, text: str, level: int = 1, kind: str = "heading") -> None:
        self.nodes.append(Node(kind="heading", level=level, cue=self.cue(text, "heading", kind)))

    def sentence(self, text: str) -> Node:
        return Node(kind="sentence", cue=self.cue(text))

    def paragraph(self, *sentences: str) -> Node:
        """A paragraph; ``""`` among the sentences is a hard line break."""
        return Node(kind="paragraph", children=tuple(self.sentence(s) if s else Node(kind="break") for s in sentences))

    def say(self, *sentences: str) -> None:
        self.nodes.append(self.paragraph(*sentences))

    def items(self, *items: Node | str, ordered: bool = False) -> Node:
        entries = tuple(
            Node(kind="item", children=(self.paragraph(item),)) if isinstance(item, str) else item for item in items
        )
        return Node(kind="list", ordered=ordered, children=entries)

    def done(self, start_ms: int) -> tuple[Chapter, Part]:
        chapter = Chapter(
            number=self.number,
            id=self.id,
            title=self.title,
            audio=f"chapters/{self.number:02}-{self.id}.mp3",
            start_ms=start_ms,
            duration_ms=self.cues[-1].end_ms,
            cues=tuple(self.cues),
        )
        return chapter, Part(chapter=self.number, nodes=tuple(self.nodes))


def bind(*writings: Writing, title: str = "Understanding bone metastasis", language: str = "en-US") -> Book:
    """The chapters as a book."""
    chapters: list[Chapter] = []
    parts: list[Part] = []
    start = 0
    for writing in writings:
        chapter, part = writing.done(start)
        chapters.append(chapter)
        parts.append(part)
        start += chapter.duration_ms
    return Book(
        identifier="urn:uuid:2f1c1f6e-63a1-4a5c-9d5e-0d6a2b0f7c11",
        slug="sample",
        language=language,
        dir="rtl" if language.startswith("ar") else "ltr",
        title=title,
        version="1.0",
        publisher="Sample Trust",
        licence="CC-BY-4.0",
        sources=(Source(title="A page", publisher="A library", date="2026-01-02", url="https://example.org/a"),),
        contact="editor@sample.example",
        notice="This leaflet is not medical advice.",
        urgent=None,
        approval=None,
        status=STATUS,
        modified="2026-11-22",
        cover="cover.png",
        voice=Voice(engine="espeak", name="en-us", version="1.52", rate_wpm=145),
        script_sha256="0" * 64,
        wording_sha256="0" * 64,
        recipe_sha256="0" * 64,
        sample_rate=22050,
        duration_ms=start,
        loudness_lufs=-19.0,
        true_peak_dbtp=-4.0,
        structure=tuple(parts),
        terms=(
            Term(
                term="metastasis",
                ipa="məˈtæs.tə.sɪs",
                respelling="muh-TAS-tuh-sis",
                meaning="cancer that has spread from where it began",
                cues=("c00-004",),
            ),
        ),
        chapters=tuple(chapters),
        renditions=(),
        files=(),
    )


def write_sample() -> Book:
    """Two chapters with everything that a structure can hold."""
    intro = Writing(0, "introduction", "Introduction")
    intro.heading("Understanding bone metastasis", level=0, kind="title")
    intro.say("An audio leaflet from Sample Trust, read aloud.", STATUS)
    intro.cue("metastasis", "repeat", "term")
    intro.say("metastasis", "cancer that has spread from where it began")
    intro.cue("me-tas-ta-sis", "repeat", "term")
    first = Writing(1, "what-is-it", "What is bone metastasis?")
    first.heading("What is bone metastasis?")
    first.heading("In short", level=2)
    first.say("Cancer cells can move.", "They can grow in a bone.")
    first.cue("A list of three items.", "announcement")
    pain = Node(kind="item", children=(first.paragraph("Pain, such as:"), first.items("at night", "when you move")))
    weak = Node(kind="item", children=(first.paragraph("A weak bone."), first.paragraph("Tell your nurse.")))
    first.nodes.append(first.items(pain, weak, "Feeling tired"))
    first.nodes.append(first.items("Call the clinic.", "Say your name.", ordered=True))
    first.say("American Cancer Society", "", "www.cancer.org", "", "800-227-2345")
    return bind(intro, first)


HOSTILE = (
    "<script>alert('x')</script>",
    "&amp; is not &, and &lt; is not <",
    "--> 00:00:01.000 --> 00:00:02.000",
    "If <5 mg and >3 mg, or a<b, or \\N",
    "\"Quotes\" and 'quotes' and “quotes” and 10\u00a0mg/day",
    "1. This is not a list.",
    "- nor is this",
    "WEBVTT",
    "NOTE a comment?",
    "{\\an8}Not a place</b><00:00:05.000>",
    "👩‍⚕️ says 👍🏽",
    "Cafe\u0301 naïve e\u0308\u0323",
    "العلاج الإشعاعي (10 Gy) قد يساعد.",
    "הקרנה ו-CT",
    "骨転移とは何ですか。",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 12,
    "]]> <![CDATA[ <!-- --> </style></title>",
    "two\nlines\r\nand\u2028more",
    "https://example.org/?a=1&b=<x>",
    "A tab\there, a bell\x07there.",
)


def write_hostile() -> Book:
    """A book of words that look like markup, times and lists."""
    intro = Writing(0, "introduction", "</title><b>Intro</b> & -->")
    intro.say(*HOSTILE)
    first = Writing(1, "one", "One <i>& only</i>")
    first.heading("One <i>& only</i>")
    for text in HOSTILE:
        first.say(text)
    first.nodes.append(first.items(*HOSTILE))
    first.nodes.append(first.items(*HOSTILE, ordered=True))
    first.cue("<b>A list</b> & --> end", "announcement")
    return bind(intro, first, title="Title </title><script>1</script> & -->")


@pytest.fixture
def words() -> dict[str, str]:
    """The page texts in English."""
    return dict(WORDS)


@pytest.fixture
def sample() -> Book:
    """A plain leaflet of two chapters."""
    return write_sample()


@pytest.fixture
def hostile() -> Book:
    """Words that look like markup."""
    return write_hostile()
