"""What the telephone says besides the chapters: every prompt, its words, its readings and its silences."""

from __future__ import annotations

from pathlib import Path

import pytest

from audioleaflet import phrases
from audioleaflet.errors import Origin
from audioleaflet.leaflet.model import Entry
from audioleaflet.phrases import HotlineWording
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.script.model import (
    Kind,
    Pause,
    Role,
    Script,
    ScriptChapter,
    Spelled,
    Spoken,
    Syllables,
    Term,
    Text,
    Utterance,
)
from audioleaflet.script.prompts import Facts, Prompts, edition_prompts, filled, library_prompts, slowed
from audioleaflet.script.verbalizer import Verbalizer
from audioleaflet.settings import Pauses
from audioleaflet.units import Ms

ORIGIN = Origin(path=Path("leaflet.yaml"), line=1)
ENTRIES = (
    Entry(
        term="metastasis",
        ipa="məˈtæs.tə.sɪs",
        say="",
        meaning="",
        forms=(),
        alias=(),
        origin=ORIGIN,
    ),
)
NUMBER = Spelled(text="800-227-2345", groups=(("eight", "zero"), ("two",)), between=Ms(450))
OTHER = Spelled(text="020 7946 0000", groups=(("zero", "two"), ("seven",)), between=Ms(900))
FACTS = Facts(
    title="What is metastasis?",
    publisher="St. Mary's Trust",
    status=("Checked by Care for All! Trust, on May 1, 2026.", "To be checked again by May 1, 2027."),
    contact="care@trust.example",
)


def verbalizer(language: str = "en-US") -> Verbalizer:
    return Verbalizer.of(language, Lexicon(ENTRIES), phrases.load(language), Pauses())


def utterance(identifier: str, role: Role, *spoken: object, kind: Kind = "sentence", pause: int = 300) -> Utterance:
    spans: Spoken = spoken or (Text(text=identifier),)  # type: ignore[assignment]  # the tests name spans
    return Utterance(
        id=identifier, kind=kind, role=role, shown=identifier, spoken=spans, pause_after=Ms(pause), origin=ORIGIN
    )


def book(*utterances: Utterance) -> Script:
    """Two chapters: an introduction, and one that holds ``utterances``."""
    first = (utterance("c00-001", "heading"),)
    titles = ("Introduction", "What is metastasis?")
    chapters = tuple(
        ScriptChapter(number=number, id=f"c{number}", title=title, lead=Ms(700), utterances=said, structure=())
        for number, (title, said) in enumerate(zip(titles, (first, utterances or first), strict=True))
    )
    return Script(chapters=chapters, terms=())


def of_library(language: str = "en-US", emergency: str = "911") -> Prompts:
    return library_prompts(
        phrases.load_hotline(language),
        verbalizer(language),
        title="Our library",
        publisher="Test Trust",
        emergency=emergency,
        origin=ORIGIN,
    )


def of_edition(script: Script, facts: Facts = FACTS) -> Prompts:
    return edition_prompts(script, facts, phrases.load_hotline("en-US"), verbalizer(), origin=ORIGIN)


def shown(prompts: Prompts) -> dict[str, str]:
    return {prompt.id: prompt.title for prompt in prompts.chapters()}


def said(prompts: Prompts, name: str) -> str:
    """The words of a prompt as a voice gets them."""
    (prompt,) = (prompt for prompt in prompts.chapters() if prompt.id == name)
    return " ".join("".join(getattr(span, "text", "") for span in one.spoken) for one in prompt.utterances)


def test_every_template_of_the_library_is_a_prompt_or_ten() -> None:
    wording = phrases.load_hotline("en-US").library
    names = [f"{name}-{digit}" for name in ("press", "digit", "last-digit") for digit in range(10)]
    names += [name for name in wording if name not in ("press", "digit", "last-digit")]
    made = of_library()
    assert sorted(prompt.id for prompt in made.chapters()) == sorted(names)
    assert {prompt.id for prompt in made.slow.chapters} == {name for name in names if "digit-" in name}
    assert not any("{" in prompt.title for prompt in made.chapters())


def test_every_utterance_of_a_script_has_an_id_of_its_own() -> None:
    for script in (of_library().said, of_library().slow, of_edition(book()).said):
        ids = [one.id for one in script.utterances()]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("language", "emergency", "told", "spoken"),
    [
        ("en-US", "911", "call 911.", "call nine one one."),
        ("en-GB", "999", "call 999.", "call nine nine nine."),
        ("en-GB", "112", "call 112.", "call one one two."),
        ("en-US", "", "call your emergency number.", "call your emergency number."),
    ],
)
def test_the_emergency_number_is_said_digit_by_digit(language: str, emergency: str, told: str, spoken: str) -> None:
    made = of_library(language, emergency)
    assert shown(made)["emergency"] == f"If this is an emergency, hang up and {told}"
    assert said(made, "emergency").endswith(spoken)


@pytest.mark.parametrize(
    ("language", "name"), [("en-US", "pound"), ("en-CA", "pound"), ("en-GB", "hash"), ("en", "hash")]
)
def test_the_key_has_the_name_that_callers_know(language: str, name: str) -> None:
    assert f"press {name} and the number" in shown(of_library(language))["help"]


def test_keys_are_said_as_words() -> None:
    made = of_library()
    assert shown(made)["press-0"] == "press 0."
    assert said(made, "press-0") == "press zero."
    assert said(made, "keys") == "five pauses, four and six change chapter, zero is for help."
    assert [said(made, f"last-digit-{digit}") for digit in (1, 8)] == ["one.", "eight."]
    assert said(made, "digit-7") == "seven,"


