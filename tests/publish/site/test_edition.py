"""The page of an edition: its transcript, its top and player, its words, and the page as a whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from lxml.etree import _Element
from tests.publish.conftest import Writing, bind
from tests.publish.site.conftest import (
    LIBRARY,
    TODAY,
    Written,
    approved,
    find,
    text,
    texts,
    values,
    withdrawn_book,
    write,
)

from audioleaflet import phrases
from audioleaflet.book.model import Book, Term
from audioleaflet.publish import site
from audioleaflet.publish.site.edition import edition_page
from audioleaflet.publish.transcript import transcript_txt
from audioleaflet.publish.transcript.wording import one_line

STATIC = Path(site.__file__).with_name("static")
HEAVIEST = 60_000  # bytes of page, styles and scripts together


def spans(root: _Element) -> list[_Element]:
    return find(root, "//span[@class='s']")


# The transcript


def check_every_sentence(page: Written) -> None:
    starts = {cue.id: chapter.start_ms for chapter in page.book.chapters for cue in chapter.cues}
    edition = page.book.script_sha256[:8]
    expected = [
        (f"{cue.id}-{edition}", str(starts[cue.id] + cue.speech_begin_ms), " ".join(one_line(cue.text).split()))
        for chapter in page.book.chapters
        for cue in chapter.cues
        if cue.printed
    ]
    assert [(span.get("id"), span.get("data-at"), text(span)) for span in spans(page.root)] == expected


def test_every_printed_sentence_stands_once_in_order_with_its_moment(any_written: Written) -> None:
    check_every_sentence(any_written)


def test_every_printed_sentence_of_the_real_leaflet(real_page: Written) -> None:
    check_every_sentence(real_page)
    plain = transcript_txt(real_page.book, phrases.load("en").page)
    expected = " ".join(re.sub(r"^ *(- |\d+\. )?", "", line) for line in plain.splitlines())
    root = real_page.root
    for chrome in find(root, "//section[@id='transcript']//*[self::button or @class='at' or self::h2]"):
        chrome.clear()
    for heading in find(root, "//h3[span]"):
        heading.text = None  # the chapter's number
    for end in find(root, "//br"):
        end.tail = f" {end.tail or ''}"
    shown = texts(root, "//h1 | //section[@id='transcript']")
    assert " ".join(shown).split() == expected.split()


def test_headings_lists_and_breaks_are_those_of_the_leaflet(written: Written) -> None:
    root = written.root
    assert texts(root, "//h1") == ["Understanding bone metastasis"]
    assert texts(root, "//section[@class='chapter']/h3") == ["Introduction", "1. What is bone metastasis?"]
    assert texts(root, "//section[@class='chapter']/h4") == ["In short"]
    chapter = find(root, "//section[@id='chapter-1']")[0]
    assert chapter.get("data-chapter") == "1"
    assert texts(chapter, "./ul/li/ul/li") == ["at night", "when you move"]
    assert texts(chapter, "./ul/li[2]/p") == ["A weak bone.", "Tell your nurse."]
    assert texts(chapter, "./ol/li") == ["Call the clinic.", "Say your name."]
    assert len(find(chapter, "./p[last()]/br")) == 2
    assert values(chapter, "./p[last()]/span/a/@href") == ["https://www.cancer.org", "tel:+18002272345"]
    assert "A list of three items." not in written.html
    assert "me-tas-ta-sis" not in written.html


def test_headings_never_skip_a_level(real_page: Written) -> None:
    levels = [int(str(heading.tag)[1]) for heading in find(real_page.root, "//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_sentences_are_plain_text(real_page: Written) -> None:
    assert not find(real_page.root, "//span[@class='s'][@role or @tabindex or @aria-live or @onclick]")
    assert not find(real_page.root, "//section[@id='transcript']//*[@aria-live or @role]")


def test_play_from_here_is_a_button_a_heading(written: Written) -> None:
    buttons = find(written.root, "//section[@id='transcript']//button")
    assert all(button.get("hidden") is not None and button.get("data-needs-script") is not None for button in buttons)
    assert all(text(button) == "Play from here" for button in buttons)
    assert [button.get("data-at") for button in buttons] == ["0", "16600", "19400"]
    titles = [f"//*[@id='{button.get('aria-describedby')}']" for button in buttons]
    assert [texts(written.root, title) for title in titles] == [
        ["Introduction"],
        ["1. What is bone metastasis?"],
        ["In short"],
    ]


def test_a_chapter_that_repeats_the_title_keeps_its_sentence(tmp_path: Path) -> None:
    only = Writing(1, "only", "Bones")
    only.heading("Bones", level=0, kind="title")
    second = Writing(2, "second", "Bones")
    second.heading("Bones")
    second.say("Bones are hard.")
    page = write(bind(only, second, title="Bones"), tmp_path / "edition")
    check_every_sentence(page)
    assert values(page.root, "//h1/span/@id") == ["c01-001-00000000"]
    assert values(page.root, "//section[@id='chapter-2']/h3/span/@id") == ["c02-001-00000000"]


# Top and player


@pytest.mark.parametrize("name", ["sample", "withdrawn"])
def test_what_is_not_approved_says_so_before_anything_else(name: str, sample: Book, tmp_path: Path) -> None:
    book = {"sample": sample, "withdrawn": withdrawn_book()}[name]
    root = write(book, tmp_path / "edition").root
    first = find(root, "//body//*[not(self::header)]")[0]
    assert (first.get("role"), text(first)) == ("note", book.status)
    assert texts(root, "//*[@role='note']") == [book.status]


@pytest.mark.parametrize(
    ("due", "sound_due", "today", "hidden"),
    [
        ("2027-01-31", "2030-01-01", date(2027, 1, 31), True),
        ("2027-01-31", "2030-01-01", date(2027, 2, 1), False),
        ("2030-01-01", "2027-01-31", date(2027, 2, 1), False),
    ],
)
def test_an_edition_past_its_review_date(
    sample: Book, tmp_path: Path, due: str, sound_due: str, today: date, hidden: bool
) -> None:
    root = write(approved(sample, due, sound_due=sound_due), tmp_path / "edition", today=today).root
    note = find(root, "//header/p[@id='past-due']")[0]
    assert note.get("data-due") == "2027-01-31"
    assert (note.get("hidden") is not None) is hidden
    assert text(note).startswith("This leaflet is past its review date.")
    checked = texts(root, "//section[@id='about']//dt[text()='Checked']/following-sibling::dd")[0]
    assert checked.startswith("Checked by A. Nurse, nurse, on January 2, 2026.")
    assert ("past its review date" in checked) is not hidden


def test_an_edition_whose_sound_is_not_approved_says_so_first(sample: Book, tmp_path: Path) -> None:
    root = write(approved(sample, "2027-01-31", state="sound-unapproved"), tmp_path / "edition").root
    assert [note.get("id") for note in find(root, "//header/*")][:2] == [None, "past-due"]
    assert find(root, "//header/*")[0].get("class") == "status warn"


def test_who_checked_it_stands_under_the_title(sample: Book, tmp_path: Path) -> None:
    root = write(approved(sample, "2027-01-31"), tmp_path / "edition").root
    assert texts(root, "//h1/following-sibling::p[@role='note']") == ["Checked by A. Nurse, nurse, on January 2, 2026."]
    assert [note.get("hidden") for note in find(root, "//*[contains(@class, 'warn')]")] == [""]


def test_an_edition_that_says_itself_that_it_is_past_due_says_it_once(sample: Book, tmp_path: Path) -> None:
    book = approved(sample, "2020-01-01", state="past-due")
    root = write(book, tmp_path / "edition").root
    assert not find(root, "//*[@id='past-due']")
    assert [note.get("class") for note in find(root, "//*[@role='note']")] == ["status warn"]


def test_the_first_thing_to_focus_is_in_the_player(any_written: Written) -> None:
    first = find(any_written.root, "//body//*[self::a or self::button or self::audio or self::input or @tabindex]")[0]
    assert [one.get("id") for one in first.iterancestors() if one.get("id")] == ["player"]
    assert first.tag == "audio"
    assert first.get("controls") is not None


def test_contents_lead_to_every_part(any_written: Written) -> None:
    root = any_written.root
    for target in values(root, "//a[starts-with(@href, '#')]/@href"):
        assert len(find(root, f"//section[@id='{target[1:]}']")) == 1, target
    assert len(values(root, "//nav//a/@href")) == (4 if any_written.book.terms else 3)
    names = values(root, "//@id")
    assert len(names) == len(set(names))
    for name in values(root, "//@aria-labelledby | //@aria-describedby | //label/@for"):
        assert name in names


# Words


def test_each_term_with_a_button_that_plays_it(real_page: Written) -> None:
    book = real_page.book
    cues = {cue.id: (chapter.start_ms, cue) for chapter in book.chapters for cue in chapter.cues}
    groups = find(real_page.root, "//section[@id='words']/dl/div")
    assert [texts(group, "dt")[0] for group in groups] == [term.term for term in book.terms]
    for term, group in zip(book.terms, groups, strict=True):
        assert texts(group, "dd")[:2] == [term.respelling, term.meaning]
        start, first = cues[term.cues[0]]
        _, meaning = cues[term.cues[-1]]
        assert meaning.kind == "meaning"
        button = find(group, ".//button[@class='say']")[0]
        at, until = int(button.get("data-at") or ""), int(button.get("data-until") or "")
        assert at == start + first.speech_begin_ms
        last = cues[term.cues[-2]][1]
        assert start + last.speech_end_ms < until < start + meaning.begin_ms
        assert text(button) == f"Hear “{term.term}”"
        link = find(group, ".//a[@data-without-script]")[0]
        assert (link.get("href") or "").endswith(f"#t={at / 1000:g},{until / 1000:g}")


def test_a_term_that_is_not_said_has_no_button(sample: Book, tmp_path: Path) -> None:
    silent = Term(term="calcium", ipa="", respelling="", meaning="a mineral", cues=())
    root = write(sample.model_copy(update={"terms": (silent,)}), tmp_path / "edition").root
    assert texts(root, "//section[@id='words']//dd") == ["a mineral"]
    assert not find(root, "//section[@id='words']//*[self::a or self::button]")


# The page as a whole


def test_no_inline_script_or_style_and_nothing_from_outside(any_written: Written) -> None:
    root = any_written.root
    assert not find(root, "//style | //script[not(@src)] | //*[@style] | //base | //iframe | //object | //form")
    assert not find(root, "//@*[starts-with(name(), 'on')]/..")
    assert not find(root, "//i | //comment()")
    assets = f"../../{site.assets_name()}"
    sources = values(root, "//@src | //link/@href | //@srcset | //@poster")
    assert all("://" not in source and not source.startswith(("//", "/", "data:")) for source in sources)
    assert values(root, "//script/@src") == [f"{assets}/page.js"]
    assert values(root, "//script/@type") == ["module"]
    assert values(root, "//link[@rel='stylesheet']/@href") == [f"{assets}/page.css", f"{assets}/player.css"]
    for name in values(root, "//script/@src | //link[not(@rel='alternate')]/@href"):
        assert (STATIC / name.rpartition("/")[2]).is_file()
    assert not re.search(r"url\(|@import|https?://", (STATIC / "page.css").read_text(encoding="utf-8"))


def test_the_policy_allows_the_pages_own_files_and_nothing_else(written: Written) -> None:
    policy = values(written.root, "//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy[0].split(";"))
    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) <= {"'self'", "'none'"}
    assert {name for name, value in rules.items() if value == "'self'"} == {
        "script-src",
        "style-src",
        "img-src",
        "media-src",
    }


def test_words_never_become_markup(any_written: Written) -> None:
    book, root = any_written.book, any_written.root
    assert texts(root, "//h1") == [" ".join(one_line(book.title).split())]
    assert texts(root, "//title") == [f"{' '.join(one_line(book.title).split())} – Sample library"]
    assert values(root, "//section[@id='player']/@data-title") == [book.title]
    assert json.loads(values(root, "//section[@id='player']/@data-words")[0])
    assert len(find(root, "//script")) == 1


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_language_and_direction(sample: Book, tmp_path: Path, direction: str) -> None:
    book = sample.model_copy(update={"language": "en-GB", "dir": direction})
    root = write(book, tmp_path / "edition").root
    assert (root.get("lang"), root.get("dir")) == ("en-GB", direction)


def test_styles_follow_the_direction_of_the_text() -> None:
    """Nothing is set to the left or right: text from right to left would stand wrong."""
    style = (STATIC / "page.css").read_text(encoding="utf-8")
    assert not re.search(r"(margin|padding|border|text-align|float)[\w-]*:? *-?(left|right)", style)
    assert not re.search(r"(?<![\w-])(left|right):", style)


def test_what_needs_script_is_hidden_until_it_runs(any_written: Written) -> None:
    assert not find(any_written.root, "//*[@data-needs-script][not(@hidden)]")
    assert not find(any_written.root, "//*[@data-without-script][@hidden]")
    assert "[hidden] { display: none !important; }" in (STATIC / "page.css").read_text(encoding="utf-8")


def test_alternates_are_offered_where_they_are(written: Written) -> None:
    text_file = next(file for file in written.book.files if file.path == "transcript.txt")
    address = f"transcript.txt?v={text_file.sha256[:12]}"
    assert values(written.root, "//link[@rel='alternate']/@href") == [address]
    online = edition_page(written.book, replace(LIBRARY, base_url="https://a.example/"), today=TODAY)
    assert values(replace(written, html=online).root, "//link[@rel='alternate']/@href") == [address, "feed.xml"]


def test_the_page_weighs_under_60_kb(real_page: Written) -> None:
    names = values(real_page.root, "//link[@rel='stylesheet']/@href")
    styles = [STATIC / name.rpartition("/")[2] for name in names]
    scripts = [path for path in STATIC.glob("*.js") if path.name != "library.js"]
    weight = len(real_page.html.encode()) + sum(path.stat().st_size for path in (*styles, *scripts))
    assert weight < HEAVIEST


def test_the_same_book_gives_the_same_bytes(real_page: Written) -> None:
    before = real_page.html
    again = Book.model_validate_json(real_page.book.model_dump_json())
    assert edition_page(again, LIBRARY, today=TODAY) == before
    assert "\r" not in before


def test_18_points_in_print() -> None:
    printed = (STATIC / "page.css").read_text(encoding="utf-8").partition("@media print")[2]
    assert "html { font-size: 18pt; }" in printed
