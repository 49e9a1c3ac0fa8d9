"""Addresses: decoded once, strictly; nothing that could name a file of somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audioleaflet.publish.site.server.addresses import Address, origin_form, parse
from audioleaflet.publish.site.server.refusals import Refusal


@pytest.mark.parametrize(
    ("target", "query", "names", "folder", "version"),
    [
        (b"/", b"", (), True, None),
        (b"/bones/en/", b"", ("bones", "en"), True, None),
        (b"/bones/en", b"", ("bones", "en"), False, None),
        (b"/bones/en/a.mp3", b"v=0123456789ab", ("bones", "en", "a.mp3"), False, "0123456789ab"),
        (b"/a.mp3", b"x=1&v=a&v=b", ("a.mp3",), False, "a/b"),
        (b"/a.mp3", b"v=", ("a.mp3",), False, ""),
        (b"/b%C3%B6nes/", b"", ("bönes",), True, None),
        (b"/b+c%20d", b"", ("b+c d",), False, None),
        (b"/%252e%252e/x", b"", ("%2e%2e", "x"), False, None),  # decoded once: a strange name, and no way up
    ],
)
def test_names(target: bytes, query: bytes, names: tuple[str, ...], folder: bool, version: str | None) -> None:
    assert parse(target, query) == Address(names=names, folder=folder, version=version)


BAD = [
    b"/..",
    b"/../etc/passwd",
    b"/bones/../../etc/passwd",
    b"/bones/./en",
    b"/%2e%2e/etc/passwd",
    b"/.%2E/x",
    b"/%2e%2e%2fetc%2fpasswd",
    b"/bones%2fen",
    b"/bones%5cen",
    b"/..%5c..%5cx",
    b"/bones\\en",
    b"/%00",
    b"/bones/en/index.html%00.mp3",
    b"/a%0d%0ab",
    b"/%7f",
    b"/%c2%85",
    b"/%c0%ae%c0%ae/x",  # ".." in overlong UTF-8
    b"/%c0%afetc",
    b"/%e0%80%af",
    b"/%ff",
    b"/%ed%a0%80",
    b"/%",
    b"/%2",
    b"/%zz",
    b"/%u002e",
    b"//etc/passwd",
    b"/bones//en/",
    b"//",
    b"/.git/config",
    b"/bones/.en.building/book.json",
    b"/bones/.en.lock",
    b"/.well-known/x",
    b"*",
    b"",
    b"etc/passwd",
    b"clinic.example:443",
    b"ftp://clinic.example/x",
    b"http://clinic.example",
    b"/" + b"a/" * 9,
    b"/" + b"a" * 256,
]


@pytest.mark.parametrize("target", BAD)
def test_what_names_no_file_of_ours_is_missing(target: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        parse(target, b"")
    assert caught.value.status == 404


def test_a_long_address_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refusal) as caught:
        parse(b"/" + b"a" * 2000, b"v=" + b"0" * 100)
    assert caught.value.status == 414


def test_a_target_with_a_host_is_taken_without_it() -> None:
    assert origin_form(b"http://clinic.example:80/bones/") == b"/bones/"
    assert origin_form(b"HTTPS://clinic.example/bones") == b"/bones"
    assert origin_form(b"/http://clinic.example/") == b"/http://clinic.example/"
    assert origin_form(b"ftp://clinic.example/") == b"ftp://clinic.example/"


@given(st.binary(max_size=60).map(lambda tail: b"/" + tail), st.binary(max_size=20))
def test_any_bytes_give_safe_names_or_a_refusal(target: bytes, query: bytes) -> None:
    try:
        address = parse(target, query)
    except Refusal:
        return
    for name in address.names:
        assert name
        assert not name.startswith(".")
        assert not set(name) & set("/\\\0\r\n")
