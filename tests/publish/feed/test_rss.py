from __future__ import annotations

import html
import re
from dataclasses import replace

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.publish.conftest import HOSTILE, STATUS, write_hostile, write_sample
from tests.publish.feed.conftest import BASE, LIBRARY, SOUND_BYTES, edition, with_files

from audioleaflet.book.model import Book, Withdrawn
from audioleaflet.errors import PublishError
from audioleaflet.publish.feed.rss import edition_feed, library_feed
from audioleaflet.publish.library import Listed
from audioleaflet.publish.transcript.wording import one_line

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
FOLDER = f"{BASE}sample/en/"
# RFC 822 with four digits of the year, in English whatever the machine speaks.
DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} [\d:]{8} \+0000"
)


def texts(feed: bytes, path: str) -> list[str]:
    return [found.text or "" for found in etree.fromstring(feed).iterfind(path, NAMES)]


def attributes(feed: bytes, path: str) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in found.attrib.items()} for found in etree.fromstring(feed).iterfind(path, NAMES)]


def paragraphs(description: str) -> list[str]:
    """The text of a description, block by block, as an app shows it."""
    blocks = re.findall(r"<(?:p|li)(?: dir=\"rtl\")?>(.*?)</(?:p|li)>", description, re.DOTALL)
    return [html.unescape(block) for block in blocks]


def withdrawn(**facts: object) -> Book:
    notice = Withdrawn(by="A. Nurse", reason="A dose is wrong.", date="2026-12-01")
    return edition(withdrawn=notice, status="This leaflet was withdrawn by Sample Trust on December 1, 2026.", **facts)


def test_a_channel_has_all_that_rss_and_podcast_apps_ask_for() -> None:
    feed = edition_feed(edition(), LIBRARY)
    assert texts(feed, "channel/title") == ["Understanding bone metastasis"]
    assert texts(feed, "channel/link") == [f"{FOLDER}index.html"]
    assert texts(feed, "channel/language") == ["en-US"]
    assert texts(feed, "channel/lastBuildDate") == ["Sun, 22 Nov 2026 00:00:00 +0000"]
    assert texts(feed, "channel/copyright") == ["Licence: CC-BY-4.0"]
    assert texts(feed, "channel/itunes:author") == ["Sample Trust"]
    assert texts(feed, "channel/itunes:explicit") == ["false"]
    assert texts(feed, "channel/itunes:type") == ["episodic"]
    assert texts(feed, "channel/podcast:medium") == ["audiobook"]
    assert texts(feed, "channel/podcast:locked") == ["yes"]
    assert attributes(feed, "channel/podcast:locked") == [{"owner": "editor@sample.example"}]
    assert attributes(feed, "channel/itunes:image") == [{"href": f"{FOLDER}cover.png"}]
    assert attributes(feed, "channel/itunes:category") == [{"text": "Health & Fitness"}]
    assert attributes(feed, "channel/itunes:category/itunes:category") == [{"text": "Medicine"}]
    link = {"href": f"{FOLDER}feed.xml", "rel": "self", "type": "application/rss+xml"}
    assert attributes(feed, "channel/atom:link") == [link]


def test_the_one_item_is_the_whole_recording() -> None:
    book = edition()
    feed = edition_feed(book, LIBRARY)
    assert texts(feed, "channel/item/title") == ["Understanding bone metastasis"]
    assert texts(feed, "channel/item/link") == [f"{FOLDER}index.html"]
    sound = {"url": f"{FOLDER}sample-en.mp3", "length": str(SOUND_BYTES), "type": "audio/mpeg"}
    assert attributes(feed, "channel/item/enclosure") == [sound]
    assert texts(feed, "channel/item/itunes:duration") == [str(round(book.duration_ms / 1000))]
    assert texts(feed, "channel/item/podcast:license") == ["cc-by-4.0"]
    chapters = {"url": f"{FOLDER}chapters.json", "type": "application/json+chapters"}
    assert attributes(feed, "channel/item/podcast:chapters") == [chapters]
    assert attributes(feed, "channel/item/podcast:transcript") == [
        {"url": f"{FOLDER}transcript.vtt", "type": "text/vtt", "language": "en-US", "rel": "captions"},
        {"url": f"{FOLDER}transcript.srt", "type": "application/x-subrip", "language": "en-US", "rel": "captions"},
        {"url": f"{FOLDER}transcript.html", "type": "text/html", "language": "en-US"},
    ]


def test_the_description_says_first_who_checked_it_then_the_chapters_with_their_times() -> None:
    book = edition()
    (description,) = texts(edition_feed(book, LIBRARY), "channel/item/description")
    assert paragraphs(description) == [
        STATUS,
        "An audio leaflet from Sample Trust, read by a computer voice.",
        "0:00 Introduction",
        f"0:{book.chapters[1].start_ms // 1000:02} What is bone metastasis?",
        "This leaflet is not medical advice.",
    ]


def test_the_status_opens_the_channel_too() -> None:
    (description,) = texts(edition_feed(edition(), LIBRARY), "channel/description")
    assert paragraphs(description)[0] == STATUS


