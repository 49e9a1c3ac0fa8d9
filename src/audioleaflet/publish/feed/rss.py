"""``feed.xml``: RSS 2.0 with iTunes and Podcasting 2.0 tags.

Written with lxml alone: feedgen stamps a feed with the time of its making, has no Podcasting 2.0 tags and no
``itunes:explicit`` of "false". A description is HTML, as RSS 2.0 has it (plain text would lose "<5 mg" in most apps):
paragraphs and a list, no markup of the leaflet's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime

from lxml import etree

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.errors import PublishError
from audioleaflet.phrases import SiteWording
from audioleaflet.publish.feed.addresses import address, edition_path, feed_guid, web_folder
from audioleaflet.publish.feed.chapters import MEDIA_TYPE
from audioleaflet.publish.formats import CHAPTERS, FEED, PAGE
from audioleaflet.publish.library import Library, Listed, main_language, whole_recording
from audioleaflet.publish.transcript.wording import one_line
from audioleaflet.units import Ms, ms_to_clock

_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
_GENERATOR = "Audioleaflet"
_CATEGORY = ("Health & Fitness", "Medicine")  # of the list that Apple Podcasts keeps
_TRANSCRIPTS = (("transcript.vtt", "captions"), ("transcript.srt", "captions"), ("transcript.html", ""))
# Identifiers of the SPDX licence list, of licences that text is published under. Another licence would need an address.
_SPDX = re.compile(r"cc0-1\.0|cc-by(-nc)?(-nd|-sa)?-\d\.\d(-[a-z]{2,3})?|ogl-(uk-\d\.\d|canada-2\.0)", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


def edition_feed(book: Book, library: Library) -> bytes:
    """The feed of one edition: its channel is the leaflet, its one item the recording of the whole."""
    words, path = phrases.load_site(book.language), edition_path(book)
    folder = f"{address(web_folder(library), path)}/"
    about = _html([book.status, _opening(book)], book.dir)
    rss, channel = _channel(_title(book, words), about, book.language, _page(book, folder), f"{folder}{FEED}")
    _add(channel, "copyright", _licence(book, words))
    _add(channel, "lastBuildDate", _date(book))
    _itunes_channel(channel, book.publisher or library.publisher, address(folder, book.cover))
    # One item, and that is the whole of it.
    _podcast_channel(channel, f"{folder}{FEED}", "audiobook", owner=book.contact)
    _item(channel, book, words, folder, {CHAPTERS})
    return _bytes(rss)


def library_feed(editions: Sequence[Listed], library: Library, *, cover: str) -> bytes:
    """The feed of a library: an item an edition, the newest first, then by title. ``cover``: its picture's file."""
    folder, language = web_folder(library), main_language(editions)
    words = phrases.load_site(language)
    about = _html([words.library["description"]], phrases.load(language).dir)
    page, feed = address(folder, PAGE), address(folder, FEED)
    rss, channel = _channel(one_line(library.title) or words.library["title"], about, language, page, feed)
    ordered = sorted(editions, key=lambda edition: (edition.book.title.casefold(), edition.path))
    ordered.sort(key=lambda edition: _modified(edition.book), reverse=True)
    if ordered:
        _add(channel, "lastBuildDate", _date(ordered[0].book))
    _itunes_channel(channel, library.publisher, address(folder, cover))
    _podcast_channel(channel, feed, "podcast", owner="")
    for edition in ordered:
        book = edition.book
        _item(channel, book, phrases.load_site(book.language), f"{address(folder, edition.path)}/", set())
    return _bytes(rss)


def _channel(title: str, about: str, language: str, page: str, feed: str) -> tuple[etree._Element, etree._Element]:
    """The root, and the channel in it with what RSS 2.0 asks of every channel."""
    rss = etree.Element("rss", {"version": "2.0"}, nsmap=_NAMESPACES)
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", title)
    _add(channel, "link", page)
    _add(channel, "description", about)
    _add(channel, "language", language)
    _add(channel, "generator", _GENERATOR)
    _add(channel, "atom:link", href=feed, rel="self", type="application/rss+xml")
    return rss, channel


def _itunes_channel(channel: etree._Element, author: str, image: str) -> None:
    _add(channel, "itunes:author", one_line(author))
    _add(channel, "itunes:image", href=image)
    _add(channel, "itunes:type", "episodic")
    _add(channel, "itunes:explicit", "false")
    category, within = _CATEGORY
    outer = etree.SubElement(channel, _name("itunes:category"), {"text": category})
    _add(outer, "itunes:category", text=within)


def _podcast_channel(channel: etree._Element, feed: str, medium: str, *, owner: str) -> None:
    _add(channel, "podcast:guid", feed_guid(feed))
    _add(channel, "podcast:medium", medium)
    # A copy on another host would not follow when a leaflet is corrected or withdrawn: that host shall ask first.
    if _MAIL.fullmatch(owner):
        _add(channel, "podcast:locked", "yes", owner=owner)
    else:
        _add(channel, "podcast:locked", "yes")


