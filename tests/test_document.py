"""Reading YAML that a person wrote: text as typed, every node at its line, nothing hostile gets through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from audioleaflet.document import CODES, Document, Line, TextNode, fault, read_document, reading, validate
from audioleaflet.document.characters import mend
from audioleaflet.errors import ContentError

ANY_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def document(folder: Path, content: str | bytes) -> Document:
    return read_document(written(folder, content))


def problem(folder: Path, content: str | bytes) -> str:
    with pytest.raises(ContentError) as raised:
        document(folder, content)
    return f"{raised.value.origin.line}: {raised.value.code}"


def text(folder: Path, content: str | bytes, *location: str | int) -> str:
    node = document(folder, content).text(*location)
    assert node is not None
    return node.text


@pytest.mark.parametrize(
    "value", ["no", "1.0", "2026-01-01", "121", "0x1F", "1_000", "12:30:45", "true", "1e3", "=", "<<"]
)
def test_every_scalar_is_the_text_that_was_typed(tmp_path: Path, value: str) -> None:
    assert text(tmp_path, f"key: {value}\n", "key") == value


@pytest.mark.parametrize("value", ["", "~", "null", "''", '""', '" "'])
def test_a_value_with_nothing_to_read_is_no_text(tmp_path: Path, value: str) -> None:
    read = document(tmp_path, f"key: {value}\nother: x\n")
    assert read.text("key") is None
    assert isinstance(read.node("key"), TextNode)


def test_a_quoted_null_is_a_word(tmp_path: Path) -> None:
    assert text(tmp_path, 'key: "null"\n', "key") == "null"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("don\u2019t \u2018wait\u2019", "don't 'wait'"),
        ("\u201cyes\u201d", "\u201cyes\u201d"),
        ("10\u00a0mg, 5\u202fml, a\tb", "10 mg, 5 ml, a b"),
        ("X\u2011ray", "X-ray"),
        ("meta\u00adsta\u200bsis\u2060", "metastasis"),
        ("cafe\u0301", "caf\u00e9"),
        ("a\u200cb", "ab"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\uf0b7 pain", "\u2022 pain"),
        ("one\u2028two", "one two"),
        ("\ufb01brosis, sta\ufb00, a\ufb04ict, \ufb01\u0301n", "fibrosis, staff, afflict, f\u00edn"),
        ("2\u202f500\u202fIU, 1\u2009234\u2009567", "2\u202f500 IU, 1\u202f234\u202f567"),
        ("2\u00a0500 mg, 0\u202f800\u202f123, 612\u202f345\u202f678", "2 500 mg, 0 800 123, 612 345 678"),
        ("+1\u202f234\u202f567, 0.123\u202f456, 800\u202f555\u202f0100", "+1 234 567, 0.123 456, 800 555 0100"),
        ("e\ufb03cient \ufb02uid, \ufb05op \ufb06op", "efficient fluid, stop stop"),
    ],
)
def test_what_word_processors_leave_is_mended(tmp_path: Path, typed: str, read: str) -> None:
    assert text(tmp_path, f"key: |\n  {typed}\n", "key").rstrip("\n") == read


@given(st.text())
def test_mending_once_is_enough_and_keeps_lines(typed: str) -> None:
    once = mend(typed)
    assert mend(once) == once
    assert once.count("\n") == typed.count("\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(tmp_path: Path, ending: str) -> None:
    content = ending.join(
        ["\ufeff# one", "a: x\u2028y", "", "b:", "  - c: |", "      first", "", "      third", "d: e", ""]
    )
    read = document(tmp_path, content)
    assert [read.line("a"), read.line("b"), read.line("b", 0), read.line("b", 0, "c"), read.line("d")] == [
        2,
        4,
        5,
        5,
        9,
    ]
    node = read.text("b", 0, "c")
    assert node is not None
    assert [node.line_at(row) for row in range(3)] == [6, 7, 8]


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ("|\n\n  one\n  two\n", [2, 3, 4]),
        (">\n  one\n  two\n\n  three\n\n  four\n", [2, 5, 7]),
        ("one\n  two\n\n  three\n", [1, 4]),
        ('"one\n\n  two\n\n  three"\n', [1, 3, 5]),
        ("just one\n", [1]),
        (">-\n  one\n  two\n", [2]),
    ],
)
def test_a_texts_lines_have_their_places(tmp_path: Path, value: str, lines: list[int]) -> None:
    node = document(tmp_path, f"key: {value}").text("key")
    assert node is not None
    assert [node.line_at(row) for row in range(node.text.rstrip("\n").count("\n") + 1)] == lines


def test_an_indentation_of_no_break_spaces_is_mended(tmp_path: Path) -> None:
    assert text(tmp_path, "a:\n\u00a0\u00a0- b: c\n \u00a0 \u00a0d: e\n", "a", 0, "d") == "e"


def test_a_comment_is_no_text_but_a_number_sign_is_told(tmp_path: Path) -> None:
    assert text(tmp_path, "a: b # 5 is a comment\nc: d #this too\n", "a") == "b"
    assert text(tmp_path, 'a: "Room #5"\nb: |\n  Room #5\n', "a") == "Room #5"
    found = document(tmp_path, "a: b\nc: Room #5\n").problems
    assert [(problem.origin.line, problem.code) for problem in found] == [(2, "QUOTES")]


def test_a_mark_of_byte_order_inside_a_file_is_nothing(tmp_path: Path) -> None:
    assert text(tmp_path, "a: b\n\ufeff\n\ufeffc: d\n", "c") == "d"


def test_anchors_are_expanded(tmp_path: Path) -> None:
    read = document(tmp_path, "a: &x [one, two]\nb: *x\n")
    assert [node.text for node in read.items("b") if isinstance(node, TextNode)] == ["one", "two"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: b\n".encode("utf-16"), "1: NOT-UTF8"),
        ("a: b\r\nc: caf\u00e9\r\n".encode("latin-1"), "2: NOT-UTF8"),
        (b"PK\x03\x04\x14\x00\x06\x00", "1: BINARY"),
        (b"a: b\nc: \x00\n", "2: BINARY"),
        (b"a: b\nc: \x1b[31m\n", "2: CHARACTER"),
        (b"a: " + b"b" * 2_000_000, "0: TOO-LARGE"),
        (b"", "0: EMPTY"),
        (b"\xef\xbb\xbf", "0: EMPTY"),
        (b"---\n...\n", "0: EMPTY"),
        (b"[" * 1_000_000, "1: TOO-DEEP"),
        (b"? " * 500_000, "1: TOO-DEEP"),
        ("a: " + "{b: " * 41 + "}" * 41, "1: TOO-DEEP"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: str | bytes, expected: str) -> None:
    assert problem(tmp_path, content) == expected


def test_forty_deep_is_read(tmp_path: Path) -> None:
    assert document(tmp_path, "a: " + "[" * 39 + "]" * 39)


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml", tmp_path / "a\0b"):
        with pytest.raises(ContentError) as raised:
            read_document(path)
        assert raised.value.code == "UNREADABLE"


def test_the_size_that_aliases_stand_for_is_bounded_before_it_is_built(tmp_path: Path) -> None:
    bomb = "a0: &a0 word\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
    assert problem(tmp_path, bomb).endswith("ALIAS")
    assert problem(tmp_path, f"a: &a {'x' * 10_000}\nb: [{'*a, ' * 300}]\n") == "2: ALIAS"


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    size: int = 1


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    inner: tuple[Inner, ...]
    maybe: Inner | None = None


def test_all_faults_come_at_once_in_line_order(tmp_path: Path) -> None:
    content = "maybe:\n  titel: x\n  size: big\ninner:\n  - title:\n  - title: [x]\n    title: y\n  - nothing\n"
    with pytest.raises(ContentError) as raised:
        validate(document(tmp_path, content), Outer)
    assert [(p.origin.line, p.code) for p in raised.value.problems] == [
        (1, "MISSING"),
        (2, "UNKNOWN-KEY"),
        (3, "NUMBER"),
        (5, "EMPTY"),
        (6, "KIND"),
        (7, "DUPLICATE-KEY"),
        (8, "KIND"),
    ]
    assert "did you mean 'title'?" in str(raised.value)


def test_a_fault_needs_a_code_of_the_table() -> None:
    with pytest.raises(KeyError):
        fault("NO-SUCH-CODE", "message")


def test_every_code_of_the_table_is_used_in_the_sources() -> None:
    package = Path(reading.__file__).parents[1]
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "codes.py")
    used = set(re.findall(r'"([A-Z]{2,}[A-Z0-9]*(?:-[A-Z0-9]+)*)"', source))
    assert set(CODES) <= used


def test_every_code_in_the_sources_is_in_the_table() -> None:
    package = Path(reading.__file__).parents[1]
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    used = set(re.findall(r'(?:code=|fault\(\s*)"([A-Z][A-Z-]+)"', source))
    assert len(used) > 10
    assert used <= set(CODES)


def lines_of_problems(path: Path) -> list[int]:
    """Where the problems of a file are; none if it has none. Any other error is the test's failure."""
    try:
        validate(read_document(path), Outer)
    except ContentError as error:
        return [problem.origin.line for problem in error.problems]
    return []


