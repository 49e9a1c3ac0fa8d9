"""``audioleaflet lexicon`` in a library, as an editor meets it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import threading
from pathlib import Path

import pytest

from audioleaflet import cli
from audioleaflet import house as library
from audioleaflet.errors import StorageError
from audioleaflet.leaflet.editing import find_term
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.settings import packaged_content

LEAFLET = """\
title: About denosumab
language: {language}
version: "1.0"
sections:
  - id: what
    title: What is it?
    text: |
      You may be given denosumab.

      It helps.
"""
LEXICON = """\
# Words of this clinic.
- term: denosumab  # asked for twice
  ipa: dəˈnoʊ.suːˌmæb
- term: tumor
  ipa: ˈtuː.mɚ
  forms:
    tumour: ˈtuː.mɚ
"""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content folder of a library with one leaflet and no lexicon of its own; it lies in the working folder."""
    folder = tmp_path / "content"
    (folder / "denosumab").mkdir(parents=True)
    shutil.copy(packaged_content() / "library.yaml", folder)
    (folder / "denosumab" / "en.yaml").write_text(LEAFLET.format(language="en-US"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def own(content: Path) -> Path:
    """The library's own lexicon."""
    path = content / "lexicon" / "en.yaml"
    path.parent.mkdir()
    path.write_text(LEXICON, encoding="utf-8")
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``audioleaflet lexicon``."""
    status = cli.run(["lexicon", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_a_changed_reading_lists_the_sentences_and_leaves_the_file_as_it_was(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab")
    assert status == 0
    assert out.splitlines() == [
        "content/denosumab/en.yaml:1: About denosumab",
        "content/denosumab/en.yaml:8: You may be given denosumab.",
    ]
    assert "denosumab: deh-NOH-soo-mab  dɛˈnoʊ.suːˌmæb" in err
    assert "until now: duh-NOH-soo-mab  dəˈnoʊ.suːˌmæb  (lexicon)" in err
    assert "2 sentences of 1 leaflet hold the new reading" in err
    assert "content/lexicon/en.yaml:2: written" in err
    assert own.read_text(encoding="utf-8") == LEXICON.replace("dəˈnoʊ", "dɛˈnoʊ")
    status, out, err = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab")
    assert (status, out) == (0, "")
    assert "no sentence of a leaflet changes" in err


def test_a_dry_run_shows_all_and_writes_nothing(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab", "--dry-run")
    assert status == 0
    assert len(out.splitlines()) == 2
    assert "would be written; nothing is changed" in err
    assert own.read_text(encoding="utf-8") == LEXICON
    assert [path.name for path in own.parent.iterdir()] == ["en.yaml"]


def test_a_new_word_tells_how_the_voice_said_it(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(capsys, "add", "helps", "--ipa", "ˈhɛlps", "--meaning", "a test", "--no-play")
    assert status == 0
    assert "until now: HELPS  ˈhɛlps  (the voice's own reading)" in err
    (before, found, after) = read_lexicon(own)
    assert (before.term, found.term, found.ipa, found.meaning, after.term) == (
        "denosumab",
        "helps",
        "ˈhɛlps",
        "a test",
        "tumor",
    )


def test_a_voices_own_reading_is_respelled_though_it_has_other_symbols(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, err = answer(capsys, "add", "Fludarabine", "--say", "floo-DAIR-uh-been", "--no-play")
    assert "until now: FLOO-duh-rab-ine  ˈfluːdɐˌɹæbaɪn  (the voice's own reading)" in err


def test_an_entry_for_a_word_of_two_meanings_is_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = answer(capsys, "add", "wound", "--say", "WOWND", "--dry-run")
    assert "beware: 'wound' is WOOND (an injury) or WOWND (turned or wrapped, from wind); with this entry" in err
    assert "to settle one place only, write in the leaflet: [wound](say:WOWND)" in err
    _, _, err = answer(capsys, "add", "helps", "--say", "HELPS", "--dry-run")
    assert "beware" not in err


def test_forms_and_what_follows_from_an_entry_are_told(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "(form of 'tumor')" in answer(capsys, "add", "tumour", "--ipa", "ˈtjuː.mə")[2]
    assert read_lexicon(own)[1].forms == (("tumour", "ˈtjuː.mə"),)
    assert "(made from 'tumor')" in answer(capsys, "add", "tumors", "--say", "TYOO-merz")[2]
    status, _, err = answer(capsys, "add", "tumour", "--ipa", "ˈtuː.mə", "--meaning", "a lump")
    assert status == 4
    assert "'tumour' is a form of 'tumor'" in err


def test_the_first_own_word_of_a_library_brings_the_packaged_ones(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = answer(capsys, "add", "helps", "--say", "HELPS")
    assert status == 0
    assert "made content/lexicon/en.yaml with all words of the lexicon that comes with audioleaflet" in err
    packaged = read_lexicon(packaged_content() / "lexicon" / "en.yaml")
    made = read_lexicon(content / "lexicon" / "en.yaml")
    assert {entry.term for entry in made} == {entry.term for entry in packaged} | {"helps"}
    assert "$schema" not in (content / "lexicon" / "en.yaml").read_text(encoding="utf-8")


def test_the_narrowest_lexicon_that_exists_is_written(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    british = own.with_name("en-GB.yaml")
    british.write_text("[]\n", encoding="utf-8")
    assert answer(capsys, "add", "hospice", "--say", "HOS-piss", "--language", "en-GB")[0] == 0
    assert [(entry.term, entry.ipa) for entry in read_lexicon(british)] == [("hospice", "ˈhɒs.pɪs")]
    assert own.read_text(encoding="utf-8") == LEXICON


def test_a_language_without_a_lexicon_gets_one_by_ipa(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(capsys, "add", "tumeur", "--say", "too-MER", "--language", "fr")
    assert (status, "a respelling is read as English" in err) == (2, True)
    assert answer(capsys, "add", "tumeur", "--ipa", "tuːˈmɜː", "--language", "fr")[0] == 0
    assert [entry.term for entry in read_lexicon(own.with_name("fr.yaml"))] == ["tumeur"]


def test_a_first_word_in_another_language_hides_no_packaged_word(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(capsys, "add", "tumeur", "--ipa", "tuːˈmɜː", "--language", "fr-CA")[0] == 0
    assert sorted(path.name for path in (content / "lexicon").iterdir()) == ["en.yaml", "fr.yaml"]
    packaged = read_lexicon(packaged_content() / "lexicon" / "en.yaml")
    assert [entry.term for entry in read_lexicon(content / "lexicon" / "en.yaml")] == [entry.term for entry in packaged]


def test_without_a_library_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab")
    assert status == 4
    assert "there is no library here" in err
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_leaflet_is_told_and_passed_over(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = own.parent.parent / "bad"
    bad.mkdir()
    (bad / "en.yaml").write_text("title: x\n", encoding="utf-8")
    status, out, err = answer(capsys, "add", "denosumab", "--ipa", "dɛˈnoʊ.suːˌmæb")
    assert status == 0
    assert len(out.splitlines()) == 2
    assert "content/bad/en.yaml has problems and was not looked at" in err


def test_json_holds_the_same(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab", "--json")
    told = json.loads(out)
    assert status == 0
    assert told["before"] == {"ipa": "dəˈnoʊ.suːˌmæb", "source": "lexicon"}
    assert (told["path"], told["line"], told["new_file"], told["written"]) == (
        "content/lexicon/en.yaml",
        2,
        False,
        True,
    )
    assert told["sentences"][1] == {
        "path": "content/denosumab/en.yaml",
        "line": 8,
        "text": "You may be given denosumab.",
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "x"), "either with --say or with --ipa"),
        (("add", "x", "--say", "EKS", "--ipa", "ˈɛks"), "either with --say or with --ipa"),
        (("add", "x", "--say", "LEA"), "'ea' in the syllable 'lea' can be read in several ways"),
        (("add", "x", "--ipa", "lea"), "the symbol 'e'"),
        (("add", "x", "--ipa", "ˈɛks ˈɛks"), "has 2 words, 'x' has 1"),
        (("add", " ", "--say", "EKS"), "the term has nothing in it"),
        (("add", "⊘", "--say", "NOT"), "'⊘' is a sign, and a lexicon holds words; write it in words"),
        (("add", "a\u202eb", "--say", "EKS"), "U\\+202E"),
        (("add", "x", "--say", "EKS", "--language", "english!"), "is not a language tag"),
        (("export",), "Missing option '--to'"),
    ],
)
def test_wrong_usage_is_told(
    own: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    status, out, err = answer(capsys, *arguments)
    assert (status, out) == (2, "")
    assert re.search(says, err)
    assert own.read_text(encoding="utf-8") == LEXICON


def test_rights_and_links_of_the_file_stay(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = own.parent.parent.parent / "shared.yaml"
    own.rename(shared)
    own.symlink_to(shared)
    shared.chmod(0o640)
    assert answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab")[0] == 0
    assert own.is_symlink()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o640
    assert "dɛˈnoʊ" in shared.read_text(encoding="utf-8")


def test_a_full_disk_leaves_the_old_file(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = answer(capsys, "add", "denosumab", "--say", "deh-NOH-soo-mab")
    assert status == 8
    assert "cannot write content/lexicon/en.yaml: No space left on device" in err
    assert own.read_text(encoding="utf-8") == LEXICON
    assert [path.name for path in own.parent.iterdir()] == ["en.yaml"]


def test_what_somebody_else_wrote_meanwhile_is_not_lost(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = library.house_of("en-US")
    entry = library.new_entry(mine, "femur", say="FEE-mur")
    with library.staged(mine, [entry]) as path:
        assert answer(capsys, "add", "tibia", "--say", "TIB-ee-uh", "--no-play")[0] == 0
        theirs = own.read_bytes()
        with pytest.raises(StorageError, match="was changed by somebody else meanwhile; nothing was written; do it"):
            library.commit(mine, path)
    assert own.read_bytes() == theirs


def test_of_two_first_words_at_once_none_is_lost(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own.unlink()
    mine = library.house_of("de")
    with library.staged(mine, [library.new_entry(mine, "Knochen", ipa="ˈknɔ.xən")]) as path:
        assert answer(capsys, "add", "zelbo", "--say", "ZEL-boh", "--no-play")[0] == 0
        library.commit(mine, path)
    assert "zelbo" in own.read_text(encoding="utf-8")


def test_an_export_replaces_no_other_file(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (str(own), "content/denosumab/en.yaml"):
        before = Path(name).read_bytes()
        status, _, err = answer(capsys, "export", "--to", name)
        assert status == 8
        assert f"{name} is in the way: it is no pronunciation lexicon; move it away" in err
        assert Path(name).read_bytes() == before
    for _ in range(2):
        assert answer(capsys, "export", "--to", "words.pls")[0] == 0


def test_an_export_goes_through_a_pipe_and_does_not_replace_it(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe.pls")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe.pls").read_bytes()), daemon=True)
    reader.start()
    assert answer(capsys, "export", "--to", "pipe.pls")[0] == 0
    reader.join(timeout=10)
    assert b"denosumab" in read[0]
    assert Path("pipe.pls").is_fifo()


def test_a_lexicon_travels_to_another_library(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "export", "--to", "words.pls", "--all")[0] == 0
    assert "<grapheme>tumors</grapheme>" in Path("words.pls").read_text(encoding="utf-8")
    assert "<grapheme>Denosumab</grapheme>" in Path("words.pls").read_text(encoding="utf-8")
    own.write_text("[]\n", encoding="utf-8")
    status, out, err = answer(capsys, "import", "words.pls")
    assert status == 0
    assert len(out.splitlines()) == 2
    assert "content/lexicon/en.yaml: 2 words added, 0 replaced" in err
    assert own.read_text(encoding="utf-8") == LEXICON.replace("# Words of this clinic.\n", "").replace(
        "  # asked for twice", ""
    )
    assert "0 words added, 0 replaced" in answer(capsys, "import", "words.pls")[2]


OTHER = """\
<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" version="1.0" alphabet="ipa" xml:lang="en-US">
<lexeme><grapheme>denosumab</grapheme><phoneme>dɛˈnoʊsəmæb</phoneme></lexeme>
<lexeme><grapheme>tumour</grapheme><grapheme>tumours</grapheme><phoneme>ˈtjuːmə</phoneme></lexeme>
<lexeme><grapheme>helps</grapheme><phoneme>hɛlps</phoneme></lexeme>
<lexeme role="noun"><grapheme>use</grapheme><phoneme>ˈjuːs</phoneme></lexeme>
</lexicon>
"""


def test_what_the_library_has_stays_unless_it_is_to_be_replaced(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.pls").write_text(OTHER, encoding="utf-8")
    status, _, err = answer(capsys, "import", "other.pls", "--dry-run")
    assert status == 0
    assert "other.pls:2: 'denosumab': dəˈnoʊ.suːˌmæb here, dɛˈnoʊ.sə.mæb there; kept as it is here" in err
    assert "other.pls:3: 'tumour': ˈtuː.mɚ here, ˈtjuː.mə there; kept as it is here" in err
    assert "other.pls:5: NOT-TAKEN 'use' is for one role" in err
    assert own.read_text(encoding="utf-8") == LEXICON
    assert answer(capsys, "import", "other.pls")[0] == 0
    entries = read_lexicon(own)
    assert [entry.term for entry in entries] == ["denosumab", "helps", "tumor", "tumours"]
    assert entries[0].ipa == "dəˈnoʊ.suːˌmæb"
    status, out, err = answer(capsys, "import", "other.pls", "--replace")
    assert status == 0
    assert "content/denosumab/en.yaml:8: You may be given denosumab." in out
    assert "0 words added, 2 replaced" in err
    tumor = find_term(read_lexicon(own), "tumor")
    assert tumor is not None
    assert tumor.forms == (("tumour", "ˈtjuː.mə"),)
    assert "# asked for twice" in own.read_text(encoding="utf-8")


def test_an_import_needs_one_language(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.pls").write_text(OTHER.replace(' xml:lang="en-US"', ""), encoding="utf-8")
    status, _, err = answer(capsys, "import", "other.pls")
    assert (status, "other.pls names no language; say which it is, with --language" in err) == (4, True)
    assert answer(capsys, "import", "other.pls", "--language", "en")[0] == 0
    Path("other.pls").write_text(OTHER, encoding="utf-8")
    status, _, err = answer(capsys, "import", "other.pls", "--language", "fr")
    assert (status, "is in en-US, not in fr" in err) == (4, True)


def test_a_faulty_file_changes_nothing_and_tells_each_line(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.pls").write_text(OTHER.replace("hɛlps", "help").replace("ˈtjuːmə", "q"), encoding="utf-8")
    status, out, err = answer(capsys, "import", "other.pls")
    assert (status, out) == (1, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == ["other.pls:3", "other.pls:4"]
    assert own.read_text(encoding="utf-8") == LEXICON


def test_an_export_to_stdout_holds_nothing_else(own: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.run(["lexicon", "export", "--to", "-"]) == 0
    out, _ = capsysbinary.readouterr()
    assert out.startswith(b"<?xml")
    assert out.endswith(b"</lexicon>\n")
