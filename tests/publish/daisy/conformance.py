"""What DAISY 2.02 asks of a talking book, a rule a function, each with the section that it comes from.

The sections are those of the DAISY 2.02 Specification (Recommendation, 28 February 2001): 2.1 the navigation control
center, 2.2 the text, 2.3 the SMIL documents, 2.4 the master SMIL, 2.5 the sound, 3 distribution, Appendix 2 metadata.
Nothing here is shared with the writer: files are read with lxml, and MP3 frames are counted from their headers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
HEADINGS = [f"{XHTML}h{level}" for level in range(1, 7)]
FRAME_MS = 576 * 1000 / 22050


@dataclass
class Talking:
    """A talking book. ``files``: paths in the zip. ``words``: what it must say, sentence after sentence."""

    files: dict[str, bytes]
    words: Sequence[str]
    trees: dict[str, Any] = field(default_factory=dict)

    def bare(self) -> dict[str, bytes]:
        """The files by their names, without the folder."""
        return {path.rpartition("/")[2]: data for path, data in self.files.items()}

    def tree(self, name: str) -> Any:
        """A file read as XML."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.bare()[name], etree.XMLParser(resolve_entities=False))
        return self.trees[name]

    def meta(self, name: str) -> list[tuple[str, str]]:
        """The metadata of a file."""
        found = self.tree(name).iter("meta", f"{XHTML}meta")
        return [(meta.get("name"), meta.get("content")) for meta in found if meta.get("name")]

    def says(self, name: str, key: str) -> str:
        """One piece of metadata, empty where there is none."""
        return dict(self.meta(name)).get(key, "")

    def headings(self) -> list[Any]:
        """What the navigation control center lists."""
        return [child for child in self.tree("ncc.html").find(f"{XHTML}body") if isinstance(child.tag, str)]

    def links(self) -> list[tuple[str, str]]:
        """Where its headings lead: file and name."""
        return [split(a.get("href", "")) for a in self.tree("ncc.html").iter(f"{XHTML}a")]

    def smils(self) -> list[str]:
        """The SMIL files in the order in which the navigation control center leads to them."""
        return list(dict.fromkeys(file for file, _ in self.links() if file in self.bare()))

    def clips(self, smil: str) -> list[tuple[str, int, int]]:
        """The sounds of a SMIL file: file, begin and end in milliseconds."""
        return [
            (audio.get("src"), npt(audio.get("clip-begin")), npt(audio.get("clip-end")))
            for audio in self.tree(smil).iter("audio")
        ]

    def duration(self, smil: str) -> int:
        """How long a SMIL file plays, in milliseconds."""
        return sum(end - begin for _, begin, end in self.clips(smil))

    def names(self, name: str) -> list[str]:
        """Every id of a file."""
        return [element.get("id") for element in self.tree(name).iter() if element.get("id")]


def split(address: str) -> tuple[str, str]:
    """A file and the name in it."""
    file, _, name = address.partition("#")
    return file, name


def npt(text: str) -> int:
    """``npt=1.234s`` in milliseconds; -1 for anything else."""
    found = re.fullmatch(r"npt=(\d+)\.(\d{3})s", text or "")
    return int(found[1]) * 1000 + int(found[2]) if found else -1


def clock(ms: int) -> str:
    """Milliseconds as hours, minutes and seconds, to the nearest."""
    whole = int(ms / 1000 + 0.5)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def frames(data: bytes) -> list[bytes]:
    """The headers of 22050 Hz mono MP3 at one bit rate, without their padding bits; empty if anything else is met."""
    found, at = [], 0
    while at < len(data):
        header = data[at : at + 4]
        if len(header) < 4 or header[0] != 0xFF or header[1] & 0xF6 != 0xF2 or header[2] & 0x0C or header[2] < 0x10:
            return []
        kbps = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)[header[2] >> 4]
        at += 72000 * kbps // 22050 + (header[2] >> 1 & 1)
        found.append(bytes([header[0], header[1], header[2] & 0xFD, header[3] & 0xC0]))
    return found if at == len(data) else []


def one_folder(dtb: Talking) -> Iterator[str]:
    """3: the files of a book stand in one folder, exactly one ncc.html among them; names that every player can read."""
    folders = {path.rpartition("/")[0] for path in dtb.files}
    if len(folders) != 1 or "" in folders or any("/" in folder for folder in folders):
        yield f"folders {sorted(folders)}"
    if [path for path in dtb.files if path.lower().endswith("ncc.html")] != [f"{min(folders)}/ncc.html"]:
        yield "not one ncc.html"
    for name in dtb.bare():
        if not re.fullmatch(r"[a-z0-9]{1,8}\.[a-z0-9]{3,4}", name):
            yield f"the name {name}"