# Pieces that reach every part of the reader, where random bytes would stop at the door.
PIECES = st.sampled_from(
    [
        *("title: ", "sections:\n", "  - id: a\n", "    title: b\n", "    text: |\n", "      words\n", "\n", " ", "  "),
        *(
            "- ",
            "? ",
            ": ",
            "&a ",
            "*a",
            "!t ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "#",
            "|",
            ">",
            "'",
            '"',
            "%",
            "@",
            "`",
            "---\n",
        ),
        *(
            "...\n",
            "\\x00",
            "\\ud800",
            "\t",
            "\u00a0",
            "\u2028",
            "\x85",
            "\ufeff",
            "<<: ",
            "~",
            "\r",
            "e\u0301",
            "\U0001f600",
        ),
    ]
)


@ANY_FOLDER
@given(content=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map(lambda p: "".join(p).encode())))
def test_no_bytes_give_anything_but_a_document_or_a_content_error(tmp_path: Path, content: bytes) -> None:
    last = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(0 <= line <= last for line in lines_of_problems(written(tmp_path, content)))


@ANY_FOLDER
@given(content=st.lists(PIECES, max_size=40).map(lambda p: "".join(p).encode()))
def test_nor_with_the_parser_that_is_written_in_python(tmp_path: Path, content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_LOADER", yaml.SafeLoader)
        assert all(line >= 0 for line in lines_of_problems(written(tmp_path, content)))
