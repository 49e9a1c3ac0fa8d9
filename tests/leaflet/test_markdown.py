"""The Markdown of a leaflet: what it gives, and that no word of it is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audioleaflet.errors import Origin
from audioleaflet.leaflet.annotation import annotated
from audioleaflet.leaflet.links import shown_link
from audioleaflet.leaflet.markdown import Parsed, parse_markdown, parse_passage
from audioleaflet.leaflet.model import Block


def place(row: int) -> Origin:
    return Origin(path=Path("leaflet.yaml"), line=row + 1)


def parse(text: str) -> Parsed:
    return parse_markdown(text, place)


def shape(block: Block) -> object:
    """A paragraph as its lines (one as a string), a list as a list of items, an ordered one in a tuple with '1.'."""
    if block.kind == "paragraph":
        return block.lines[0] if len(block.lines) == 1 else block.lines
    items = [[shape(part) for part in item] for item in block.items]
    return ("1.", items) if block.ordered else items


def shapes(text: str) -> list[object]:
    parsed = parse(text)
    assert parsed.problems == ()
    return [shape(block) for block in parsed.blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\nline.\n\nTwo.", ["One line.", "Two."]),
        ("One  \ntwo\\\nthree", [("One", "two", "three")]),
        ("- a\n- b", [[["a"], ["b"]]]),
        ("- a\n\n- b\n\n  more", [[["a"], ["b", "more"]]]),
        ("1. a\n2. b\n   - c\n   - d", [("1.", [["a"], ["b", [["c"], ["d"]]]])]),
        ("1. a\n1. b", [("1.", [["a"], ["b"]])]),
        ("* a\n  1. b\n     + c", [[["a", ("1.", [["b", [["c"]]]])]]]),
        ("**Bold**, *lean*, ***both*** and __more__.", ["Bold, lean, both and more."]),
        ("2 \\* 3, snake\\_case, 1986\\. &amp; &lt;5 mg", ["2 * 3, snake_case, 1986. & <5 mg"]),
        ("See [the society](https://www.cancer.org/).", ["See the society (www.cancer.org)."]),
        ("See [*the* society](https://www.cancer.org/a/b?c=d).", ["See the society (www.cancer.org/a/b?c=d)."]),
        ("[www.cancer.org](https://www.cancer.org)", ["www.cancer.org"]),
        ("[https://www.cancer.org/](http://www.cancer.org)", ["www.cancer.org"]),
        ("[cancer.org](https://www.cancer.org)", ["www.cancer.org"]),
        ("<https://www.cancer.gov/>", ["www.cancer.gov"]),
        ("[Write](mailto:a@b.org?subject=Hi) or <c@d.org>", ["Write (a@b.org) or c@d.org"]),
        ("[two\nrows](https://x.org) after", ["two rows (x.org) after"]),
        ("[m\u00fcnchen](https://m\u00fcnchen.de/\u00e4)", ["m\u00fcnchen (m\u00fcnchen.de/\u00e4)"]),
        ("a&nbsp;b &shy;c", ["a b c"]),
        ("\u2022 a\n\u2022b\n\u2022 \tc", [[["a"], ["b"], ["c"]]]),
        ("\u2013 a\n\u2013 b", [[["a"], ["b"]]]),
        ("-a\n-b", [[["a"], ["b"]]]),
        ("-itis means inflammation", ["-itis means inflammation"]),
        ("-5 degrees", ["-5 degrees"]),
        ("1)a\n2)b", [("1.", [["a"], ["b"]])]),
        ("(1) a\n(2) b", [("1.", [["a"], ["b"]])]),
        ("1) a\n2) b", [("1.", [["a"], ["b"]])]),
        ("\u2022 a\n  \u2022 b\n\u2022 c", [[["a", [["b"]]], ["c"]]]),
        ("Words:\n\n\u2022 a\n\nMore.", ["Words:", [["a"]], "More."]),
        ("An item\n- of a list", ["An item", [["of a list"]]]),
        ("Pain \u2013 even at night \u2013 is a sign.", ["Pain \u2013 even at night \u2013 is a sign."]),
        ("", []),
    ],
)
def test_what_is_read(text: str, expected: list[object]) -> None:
    assert shapes(text) == expected


def test_blocks_know_their_rows() -> None:
    first, bullets, last = parse("one\n\n- two\n- three\n  - four\n\nlast\n").blocks
    assert [first.origin.line, bullets.origin.line, last.origin.line] == [1, 3, 7]
    assert [item[0].origin.line for item in bullets.items] == [3, 4]
    assert bullets.items[1][1].origin.line == 5


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a\n`b` c\n`d`", [(2, "MARKDOWN"), (3, "MARKDOWN")]),
        ("- a\n  - > quoted\n- # heading", [(2, "MARKDOWN"), (3, "MARKDOWN")]),
        ("a <!-- b\n-->", [(1, "MARKDOWN")]),
        ("&nbsp;&#x202e;", [(1, "CHARACTER")]),
        ("[a]: https://x.org\n[A]: https://y.org\n\n[a]", [(1, "MARKDOWN"), (2, "MARKDOWN")]),
        ("- - - - - - - - - - " * 20 + "a", [(1, "TOO-DEEP")]),
        ("- " + "word " * 1001, [(1, "TOO-LONG")]),
        ("> " * 200 + "a", [(1, "MARKDOWN")]),
    ],
)
def test_what_is_refused(text: str, problems: list[tuple[int, str]]) -> None:
    assert [(problem.origin.line, problem.code) for problem in parse(text).problems] == problems


def test_the_paragraphs_of_a_passage_become_one_text() -> None:
    assert parse_passage("One *a*  \ntwo.\n\nThree.\n", place) == ("One a two. Three.", ())


@pytest.mark.parametrize(
    "address", ["", "page.html", "/a", "#a", "ftp://x.org", "javascript:x", "https://", "mailto:x", "x.org"]
)
def test_addresses_that_lead_nowhere(address: str) -> None:
    with pytest.raises(ValueError, match="the link leads"):
        shown_link("words", address)


PIECES = st.sampled_from(
    [
        *(
            "word",
            "Tell",
            "your",
            "team",
            "10",
            "mg",
            "caf\u00e9",
            " ",
            " ",
            " ",
            "\n",
            "\n",
            "\n\n",
            "  ",
            "    ",
            "  \n",
            "\\\n",
        ),
        *(
            "- ",
            "* ",
            "+ ",
            "1. ",
            "2) ",
            "\u2022 ",
            "\u2013 ",
            "# ",
            "> ",
            "---",
            "===",
            "|",
            "| - |",
            "`",
            "```\n",
            "~~",
            "~",
        ),
        *(
            "*",
            "**",
            "_",
            "__",
            "[",
            "]",
            "(",
            ")",
            "](https://x.org)",
            "![",
            "<",
            ">",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "<https://y.org>",
        ),
        *(
            "&amp;",
            "&",
            ";",
            "&nbsp;",
            "\\",
            "[w]: ",
            "https://z.org",
            '"',
            "'",
            "mailto:",
            "a@b.org",
            "\u00ad",
            "\u200b",
            "\u00a0",
            "1986.",
        ),
    ]
)


def spoken_words(blocks: tuple[Block, ...]) -> list[str]:
    words: list[str] = []
    for block in blocks:
        words += [word for line in block.lines for word in re.findall(r"\w+", line)]
        words += [word for item in block.items for word in spoken_words(item)]
    return words


def source_words(text: str) -> list[str]:
    """The words that a reader of the source sees: no list numbers at a line's start, no schemes, no entities."""
    text = re.sub(r"\u00ad|\u200b|\u00a0", lambda found: " " if found[0] == "\u00a0" else "", text)
    text = re.sub(r"&(?:amp|nbsp);", " ", text)
    text = re.sub(r"https://|mailto:", " ", text)
    return re.findall(r"\w+", text)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_word_of_a_text_without_problems_is_lost(text: str) -> None:
    parsed = parse(text)
    if parsed.problems:
        return
    spoken = spoken_words(parsed.blocks)
    for word in source_words(text):
        core = word.strip("_")
        if core in {"", "1", "2"}:  # emphasis, and the numbers of a list, which is read with its items counted
            continue
        assert any(core in said for said in spoken), f"{word!r} of {text!r} is lost: {parsed.blocks}"


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\r"), max_size=200))
def test_any_text_parses(text: str) -> None:
    parsed = parse(text)
    rows = text.count("\n") + 1
    assert all(1 <= problem.origin.line <= rows for problem in parsed.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clean the [wound](say:WOOND) well.", f"Clean the {annotated('wound', 'ˈwuːnd')} well."),
        ("Clean the [wound](say:/waʊnd/).", f"Clean the {annotated('wound', 'waʊnd')}."),
        ("The [bone\nmarrow](<say:BOHN MAR-oh>) it is.", f"The {annotated('bone marrow', 'ˈboʊn ˈmɑːɹ.oʊ')} it is."),
        ("The [bone marrow](say:BOHN%20MAR-oh).", f"The {annotated('bone marrow', 'ˈboʊn ˈmɑːɹ.oʊ')}."),
        ("*A [**live**](SAY:LYV) one*", f"A {annotated('live', 'ˈlaɪv')} one"),
    ],
)
def test_a_say_link_settles_how_its_words_are_said(text: str, expected: str) -> None:
    assert shapes(text) == [expected]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[wound](say:)", "LINK"),
        ("[](say:WOOND)", "LINK"),
        ("[wound](say:///)", "IPA"),
        ("[wound](say:W)", "IPA"),
        ("[wound](<say:WOOND WOOND>)", "IPA"),
        ("[bone marrow](say:BOHN MAR-oh)", "LINK"),
        ("[bone\\\nmarrow](<say:BOHN MAR-oh>)", "LINK"),
        ("a \ufff9b\ufffaˈaɪ\ufffb c", "CHARACTER"),
        ("a &#xfff9;b&#xfffa;aɪ&#xfffb; c", "CHARACTER"),
    ],
)
def test_a_say_link_that_cannot_be_said_is_a_problem(text: str, code: str) -> None:
    problems = parse(text).problems
    assert {problem.code for problem in problems} == {code}
    assert all(problem.next_step for problem in problems)
