"""A lexicon file changed by a program: only the lines that must change do."""

from __future__ import annotations

import difflib
import random
from pathlib import Path

import pytest

from audioleaflet.errors import ConfigError, ContentError, Origin
from audioleaflet.leaflet.editing import write_edited
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry

HOUSE = Path(__file__).resolve().parents[2] / "content" / "lexicon" / "en.yaml"
Pairs = tuple[tuple[str, str], ...]


def entry(term: str, ipa: str, *, say: str = "", meaning: str = "", forms: Pairs = (), alias: Pairs = ()) -> Entry:
    origin = Origin(path=Path("-"), line=0)
    return Entry(term=term, ipa=ipa, say=say, meaning=meaning, forms=forms, alias=alias, origin=origin)


def edited(folder: Path, content: str, *entries: Entry) -> str:
    path, to = folder / "en.yaml", folder / "out.yaml"
    path.write_bytes(content.encode())
    write_edited(path, entries, to)
    return to.read_bytes().decode()


ZIZ = entry("zz", "ˈzɪz")
TWO = """\
# Words of this clinic.

- term: ape  # said often
  ipa: ˈeɪp
# the next one was asked for by Dr. Smith
- term: zz
  ipa: "ˈziː"  # checked
  say: ZEE
  # more to come
  meaning: a sleep
"""


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (entry("bee", "ˈbiː"), ["+- term: bee", "+  ipa: ˈbiː"]),
        (ZIZ, ['-  ipa: "ˈziː"  # checked', "+  ipa: ˈzɪz  # checked", "-  say: ZEE"]),
        (entry("ZZ", "ˈziː", say="ZEE", meaning="a: b"), ["-  meaning: a sleep", "+  meaning: 'a: b'"]),
        (entry("ape", "ˈeɪp", say="APE", meaning="it climbs"), ["+  say: APE", "+  meaning: it climbs"]),
        (
            entry("ape", "ˈeɪp", forms=(("apes", "ˈeɪps"), ("no", "ˈnoʊ"))),
            ["+  forms:", "+    apes: ˈeɪps", "+    'no': ˈnoʊ"],
        ),
        (entry("ape", "ˈeɪp"), []),
    ],
)
def test_only_what_is_new_changes(tmp_path: Path, new: Entry, lines: list[str]) -> None:
    out = edited(tmp_path, TWO, new)
    changes = [line for line in difflib.ndiff(TWO.splitlines(), out.splitlines()) if line[0] in "+-"]
    assert [line[0] + line[2:] for line in changes] == lines


def test_a_comment_stays_with_what_it_stands_above(tmp_path: Path) -> None:
    out = edited(tmp_path, TWO, entry("bee", "ˈbiː")).splitlines()
    assert out.index("- term: bee") < out.index("# the next one was asked for by Dr. Smith") < out.index("- term: zz")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_marks_stay(tmp_path: Path, newline: str, bom: str) -> None:
    content = bom + "- term: b\n  ipa: ˈbiː\n- term: d\n  ipa: ˈdiː".replace("\n", newline)
    out = edited(tmp_path, content, entry("a", "ˈeɪ"), entry("c", "ˈsiː"), entry("e", "ˈiː"))
    assert out == bom + "".join(
        f"- term: {term}{newline}  ipa: {ipa}{newline}"
        for term, ipa in (("a", "ˈeɪ"), ("b", "ˈbiː"), ("c", "ˈsiː"), ("d", "ˈdiː"), ("e", "ˈiː"))
    )