def well_formed(dtb: Talking) -> Iterator[str]:
    """2.1 to 2.4: XHTML 1.0 and SMIL 1.0, well-formed, of a document type, in UTF-8 as they say."""
    types = {"html": b"-//W3C//DTD XHTML 1.0 Transitional//EN", "smil": b"-//W3C//DTD SMIL 1.0//EN"}
    for name, data in dtb.bare().items():
        public = types.get(name.rpartition(".")[2])
        if public is None:
            continue
        if public not in data[:300] or not data.startswith(b'<?xml version="1.0" encoding="utf-8"?>'):
            yield f"{name} has no document type, or no encoding"
        try:
            etree.fromstring(data)
        except etree.XMLSyntaxError as error:
            yield f"{name}: {error}"


def title_first(dtb: Talking) -> Iterator[str]:
    """2.1: the first thing in the body is the h1 of class "title", and there is one."""
    first, *others = dtb.headings()
    if first.tag != f"{XHTML}h1" or first.get("class") != "title":
        yield "the first heading is not the title"
    if any(other.get("class") == "title" for other in others):
        yield "two titles"
    if "".join(first.itertext()).strip() != dtb.says("ncc.html", "dc:title"):
        yield "the title is not the book's"


def headings_only(dtb: Talking) -> Iterator[str]:
    """2.1: in the body are headings, each with an id and one link, which has words."""
    for heading in dtb.headings():
        links = list(heading)
        if heading.tag not in HEADINGS or not heading.get("id"):
            yield f"{heading.tag} {heading.get('id')}"
        if len(links) != 1 or links[0].tag != f"{XHTML}a" or not (links[0].text or "").strip():
            yield f"the link of {heading.get('id')}"


def no_level_skipped(dtb: Talking) -> Iterator[str]:
    """2.1 and 2.2: headings are hierarchical, in the navigation control center and in the text."""
    for name in ("ncc.html", "content.html"):
        above = 0
        for heading in dtb.tree(name).iter(*HEADINGS):
            level = int(heading.tag[-1])
            if level > above + 1:
                yield f"{name}: h{level} after h{above}"
            above = level


def links_resolve(dtb: Talking) -> Iterator[str]:
    """2.1: each heading leads to a par or a text of a SMIL file, no two to the same."""
    for file, name in dtb.links():
        if file not in dtb.bare():
            yield f"{file} is missing"
        elif name not in {e.get("id") for e in dtb.tree(file).iter("par", "text")}:
            yield f"{file} has no {name}"
    yield from (f"{link} twice" for link, count in Counter(dtb.links()).items() if count > 1)


def links_in_order(dtb: Talking) -> Iterator[str]:
    """2.1: the headings stand in the order in which the book is played."""
    played = [(smil, name) for smil in sorted(dtb.smils()) for name in dtb.names(smil)]
    places = [played.index(link) for link in dtb.links() if link in played]
    if places != sorted(places):
        yield f"the order of {dtb.links()}"


def metadata_present(dtb: Talking) -> Iterator[str]:
    """Appendix 2: what every navigation control center must say once, and what it should."""
    dublin = ("creator", "date", "format", "identifier", "language", "publisher", "title")
    center = (
        *("charset", "pageFront", "pageNormal", "pageSpecial", "tocItems", "totalTime"),  # required
        *("depth", "files", "footnotes", "generator", "kByteSize", "maxPageNormal", "multimediaType", "narrator"),
        *("prodNotes", "producedDate", "setInfo", "sidebars"),
    )
    needed = [*(f"dc:{name}" for name in dublin), *(f"ncc:{name}" for name in center)]
    found = Counter(name for name, content in dtb.meta("ncc.html") if content)
    yield from (f"{name} {found[name]} times" for name in needed if found[name] != 1)


DUBLIN = (
    "contributor coverage creator date description format identifier language publisher relation rights source subject "
    "title type"
)
CENTER = (
    "charset depth files footnotes generator kByteSize maxPageNormal multimediaType narrator pageFront pageNormal "
    "pageSpecial prodNotes producedDate producer revision revisionDate setInfo sidebars sourceDate sourceEdition "
    "sourcePublisher sourceRights sourceTitle tocItems totalTime"
)
NCC_NAMES = {*(f"dc:{name}" for name in DUBLIN.split()), *(f"ncc:{name}" for name in CENTER.split())}
SMIL_NAMES = {
    *("title", "dc:format", "dc:identifier", "dc:title"),
    *("ncc:generator", "ncc:timeInThisSmil", "ncc:totalElapsedTime"),
}


