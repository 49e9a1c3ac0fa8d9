"""A lexicon as a file of the W3C Pronunciation Lexicon Specification (PLS) 1.0, for other systems and from them.

Section numbers are those of the Recommendation of 14 October 2008. What PLS has no place for (meanings, respellings,
which spelling is a form of which term, spellings for one engine) stands in ``metadata`` (4.3) under a namespace of our
own, which other systems pass over, so that what we write comes back whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from audioleaflet.document import one_line
from audioleaflet.document.characters import bad_characters, mend
from audioleaflet.document.reading import MAX_BYTES
from audioleaflet.errors import ContentError, Origin, Problem
from audioleaflet.leaflet.lexicon import check_reading
from audioleaflet.leaflet.model import Entry
from audioleaflet.leaflet.syllabify import syllabified
from audioleaflet.settings import canonical_language, is_tag

PLS = "http://www.w3.org/2005/01/pronunciation-lexicon"
HOUSE = "urn:audioleaflet:lexicon:1"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LEXEME = f"{{{PLS}}}lexeme"
_PARTS = ("grapheme", "phoneme", "alias")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a PLS file holds. ``language`` may be empty; ``problems`` are warnings: what was not taken, and why."""

    language: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def write_pls(entries: Iterable[Entry], language: str, derived: Mapping[str, tuple[tuple[str, str], ...]]) -> bytes:
    """The entries as a PLS 1.0 document in UTF-8; the same entries give the same bytes.

    Each has a ``lexeme`` (4.4) a pronunciation, with every spelling that is said so as a ``grapheme``. ``derived``: a
    term's further spellings with their IPA, such as plurals, for systems that do not derive them.
    """
    namespaces: Any = {None: PLS}  # the stubs of lxml do not know the namespace without a prefix
    lexicon = etree.Element(f"{{{PLS}}}lexicon", nsmap=namespaces)
    lexicon.set("version", "1.0")
    lexicon.set("alphabet", "ipa")
    lexicon.set(_LANG, language)
    metadata = etree.SubElement(lexicon, f"{{{PLS}}}metadata")
    house = etree.SubElement(metadata, f"{{{HOUSE}}}entries", nsmap={"house": HOUSE})
    for entry in entries:
        further = derived.get(entry.term, ())
        _write_house(house, entry, further)
        said: dict[str, list[str]] = {}
        for spelling, ipa in ((entry.term, entry.ipa), *entry.forms, *further):
            said.setdefault(ipa, []).append(spelling)
        for ipa, spellings in said.items():
            lexeme = etree.SubElement(lexicon, f"{{{PLS}}}lexeme")
            for spelling in spellings:
                etree.SubElement(lexeme, f"{{{PLS}}}grapheme").text = spelling
            etree.SubElement(lexeme, f"{{{PLS}}}phoneme").text = ipa
    written: bytes = etree.tostring(lexicon, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written


def _write_house(parent: etree._Element, entry: Entry, derived: Iterable[tuple[str, str]]) -> None:
    element = etree.SubElement(parent, f"{{{HOUSE}}}entry", term=entry.term)
    for name, text in (("say", entry.say), ("meaning", entry.meaning)):
        if text:
            element.set(name, text)
    for spelling, _ in entry.forms:
        etree.SubElement(element, f"{{{HOUSE}}}form").text = spelling
    for spelling, _ in derived:
        etree.SubElement(element, f"{{{HOUSE}}}derived").text = spelling
    for engine, spelling in entry.alias:
        etree.SubElement(element, f"{{{HOUSE}}}alias", engine=engine).text = spelling


def read_pls(path: Path) -> Imported:
    """The entries of a PLS 1.0 file, each reading in our alphabet with its syllables divided.

    Of several pronunciations the one that is to be spoken counts (4.9.2): the first with ``prefer``, else the first.
    Elements and attributes of other namespaces are passed over. Not taken, with a warning: a lexeme for one
    ``role`` of a word, a lexeme with an ``alias`` alone, and spellings that the file says in several ways.
    Raises ContentError with every fault of the file.
    """
    return _Reader(path).imported()


@dataclass(slots=True)
class _Word:
    """A spelling as the file has it, with its one reading. ``line`` is that of its lexeme."""

    spelling: str
    ipa: str
    line: int


@dataclass(slots=True)
class _About:
    """What our own metadata says of a term."""

    term: str
    say: str
    meaning: str
    forms: list[str] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)
    alias: list[tuple[str, str]] = field(default_factory=list)


