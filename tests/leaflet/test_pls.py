"""Lexicons of the W3C Pronunciation Lexicon Specification 1.0, written and read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from audioleaflet.errors import ContentError, Origin
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.leaflet.model import Entry
from audioleaflet.leaflet.pls import PLS, Imported, read_pls, write_pls

HOUSE = Path(__file__).resolve().parents[2] / "content" / "lexicon" / "en.yaml"
ENTRIES = read_lexicon(HOUSE)

# The rules of the Recommendation of 14 October 2008, written anew: 4.1 lexicon (version, alphabet and xml:lang needed),
# 4.2 meta, 4.3 metadata (anything of another namespace), 4.4 lexeme (graphemes, then at least one phoneme or alias),
# 4.5 to 4.8. An alphabet is "ipa" or a name of its maker that begins with "x-" (2).
RULES = f"""
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{PLS}"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="lexicon">
    <attribute name="version"><value>1.0</value></attribute>
    <attribute name="xml:lang"><data type="language"/></attribute>
    <ref name="alphabet"/>
    <optional><attribute name="xml:base"><data type="anyURI"/></attribute></optional>
    <zeroOrMore><element name="meta">
      <choice><attribute name="name"/><attribute name="http-equiv"/></choice><attribute name="content"/>
    </element></zeroOrMore>
    <zeroOrMore><element name="metadata"><zeroOrMore><ref name="foreign"/></zeroOrMore></element></zeroOrMore>
    <zeroOrMore><element name="lexeme">
      <optional><attribute name="xml:id"><data type="ID"/></attribute></optional>
      <optional><attribute name="role"/></optional>
      <oneOrMore><element name="grapheme"><ref name="text"/></element></oneOrMore>
      <oneOrMore><choice>
        <element name="phoneme">
          <optional><ref name="alphabet"/></optional><ref name="prefer"/><ref name="text"/>
        </element>
        <element name="alias"><ref name="prefer"/><ref name="text"/></element>
      </choice></oneOrMore>
      <zeroOrMore><element name="example"><ref name="text"/></element></zeroOrMore>
    </element></zeroOrMore>
  </element></start>
  <define name="text"><data type="string"><param name="minLength">1</param></data></define>
  <define name="alphabet"><attribute name="alphabet">
    <data type="string"><param name="pattern">ipa|x-\\S+</param></data></attribute></define>
  <define name="prefer"><optional><attribute name="prefer"><data type="boolean"/></attribute></optional></define>
  <define name="foreign"><element>
    <anyName><except><nsName/></except></anyName>
    <zeroOrMore><attribute><anyName/></attribute></zeroOrMore>
    <zeroOrMore><choice><text/><ref name="foreign"/></choice></zeroOrMore>
  </element></define>
