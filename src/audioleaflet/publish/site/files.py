"""What an edition's page links to: the addresses of its files, and their sizes in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from audioleaflet.book.model import Book, File
from audioleaflet.errors import PublishError
from audioleaflet.phrases import SiteWording
from audioleaflet.publish.formats import READINGS, path_of
from audioleaflet.publish.library import whole_recording
from audioleaflet.publish.site.archive import SUFFIX, stem
from audioleaflet.publish.transcript.wording import one_line

_KILO, _MEGA = 1000, 1_000_000
_ENDS = tuple(".,;:!?…。！？؟")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A link to a file: what it is, then format, length and size in words, with what stands between them."""

    href: str
    name: str
    facts: str


def address(file: File) -> str:
    """The address of a file of the edition, relative to its folder. ``v``: the first 12 digits of its SHA-256.

    A page of one edition so never gets a file of another: a server can tell that the version is gone.
    """
    return f"{quote(file.path)}?v={file.sha256[:12]}"


def fragment(href: str, begin_ms: int, end_ms: int | None = None) -> str:
    """``href`` from a moment on, in seconds, or up to another one (W3C Media Fragments 4.2.1)."""
    until = "" if end_ms is None else f",{_seconds(end_ms)}"
    return f"{href}#t={_seconds(begin_ms)}{until}"


def size(count: int, words: SiteWording) -> str:
    """``count`` bytes in words, in units of 1000: "580 kB", "5.1 MB"."""
    if round(count / _KILO) < _KILO:
        return words.page["kilobytes"].format(number=max(1, round(count / _KILO)))
    number = f"{count / _MEGA:.1f}".replace(".", words.page["decimal_sign"])
    return words.page["megabytes"].format(number=number)


def downloads(book: Book, words: SiteWording) -> tuple[Download, ...]:
    """Every file to keep of the edition: the recording, each chapter, all chapters in a zip, M4B, text, and more."""
    page, name = words.page, stem(book)
    whole = words.length(book.duration_ms)
    found = [_download(whole_recording(book), page["whole"], words, ("MP3", whole))]
    for chapter in book.chapters:
        facts = ("MP3", words.length(chapter.duration_ms))
        found.append(
            _download(_file(book, chapter.audio), chapter_name(chapter.number, chapter.title, words), words, facts)
        )
    listed = {file.path: file for file in book.files}
    for path, told, before, after in (
        (f"{name}{SUFFIX}", page["all_chapters"], ("ZIP", whole), (page["zip_note"],)),
        (f"{name}.m4b", page["audiobook"], ("M4B", whole), (page["m4b_note"],)),
        ("transcript.txt", page["text"], ("TXT",), ()),
    ):
        if path in listed:
            found.append(_download(listed[path], told, words, before, after))
    for one in READINGS:
        if one.label and (path := path_of(book, one.ends)):
            link = _download(listed[path], page[f"get_{one.name}"], words, (one.label,))
            found.append(replace(link, facts=page["for_whom"].format(facts=link.facts, note=page[f"{one.name}_note"])))
    return tuple(found)


def chapter_name(number: int, title: str, words: SiteWording) -> str:
    """ "Chapter 2: What is …", or the bare title of what has no number."""
    shown = one_line(title)
    return words.page["chapter"].format(number=number, title=shown) if number else shown


def _download(
    file: File, name: str, words: SiteWording, before: tuple[str, ...], after: tuple[str, ...] = ()
) -> Download:
    comma = words.page["comma"]
    facts = comma.join((*before, size(file.bytes, words), *after))
    return Download(href=address(file), name=name, facts=f"{' ' if name.endswith(_ENDS) else comma}{facts}")


def _file(book: Book, path: str) -> File:
    for file in book.files:
        if file.path == path:
            return file
    raise PublishError(f"book.json does not list {path}", next_step="build the edition again")


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