class _Reader:
    """One file, and the problems found in it on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Problem] = []
        self.warnings: list[Problem] = []

    def imported(self) -> Imported:
        root = self._root()
        language = self._language(root)
        strange: list[etree._Element] = []
        lexemes = [child for child in self._children(root, "meta", "metadata", "lexeme") if child.tag == _LEXEME]
        words = [self._lexeme(lexeme, root.get("alphabet", ""), strange) for lexeme in lexemes]
        self._strange(root, strange)
        entries = tuple(self._entries(words, list(_abouts(root)))) if not self.faults else ()
        if self.faults:
            raise ContentError(sorted(self.faults, key=lambda problem: problem.origin.line))
        warnings = sorted(self.warnings, key=lambda problem: problem.origin.line)
        return Imported(language=language, entries=entries, problems=tuple(warnings))

    def _problem(self, line: int, code: str, message: str, step: str) -> Problem:
        return Problem(origin=Origin(path=self.path, line=line), code=code, message=message, next_step=step)

    def _fault(self, line: int, code: str, message: str, step: str) -> None:
        self.faults.append(self._problem(line, code, message, step))

    def _pass_over(self, line: int, message: str, step: str) -> None:
        self.warnings.append(replace(self._problem(line, "NOT-TAKEN", message, step), severity="warning"))

    def _fatal(self, line: int, code: str, message: str, step: str) -> ContentError:
        return ContentError([self._problem(line, code, message, step)])

    def _root(self) -> etree._Element:
        try:
            with self.path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise self._fatal(0, "UNREADABLE", reason, "give the path of a PLS file") from error
        if len(data) > MAX_BYTES:
            raise self._fatal(0, "TOO-LARGE", "the file is over 2 MB", "divide it into several files")
        # An entity could name any file of this machine, or swell without end: none is read.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            step = "open it in the program that wrote it, and save it anew"
            raise self._fatal(error.lineno or 0, "XML", f"the file is not XML: {error.msg}", step) from error
        dtd: Any = root.getroottree().docinfo.internalDTD
        if (dtd is not None and any(True for _ in dtd.iterentities())) or any(True for _ in root.iter(etree.Entity)):
            step = "write the text itself in their places, and delete the lines of <!ENTITY"
            raise self._fatal(0, "XML", "the file defines XML entities, which are not read", step)
        self._check_root(root)
        return root

    def _check_root(self, root: etree._Element) -> None:
        name = etree.QName(root)
        line = _line(root)
        if name.localname != "lexicon" or name.namespace != PLS:
            found = f"<{name.localname}> of the namespace '{name.namespace or ''}'"
            raise self._fatal(line, "PLS", f"the file begins with {found}", f'write <lexicon xmlns="{PLS}">')
        if root.get("version") != "1.0":
            self._fault(line, "PLS", "<lexicon> does not say version 1.0", 'write version="1.0"')
        if not root.get("alphabet"):
            self._fault(line, "PLS", "<lexicon> names no alphabet", 'write alphabet="ipa"')

    def _language(self, root: etree._Element) -> str:
        language = root.get(_LANG, "").strip()
        if language and not is_tag(language):
            self._fault(_line(root), "LANGUAGE", f"'{language}' is no language tag", "write one such as en-US")
        return canonical_language(language) if is_tag(language) else ""

    def _children(self, element: etree._Element, *names: str) -> Iterator[etree._Element]:
        """The children of PLS's own namespace; those of others are passed over."""
        for child in element.iterchildren(etree.Element):
            name = etree.QName(child)
            if name.namespace == PLS and name.localname in names:
                yield child
            elif name.namespace == PLS:
                inside = etree.QName(element).localname
                step = f"it may hold: {', '.join(names)}"
                self._fault(_line(child), "PLS", f"<{name.localname}> stands in <{inside}>", step)

    def _lexeme(self, lexeme: etree._Element, alphabet: str, strange: list[etree._Element]) -> list[_Word]:
        """The spellings of a lexeme with its reading; none if it has a fault or is not to be taken."""
        parts = list(self._children(lexeme, "grapheme", "phoneme", "alias", "example"))
        named = {name: [part for part in parts if etree.QName(part).localname == name] for name in _PARTS}
        spellings = [self._text(part) for part in named["grapheme"]]
        line = _line(lexeme)
        if not spellings or not (named["phoneme"] or named["alias"]):
            self._fault(line, "PLS", "a <lexeme> needs a <grapheme>, and a <phoneme> or <alias>", "write or delete it")
            return []
        shown = f"'{spellings[0]}'"
        if lexeme.get("role"):
            step = f"mark {shown} in the leaflet where it is meant"
            self._pass_over(line, f"{shown} is for one role of the word alone: {lexeme.get('role')}", step)
            return []
        if not named["phoneme"]:
            alias = self._text(named["alias"][0])
            self._pass_over(line, f"{shown} has an alias and no pronunciation: '{alias}'", "add it with its reading")
            return []
        readable = [part for part in named["phoneme"] if (part.get("alphabet") or alphabet).lower() == "ipa"]
        if not readable:
            strange.append(named["phoneme"][0])
            return []
        preferred = [part for part in readable if part.get("prefer", "").strip() in ("true", "1")]
        phoneme = (preferred or readable)[0]
        ipa = self._ipa(phoneme, spellings)
        return [_Word(spelling, ipa, line) for spelling in spellings] if ipa else []

    def _text(self, element: etree._Element) -> str:
        """The text of an element, without that of elements inside it, mended as in our own files."""
        parts = [element.text or "", *(child.tail or "" for child in element)]
        text = one_line(mend("".join(parts)))
        if not text:
            name = etree.QName(element).localname
            self._fault(_line(element), "EMPTY", f"<{name}> has nothing in it", "write it, or delete its <lexeme>")
        for _, what in bad_characters(text):
            self._fault(_line(element), "CHARACTER", f"the text holds {what}", "delete it or type it anew")
        return text

    def _ipa(self, phoneme: etree._Element, spellings: list[str]) -> str:
        text = self._text(phoneme)
        if not text:
            return ""
        try:
            ipa = syllabified(text)
            for spelling in spellings:
                check_reading(spelling, ipa)
        except ValueError as error:
            step = "write broad IPA, as in məˈtæs.tə.sɪs, or delete its <lexeme>"
            self._fault(_line(phoneme), "IPA", f"'{text}': {error}", step)
            return ""
        return ipa

    def _strange(self, root: etree._Element, strange: list[etree._Element]) -> None:
        """A fault for each reading in another alphabet; one for all, if the whole file is in it."""
        step = "export it in IPA from the program that wrote it"
        whole = root.get("alphabet", "")
        own = [element for element in strange if element.get("alphabet")]
        if len(own) < len(strange):
            message = f"{len(strange) - len(own)} pronunciations are in the alphabet '{whole}'; only ipa can be read"
            self._fault(_line(root), "ALPHABET", message, step)
        for element in own:
            message = f"the pronunciation is in the alphabet '{element.get('alphabet')}'; only ipa can be read"
            self._fault(_line(element), "ALPHABET", message, step)

    def _entries(self, lexemes: list[list[_Word]], abouts: list[_About]) -> Iterator[Entry]:
        readings = self._readings(lexemes)
        taken: set[str] = set()
        for about in abouts:
            taken |= {spelling.casefold() for spelling in (*about.forms, *about.derived)}
            word = readings.get(about.term.casefold())
            if word is None:
                continue
            taken.add(about.term.casefold())
            forms = [(form, readings[form.casefold()].ipa) for form in about.forms if form.casefold() in readings]
            yield self._entry(word, forms, about)
        for lexeme in lexemes:
            rest = [word for word in lexeme if readings.get(word.spelling.casefold()) is word]
            rest = [word for word in rest if word.spelling.casefold() not in taken]
            if rest:
                forms = [(word.spelling, word.ipa) for word in rest[1:]]
                yield self._entry(rest[0], forms, _About(term=rest[0].spelling, say="", meaning=""))

    def _entry(self, word: _Word, forms: list[tuple[str, str]], about: _About) -> Entry:
        return Entry(
            term=about.term,
            ipa=word.ipa,
            say=about.say,
            meaning=about.meaning,
            forms=tuple(forms),
            alias=tuple(about.alias),
            origin=Origin(path=self.path, line=word.line),
        )

    def _readings(self, lexemes: list[list[_Word]]) -> dict[str, _Word]:
        """Spelling in lower case to its first word; without those that the file says in several ways."""
        words: dict[str, list[_Word]] = {}
        for word in (word for lexeme in lexemes for word in lexeme):
            words.setdefault(word.spelling.casefold(), []).append(word)
        for same in words.values():
            if len({word.ipa for word in same}) > 1:
                lines = ", ".join(str(word.line) for word in same)
                message = f"'{same[0].spelling}' is said in several ways, on lines {lines}"
                self._pass_over(same[0].line, message, "add the one that is meant with 'audioleaflet lexicon add'")
        return {key: same[0] for key, same in words.items() if len({word.ipa for word in same}) == 1}


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _abouts(root: etree._Element) -> Iterator[_About]:
    """What our own metadata says, where the file was written by this program."""
    for element in root.iterfind(f"{{{PLS}}}metadata/{{{HOUSE}}}entries/{{{HOUSE}}}entry"):
        about = _About(
            term=_own(element.get("term")), say=_own(element.get("say")), meaning=_own(element.get("meaning"))
        )
        for child in element.iterchildren(etree.Element):
            name, text = etree.QName(child).localname, _own(child.text)
            if name == "form":
                about.forms.append(text)
            elif name == "derived":
                about.derived.append(text)
            elif name == "alias":
                about.alias.append((_own(child.get("engine")), text))
        yield about


def _own(text: str | None) -> str:
    return one_line(mend(text or ""))