</grammar>
"""


def conforms(data: bytes) -> bool:
    rules: bool = etree.RelaxNG(etree.fromstring(RULES)).validate(etree.fromstring(data))
    return rules


def said(entry: Entry) -> tuple[object, ...]:
    return (entry.term, entry.ipa, entry.say, entry.meaning, entry.forms, entry.alias)


def imported(folder: Path, body: str, *, head: str = 'version="1.0" alphabet="ipa" xml:lang="en-US"') -> Imported:
    path = folder / "other.pls"
    path.write_text(f'<lexicon xmlns="{PLS}" {head}>\n{body}\n</lexicon>', encoding="utf-8")
    return read_pls(path)


def lexeme(grapheme: str, ipa: str, attributes: str = "") -> str:
    return f"<lexeme {attributes}><grapheme>{grapheme}</grapheme><phoneme>{ipa}</phoneme></lexeme>"


DERIVED = {"metastasis": (("metastasis's", "məˈtæs.tə.sɪ.sɪz"), ("Metastasis", "məˈtæs.tə.sɪs"))}


def test_what_we_write_follows_the_recommendation() -> None:
    assert conforms(write_pls(ENTRIES, "en-US", {}))
    assert conforms(write_pls(ENTRIES, "en-US", DERIVED))
    assert conforms(write_pls([], "fr", {}))


@pytest.mark.parametrize(
    ("broken", "into"),
    [
        (b' version="1.0"', b""),
        (b' alphabet="ipa"', b' alphabet="IPA"'),
        (b' xml:lang="en-US"', b""),
        (b"<phoneme>\xcb\x88sep</phoneme>", b""),
        (b"<grapheme>step</grapheme>", b""),
        (b"<grapheme>step</grapheme>", b"<meaning>step</meaning>"),
        (b'<house:entry term="step"', b'<lexeme term="step"'),
    ],
)
def test_the_rules_of_the_recommendation_can_be_broken(broken: bytes, into: bytes) -> None:
    entry = Entry(
        term="step", ipa="ˈsep", say="", meaning="", forms=(), alias=(), origin=Origin(path=Path("-"), line=0)
    )
    data = write_pls([entry], "en-US", {})
    assert conforms(data)
    assert broken in data
    assert not conforms(data.replace(broken, into))


def test_what_we_write_comes_back_whole(tmp_path: Path) -> None:
    special = Entry(
        term="R&D <x>",
        ipa="ˈɑːɹ",
        say="ARR",
        meaning='"quoted" & more',
        forms=(("R&Ds", "ˈɑːɹz"), ("r & d", "ˈɑːɹ")),
        alias=(("gtts", "are and dee"),),
        origin=Origin(path=Path("-"), line=0),
    )
    path = tmp_path / "house.pls"
    path.write_bytes(write_pls([*ENTRIES, special], "en-US", DERIVED))
    back = read_pls(path)
    assert back.language == "en-US"
    assert back.problems == ()
    assert [said(entry) for entry in back.entries] == [said(entry) for entry in (*ENTRIES, special)]


def test_the_same_entries_give_the_same_bytes_and_syllables_stay() -> None:
    data = write_pls(ENTRIES, "en-US", {})
    assert data == write_pls(list(ENTRIES), "en-US", {})
    assert "<phoneme>məˈtæs.tə.sɪs</phoneme>".encode() in data
    lexemes = etree.fromstring(data).findall(f"{{{PLS}}}lexeme")
    graphemes = [[part.text for part in found.findall(f"{{{PLS}}}grapheme")] for found in lexemes]
    assert ["anemia", "anaemia"] in graphemes  # one sound, one lexeme
    assert ["anemic", "anaemic"] in graphemes


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (lexeme("lymph", "ˈlɪmf"), [("lymph", "ˈlɪmf", ())]),
        (lexeme("lymph", " ˈlɪmf\n "), [("lymph", "ˈlɪmf", ())]),
        (lexeme("metastasis", "məˈtæstəsɪs"), [("metastasis", "məˈtæs.tə.sɪs", ())]),
        (lexeme("tumor", "ˈtumɝ".replace("ɝ", "ɚ")), [("tumor", "ˈtuː.mɚ", ())]),
        (
            (
                "<lexeme xml:id='a'><grapheme>tumor</grapheme><grapheme>tumour</grapheme><phoneme>ˈtuː.mɚ</phoneme>"
                "<example>The tumor grew.</example></lexeme>"
            ),
            [("tumor", "ˈtuː.mɚ", (("tumour", "ˈtuː.mɚ"),))],
        ),
        (
            (
                "<lexeme><grapheme>a</grapheme><phoneme>ˈeɪ</phoneme><phoneme prefer='true'>ˈɑː</phoneme>"
                "<phoneme prefer='true'>ˈiː</phoneme></lexeme>"
            ),
            [("a", "ˈɑː", ())],
        ),
        (
            (
                "<lexeme><grapheme>a</grapheme><phoneme alphabet='x-sampa' prefer='true'>A</phoneme>"
                "<phoneme>ˈɑː</phoneme></lexeme>"
            ),
            [("a", "ˈɑː", ())],
        ),
        ("<lexeme><grapheme>a</grapheme><alias>ay</alias><phoneme>ˈeɪ</phoneme></lexeme>", [("a", "ˈeɪ", ())]),
        (
            f"<p:lexeme xmlns:p='{PLS}'><p:grapheme>a</p:grapheme><p:phoneme>ˈeɪ</p:phoneme></p:lexeme>",
            [("a", "ˈeɪ", ())],
        ),
        (
            (
                "<lexeme xmlns:o='urn:o' o:x='1'><o:note>no</o:note><grapheme>ly<!-- c --><o:b>q</o:b>mph</grapheme>"
                "<?pi x?><phoneme>ˈlɪmf</phoneme></lexeme>"
            ),
            [("lymph", "ˈlɪmf", ())],
        ),
        ("<meta name='a' content='b'/><metadata>free <x xmlns='urn:o'/></metadata>", []),
        (lexeme("lymph", "ˈlɪmf") + lexeme("Lymph", "ˈlɪmf"), [("lymph", "ˈlɪmf", ())]),
        ("", []),
    ],
)
def test_files_of_other_systems(tmp_path: Path, body: str, found: list[tuple[object, ...]]) -> None:
    back = imported(tmp_path, body)
    assert [(entry.term, entry.ipa, entry.forms) for entry in back.entries] == found
    assert back.problems == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lexeme("refuse", "ˈɹɛf.juːs", "role='claws:NN1'"), "other.pls:2: NOT-TAKEN 'refuse' is for one role"),
        (
            "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>",
            "NOT-TAKEN 'W3C' has an alias and no pronunciation: 'World Wide Web Consortium'",
        ),
        (
            lexeme("wound", "ˈwuːnd") + "\n" + lexeme("Wound", "ˈwaʊnd"),
            "NOT-TAKEN 'wound' is said in several ways, on lines 2, 3",
        ),
    ],
)
def test_what_has_no_place_in_ours_is_told(tmp_path: Path, body: str, says: str) -> None:
    back = imported(tmp_path, lexeme("lymph", "ˈlɪmf") + body if "\n" not in body else body)
    (problem,) = back.problems
    assert problem.severity == "warning"
    assert says in str(problem)
    assert all(entry.term == "lymph" for entry in back.entries)


HEAD = 'version="1.0" alphabet="ipa" xml:lang="en-US"'


@pytest.mark.parametrize(
    ("head", "body", "says"),
    [
        (HEAD, lexeme("a", "ˈeɪ") + "\n" + lexeme("b", "ˈbe"), r"other.pls:3: IPA 'ˈbe': the symbol 'e'"),
        (HEAD, lexeme("hale", "ˈheɪ leɪ"), "IPA .* has 2 words, 'hale' has 1"),
        (HEAD, lexeme("a", ""), "EMPTY <phoneme> has nothing"),
        (HEAD, lexeme("", "ˈeɪ"), "EMPTY <grapheme> has nothing"),
        (HEAD, lexeme("a\u202eb", "ˈeɪ"), "CHARACTER .*U\\+202E"),
        (HEAD, "<lexeme/>", "PLS a <lexeme> needs a <grapheme>"),
        (HEAD, "<lexeme><grapheme>a</grapheme></lexeme>", "PLS a <lexeme> needs"),
        (HEAD, "<word/>", r"PLS <word> stands in <lexicon> \(it may hold: meta, metadata, lexeme\)"),
        (HEAD, "<lexeme><grapheme>a</grapheme><lexeme/></lexeme>", "PLS <lexeme> stands in <lexeme>"),
        (HEAD.replace("1.0", "2.0"), "", "PLS <lexicon> does not say version 1.0"),
        (HEAD.replace('alphabet="ipa"', ""), "", "PLS <lexicon> names no alphabet"),
        (HEAD.replace("en-US", "english!"), "", "LANGUAGE 'english!'"),
        (HEAD.replace("ipa", "x-sampa"), lexeme("a", "EI"), "other.pls:1: ALPHABET 1 pronunciations .* 'x-sampa'"),
        (
            HEAD,
            "<lexeme><grapheme>a</grapheme>\n<phoneme alphabet='x-microsoft-ups'>EI</phoneme></lexeme>",
            "other.pls:3: ALPHABET .* 'x-microsoft-ups'",
        ),
        (HEAD, "<lexeme>", "XML the file is not XML"),
        (HEAD, "&undefined;", "XML"),
    ],
)
def test_every_fault_is_at_its_line(tmp_path: Path, head: str, body: str, says: str) -> None:
    with pytest.raises(ContentError, match=says):
        imported(tmp_path, body, head=head)


def test_all_faults_are_told_at_once_in_line_order(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        imported(tmp_path, "\n".join([lexeme("a", "qq"), "<lexeme/>", lexeme("b", "ˈbɪ.bɪ ."), lexeme("c", "ˈsiː")]))
    assert [(problem.origin.line, problem.code) for problem in caught.value.problems] == [
        (2, "IPA"),
        (3, "PLS"),
        (4, "IPA"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "XML"),
        (b"term: a", "XML"),
        (b"<lexicon/>", "PLS the file begins with <lexicon> of the namespace ''"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "PLS the file begins with <html>"),
        (b"<!DOCTYPE lexicon [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><lexicon>&e;</lexicon>", "XML .*entities"),
        (b"<!DOCTYPE lexicon [<!ENTITY e 'x'>]><lexicon/>", "XML .*entities"),
        (b" " * 2_000_001, "TOO-LARGE"),
    ],
)
def test_what_is_no_lexicon_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "other.pls"
    path.write_bytes(data)
    with pytest.raises(ContentError, match=says):
        read_pls(path)


def test_a_billion_laughs_are_not_read(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE lexicon [<!ENTITY l0 "lol">{entities}]><lexicon xmlns="{PLS}" version="&l11;">&l11;</lexicon>'
    path = tmp_path / "other.pls"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="XML"):
        read_pls(path)


def test_a_doctype_without_entities_and_utf_16_are_read(tmp_path: Path) -> None:
    path = tmp_path / "other.pls"
    head = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE lexicon SYSTEM 'http://example.invalid/pls.dtd'>"
    path.write_bytes((f"{head}<lexicon xmlns='{PLS}' {HEAD}>" + lexeme("a", "ˈeɪ") + "</lexicon>").encode("utf-16"))
    assert [entry.ipa for entry in read_pls(path).entries] == ["ˈeɪ"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="UNREADABLE"):
        read_pls(tmp_path / "none.pls")


PIECES = st.sampled_from(
    [
        "<lexeme>",
        "</lexeme>",
        "<grapheme>a</grapheme>",
        "<phoneme>ˈeɪ</phoneme>",
        "<alias>b</alias>",
        "<x/>",
        "&amp;",
        "q",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=12).map("".join)))
def test_any_body_is_read_or_a_content_error(tmp_path: Path, body: str) -> None:
    try:
        imported(tmp_path, body)
    except ContentError as error:
        assert error.problems  # noqa: PT017
    except UnicodeEncodeError:  # a lone surrogate, which no file holds
        pass