@pytest.mark.parametrize(
    ("content", "new", "out"),
    [
        ("[]\n", (ZIZ, entry("a", "ˈeɪ")), "- term: a\n  ipa: ˈeɪ\n- term: zz\n  ipa: ˈzɪz\n"),
        ("# words\n\n[]  # none yet\n", (ZIZ,), "# words\n\n- term: zz\n  ipa: ˈzɪz\n"),
        ("- {term: zz, ipa: ziː}  # soon\n", (ZIZ,), "- term: zz  # soon\n  ipa: ˈzɪz\n"),
        ("- {term: zz, ipa: ziː}\n", (entry("a", "ˈeɪ"),), "- term: a\n  ipa: ˈeɪ\n- {term: zz, ipa: ziː}\n"),
        ("-\n  term: zz\n  ipa:\n    ziː\n", (ZIZ,), "-\n  term: zz\n  ipa: ˈzɪz\n"),
        ("  -   ipa: ziː\n      term: zz\n", (ZIZ,), "  -   ipa: ˈzɪz\n      term: zz\n"),
        (
            "  - term: b\n    ipa: biː\n",
            (entry("c", "ˈsiː"),),
            "  - term: b\n    ipa: biː\n  - term: c\n    ipa: ˈsiː\n",
        ),
        (
            "- term: b\n  ipa: biː\n\n- term: d\n  ipa: diː\n",
            (entry("c", "ˈsiː"),),
            "- term: b\n  ipa: biː\n\n- term: c\n  ipa: ˈsiː\n\n- term: d\n  ipa: diː\n",
        ),
        (
            "- term: b\n  ipa: biː\n  meaning: |\n    one\n\n    # two\n",
            (entry("c", "ˈsiː"),),
            "- term: b\n  ipa: biː\n  meaning: |\n    one\n\n    # two\n- term: c\n  ipa: ˈsiː\n",
        ),
        (
            "- term: zz\n  ipa: ziː\n  forms:\n    zzs: ziːz  # two\n    zzed: ziːd\n",
            (entry("ZZed", "ˈzɪzd"),),
            "- term: zz\n  ipa: ziː\n  forms:\n    zzs: ziːz  # two\n    zzed: ˈzɪzd\n",
        ),
        (
            "- term: zz\n  ipa: ziː\n  forms:\n    zzs: ziːz\n  alias:\n    gtts: zee\n",
            (entry("zz", "ziː", forms=(("ZZs", "ˈzɪz.ɪz"), ("zzy", "ˈziː.i")), alias=(("gtts", "zed"),)),),
            "- term: zz\n  ipa: ziː\n  forms:\n    zzs: ˈzɪz.ɪz\n    zzy: ˈziː.i\n  alias:\n    gtts: zed\n",
        ),
    ],
)
def test_every_way_of_writing_a_list(tmp_path: Path, content: str, new: tuple[Entry, ...], out: str) -> None:
    assert edited(tmp_path, content, *new) == out


@pytest.mark.parametrize(
    ("content", "new", "says"),
    [
        ("[{term: zz, ipa: ziː}]\n", ZIZ, r"en.yaml:1 .* in brackets; write each on lines"),
        ("- term: a\n  ipa: &x ziː\n- term: zz\n  ipa: *x\n", entry("a", "ˈeɪ"), "'\\*x' names nothing"),
        (
            "- term: zz\n  ipa: ziː\n  forms:\n    &x\n    zzs: ziːz\n- term: zzz\n  ipa: ziː\n  forms: *x\n",
            entry("zzs", "ˈzɪz"),
            "shares its lines with another entry",
        ),
        ("- say: ZEE\n  term: zz\n  ipa: ziː\n", ZIZ, "en.yaml:1 .* 'say' begins the entry"),
        (
            "- term: zz\n  ipa: ziː\n  forms: {zzs: ziːz}\n",
            entry("zzs", "ˈzɪz"),
            "en.yaml:3 .* 'forms' stands in braces",
        ),
        (
            "- term: zz\n  ipa: ziː\n  forms:\n    zzs: ziːz\n",
            entry("zzs", "ziːz", meaning="naps"),
            "'zzs' is a form of 'zz'",
        ),
    ],
)
def test_what_cannot_be_done_without_harm_is_left_to_a_person(
    tmp_path: Path, content: str, new: Entry, says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        edited(tmp_path, content, new)


def test_a_faulty_lexicon_is_not_touched(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"en.yaml:2: IPA"):
        edited(tmp_path, "- term: zz\n  ipa: qq\n", ZIZ)


def test_many_entries_at_once_stand_in_order_and_nothing_else_moves(tmp_path: Path) -> None:
    before = HOUSE.read_text(encoding="utf-8")
    terms = [f"{letter}{tail}" for letter in "abcdefghijklmnopqrstuvwxyz" for tail in ("aa", "mm", "zz")]
    random.Random(1).shuffle(terms)
    out = edited(tmp_path, before, *(entry(term, "ˈtɛst", meaning="a test") for term in terms))
    kept = [line[2:] for line in difflib.ndiff(before.splitlines(), out.splitlines()) if line[0] in " -"]
    assert kept == before.splitlines()
    written = [found.term.casefold() for found in read_lexicon(tmp_path / "out.yaml")]
    assert written == sorted(written)
    assert set(terms) <= set(written)