def metadata_known(dtb: Talking) -> Iterator[str]:
    """Appendix 2: names, in their letters, and values that it defines; a producer's own would begin with "prod:"."""
    for file, names in (("ncc.html", NCC_NAMES), *((smil, SMIL_NAMES) for smil in (*dtb.smils(), "master.smil"))):
        yield from (f"{file}: {name}" for name, _ in dtb.meta(file) if name not in names)
    values = {
        "dc:format": "Daisy 2\\.02",
        "dc:date": r"\d{4}-\d\d-\d\d",
        "ncc:producedDate": r"\d{4}-\d\d-\d\d",
        "ncc:charset": "utf-8",
        "ncc:setInfo": "1 of 1",
        "ncc:multimediaType": "audioFullText",
        "ncc:totalTime": r"\d\d:[0-5]\d:[0-5]\d",
    }
    for name, value in values.items():
        if not re.fullmatch(value, dtb.says("ncc.html", name)):
            yield f"{name} {dtb.says('ncc.html', name)!r}"
    for name in ("pageFront", "pageNormal", "pageSpecial", "maxPageNormal", "footnotes", "prodNotes", "sidebars"):
        if dtb.says("ncc.html", f"ncc:{name}") != "0":
            yield f"ncc:{name} is not 0, and there is none"


def items_counted(dtb: Talking) -> Iterator[str]:
    """Appendix 2: ncc:tocItems is the number of headings, ncc:depth the deepest of them."""
    if dtb.says("ncc.html", "ncc:tocItems") != str(len(dtb.headings())):
        yield "ncc:tocItems"
    if dtb.says("ncc.html", "ncc:depth") != max(heading.tag[-1] for heading in dtb.headings()):
        yield "ncc:depth"


def files_counted(dtb: Talking) -> Iterator[str]:
    """Appendix 2: ncc:files and ncc:kByteSize are of all files, this one with them."""
    if dtb.says("ncc.html", "ncc:files") != str(len(dtb.files)):
        yield "ncc:files"
    size = sum(len(data) for data in dtb.files.values())
    if not size <= int(dtb.says("ncc.html", "ncc:kByteSize") or 0) * 1024 < size + 1024:
        yield "ncc:kByteSize"


def times_add_up(dtb: Talking) -> Iterator[str]:
    """2.3, 2.4 and Appendix 2: total, elapsed and own times are sums of the clips."""
    elapsed = 0
    for smil in dtb.smils():
        if dtb.says(smil, "ncc:totalElapsedTime") != clock(elapsed):
            yield f"{smil}: ncc:totalElapsedTime"
        if dtb.says(smil, "ncc:timeInThisSmil") != clock(dtb.duration(smil)):
            yield f"{smil}: ncc:timeInThisSmil"
        lasts = dtb.duration(smil)
        if dtb.tree(smil).find("body/seq").get("dur") != f"{lasts // 1000}.{lasts % 1000:03d}s":
            yield f"{smil}: dur"
        elapsed += lasts
    if dtb.says("ncc.html", "ncc:totalTime") != clock(elapsed):
        yield "ncc:totalTime"
    if dtb.says("master.smil", "ncc:timeInThisSmil") != clock(elapsed):
        yield "master.smil: ncc:timeInThisSmil"


def smil_formed(dtb: Talking) -> Iterator[str]:
    """2.3: a region, then one seq of pars that end with the last of theirs: a text, then its sound, each named."""
    for smil in dtb.smils():
        tree = dtb.tree(smil)
        if dtb.says(smil, "dc:format") != "Daisy 2.02" or tree.find("head/layout/region").get("id") != "txtView":
            yield f"{smil}: its head"
        (whole,) = tree.find("body")
        for par in whole:
            audio = par.find("audio") if par.find("audio") is not None else par.find("seq/audio")
            if par.tag != "par" or par.get("endsync") != "last" or audio is None or par[0].tag != "text":
                yield f"{smil}: {par.get('id')}"
            elif not (par.get("id") and par[0].get("id") and audio.get("id")):
                yield f"{smil}: a name is missing"
            elif len(par) != 2:
                yield f"{smil}: {par.get('id')} has {len(par)} parts"


