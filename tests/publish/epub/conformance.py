"""Rules of EPUB 3.3 that a book of ours is held to, read back with lxml and none of our writers.

Sections are those of EPUB 3.3 (W3C Recommendation); "A11Y" is EPUB Accessibility 1.1. EPUBCheck knows nothing of where
a sound ends, of a sentence that was left out, or of two sentences that were exchanged; these rules do.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from audioleaflet.sound.mp3 import frames

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
SMIL = "{http://www.w3.org/ns/SMIL}"
OPS = "{http://www.idpf.org/2007/ops}"
X = "{http://www.w3.org/1999/xhtml}"
PACKAGE = "EPUB/package.opf"
HEADINGS = tuple(f"{X}h{level}" for level in range(1, 7))
ESCAPABLE = ("list", "table", "figure", "aside")


@dataclass
class Read:
    """An EPUB as its files by name, and what was found wrong with it."""

    files: Mapping[str, bytes]
    trees: dict[str, etree._Element] = field(default_factory=dict)
    items: dict[str, etree._Element] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def told(self, held: bool, problem: str) -> None:
        if not held:
            self.problems.append(problem)

    @property
    def package(self) -> etree._Element:
        return self.trees[PACKAGE]

    def path(self, name: str) -> str:
        """The file that the manifest item ``name`` stands for."""
        return f"EPUB/{self.items[name].get('href', '')}"

    def spine(self) -> list[str]:
        return [reference.get("idref", "") for reference in self.package.iterfind(f".//{OPF}itemref")]

    def meta(self, name: str, refines: str | None = None) -> list[str]:
        found = self.package.iterfind(f".//{OPF}meta[@property='{name}']")
        return [(element.text or "").strip() for element in found if element.get("refines") == refines]


def broken(files: Mapping[str, bytes]) -> list[str]:
    """What of the rules the files of an EPUB break, each with its section; nothing for a good one."""
    read = Read(files)
    for name, data in files.items():
        if name.endswith((".opf", ".xhtml", ".smil", ".xml")):
            try:
                read.trees[name] = etree.fromstring(data)
            except etree.XMLSyntaxError as error:
                return [f"3.9 {name} is not well-formed: {error}"]
    _package(read)
    if not read.problems:
        _overlays(read)
        _navigation(read)
    return read.problems


def _package(read: Read) -> None:
    items = list(read.package.iterfind(f".//{OPF}item"))
    read.items = {item.get("id", ""): item for item in items}
    every = _ids(read.package)
    read.told(len(every) == len(set(every)), "5.3.3 an id stands twice in the package document")
    named = Counter(f"EPUB/{item.get('href')}" for item in items)
    there = {name for name in read.files if name not in ("mimetype", PACKAGE) and not name.startswith("META-INF/")}
    read.told(not (there - set(named)), f"5.6.1 the manifest does not name {sorted(there - set(named))}")
    read.told(not (set(named) - there), f"5.6.1 the manifest names what is not there: {sorted(set(named) - there)}")
    read.told(set(named.values()) == {1}, "5.6.2 the manifest names a file twice")
    strangers = [name for name in read.spine() if name not in read.items]
    read.told(not strangers, f"5.7.2 the spine names no item: {strangers}")
    read.told(len(read.spine()) == len(set(read.spine())), "5.7.2 the spine names an item twice")
    unique = read.package.get("unique-identifier")
    for name, wanted in (("identifier", 1), ("title", 1), ("language", 1), ("date", 0)):
        found = list(read.package.iterfind(f".//{DC}{name}"))
        read.told(len(found) == wanted and all(one.text for one in found), f"5.5.3 there are {len(found)} dc:{name}")
        read.told(name != "identifier" or found[0].get("id") == unique, "5.4 the unique identifier is another")
    modified = read.meta("dcterms:modified")
    held = len(modified) == 1 and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", modified[0])
    read.told(bool(held), f"5.5.5 dcterms:modified is {modified}")
    for name in ("media:active-class", "media:playback-active-class"):
        classes = read.meta(name)
        styled = len(classes) == 1 and f".{classes[0]} " in read.files["EPUB/book.css"].decode()
        read.told(styled, f"9.3.4 {name} is {classes}, or has no style")
    _accessible(read)


def _accessible(read: Read) -> None:
    for name in ("accessMode", "accessibilityFeature", "accessibilityHazard", "accessibilitySummary"):
        read.told(bool(read.meta(f"schema:{name}")), f"A11Y Discoverability: there is no schema:{name}")
    modes = set(read.meta("schema:accessMode"))
    for way in read.meta("schema:accessModeSufficient"):
        read.told(set(way.split(",")) <= modes, f"A11Y Discoverability: {way} is enough, and is no access mode")
    claims = read.meta("dcterms:conformsTo")
    pattern = r"EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level A{1,3}"
    read.told(
        any(re.fullmatch(pattern, claim) for claim in claims), f"A11Y Publication conformance: it claims {claims}"
    )
    read.told(bool(read.meta("a11y:certifiedBy", "#conformance")), "A11Y Evaluator name: nobody is named who says so")


def _overlays(read: Read) -> None:
    total = 0
    sounding = [name for name in read.spine() if read.items[name].get("media-overlay")]
    read.told(bool(sounding), "9.3.5.1 nothing in the spine has sound")
    chapters = [read.path(name) for name in sounding]
    read.told(chapters == sorted(chapters), f"5.7.1 the chapters stand in the order {chapters}")
    for name in sounding:
        overlay = read.items[name].get("media-overlay", "")
        held = overlay in read.items and read.items[overlay].get("media-type") == "application/smil+xml"
        read.told(held, f"9.3.5.1 {name} has no overlay {overlay}")
        if held:
            length_ms = _overlay(read, read.path(overlay), read.path(name))
            told = read.meta("media:duration", f"#{overlay}")
            read.told(told == [f"{length_ms / 1000:.3f}s"], f"9.3.5.2 {overlay} lasts {length_ms} ms, told as {told}")
            total += length_ms
    whole = read.meta("media:duration")
    read.told(whole == [f"{total / 1000:.3f}s"], f"9.3.5.2 the book lasts {total} ms, told as {whole}")


def _overlay(read: Read, path: str, page: str) -> int:
    """Hold a SMIL file against its page, and answer how long it lasts, in milliseconds."""
    root = read.trees[path]
    read.told(root.tag == f"{SMIL}smil" and root.get("version") == "3.0", f"9.2.2.1 {path} is no SMIL 3.0")
    ids = _ids(root)
    read.told(len(ids) == len(set(ids)), f"9.2.2 an id stands twice in {path}")
    spoken, at, ends = [], 0, _length_ms(read, path)
    for par in root.iter(f"{SMIL}par"):
        text, sound = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
        if text is None or sound is None or len(par) != 2:
            read.told(False, f"9.2.2.6 a par of {path} is not a text and a sound")
            continue
        file, _, fragment = _resolved(path, text.get("src", ""))
        read.told(file == page, f"9.3.2 {path} speaks for {file}, not for {page}")
        spoken.append(fragment)
        begin, end = _ms(sound.get("clipBegin", "")), _ms(sound.get("clipEnd", ""))
        read.told(begin < end, f"9.2.2.8 {fragment} begins at {begin} ms and ends at {end}")
        read.told(begin == at, f"9.2.2.8 {fragment} begins at {begin} ms, and the sound before it ends at {at}")
        read.told(end <= ends, f"9.2.2.8 {fragment} ends at {end} ms, and its sound at {ends}")
        at = end
    printed = _printed(read.trees[page])
    lost, dangling = [one for one in printed if one not in spoken], [one for one in spoken if one not in printed]
    read.told(not lost, f"A11Y Completeness: {page} has words without sound: {lost}")
    read.told(not dangling, f"9.3.2.2 {path} names what {page} has not: {dangling}")
    read.told(bool(lost or dangling) or spoken == printed, f"9.3.2.1 {path} is not in the order of {page}")
    _lists(read, path, page)
    return at


def _lists(read: Read, path: str, page: str) -> None:
    """Lists can be escaped; one inside another is not marked (9.4.2)."""
    outer = [
        one for one in read.trees[page].iter(f"{X}ol", f"{X}ul") if not any(_is_list(a) for a in one.iterancestors())
    ]
    told = []
    for seq in read.trees[path].iter(f"{SMIL}seq"):
        file, _, fragment = _resolved(path, seq.get(f"{OPS}textref", ""))
        read.told(file == page, f"9.2.2.5 a seq of {path} stands for {file!r}")
        if seq.get(f"{OPS}type") in ESCAPABLE:
            told.append(fragment)
            nested = any(above.get(f"{OPS}type") in ESCAPABLE for above in seq.iterancestors())
            read.told(not nested, f"9.4.2 {fragment} can be escaped inside what can be escaped")
            element = _named(read.trees[page], fragment)
            inside = set() if element is None else set(_ids(element))
            named = {text.get("src", "").partition("#")[2] for text in seq.iter(f"{SMIL}text")}
            read.told(named <= inside, f"9.2.2.5 {fragment} does not hold {sorted(named - inside)}")
    wanted = [one.get("id", "") for one in outer]
    read.told(told == wanted, f"9.4.2 of the lists {wanted} only {told} can be escaped")


def _is_list(element: etree._Element) -> bool:
    return element.tag in (f"{X}ol", f"{X}ul")


def _printed(page: etree._Element) -> list[str]:
    """The ids of the page's sentences, in their order."""
    return [
        element.get("id", "")
        for element in page.iter(f"{X}span", *HEADINGS)
        if element.get("id") and element.tag != f"{X}h1"
    ]