def test_silences_are_short_and_those_of_digits_are_their_own() -> None:
    tails = {prompt.id: prompt.utterances[-1].pause_after for prompt in of_library().chapters()}
    assert {tails[f"digit-{digit}"] for digit in range(10)} == {150}
    assert {tails[f"last-digit-{digit}"] for digit in range(10)} == {500}
    assert {tail for name, tail in tails.items() if "digit-" not in name} == {200}
    (help_,) = (prompt for prompt in of_library().chapters() if prompt.id == "help")
    assert len(help_.utterances) == 11
    assert {one.pause_after for one in help_.utterances} == {200}
    assert help_.lead == 0


def test_an_edition_says_who_it_is_and_names_its_chapters() -> None:
    assert shown(of_edition(book())) == {
        "title": "What is metastasis?",
        "publisher": "St. Mary's Trust.",
        "status": "Checked by Care for All! Trust, on May 1, 2026. To be checked again by May 1, 2027.",
        "choice": "For What is metastasis,",
        "chapter-0": "Introduction.",
        "chapter-1": "Chapter 1. What is metastasis?",
        "contact": "To tell St. Mary's Trust of a wrong word: care@trust.example.",
    }


def test_a_status_sentence_is_never_cut_at_a_name() -> None:
    (status,) = (prompt for prompt in of_edition(book()).chapters() if prompt.id == "status")
    assert tuple(one.shown for one in status.utterances) == FACTS.status
    assert {one.kind for one in status.utterances} == {"status"}


def test_terms_of_a_title_are_said_as_the_lexicon_says() -> None:
    made = of_edition(book())
    for name in ("title", "choice", "chapter-1"):
        (prompt,) = (prompt for prompt in made.chapters() if prompt.id == name)
        spans = [span for one in prompt.utterances for span in one.spoken]
        assert Term(text="metastasis", ipa="məˈtæs.tə.sɪs") in spans, name


def test_an_address_is_read_as_the_leaflet_reads_it() -> None:
    heard = "To tell Saint Mary's Trust of a wrong word: care at trust dot example."
    assert said(of_edition(book()), "contact") == heard
    nobody = Facts(title="T", publisher="P", status=("S.",), contact="")
    assert "contact" not in shown(of_edition(book(), nobody))


def test_each_number_is_offered_once_by_whoever_gives_it_first() -> None:
    script = book(
        utterance("c01-001", "text"),
        utterance("c01-002", "repeat", Text(text="Again:"), Pause(length=Ms(250)), NUMBER, kind="contact"),
        utterance("c01-003", "announcement"),
        utterance("c01-004", "text"),
        utterance("c01-005", "repeat", NUMBER, kind="contact"),
        utterance("c01-006", "repeat", OTHER, kind="contact"),
        utterance("c01-007", "repeat", Syllables(text="metastasis", ipa="a", respelling="a"), kind="term"),
    )
    made = of_edition(script)
    assert dict(made.numbers) == {"number-1": "c01-001", "number-2": "c01-004"}
    first, second = made.slow.chapters
    assert (first.title, second.title) == (NUMBER.text, OTHER.text)
    assert first.utterances[0].spoken == (Spelled(text=NUMBER.text, groups=NUMBER.groups, between=Ms(800)),)
    assert second.utterances[0].spoken == (OTHER,)  # a library's own longer pause stays
    assert (first.utterances[0].kind, first.utterances[0].role) == ("contact", "repeat")


def test_slower_means_every_silence_half_as_long_again() -> None:
    script = book(
        utterance("c01-001", "text", Text(text="Call"), Pause(length=Ms(250)), NUMBER, pause=350),
        utterance("c01-002", "text", Term(text="a", ipa="a"), pause=0),
    )
    slow = slowed(script)
    chapter = slow.chapters[1]
    assert (chapter.lead, *(one.pause_after for one in chapter.utterances)) == (1050, 525, 0)
    _, pause, spelled = chapter.utterances[0].spoken
    assert pause == Pause(length=Ms(375))
    assert isinstance(spelled, Spelled)
    assert (spelled.between, spelled.groups) == (675, NUMBER.groups)
    assert [one.id for one in slow.utterances()] == [one.id for one in script.utterances()]
    assert chapter.utterances[1].spoken == script.chapters[1].utterances[1].spoken


@pytest.mark.parametrize(
    ("template", "title", "text"),
    [
        ("{title}.", "Asthma", "Asthma."),
        ("{title}.", "What now?", "What now?"),
        ("{title}.", "Wait…", "Wait…"),
        ("{title}.", "Care by St. Mary's Inc.", "Care by St. Mary's Inc."),
        ("For {title},", "What now?", "For What now,"),
        ("For {title},", "A, B", "For A, B,"),
        ("{title}. Go on.", "What?", "What? Go on."),
        ("{title}.", "3.5 mg", "3.5 mg."),
    ],
)
def test_two_signs_never_end_a_sentence(template: str, title: str, text: str) -> None:
    assert filled(template, {"title": title}) == text


def test_every_language_that_speaks_has_every_template() -> None:
    english: HotlineWording = phrases.load_hotline("en")
    for language in phrases.languages():
        own = phrases.load_hotline(language)
        assert own.library.keys() == english.library.keys()
        assert own.edition.keys() == english.edition.keys()