def names_once(dtb: Talking) -> Iterator[str]:
    """2.1 to 2.4: an id stands once in its file (XML 1.0, validity of ID)."""
    for name in dtb.bare():
        if name.endswith((".html", ".smil")):
            yield from (f"{name}: {key} twice" for key, count in Counter(dtb.names(name)).items() if count > 1)


def clips_tile(dtb: Talking) -> Iterator[str]:
    """2.3: clips begin at 0, and each goes on where the one before it ends; none ends before it begins."""
    for smil in dtb.smils():
        at = 0
        for file, begin, end in dtb.clips(smil):
            if begin != at:
                yield f"{smil}: a clip of {file} begins at {begin}, not at {at}"
            if end <= begin:
                yield f"{smil}: a clip of {file} ends at {end}, before its begin"
            at = end


def clips_within(dtb: Talking) -> Iterator[str]:
    """2.3: no clip ends after its sound, and the last leaves less than a frame of it."""
    for smil in dtb.smils():
        for file in {file for file, _, _ in dtb.clips(smil)} & set(dtb.bare()):
            length = len(frames(dtb.bare()[file])) * FRAME_MS
            last = max(end for _, _, end in dtb.clips(smil))
            if not length - FRAME_MS < last <= length:
                yield f"{smil}: its last clip ends at {last}, {file} at {length}"


def text_resolves(dtb: Talking) -> Iterator[str]:
    """2.2 and 2.3: each text of a SMIL file is a name in the text."""
    for smil in dtb.smils():
        for text in dtb.tree(smil).iter("text"):
            file, name = split(text.get("src"))
            if file not in dtb.bare() or not dtb.tree(file).xpath("//*[@id=$name]", name=name):
                yield f"{smil}: {text.get('src')}"


def full_text(dtb: Talking) -> Iterator[str]:
    """1 and 2.2: full text and full audio: every sentence is read and heard, once, in order."""
    named = {e.get("id"): "".join(e.itertext()) for e in dtb.tree("content.html").iter() if e.get("id")}
    heard = [split(text.get("src"))[1] for smil in sorted(dtb.smils()) for text in dtb.tree(smil).iter("text")]
    if [named.get(name) for name in heard] != list(dtb.words):
        yield "what is heard is not what the leaflet says"
    if list(named) != heard:
        yield "what can be read is not what is heard"


def master_lists(dtb: Talking) -> Iterator[str]:
    """2.4: the master SMIL refers to every SMIL file, in the order of listening."""
    refs = [ref.get("src") for ref in dtb.tree("master.smil").iter("ref")]
    if refs != dtb.smils() or refs != sorted(refs):
        yield f"master.smil lists {refs}"


def nothing_loose(dtb: Talking) -> Iterator[str]:
    """1 and 3: a file that is referred to is there, and a file that is there is referred to."""
    used = {"ncc.html", "master.smil", *(file for file, _ in dtb.links())}
    for smil in dtb.smils():
        used |= {split(element.get("src"))[0] for element in dtb.tree(smil).iter("text", "audio")}
    yield from (f"{name} is missing" for name in sorted(used - dtb.bare().keys()))
    yield from (f"{name} is not used" for name in sorted(dtb.bare().keys() - used))


def sound_plain(dtb: Talking) -> Iterator[str]:
    """2.5: MP3 at one bit rate, one channel, without tags."""
    for name, data in dtb.bare().items():
        if name.endswith(".mp3") and (len(set(frames(data))) != 1 or frames(data)[0][3] != 0xC0):
            yield f"{name} is not plain MP3"


RULES: tuple[Callable[[Talking], Iterator[str]], ...] = (
    well_formed,
    one_folder,
    title_first,
    headings_only,
    no_level_skipped,
    links_resolve,
    links_in_order,
    metadata_present,
    metadata_known,
    items_counted,
    files_counted,
    times_add_up,
    smil_formed,
    names_once,
    clips_tile,
    clips_within,
    text_resolves,
    full_text,
    master_lists,
    nothing_loose,
    sound_plain,
)


def broken(dtb: Talking) -> dict[str, list[str]]:
    """The rules that ``dtb`` breaks, with what is wrong. What is not well-formed is not read further."""
    unread = list(well_formed(dtb))
    if unread:
        return {"well_formed": unread}
    found = {rule.__name__: list(rule(dtb)) for rule in RULES}
    return {name: problems for name, problems in found.items() if problems}