def _navigation(read: Read) -> None:
    path = next(read.path(name) for name, item in read.items.items() if item.get("properties") == "nav")
    navs = {nav.get(f"{OPS}type", ""): nav for nav in read.trees[path].iter(f"{X}nav")}
    read.told(set(navs) == {"toc", "landmarks"}, f"7.4 the navigation has {sorted(navs)}")
    spine = [read.path(name) for name in read.spine()]
    places = []
    for link in navs["toc"].iter(f"{X}a"):
        file, _, fragment = _resolved(path, link.get("href", ""))
        read.told(
            bool("".join(str(text) for text in link.itertext()).strip()), "7.3 an entry of the contents has no words"
        )
        if not _is_there(read, file, fragment):
            read.told(False, f"7.4.2 the contents lead to {link.get('href')}, which is not there")
            continue
        order = _ids(read.trees[file])
        places.append((spine.index(file), order.index(fragment) if fragment else -1))
    read.told(places == sorted(places), "7.4.2 the contents are not in the order of reading")
    _depth(read, path, navs["toc"])
    kinds = [link.get(f"{OPS}type") for link in navs["landmarks"].iter(f"{X}a")]
    read.told("toc" in kinds and "bodymatter" in kinds, f"7.4.4 the landmarks are {kinds}")
    for link in navs["landmarks"].iter(f"{X}a"):
        file, _, fragment = _resolved(path, link.get("href", ""))
        read.told(_is_there(read, file, fragment), f"7.4.4 a landmark leads to {link.get('href')}")


