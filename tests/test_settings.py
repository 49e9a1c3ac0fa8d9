"""library.yaml: which one counts, what it may say, and how languages are looked up."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.errors import ConfigError, ContentError
from audioleaflet.settings import (
    HotlineSettings,
    Pauses,
    canonical_language,
    content_folder,
    is_tag,
    lexicon_files,
    load_settings,
    narrowing,
    packaged_content,
    read_settings,
)

MINIMAL = "title: Leaflets\npublisher: A clinic\nvoices: {en: [espeak:en-us]}\n"


def library(folder: Path, title: str = "Leaflets", more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "library.yaml"
    path.write_text(MINIMAL.replace("Leaflets", title) + more, encoding="utf-8")
    return path


def test_the_nearest_library_upwards_counts(tmp_path: Path) -> None:
    library(tmp_path, "far")
    library(tmp_path / "near", "near")
    leaflet = tmp_path / "near" / "slug" / "en.yaml"
    assert load_settings(leaflet, cwd=tmp_path).title == "near"
    assert load_settings(tmp_path / "other" / "en.yaml", cwd=tmp_path / "near").title == "far"
    assert load_settings(Path("slug/en.yaml"), cwd=tmp_path / "near").title == "near"


def test_then_the_one_in_content_then_the_packaged_one(tmp_path: Path) -> None:
    work = tmp_path / "work"
    library(work / "content", "local")
    assert load_settings(tmp_path / "elsewhere" / "en.yaml", cwd=work).title == "local"
    packaged = load_settings(tmp_path / "elsewhere" / "en.yaml", cwd=tmp_path)
    assert packaged.path == packaged_content() / "library.yaml"


def test_no_packaged_library_is_an_error_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audioleaflet.settings.__file__", str(tmp_path / "a" / "b" / "settings" / "__init__.py"))
    with pytest.raises(ConfigError, match="install audioleaflet again"):
        load_settings(tmp_path / "en.yaml", cwd=tmp_path)


def test_the_wheels_content_comes_before_the_clones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "audioleaflet"
    library(tmp_path / "content", "clone")
    monkeypatch.setattr("audioleaflet.settings.__file__", str(package / "settings" / "__init__.py"))
    assert packaged_content() == tmp_path / "content"
    library(package / "content", "wheel")
    assert packaged_content() == package / "content"


def test_the_shipped_library() -> None:
    settings = read_settings(packaged_content() / "library.yaml")
    assert settings.voices_for("en-US") == ("espeak:en-us",)
    assert settings.voices_for("en-gb") == ("espeak:en-gb-x-rp",)
    assert settings.voices_for("en-AU") == ("espeak:en-us",)
    assert settings.voices_for("fr") == ()
    assert settings.pauses == Pauses()
    assert settings.rate_wpm == 145


def test_pauses_left_out_are_the_defaults(tmp_path: Path) -> None:
    settings = read_settings(library(tmp_path, more="pauses: {item: 600}\n"))
    assert settings.pauses == Pauses(item=600)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("rate_wpm: 79\n", "RANGE"),
        ("rate_wpm: 301\n", "RANGE"),
        ("rate_wpm: 145.5\n", "NUMBER"),
        ("pauses: {chapter_tail: 999}\n", "RANGE"),
        ("pauses: {sentence: -1}\n", "RANGE"),
        ("path: /etc/passwd\n", "UNKNOWN-KEY"),
        ("base_url: library.example\n", "URL"),
        ("base_url: ftp://library.example/\n", "URL"),
        ("base_url: https://library.example/?q=1\n", "URL"),
        ("base_url: https://[library/\n", "URL"),
        ("base_url: 'https://library.example/my audio/'\n", "URL"),
    ],
)
def test_what_a_library_cannot_say(tmp_path: Path, more: str, code: str) -> None:
    with pytest.raises(ContentError) as raised:
        read_settings(library(tmp_path, more=more))
    assert [problem.code for problem in raised.value.problems] == [code]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://library.example", "https://library.example/"),
        ("http://127.0.0.1:8000/audio/", "http://127.0.0.1:8000/audio/"),
        ("https://Library.example/a%20b/%7Ec//", "https://Library.example/a%20b/%7Ec/"),
        ("http://[::1]:8000", "http://[::1]:8000/"),
    ],
)
def test_the_address_of_the_library_ends_as_a_folder_does(tmp_path: Path, written: str, address: str) -> None:
    assert read_settings(library(tmp_path)).base_url is None
    assert read_settings(library(tmp_path, more=f"base_url: '{written}'\n")).base_url == address


def test_the_lexicons_of_a_language_narrow_before_wide(tmp_path: Path) -> None:
    settings = read_settings(library(tmp_path))
    assert content_folder(settings) == tmp_path
    packaged = packaged_content() / "lexicon" / "en.yaml"
    assert lexicon_files(settings, "en-GB") == ((packaged,) if packaged.is_file() else ())
    (tmp_path / "lexicon").mkdir()
    assert lexicon_files(settings, "en-GB") == ()
    for name in ("en", "en-GB"):
        (tmp_path / "lexicon" / f"{name}.yaml").write_text("[]")
    assert [path.stem for path in lexicon_files(settings, "EN-gb")] == ["en-GB", "en"]


@pytest.mark.parametrize(
    ("tag", "tags"),
    [
        ("en", ("en",)),
        ("EN-us", ("en-US", "en")),
        ("zh-hant-tw", ("zh-Hant-TW", "zh-Hant", "zh")),
        ("es-419", ("es-419", "es")),
        ("ca-VALENCIA", ("ca-valencia", "ca")),
    ],
)
def test_languages_narrow_to_wide(tag: str, tags: tuple[str, ...]) -> None:
    assert narrowing(tag) == tags


@pytest.mark.parametrize("tag", ["", "english", "en_US", "e", "en-", "en-U", "-en", "en US", "\u0131s", "en-US\n"])
def test_what_is_no_language(tag: str) -> None:
    assert not is_tag(tag)
    with pytest.raises(ValueError, match="is not a language tag"):
        canonical_language(tag)


@given(st.from_regex(r"[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-[a-zA-Z]{2})?", fullmatch=True))
def test_canonical_once_is_canonical_for_ever(tag: str) -> None:
    once = canonical_language(tag)
    assert canonical_language(once) == once == canonical_language(tag.swapcase())


# The telephone line


def line(tmp_path: Path, more: str = "{}", before: str = "") -> HotlineSettings:
    return read_settings(library(tmp_path, more=f"{before}hotline: {more}\n")).hotline


def test_everything_of_the_line_may_be_left_out(tmp_path: Path) -> None:
    assert read_settings(library(tmp_path)).hotline == line(tmp_path) == HotlineSettings()
    assert (HotlineSettings().rates.slow_wpm, HotlineSettings().rates.fast_wpm) == (120, 175)
    assert HotlineSettings().codecs == ("ulaw",)
    assert not HotlineSettings().is_open(datetime(2026, 3, 2, 12, tzinfo=UTC))


def test_the_shipped_emergency_numbers() -> None:
    hotline = read_settings(packaged_content() / "library.yaml").hotline
    assert hotline.emergency_for("en-us") == "911"
    assert hotline.emergency_for("en-GB") == "999"
    assert hotline.emergency_for("en") == ""


@pytest.mark.parametrize(
    ("rate", "rates"), [(145, (120, 175)), (180, (149, 217)), (100, (83, 121)), (80, (80, 97)), (300, (248, 362))]
)
def test_rates_that_are_left_out_fit_the_librarys_pace(tmp_path: Path, rate: int, rates: tuple[int, int]) -> None:
    hotline = line(tmp_path, before=f"rate_wpm: {rate}\n")
    assert (hotline.rates.slow_wpm, hotline.rates.fast_wpm) == rates
    assert line(tmp_path, "{rates: {slow_wpm: 80}}", before=f"rate_wpm: {rate}\n").rates.slow_wpm == 80


@pytest.mark.parametrize(
    ("written", "operator"),
    [
        ("+1 (212) 555-0100", "+12125550100"),
        ("200", "200"),
        ("sip:200@pbx.example", "sip:200@pbx.example"),
        ("sips:reception@[2001:db8::1]:5061", "sips:reception@[2001:db8::1]:5061"),
    ],
)
def test_whom_key_0_connects_to(tmp_path: Path, written: str, operator: str) -> None:
    hotline = line(tmp_path, f"{{operator: '{written}'}}")
    assert hotline.operator == operator
    assert hotline.is_open(datetime(2026, 3, 1, 3, tzinfo=UTC)), "without hours, always"


@pytest.mark.parametrize(
    "written",
    [
        "sip:200@pbx.example;transport=tcp",
        "sip:200@pbx.example?Replaces=1",
        "sip:${EXTEN}@pbx.example",
        "sip:200,1@pbx.example",
        "sip:pbx.example",
        "sip:200@pbx.example:70000",
        "http://pbx.example",
        "1-800-CALL-NOW",
        "+1234567890123456",
        "１２３",
        "200\u2028INVITE",
    ],
)
def test_whom_key_0_cannot_connect_to(tmp_path: Path, written: str) -> None:
    with pytest.raises(ContentError) as raised:
        line(tmp_path, f'{{operator: "{written}"}}')
    assert raised.value.code == "OPERATOR"


@pytest.mark.parametrize(
    "written", ["911", "9-1-1", "+911", "sip:911@pbx.example", "sip:+911@pbx.example", "sips:9.1.1@pbx"]
)
def test_key_0_never_calls_the_emergency_number(tmp_path: Path, written: str) -> None:
    for emergency in ('{en: "911"}', '{en: "116117"}', "{}"):
        with pytest.raises(ContentError, match="is an emergency number, which key 0 must not call"):
            line(tmp_path, f'{{operator: "{written}", emergency: {emergency}}}')


@pytest.mark.parametrize("written", ["112", "999", "000", "sip:000@pbx.example"])
def test_key_0_never_calls_the_emergency_number_of_another_country(tmp_path: Path, written: str) -> None:
    with pytest.raises(ContentError, match="is an emergency number, which key 0 must not call"):
        line(tmp_path, f'{{operator: "{written}", emergency: {{en: "911"}}}}')


def test_a_short_number_is_an_extension_unless_the_welcome_names_it(tmp_path: Path) -> None:
    assert line(tmp_path, '{operator: "110", emergency: {en: "911"}}').operator == "110"
    with pytest.raises(ContentError, match="is an emergency number"):
        line(tmp_path, '{operator: "110", emergency: {de: "110"}}')


@pytest.mark.parametrize(
    ("hours", "day", "clock", "is_open"),
    [
        ("Mon-Fri 09:00-17:00", 2, "09:00", True),
        ("Mon-Fri 09:00-17:00", 2, "08:59", False),
        ("Mon-Fri 09:00-17:00", 6, "16:59", True),
        ("Mon-Fri 09:00-17:00", 6, "17:00", False),
        ("Mon-Fri 09:00-17:00", 7, "12:00", False),
        ("fri - mon 00:00 - 24:00", 8, "23:59", True),
        ("fri - mon 00:00 - 24:00", 3, "12:00", False),
        ("Sat 10:00-12:00", 7, "11:00", True),
        ("Sat 10:00-12:00", 8, "11:00", False),
    ],
)
def test_when_a_person_answers(tmp_path: Path, hours: str, day: int, clock: str, is_open: bool) -> None:
    hotline = line(tmp_path, f"{{operator: '200', operator_hours: [{hours}]}}")
    moment = datetime.fromisoformat(f"2026-03-{day:02}T{clock}:00-05:00")
    assert hotline.is_open(moment) is is_open


def test_hours_that_follow_each_other_do_not_overlap(tmp_path: Path) -> None:
    hours = "[Mon-Fri 09:00-12:00, Mon-Fri 12:00-17:00, Fri 22:00-24:00, Sat 00:00-06:00]"
    assert len(line(tmp_path, f"{{operator: '200', operator_hours: {hours}}}").operator_hours) == 4


def test_who_may_call_and_where_sound_may_go(tmp_path: Path) -> None:
    one, other = line(
        tmp_path, "{trunks: [{address: 192.0.2.10, media: [198.51.100.0/24]}, {address: '2001:db8::/64'}]}"
    ).trunks
    assert one.calls_from(ip_address("192.0.2.10"))
    assert not one.calls_from(ip_address("192.0.2.11"))
    assert not one.calls_from(ip_address("2001:db8::1"))
    assert one.hears_at(ip_address("198.51.100.7"))
    assert not one.hears_at(ip_address("192.0.2.10"))
    assert other.calls_from(ip_address("2001:db8::1"))
    assert not other.hears_at(ip_address("2001:db8::1"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("{trunks: [{address: 0.0.0.0/0}]}", "NETWORK"),
        ("{trunks: [{address: '::/0'}]}", "NETWORK"),
        ("{trunks: [{address: 192.0.2.10/24}]}", "NETWORK"),
        ("{trunks: [{address: 192.0.2.10, media: [0.0.0.0/1]}]}", "NETWORK"),
        ("{advertise: 224.0.0.1}", "NETWORK"),
        ("{rtp_ports: 80-90}", "PORTS"),
        ("{rtp_ports: 60000-70000}", "PORTS"),
        ("{emergency: {en: ''}}", "EMPTY"),
        ("{codecs: []}", "EMPTY"),
        ("{public_url: 'http://127.evil.example/'}", "URL"),
        ("{operator_hours: [[]]}", "HOURS"),
    ],
)
def test_what_a_line_cannot_be(tmp_path: Path, more: str, code: str) -> None:
    with pytest.raises(ContentError) as raised:
        line(tmp_path, more)
    assert code in [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    "address", ["https://calls.example", "http://127.0.0.1:8000", "http://[::1]/", "http://localhost:1/a"]
)
def test_the_address_for_twilio(tmp_path: Path, address: str) -> None:
    assert line(tmp_path, f"{{public_url: '{address}'}}").public_url == f"{address.rstrip('/')}/"
