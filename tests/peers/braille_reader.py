"""A reader of BRF that knows nothing of its writer: its pages, its contents, and its words, read by liblouis."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable

from tests.peers.conftest import require
from tests.publish.conftest import WORDS

from audioleaflet import phrases
from audioleaflet.book.model import Book
from audioleaflet.publish.transcript import transcript_txt

CONTRACTED, UNCONTRACTED = "en-us-brf.dis,en-ueb-g2.ctb", "en-us-brf.dis,en-ueb-g1.ctb"
ADDRESS = re.compile("_/_/|@A|WWW4")
ENTRY_END = re.compile(r'(?: "{2,} | +)#([A-J]+)$')
PLAIN = str.maketrans({"—": "-", "–": "-", "’": "'", "‘": "'", "“": '"', "”": '"'})


def faults(brf: bytes, book: Book) -> list[str]:
    """All that is wrong with ``brf`` as the braille of ``book``."""
    form = faults_of_form(brf)
    return form or [*faults_of_contents(brf, book), *faults_of_words(brf, book)]


def faults_of_form(brf: bytes) -> list[str]:
    """BRF: 64 characters, CR LF, a form feed after each page. The page: 40 by 25, its number at the right of line 1."""
    found = []
    text = brf.decode("latin-1")
    if not text.endswith("\f"):
        found.append("the last page has no form feed")
    if set(text.replace("\r\n", "")) - {chr(code) for code in range(0x20, 0x60)} - {"\f"}:
        found.append("a character that is no braille")
    for count, page in enumerate(text.split("\f")[:-1], start=1):
        if not page.endswith("\r\n"):
            found.append(f"page {count}: its last line has no end")
        lines = page.split("\r\n")[:-1]
        found += [f"page {count}: {len(lines)} lines"] if len(lines) > 25 else []
        found += [f"page {count}: {len(line)} cells in {line!r}" for line in lines if len(line) > 40]
        found += [f"page {count}: blank cells end {line!r}" for line in lines if line != line.rstrip()]
        if len(lines[0]) != 40 or _count(lines[0][30:].split("#")[-1]) != count or "   #" not in lines[0]:
            found.append(f"page {count}: no number at the right of {lines[0]!r}")
        if len(lines) > 2 and not lines[-2] and lines[-1].startswith("    "):
            found.append(f"page {count}: a heading ends it")
        if not lines[-1]:
            found.append(f"page {count}: a blank line ends it")
    return found


def faults_of_contents(brf: bytes, book: Book) -> list[str]:
    """Every chapter stands in the contents, and each entry names the page where that heading stands."""
    made = pages(brf)
    listed = entries(brf)
    found = []
    headings = [" ".join(line.strip() for line in lines if line.startswith(" " * 3)) for lines in made]
    for title, page in listed:
        if page > len(made) or title not in headings[page - 1]:
            found.append(f"contents: {title!r} is not on page {page}")
    told = [plain(read([title])[0]) for title, _ in listed]
    numbered = [f"{one.number}. {one.title}" if one.number else one.title for one in book.chapters]
    missing = [title for title in numbered if plain(title) not in told]
    return [*found, *(f"contents: no {title!r}" for title in missing)]


def faults_of_words(brf: bytes, book: Book) -> list[str]:
    """The words after the contents are those of the transcript, and how to say the terms, in order, none left out."""
    body = pages(brf)[entries(brf)[0][1] - 1 :]
    got = plain(" ".join(read(flow(body)))).split()
    told = [re.sub(r"^\s*- ", "", line) for line in transcript_txt(book, WORDS).split("\n")[1:]]
    if book.terms:
        told.append(phrases.load_site(book.language).reading["words"])
    told += [f"{term.term} {term.respelling} {term.meaning}" for term in book.terms]
    want = plain(" ".join(told)).split()
    for at, (a, b) in enumerate(zip(got, want, strict=False)):
        if a != b:
            return [f"word {at}: {' '.join(got[at - 3 : at + 4])!r} is not {' '.join(want[at - 3 : at + 4])!r}"]
    return [] if len(got) == len(want) else [f"{len(got)} words of {len(want)}"]


def pages(brf: bytes) -> list[list[str]]:
    """The lines of each page but for line 1."""
    return [page.split("\r\n")[1:-1] for page in brf.decode("ascii").split("\f")[:-1]]


def entries(brf: bytes) -> list[tuple[str, int]]:
    """The contents: the cells of each entry, and its page."""
    found: list[tuple[str, int]] = []
    words: list[str] = []
    for line in (line for page in pages(brf) for line in page):
        ending = ENTRY_END.search(line)
        if ending and len(line) == 40:
            words.append(line[: ending.start()].strip())
            found.append((" ".join(words), _count(ending[1])))
            words = []
        elif found and not line:
            break
        else:
            words = [*words, line.strip()] if line and not line.startswith(" " * 6) else []
    return found


def read(cells: Iterable[str]) -> list[str]:
    """What liblouis reads in each of ``cells``, word by word; addresses and respellings as the letters they are."""
    lines = [line.split() for line in cells]
    words = list(dict.fromkeys(word for line in lines for word in line))
    # As a contraction of two letters between letters, liblouis reads a colon before a slash as "cc".
    letters = [word for word in words if ADDRESS.search(word)]
    others = [word for word in words if word not in letters]
    told = {**_back(UNCONTRACTED, letters), **_back(CONTRACTED, others)}
    return [" ".join(told[word] for word in line) for line in lines]


def plain(text: str) -> str:
    """``text`` as it is compared: no capitals, one kind of dash and of quotes, single spaces."""
    return " ".join(text.translate(PLAIN).casefold().split())


def _back(table: str, words: list[str]) -> dict[str, str]:
    given = "".join(word.replace("\\", "\\\\") + "\n" for word in words)
    args = [require("lou_translate"), "--backward", table]
    done = subprocess.run(args, input=given.encode(), capture_output=True, timeout=60, check=True)
    return dict(zip(words, done.stdout.decode().split("\n")[:-1], strict=True))


def flow(made: list[list[str]]) -> list[str]:
    """The words of the lines; dot 5 at the end of a line joins it to the next."""
    text = " ".join(line.strip() for lines in made for line in lines if line)
    return text.replace('" ', "").split(" ")


def _count(cells: str) -> int:
    return int("".join(str("JABCDEFGHI".index(cell)) for cell in cells) or 0) if set(cells) <= set("JABCDEFGHI") else 0