def _is_there(read: Read, file: str, fragment: str) -> bool:
    return file in read.trees and (not fragment or _named(read.trees[file], fragment) is not None)


def _depth(read: Read, path: str, toc: etree._Element) -> None:
    """Every heading of a page is in the contents, as deep as it is on its page."""
    deep = {
        _resolved(path, link.get("href", "")): sum(above.tag == f"{X}ol" for above in link.iterancestors())
        for link in toc.iter(f"{X}a")
    }
    for name in read.spine():
        page = read.path(name)
        if page.endswith(("nav.xhtml", "cover.xhtml")):
            continue
        above = 0
        for heading in read.trees[page].iter(*HEADINGS):
            level = HEADINGS.index(str(heading.tag)) + 1
            fragment = "" if level == 1 else heading.get("id", "")
            told = deep.get((page, "#" if fragment else "", fragment))
            read.told(told is not None, f"7.4.2 the heading {fragment!r} of {page} is not in the contents")
            read.told(
                told in (None, level), f"7.4.2 the heading {fragment!r} of {page} is {level} deep, told as {told}"
            )
            read.told(level <= above + 1, f"A11Y (WCAG 1.3.1) {page} goes from level {above} to {level}")
            above = level


def _ids(element: etree._Element) -> list[str]:
    """The ids in ``element`` and its own, in the order of the document."""
    return [one.get("id", "") for one in element.iter() if one.get("id")]


def _named(tree: etree._Element, name: str) -> etree._Element | None:
    return next((one for one in tree.iter() if one.get("id") == name), None)


def _resolved(base: str, address: str) -> tuple[str, str, str]:
    file, mark, fragment = address.partition("#")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), file)), mark, fragment


def _ms(clock: str) -> int:
    found = re.fullmatch(r"(\d+)\.(\d{3})s", clock)
    return int(found[1]) * 1000 + int(found[2]) if found else -1


def _length_ms(read: Read, path: str) -> float:
    """How long the one sound of a SMIL file lasts, in milliseconds: its frames, counted."""
    named = {_resolved(path, sound.get("src", ""))[0] for sound in read.trees[path].iter(f"{SMIL}audio")}
    read.told(len(named) == 1, f"9.2.2.8 {path} plays {sorted(named)}")
    sound = named.pop() if named else ""
    listed = {f"EPUB/{item.get('href')}": item.get("media-type") for item in read.items.values()}
    read.told(listed.get(sound) == "audio/mpeg", f"3.2 {path} plays {sound!r}, which the manifest does not name as MP3")
    return length_ms(read.files[sound]) if sound in read.files else 0


def length_ms(data: bytes) -> float:
    """How long an MP3 with or without an ID3v2 tag lasts, in milliseconds."""
    begin = 0
    if data[:3] == b"ID3":
        begin = 10 + sum((byte & 0x7F) << 7 * (3 - at) for at, byte in enumerate(data[6:10]))
    return sum(frame.samples * 1000 / frame.rate for frame in frames(data[begin:]))


def words(files: Mapping[str, bytes]) -> Iterator[str]:
    """The words of the chapters as they stand on their pages, in the order of the files."""
    for name, data in files.items():
        if re.fullmatch(r"EPUB/\d+\.xhtml", name):
            body = etree.fromstring(data).find(f"{X}body")
            assert body is not None
            for line_break in body.iter(f"{X}br"):
                line_break.tail = f" {line_break.tail or ''}"
            yield from "".join(str(text) for text in body.itertext()).split()