def test_every_address_is_absolute_and_asks_no_question() -> None:
    feed = edition_feed(edition(), LIBRARY).decode()
    found = re.findall(r"(?:href|url)=\"([^\"]*)\"|<link>([^<]*)</link>", feed)
    assert len(found) == 10
    assert all("".join(pair).startswith(FOLDER) and "?" not in "".join(pair) for pair in found)


def test_dates_are_rfc_822_in_utc() -> None:
    feed = edition_feed(edition(modified="2026-03-01T09:30:00+09:00"), LIBRARY)
    assert texts(feed, "channel/item/pubDate") == ["Sun, 01 Mar 2026 00:30:00 +0000"]
    for date in (*texts(feed, "channel/item/pubDate"), *texts(feed, "channel/lastBuildDate")):
        assert DATE.fullmatch(date)


def test_a_book_without_a_time_is_told() -> None:
    with pytest.raises(PublishError, match=r"'modified' in book\.json is no time: 'soon'"):
        edition_feed(edition(modified="soon"), LIBRARY)


def test_another_script_or_another_sound_is_another_episode() -> None:
    def guid(book: Book) -> str:
        feed = edition_feed(book, LIBRARY)
        assert attributes(feed, "channel/item/guid") == [{"isPermaLink": "false"}]
        return texts(feed, "channel/item/guid")[0]

    before = guid(edition())
    assert before == f"{edition().identifier}#00000000-aaaaaaaa"
    assert before != guid(edition(script_sha256="1" * 64))
    assert before != guid(with_files(edition(), sound="c" * 64))
    assert before == guid(edition(title="Another title"))


def test_what_the_edition_does_not_hold_is_not_promised() -> None:
    feed = edition_feed(with_files(write_sample(), without=("transcript.vtt", "transcript.html")), LIBRARY)
    assert [found["type"] for found in attributes(feed, "channel/item/podcast:transcript")] == ["application/x-subrip"]


@pytest.mark.parametrize(
    ("without", "page"),
    [
        ((), "index.html"),
        (("index.html",), "transcript.html"),
        (("index.html", "transcript.html"), "sample-en.mp3"),
    ],
)
def test_the_link_leads_to_what_can_be_read(without: tuple[str, ...], page: str) -> None:
    feed = edition_feed(with_files(write_sample(), without=without), LIBRARY)
    assert texts(feed, "channel/link") == texts(feed, "channel/item/link") == [f"{FOLDER}{page}"]


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("CC-BY-4.0", ["cc-by-4.0"]),
        ("cc0-1.0", ["cc0-1.0"]),
        ("CC-BY-NC-SA-3.0-IGO", ["cc-by-nc-sa-3.0-igo"]),
        ("OGL-UK-3.0", ["ogl-uk-3.0"]),
        ("All rights reserved", []),
        ("CC-BY-4.0 or later", []),
        ("", []),
    ],
)
def test_only_a_licence_that_readers_can_look_up_is_a_podcast_licence(licence: str, told: list[str]) -> None:
    feed = edition_feed(edition(licence=licence), LIBRARY)
    assert texts(feed, "channel/item/podcast:license") == told
    assert texts(feed, "channel/copyright") == ([f"Licence: {licence}"] if licence else [])


@pytest.mark.parametrize("contact", ["", "https://sample.example/contact", "020 7946 0000", "a@b"])
def test_only_a_mail_address_can_own_a_feed(contact: str) -> None:
    feed = edition_feed(edition(contact=contact), LIBRARY)
    assert texts(feed, "channel/podcast:locked") == ["yes"]
    assert attributes(feed, "channel/podcast:locked") == [{}]


def test_a_withdrawn_leaflet_says_so_first_and_why() -> None:
    book = withdrawn()
    feed = edition_feed(book, LIBRARY)
    assert texts(feed, "channel/title") == ["Withdrawn: Understanding bone metastasis"]
    assert texts(feed, "channel/item/title") == ["Withdrawn: Understanding bone metastasis"]
    (description,) = texts(feed, "channel/item/description")
    told = paragraphs(description)
    assert told[0] == book.status
    assert "Cancer cells can move." in told  # the words of the notice
    assert "A list of three items." not in told  # for the ear only
    assert "0:00 Introduction" not in told


def test_the_status_of_a_notice_is_told_once() -> None:
    status = "Cancer cells can move."  # a sentence of the text
    (description,) = texts(
        edition_feed(withdrawn().model_copy(update={"status": status}), LIBRARY), ".//item/description"
    )
    assert paragraphs(description).count(status) == 1


def test_text_that_runs_from_the_right_says_so() -> None:
    book = with_files(write_hostile()).model_copy(update={"dir": "rtl", "language": "en"})
    (description,) = texts(edition_feed(book, LIBRARY), "channel/item/description")
    assert description.startswith('<p dir="rtl">')
    assert '<ul dir="rtl">' in description


