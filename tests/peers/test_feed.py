"""The feeds read by programs that others wrote: feedparser and podcast-partytime, which parses as podcast apps do.

The second comes from npm, into a folder that ``AUDIOLEAFLET_PEERS`` names (it needs Node.js):

    npm install --prefix "$AUDIOLEAFLET_PEERS" --ignore-scripts podcast-partytime@5
"""

from __future__ import annotations

import html
import json
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from tests.peers.conftest import require
from tests.peers.test_transcript import require_package, run
from tests.publish.conftest import write_hostile
from tests.publish.feed.conftest import BASE, LIBRARY, SOUND_BYTES, edition, with_files

from audioleaflet.book.model import Book
from audioleaflet.publish.feed.addresses import feed_guid
from audioleaflet.publish.feed.rss import edition_feed, library_feed
from audioleaflet.publish.library import Listed
from audioleaflet.publish.transcript.wording import one_line

pytestmark = pytest.mark.peer

FOLDER = f"{BASE}sample/en/"
OTHER = "</title><script>alert(1)</script> \"quotes\" 'and' <b>R&D</b> 👩‍⚕️ שלום &amp;"
BOOKS = pytest.mark.parametrize(
    "book", [edition(), with_files(write_hostile()), edition(title=OTHER)], ids=["sample", "hostile", "title"]
)
MODIFIED = datetime(2026, 11, 22, tzinfo=UTC)

# What it does not expect it tells on the console.
READ = """
const told = [];
console.warn = console.error = (...words) => told.push(words.join(" "));
const { parseFeed } = require(process.argv[1]);
const feed = parseFeed(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify({ feed, told }));
"""


def partytime(feed: bytes) -> dict[str, Any]:
    """The feed as podcast-partytime reads it; it has nothing to remark."""
    package = require_package("podcast-partytime")
    answer = json.loads(run(require("node"), "-e", READ, package, text=feed.decode()).splitlines()[-1])
    assert answer["told"] == []
    read: dict[str, Any] = answer["feed"]
    return read


def shown(text: str) -> str:
    """Text as podcast-partytime gives it: entities read twice, blanks folded."""
    return re.sub(r"\s+", " ", html.unescape(one_line(text))).strip()


@BOOKS
def test_feedparser_finds_no_fault_and_every_field(book: Book) -> None:
    read = feedparser.parse(edition_feed(book, LIBRARY), sanitize_html=False)
    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.title == one_line(book.title)
    assert read.feed.link == f"{FOLDER}index.html"
    assert read.feed.language == book.language
    assert read.feed.author == book.publisher
    assert read.feed.rights == "Licence: CC-BY-4.0"
    assert read.feed.image.href == f"{FOLDER}cover.png"
    assert timegm(read.feed.updated_parsed) == MODIFIED.timestamp()
    assert [tag.term for tag in read.feed.tags] == ["Health & Fitness", "Medicine"]
    assert [link.href for link in read.feed.links if link.rel == "self"] == [f"{FOLDER}feed.xml"]
    (entry,) = read.entries
    assert entry.title == one_line(book.title)
    assert entry.link == f"{FOLDER}index.html"
    assert not entry.guidislink
    assert entry.id.startswith(f"{book.identifier}#")
    assert timegm(entry.published_parsed) == MODIFIED.timestamp()
    assert entry.itunes_duration == str(round(book.duration_ms / 1000))
    (sound,) = entry.enclosures
    assert (sound.href, sound.type, sound.length) == (f"{FOLDER}sample-en.mp3", "audio/mpeg", str(SOUND_BYTES))


@BOOKS
def test_feedparser_cleans_the_description_and_nothing_is_lost(book: Book) -> None:
    (entry,) = feedparser.parse(edition_feed(book, LIBRARY)).entries
    told = [html.unescape(block) for block in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", entry.summary, re.DOTALL)]
    assert told[0] == book.status
    assert [line.partition(" ")[2] for line in told[2:-1]] == [one_line(chapter.title) for chapter in book.chapters]
    assert told[-1] == book.notice


@BOOKS
def test_podcast_partytime_reads_what_podcast_apps_need(book: Book) -> None:
    read = partytime(edition_feed(book, LIBRARY))
    assert read["title"] == shown(book.title)
    assert read["link"] == f"{FOLDER}index.html"
    assert read["language"] == book.language
    assert read["author"] == book.publisher
    assert read["explicit"] is False
    assert read["itunesType"] == "episodic"
    assert read["itunesImage"] == f"{FOLDER}cover.png"
    assert read["itunesCategory"] == ["Health & Fitness > Medicine"]  # it knows the list of Apple
    assert read["guid"] == feed_guid(f"{FOLDER}feed.xml")
    assert read["medium"] == "audiobook"
    assert (read["locked"], read["podcastOwner"]) == (True, book.contact)
    (item,) = read["items"]
    assert item["title"] == shown(book.title)
    assert item["enclosure"] == {"url": f"{FOLDER}sample-en.mp3", "length": SOUND_BYTES, "type": "audio/mpeg"}
    assert item["duration"] == round(book.duration_ms / 1000)
    assert item["explicit"] is False
    assert item["itunesEpisodeType"] == "full"
    assert datetime.fromisoformat(item["pubDate"]) == MODIFIED
    assert item["license"]["identifier"] == "cc-by-4.0"
    assert item["podcastChapters"] == {"url": f"{FOLDER}chapters.json", "type": "application/json+chapters"}
    assert item["podcastTranscripts"] == [
        {"url": f"{FOLDER}transcript.vtt", "type": "text/vtt", "language": "en-US", "rel": "captions"},
        {"url": f"{FOLDER}transcript.srt", "type": "application/srt", "language": "en-US", "rel": "captions"},
        {"url": f"{FOLDER}transcript.html", "type": "text/html", "language": "en-US"},
    ]


def test_both_read_a_library_of_many() -> None:
    editions = [
        Listed(book=edition(title=f"Leaflet {number}", modified=f"2026-01-{number:02}"), path=f"leaflet-{number}/en")
        for number in range(1, 31)
    ]
    feed = library_feed(editions, LIBRARY, cover="cover.png")
    read = feedparser.parse(feed)
    assert not read.bozo
    newest_first = [f"Leaflet {number}" for number in range(30, 0, -1)]
    assert [entry.title for entry in read.entries] == newest_first
    other = partytime(feed)
    assert [item["title"] for item in other["items"]] == newest_first
    assert other["title"] == "City library"
    assert other["guid"] == feed_guid(f"{BASE}feed.xml")
    assert other["items"][0]["enclosure"]["url"] == f"{BASE}leaflet-30/en/sample-en.mp3"
