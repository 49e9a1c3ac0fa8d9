"""The folder that is written: links, cuts, updates, refusals; and that no title becomes dialplan."""

from __future__ import annotations

import re
import wave
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.hotline import catalogues
from tests.hotline.asterisk.conftest import SETTINGS, Export, on_disk
from tests.hotline.asterisk.dialplan import faults, parse

from audioleaflet.cli.hotline import command
from audioleaflet.errors import HotlineError, StorageError
from audioleaflet.hotline.asterisk.export import DIALPLAN, GUIDE, SOUNDS, export, parsed_forms
from audioleaflet.hotline.asterisk.plan import Context, comment, extension, serialize
from audioleaflet.hotline.asterisk.sounds import cut, name
from audioleaflet.settings import HotlineSettings
from audioleaflet.units import Ms

HOSTILE = [
    "x\nexten => s,1,System(rm -rf /)\n; ",
    '${SHELL(id)} $[1+1] [general] ;-- #include "/etc/passwd"',
    "\r\n[audioleaflet]\r\nexten => s,1,Hangup()",
    "\u2028[x]\u0085#exec id\0",
]


def test_sounds_are_the_files_of_the_library(exported: Export) -> None:
    made = exported()
    chapter = made.catalogue.editions[0].chapters[1].sounds[1].path
    assert (made.sounds / "audioleaflet/books/one/en/normal/chapter-1.ulaw").samefile(chapter)


def test_whose_number_it_is_is_cut_out_of_its_chapter(exported: Export) -> None:
    made = exported()
    chapter = made.catalogue.editions[0].chapters[4].sounds[0]
    told = (made.sounds / "audioleaflet/books/one/en/slow/contact-2.ulaw").read_bytes()
    assert told == chapter.path.read_bytes()[9000 * 8 : 13_500 * 8]  # the third sentence, 4.5 s each


