"""A leaflet file to a Leaflet, with all its faults at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from audioleaflet.document import Document, TextNode, one_line, read_document, validate
from audioleaflet.errors import Origin, Problem
from audioleaflet.leaflet.fields import RESERVED_SLUGS, LeafletFile, check_name, suggest_name
from audioleaflet.leaflet.lexicon import make_entries, repeated_terms
from audioleaflet.leaflet.markdown import parse_markdown, parse_passage
from audioleaflet.leaflet.model import Block, Leaflet, Passage, Section, Source
from audioleaflet.settings import canonical_language, is_tag, narrowing

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:audioleaflet")


def make_identifier(slug: str, language: str) -> str:
    """A ``urn:uuid:…`` for a leaflet that names none: one slug and language, one UUID (RFC 9562, 5.5)."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{slug}/{language}')}"


def read(
    path: Path, *, publisher: str = "", further: Callable[[Document], Iterable[Problem]] = lambda _document: ()
) -> Leaflet:
    """The leaflet in a file. ``publisher`` counts where the leaflet names none. ``identifier`` may be empty.

    ``further`` finds faults that only others know of, so that all are told together. Raises ContentError with every
    fault of the file.
    """
    document = read_document(path)
    texts = _Texts(document)
    slug = _slug(path, document, texts.problems)
    problems = [*texts.problems, *_cross_checks(document), *further(document)]
    file = validate(document, LeafletFile, further=problems)
    return Leaflet(
        identifier=file.identifier,
        slug=slug,
        language=file.language,
        title=file.title,
        version=file.version,
        publisher=file.publisher or publisher,
        licence=file.licence,
        date=file.date,
        contact=file.contact,
        sources=tuple(
            Source(
                title=source.title,
                publisher=source.publisher,
                date=source.date,
                url=source.url,
                origin=document.origin("sources", index),
            )
            for index, source in enumerate(file.sources)
        ),
        summary=texts.passages.get("summary"),
        urgent=texts.passages.get("urgent"),
        urgent_after=file.urgent.after if file.urgent else "",
        notice=texts.passages.get("notice"),
        say=file.say,
        hotline=file.hotline,
        sections=tuple(
            Section(
                id=section.id,
                title=section.title,
                blocks=texts.sections[index],
                origin=document.origin("sections", index),
            )
            for index, section in enumerate(file.sections)
        ),
        lexicon=make_entries(document, file.lexicon, "lexicon"),
        origin=Origin(path=path, line=document.root.line),
    )


class _Texts:
    """Every Markdown text of a document, read before its fields are checked: all faults are told at once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.sections: dict[int, tuple[Block, ...]] = {}
        self.passages: dict[str, Passage] = {}
        self.problems: list[Problem] = []
        for index in range(len(document.items("sections"))):
            self._section(index)
        self._passage("summary", "summary")
        self._passage("urgent", "urgent", "text")
        self._passage("notice", "notice")

    def _place(self, node: TextNode, row: int) -> Origin:
        return Origin(path=self.document.path, line=node.line_at(row))

    def _section(self, index: int) -> None:
        node = self.document.text("sections", index, "text")
        if node is None:
            return
        blocks, problems = parse_markdown(node.text, lambda row: self._place(node, row))
        self.sections[index] = blocks
        self.problems += problems
        if not blocks and not problems:
            step = "write its text, or delete the section"
            self._nothing(node, f"section {index + 1} has nothing to read", step)

    def _passage(self, name: str, *location: str) -> None:
        node = self.document.text(*location)
        if node is None:
            return
        text, problems = parse_passage(node.text, lambda row: self._place(node, row))
        self.passages[name] = Passage(text=text, origin=self._place(node, 0))
        self.problems += problems
        if not text and not problems:
            self._nothing(node, f"'{'.'.join(location)}' has nothing to read", "write it, or leave it out")

    def _nothing(self, node: TextNode, message: str, step: str) -> None:
        origin = self._place(node, 0)
        self.problems.append(Problem(origin=origin, code="EMPTY", message=message, next_step=step))


def _cross_checks(document: Document) -> list[Problem]:
    """Faults between fields: what a model of single fields cannot see."""
    problems = repeated_terms(document, "lexicon")

    def add(node: TextNode, code: str, message: str, step: str) -> None:
        origin = Origin(path=document.path, line=node.line)
        problems.append(Problem(origin=origin, code=code, message=message, next_step=step))

    ids: dict[str, int] = {}
    for index in range(len(document.items("sections"))):
        node = document.text("sections", index, "id")
        if node is not None and ids.setdefault(node.text, node.line) != node.line:
            message = f"two sections have the id '{node.text}', here and on line {ids[node.text]}"
            add(node, "DUPLICATE-ID", message, "give one of them another id")
    terms: set[str] = set()
    for index in range(len(document.items("say"))):
        node = document.text("say", index)
        term = one_line(node.text) if node else ""
        if node is not None and term.casefold() in terms:
            add(node, "DUPLICATE-TERM", f"'{term}' stands twice in 'say'", "keep one")
        terms.add(term.casefold())
    after = document.text("urgent", "after")
    if after is not None and ids and after.text not in ids:
        message = f"'urgent.after' is '{after.text}', and no section has this id"
        add(after, "URGENT-AFTER", message, f"write one of: {', '.join(ids)}")
    return problems


def _slug(path: Path, document: Document, problems: list[Problem]) -> str:
    """The slug that the file's place gives: its folder's name if it is named as a language, else its own."""
    declared = document.text("language")
    language = declared.text.strip() if declared else ""
    named = is_language(path.stem, language)
    origin = Origin(path=path, line=0)
    if named and declared is not None and is_tag(language) and not _narrows(language, path.stem):
        message = f"the file is named '{path.stem}', and its language is {language}"
        place = Origin(path=path, line=declared.line)
        step = "correct the language or rename the file"
        problems.append(Problem(origin=place, code="LANGUAGE", message=message, next_step=step))
    slug = path.absolute().parent.name if named else path.stem
    what = "the folder" if named else "the file"
    if slug in RESERVED_SLUGS:
        message = f"{what}'s name: '{slug}' is a folder that every library of recordings has"
        step = f"rename {what} after what the leaflet is about"
        problems.append(Problem(origin=origin, code="ID", message=message, next_step=step))
        return ""
    try:
        return check_name(slug)
    except ValueError as error:
        near = suggest_name(slug)
        step = f"rename {what} to '{near}'" if near and near != slug else f"rename {what}"
        problems.append(Problem(origin=origin, code="ID", message=f"{what}'s name: {error}", next_step=step))
        return ""


def _narrows(language: str, wider: str) -> bool:
    """Whether ``wider`` is the language or wider than it; no, if either is no language at all."""
    return is_tag(language) and is_tag(wider) and canonical_language(wider) in narrowing(language)


def is_language(stem: str, language: str = "") -> bool:
    """Whether a file of that name is named as a language: two letters, or ``language`` itself or wider.

    Other tags may be words: ``flu`` and ``my-skin`` are slugs.
    """
    return is_tag(stem) and (len(stem) == 2 or _narrows(language, stem))
