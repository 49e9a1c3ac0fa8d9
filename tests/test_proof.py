"""``audioleaflet proof`` and ``audioleaflet script --diff`` as an editor meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.conftest import Made
from tests.editions import REAL, Library
from tests.test_cli import answer

NAME = "small-en-proof"
VOID = {"meta", "input", "link", "br", "hr", "img"}


class Elements(HTMLParser):
    """Every element of a page with its attributes and the text inside it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[int] = []
        self.feed(page)
        assert not self._open, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in VOID:
            self._open.append(len(self.found) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))

    def handle_endtag(self, tag: str) -> None:
        place = self._open.pop()
        assert self.found[place][0] == tag, f"{tag} closes {self.found[place][0]}"

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.found[place][2].append(data)

    def all(self, tag: str, **attributes: str) -> Iterator[tuple[dict[str, str], str]]:
        for name, has, text in self.found:
            if name == tag and all(has.get(key.rstrip("_")) == value for key, value in attributes.items()):
                yield has, " ".join("".join(text).split())


@pytest.fixture(scope="module")
def page(real: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The proof of the real leaflet."""
    from audioleaflet import cli

    to = tmp_path_factory.mktemp("proof")
    assert cli.run(["proof", str(REAL), "--output", str(real.folder.parent.parent), "--to", str(to)]) == 0
    return (to / "bone-metastasis-en-proof" / "bone-metastasis-en-proof.html").read_text(encoding="utf-8")


def test_every_line_is_there_with_its_sound_its_words_and_what_is_said(page: str, real: Made) -> None:
    elements = Elements(page)
    rows = {has["id"]: text for has, text in elements.all("tr") if "id" in has}
    cues = [(chapter.audio, cue) for chapter in real.book.chapters for cue in chapter.cues]
    assert list(rows) == [cue.id for _, cue in cues]
    plays = [has for has, _ in elements.all("a", class_="play")]
    for has, (audio, cue) in zip(plays, cues, strict=True):
        text = " ".join(cue.text.split())
        assert text in rows[cue.id]
        assert has["aria-label"] == f"Play: {text}"
        place = re.fullmatch(rf"{re.escape(audio)}#t=([\d.]+),([\d.]+)", has["href"])
        assert place is not None
        assert cue.begin_ms / 1000 - 0.005 <= float(place[1]) <= cue.speech_begin_ms / 1000
        assert cue.speech_end_ms / 1000 <= float(place[2]) <= cue.end_ms / 1000 + 0.005


def test_what_is_spoken_otherwise_is_marked(page: str) -> None:
    marks = [text for _, text in Elements(page).all("mark")]
    assert "800-227-2345" in marks
    assert any(text.startswith("eight zero zero, two two seven") for text in marks)
    assert "muh-TAS-tuh-sis" in marks


def test_the_page_needs_nothing_from_elsewhere(page: str) -> None:
    elements = Elements(page)
    for attribute in ("src", "href"):
        for _, has, _ in elements.found:
            if attribute in has:
                assert re.match(r"#|chapters/", has[attribute]), has[attribute]
    assert not list(elements.all("link"))
    assert "url(" not in page
    assert "@import" not in page
    assert [has for has, _ in elements.all("script")] == [{}]  # a module would not run from file://


def test_it_tells_what_it_is_a_proof_of(page: str, real: Made) -> None:
    elements = Elements(page)
    assert next(elements.all("h1"))[1] == "Understanding bone metastasis"
    assert next(elements.all("p", class_="status"))[1] == real.book.status
    assert {text for _, text in elements.all("h2")} >= {
        "Readability",
        "Signature",
        "Is it easy to understand and to act on?",
    }
    hashes = [text for _, text in elements.all("code")]
    assert hashes[0].replace(" ", "") == real.book.wording_sha256[:16]
    assert [len(text) for text in hashes] == [19, 19, 19]


def test_a_picture_tells_in_words_what_it_shows(page: str, real: Made) -> None:
    elements = Elements(page)
    pictures = list(elements.all("svg"))
    assert len(pictures) == len(real.book.chapters)
    told = {has.get("id", ""): text for has, text in elements.all("figcaption")}
    for has, _ in pictures:
        assert has["role"] == "img"
        assert "LUFS" in told[has["aria-describedby"]]


def test_pemat_has_its_seventeen_items_answered_or_asked(page: str) -> None:
    elements = Elements(page)
    asked = {has["name"] for has, _ in elements.all("input", type="radio")}
    answered = [text for has, text in elements.all("b") if has.get("class", "").startswith("verdict")]
    assert len(asked) + len(answered) == 17
    assert {"Yes", "Not applicable"} <= set(answered)


def places(library: Library) -> tuple[str, ...]:
    return ("--output", str(library.output), "--to", str(library.folder / "proof"))


def test_the_command_tells_where_the_proof_is(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    library.build(formats=("mp3",))
    folder = library.folder / "proof"
    status, out, _ = answer(capsys, "proof", str(library.leaflet), *places(library))
    assert (status, out) == (0, f"{folder / NAME / f'{NAME}.html'}\n")
    status, out, _ = answer(capsys, "proof", str(library.leaflet), *places(library), "--zip")
    assert (status, out) == (0, f"{folder / f'{NAME}.zip'}\n")
    packed = (folder / f"{NAME}.zip").read_bytes()
    status, out, _ = answer(capsys, "proof", str(library.leaflet), *places(library), "--zip", "--json")
    assert json.loads(out) == [{"page": str(folder / NAME / f"{NAME}.html"), "zip": str(folder / f"{NAME}.zip")}]
    assert (folder / f"{NAME}.zip").read_bytes() == packed


def test_a_proof_of_what_is_not_built_or_was_built_of_other_words_is_refused(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = answer(capsys, "proof", str(library.leaflet), *places(library))
    assert (status, out) == (6, "")
    assert f"build it with 'audioleaflet build {library.leaflet}'" in err
    library.build(formats=("mp3",))
    library.write("Bone is another thing.")
    status, out, err = answer(capsys, "proof", str(library.leaflet), *places(library))
    assert (status, out) == (6, "")
    assert "another script" in err
    assert not (library.folder / "proof").exists()


def test_a_proof_of_what_was_built_with_another_reading_is_refused(
    library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    library.build(formats=("mp3",))
    with library.leaflet.open("a", encoding="utf-8") as file:
        file.write("lexicon: [{term: living, ipa: ˈlaɪ.vɪŋ}]\n")
    status, out, err = answer(capsys, "proof", str(library.leaflet), *places(library))
    assert (status, out) == (6, "")
    assert "another script" in err


def test_a_flag_stands_at_its_line(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    library.write("Call 911 if you have chest pain.")
    library.build(formats=("mp3",))
    assert answer(capsys, "proof", str(library.leaflet), *places(library))[0] == 0
    page = (library.folder / "proof" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    flagged = [text for has, text in Elements(page).all("tr") if "Check: URGENT" in text]
    assert len(flagged) == 1
    assert "Call 911 if you have chest pain." in flagged[0]


def test_markup_in_a_leaflet_stays_words(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    library.write("Bone & <b>blood</b> </script> “quoted”.".replace("<", "\\<"))
    library.build(formats=("mp3",))
    assert answer(capsys, "proof", str(library.leaflet), *places(library))[0] == 0
    page = (library.folder / "proof" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;blood&lt;/b&gt; &lt;/script&gt;" in page
    assert page.count("</script>") == 1


def test_script_tells_what_differs_from_an_edition(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    library.build(formats=("mp3",))
    leaflet, edition = str(library.leaflet), str(library.edition)
    assert answer(capsys, "script", leaflet, "--diff", edition)[:2] == (0, "")
    library.write("Bone is a hard thing.")
    status, out, err = answer(capsys, "script", leaflet, "--diff", f"{edition}/book.json")
    assert status == 1
    assert out == "c01-003  text     Bone is a [-living-]{+hard+} thing.\n"
    assert "1 difference from" in err
    status, out, _ = answer(capsys, "script", leaflet, "--diff", edition, "--json")
    assert status == 1
    assert [change["kind"] for change in json.loads(out)] == ["text"]


def test_a_diff_with_what_is_no_edition_says_so(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    missing = library.folder / "nowhere"
    status, out, err = answer(capsys, "script", str(library.leaflet), "--diff", str(missing))
    assert (status, out) == (6, "")
    assert str(missing) in err