def test_the_library_feed_has_the_newest_first_then_by_title() -> None:
    editions = [
        Listed(book=edition(title=title, modified=modified), path=path)
        for title, modified, path in (
            ("B", "2026-01-01T00:00:00Z", "b/en"),
            ("C", "2026-02-01T01:00:00+02:00", "c/en"),
            ("a", "2026-01-01T00:00:00Z", "a/en"),
        )
    ]
    feed = library_feed(editions, LIBRARY, cover="cover.png")
    assert texts(feed, "channel/item/title") == ["C", "a", "B"]
    assert texts(feed, "channel/item/link") == [f"{BASE}{slug}/en/index.html" for slug in ("c", "a", "b")]
    assert texts(feed, "channel/lastBuildDate") == ["Sat, 31 Jan 2026 23:00:00 +0000"]
    assert texts(feed, "channel/title") == ["City library"]
    assert texts(feed, "channel/itunes:author") == ["City Trust"]
    assert texts(feed, "channel/podcast:medium") == ["podcast"]
    assert attributes(feed, "channel/podcast:locked") == [{}]
    assert feed == library_feed(editions[::-1], LIBRARY, cover="cover.png")


def test_the_library_feed_links_chapters_only_of_editions_that_have_them() -> None:
    without = edition()
    chapters = without.files[0].model_copy(update={"path": "chapters.json"})
    having = without.model_copy(update={"files": (*without.files, chapters), "title": "Z"})
    editions = [Listed(book=without, path="sample/en"), Listed(book=having, path="z/en")]
    feed = library_feed(editions, LIBRARY, cover="cover.png")
    assert [found["url"] for found in attributes(feed, "channel/item/podcast:chapters")] == [
        f"{BASE}z/en/chapters.json"
    ]


def test_a_library_with_no_edition_has_an_empty_feed() -> None:
    feed = library_feed([], LIBRARY, cover="cover.png")
    assert texts(feed, "channel/item") == []
    assert texts(feed, "channel/lastBuildDate") == []
    assert texts(feed, "channel/language") == ["en"]


def test_a_library_with_no_name_has_a_title_all_the_same() -> None:
    feed = library_feed([], replace(LIBRARY, title="", publisher=""), cover="cover.png")
    assert texts(feed, "channel/title") == ["Patient leaflets to listen to"]
    assert texts(feed, "channel/itunes:author") == []


def test_same_editions_same_bytes() -> None:
    assert edition_feed(edition(), LIBRARY) == edition_feed(edition(), LIBRARY)


def test_without_base_url_there_is_no_feed() -> None:
    nowhere = replace(LIBRARY, base_url="")
    with pytest.raises(PublishError, match="base_url"):
        edition_feed(edition(), nowhere)
    with pytest.raises(PublishError, match="base_url"):
        library_feed([], nowhere, cover="cover.png")


def test_a_title_is_one_line_of_characters_that_xml_can_carry() -> None:
    feed = edition_feed(edition(title="A\x00 bell\x07,\ntwo lines\u2028 and \uffff"), LIBRARY)
    assert texts(feed, "channel/item/title") == ["A\ufffd bell\ufffd, two lines and \ufffd"]


@pytest.mark.parametrize("words", [*HOSTILE, "👩‍⚕️ & <b>bold</b>", "שלום <i>x</i>"])
def test_an_xml_reader_finds_any_title_and_status_as_they_were(words: str) -> None:
    feed = edition_feed(edition(title=words, status=words, notice=words), LIBRARY)
    assert texts(feed, "channel/title") == [one_line(words)]
    assert texts(feed, "channel/item/title") == [one_line(words)]
    (description,) = texts(feed, "channel/item/description")
    assert (paragraphs(description)[0], paragraphs(description)[-1]) == (one_line(words), one_line(words))


MARKUP = [*"<>&\"' aéא👍", "<b>", "</b>", "<script>", "</p>", "&amp;", "&lt;", "&#60;", "]]>", "<!--"]
PLAIN = st.text(min_size=1)
TEXT = PLAIN | st.lists(st.sampled_from(MARKUP), min_size=1).map("".join)


def squeezed(text: str) -> str:
    """Text without its blanks: a reader of HTML folds them."""
    return "".join(one_line(text).split())


def mended(text: str) -> str:
    """What feedparser makes of a text: UTF-8 that was read as Latin-1 ("Ã©" for "é") it reads again."""
    try:
        return one_line(text).encode("latin-1").decode()
    except UnicodeError:
        return text


@settings(deadline=None, max_examples=300)
@given(title=TEXT.filter(squeezed), status=TEXT.filter(squeezed))
@example(title="Â¡", status="Ã©")
@example(title="<script>alert(1)</script>", status="If <5 mg & >3 mg, a<b, &amp; &lt;script&gt;")
def test_any_words_come_through_feedparser(title: str, status: str) -> None:
    feed = edition_feed(edition(title=title, status=status), LIBRARY)
    read = feedparser.parse(feed)
    assert not read.bozo
    assert squeezed(paragraphs(read.entries[0].summary)[0]) == squeezed(mended(status))
    # It takes a title with a closing tag for HTML, and tidies that.
    (entry,) = feedparser.parse(feed, sanitize_html=False, resolve_relative_uris=False).entries
    assert squeezed(entry.title) == squeezed(mended(title))
