"""The facts at the end of an edition's page: from whom, under which licence, of which day, checked by whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from audioleaflet.book.model import Book, Source
from audioleaflet.phrases import Phrases, SiteWording
from audioleaflet.publish.transcript.links import split_links
from audioleaflet.publish.transcript.wording import one_line

_MAIL = re.compile(r"[^\s@:/?&<>()]+@[^\s@:/?&<>()]+\.[^\s@:/?&<>()]+")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9][0-9 ().–-]{1,24}")
# SPDX licence identifiers: what a leaflet is likely to carry. Licences are known by their own names everywhere.
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)")
_PARTS = {"BY": "Attribution", "NC": "NonCommercial", "SA": "ShareAlike", "ND": "NoDerivatives"}
_OTHERS = {
    "CC0-1.0": ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "OGL-UK-3.0": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words, and the address that they lead to; "" where they lead nowhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the table of facts: what it is, and its words."""

    name: str
    value: tuple[Link, ...]


def warned(book: Book) -> bool:
    """Whether an edition says of itself that it is withdrawn, past its review date, or not approved in full."""
    return book.withdrawn is not None or book.approval is None or book.approval.state != "approved"


def review_due(book: Book) -> str:
    """The last day on which an approval holds (ISO 8601), the sooner of the wording's and the sound's.

    "" where there is no approval that could pass, or it has passed: then the status of the edition says so already.
    """
    if book.withdrawn is not None or book.approval is None or book.approval.state in ("wording-changed", "past-due"):
        return ""
    checks = (book.approval, book.approval.sound)
    return min(check.review_due for check in checks if check is not None)


def is_past(due: str, today: date) -> bool:
    """Whether a review date has gone by."""
    return bool(due) and due < today.isoformat()


def facts(book: Book, phrases: Phrases, words: SiteWording, today: date) -> tuple[Fact, ...]:
    """Publisher, version, who checked it, licence, voice: those that the edition has."""
    page = words.page
    day = book.modified[:10]
    told = [
        (page["publisher"], _links(book.publisher, book)),
        (page["version"], _plain(page["version_told"].format(version=book.version, date=phrases.day(day)))),
    ]
    if book.withdrawn is None:
        late = phrases.past_due if is_past(review_due(book), today) else ()
        told.append((page["checked"], _plain(" ".join((book.status, *late)))))
    voice = page["voice_told"].format(name=f"{book.voice.engine} {book.voice.name}", rate=book.voice.rate_wpm)
    told += [(page["licence"], (licence(book.licence),)), (page["voice"], _plain(voice))]
    return tuple(Fact(name=name, value=value) for name, value in told if any(part.text for part in value))


def licence(identifier: str) -> Link:
    """A licence by its name with its page, where the SPDX identifier is one that we know; else as it was written."""
    found = _CREATIVE_COMMONS.fullmatch(identifier)
    if found:
        terms, version = found.groups()
        name = "-".join(_PARTS[part] for part in terms.split("-"))
        return Link(
            text=f"Creative Commons {name} {version} ({identifier})",
            href=f"https://creativecommons.org/licenses/{terms.lower()}/{version}/",
        )
    name, href = _OTHERS.get(identifier, ("", ""))
    return Link(text=f"{name} ({identifier})" if name else one_line(identifier), href=href)


def source(one: Source, phrases: Phrases) -> tuple[Link, ...]:
    """A source in words, its title leading to its page."""
    href = one.url if _WEB.fullmatch(one.url) else ""
    rest = [one.publisher, phrases.day(one.date), "" if href else one.url]
    after = ", ".join(one_line(part) for part in rest if part)
    title = Link(text=one_line(one.title), href=href)
    return (title, Link(text=f", {after}", href="")) if after else (title,)


def report(book: Book, words: SiteWording) -> tuple[Link, ...]:
    """How to report a wrong word, as the publisher's contact is written: mail, a page, or words.

    A mail link (RFC 6068) has the leaflet and its version filled in, and ends where the place is to be written.
    """
    contact = one_line(book.contact)
    if _MAIL.fullmatch(contact):
        return (Link(text=words.page["report_mail"].format(contact=contact), href=_mail(book, contact, words)),)
    if _WEB.fullmatch(contact):
        return (Link(text=words.page["report"], href=contact),)
    return (Link(text=f"{words.page['report']}: ", href=""), *_links(contact, book)) if contact else ()


def telephone(number: str) -> Link:
    """The library's telephone number, to be called where it is nothing but a number."""
    digits = re.sub(r"[^+0-9]", "", number)
    return Link(text=one_line(number), href=f"tel:{digits}" if _NUMBER.fullmatch(number) else "")


def _mail(book: Book, contact: str, words: SiteWording) -> str:
    filled = {"title": one_line(book.title), "version": book.version, "edition": book.script_sha256[:8]}
    subject = words.page["report_subject"].format(**filled)
    body = words.page["report_body"].format(**filled).replace("\n", "\r\n")
    return f"mailto:{quote(contact, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"


def _plain(text: str) -> tuple[Link, ...]:
    return (Link(text=one_line(text), href=""),)


def _links(text: str, book: Book) -> tuple[Link, ...]:
    return tuple(Link(text=piece, href=href) for piece, href in split_links(one_line(text), book.language))
