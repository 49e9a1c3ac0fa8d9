"""The command line as a person meets it: answers on stdout, messages on stderr, exit codes that mean something."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from tests.conftest import Made
from tests.editions import Library

from audioleaflet import cli
from audioleaflet.leaflet.ipa import without_dots
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon
from audioleaflet.sound import ffmpeg
from audioleaflet.units import Hz


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one command."""
    status = cli.run(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_build_tells_where_the_edition_is_and_how_to_listen(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3,transcript")
    status, out, err = answer(capsys, "build", str(library.leaflet), *places)
    assert (status, out) == (0, f"{library.edition}\n")
    assert "A small leaflet: 3 chapters, " in err
    assert f"listen   {library.edition / 'small-en.mp3'}" in err
    assert "No health professional has checked it." in err
    assert Path(library.edition / "transcript.html").is_file()
    status, out, err = answer(capsys, "build", str(library.leaflet), *places)
    assert (status, out) == (0, f"{library.edition}\n")
    assert "already up to date" in err


def test_build_answers_in_json(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3")
    status, out, _ = answer(capsys, "build", str(library.leaflet), *places, "--json")
    (built,) = json.loads(out)
    assert status == 0
    assert built["folder"] == str(library.edition)
    assert built["changed"] is True
    assert built["voice"] == "espeak:en-us"
    assert "small-en.mp3" in built["files"]
    assert "transcript.txt" not in built["files"]


def test_a_bad_leaflet_among_good_ones_is_told_last_and_keeps_its_edition(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "library" / "content" / "bad" / "en.yaml"
    bad.parent.mkdir()
    bad.write_text("title: Bad\nlanguage: en-US\ntitel: x\n", encoding="utf-8")
    places = ("--output", str(library.output), "--cache", str(library.cache), "--formats", "mp3")
    status, out, err = answer(capsys, "build", str(bad), str(library.leaflet), *places)
    assert status == 1
    assert out == f"{library.edition}\n"
    assert f"{bad}:3: UNKNOWN-KEY" in err
    assert err.rstrip().endswith("1 of 2 leaflets were not built; their old editions stay")


def test_check_prints_every_problem_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaflet = tmp_path / "asthma.yaml"
    leaflet.write_text("title: Asthma\nlanguage: en-US\ntitel: x\nsay: [metastasys]\n", encoding="utf-8")
    status, out, err = answer(capsys, "check", str(leaflet))
    assert status == 1
    assert f"{leaflet}:3: UNKNOWN-KEY" in out
    assert "problems" in err
    status, out, _ = answer(capsys, "check", str(leaflet), "--json")
    assert {"UNKNOWN-KEY", "MISSING"} <= {problem["code"] for problem in json.loads(out)}
    assert status == 1


def test_check_tells_a_leaflet_from_its_first_line_to_its_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaflet = tmp_path / "asthma.yaml"
    text = "We lead.\n\n      Take the lead. ⊘\n\n      Call if you have chest pain."
    leaflet.write_text(
        'title: Asthma\nlanguage: en-US\nversion: "1"\npublisher: P\nlicence: CC-BY-4.0\ncontact: a@b.example\n'
        f"sections:\n  - id: one\n    title: One\n    text: |\n      {text}\n",
        encoding="utf-8",
    )
    _, out, _ = answer(capsys, "check", str(leaflet), "--json")
    told = [(problem["line"], problem["code"]) for problem in json.loads(out)]
    assert [line for line, _ in told] == sorted(line for line, _ in told)
    assert {"URGENT", "NO-SUMMARY", "UNREAD"} <= {code for _, code in told}


def test_a_difference_needs_an_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "script", "bone-metastasis", "--diff", str(tmp_path / "none"))
    assert (status, out) == (6, "")
    assert f"there is no edition in {tmp_path / 'none'}; name its folder, such as audio/NAME/LANGUAGE" in err


def test_check_finds_no_problem_in_the_first_leaflet(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "check", "bone-metastasis")
    assert (status, err) == (0, "1 checked, 0 problems, 1 note\n")
    assert "APPROVAL note: no health professional has approved this leaflet" in out


def test_script_shows_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(capsys, "script", "bone-metastasis")
    assert status == 0
    assert "01 What is bone metastasis?" in out
    assert "eight zero zero, two two seven, two three four five" in out
    status, out, _ = answer(capsys, "script", "bone-metastasis", "--json")
    (script,) = json.loads(out)
    assert len(script["chapters"]) == 7
    assert script["terms"][0]["ipa"] == "məˈtæs.tə.sɪs"


def test_say_ipa_answers_a_line_a_line_for_every_term_and_form() -> None:
    """Through a real process: nothing else may be on stdout."""
    readings = list(Lexicon(read_lexicon(Path("content/lexicon/en.yaml"))))
    said = subprocess.run(
        [sys.executable, "-m", "audioleaflet", "say", "--ipa"],
        input="\n".join(reading.spelling for reading in readings) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = said.stdout.splitlines()
    assert len(lines) == len(readings) > 300
    assert lines == [without_dots(reading.ipa) for reading in readings]
    assert lines[[reading.spelling for reading in readings].index("metastasis")] == "məˈtæstəsɪs"


def test_say_prints_the_words_as_they_are_spoken(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "say", "--print", "Call 800-227-2345, or see www.cancer.org.")
    assert (status, err) == (0, "")
    assert out == "Call eight zero zero, two two seven, two three four five, or see w w w dot cancer dot org.\n"


def test_say_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "say", "Bone metastasis.", "--to", str(tmp_path / "a.wav"))[0] == 0
    assert answer(capsys, "say", "Bone metastasis.", "--to", str(tmp_path / "a.mp3"))[0] == 0
    with wave.open(str(tmp_path / "a.wav")) as file:
        seconds = file.getnframes() / file.getframerate()
    decoded = len(ffmpeg.decode((tmp_path / "a.mp3").read_bytes(), rate=Hz(22050))) / 2 / 22050
    assert 0.8 < seconds < 3
    assert abs(decoded - seconds) < 0.1
    status, _, err = answer(capsys, "say", "Bone.", "--to", str(tmp_path / "a.ogg"))
    assert status == 4
    assert ".wav" in err


def test_voices_lists_both_engines(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(capsys, "voices", "--language", "en")
    names = [line.split()[0] for line in out.splitlines()]
    assert status == 0
    assert {"espeak:en-us", "gtts:en-us"} <= set(names)
    assert not any(name.endswith(":fr") for name in names)


def test_doctor_says_that_all_is_there_and_asks_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIOLEAFLET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("doctor went online without being asked"))
    status, out, _ = answer(capsys, "doctor")
    assert status == 0
    assert "MISSING" not in out
    assert {"espeak", "ffmpeg", "gTTS"} <= set(out.split())


def test_doctor_tells_what_is_missing_and_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("AUDIOLEAFLET_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    ffmpeg.path.cache_clear()
    ffmpeg.version.cache_clear()
    status, out, _ = answer(capsys, "doctor", "--json")
    ffmpeg.path.cache_clear()
    ffmpeg.version.cache_clear()
    bad = {finding["part"]: finding["message"] for finding in json.loads(out) if not finding["ok"]}
    assert status == 4
    assert "AUDIOLEAFLET_CACHE" in bad["cache"]
    assert "imageio-ffmpeg" in bad["ffmpeg"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["build", "--nosuch"], 2, "No such option"),
        (["nosuch"], 2, "No such command"),
        (["build", "--formats", "ogg"], 2, "there is no format 'ogg'"),
        (["build", "--jobs", "0"], 2, "jobs"),
        (["say", "--print", "--ipa", "x"], 2, "exclude each other"),
        (["build", "nosuch-leaflet"], 4, "no leaflet 'nosuch-leaflet'"),
        (["say", "x", "--voice", "espeak:en-zz", "--ipa"], 3, "try 'audioleaflet voices'"),
        (["say", "x", "--voice", "festival:x", "--ipa"], 3, "try 'audioleaflet voices'"),
        (["say", "x", "--language", "de", "--print"], 4, "de"),
        (["build", "bone-metastasis", "--voice", "espeak:fr"], 4, "speaks fr"),
        (["say", "x", "--voice", "gtts:en-us", "--ipa"], 4, "tells no phonemes"),
    ],
)
def test_wrong_usage_is_told_with_the_next_step(
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AUDIOLEAFLET_CACHE", str(tmp_path / "cache"))
    if arguments[:2] == ["build", "bone-metastasis"]:
        arguments = [*arguments, "--output", str(tmp_path / "audio")]
    code, out, err = answer(capsys, *arguments)
    assert (code, out) == (status, "")
    assert words in err
    assert "Traceback" not in err


def test_help_loads_nothing_heavy() -> None:
    heavy = {"numpy", "pydantic", "yaml", "PIL", "pydub", "requests", "phonenumbers", "markdown_it", "rich"}
    code = f"import sys, audioleaflet.cli as c; c.run(['--help']); print(sorted(set(sys.modules) & {heavy!r}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert ended.stdout.splitlines()[-1] == "[]"
    for command in ("build", "check", "script", "say", "voices", "doctor"):
        assert f"\n  {command} " in ended.stdout


def test_the_public_names_are_there() -> None:
    import audioleaflet

    assert callable(audioleaflet.build)
    for name in audioleaflet.__all__:
        assert getattr(audioleaflet, name)
    with pytest.raises(AttributeError, match="nosuch"):
        _ = audioleaflet.nosuch


def test_the_answer_may_be_cut_short_by_its_reader(real: Made) -> None:
    command = f"{sys.executable} -m audioleaflet script bone-metastasis | head -1"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "00 Introduction\n"
    assert ended.stderr == ""


def test_a_stop_is_raised_where_work_tells_its_progress_and_nowhere_else(tmp_path: Path) -> None:
    module = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(0.1)\nprint('loaded')\n"
    (tmp_path / "slow.py").write_text(module, encoding="utf-8")
    code = f"""
import sys
from audioleaflet.terminal import Stops, reporting
sys.path.insert(0, {str(tmp_path)!r})
try:
    with Stops() as stops, reporting("title", stops, quiet=True) as reporter:
        import slow
        reporter.message("still at work")
        reporter.progress("Speaking")(1, 2)
        print("not here")
except KeyboardInterrupt:
    print("stopped")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=8)
    assert (ended.stdout, ended.stderr) == ("loaded\nstopped\n", "title: still at work\n")