def test_a_wav_is_cut_as_a_wav(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"".join(n.to_bytes(2, "little") for n in range(16_000)))
    (tmp_path / "b.wav").write_bytes(cut(tmp_path / "a.wav", Ms(500), Ms(1500)))
    with wave.open(str(tmp_path / "b.wav"), "rb") as part:
        assert part.getnframes() == 8000
        assert part.readframes(1) == (4000).to_bytes(2, "little")


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_becomes_dialplan(exported: Export, title: str) -> None:
    plain = (exported().to / DIALPLAN).read_text(encoding="utf-8")
    edition = replace(catalogues.edition(), title=title)
    text = (exported(catalogues.catalogue(edition)).to / DIALPLAN).read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if line not in plain.splitlines()]
    assert told
    assert all(re.fullmatch(r"; [A-Za-z0-9 _.,'()-]*", line) and ";--" not in line for line in told)
    assert len(text.splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize("key", ["a b;c/en", "${X}/en", "x&y/en", "Ünïcode/en", f"{'long-' * 40}/en", "a--b/en"])
def test_no_slug_becomes_dialplan(exported: Export, key: str) -> None:
    shelf = catalogues.catalogue(replace(catalogues.edition(), key=key))
    made = exported(shelf)
    assert faults(made.plan, made.sounds, ("ulaw",)) == []
    assert all(re.fullmatch(r"[a-z0-9-]{1,79}", context) for context in made.plan)


def test_slugs_that_look_alike_stay_apart() -> None:
    assert len({name(slug) for slug in ("a b", "a-b", "A-b", "a--b", "a_b")}) == 5


@pytest.mark.parametrize(
    ("context", "step"),
    [
        ("a]b", "NoOp()"),
        ("a", "Set(X=1;2)"),
        ("a", "Set(X=\n)"),
        ("a", "Set(X=\\)"),
        ("A", "NoOp()"),
        ("a" * 80, "NoOp()"),
    ],
)
def test_what_cannot_stand_in_a_dialplan_is_refused(context: str, step: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        serialize([Context(name=context, note="", extensions=(extension("s", step),))])


def test_two_contexts_of_a_name_are_refused() -> None:
    twice = Context(name="a", note="", extensions=(extension("s", "NoOp()"),))
    with pytest.raises(ValueError, match="twice"):
        serialize([twice, twice])


def test_a_comment_is_one_line() -> None:
    assert comment("-- a;\nb --") == "; a__b"


def test_the_dialplan_knows_no_caller_and_no_address(exported: Export) -> None:
    settings = HotlineSettings.model_validate({"operator": "sip:desk@pbx.example", "emergency": {"en": "911"}})
    made = exported(settings=settings)
    text = (made.to / DIALPLAN).read_text(encoding="utf-8")
    assert not re.search(r"CALLERID|CONNECTEDLINE|CHANNEL\(|SHELL|System|pbx\.example|Record|Monitor|Verbose", text)
    guide = (made.to / GUIDE).read_text(encoding="utf-8")
    assert "exten => person,1,Dial(PJSIP/your-endpoint/sip:desk@pbx.example,30)" in guide
    assert "Goto(audioleaflet,${EXTEN},1)" in guide
    assert "$person" not in guide


def test_the_guide_names_every_application(exported: Export) -> None:
    made = exported(settings=HotlineSettings.model_validate({"operator": "+12125550100"}))
    line = next(line for line in (made.to / GUIDE).read_text(encoding="utf-8").splitlines() if "Applications:" in line)
    used = {step.application for steps in made.plan.values() for one in steps.values() for step in one}
    assert used <= set(re.findall(r"[A-Z]\w+", line))


def test_an_update_takes_away_what_is_no_longer_played(exported: Export, tmp_path: Path) -> None:
    made = exported()
    old = {path: path.read_bytes() for path in made.sounds.rglob("*.ulaw")}
    smaller = on_disk(catalogues.catalogue(catalogues.edition(chapters=2, contacts=0)), tmp_path / "newer")
    export(smaller, SETTINGS, made.to, ("ulaw",))
    assert not (made.sounds / "audioleaflet/books/one/en/normal/chapter-3.ulaw").exists()
    assert faults(parse((made.to / DIALPLAN).read_text(encoding="utf-8")), made.sounds, ("ulaw",)) == []
    assert not list(made.to.rglob(".*"))
    # Other names of the library's files were unlinked, never written through.
    assert len(old) > len(list(made.sounds.rglob("*.ulaw")))
    assert made.catalogue.editions[0].chapters[3].sounds[1].path.is_file()


def test_the_same_again_writes_the_same(exported: Export) -> None:
    made = exported()
    before = {path: path.read_bytes() for path in made.to.rglob("*") if path.is_file()}
    export(made.catalogue, SETTINGS, made.to, ("ulaw",))
    assert {path: path.read_bytes() for path in made.to.rglob("*") if path.is_file()} == before


def test_a_format_that_was_not_built_is_told(exported: Export) -> None:
    made = exported()
    with pytest.raises(HotlineError, match=r"list alaw under 'hotline: codecs:'"):
        export(made.catalogue, SETTINGS, made.to, ("ulaw", "alaw"))


@pytest.mark.parametrize(
    ("forms", "told"),
    [
        ("sln16", "wrong place"),
        ("ulaw, g722", "'g722' .* wrong place"),
        ("mp3", "'mp3' is not .* known are: ulaw, alaw, wav"),
        (",", "',' is not"),
    ],
)
def test_a_format_that_is_not_offered_is_a_wrong_usage(tmp_path: Path, forms: str, told: str) -> None:
    done = CliRunner().invoke(command, ["asterisk", "--to", str(tmp_path), "--formats", forms])
    assert done.exit_code == 2
    assert re.search(told, done.output)


def test_formats_may_have_spaces_and_be_named_twice() -> None:
    assert parsed_forms(" wav,ulaw ,,wav") == ("wav", "ulaw")


def test_a_folder_of_somebody_else_is_left_alone(exported: Export, tmp_path: Path) -> None:
    made = exported()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/extensions.conf").write_text("mine")
    with pytest.raises(HotlineError, match="holds other files"):
        export(made.catalogue, SETTINGS, tmp_path / "etc", ("ulaw",))
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["extensions.conf"]


def test_a_file_where_the_folder_should_be_is_told(exported: Export, tmp_path: Path) -> None:
    made = exported()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(HotlineError, match="is not a folder"):
        export(made.catalogue, SETTINGS, tmp_path / "file", ("ulaw",))
    with pytest.raises(StorageError):
        export(made.catalogue, SETTINGS, tmp_path / "file/below", ("ulaw",))


def test_an_export_cut_short_can_be_done_again(exported: Export, tmp_path: Path) -> None:
    made = exported()
    to = tmp_path / "again"
    victim = made.catalogue.editions[0].chapters[0].sounds[0].path
    (to / SOUNDS / "audioleaflet/silence-3.ulaw").mkdir(parents=True)
    with pytest.raises(HotlineError):
        export(made.catalogue, SETTINGS, to, ("ulaw",))
    (to / SOUNDS / "audioleaflet/silence-3.ulaw").rmdir()
    (to / SOUNDS / "audioleaflet").rmdir()
    (to / SOUNDS).rmdir()
    export(made.catalogue, SETTINGS, to, ("ulaw",))
    assert victim.is_file()


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, ["asterisk", "--output", str(tmp_path / "none"), "--to", str(tmp_path / "to")])
    assert isinstance(done.exception, HotlineError)
    assert not (tmp_path / "to").exists()