def _item(channel: etree._Element, book: Book, words: SiteWording, folder: str, made: set[str]) -> None:
    """The recording of an edition. ``made``: what is being written beside the files that ``book`` names."""
    sound = whole_recording(book)
    held = {file.path for file in book.files} | made
    item = etree.SubElement(channel, "item")
    _add(item, "title", _title(book, words))
    _add(item, "link", _page(book, folder))
    _add(item, "description", _description(book, words))
    _add(item, "enclosure", url=address(folder, sound.path), length=str(sound.bytes), type=sound.media_type)
    # Another script or another voice is another episode: an app that keeps the old sound must not show the new text.
    edition = f"{book.identifier}#{book.script_sha256[:8]}-{sound.sha256[:8]}"
    _add(item, "guid", edition, isPermaLink="false")
    _add(item, "pubDate", _date(book))
    _add(item, "itunes:author", one_line(book.publisher))
    _add(item, "itunes:duration", str((book.duration_ms + 500) // 1000))
    _add(item, "itunes:image", href=address(folder, book.cover))
    _add(item, "itunes:episodeType", "full")
    _add(item, "itunes:explicit", "false")
    if CHAPTERS in held:
        _add(item, "podcast:chapters", url=address(folder, CHAPTERS), type=MEDIA_TYPE)
    _transcripts(item, book, folder)
    if _SPDX.fullmatch(book.licence):
        _add(item, "podcast:license", book.licence.lower())


def _page(book: Book, folder: str) -> str:
    """What to read of an edition: its page, else its transcript, else its sound."""
    held = {file.path for file in book.files}
    pages = [name for name in (PAGE, "transcript.html") if name in held]
    return address(folder, *pages[:1] or [whole_recording(book).path])


def _transcripts(item: etree._Element, book: Book, folder: str) -> None:
    """Those that the edition has, captions first: that is what apps follow the sound with."""
    media_types = {file.path: file.media_type for file in book.files}
    for name, rel in _TRANSCRIPTS:
        if name in media_types:
            url = address(folder, name)
            attributes = {"url": url, "type": media_types[name], "language": book.language}
            _add(item, "podcast:transcript", **attributes, **({"rel": rel} if rel else {}))


def _title(book: Book, words: SiteWording) -> str:
    title = one_line(book.title)
    return words.feed["withdrawn"].format(title=title) if book.withdrawn else title


def _licence(book: Book, words: SiteWording) -> str:
    return words.feed["licence"].format(licence=one_line(book.licence)) if book.licence else ""


def _opening(book: Book) -> str:
    return phrases.load(book.language).opening.format(publisher=book.publisher)


def _description(book: Book, words: SiteWording) -> str:
    """Who checked it or that it is withdrawn and why, then the chapters with their times, then the notice."""
    if book.withdrawn:
        told = [one_line(cue.text) for chapter in book.chapters for cue in chapter.cues if cue.role == "text"]
        return _html([book.status, *(line for line in told if line != book.status)], book.dir)
    chapters = [
        words.feed["chapter"].format(time=ms_to_clock(Ms(chapter.start_ms)), title=one_line(chapter.title))
        for chapter in book.chapters
    ]
    return _html([book.status, _opening(book), chapters, book.notice], book.dir)


def _html(blocks: Iterable[str | list[str]], direction: str) -> str:
    """A paragraph for each text, a list for each list; nothing for what is empty. Text that runs from right says so."""
    attributes = {"dir": direction} if direction == "rtl" else {}
    elements = []
    for block in filter(None, blocks):
        element = etree.Element("p" if isinstance(block, str) else "ul", attributes)
        if isinstance(block, str):
            element.text = one_line(block)
        else:
            for entry in block:
                etree.SubElement(element, "li").text = entry
        elements.append(element)
    return "\n".join(etree.tostring(element, encoding="unicode", method="html") for element in elements)


def _add(parent: etree._Element, name: str, words: str = "", /, **attributes: str) -> None:
    """An element with words or attributes; none without either."""
    if words or attributes:
        etree.SubElement(parent, _name(name), attributes).text = words or None


def _name(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}" if colon else name


def _modified(book: Book) -> datetime:
    try:
        moment = datetime.fromisoformat(book.modified)
    except ValueError as error:
        raise PublishError(
            f"{book.title}: 'modified' in book.json is no time: {book.modified!r}", next_step="build it again"
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _date(book: Book) -> str:
    """RFC 2822 (RFC 822 with four digits of the year), as RSS 2.0 has it."""
    return format_datetime(_modified(book))


def _bytes(rss: etree._Element) -> bytes:
    return etree.tostring(rss, encoding="UTF-8", xml_declaration=True, pretty_print=True)
